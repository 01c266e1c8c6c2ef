import { z } from 'zod'
import { ColophonError, parseJson } from '../../foundation/index.ts'
import { didSchema } from '../../statements/index.ts'
import { ruleSchema, type RightsDocument } from '../rules.ts'
import { localContextsLabelSchema } from './localContexts.ts'

/** Text for people, on one line. */
const lineSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'control characters or half a surrogate pair')

const httpsSchema = z.url({ protocol: /^https$/, hostname: z.regexes.domain }).max(1000)
const contactSchema = z.union([
  httpsSchema,
  z
    .string()
    .max(300)
    .regex(/^mailto:[^\s@?&<>"]{1,100}@[a-z0-9.-]{1,150}$/i),
])

const domainSchema = z.string().regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/)

/** A document of rights as a file brings it: the rules, whose they are, and what a vocabulary needs beside them. */
export const rightsDocumentSchema = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(300)
    .regex(/^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i),
  party: didSchema,
  partyName: lineSchema.optional(),
  contact: contactSchema.optional(),
  policyUrl: httpsSchema.optional(),
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('domain'), id: domainSchema }),
    z.strictObject({
      kind: z.enum(['work', 'set']),
      id: z
        .string()
        .max(300)
        .regex(/^urn:[^\s<>"]+$/),
    }),
    z.strictObject({ kind: z.literal('party'), id: didSchema }),
  ]),
  paths: z
    .array(
      z
        .string()
        .max(500)
        .regex(/^\/[^\s]*$/),
    )
    .min(1)
    .max(200)
    .optional(),
  rules: z.array(ruleSchema).min(1).max(200),
  conflict: z.enum(['perm', 'prohibit']).optional(),
  /** What is known about the work's copyright, as an address of rightsstatements.org or Creative Commons. */
  rightsStatement: httpsSchema
    .or(z.string().regex(/^http:\/\/rightsstatements\.org\/vocab\/[A-Za-z-]+\/1\.0\/$/))
    .optional(),
  iscc: z
    .string()
    .regex(/^ISCC:[A-Z2-7]{10,73}$/)
    .optional(),
  labels: z.array(localContextsLabelSchema).max(50).optional(),
})

export interface RightsExportOptions {
  /** Places of permissions that hold although another rule denies the same. */
  exceptions?: ReadonlySet<number> | undefined
  rightsStatement?: string | undefined
  /** The party only keeps a copy: what it says is no licence. */
  isCustodian?: boolean | undefined
  iscc?: string | undefined
  labels?: z.infer<typeof localContextsLabelSchema>[] | undefined
}

/**
 * Reads a document of rights from a file. Errors: `invalid_json`, `too_large`, and `invalid_input` that names the first
 * member that does not fit.
 */
export function parseRightsDocument(
  input: string | Uint8Array,
  where: string,
): { document: RightsDocument; options: RightsExportOptions } {
  const parsed = rightsDocumentSchema.safeParse(parseJson(input, where))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new ColophonError('invalid_input', `the document does not fit: ${issue.message.slice(0, 200)}`, {
      where: `${where}: ${issue.path.join('.') || 'the whole'}`,
      remedy: 'See docs/rights-exports.md for an example.',
    })
  }
  const { rightsStatement, iscc, labels, ...document } = parsed.data
  return { document: withoutUndefined(document), options: { rightsStatement, iscc, labels } }
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value
}

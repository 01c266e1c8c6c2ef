import { z } from 'zod'
import { ACTIONS_LABEL, AI_DISCLOSURE_LABEL } from './labels.ts'

const text = z.string().min(1).max(4096)

/** C2PA 2.4, the AI disclosure; it says nothing about phases. */
const aiDisclosure = z.looseObject({
  modelType: text,
  modelName: text.optional(),
  modelIdentifier: text.optional(),
  scientificDomain: z.union([text, z.array(text)]).optional(),
  contentProfile: z
    .looseObject({ humanOversightLevel: z.enum(['fully_autonomous', 'prompt_guided', 'human_validated']).optional() })
    .optional(),
})

/** CAWG training and data mining 1.1; entries of others may stand beside those that it names. */
const trainingMining = z.looseObject({
  entries: z
    .record(
      z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i),
      z.looseObject({ use: z.enum(['allowed', 'notAllowed', 'constrained']), constraint_info: text.optional() }),
    )
    .refine((entries) => Object.keys(entries).length > 0, 'no entry'),
})

/** CAWG metadata: JSON-LD whose every term is bound by its own context. */
const metadata = z
  .looseObject({ '@context': z.record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())])) })
  .refine(
    (data) => Object.keys(data).every((key) => key.startsWith('@') || key.split(':')[0]! in data['@context']),
    'a term that the context does not bind',
  )

const softBinding = z.looseObject({
  alg: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i),
  blocks: z.array(z.looseObject({ scope: z.looseObject({}), value: text })).min(1),
})

/** An ISCC stands where its own algorithm is named. */
const isccBinding = softBinding.refine(
  ({ alg, blocks }) => alg !== 'io.iscc.v0' || blocks.every(({ value }) => /^(ISCC:)?[A-Z2-7]{10,}$/.test(value)),
  'no ISCC',
)

const actions = z.looseObject({
  actions: z
    .array(
      z.looseObject({ action: z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i), digitalSourceType: text.optional() }),
    )
    .min(1),
})

/** Labels and their schemas, which the library does not know or does not check. */
const SCHEMAS: Record<string, z.ZodType> = {
  [AI_DISCLOSURE_LABEL]: z.looseObject({}),
  [ACTIONS_LABEL]: actions,
  'c2pa.ai-disclosure': aiDisclosure,
  'cawg.training-mining': trainingMining,
  'cawg.metadata': metadata,
  'c2pa.soft-binding': isccBinding,
}

/** What is wrong with the data of an assertion, in one line; undefined when nothing is, or when nobody here knows. */
export function assertionFault(label: string, data: unknown): string | undefined {
  const name = label.replace(/__\d+$/, '')
  const schema = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined
  const issue = schema?.safeParse(data).error?.issues[0]
  if (!issue) return undefined
  const place = issue.path.join('.')
  return `${place ? `${place}: ` : ''}${issue.message}`.slice(0, 300)
}

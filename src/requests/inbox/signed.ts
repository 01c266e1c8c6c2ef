import { z } from 'zod'
import { ColophonError, parseJson } from '../../foundation/index.ts'
import { parseStatement, textSchema, verifyStatement, type Register, type Statement } from '../../statements/index.ts'

/** What a provider says when it answers. */
export const ANSWER_STATUSES = ['received', 'valid', 'incomplete', 'removed', 'partial', 'refused', 'licensed'] as const

/** Asks for an inbox: of a data set by its id, or of a model by its name. */
export const inboxSchema = z.strictObject({
  type: z.literal('Inbox'),
  /** The name of the log of the node that is meant: what is signed for one node is good for no other. */
  log: z.string().max(300),
  about: textSchema(200),
  name: textSchema(200),
})

export const answerSchema = z
  .strictObject({
    type: z.literal('CaseAnswer'),
    log: z.string().max(300),
    case: z.string().max(64),
    /** The evidence that is answered, by its SHA-256. */
    evidenceHash: z.string().regex(/^[0-9a-f]{64}$/),
    status: z.enum(ANSWER_STATUSES),
    reason: textSchema(2000).optional(),
  })
  .refine(({ status, reason }) => status !== 'refused' || reason !== undefined, 'a refusal needs a reason')

/** One request, of one method at one path. */
const accessSchema = z.strictObject({
  type: z.literal('InboxRequest'),
  log: z.string().max(300),
  method: z.literal('GET'),
  path: z.string().max(300),
})

/** How long before and after now what was signed is taken. */
const FRESH_MS = 2 * 60_000
const BYTES_MAX = 16 * 1024

/**
 * One subject of the given kind, said now and to this node, by the key of the party itself. These statements are shown to whoever they
 * are for and never put on the log. Errors: `too_large`, `invalid_statement`, `invalid_signature`, `not_authorised`.
 */
export function readSigned<Subject extends { log: string }>(
  register: Register,
  document: unknown,
  schema: z.ZodType<Subject>,
): { party: string; subject: Subject; statement: Statement } {
  if (JSON.stringify(document).length > BYTES_MAX)
    throw new ColophonError('too_large', 'what is signed here has 16 kB at most')
  const statement = parseStatement(document)
  const { didKey } = verifyStatement(statement)
  if (statement.issuer !== didKey)
    throw new ColophonError('not_authorised', 'an inbox is spoken for by its own key', { where: 'issuer' })
  if (!(Math.abs(Date.parse(statement.validFrom) - register.effects.now()) <= FRESH_MS))
    throw new ColophonError('not_authorised', 'this was signed too long ago, or the clocks differ', {
      where: 'validFrom',
      remedy: 'Sign it again, and send it within two minutes.',
    })
  const [only, ...more] = statement.credentialSubject
  const subject = schema.safeParse(only)
  if (!subject.success || more.length > 0) {
    const issue = subject.error?.issues[0]
    throw new ColophonError('invalid_statement', issue?.message ?? 'one subject is expected', {
      where: issue?.path.join('.') || 'credentialSubject',
    })
  }
  if (subject.data.log !== register.log.origin)
    throw new ColophonError('not_authorised', 'this was signed for another node', {
      where: 'log',
      remedy: `Sign it again for ${register.log.origin}.`,
    })
  return { party: didKey, subject: subject.data, statement }
}

/** Who asks, by the `Authorization` header of a request: `Colophon` and a signed statement in Base64url. */
export function readAccess(register: Register, header: string | undefined, path: string): string {
  const [scheme, token = ''] = (header ?? '').split(' ')
  if (scheme !== 'Colophon' || token.length > BYTES_MAX * 2)
    throw new ColophonError('not_authorised', 'this request is not signed', {
      where: 'authorization',
      remedy: 'Sign an InboxRequest with log, method and path, now; docs/inbox.md shows one.',
    })
  const document = parseJson(Buffer.from(token, 'base64url').toString('utf8'), 'authorization')
  const { party, subject } = readSigned(register, document, accessSchema)
  if (subject.path !== path)
    throw new ColophonError('not_authorised', 'this was signed for another address', { where: subject.path })
  return party
}

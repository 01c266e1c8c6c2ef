import { z } from 'zod'
import { ColophonError, parseJson } from '../../foundation/index.ts'
import { readSaid, textSchema, type Register } from '../../statements/index.ts'

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

const TOKEN_CHARACTERS_MAX = 32 * 1024

/** Who asks, by the `Authorization` header of a request: `Colophon` and a signed statement in Base64url. */
export async function readAccess(register: Register, header: string | undefined, path: string): Promise<string> {
  const [scheme, token = ''] = (header ?? '').split(' ')
  if (scheme !== 'Colophon' || token.length > TOKEN_CHARACTERS_MAX)
    throw new ColophonError('not_authorised', 'this request is not signed', {
      where: 'authorization',
      remedy: 'Sign an InboxRequest with log, method and path, now; docs/inbox.md shows one.',
    })
  const document = parseJson(Buffer.from(token, 'base64url').toString('utf8'), 'authorization')
  const { party, subject } = await readSaid(register, document, accessSchema)
  if (subject.path !== path)
    throw new ColophonError('not_authorised', 'this was signed for another address', { where: subject.path })
  return party
}

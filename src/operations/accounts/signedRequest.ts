import { z } from 'zod'
import { ColophonError, LruMap, isoTime } from '../../foundation/index.ts'
import {
  keySpeaksFor,
  makeStatement,
  parseStatement,
  signStatement,
  verifyStatement,
  type Register,
  type Statement,
  type StatementSigner,
} from '../../statements/index.ts'

const caseKeySchema = z.strictObject({ id: z.string().max(64), key: z.string().max(100) })
export type CaseKey = z.infer<typeof caseKeySchema>

const subjectSchema = z.strictObject({
  type: z.literal('AccountRequest'),
  action: z.enum(['export', 'plan', 'delete']),
  /** The name of the log of the node that is asked, so that no other node can be asked with it. */
  log: z.string().max(300),
  /** Cases are kept under no key; whoever holds the key of one can bring it along. */
  cases: z.array(caseKeySchema).max(50).default([]),
  /** What was read before signing a deletion: SHA-256 of the plan. */
  agreed: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export type AccountAction = z.infer<typeof subjectSchema>['action']

export interface AccountRequest {
  party: string
  cases: CaseKey[]
  agreed: string | undefined
}

const AGE_MS_MAX = 5 * 60_000
const SEEN_MAX = 10_000

/** A request about one's own account, signed like a statement; it never goes on the log, which knows no such kind. */
export function signAccountRequest(
  signer: StatementSigner,
  fields: { action: AccountAction; log: string; cases: CaseKey[]; agreed?: string },
  now: Parameters<typeof makeStatement>[2],
): Statement {
  return signStatement(makeStatement(signer.issuer, [{ type: 'AccountRequest', ...fields }], now), signer)
}

/**
 * Reads such requests: signed by a key that speaks for the party, for this node, within minutes, once. Errors:
 * `invalid_statement`, `invalid_signature`, `not_authorised`.
 */
export function accountRequestReader(
  register: Register,
): (document: unknown, action: AccountAction) => Promise<AccountRequest> {
  const seen = new LruMap<string, true>(SEEN_MAX)
  return async (document, action) => {
    const statement = parseStatement(document)
    const { didKey } = verifyStatement(statement)
    const [subject, ...more] = statement.credentialSubject
    const read = subjectSchema.safeParse(subject)
    if (!read.success || more.length > 0)
      throw new ColophonError('invalid_statement', 'this is no request about an account', {
        where: read.error?.issues[0]?.path.join('.') || 'credentialSubject',
      })
    const { data } = read
    const now = register.effects.now()
    const isRecent = Math.abs(now - Date.parse(statement.validFrom)) <= AGE_MS_MAX
    const isMeant = data.action === action && data.log === register.log.origin && isRecent && !seen.get(statement.id)
    if (!isMeant || !(await keySpeaksFor(register.database.db, statement.issuer, didKey, isoTime(now))))
      throw new ColophonError('not_authorised', 'this was not signed now, for this, by a key of this party', {
        where: statement.issuer,
        remedy: 'Sign a new request with a key of the party, for this node; check the clock.',
      })
    seen.set(statement.id, true)
    return { party: statement.issuer, cases: data.cases, agreed: data.agreed }
  }
}

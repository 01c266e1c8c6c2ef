import { z } from 'zod'
import { ColophonError, LruMap } from '../../foundation/index.ts'
import {
  makeStatement,
  readSaid,
  signStatement,
  type Register,
  type Statement,
  type StatementSigner,
} from '../../statements/index.ts'

const caseKeySchema = z.strictObject({ id: z.string().max(64), key: z.string().max(100) })
export type CaseKey = z.infer<typeof caseKeySchema>

export const accountRequestSchema = z.strictObject({
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
export type AccountAction = z.infer<typeof accountRequestSchema>['action']

export interface AccountRequest {
  party: string
  cases: CaseKey[]
  agreed: string | undefined
}

const SEEN_MAX = 10_000

/** A request about one's own account, signed like a statement; it never goes on the log, which knows no such kind. */
export function signAccountRequest(
  signer: StatementSigner,
  fields: { action: AccountAction; log: string; cases: CaseKey[]; agreed?: string },
  now: Parameters<typeof makeStatement>[2],
): Statement {
  return signStatement(makeStatement(signer.issuer, [{ type: 'AccountRequest', ...fields }], now), signer)
}

/** Reads such requests, each once. Errors: those of `readSaid`, and `not_authorised` for one that was read before. */
export function accountRequestReader(
  register: Register,
): (document: unknown, action: AccountAction) => Promise<AccountRequest> {
  const seen = new LruMap<string, true>(SEEN_MAX)
  return async (document, action) => {
    const { party, subject, statement } = await readSaid(register, document, accountRequestSchema)
    if (subject.action !== action || seen.get(statement.id))
      throw new ColophonError('not_authorised', 'this was signed for something else, or has been used before', {
        where: statement.issuer,
        remedy: 'Sign a new request.',
      })
    seen.set(statement.id, true)
    return { party, cases: subject.cases, agreed: subject.agreed }
  }
}

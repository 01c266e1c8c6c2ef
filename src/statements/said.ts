import type { z } from 'zod'
import { ColophonError, isoTime } from '../foundation/index.ts'
import { keySpeaksFor } from './judge.ts'
import type { Register } from './register.ts'
import type { Statement } from './schema.ts'
import { parseStatement, verifyStatement } from './verify.ts'

/** How long before and after now what is said is taken. */
const FRESH_MS = 2 * 60_000
const BYTES_MAX = 16 * 1024

/**
 * Reads what a party says to this node alone: one subject, signed within the last two minutes, for this log, by a key
 * that speaks for the party. Such statements never go on the log, which knows none of their kinds. Errors: `too_large`,
 * `invalid_statement`, `invalid_signature`, `not_authorised`.
 */
export async function readSaid<Subject extends { log: string }>(
  register: Register,
  document: unknown,
  schema: z.ZodType<Subject>,
): Promise<{ party: string; subject: Subject; statement: Statement }> {
  if (JSON.stringify(document).length > BYTES_MAX)
    throw new ColophonError('too_large', 'what is signed here has 16 kB at most')
  const statement = parseStatement(document)
  const { didKey } = verifyStatement(statement)
  const now = register.effects.now()
  if (!(Math.abs(Date.parse(statement.validFrom) - now) <= FRESH_MS))
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
  if (!(await keySpeaksFor(register.database.db, statement.issuer, didKey, isoTime(now))))
    throw new ColophonError('not_authorised', 'this was not signed by a key of this party', { where: 'issuer' })
  return { party: statement.issuer, subject: subject.data, statement }
}

import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { keyOfParty } from './judge.ts'
import type { RowBatch, StatementKind } from './kinds.ts'
import { didKeySchema, momentSchema, uuidUrnSchema } from './schema.ts'
import { findPartyKey, findStatement, type StatementRow } from './store.ts'

const schema = z.strictObject({
  type: z.literal('Revocation'),
  /** The statement or the key that is no longer to count. */
  target: z.union([uuidUrnSchema, didKeySchema]),
  effectiveFrom: momentSchema,
})

/**
 * Takes back one's own statement or key, or what a representative stated in one's name and nobody else's, from a date on that is not before the revocation itself: what was allowed
 * until then was allowed.
 */
export const revocationKind: StatementKind<z.infer<typeof schema>> = {
  type: 'Revocation',
  schema,
  tables: ['revocation'],
  async judge({ subject, issuer, didKey, recordedAt }, rows) {
    const queries = await rows.queries()
    if (subject.effectiveFrom < recordedAt.slice(0, 10)) {
      throw new ColophonError('invalid_statement', 'a revocation does not reach back', { where: 'effectiveFrom' })
    }
    if (subject.target.startsWith('did:key:')) {
      const isOwn =
        subject.target === issuer || subject.target === didKey || (await findPartyKey(queries, issuer, subject.target))
      if (!isOwn)
        throw new ColophonError('not_authorised', 'only the party can revoke its key', { where: subject.target })
      return
    }
    const target = await findStatement(queries, subject.target)
    if (!target) throw new ColophonError('not_found', 'there is no such statement to revoke', { where: subject.target })
    if (target.issuer !== issuer && !isInTheNameOf(issuer, target))
      throw new ColophonError('not_authorised', 'only its issuer can revoke a statement', { where: subject.target })
  },
  async project({ subject, id, issuer, didKey, recordedAt, logIndex }, rows) {
    const effectiveFrom = subject.effectiveFrom > recordedAt ? subject.effectiveFrom : recordedAt
    for (const target of await revokedTargets(subject.target, issuer, didKey, rows)) {
      rows.add('revocation', { id, target, effective_from: effectiveFrom, log_index: logIndex })
    }
  },
}

/** Whether a representative stated all of it for this party. What was said under a seal is its issuer's to take back. */
function isInTheNameOf(party: string, { body, commitment }: StatementRow): boolean {
  if (body === null || commitment !== null) return false
  const { credentialSubject } = JSON.parse(body) as { credentialSubject: { onBehalfOf?: string }[] }
  return credentialSubject.every(({ onBehalfOf }) => onBehalfOf === party)
}

/**
 * What a revocation ends: every subject of a statement, or a key. A key ends for everybody only when it says so itself
 * or is the party; otherwise it no longer speaks for this party.
 */
async function revokedTargets(target: string, issuer: string, didKey: string, rows: RowBatch): Promise<string[]> {
  if (target.startsWith('did:key:'))
    return [target === issuer || target === didKey ? target : keyOfParty(issuer, target)]
  const statement = await findStatement(await rows.queries(), target)
  const subjects = statement?.kinds.split(' ').length ?? 1
  return Array.from({ length: subjects }, (_, place) => (place === 0 ? target : `${target}#${place}`))
}

import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import type { StatementKind } from './kinds.ts'
import { didKeySchema, momentSchema, uuidUrnSchema } from './schema.ts'
import { findPartyKey, findStatement } from './store.ts'

const schema = z.strictObject({
  type: z.literal('Revocation'),
  /** The statement or the key that is no longer to count. */
  target: z.union([uuidUrnSchema, didKeySchema]),
  effectiveFrom: momentSchema,
})

/**
 * Takes back one's own statement or key, from a date on that is not before the revocation itself: what was allowed
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
    if (target.issuer !== issuer)
      throw new ColophonError('not_authorised', 'only its issuer can revoke a statement', { where: subject.target })
  },
  project({ subject, id, logIndex }, rows) {
    rows.add('revocation', { id, target: subject.target, effective_from: subject.effectiveFrom, log_index: logIndex })
  },
}

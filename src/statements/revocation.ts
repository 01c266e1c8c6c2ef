import { z } from 'zod'
import { ColophonError, type Queries } from '../foundation/index.ts'
import { hasMandate, keyOfParty } from './judge.ts'
import type { RowBatch, StatementKind } from './kinds.ts'
import { didKeySchema, momentSchema, uuidUrnSchema } from './schema.ts'
import { findPartyKey, findStatement, readVault, type StatementRow } from './store.ts'

const schema = z.strictObject({
  type: z.literal('Revocation'),
  /** The statement or the key that is no longer to count. */
  target: z.union([uuidUrnSchema, didKeySchema]),
  effectiveFrom: momentSchema,
})

/**
 * Takes back one's own statement or key, or what a representative stated in one's name, from a date on that is not before the revocation itself: what was allowed
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
    if (target.issuer !== issuer) {
      if ((await placesSaidFor(issuer, target, queries)).length === 0)
        throw new ColophonError('not_authorised', 'only its issuer can revoke a statement', { where: subject.target })
      return
    }
    // Who no longer speaks for somebody does not take back for him either.
    for (const party of new Set((await subjectsOf(target, queries)).map(({ onBehalfOf }) => onBehalfOf ?? issuer)))
      if (party !== issuer && !(await hasMandate(queries, issuer, party, recordedAt)))
        throw new ColophonError('not_authorised', `the mandate of ${party} is over: it takes this back itself`, {
          where: subject.target,
        })
  },
  async project({ subject, id, issuer, didKey, recordedAt, logIndex }, rows) {
    const effectiveFrom = subject.effectiveFrom > recordedAt ? subject.effectiveFrom : recordedAt
    for (const target of await revokedTargets(subject.target, issuer, didKey, rows)) {
      rows.add('revocation', { id, target, effective_from: effectiveFrom, log_index: logIndex })
    }
  },
}

/** What a statement says, also under a seal. */
async function subjectsOf(
  { body, commitment }: StatementRow,
  queries: Queries,
): Promise<{ onBehalfOf?: string; type: string }[]> {
  const text = body ?? (commitment === null ? undefined : (await readVault(queries, commitment))?.body)
  return text === undefined ? [] : (JSON.parse(text) as { credentialSubject: never }).credentialSubject
}

/** Which of its subjects a representative stated in the name of a party, by their places. */
async function placesSaidFor(party: string, target: StatementRow, queries: Queries): Promise<number[]> {
  const subjects = await subjectsOf(target, queries)
  return subjects.flatMap(({ onBehalfOf }, place) => (onBehalfOf === party ? [place] : []))
}

/**
 * What a revocation ends: every subject of a statement that is one's own, or a key. A key ends for everybody only when it says so itself
 * or is the party; otherwise it no longer speaks for this party.
 */
async function revokedTargets(target: string, issuer: string, didKey: string, rows: RowBatch): Promise<string[]> {
  if (target.startsWith('did:key:'))
    return [target === issuer || target === didKey ? target : keyOfParty(issuer, target)]
  const queries = await rows.queries()
  const statement = (await findStatement(queries, target))!
  const places =
    statement.issuer === issuer
      ? Array.from({ length: statement.kinds.split(' ').length }, (_, place) => place)
      : await placesSaidFor(issuer, statement, queries)
  return places.map((place) => (place === 0 ? target : `${target}#${place}`))
}

import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'
import { findWithdrawn, findWork, listDeclared } from '../register/index.ts'
import { revokedFrom } from '../statements/index.ts'
import { STATEMENT_ID_CHARACTERS } from './changes.ts'
import { readReach } from './decide.ts'
import { RESTRICTED } from './labelCodes.ts'
import { findLabels, isAnyLabel, isApproved } from './labelStore.ts'
import { inParts, keyOf, partiesOf, targetsOf, type ReachedWork } from './worksTerms.ts'

/**
 * Works whose codes are not to be found by anybody at a moment (ISO): they, or what they belong to, carry a restricted
 * label of a community that declared them or is named in them, or that their declarer vouches for. A stranger's label
 * hides nothing: that would hide copies, too.
 */
export async function findHiddenWorks(queries: Queries, works: readonly string[], at: string): Promise<Set<string>> {
  const hidden = new Set<string>()
  // Most registers hold no such label, and most lists of works are long.
  if (!(await isAnyLabel(queries, RESTRICTED))) return hidden
  for (const id of new Set(works)) {
    const work = await findWork(queries, id)
    if (!work) continue
    const { parties, targets } = await readReach(queries, work)
    const labels = await findLabels(queries, targets, at)
    for (const label of labels.filter((each) => RESTRICTED.has(each.code) && isApproved(each)))
      if (parties.has(label.party) || (await isVouchedFor(queries, label.party, work.party, at))) hidden.add(id)
  }
  return hidden
}

/** Works that are not to be found at a moment (ISO): those that a community keeps, and those that were taken back. */
export async function findGoneWorks(queries: Queries, works: readonly string[], at: string): Promise<Set<string>> {
  const withdrawn = await findWithdrawn(queries, await listDeclared(queries, [...new Set(works)]), at)
  return new Set([...(await findHiddenWorks(queries, works, at)), ...withdrawn.keys()])
}

/** The same as `findHiddenWorks` for described works: a few queries for a page of them. */
export async function findHiddenAmong(
  queries: Queries,
  works: readonly ReachedWork[],
  at: string,
): Promise<Set<string>> {
  const hidden = new Set<string>()
  if (works.length === 0 || !(await isAnyLabel(queries, RESTRICTED))) return hidden
  const targets = [...new Map(works.flatMap(targetsOf).map((each) => [keyOf(each), each])).values()]
  const found = await inParts(targets, (some) => findLabels(queries, some, at))
  const labels = Map.groupBy(
    found.filter((label) => RESTRICTED.has(label.code) && isApproved(label)),
    (label) => keyOf({ kind: label.target_kind, id: label.target }),
  )
  const vouched = new Map<string, boolean>()
  const isVouched = async (community: string, by: string) => {
    const key = `${community} ${by}`
    const known = vouched.get(key) ?? (await isVouchedFor(queries, community, by, at))
    vouched.set(key, known)
    return known
  }
  for (const work of works)
    for (const { party } of targetsOf(work).flatMap((target) => labels.get(keyOf(target)) ?? []))
      if (partiesOf(work).has(party) || (await isVouched(party, work.party))) hidden.add(work.id)
  return hidden
}

/**
 * True for rows of `work` that may have gone: they or something of their statement was taken back, or a restricted label stands
 * on them or on what they belong to. All others may be shown; of these each has to be looked at.
 */
export function mayBeGone(): RawBuilder<SqlBool> {
  const codes = sql.join([...RESTRICTED])
  const labelled = (kind: string) =>
    sql`(SELECT label.target FROM label WHERE label.target_kind = ${kind} AND label.code IN (${codes}))`
  return sql<SqlBool>`(work.log_index IN (SELECT statement.log_index FROM revocation JOIN statement ON statement.id = substr(revocation.target, 1, ${STATEMENT_ID_CHARACTERS}))
    OR work.id IN (SELECT item_withdrawal.work FROM item_withdrawal)
    OR work.id IN ${labelled('work')}
    OR work.collection IN ${labelled('set')}
    OR work.party IN ${labelled('party')}
    OR work.id IN (SELECT work_creator.work FROM work_creator WHERE work_creator.party IN ${labelled('party')})
    OR work.id IN (SELECT work_url.work FROM work_url JOIN ${labelled('domain')} AS site ON work_url.host = site.target OR work_url.host LIKE '%.' || site.target))`
}

async function isVouchedFor(queries: Queries, community: string, by: string, at: string): Promise<boolean> {
  const claims = await queries
    .selectFrom('claim')
    .select('id')
    .where('claims', '=', 'vouches')
    .where('target', '=', community)
    .where('party', '=', by)
    .execute()
  for (const { id } of claims) {
    const end = await revokedFrom(queries, id)
    if (end === undefined || at < end) return true
  }
  return false
}

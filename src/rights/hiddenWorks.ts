import type { Queries } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import { revokedFrom } from '../statements/index.ts'
import { readReach } from './decide.ts'
import { RESTRICTED } from './labelCodes.ts'
import { findLabels, isAnyLabel, isApproved } from './labelStore.ts'

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

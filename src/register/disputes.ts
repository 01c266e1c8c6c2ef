import type { Queries } from '../foundation/index.ts'

const TARGETS_AT_ONCE = 400

/** Whether anybody disputes anything: most registers need not be asked further. */
export async function isAnyDisputed(queries: Queries): Promise<boolean> {
  const claim = await queries.selectFrom('claim').select('id').where('claims', '=', 'disputes').executeTakeFirst()
  return claim !== undefined
}

/**
 * Who disputes, at a moment (ISO), that works are what they are declared to be: of each work that somebody disputes the
 * parties that do. A dispute names the work or its collection, brings evidence, and lasts until it is taken back; one
 * under a seal is nobody's to see.
 */
export async function findDisputes(
  queries: Queries,
  works: readonly { id: string; collection: string | null }[],
  at: string,
): Promise<Map<string, Set<string>>> {
  const about = Map.groupBy(
    works.flatMap((work) =>
      [work.id, ...(work.collection === null ? [] : [work.collection])].map((id) => ({ id, work })),
    ),
    ({ id }) => id,
  )
  const targets = [...about.keys()]
  const disputes = new Map<string, Set<string>>()
  for (let start = 0; start < targets.length; start += TARGETS_AT_ONCE) {
    const claims = await queries
      .selectFrom('claim')
      .leftJoin('revocation', (join) =>
        join.onRef('revocation.target', '=', 'claim.id').on('revocation.effective_from', '<=', at),
      )
      .select(['claim.target', 'claim.party'])
      .where('claim.target', 'in', targets.slice(start, start + TARGETS_AT_ONCE))
      .where('claim.claims', '=', 'disputes')
      .where('claim.evidence', '<>', '[]')
      .where('claim.recorded_at', '<=', at)
      .where('revocation.target', 'is', null)
      .execute()
    for (const { target, party } of claims)
      for (const { work } of about.get(target)!) disputes.set(work.id, (disputes.get(work.id) ?? new Set()).add(party))
  }
  return disputes
}

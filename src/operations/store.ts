import type { Queries } from '../foundation/index.ts'

/** How many cases are in which state. */
export async function casesByState(queries: Queries): Promise<{ state: string; count: bigint }[]> {
  const rows = await queries
    .selectFrom('request_case')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
  return rows.map(({ state, count }) => ({ state, count: BigInt(count) }))
}

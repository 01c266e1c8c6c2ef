import type { Queries, Tables } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    watch_state: { dataset: string; part: string; log_index: bigint; checked_at: string }
    watch_finding: {
      work: string
      dataset: string
      row_number: bigint
      dataset_name: string
      dataset_version: string
      party: string
      kind: string
      measure: bigint
      status: string
      url: string | null
      found_at: string
      run: bigint
    }
    watch_subscription: {
      id: string
      party: string
      url: string
      secret: string
      told_run: bigint
      failures: bigint
    }
  }
}

export type WatchFinding = Tables['watch_finding']
export type WatchSubscription = Tables['watch_subscription']

/** Rows that go into one statement: databases bound how many values it may have. */
const ROWS_AT_ONCE = 1000

/** Up to which entry of the log works were looked for in a part; -1 when never. */
export async function findState(queries: Queries, dataset: string, part: string): Promise<number> {
  const row = await queries
    .selectFrom('watch_state')
    .select('log_index')
    .where('dataset', '=', dataset)
    .where('part', '=', part)
    .executeTakeFirst()
  return row ? Number(row.log_index) : -1
}

/** Writes what was found and up to where was looked, together; what was found before keeps its first time. */
export async function recordRun(
  queries: Queries,
  state: { dataset: string; part: string; log_index: bigint; checked_at: string },
  findings: readonly WatchFinding[],
): Promise<number> {
  let fresh = 0
  for (let start = 0; start < findings.length; start += ROWS_AT_ONCE) {
    const result = await queries
      .insertInto('watch_finding')
      .values(findings.slice(start, start + ROWS_AT_ONCE))
      .onConflict((conflict) => conflict.columns(['work', 'dataset', 'row_number']).doNothing())
      .execute()
    fresh += result.reduce((sum, { numInsertedOrUpdatedRows }) => sum + Number(numInsertedOrUpdatedRows ?? 0), 0)
  }
  await queries
    .insertInto('watch_state')
    .values(state)
    .onConflict((conflict) =>
      conflict.columns(['dataset', 'part']).doUpdateSet({ log_index: state.log_index, checked_at: state.checked_at }),
    )
    .execute()
  return fresh
}

/** Parts that are no more: data sets that were merged or taken away. What was found in them stays on record. */
export async function forgetParts(queries: Queries, alive: ReadonlySet<string>): Promise<void> {
  for (const { dataset, part } of await queries.selectFrom('watch_state').select(['dataset', 'part']).execute())
    if (!alive.has(`${dataset} ${part}`))
      await queries.deleteFrom('watch_state').where('dataset', '=', dataset).where('part', '=', part).execute()
}

/** The number of the next run. */
export async function nextRun(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('watch_finding')
    .select(({ fn }) => fn.max('run').as('last'))
    .executeTakeFirst()
  return Number(row?.last ?? 0n) + 1
}

/** What was found of a party's works, newest first; `after` a run, where only what is new is asked for. */
export async function listFindings(
  queries: Queries,
  { party, after = 0, limit }: { party: string; after?: number; limit: number },
) {
  return queries
    .selectFrom('watch_finding')
    .innerJoin('work', 'work.id', 'watch_finding.work')
    .selectAll('watch_finding')
    .select('work.title')
    .where('watch_finding.party', '=', party)
    .where('watch_finding.run', '>', BigInt(after))
    .where('work.is_sealed', '=', 0n)
    .orderBy('watch_finding.run', 'desc')
    .orderBy('watch_finding.status', 'desc')
    .orderBy('watch_finding.work')
    .orderBy('watch_finding.row_number')
    .limit(limit)
    .execute()
}

export async function countFindings(queries: Queries, party: string, after: number) {
  return queries
    .selectFrom('watch_finding')
    .select(({ fn }) => [fn.countAll<bigint>().as('places'), fn.count<bigint>('work').distinct().as('works')])
    .where('party', '=', party)
    .where('run', '>', BigInt(after))
    .executeTakeFirstOrThrow()
}

/** When a part was last looked through, newest first. */
export async function lastLook(queries: Queries): Promise<string | undefined> {
  const row = await queries
    .selectFrom('watch_state')
    .select(({ fn }) => fn.max('checked_at').as('at'))
    .executeTakeFirst()
  return row?.at ?? undefined
}

export async function insertSubscription(queries: Queries, row: WatchSubscription): Promise<void> {
  await queries.insertInto('watch_subscription').values(row).execute()
}

export async function deleteSubscription(queries: Queries, id: string): Promise<boolean> {
  const { numDeletedRows } = await queries.deleteFrom('watch_subscription').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function listSubscriptions(queries: Queries): Promise<WatchSubscription[]> {
  return queries.selectFrom('watch_subscription').selectAll().orderBy('id').execute()
}

export async function updateSubscription(
  queries: Queries,
  id: string,
  told: Pick<WatchSubscription, 'told_run' | 'failures'>,
): Promise<void> {
  await queries.updateTable('watch_subscription').set(told).where('id', '=', id).execute()
}

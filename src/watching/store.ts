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

/**
 * Writes what was found and gives how much of it is new; what was found before keeps its first time. Each such step has a
 * number above all before it, so that whoever was told up to one is told the rest.
 */
export async function recordFindings(
  queries: Queries,
  findings: readonly Omit<WatchFinding, 'run'>[],
): Promise<number> {
  let fresh = 0
  const run = BigInt((await lastRun(queries)) + 1)
  for (let start = 0; start < findings.length; start += ROWS_AT_ONCE) {
    const result = await queries
      .insertInto('watch_finding')
      .values(findings.slice(start, start + ROWS_AT_ONCE).map((finding) => ({ ...finding, run })))
      .onConflict((conflict) => conflict.columns(['work', 'dataset', 'row_number']).doNothing())
      .execute()
    fresh += result.reduce((sum, { numInsertedOrUpdatedRows }) => sum + Number(numInsertedOrUpdatedRows ?? 0), 0)
  }
  return fresh
}

/** The same, together with up to where was looked. */
export async function recordRun(
  queries: Queries,
  state: { dataset: string; part: string; log_index: bigint; checked_at: string },
  findings: readonly Omit<WatchFinding, 'run'>[],
): Promise<number> {
  const fresh = await recordFindings(queries, findings)
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

/** The number of the last step that found anything. */
export async function lastRun(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('watch_finding')
    .select(({ fn }) => fn.max('run').as('last'))
    .executeTakeFirst()
  return Number(row?.last ?? 0n)
}

/** What is asked of what was found: of whose works, and only what is newer than a step. */
interface Asked {
  party: string
  after?: number
}

/** Places of a party's works, newest first, without those of works that are hidden. */
export async function listFindings(
  queries: Queries,
  { party, after = 0, limit, hidden }: Asked & { limit: number; hidden: ReadonlySet<string> },
) {
  const query = queries
    .selectFrom('watch_finding')
    .innerJoin('work', 'work.id', 'watch_finding.work')
    .selectAll('watch_finding')
    .select('work.title')
    .where('watch_finding.party', '=', party)
    .where('watch_finding.run', '>', BigInt(after))
    .where('work.is_sealed', '=', 0n)
  const ordered = query
    .orderBy('watch_finding.run', 'desc')
    .orderBy('watch_finding.status', 'desc')
    .orderBy('watch_finding.work')
    .orderBy('watch_finding.row_number')
  const shown = []
  // Of a whole collection that was taken back more may be hidden than a statement has room for.
  for (let offset = 0; shown.length < limit; offset += ROWS_AT_ONCE) {
    const rows = await ordered.limit(ROWS_AT_ONCE).offset(offset).execute()
    shown.push(...rows.filter(({ work }) => !hidden.has(work)))
    if (rows.length < ROWS_AT_ONCE) break
  }
  return shown.slice(0, limit)
}

/** How many places each work of a party was found in. */
export async function countPlaces(queries: Queries, { party, after = 0 }: Asked) {
  return queries
    .selectFrom('watch_finding')
    .innerJoin('work', 'work.id', 'watch_finding.work')
    .select(({ fn }) => ['work.id', fn.countAll<bigint>().as('places')])
    .where('watch_finding.party', '=', party)
    .where('watch_finding.run', '>', BigInt(after))
    .where('work.is_sealed', '=', 0n)
    .groupBy('work.id')
    .execute()
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

/** Takes an address off; with `party` only where it is that one's. */
export async function deleteSubscription(queries: Queries, id: string, party?: string): Promise<boolean> {
  let query = queries.deleteFrom('watch_subscription').where('id', '=', id)
  if (party !== undefined) query = query.where('party', '=', party)
  const { numDeletedRows } = await query.executeTakeFirst()
  return numDeletedRows > 0n
}

/** Nobody is told any more of what is found for a party. */
export async function eraseSubscriptions(queries: Queries, party: string): Promise<void> {
  await queries.deleteFrom('watch_subscription').where('party', '=', party).execute()
}

export async function listSubscriptions(queries: Queries, party?: string): Promise<WatchSubscription[]> {
  const query = queries.selectFrom('watch_subscription').selectAll().orderBy('id')
  return (party === undefined ? query : query.where('party', '=', party)).execute()
}

export async function updateSubscription(
  queries: Queries,
  id: string,
  told: Pick<WatchSubscription, 'told_run' | 'failures'>,
): Promise<void> {
  await queries.updateTable('watch_subscription').set(told).where('id', '=', id).execute()
}

/** How many rows of data sets each work was found in, for certain: candidates do not count. */
export async function countFound(queries: Queries): Promise<{ work: string; count: bigint }[]> {
  return queries
    .selectFrom('watch_finding')
    .select(({ fn }) => ['work', fn.countAll<bigint>().as('count')])
    .where('status', '=', 'hit')
    .groupBy('work')
    .orderBy('work')
    .execute()
}

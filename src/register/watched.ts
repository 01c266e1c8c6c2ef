import type { Queries } from '../foundation/index.ts'

/** A public work with what finds it where only codes and addresses are known. */
export interface WatchedRow {
  id: string
  party: string
  collection: string | null
  logIndex: number
  codes: Record<string, string>
  urls: string[]
}

const IDS_AT_ONCE = 500

/** How many public works there are. */
export async function countWatched(queries: Queries): Promise<number> {
  const { count } = await queries
    .selectFrom('work')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('is_sealed', '=', 0n)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * Public works that were declared behind an entry of the log, in its order: about so many, and never a part of those that
 * one entry declares. Empty at the end.
 */
export async function listWatched(queries: Queries, after: number, limit: number): Promise<WatchedRow[]> {
  const select = () =>
    queries
      .selectFrom('work')
      .select(['id', 'party', 'collection', 'log_index'])
      .where('is_sealed', '=', 0n)
      .orderBy('log_index')
      .orderBy('id')
  let works = await select().where('log_index', '>', BigInt(after)).limit(limit).execute()
  if (works.length === limit) {
    const last = works.at(-1)!.log_index
    const whole = works.filter(({ log_index }) => log_index < last)
    works = whole.length > 0 ? whole : await select().where('log_index', '=', last).execute()
  }
  const rows = new Map(
    works.map(({ id, party, collection, log_index }): [string, WatchedRow] => [
      id,
      { id, party, collection, logIndex: Number(log_index), codes: {}, urls: [] },
    ]),
  )
  for (let start = 0; start < works.length; start += IDS_AT_ONCE) {
    const ids = works.slice(start, start + IDS_AT_ONCE).map(({ id }) => id)
    const codes = queries.selectFrom('fingerprint').select(['work', 'algorithm', 'code']).where('work', 'in', ids)
    for (const { work, algorithm, code } of await codes.execute()) rows.get(work)!.codes[algorithm] = code
    const urls = queries.selectFrom('work_url').select(['work', 'url']).where('work', 'in', ids).orderBy('url')
    for (const { work, url } of await urls.execute()) rows.get(work)!.urls.push(url)
  }
  return [...rows.values()]
}

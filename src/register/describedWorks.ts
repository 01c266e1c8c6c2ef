import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'

/** What works are asked for: a declared collection, or everything that a party declared; both empty for all. */
export interface WorkScope {
  collection?: string | undefined
  party?: string | undefined
}

/** A public work with everything that a description of it for others needs. */
export interface DescribedRow {
  id: string
  title: string
  medium: string
  role: string
  language: string | null
  rightsStatement: string | null
  party: string
  collection: string | null
  recordedAt: string
  logIndex: bigint
  creators: { party: string | null; name: string | null; role: string; mustConsent: boolean }[]
  identifiers: { scheme: string; value: string }[]
  urls: { url: string; host: string }[]
}

/** Parameters of one query stay few on both databases. */
const IDS_AT_ONCE = 500

/**
 * Works that are not sealed, in the order of their ids, so many at a time from behind `after` on; empty at the end.
 * `where` narrows them further, by columns of `work`. Whoever shows them leaves out what communities keep.
 */
export async function listDescribedWorks(
  queries: Queries,
  scope: WorkScope,
  { after, limit, where }: { after: string; limit: number; where?: RawBuilder<SqlBool> | undefined },
): Promise<DescribedRow[]> {
  let query = scoped(queries, scope).selectAll('work').where('id', '>', after).orderBy('id').limit(limit)
  if (where) query = query.where(where)
  return describe(queries, await query.execute())
}

/** One work that is not sealed, described. */
export async function findDescribedWork(queries: Queries, id: string): Promise<DescribedRow | undefined> {
  const query = scoped(queries, {}).selectAll('work').where('id', '=', id)
  return (await describe(queries, await query.execute()))[0]
}

function scoped(queries: Queries, { collection, party }: WorkScope) {
  let query = queries.selectFrom('work').where('is_sealed', '=', 0n)
  if (collection !== undefined) query = query.where('work.collection', '=', collection)
  if (party !== undefined) query = query.where('work.party', '=', party)
  return query
}

type WorkRow = Awaited<ReturnType<ReturnType<typeof selectWork>['execute']>>[number]
const selectWork = (queries: Queries) => queries.selectFrom('work').selectAll('work')

async function describe(queries: Queries, rows: readonly WorkRow[]): Promise<DescribedRow[]> {
  const described = new Map(rows.map((row) => [row.id, emptyRow(row)]))
  const ids = [...described.keys()]
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE)
    const creators = queries.selectFrom('work_creator').selectAll().where('work', 'in', some).orderBy('position')
    for (const { work, party, name, role, must_consent } of await creators.execute())
      described.get(work)!.creators.push({ party, name, role, mustConsent: must_consent === 1n })
    const identifiers = queries.selectFrom('work_identifier').selectAll().where('work', 'in', some)
    for (const { work, scheme, value } of await identifiers.orderBy('scheme').orderBy('value').execute())
      described.get(work)!.identifiers.push({ scheme, value })
    const urls = queries.selectFrom('work_url').selectAll().where('work', 'in', some).orderBy('url')
    for (const { work, url, host } of await urls.execute()) described.get(work)!.urls.push({ url, host })
  }
  return [...described.values()]
}

function emptyRow(row: WorkRow): DescribedRow {
  const { id, title, medium, role, language, rights_statement, party, collection, recorded_at, log_index } = row
  return {
    id,
    title,
    medium,
    role,
    language,
    rightsStatement: rights_statement,
    party,
    collection,
    recordedAt: recorded_at,
    logIndex: log_index,
    creators: [],
    identifiers: [],
    urls: [],
  }
}

/**
 * How many public works there are, by medium and by language; what says no language is not counted there. `where` narrows
 * them by columns of `work`.
 */
export async function countScope(queries: Queries, scope: WorkScope, where?: RawBuilder<SqlBool>) {
  const query = scoped(queries, scope)
  const rows = await (where ? query.where(where) : query)
    .select(['medium', 'language', ({ fn }) => fn.countAll<bigint>().as('count')])
    .groupBy(['medium', 'language'])
    .orderBy('medium')
    .orderBy('language')
    .execute()
  const sums = (key: 'medium' | 'language') => {
    const by = new Map<string, number>()
    for (const row of rows) if (row[key] !== null) by.set(row[key], (by.get(row[key]) ?? 0) + Number(row.count))
    return [...by].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
  }
  const works = rows.reduce((sum, { count }) => sum + Number(count), 0)
  return { works, media: sums('medium'), languages: sums('language') }
}

/** The entry of the log with the last work that a party declared. */
export async function lastDeclared(queries: Queries, party: string): Promise<bigint | null> {
  const { last } = await queries
    .selectFrom('work')
    .select(({ fn }) => fn.max('log_index').as('last'))
    .where('party', '=', party)
    .executeTakeFirstOrThrow()
  return last
}

/** The last id of each part of so many works, in order: where the next part begins behind. */
export async function partEnds(queries: Queries, scope: WorkScope, size: number): Promise<string[]> {
  const numbered = scoped(queries, scope).select(['id', sql<bigint>`row_number() OVER (ORDER BY id)`.as('place')])
  const rows = await queries
    .selectFrom(numbered.as('numbered'))
    .select('id')
    .where(sql<SqlBool>`numbered.place % ${size} = 0`)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The entries of statements of which nothing stands at a moment (ISO). */
function takenBackWhole(at: string): RawBuilder<unknown> {
  return sql`(SELECT statement.log_index FROM revocation JOIN statement ON statement.id = substr(revocation.target, 1, 45)
    WHERE revocation.effective_from <= ${at} GROUP BY statement.log_index, statement.kinds
    HAVING count(DISTINCT revocation.target) = length(statement.kinds) - length(replace(statement.kinds, ' ', '')) + 1)`
}

/** Declared collections that are not taken back at a moment (ISO), by their ids, so many from behind `after` on. */
export async function listCollections(queries: Queries, after: string, limit: number, at: string) {
  const query = queries.selectFrom('collection').selectAll().where('id', '>', after)
  const standing = sql<SqlBool>`collection.log_index NOT IN ${takenBackWhole(at)}`
  return query.where(standing).orderBy('id').limit(limit).execute()
}

/** The parties with a public work that is not taken back, in the order of their ids, so many from behind `after` on. */
export async function listDeclarers(queries: Queries, after: string, limit: number, at: string): Promise<string[]> {
  const rows = await queries
    .selectFrom('work')
    .select('party')
    .distinct()
    .where('is_sealed', '=', 0n)
    .where('party', '>', after)
    .where(sql<SqlBool>`work.log_index NOT IN ${takenBackWhole(at)}`)
    .orderBy('party')
    .limit(limit)
    .execute()
  return rows.map(({ party }) => party)
}

/** What parties go by who have said so in public. */
export async function readPartyNames(queries: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  return new Map([...(await readParties(queries, ids))].map(([id, { name }]) => [id, name]))
}

/** The same, with when each said so last. */
export async function readParties(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, { name: string; recordedAt: string }>> {
  const names = new Map<string, { name: string; recordedAt: string }>()
  const wanted = [...new Set(ids)]
  for (let start = 0; start < wanted.length; start += IDS_AT_ONCE) {
    const rows = await queries
      .selectFrom('party')
      .select(['id', 'name', 'recorded_at'])
      .where('id', 'in', wanted.slice(start, start + IDS_AT_ONCE))
      .where('is_sealed', '=', 0n)
      .execute()
    for (const { id, name, recorded_at } of rows) names.set(id, { name, recordedAt: recorded_at })
  }
  return names
}

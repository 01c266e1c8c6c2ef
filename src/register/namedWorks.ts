import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'

/** Works, sealed ones too, that stand at one of these addresses, with which of them. */
export async function findWorksNamed(queries: Queries, urls: readonly string[]) {
  return named(queries)
    .where('work_url.url', 'in', ['', ...urls])
    .execute()
}

const WORKS_BELOW_MAX = 500

/** Works with an address that begins so, or on a domain, that are sealed or of which `doubt` holds; so many at most. */
export async function findWorksBelow(
  queries: Queries,
  place: { begins: readonly string[] } | { domain: string },
  doubt: RawBuilder<SqlBool>,
) {
  const query = named(queries)
    .where(sql<SqlBool>`(work.is_sealed = 1 OR ${doubt})`)
    .limit(WORKS_BELOW_MAX)
  if ('domain' in place)
    return query
      .where(sql<SqlBool>`(work_url.host = ${place.domain} OR work_url.host LIKE ${`%.${place.domain}`})`)
      .execute()
  const begins = place.begins.map((each) => sql`substr(work_url.url, 1, ${each.length}) = ${each}`)
  return query.where(sql<SqlBool>`(${sql.join(begins, sql` OR `)})`).execute()
}

function named(queries: Queries) {
  return queries
    .selectFrom('work_url')
    .innerJoin('work', 'work.id', 'work_url.work')
    .select(['work.id', 'work.is_sealed', 'work_url.url as name'])
}

const TITLES_AT_ONCE = 5000

/** The titles of works that are sealed or of which `doubt` holds, a page at a time. */
export async function* titlesInDoubt(queries: Queries, doubt: RawBuilder<SqlBool>) {
  for (let after = ''; ;) {
    const rows = await queries
      .selectFrom('work')
      .select(['id', 'is_sealed', 'title as name'])
      .where(sql<SqlBool>`(work.is_sealed = 1 OR ${doubt})`)
      .where('id', '>', after)
      .orderBy('id')
      .limit(TITLES_AT_ONCE)
      .execute()
    yield rows
    if (rows.length < TITLES_AT_ONCE) return
    after = rows.at(-1)!.id
  }
}

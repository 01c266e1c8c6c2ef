import { sql, type SqlBool } from 'kysely'
import type { Queries } from '../foundation/index.ts'

const ROWS_AT_ONCE = 500

interface Declared {
  id: string
  collection?: string | null
  logIndex: bigint
}

/**
 * Works or collections whose declaration is taken back at a moment (ISO), with the moment from which it is. Who stated
 * several in one statement takes back all of them; a party takes back what a representative stated in its name. Single
 * items of a collection are taken back by statements of their own.
 */
export async function findWithdrawn(
  queries: Queries,
  declared: readonly Declared[],
  at: string,
): Promise<Map<string, string>> {
  const withdrawn = new Map<string, string>()
  for (let start = 0; start < declared.length; start += ROWS_AT_ONCE) {
    const some = declared.slice(start, start + ROWS_AT_ONCE)
    const places = await readRevokedPlaces(queries, [...new Set(some.map(({ logIndex }) => logIndex))], at)
    const items = await findItemsTakenBack(
      queries,
      some.map(({ id }) => id),
    )
    for (const { id, collection, logIndex } of some) {
      const said = places.get(logIndex)
      const whole = said?.get(id) ?? (collection ? said?.get(collection) : undefined)
      const alone = items.get(id)
      const [from] = [whole, alone].filter((each) => each !== undefined && each <= at).sort()
      if (from !== undefined) withdrawn.set(id, from)
    }
  }
  return withdrawn
}

const ITEM = 'urn:colophon:item:'

/** Items of collections, among these works, that were taken back one by one, with the moment from which each is. */
export async function findItemsTakenBack(queries: Queries, works: readonly string[]): Promise<Map<string, string>> {
  const taken = new Map<string, string>()
  const items = works.filter((id) => id.startsWith(ITEM))
  for (let start = 0; start < items.length; start += ROWS_AT_ONCE) {
    const rows = await queries
      .selectFrom('item_withdrawal')
      .select(['work', 'effective_from'])
      .where('work', 'in', items.slice(start, start + ROWS_AT_ONCE))
      .execute()
    for (const { work, effective_from: from } of rows) taken.set(work, from)
  }
  return taken
}

/** For each entry of the log, what it declared and is taken back, by its id. */
async function readRevokedPlaces(queries: Queries, logIndexes: readonly bigint[], at: string) {
  const found = new Map<bigint, Map<string, string>>()
  const rows = await queries
    .selectFrom('statement')
    .innerJoin('revocation', (join) =>
      // `$` follows `#`: all places of the statement, found by the index.
      join.on(
        sql<SqlBool>`revocation.target = statement.id OR (revocation.target > statement.id || '#' AND revocation.target < statement.id || '$')`,
      ),
    )
    .select(['statement.log_index', 'statement.id', 'statement.body', 'revocation.target', 'revocation.effective_from'])
    .where('statement.log_index', 'in', logIndexes)
    .where('revocation.effective_from', '<=', at)
    .orderBy('revocation.effective_from', 'desc')
    .execute()
  for (const { log_index, id, body, target, effective_from } of rows) {
    const subjects = (JSON.parse(body ?? '{}') as { credentialSubject?: { id?: string }[] }).credentialSubject ?? []
    const subject = subjects[target === id ? 0 : Number(target.slice(id.length + 1))]
    if (subject?.id === undefined) continue
    const said = found.get(log_index) ?? new Map<string, string>()
    found.set(log_index, said.set(subject.id, effective_from))
  }
  return found
}

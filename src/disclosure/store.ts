import { sql } from 'kysely'
import { isoTime, type Queries } from '../foundation/index.ts'
import type { DisclosureFields } from './schema.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    disclosure: {
      id: string
      party: string
      target_kind: string
      target: string
      degree: string
      code: string
      pointer: string
      details: string
      recorded_at: string
      log_index: bigint
    }
  }
}

/** A disclosure as it was recorded, and whether it still stands. */
export interface RecordedDisclosure {
  id: string
  party: string
  partyName: string | null
  target: { kind: string; id: string }
  code: string
  pointer: string
  fields: DisclosureFields
  recordedAt: string
  logIndex: bigint
  /** Whether who says it declared the work, or is named as its creator. */
  isByMaker: boolean
}

const TAKEN_BACK_FROM = sql<
  string | null
>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = disclosure.id)`

/** What is said of a work and of the collection that it is in, as it stands now: makers first, then the newest. */
export async function findDisclosures(
  queries: Queries,
  work: string,
  at = isoTime(Date.now()),
): Promise<RecordedDisclosure[]> {
  const row = await queries.selectFrom('work').select(['party', 'collection']).where('id', '=', work).executeTakeFirst()
  const targets = [work, ...(row?.collection ? [row.collection] : [])]
  return standing(queries, await base(queries).where('target', 'in', targets).execute(), at)
}

/** Works that a mark points to, by what was ever said of them: a mark outlives a correction of what it leads to. */
export async function findPointedWorks(queries: Queries, pointer: string): Promise<string[]> {
  const rows = await queries
    .selectFrom('disclosure')
    .innerJoin('work', 'work.id', 'disclosure.target')
    .select('work.id')
    .where('pointer', '=', pointer)
    .where('work.is_sealed', '=', 0n)
    .limit(100)
    .execute()
  return [...new Set(rows.map(({ id }) => id))]
}

/** Pointers of everything that was ever said of a work, or of the collection that it is in, by whoever made it. */
export async function findPointers(queries: Queries, work: string): Promise<string[]> {
  const row = await queries.selectFrom('work').select('collection').where('id', '=', work).executeTakeFirst()
  const targets = [work, ...(row?.collection ? [row.collection] : [])]
  const said = await queries
    .selectFrom('disclosure')
    .select(['pointer', 'party', 'target'])
    .where('target', 'in', targets)
    .execute()
  const makers = await makersOf(queries, targets)
  return said.filter(({ target, party }) => makers.has(`${target} ${party}`)).map(({ pointer }) => pointer)
}

function base(queries: Queries) {
  return queries
    .selectFrom('disclosure')
    .leftJoin('party', 'party.id', 'disclosure.party')
    .selectAll('disclosure')
    .select('party.name as party_name')
    .select(TAKEN_BACK_FROM.as('taken_back_from'))
    .orderBy('disclosure.log_index', 'desc')
    .orderBy('disclosure.id', 'desc')
}

type Row = Awaited<ReturnType<ReturnType<typeof base>['execute']>>[number]

/** The newest word of each party, unless it is taken back: what it replaced does not come back with that. */
async function standing(queries: Queries, rows: Row[], at: string): Promise<RecordedDisclosure[]> {
  const makers = await makersOf(
    queries,
    rows.map(({ target }) => target),
  )
  const seen = new Set<string>()
  return rows
    .filter(({ party, target }) => !seen.has(`${party} ${target}`) && seen.add(`${party} ${target}`))
    .filter(({ taken_back_from: from }) => from === null || from > at)
    .map((row) => ({
      id: row.id,
      party: row.party,
      partyName: row.party_name,
      target: { kind: row.target_kind, id: row.target },
      code: row.code,
      pointer: row.pointer,
      fields: JSON.parse(row.details) as DisclosureFields,
      recordedAt: row.recorded_at,
      logIndex: row.log_index,
      isByMaker: makers.has(`${row.target} ${row.party}`),
    }))
    .sort((a, b) => Number(b.isByMaker) - Number(a.isByMaker))
}

/** Pairs of target and party: who declared a work or a collection, and who is named as a creator. */
async function makersOf(queries: Queries, targets: string[]): Promise<Set<string>> {
  if (targets.length === 0) return new Set()
  const [works, creators, sets] = [
    await queries.selectFrom('work').select(['id', 'party']).where('id', 'in', targets).execute(),
    await queries.selectFrom('work_creator').select(['work as id', 'party']).where('work', 'in', targets).execute(),
    await queries.selectFrom('collection').select(['id', 'party']).where('id', 'in', targets).execute(),
  ]
  return new Set([...works, ...creators, ...sets].map(({ id, party }) => `${id} ${party}`))
}

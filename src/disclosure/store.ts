import { sql } from 'kysely'
import type { Queries } from '../foundation/index.ts'
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

const IS_TAKEN_BACK = sql<bigint>`EXISTS (SELECT 1 FROM revocation WHERE revocation.target = disclosure.id)`

/** What is said of a work and of the collection that it is in, as it stands now: makers first, then the newest. */
export async function findDisclosures(queries: Queries, work: string): Promise<RecordedDisclosure[]> {
  const row = await queries.selectFrom('work').select(['party', 'collection']).where('id', '=', work).executeTakeFirst()
  const targets = [work, ...(row?.collection ? [row.collection] : [])]
  return standing(queries, await base(queries).where('target', 'in', targets).execute())
}

/** What a mark points to. More than one statement may share a pointer: whoever asks compares the works. */
export async function findDisclosuresByPointer(queries: Queries, pointer: string): Promise<RecordedDisclosure[]> {
  return standing(queries, await base(queries).where('pointer', '=', pointer).limit(100).execute())
}

function base(queries: Queries) {
  return queries
    .selectFrom('disclosure')
    .leftJoin('party', 'party.id', 'disclosure.party')
    .selectAll('disclosure')
    .select('party.name as party_name')
    .where(sql<boolean>`NOT ${IS_TAKEN_BACK}`)
    .orderBy('disclosure.log_index', 'desc')
    .orderBy('disclosure.id', 'desc')
}

type Row = Awaited<ReturnType<ReturnType<typeof base>['execute']>>[number]

async function standing(queries: Queries, rows: Row[]): Promise<RecordedDisclosure[]> {
  const makers = await makersOf(
    queries,
    rows.map(({ target }) => target),
  )
  const seen = new Set<string>()
  return rows
    .filter(({ party, target }) => !seen.has(`${party} ${target}`) && seen.add(`${party} ${target}`))
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

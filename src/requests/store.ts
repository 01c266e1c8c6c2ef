import { sql, type SqlBool } from 'kysely'
import type { Queries, Tables } from '../foundation/index.ts'
import type { SoughtCodes } from './reopen.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    request_case: {
      id: string
      kind: string
      state: string
      is_private: bigint
      dataset: string
      subject: string
      sender: string
      evidence: string
      evidence_hash: string
      salt: Uint8Array
      commitment_index: bigint | null
      access_hash: string
      created_at: string
      details: string
    }
    request_work: {
      request_case: string
      position: bigint
      dataset_name: string
      row_sha256: string | null
      row_pdq: string | null
      row_url: string | null
      row_text: string | null
      own_sha256: string | null
      own_pdq: string | null
      own_text: string | null
      rows_known: bigint | null
    }
    request_fact: { request_case: string; name: string; counted_from: string; recorded_at: string }
    request_delivery: {
      id: string
      request_case: string
      channel: string
      recipient: string
      state: string
      note: string
      recorded_at: string
    }
    request_event: { request_case: string; position: bigint; state: string; note: string; recorded_at: string }
  }
}

export async function insertCase(queries: Queries, row: Tables['request_case']): Promise<void> {
  await queries.insertInto('request_case').values(row).execute()
}

/** The works of a case, by what would show that they turned up again. */
export async function insertWorks(queries: Queries, requestCase: string, works: readonly SoughtCodes[]): Promise<void> {
  const rows = works.map((codes, i) => ({ request_case: requestCase, position: BigInt(i), ...codes }))
  await queries.insertInto('request_work').values(rows).execute()
}

export async function findCase(queries: Queries, id: string) {
  return queries.selectFrom('request_case').selectAll().where('id', '=', id).executeTakeFirst()
}

/** What a list of cases may be narrowed by. */
export interface CaseFilter {
  state?: string | undefined
  kind?: string | undefined
  dataset?: string | undefined
}

export async function listCases(queries: Queries, { state, kind, dataset }: CaseFilter = {}, limit = 200) {
  let query = queries.selectFrom('request_case').selectAll()
  if (state !== undefined) query = query.where('state', '=', state)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (dataset !== undefined) query = query.where('dataset', '=', dataset)
  return query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()
}

/** Cases that wait for an answer, after an id, in its order. */
export async function listWaiting(queries: Queries, after: string, limit: number) {
  return queries
    .selectFrom('request_case')
    .select(['id', 'kind', 'state', 'details'])
    .where('state', '=', 'sent')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Whether a fact is new for this time of sending; it is written when it is. */
export async function insertFact(
  queries: Queries,
  fact: { request_case: string; name: string; counted_from: string; recorded_at: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await queries
    .insertInto('request_fact')
    .values(fact)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Works of cases that ended with a removal or were closed, that stood in some version of a data set. */
export async function listSought(queries: Queries, datasetName: string) {
  return queries
    .selectFrom('request_work')
    .innerJoin('request_case', 'request_case.id', 'request_work.request_case')
    .selectAll('request_work')
    .select('request_case.dataset')
    .where('dataset_name', '=', datasetName)
    .where('request_case.state', 'in', ['removed', 'closed'])
    .orderBy('request_case')
    .orderBy('position')
    .execute()
}

/** Those of some addresses that a private case is about. */
export async function findPrivateAddresses(
  queries: Queries,
  urls: readonly string[],
  begins: readonly string[] = [],
): Promise<string[]> {
  const rows = await queries
    .selectFrom('request_work')
    .innerJoin('request_case', 'request_case.id', 'request_work.request_case')
    .select('row_url')
    .where('request_case.is_private', '=', 1n)
    .where((where) =>
      where.or([
        where('row_url', 'in', ['', ...urls]),
        ...begins.map((each) => sql<SqlBool>`substr(row_url, 1, ${each.length}) = ${each}`),
      ]),
    )
    .execute()
  return rows.flatMap(({ row_url }) => row_url ?? [])
}

export async function listEvents(queries: Queries, requestCase: string) {
  return queries
    .selectFrom('request_event')
    .selectAll()
    .where('request_case', '=', requestCase)
    .orderBy('position')
    .execute()
}

/** Records a step and the state it leads to, together. */
export async function recordEvent(
  queries: Queries,
  event: { requestCase: string; state: string; note: string; recordedAt: string },
): Promise<void> {
  const known = await listEvents(queries, event.requestCase)
  await queries
    .insertInto('request_event')
    .values({
      request_case: event.requestCase,
      position: BigInt(known.length),
      state: event.state,
      note: event.note,
      recorded_at: event.recordedAt,
    })
    .execute()
  await queries.updateTable('request_case').set({ state: event.state }).where('id', '=', event.requestCase).execute()
}

export async function setCommitment(queries: Queries, id: string, logIndex: number): Promise<void> {
  await queries
    .updateTable('request_case')
    .set({ commitment_index: BigInt(logIndex) })
    .where('id', '=', id)
    .execute()
}

export async function insertDelivery(queries: Queries, row: Tables['request_delivery']): Promise<void> {
  await queries.insertInto('request_delivery').values(row).execute()
}

export async function setDelivery(queries: Queries, id: string, state: string, note: string): Promise<void> {
  await queries.updateTable('request_delivery').set({ state, note }).where('id', '=', id).execute()
}

export async function listDeliveries(queries: Queries, requestCase: string) {
  return queries
    .selectFrom('request_delivery')
    .selectAll()
    .where('request_case', '=', requestCase)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
}

/** Of cases that are not private, what may be counted. */
export async function listPublicCases(queries: Queries) {
  return queries
    .selectFrom('request_case')
    .select(['kind', 'state', 'created_at'])
    .where('is_private', '=', 0n)
    .execute()
}

export async function listEventsOfPublic(queries: Queries) {
  return queries
    .selectFrom('request_event')
    .innerJoin('request_case', 'request_case.id', 'request_event.request_case')
    .select(['request_event.request_case', 'request_event.state', 'request_event.recorded_at'])
    .where('is_private', '=', 0n)
    .orderBy('request_event.request_case')
    .orderBy('position')
    .execute()
}

export async function countDeliveries(queries: Queries, recipient: string, since: string): Promise<number> {
  const { count } = await queries
    .selectFrom('request_delivery')
    .select((of) => of.fn.countAll<bigint>().as('count'))
    .where('recipient', '=', recipient)
    .where('recorded_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

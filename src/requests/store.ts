import type { Queries } from '../foundation/index.ts'
import type { WorkEvidence } from './openCase.ts'

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
    }
    request_fact: { request_case: string; name: string; counted_from: string; recorded_at: string }
    request_event: { request_case: string; position: bigint; state: string; note: string; recorded_at: string }
  }
}

export async function insertCase(
  queries: Queries,
  row: import('../foundation/index.ts').Tables['request_case'],
): Promise<void> {
  await queries.insertInto('request_case').values(row).execute()
}

/** The works of a case, by what would show that they turned up again. */
export async function insertWorks(
  queries: Queries,
  requestCase: string,
  works: readonly WorkEvidence[],
): Promise<void> {
  const rows = works.map(({ hit }, i) => ({
    request_case: requestCase,
    position: BigInt(i),
    dataset_name: hit.datasetName,
    row_sha256: hit.rowCodes.sha256 ?? null,
    row_pdq: hit.rowCodes.pdq ?? null,
    row_url: hit.url,
  }))
  await queries.insertInto('request_work').values(rows).execute()
}

export async function findCase(queries: Queries, id: string) {
  return queries.selectFrom('request_case').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listCases(queries: Queries) {
  return queries.selectFrom('request_case').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(200).execute()
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

import { sql } from 'kysely'
import { canonicalJson, type Database, type Queries } from '../foundation/index.ts'
import type { StatementRow } from '../statements/index.ts'

/** How many cases are in which state. */
export async function casesByState(queries: Queries): Promise<{ state: string; count: bigint }[]> {
  const rows = await queries
    .selectFrom('request_case')
    .select(({ fn }) => ['state', fn.countAll<bigint>().as('count')])
    .groupBy('state')
    .orderBy('state')
    .execute()
  return rows.map(({ state, count }) => ({ state, count: BigInt(count) }))
}

/** Columns of projections that name a party, beside the place in the log that the row comes from. */
const PARTY_COLUMNS = new Set([
  'party',
  'issuer',
  'declared_by',
  'principal',
  'representative',
  'licensor',
  'licensee',
  'proposer',
])

/** Where the tables name parties, as the database itself says. */
export async function partyColumns(
  queries: Database,
  tables: readonly string[],
): Promise<{ table: string; column: string }[]> {
  const known = await queries.introspection.getTables()
  return known
    .filter(({ name, columns }) => tables.includes(name) && columns.some((column) => column.name === 'log_index'))
    .flatMap(({ name, columns }) =>
      columns
        .filter((column) => PARTY_COLUMNS.has(column.name))
        .map((column) => ({ table: name, column: column.name })),
    )
}

export async function listLogIndexes(
  queries: Queries,
  table: string,
  column: string,
  party: string,
): Promise<bigint[]> {
  const { rows } = await sql<{ log_index: bigint }>`
    SELECT DISTINCT log_index FROM ${sql.table(table)} WHERE ${sql.ref(column)} = ${party}`.execute(queries)
  return rows.map(({ log_index }) => BigInt(log_index))
}

export async function listStatementsAt(queries: Queries, indexes: readonly bigint[]): Promise<StatementRow[]> {
  const rows: StatementRow[] = []
  for (let start = 0; start < indexes.length; start += INDEXES_AT_ONCE) {
    const some = indexes.slice(start, start + INDEXES_AT_ONCE)
    rows.push(
      ...(await queries
        .selectFrom('statement')
        .selectAll()
        .where('log_index', 'in', some)
        .orderBy('log_index')
        .execute()),
    )
  }
  return rows
}

const INDEXES_AT_ONCE = 1000

/**
 * Takes everything from a case that tells of a person or of the work: who sent it, the evidence, the notes, the salt of
 * its commitment and its key. What is left says that there was a case about a data set, of which kind, in which state.
 */
export async function eraseCase(queries: Queries, id: string): Promise<void> {
  const found = await queries
    .selectFrom('request_case')
    .select('evidence')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const { hit = {} } = JSON.parse(found.evidence) as { hit?: Record<string, unknown> }
  const kept = Object.fromEntries(KEPT_OF_HITS.map((name) => [name, hit[name] ?? null]))
  const evidence = canonicalJson({ hit: { ...kept, url: null, row: 0 }, row: null, codes: {}, foundAt: '' })
  await queries.updateTable('request_event').set({ note: '' }).where('request_case', '=', id).execute()
  // What would find the work again, whom it was sent to, and what was answered about it.
  for (const table of ['request_work', 'request_delivery', 'inbox_place', 'inbox_answer', 'account_case'] as const)
    await queries.deleteFrom(table).where('request_case', '=', id).execute()
  await queries
    .updateTable('request_case')
    .set({
      subject: '',
      sender: canonicalJson({ name: '', contact: '' }),
      evidence,
      evidence_hash: '',
      details: '{}',
      salt: Buffer.alloc(0),
      access_hash: '',
    })
    .where('id', '=', id)
    .execute()
}

const KEPT_OF_HITS = ['dataset', 'datasetName', 'datasetVersion', 'match', 'measure', 'status']

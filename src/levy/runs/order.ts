import type { DuckDBConnection } from '@duckdb/node-api'

/** Makes the table of works in the order of their sectors and ids, unless it is there: the row of a work is its place. */
export async function orderWorks(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS ordered_works AS SELECT work, sector FROM works ORDER BY sector, work',
  )
}

/** Makes the table of payees in the order of their ids: the row of a payee is the place. */
export async function orderPayees(connection: DuckDBConnection): Promise<void> {
  const made = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE table_name IN ('credited', 'ordered_payees')",
  )
  const tables = made.getRows().flat()
  if (tables.includes('ordered_payees')) return
  if (!tables.includes('credited'))
    await connection.run('CREATE TABLE credited AS SELECT DISTINCT payee, payee AS to_payee FROM shares')
  await connection.run('CREATE TABLE ordered_payees AS SELECT DISTINCT to_payee AS payee FROM credited ORDER BY payee')
}

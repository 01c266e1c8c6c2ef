import type { DuckDBConnection } from '@duckdb/node-api'
import { limits } from '../foundation/index.ts'

/** Numbers of rows whose column has a value; `rows` is what SQL reads them from. */
export async function rowsWhere(
  connection: DuckDBConnection,
  rows: string,
  column: 'sha256' | 'url',
  value: string,
): Promise<number[]> {
  const reader = await connection.runAndReadAll(
    `SELECT row FROM ${rows} WHERE ${column} = $value ORDER BY row LIMIT ${limits.hitsPerWorkMax}`,
    { value },
  )
  return reader.getRows().map(([row]) => Number(row))
}

/** How many rows come from a domain and those below it, and the first of them. */
export async function domainRows(connection: DuckDBConnection, rows: string, domain: string) {
  const reader = await connection.runAndReadAll(
    `SELECT min(row), count(*) FROM ${rows} WHERE host = $domain OR host LIKE '%.' || $domain`,
    { domain },
  )
  const [row, count] = reader.getRows()[0]!
  return count ? [{ row: Number(row), match: 'domain' as const, measure: Number(count) }] : []
}

/** Rows by their numbers. */
export async function readRows(connection: DuckDBConnection, table: string, rows: number[]) {
  const found = new Map<
    number,
    { row: number; url: string | null; text: string | null; sha256: string | null; pdq: string | null }
  >()
  if (rows.length === 0) return found
  const list = [...new Set(rows)].map((row) => Math.trunc(row)).join(', ')
  const reader = await connection.runAndReadAll(
    `SELECT row, url, text, sha256, pdq FROM ${table} WHERE row IN (${list})`,
  )
  for (const { row, url, text, sha256, pdq } of reader.getRowObjects()) {
    found.set(Number(row), {
      row: Number(row),
      url: url as string | null,
      text: text as string | null,
      sha256: sha256 as string | null,
      pdq: pdq as string | null,
    })
  }
  return found
}

import { extname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal, readable, readerOf, withDuckDb } from '../datasets/index.ts'
import { parquetRows } from './rowBatches.ts'
import { toldRows, type GateCounts } from './parts.ts'
import type { GateRun } from './runGate.ts'

/** What was written, and how many rows of which host and language were dropped. */
export interface GateOutputs {
  kept: string
  dropped: string
  domains: { domain: string; dropped: number }[]
  languages: { language: string; kept: number; dropped: number }[]
}

const FORMATS: Record<string, string> = {
  '.parquet': 'FORMAT parquet',
  '.csv': 'FORMAT csv, HEADER',
  '.tsv': `FORMAT csv, HEADER, DELIMITER '\t'`,
  '.jsonl': 'FORMAT json',
  '.ndjson': 'FORMAT json',
}
const DOMAINS_MAX = 1000

/**
 * Writes the kept rows, as they were and in their order, and the others with the reason, in the format of the input;
 * and for each row that is kept because of a statement or a licence, which.
 */
export async function writeOutputs(run: GateRun, counts: Pick<GateCounts, 'rows' | 'kept'>): Promise<GateOutputs> {
  const extension = extname(run.inputs[0]!).toLowerCase()
  const kept = join(run.out, `kept${extension}`)
  const dropped = join(run.out, `dropped${extension}`)
  const told = toldRows(run.out)
  const out = `(SELECT row AS gate_row, decision AS gate_decision, reason AS gate_reason, "match" AS gate_match, target AS gate_target, party AS gate_party, statement AS gate_statement, distance AS gate_distance FROM ${told} WHERE decision <> 'kept')`
  return withDuckDb(async (connection) => {
    await readable(run.inputs, async () => {
      const numbered = await numberedRows(connection, run.inputs)
      const isGone = counts.kept === counts.rows ? 'false' : await isAmong(connection, told, counts.rows)
      await connection.run(
        `COPY (SELECT * EXCLUDE (gate_row) FROM ${numbered} WHERE NOT (${isGone})) TO ${literal(kept)} (${FORMATS[extension]})`,
      )
      await connection.run(
        `COPY (SELECT rows.*, gone.* EXCLUDE (gate_row) FROM (SELECT * FROM ${numbered} WHERE ${isGone}) AS rows JOIN ${out} AS gone USING (gate_row) ORDER BY rows.gate_row) TO ${literal(dropped)} (${FORMATS[extension]})`,
      )
    })
    await connection.run(
      `COPY (SELECT row, reason, target AS work, party, statement FROM ${told} WHERE decision = 'kept' AND reason <> 'not_reserved' ORDER BY row) TO ${literal(join(run.out, 'evidence.csv'))} (FORMAT csv, HEADER)`,
    )
    return {
      kept,
      dropped,
      domains: counts.kept < counts.rows ? await countDomains(connection, run, dropped) : [],
      languages: await countLanguages(connection, run, [
        ...(counts.kept > 0 ? [[kept, 1] as const] : []),
        ...(counts.kept < counts.rows ? [[dropped, 0] as const] : []),
      ]),
    }
  })
}

/** Rows that one list of bits is about: a list is copied for every two thousand rows that are looked up in it. */
const ROWS_OF_LIST = 2 ** 23

/**
 * A condition for the rows that are not kept. A bit for each row, not a join: a filter keeps the order of rows, and costs
 * nothing beside writing them.
 */
async function isAmong(connection: DuckDBConnection, told: string, rows: number): Promise<string> {
  const lists: string[] = []
  await connection.run(`CREATE TEMP TABLE gone AS SELECT row FROM ${told} WHERE decision <> 'kept'`)
  for (let list = 0; list * ROWS_OF_LIST < rows; list++) {
    const start = list * ROWS_OF_LIST
    await connection.run(
      `SET VARIABLE gone_${list} = (SELECT bitstring_agg(row - ${start}, 0, ${ROWS_OF_LIST - 1}) FROM gone WHERE row >= ${start} AND row < ${start + ROWS_OF_LIST})`,
    )
    lists.push(
      `WHEN gate_row < ${start + ROWS_OF_LIST} THEN coalesce(get_bit(getvariable('gone_${list}'), CAST(gate_row - ${start} AS INTEGER)), 0)`,
    )
  }
  return `(CASE ${lists.join(' ')} ELSE 0 END = 1)`
}

/** The rows of all files with their place, the first 0: of Parquet as the file says it, else as they come. */
async function numberedRows(connection: DuckDBConnection, inputs: readonly string[]): Promise<string> {
  if (extname(inputs[0]!).toLowerCase() !== '.parquet')
    return `(SELECT row_number() OVER () - 1 AS gate_row, * FROM ${readerOf(inputs)})`
  let before = 0
  const files: string[] = []
  for (const path of inputs) {
    files.push(
      `SELECT file_row_number + ${before} AS gate_row, * EXCLUDE (file_row_number) FROM read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false)`,
    )
    before += await parquetRows(connection, path)
  }
  // Files agree by the names of their columns, whatever the order.
  return `(${files.join(' UNION ALL BY NAME ')})`
}

async function countDomains(connection: DuckDBConnection, { columns }: GateRun, dropped: string) {
  if (!columns.url) return []
  const host = `lower(regexp_extract(CAST("${columns.url.replaceAll('"', '""')}" AS VARCHAR), '^[a-zA-Z]+://(?:[^/?#@]*@)?([^/?#:]+)', 1))`
  const rows = await connection.runAndReadAll(
    `SELECT coalesce(${host}, '') AS host, count(*) FROM ${readerOf([dropped])} GROUP BY host ORDER BY count(*) DESC, host LIMIT ${DOMAINS_MAX}`,
  )
  return rows.getRows().map(([domain, count]) => ({ domain: String(domain ?? ''), dropped: Number(count) }))
}

async function countLanguages(connection: DuckDBConnection, { columns }: GateRun, files: (readonly [string, 0 | 1])[]) {
  if (!columns.language || files.length === 0) return []
  const language = `CAST("${columns.language.replaceAll('"', '""')}" AS VARCHAR)`
  const parts = files.map(
    ([path, isKept]) => `SELECT ${language} AS language, ${isKept} AS is_kept FROM ${readerOf([path])}`,
  )
  const rows = await connection.runAndReadAll(
    `SELECT language, sum(is_kept), sum(1 - is_kept) FROM (${parts.join(' UNION ALL ')}) GROUP BY language ORDER BY count(*) DESC, language LIMIT ${DOMAINS_MAX}`,
  )
  return rows.getRows().map(([name, isKept, isDropped]) => ({
    language: String(name ?? ''),
    kept: Number(isKept),
    dropped: Number(isDropped),
  }))
}

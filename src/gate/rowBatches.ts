import { existsSync, renameSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal, readable, selectColumns } from '../datasets/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { gateColumns, type GateColumn, type GateRow } from './decideRows.ts'
import { PARTS } from './parts.ts'
import type { GateRun } from './runGate.ts'

/** The rows of a run, by their numbers: those of all its files, in the order of the files. */
export interface RunRows {
  count: number
  /** The columns that are there; the others are null in every row. */
  present: readonly GateColumn[]
  /** A SELECT of the rows from one number up to another, in their order: `gate_row`, and the columns that are there. */
  between(start: number, end: number): string
}

/** Rows that are read together, with their numbers. */
export interface RowBatch {
  rows: GateRow[]
  numbers: number[]
}

/**
 * Opens the rows of a run. Parquet is read where it lies, window by window on all cores; of other files the columns that
 * count are written into a Parquet file beside the parts first, once. Errors: those of reading them, `usage`.
 */
export async function openRows(
  connection: DuckDBConnection,
  run: Pick<GateRun, 'inputs' | 'columns' | 'out'>,
): Promise<RunRows> {
  const present = gateColumns.filter((name) => run.columns[name] !== undefined)
  const isParquet = extname(run.inputs[0]!).toLowerCase() === '.parquet'
  const files: { path: string; before: number; rows: number; select: string }[] = []
  let count = 0
  for (const path of isParquet ? run.inputs : [await converted(connection, run, present)]) {
    const rows = await readable([path], () => parquetRows(connection, path))
    await refuseOwnNames(connection, path)
    const columns = isParquet ? run.columns : Object.fromEntries(present.map((name) => [name, name]))
    files.push({ path, before: count, rows, select: await selectColumns(connection, [path], columns, present) })
    count += rows
  }
  return {
    count,
    present,
    between(start, end) {
      const windows = files
        .filter(({ before, rows }) => before < end && before + rows > start)
        .map(({ path, before, select }) => {
          const from = `FROM read_parquet([${literal(path)}])`
          return select
            .replace('SELECT ', `SELECT file_row_number + ${before} AS gate_row, `)
            .replace(
              from,
              () =>
                `FROM read_parquet([${literal(path)}], file_row_number = true) WHERE file_row_number >= ${start - before} AND file_row_number < ${end - before}`,
            )
        })
      if (windows.length === 1) return windows[0]!
      const none = `SELECT 0 AS gate_row, ${present.map((name) => `'' AS ${name}`).join(', ')} WHERE false`
      return `SELECT * FROM (${[none, ...windows].join(' UNION ALL ')}) ORDER BY gate_row`
    },
  }
}

/** Rows are counted by a column that the reader adds. Errors: `dataset_invalid` for a file that has one of its name. */
async function refuseOwnNames(connection: DuckDBConnection, path: string): Promise<void> {
  const read = await connection.runAndReadAll(
    `SELECT name FROM parquet_schema(${literal(path)}) WHERE lower(name) IN ('file_row_number', 'gate_row')`,
  )
  const [name] = read.getRows()[0] ?? []
  if (name !== undefined)
    throw new ColophonError(
      'dataset_invalid',
      `a column is called ${String(name)}, and rows are counted by that name`,
      {
        where: path,
        remedy: 'Rename the column.',
      },
    )
}

/** The columns of files that cannot be entered in their middle, as a file that can. */
async function converted(
  connection: DuckDBConnection,
  { inputs, columns, out }: Pick<GateRun, 'inputs' | 'columns' | 'out'>,
  present: readonly GateColumn[],
): Promise<string> {
  const path = join(out, PARTS, 'rows.parquet')
  if (existsSync(path)) return path
  const select = await selectColumns(connection, inputs, columns, present)
  await readable(inputs, () => connection.run(`COPY (${select}) TO ${literal(`${path}.part`)} (FORMAT parquet)`))
  renameSync(`${path}.part`, path)
  return path
}

/** Rows as they are needed: so many at a time at most. */
export async function* readRows(
  connection: DuckDBConnection,
  select: string,
  present: readonly GateColumn[],
  atOnce: number,
): AsyncGenerator<RowBatch> {
  // As they come: rows may hold long texts, and so many of them need not fit into memory.
  const reader = await connection.stream(`SELECT gate_row, ${present.join(', ')} FROM (${select})`)
  let batch: RowBatch = { rows: [], numbers: [] }
  let characters = 0
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    const numbers = chunk.getColumnVector(0)
    const vectors = present.map((_, i) => chunk.getColumnVector(i + 1))
    for (let i = 0; i < chunk.rowCount; i++) {
      const row: GateRow = { ...NO_VALUES }
      for (let column = 0; column < present.length; column++) {
        const value = vectors[column]!.getItem(i) as string | null
        row[present[column]!] = value
        characters += value?.length ?? 0
      }
      batch.rows.push(row)
      batch.numbers.push(Number(numbers.getItem(i)))
      if (batch.rows.length < atOnce && characters < CHARACTERS_AT_ONCE) continue
      yield batch
      batch = { rows: [], numbers: [] }
      characters = 0
    }
  }
  if (batch.rows.length > 0) yield batch
}

/** Of rows that are read together. */
const CHARACTERS_AT_ONCE = 32 * 1024 * 1024

const NO_VALUES = Object.fromEntries(gateColumns.map((name) => [name, null])) as GateRow

/** How many rows a Parquet file says it has. */
export async function parquetRows(connection: DuckDBConnection, path: string): Promise<number> {
  const read = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${literal(path)})`)
  return Number(read.getRows()[0]![0])
}

import { extname } from 'node:path'
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { literal, readable, selectColumns } from '../datasets/index.ts'
import { gateColumns, type GateColumn, type GateRow } from './decideRows.ts'
import type { GateRun } from './runGate.ts'

/** Hashes of one column of a batch, as pairs of 32 bits, the lower one first; what is null has no meaning there. */
export type Hashes = Uint32Array

/** Some rows in their order; texts are read only for rows that are asked for. */
export interface RowBatch {
  count: number
  row(i: number): GateRow
  text(column: GateColumn, i: number): string | null
  /** What the engine has found out of every row, where that was asked for. */
  seen?: { flags: Uint8Array; url: Hashes; host: Hashes; sha256: Hashes; licence: Hashes; signals: Hashes }
}

/** The address is written as it is compared: lower-case host without port, a path, no fragment and no space. */
export const PLAIN_URL = 1
export const SOUND_SHA256 = 2
/** Something else is to be looked at: another key, or a value that is none. */
export const MORE = 4
export const HAS_LICENCE = 8
export const HAS_SIGNALS = 16

/** Addresses that need no reading: their text is what `readAddress` makes of it, behind the scheme. */
const PLAIN = `regexp_full_match(url, 'https?://[a-z0-9.-]*[a-z0-9]/[^#[:space:][:cntrl:]\u0080-\u{10FFFF}]*')`
/** That there is no other sign is found in half the time of all being such. */
const SOUND = `(strlen(sha256) = 64 AND NOT regexp_matches(sha256, '[^0-9a-f]'))`

/** What the engine computes of each row beside the columns that are there. */
function seenColumns(present: readonly GateColumn[]): string {
  const has = (name: GateColumn) => present.includes(name)
  const when = (condition: string, flag: number) => `CASE WHEN ${condition} THEN ${flag} ELSE 0 END`
  const others = (['iscc', 'pdq', 'text', 'party'] as const).filter(has).map((name) => `coalesce(${name}, '') <> ''`)
  const flags = [
    ...(has('url') ? [when(PLAIN, PLAIN_URL), when(`url IS NOT NULL AND NOT ${PLAIN}`, MORE)] : []),
    ...(has('sha256') ? [when(SOUND, SOUND_SHA256), when(`sha256 IS NOT NULL AND NOT ${SOUND}`, MORE)] : []),
    ...others.map((condition) => when(condition, MORE)),
    ...(has('licence') ? [when(`coalesce(licence, '') <> ''`, HAS_LICENCE)] : []),
    ...(has('signals') ? [when('signals IS NOT NULL', HAS_SIGNALS)] : []),
  ]
  const hash = (name: GateColumn, of: string = name) => (has(name) ? `hash(${of})` : 'CAST(0 AS UBIGINT)')
  return [
    // Flags of one kind may be set by two conditions: they are joined, not added.
    `CAST(${flags.length > 0 ? flags.join(' | ') : '0'} AS UTINYINT)`,
    hash('url'),
    hash('url', `split_part(url, '/', 3)`),
    hash('sha256'),
    hash('licence'),
    hash('signals'),
  ].join(', ')
}

/**
 * Reads the rows of a run behind the parts that are done, never across the end of a part. Parquet is read part by part on
 * all cores; other files as they come.
 */
export async function* readBatches(
  connection: DuckDBConnection,
  run: GateRun,
  done: number,
  isSeen: boolean,
): AsyncGenerator<RowBatch> {
  const present = gateColumns.filter((name) => run.columns[name] !== undefined)
  const extra = isSeen ? `, ${seenColumns(present)}` : ''
  let inPart = 0
  for await (const chunk of readChunks(connection, run, present, done, extra)) {
    for (let start = 0; start < chunk.rowCount;) {
      const count = Math.min(chunk.rowCount - start, run.partRows - inPart)
      yield batchOf(chunk, present, start, count, isSeen)
      start += count
      inPart = (inPart + count) % run.partRows
    }
  }
}

async function* readChunks(
  connection: DuckDBConnection,
  { inputs, columns, partRows }: GateRun,
  present: readonly GateColumn[],
  done: number,
  extra: string,
): AsyncGenerator<DuckDBDataChunk> {
  if (extname(inputs[0]!).toLowerCase() !== '.parquet') {
    const select = await selectColumns(connection, inputs, columns, present)
    const reader = await connection.stream(`SELECT *${extra} FROM (${select}) OFFSET ${done * partRows}`)
    for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
      yield chunk
    return
  }
  let before = 0
  for (const path of inputs) {
    const rows = await readable([path], () => parquetRows(connection, path))
    const select = await selectColumns(connection, [path], columns, present)
    for (let start = Math.max(0, done * partRows - before); start < rows;) {
      // Up to the end of the part that this row is in.
      const end = Math.min(rows, start + partRows - ((before + start) % partRows))
      const windowed = select.replace(
        `FROM read_parquet([${literal(path)}])`,
        `FROM read_parquet([${literal(path)}], file_row_number = true) WHERE file_row_number >= ${start} AND file_row_number < ${end}`,
      )
      const reader = await connection.run(`SELECT *${extra} FROM (${windowed})`)
      for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
        yield chunk
      start = end
    }
    before += rows
  }
}

function batchOf(
  chunk: DuckDBDataChunk,
  present: readonly GateColumn[],
  start: number,
  count: number,
  isSeen: boolean,
): RowBatch {
  const vectors = gateColumns.map((name) =>
    present.includes(name) ? chunk.getColumnVector(present.indexOf(name)) : undefined,
  )
  const text = (column: GateColumn, i: number) =>
    (vectors[gateColumns.indexOf(column)]?.getItem(start + i) as string | null | undefined) ?? null
  const batch: RowBatch = {
    count,
    text,
    row: (i) => Object.fromEntries(gateColumns.map((name) => [name, text(name, i)])) as GateRow,
  }
  if (!isSeen) return batch
  const items = (offset: number) =>
    (chunk.getColumnVector(present.length + offset) as unknown as { items: Uint8Array | BigUint64Array }).items
  const hashes = (offset: number) => {
    const { buffer, byteOffset } = items(offset)
    return new Uint32Array(buffer, byteOffset + start * 8, count * 2)
  }
  return {
    ...batch,
    seen: {
      flags: (items(0) as Uint8Array).subarray(start, start + count),
      url: hashes(1),
      host: hashes(2),
      sha256: hashes(3),
      licence: hashes(4),
      signals: hashes(5),
    },
  }
}

/** How many rows a Parquet file says it has. */
export async function parquetRows(connection: DuckDBConnection, path: string): Promise<number> {
  const read = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${literal(path)})`)
  return Number(read.getRows()[0]![0])
}

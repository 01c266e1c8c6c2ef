import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { readable } from '../../datasets/index.ts'
import { assertInvariant } from '../../foundation/index.ts'
import type { InputTable, Inputs } from './inputs.ts'

const ROWS_AT_ONCE = 4_000_000
/** So many parts that were looked at may wait to be freed: some 250 MB. */
const PARTS_KEPT = 6

/** What a question answers, part by part. */
export async function* chunksOf(
  connection: DuckDBConnection,
  paths: readonly string[],
  sql: string,
): AsyncGenerator<DuckDBDataChunk> {
  const reader = await readable(paths, () => connection.stream(sql))
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
    yield chunk
}

/**
 * The same of all rows of a table. Parquet is read in parts, the next one while this one is looked at, on all cores; a
 * stream would be read by one.
 */
export async function* partsOf(
  connection: DuckDBConnection,
  { files, longest }: Inputs,
  table: InputTable,
  columns: string,
  condition = 'true',
): AsyncGenerator<DuckDBDataChunk> {
  const rows = longest.get(table)
  const select = `SELECT ${columns} FROM "${table}" WHERE ${condition}`
  if (rows === undefined) {
    yield* chunksOf(connection, files[table] ?? [], select)
    return
  }
  const read = (from: number) =>
    readable(files[table] ?? [], () =>
      connection.run(`${select} AND file_row_number >= ${from} AND file_row_number < ${from + ROWS_AT_ONCE}`),
    )
  let next = read(0)
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const part = await next
    if (from + ROWS_AT_ONCE < rows) next = read(from + ROWS_AT_ONCE)
    // Whoever stops reading leaves nobody waiting for the part after this one.
    next.catch(() => {})
    for (let i = 0; i < part.chunkCount; i++) yield part.getChunk(i)
    if ((from / ROWS_AT_ONCE) % PARTS_KEPT === PARTS_KEPT - 1) freeParts()
  }
}

let collect: (() => void) | undefined

/** What the engine hands over is freed when its object is collected, and nothing else makes that happen: objects are small. */
function freeParts(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}

/** The numbers of a column as they lie in memory. */
export function itemsOf<
  Items extends Uint8Array | Uint16Array | Uint32Array | BigUint64Array | BigInt64Array | Float64Array,
>(chunk: DuckDBDataChunk, column: number): Items {
  const { items } = chunk.getColumnVector(column) as unknown as { items: Items }
  const { rowCount } = chunk
  assertInvariant(items.length >= rowCount, 'a column has all of its rows')
  return items.subarray(0, rowCount) as Items
}

import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { readable } from '../../datasets/index.ts'
import { assertInvariant } from '../../foundation/index.ts'

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

/** The numbers of a column as they lie in memory. */
export function itemsOf<Items extends Uint8Array | Uint16Array | Uint32Array | BigUint64Array | Float64Array>(
  chunk: DuckDBDataChunk,
  column: number,
): Items {
  const { items } = chunk.getColumnVector(column) as unknown as { items: Items }
  assertInvariant(items.length >= chunk.rowCount, 'a column has all of its rows')
  return items.subarray(0, chunk.rowCount) as Items
}

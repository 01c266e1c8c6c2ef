import { ColophonError } from '../foundation/index.ts'
import type { DatasetInfo } from './datasetInfo.ts'

/** What rows are read with: within bounds, and loaded when it is first needed. */
export async function openDuckDb() {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const options = { autoinstall_known_extensions: 'false', threads: '2', memory_limit: '512MB' }
  const instance = await DuckDBInstance.create(':memory:', options)
  const connection = await instance.connect()
  return {
    connection,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** What is thrown while a data set is read is its damage, unless it was said to be something else. */
export function unreadableSet({ id }: DatasetInfo, error: unknown): Error {
  // A mistake of ours is no damage.
  if (error instanceof ColophonError || error instanceof TypeError || error instanceof RangeError) return error
  return new ColophonError('dataset_invalid', `its rows cannot be read: ${(error as Error).message.split('\n')[0]}`, {
    where: id,
    remedy: `Look what is damaged with: colophon index repair ${id}`,
    cause: error,
  })
}

import { closeSync, fdatasyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, limits } from '../foundation/index.ts'
import { deletedName, inBuildingFolder, putInPlace, removeUnlisted } from './datasetFolder.ts'
import { readDatasetInfo, withDatasetLock, type DatasetInfo } from './datasetInfo.ts'
import { liveRows } from './deletedRows.ts'
import { withDuckDb } from './input.ts'
import { literal } from './sql.ts'

export interface Deletion {
  info: DatasetInfo
  /** How many rows were deleted now. */
  deletedNow: number
  /** The first of the given rows that are not in the data set, or were deleted before, and how many there are. */
  unknown: number[]
  unknownCount: number
}

const UNKNOWN_TOLD_MAX = 100

/**
 * Deletes rows of a data set, by their numbers: no question finds them from the moment at which this has returned, and
 * merging takes them off the disk. Parts stay as they are; a list of what is deleted lies beside them and is replaced in
 * one step, so whoever asks meanwhile is not held up. Numbers are not used again.
 *
 * Errors: `not_found`, `dataset_locked`, `too_large` for too many rows at once.
 */
export async function deleteFromDataset(
  directory: string,
  dataset: string,
  rows: readonly number[],
): Promise<Deletion> {
  if (rows.length > limits.deletedRowsMax)
    throw new ColophonError('too_large', `more than ${limits.deletedRowsMax} rows are not deleted at once`, {
      remedy: 'Delete them in several goes.',
    })
  readDatasetInfo(directory, dataset)
  return withDatasetLock(directory, dataset, async () => {
    const info = readDatasetInfo(directory, dataset)
    removeUnlisted(directory, info)
    return inBuildingFolder(directory, dataset, (building) =>
      withDuckDb(async (connection) => {
        const counted = await findRows(connection, directory, info, rows, join(building, 'wanted.csv'))
        const { deletedNow, counts, ...unknown } = counted
        if (deletedNow === 0) return { info, deletedNow, ...unknown }
        const file = deletedName(info.nextPart)
        await writeDeleted(connection, directory, info, join(building, file))
        renameSync(join(building, file), join(directory, dataset, file))
        const now = putInPlace(directory, {
          ...info,
          rowCount: info.rowCount - deletedNow,
          counts,
          deleted: { file, rowCount: (info.deleted?.rowCount ?? 0) + deletedNow },
          deletedCount: (info.deletedCount ?? 0) + deletedNow,
          nextPart: info.nextPart + 1,
        })
        removeUnlisted(directory, now)
        return { info: now, deletedNow, ...unknown }
      }),
    )
  })
}

/** Makes the table `found` of the rows that are there, and says what there is without them. */
async function findRows(
  connection: DuckDBConnection,
  directory: string,
  info: DatasetInfo,
  rows: readonly number[],
  path: string,
) {
  writeFileSync(path, `row\n${rows.join('\n')}\n`)
  await connection.run(
    `CREATE TABLE wanted AS SELECT DISTINCT row FROM read_csv(${literal(path)}, auto_detect = false, header = true, columns = {row: 'BIGINT'})`,
  )
  await connection.run(
    `CREATE TABLE found AS SELECT row, url IS NOT NULL AS url, text IS NOT NULL AS text, sha256 IS NOT NULL AS sha256,
       coalesce(regexp_full_match(pdq, '[0-9a-f]{64}'), false) AS pdq
     FROM ${liveRows(directory, info)} WHERE row IN (SELECT row FROM wanted)`,
  )
  const select = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(Number))
  const [[deletedNow, url, text, sha256, pdq]] = (await select(
    `SELECT count(*), ${['url', 'text', 'sha256', 'pdq'].map((name) => `count(*) FILTER (${name})`).join(', ')} FROM found`,
  )) as [[number, number, number, number, number]]
  const unknown = 'FROM wanted WHERE row NOT IN (SELECT row FROM found)'
  const [[unknownCount]] = (await select(`SELECT count(*) ${unknown}`)) as [[number]]
  const { counts } = info
  return {
    deletedNow,
    // What a row looks and sounds like is counted anew when its part is: until then there is rather too much of it.
    counts: {
      ...counts,
      url: counts.url - url,
      text: counts.text - text,
      sha256: counts.sha256 - sha256,
      pdq: counts.pdq - pdq,
    },
    unknown: (await select(`SELECT row ${unknown} ORDER BY row LIMIT ${UNKNOWN_TOLD_MAX}`)).map(([row]) => row!),
    unknownCount,
  }
}

/** Writes what was deleted before and what was found now. */
async function writeDeleted(
  connection: DuckDBConnection,
  directory: string,
  { id, deleted }: DatasetInfo,
  path: string,
): Promise<void> {
  const before = deleted ? `UNION ALL SELECT row FROM read_parquet(${literal(join(directory, id, deleted.file))})` : ''
  await connection.run(
    `COPY (FROM (SELECT row FROM found ${before}) ORDER BY row) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  const file = openSync(path, 'r+')
  fdatasyncSync(file)
  closeSync(file)
}

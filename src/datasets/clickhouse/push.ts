import { mkdtempSync, openAsBlob, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { normalisePassageText, passageCodes } from '../../fingerprints/index.ts'
import { nextRow, readDatasetInfo, rowFiles, type DatasetInfo } from '../datasetInfo.ts'
import { liveRows } from '../deletedRows.ts'
import { withDuckDb } from '../input.ts'
import { literal } from '../sql.ts'
import type { ClickHouseClient } from './client.ts'
import {
  CREATE_TABLES,
  DROP_DATASET,
  FILL_FROM_ROWS,
  INSERT_DATASET,
  INSERT_PASSAGES,
  INSERT_ROWS,
  SELECT_DATASETS,
} from './tables.ts'

export interface PushOptions {
  /** The folder of the indexes, and the data set in it. */
  directory: string
  dataset: string
  /** Called after each slice. */
  onProgress?: (rowsDone: number, rowCount: number) => void
}

/** So much at a time: a slice fits into memory on both sides, and each statement ends soon. */
const SLICE_ROWS_MAX = 500_000
const SLICE_BYTES_MAX = 128 * 1024 * 1024
const PASSAGE_BYTES = 20
const PASSAGES_PER_INSERT_MAX = 2_000_000

/**
 * Copies an indexed data set into a ClickHouse database: rows, and everything that is looked up. Idempotent by the data
 * set's id: the same index pushed again changes nothing; an index built anew replaces the old one. The data set is
 * listed when all of it is there, so a push that breaks off leaves nothing that anybody finds, and is simply repeated.
 *
 * Errors: `not_found` (no such index here), and those of the client.
 */
export async function pushDataset(
  client: ClickHouseClient,
  { directory, dataset, onProgress }: PushOptions,
): Promise<{ info: DatasetInfo; isNew: boolean }> {
  const info = readDatasetInfo(directory, dataset)
  for (const statement of CREATE_TABLES) await client.run(statement)
  const id = { dataset: info.id }
  const text = JSON.stringify(info)
  const listed = await client.select(SELECT_DATASETS)
  if (listed.some(([pushed]) => pushed === text)) return { info, isNew: false }
  for (const statement of DROP_DATASET) await client.run(statement, id)
  const paths = rowFiles(directory, info)
  const bytesPerRow = paths.reduce((sum, path) => sum + statSync(path).size, 0) / Math.max(1, info.rowCount)
  const sliceRows = Math.max(1, Math.floor(Math.min(SLICE_ROWS_MAX, SLICE_BYTES_MAX / bytesPerRow)))
  const end = nextRow(info)
  await withRows(liveRows(directory, info), async (copySlice, texts) => {
    for (let from = 0; from < end; from += sliceRows) {
      const to = Math.min(from + sliceRows, end)
      await client.insert(INSERT_ROWS, await openAsBlob(await copySlice(from, to)), id)
      for (const statement of FILL_FROM_ROWS) await client.run(statement, { ...id, from: String(from), to: String(to) })
      for await (const bytes of passageBytes(texts(from, to))) await client.insert(INSERT_PASSAGES, bytes, id)
      onProgress?.(to, end)
    }
  })
  await client.run(INSERT_DATASET, { ...id, info: text })
  return { info, isNew: true }
}

type CopySlice = (from: number, to: number) => Promise<string>
type Texts = (from: number, to: number) => AsyncIterable<[row: bigint, text: string]>

/** Opens the rows: a slice of them as a Parquet file of its own, and their texts. */
async function withRows(rows: string, run: (copySlice: CopySlice, texts: Texts) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-push-'))
  const slicePath = join(directory, 'slice.parquet')
  const slice = (from: number, to: number) =>
    `FROM ${rows} WHERE row >= ${Math.trunc(from)} AND row < ${Math.trunc(to)}`
  try {
    await withDuckDb((connection) =>
      run(
        async (from, to) => {
          await connection.run(
            `COPY (SELECT row, url, host, text, sha256, pdq ${slice(from, to)}) TO ${literal(slicePath)} (FORMAT parquet, COMPRESSION zstd)`,
          )
          return slicePath
        },
        (from, to) => streamTexts(connection, `SELECT row, text ${slice(from, to)} AND text IS NOT NULL`),
      ),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function* streamTexts(connection: DuckDBConnection, sql: string): AsyncIterable<[bigint, string]> {
  const reader = await connection.stream(sql)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
    for (const [row, text] of chunk.getRows()) yield [BigInt(row as bigint), text as string]
}

/** The passage codes of these texts as RowBinary, in pieces of some ten megabytes. */
async function* passageBytes(texts: AsyncIterable<[row: bigint, text: string]>): AsyncIterable<Uint8Array> {
  let pieces: Uint8Array[] = []
  let count = 0
  for await (const [row, text] of texts) {
    const { high, low, offset } = passageCodes(normalisePassageText(text))
    const bytes = new Uint8Array(offset.length * PASSAGE_BYTES)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < offset.length; i++) {
      view.setUint32(i * PASSAGE_BYTES, low[i]!, true)
      view.setUint32(i * PASSAGE_BYTES + 4, high[i]!, true)
      view.setBigUint64(i * PASSAGE_BYTES + 8, row, true)
      view.setUint32(i * PASSAGE_BYTES + 16, offset[i]!, true)
    }
    pieces.push(bytes)
    count += offset.length
    if (count < PASSAGES_PER_INSERT_MAX) continue
    yield Buffer.concat(pieces)
    pieces = []
    count = 0
  }
  if (count > 0) yield Buffer.concat(pieces)
}

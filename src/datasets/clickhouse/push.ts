import { mkdtempSync, openAsBlob, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { isccTextCode, normalisePassageText, passageCodes } from '../../fingerprints/index.ts'
import { SIMILAR_TEXT_LENGTH_MIN, openContentIndexes } from '../buildPart.ts'
import { nextRow, readDatasetInfo, rowFiles, type DatasetInfo } from '../datasetInfo.ts'
import { liveRows, openDeletedRows, withoutRows } from '../deletedRows.ts'
import { withDuckDb } from '../input.ts'
import { literal } from '../sql.ts'
import type { ClickHouseClient } from './client.ts'
import {
  CREATE_TABLES,
  DROP_DATASET,
  FILL_FROM_ROWS,
  FILL_ITEMS,
  INSERT_DATASET,
  INSERT_FRAMES,
  INSERT_PASSAGES,
  INSERT_ROWS,
  INSERT_SOUNDS,
  INSERT_TEXTS,
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
const PIECES_BYTES = 16 * 1024 * 1024

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
      for await (const { statement, bytes } of textCodes(texts(from, to))) await client.insert(statement, bytes, id)
      onProgress?.(to, end)
    }
  })
  for await (const { statement, bytes } of filmsAndSounds(directory, info)) await client.insert(statement, bytes, id)
  await client.run(FILL_ITEMS, id)
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

interface Insert {
  statement: string
  bytes: Uint8Array
}

/** The passage codes of these texts, and of those that are long enough the code of the whole, as RowBinary. */
async function* textCodes(texts: AsyncIterable<[row: bigint, text: string]>): AsyncIterable<Insert> {
  const passages = openPieces(INSERT_PASSAGES)
  const whole = openPieces(INSERT_TEXTS)
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
    yield* passages.add(bytes)
    if (text.length >= SIMILAR_TEXT_LENGTH_MIN) yield* whole.add(rowAndCode(row, isccTextCode(text)))
  }
  yield* passages.end()
  yield* whole.end()
}

function rowAndCode(row: bigint, code: Uint8Array, time?: number): Uint8Array {
  const bytes = new Uint8Array(time === undefined ? 40 : 44)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, row, true)
  if (time !== undefined) view.setFloat32(8, time, true)
  bytes.set(code, bytes.length - 32)
  return bytes
}

/** What all films show and all sounds sound like, as RowBinary. */
async function* filmsAndSounds(directory: string, info: DatasetInfo): AsyncIterable<Insert> {
  const isDeleted = await withDuckDb((connection) => openDeletedRows(connection, directory, info))
  const [films, tracks] = [openPieces(INSERT_FRAMES), openPieces(INSERT_SOUNDS)]
  for (const { directory: part, base } of info.parts) {
    const { frames, sounds } = withoutRows(openContentIndexes(join(directory, info.id, part)), base, isDeleted)
    for (const some of frames.contents())
      for (const { row, frames: film } of some)
        for (const [i, time] of film.times.entries())
          yield* films.add(rowAndCode(BigInt(row + base), film.codes.subarray(i * 32, i * 32 + 32), time))
    for (const some of sounds.contents())
      for (const { row, items } of some) yield* tracks.add(rowAndItems(BigInt(row + base), items))
  }
  yield* films.end()
  yield* tracks.end()
}

function rowAndItems(row: bigint, items: Uint32Array): Uint8Array {
  const count: number[] = []
  for (let left = items.length; ; left >>>= 7) {
    count.push(left < 128 ? left : (left & 127) | 128)
    if (left < 128) break
  }
  const bytes = new Uint8Array(8 + count.length + items.length * 4)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, row, true)
  bytes.set(count, 8)
  items.forEach((item, i) => view.setUint32(8 + count.length + i * 4, item, true))
  return bytes
}

/** Puts small pieces of a table together, to some ten megabytes. */
function openPieces(statement: string) {
  let pieces: Uint8Array[] = []
  let length = 0
  const end = function* (): Iterable<Insert> {
    if (length > 0) yield { statement, bytes: Buffer.concat(pieces) }
    pieces = []
    length = 0
  }
  return {
    end,
    *add(piece: Uint8Array): Iterable<Insert> {
      pieces.push(piece)
      length += piece.length
      if (length >= PIECES_BYTES) yield* end()
    },
  }
}

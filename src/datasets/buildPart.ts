import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { isccTextCode, normalisePassageText } from '../fingerprints/index.ts'
import { ColophonError, fromHex } from '../foundation/index.ts'
import {
  openAudioIndex,
  openCodeIndex,
  openFeatureIndex,
  openFrameIndex,
  openPassageIndex,
} from '../similarity/index.ts'
import type { DatasetCounts } from './datasetInfo.ts'
import { identifyFolder, type RowContent } from './identifyFolder.ts'
import { isFolder, readable, selectInput, withDuckDb, type InputColumns } from './input.ts'
import { openPreviewStore } from './previews.ts'
import { literal } from './sql.ts'

/** Rows to be indexed. */
export interface PartInput {
  /** Parquet, CSV or JSONL files of one schema, or one folder of files. */
  inputs: string[]
  columns: InputColumns
  /** What rows look or sound like whose files are at hand; a folder of files brings its own. */
  contents?: readonly RowContent[]
  /** Keep a small preview of each picture and sound; yes when nothing is said. */
  withPreviews?: boolean
}

/** The indexes of what rows look, sound and read like, in the folder of a part. Rows count from its first. */
export function openContentIndexes(part: string) {
  return {
    pdq: openCodeIndex(join(part, 'pdq')),
    texts: openCodeIndex(join(part, 'texts')),
    features: openFeatureIndex(join(part, 'features')),
    sounds: openAudioIndex(join(part, 'sounds')),
    frames: openFrameIndex(join(part, 'frames')),
    passages: openPassageIndex(join(part, 'passages')),
    previews: openPreviewStore(join(part, 'previews')),
  }
}

export type ContentIndexes = ReturnType<typeof openContentIndexes>

/** Indexes that follow from the rows, and those that need the files themselves. */
export const FROM_ROWS = ['pdq', 'texts', 'passages'] as const
export const FROM_FILES = ['features', 'sounds', 'frames', 'previews'] as const

/** Writes those indexes of a part anew that follow from its rows. Their folders must not be there. */
export async function rebuildFromRows(part: string, base: number, damaged: ReadonlySet<string>): Promise<void> {
  const indexes = openContentIndexes(part)
  await withDuckDb(async (connection) => {
    if (damaged.has('pdq')) await writePictureCodes(connection, part, base, indexes)
    if (damaged.has('texts') || damaged.has('passages')) await writeTexts(connection, part, base, indexes)
  })
}

/** Writes rows and indexes of one part; its first row has the number `base` in the data set. */
export async function buildPart(
  input: PartInput,
  part: string,
  base: number,
): Promise<{ rowCount: number; counts: DatasetCounts }> {
  mkdirSync(part, { recursive: true })
  const indexes = openContentIndexes(part)
  return withDuckDb(async (connection) => {
    takeContents(indexes, input.contents ?? [])
    const { from, unreadable } = await prepareInput(connection, input, part, indexes)
    await writeRows(connection, input.inputs, from, join(part, 'rows.parquet'), base)
    rmSync(join(part, FOLDER_ROWS), { force: true })
    const rowCount = await countRows(connection, part)
    await writePictureCodes(connection, part, base, indexes)
    await writeTexts(connection, part, base, indexes)
    return { rowCount, counts: await countPart(part, unreadable) }
  })
}

/** How many rows of a part have what. */
export async function countPart(part: string, unreadable: number): Promise<DatasetCounts> {
  const { pdq, features, sounds, frames, previews } = openContentIndexes(part)
  const [counted] = await withDuckDb(async (connection) =>
    (await connection.runAndReadAll(`SELECT count(url), count(text), count(sha256) FROM ${rowsOf(part)}`)).getRows(),
  )
  const [url, text, sha256] = counted!.map(Number) as [number, number, number]
  return {
    url,
    text,
    sha256,
    pdq: pdq.info().codes,
    unreadable,
    parts: features.info().pictures,
    sounds: sounds.info().rows,
    films: frames.info().rows,
    previews: previews.info().rows,
  }
}

const FOLDER_ROWS = 'folder.jsonl'

/** Takes what rows look and sound like into the indexes for that. */
function takeContents({ features, sounds, frames, previews }: ContentIndexes, contents: readonly RowContent[]): void {
  features.add(contents.flatMap(({ row, features }) => (features ? [{ row, features }] : [])))
  sounds.add(contents.flatMap(({ row, items }) => (items ? [{ row, items }] : [])))
  frames.add(contents.flatMap(({ row, frames }) => (frames ? [{ row, frames }] : [])))
  previews.add(contents.flatMap(({ row, preview }) => (preview ? [{ row, preview }] : [])))
}

/** A SELECT of the rows, whatever the input is. */
async function prepareInput(
  connection: DuckDBConnection,
  { inputs, columns, withPreviews }: PartInput,
  part: string,
  indexes: ContentIndexes,
): Promise<{ from: string; unreadable: number }> {
  if (!isFolder(inputs)) return { from: await selectInput(connection, inputs, columns), unreadable: 0 }
  const path = join(part, FOLDER_ROWS)
  const unreadable = await identifyFolder(inputs[0]!, path, (contents) => takeContents(indexes, contents), withPreviews)
  const own = { url: 'url', text: 'text', sha256: 'sha256', pdq: 'pdq' }
  return { from: await selectInput(connection, [path], own), unreadable }
}

async function writeRows(
  connection: DuckDBConnection,
  inputs: readonly string[],
  from: string,
  path: string,
  base: number,
): Promise<void> {
  await readable(inputs, () =>
    connection.run(
      `COPY (SELECT row_number() OVER () - 1 + ${base} AS row, url, lower(regexp_extract(url, '^[a-zA-Z]+://(?:[^/?#@]*@)?([^/?#:]+)', 1)) AS host, text, sha256, pdq FROM (${from}))
       TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  )
}

/** Rows of one part are numbered with 32 bits. */
const ROWS_MAX = 2 ** 32 - 1

async function countRows(connection: DuckDBConnection, part: string): Promise<number> {
  const [counted] = (await connection.runAndReadAll(`SELECT count(*) FROM ${rowsOf(part)}`)).getRows()
  const rows = Number(counted![0])
  if (rows > ROWS_MAX)
    throw new ColophonError('too_large', `more than ${ROWS_MAX} rows are not indexed in one piece`, {
      remedy: 'Index some of the files, and add the others with: colophon index add',
    })
  return rows
}

const CODES_AT_ONCE = 500_000

/** Codes of 256 bits in hexadecimal; what is something else is passed over. */
async function writePictureCodes(
  connection: DuckDBConnection,
  part: string,
  base: number,
  { pdq: index }: ContentIndexes,
): Promise<void> {
  const batch = openBatch(index)
  const sql = `SELECT row, pdq FROM ${rowsOf(part)} WHERE pdq IS NOT NULL ORDER BY row`
  for await (const [row, pdq] of streamRows(connection, sql)) {
    if (typeof pdq !== 'string' || !/^[0-9a-f]{64}$/.test(pdq)) continue
    batch.add(Number(row) - base, fromHex(pdq))
  }
  batch.flush()
  await index.close()
}

/** Texts of fewer letters have too few runs of letters to be alike as a whole. */
export const SIMILAR_TEXT_LENGTH_MIN = 200

/** Passages of all texts, and of those that are long enough a code of the whole. */
async function writeTexts(
  connection: DuckDBConnection,
  part: string,
  base: number,
  { passages, texts }: ContentIndexes,
): Promise<void> {
  const batch = openBatch(texts)
  const sql = `SELECT row, text FROM ${rowsOf(part)} WHERE text IS NOT NULL ORDER BY row`
  const read = async function* () {
    for await (const [number, text] of streamRows(connection, sql)) {
      const row = Number(number) - base
      if (String(text).length >= SIMILAR_TEXT_LENGTH_MIN) batch.add(row, isccTextCode(String(text)))
      yield { row, text: normalisePassageText(String(text)) }
    }
  }
  await passages.add(read())
  batch.flush()
  await texts.close()
}

/** Codes that go into an index many at a time. */
function openBatch(index: ContentIndexes['pdq']) {
  const codes = new Uint8Array(CODES_AT_ONCE * 32)
  const numbers = new Uint32Array(CODES_AT_ONCE)
  let held = 0
  const flush = () => {
    if (held > 0) index.add(numbers.slice(0, held), codes.slice(0, held * 32))
    held = 0
  }
  return {
    add(row: number, code: Uint8Array) {
      codes.set(code, held * 32)
      numbers[held++] = row
      if (held === CODES_AT_ONCE) flush()
    },
    flush,
  }
}

function rowsOf(part: string): string {
  return `read_parquet(${literal(join(part, 'rows.parquet'))})`
}

async function* streamRows(connection: DuckDBConnection, sql: string) {
  const reader = await connection.stream(sql)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
    yield* chunk.getRows()
}

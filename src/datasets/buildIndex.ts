import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { normalisePassageText } from '../fingerprints/index.ts'
import { ColophonError, asColophonError, fromHex, isoTime, writeFileDurably } from '../foundation/index.ts'
import { openAudioIndex, openCodeIndex, openFeatureIndex, openPassageIndex } from '../similarity/index.ts'
import { identifyFolder, type RowContent } from './identifyFolder.ts'

/** What a data set is, and where its rows are. */
export interface IndexOptions {
  name: string
  version: string
  source?: string
  contact?: string
  isExample?: boolean
  /** Parquet, CSV or JSONL files of one schema, or one folder of files. */
  inputs: string[]
  /** Which columns hold what, for tables. */
  columns: Partial<Record<'url' | 'text' | 'sha256' | 'pdq', string>>
  /** What rows look or sound like whose files are at hand; a folder of files brings its own. */
  contents?: readonly RowContent[]
  /** The folder that gets one subfolder per data set. */
  directory: string
  now: number
}

export interface DatasetInfo {
  id: string
  name: string
  version: string
  source: string | null
  contact: string | null
  isExample: boolean
  rowCount: number
  /** How many rows have what; `parts` are pictures with local features. */
  counts: {
    url: number
    text: number
    sha256: number
    pdq: number
    unreadable: number
    parts?: number
    sounds?: number
  }
  indexedAt: string
}

/**
 * Indexes a data set: rows into Parquet, picture codes and passages beside them. It is built in a folder of its own and
 * renamed when complete, so a crash leaves nothing half-built under the data set's name.
 */
export async function buildDatasetIndex(options: IndexOptions): Promise<DatasetInfo> {
  const id = `${slug(options.name)}-${slug(options.version)}`
  const target = join(options.directory, id)
  if (existsSync(target)) {
    throw new ColophonError(
      'dataset_exists',
      `the data set ${options.name}, version ${options.version}, is indexed already`,
      {
        where: target,
        remedy: 'Give another version.',
      },
    )
  }
  const building = join(options.directory, `.${id}.building`)
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const duckdb = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '2' })
  const connection = await duckdb.connect()
  const take = openContents(building)
  try {
    take(options.contents ?? [])
    const { reader, columns, unreadable } = await prepareInput(options, building, take)
    const from = await selectFrom(connection, reader, columns)
    await writeRows(connection, from, join(building, 'rows.parquet'))
    const info = await writeCodes(connection, options, id, building, unreadable)
    rmSync(join(building, 'folder.jsonl'), { force: true })
    renameSync(building, target)
    return info
  } catch (error) {
    rmSync(building, { recursive: true, force: true })
    throw error
  } finally {
    connection.closeSync()
    duckdb.closeSync()
  }
}

/** Takes what rows look and sound like into the indexes for that. */
function openContents(building: string): (contents: readonly RowContent[]) => void {
  const features = openFeatureIndex(join(building, 'features'))
  const sounds = openAudioIndex(join(building, 'sounds'))
  return (contents) => {
    features.add(contents.flatMap(({ row, features }) => (features ? [{ row, features }] : [])))
    sounds.add(contents.flatMap(({ row, items }) => (items ? [{ row, items }] : [])))
  }
}

/** A SELECT that gives url, text, sha256 and pdq, whatever the input is. */
async function prepareInput(
  options: IndexOptions,
  building: string,
  take: (contents: readonly RowContent[]) => void,
): Promise<{ reader: string; columns: IndexOptions['columns']; unreadable: number }> {
  const [first] = options.inputs
  if (!first) throw new ColophonError('usage', 'no file to index was given')
  for (const input of options.inputs)
    if (!existsSync(input))
      throw new ColophonError('unreadable_file', 'there is no such file or folder', { where: input })
  if (options.inputs.length > 1 && options.inputs.some((input) => statSync(input).isDirectory())) {
    throw new ColophonError('usage', 'give one folder, or files of one schema')
  }
  if (statSync(first).isDirectory()) {
    const path = join(building, 'folder.jsonl')
    const unreadable = await identifyFolder(first, path, take)
    const columns = { url: 'url', text: 'text', sha256: 'sha256', pdq: 'pdq' }
    return { reader: readerOf([path]), columns, unreadable }
  }
  if (Object.keys(options.columns).length === 0) {
    throw new ColophonError('usage', 'no column was named', {
      remedy: 'Say which column holds what: --url-column, --text-column, --sha256-column, --pdq-column.',
    })
  }
  return { reader: readerOf(options.inputs), columns: options.columns, unreadable: 0 }
}

function readerOf(paths: string[]): string {
  const list = `[${paths.map(literal).join(', ')}]`
  const readers: Record<string, string> = {
    '.parquet': `read_parquet(${list})`,
    '.csv': `read_csv(${list}, all_varchar = true)`,
    '.tsv': `read_csv(${list}, all_varchar = true, delim = '\t')`,
    '.jsonl': `read_json(${list}, format = 'newline_delimited', sample_size = -1)`,
    '.ndjson': `read_json(${list}, format = 'newline_delimited', sample_size = -1)`,
  }
  const reader = readers[extname(paths[0]!).toLowerCase()]
  if (!reader)
    throw new ColophonError('usage', 'only .parquet, .csv, .tsv, .jsonl files and folders can be indexed', {
      where: paths[0]!,
    })
  return reader
}

async function selectFrom(
  connection: DuckDBConnection,
  reader: string,
  columns: IndexOptions['columns'],
): Promise<string> {
  const described = await readable(() => connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}`))
  const types = new Map(described.getRows().map(([name, type]) => [String(name).toLowerCase(), String(type)]))
  const pick = (name: 'url' | 'text' | 'sha256' | 'pdq') => {
    const column = columns[name]
    if (!column) return 'CAST(NULL AS VARCHAR)'
    // Hashes are often kept as bytes.
    return types.get(column.toLowerCase()) === 'BLOB'
      ? `hex(${identifier(column)})`
      : `CAST(${identifier(column)} AS VARCHAR)`
  }
  return `SELECT ${pick('url')} AS url, ${pick('text')} AS text, lower(${pick('sha256')}) AS sha256, lower(${pick('pdq')}) AS pdq FROM ${reader}`
}

async function writeRows(connection: DuckDBConnection, from: string, path: string): Promise<void> {
  await readable(() =>
    connection.run(
      `COPY (SELECT row_number() OVER () - 1 AS row, url, lower(regexp_extract(url, '^[a-zA-Z]+://(?:[^/?#@]*@)?([^/?#:]+)', 1)) AS host, text, sha256, pdq FROM (${from}))
       TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  )
}

/** What DuckDB says of an input that it cannot read, as an error of ours. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const [first, ...rest] = asColophonError(error)
      .message.split('\n')
      .map((line) => line.trim())
    // For a table with an irregular line, which line it is stands further down.
    const line = rest.find((text) => /^(Original Line|Expected Number|CSV Error on Line|.*line \d)/i.test(text))
    throw new ColophonError('dataset_invalid', [first, line].filter(Boolean).join(' ').slice(0, 400), {
      remedy: 'Check the column names and the file.',
      cause: error,
    })
  }
}

async function writeCodes(
  connection: DuckDBConnection,
  options: IndexOptions,
  id: string,
  building: string,
  unreadable: number,
): Promise<DatasetInfo> {
  const rows = `read_parquet(${literal(join(building, 'rows.parquet'))})`
  const [totals] = (
    await connection.runAndReadAll(
      `SELECT count(*) AS rows, count(url) AS url, count(text) AS text, count(sha256) AS sha256, count(pdq) AS pdq FROM ${rows}`,
    )
  ).getRowObjects()
  if (Number(totals!.rows) > ROWS_MAX)
    throw new ColophonError('too_large', `a data set of more than ${ROWS_MAX} rows is not indexed in one piece`, {
      remedy: 'Index its parts as versions of their own.',
    })
  const pictures = await writePictureCodes(connection, rows, join(building, 'pdq'))
  await openPassageIndex(join(building, 'passages')).add(readTexts(connection, rows))
  const info: DatasetInfo = {
    id,
    name: options.name,
    version: options.version,
    source: options.source ?? null,
    contact: options.contact ?? null,
    isExample: options.isExample ?? false,
    rowCount: Number(totals!.rows),
    counts: {
      url: Number(totals!.url),
      text: Number(totals!.text),
      sha256: Number(totals!.sha256),
      pdq: pictures,
      unreadable,
      parts: openFeatureIndex(join(building, 'features')).info().pictures,
      sounds: openAudioIndex(join(building, 'sounds')).info().rows,
    },
    indexedAt: isoTime(options.now),
  }
  writeFileDurably(join(building, 'dataset.json'), JSON.stringify(info, null, 2))
  return info
}

/** Rows are numbered with 32 bits. */
const ROWS_MAX = 2 ** 32 - 1
const CODES_AT_ONCE = 500_000

/** Codes of 256 bits in hexadecimal; what is something else is passed over. Returns how many there are. */
async function writePictureCodes(connection: DuckDBConnection, rows: string, directory: string): Promise<number> {
  const index = openCodeIndex(directory)
  const codes = new Uint8Array(CODES_AT_ONCE * 32)
  const numbers = new Uint32Array(CODES_AT_ONCE)
  let held = 0
  let total = 0
  const flush = () => {
    if (held > 0) index.add(numbers.subarray(0, held), codes.subarray(0, held * 32))
    held = 0
  }
  for await (const [row, pdq] of streamRows(
    connection,
    `SELECT row, pdq FROM ${rows} WHERE pdq IS NOT NULL ORDER BY row`,
  )) {
    if (typeof pdq !== 'string' || !/^[0-9a-f]{64}$/.test(pdq)) continue
    codes.set(fromHex(pdq), held * 32)
    numbers[held++] = Number(row)
    total++
    if (held === CODES_AT_ONCE) flush()
  }
  flush()
  return total
}

async function* readTexts(connection: DuckDBConnection, rows: string) {
  for await (const [row, text] of streamRows(
    connection,
    `SELECT row, text FROM ${rows} WHERE text IS NOT NULL ORDER BY row`,
  ))
    yield { row: Number(row), text: normalisePassageText(String(text)) }
}

async function* streamRows(connection: DuckDBConnection, sql: string) {
  const reader = await connection.stream(sql)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk())
    yield* chunk.getRows()
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function identifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function slug(text: string): string {
  const slugged = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  if (slugged === '')
    throw new ColophonError('usage', 'a data set needs a name and a version with letters or digits', { where: text })
  return slugged.slice(0, 80)
}

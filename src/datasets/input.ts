import { existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, asColophonError } from '../foundation/index.ts'

/** Which columns hold what, for tables. */
export type InputColumns = Partial<Record<'url' | 'text' | 'sha256' | 'pdq', string>>

/** True for one folder of files, false for tables. Errors: `usage`, `unreadable_file`. */
export function isFolder(inputs: readonly string[]): boolean {
  const [first] = inputs
  if (!first) throw new ColophonError('usage', 'no file to index was given')
  for (const input of inputs)
    if (!existsSync(input))
      throw new ColophonError('unreadable_file', 'there is no such file or folder', { where: input })
  const folders = inputs.filter((input) => statSync(input).isDirectory())
  if (folders.length > 0 && inputs.length > 1)
    throw new ColophonError('usage', 'give one folder, or files of one schema')
  return folders.length > 0
}

/** A SELECT that gives url, text, sha256 and pdq of these files. Errors: `usage`, `dataset_invalid`. */
export async function selectInput(
  connection: DuckDBConnection,
  inputs: readonly string[],
  columns: InputColumns,
): Promise<string> {
  if (Object.keys(columns).length === 0) {
    throw new ColophonError('usage', 'no column was named', {
      remedy: 'Say which column holds what: --url-column, --text-column, --sha256-column, --pdq-column.',
    })
  }
  const reader = readerOf(inputs)
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

function readerOf(paths: readonly string[]): string {
  const list = literalList(paths)
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

/** What DuckDB says of an input that it cannot read, as an error of ours. */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
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

/** Opens an in-memory DuckDB for as long as `run` takes. */
export async function withDuckDb<Result>(run: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const duckdb = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '2' })
  const connection = await duckdb.connect()
  try {
    return await run(connection)
  } finally {
    connection.closeSync()
    duckdb.closeSync()
  }
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`
}

function identifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

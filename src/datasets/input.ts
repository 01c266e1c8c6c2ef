import { existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, asColophonError } from '../foundation/index.ts'
import { literalList } from './sql.ts'
import { readAsFirstLineSays, refuseTornTables } from './tornTable.ts'

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
  return selectColumns(connection, inputs, columns, ['url', 'text', 'sha256', 'pdq'])
}

/** As options are written: `cultural-domain` for `culturalDomain`. */
const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const HASHES: ReadonlySet<string> = new Set(['sha256', 'pdq'])

/** A SELECT that gives `names` as texts from the columns that hold them; hashes in small letters, null where none does. */
export async function selectColumns<Name extends string>(
  connection: DuckDBConnection,
  inputs: readonly string[],
  columns: Partial<Record<Name, string>>,
  names: readonly Name[],
): Promise<string> {
  if (Object.keys(columns).length === 0) {
    throw new ColophonError('usage', 'no column was named', {
      remedy: `Say which column holds what: ${names.map((name) => `--${flagOf(name)}-column`).join(', ')}.`,
    })
  }
  const reader = readerOf(inputs)
  if (inputs.every((path) => statSync(path).size === 0))
    throw new ColophonError('dataset_invalid', 'there is nothing in this file, not even the names of its columns', {
      where: inputs[0]!,
      remedy: 'Give the file with its rows; see whether it is whole.',
    })
  await refuseTornTables(connection, inputs)
  const described = await readable(inputs, () => connection.runAndReadAll(`DESCRIBE SELECT * FROM ${reader}`))
  const types = new Map(described.getRows().map(([name, type]) => [String(name).toLowerCase(), String(type)]))
  for (const column of Object.values<string>(columns as Record<string, string>))
    if (!types.has(column.toLowerCase())) await refuseColumn(connection, inputs, column, [...types.keys()])
  const pick = (name: Name) => {
    const column = columns[name]
    if (!column) return 'CAST(NULL AS VARCHAR)'
    const type = types.get(column.toLowerCase())!
    // Mixed values of JSON as what they are, and what is nested as JSON.
    if (type === 'JSON') return `(${identifier(column)} ->> '$')`
    if (/^(STRUCT|MAP|UNION)|\]$/.test(type)) return `CAST(to_json(${identifier(column)}) AS VARCHAR)`
    if (type !== 'BLOB') return `CAST(${identifier(column)} AS VARCHAR)`
    // Hashes are often kept as bytes; other bytes are texts that a writer did not mark as such, or nothing.
    return HASHES.has(name) ? `hex(${identifier(column)})` : `TRY(decode(${identifier(column)}))`
  }
  const picked = names.map((name) => `${HASHES.has(name) ? `lower(${pick(name)})` : pick(name)} AS ${name}`)
  return `SELECT ${picked.join(', ')} FROM ${reader}`
}

/** What DuckDB reads these files with: all of one kind. Errors: `usage`. */
export function readerOf(paths: readonly string[]): string {
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

/** Says why a column is not there: a row that does not agree with the first line of its CSV, or its name. */
async function refuseColumn(
  connection: DuckDBConnection,
  inputs: readonly string[],
  column: string,
  present: readonly string[],
): Promise<never> {
  for (const path of inputs)
    if (extname(path).toLowerCase() === '.csv' && statSync(path).size > 0)
      await readable([path], () => readAsFirstLineSays(connection, path))
  const names = present.slice(0, 20).join(', ').slice(0, 300)
  throw new ColophonError('dataset_invalid', `there is no column ${column}; what can be read has: ${names}`, {
    where: inputs[0]!,
    remedy: 'Check the column names, and whether the file is whole.',
  })
}

/** What DuckDB says of inputs that it cannot read, as an error of ours that names the file. */
export async function readable<Result>(inputs: readonly string[], read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ColophonError) throw error
    const said = asColophonError(error).message
    const [first, ...rest] = said.split('\n').map((line) => line.trim())
    // For a table with an irregular line, which line it is stands further down; `LINE 1` is that of our own question.
    const lines = rest.filter((text) =>
      /^(Original Line|Expected Number|CSV Error on Line|Value with|.*\bline \d)/.test(text),
    )
    // What DuckDB calls a line is a row in CSV, and in JSON one more than the line.
    const message = [first, ...lines]
      .join(' ')
      .replace('CSV Error on Line:', 'in row')
      .replace(/ in line (?=\d)/, ' near line ')
    throw new ColophonError('dataset_invalid', message.slice(0, 400), {
      where: inputs.find((input) => said.includes(input)) ?? inputs[0]!,
      remedy: 'Check the column names, and whether the file is whole.',
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

function identifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

import { existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literalList, readable, readerOf } from '../../datasets/index.ts'
import { ColophonError, sha256OfFile } from '../../foundation/index.ts'

/** The tables of a run: each one file or several of one schema, as .parquet, .csv, .tsv or .jsonl. */
export interface RunFiles {
  works: string[]
  shares: string[]
  uses: string[]
  contributions: string[]
  payees?: string[]
  institutions?: string[]
}

/** Which columns each table has; those with a question mark may be missing. */
export const INPUT_COLUMNS = {
  works: ['work', 'sector'],
  shares: ['work', 'payee', 'share', 'from?', 'until?'],
  uses: ['work', 'uses', 'developer?', 'evidence?', 'measure?', 'line?'],
  contributions: ['developer', 'cents'],
  payees: ['payee', 'status?', 'successor?', 'residence?'],
  institutions: ['institution', 'objects', 'accessible', 'open_licence', 'own_cost_cents'],
} as const
export type InputTable = keyof typeof INPUT_COLUMNS

const IDS: ReadonlySet<string> = new Set(['work', 'payee', 'successor'])
const INTEGER = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/

/** A table that can be asked: its name in the engine, and the kinds of its columns. */
interface Source {
  table: InputTable
  paths: string[]
  types: Map<string, string>
}

/**
 * Makes a view of each table, called like it, with the columns of `INPUT_COLUMNS`: ids as whole numbers where every table
 * has them so, otherwise as texts; whole numbers as such; the rest as texts. Errors: `unreadable_file`, `dataset_invalid`
 * with the file, the row and the reason.
 */
export async function openInputs(connection: DuckDBConnection, files: RunFiles): Promise<Inputs> {
  const sources: Source[] = []
  for (const [table, paths] of Object.entries(files) as [InputTable, string[] | undefined][])
    if (paths && paths.length > 0) sources.push(await describe(connection, table, paths))
  const areNumbers = sources.every(({ types }) =>
    [...types].every(([name, type]) => !IDS.has(name) || INTEGER.test(type)),
  )
  for (const source of sources) await makeView(connection, source, areNumbers)
  const longest = new Map<InputTable, number>()
  for (const source of sources)
    if (isParquet(source.paths)) longest.set(source.table, await longestOf(connection, source.paths))
  const columns = new Map(sources.map(({ table, types }) => [table, new Set(types.keys())]))
  return { files, longest, columns, areNumbers }
}

/** The tables of a run, opened as views; and how many rows the longest file of each has that is in Parquet. */
export interface Inputs {
  files: RunFiles
  /** Whether all ids are whole numbers. */
  areNumbers: boolean
  longest: ReadonlyMap<InputTable, number>
  /** Which columns each table really has. */
  columns: ReadonlyMap<InputTable, ReadonlySet<string>>
}

const isParquet = (paths: readonly string[]) => extname(paths[0]!).toLowerCase() === '.parquet'

async function longestOf(connection: DuckDBConnection, paths: string[]): Promise<number> {
  const read = await connection.runAndReadAll(`SELECT max(num_rows) FROM parquet_file_metadata(${literalList(paths)})`)
  return Number(read.getRows()[0]![0])
}

/** SHA-256 of each file, in the order of table and path: what a run says it was made of. Errors: a file twice. */
export async function digestInputs(files: RunFiles): Promise<{ table: InputTable; file: string; sha256: string }[]> {
  const digests: { table: InputTable; file: string; sha256: string }[] = []
  for (const table of Object.keys(INPUT_COLUMNS) as InputTable[]) {
    for (const path of files[table] ?? []) {
      if (!existsSync(path) || statSync(path).isDirectory())
        throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
      const sha256 = await sha256OfFile(path)
      const same = digests.find((each) => each.table === table && each.sha256 === sha256)
      if (same)
        throw new ColophonError('invalid_input', `the same ${table} are given twice: ${same.file} and ${path}`, {
          remedy: 'Leave one of them out.',
        })
      digests.push({ table, file: path, sha256 })
    }
  }
  return digests
}

async function describe(connection: DuckDBConnection, table: InputTable, paths: string[]): Promise<Source> {
  for (const path of paths)
    if (!existsSync(path) || statSync(path).isDirectory())
      throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const described = await readable(paths, () => connection.runAndReadAll(`DESCRIBE SELECT * FROM ${readerOf(paths)}`))
  const types = new Map(described.getRows().map(([name, type]) => [String(name).toLowerCase(), String(type)]))
  const columns: readonly string[] = INPUT_COLUMNS[table]
  const missing = columns.filter((name) => !name.endsWith('?') && !types.has(name))
  if (missing.length > 0)
    throw new ColophonError(
      'dataset_invalid',
      `${table} have no column ${missing.join(', ')}; there are: ${[...types.keys()].slice(0, 20).join(', ')}`,
      {
        where: paths[0]!,
        remedy: `They take: ${columns.join(', ')}.`,
      },
    )
  const known = columns.map((name) => name.replace('?', ''))
  return { table, paths, types: new Map([...types].filter(([name]) => known.includes(name))) }
}

const NUMBERS = new Set(['share', 'uses', 'cents', 'objects', 'accessible', 'open_licence', 'own_cost_cents'])
/** Numbers from outside have at most 15 digits: they stay exact everywhere. */
const NUMBER_MAX = 999_999_999_999_999
const WHOLE = String.raw`'\s*\d{1,15}\s*'`

async function makeView(
  connection: DuckDBConnection,
  { table, paths, types }: Source,
  areNumbers: boolean,
): Promise<void> {
  const columns = INPUT_COLUMNS[table].map((name) => name.replace('?', ''))
  const picked = columns.map((name) => {
    const type = types.get(name)
    if (type === undefined) return `CAST(NULL AS VARCHAR) AS "${name}"`
    if (NUMBERS.has(name)) return `${INTEGER.test(type) ? `CAST("${name}" AS BIGINT)` : wholeNumber(name)} AS "${name}"`
    return IDS.has(name) && areNumbers
      ? `CAST("${name}" AS BIGINT) AS "${name}"`
      : `nullif(trim(CAST("${name}" AS VARCHAR)), '') AS "${name}"`
  })
  const numbered = isParquet(paths) ? ', file_row_number' : ''
  const reader = readerOf(paths).replace(/\)$/, numbered && ', file_row_number = true)')
  await connection.run(
    `CREATE VIEW "${table}" AS SELECT ${picked.join(', ')}${numbered} FROM ${numbered ? reader : readerOf(paths)}`,
  )
  await connection.run(`CREATE VIEW "raw_${table}" AS SELECT * FROM ${readerOf(paths)}`)
  const bad = columns.filter((name) => types.has(name)).flatMap((name) => badCells(table, name))
  await refuseRows(connection, table, paths, bad)
}

/** NULL where a text, or a number with a fraction, is no whole number that is not negative: neither 1.5, nor NaN, nor -1. */
function wholeNumber(name: string): string {
  return `CASE WHEN regexp_full_match(CAST("${name}" AS VARCHAR), ${WHOLE}) THEN CAST(CAST("${name}" AS VARCHAR) AS BIGINT) END`
}

interface Refusal {
  /** True of a row that may not be. */
  condition: string
  message: string
  /** Whether there is any, as an aggregate that the engine answers from what a file says of its columns. */
  isAny?: string
}

/** What no row of a table may be. */
function badCells(table: InputTable, name: string): Refusal[] {
  const required = INPUT_COLUMNS[table].some((column) => column === name)
  if (NUMBERS.has(name))
    return [
      {
        condition: `"${name}" IS NULL OR "${name}" NOT BETWEEN 0 AND ${NUMBER_MAX}`,
        message: `${name} is not a whole number from 0 to ${NUMBER_MAX}`,
        isAny: `count("${name}") < count(*) OR min("${name}") < 0 OR max("${name}") > ${NUMBER_MAX}`,
      },
    ]
  const missing = required
    ? [{ condition: `"${name}" IS NULL`, message: `${name} is missing`, isAny: `count("${name}") < count(*)` }]
    : []
  if (name === 'evidence') return [...missing, oneOf(name, ['reported', 'listed', 'presumed'])]
  if (name === 'measure') return [...missing, oneOf(name, ['use', 'attribution'])]
  if (name === 'status') return [...missing, oneOf(name, ['located', 'unlocated', 'deceased', 'merged'])]
  if (name === 'from' || name === 'until')
    return [
      ...missing,
      { condition: `"${name}" IS NOT NULL AND TRY_CAST("${name}" AS DATE) IS NULL`, message: `${name} is not a day` },
    ]
  return missing
}

const oneOf = (name: string, words: string[]): Refusal => ({
  condition: `"${name}" IS NOT NULL AND "${name}" NOT IN (${words.map((word) => `'${word}'`).join(', ')})`,
  message: `${name} is none of ${words.join(', ')}`,
})

/** Refuses the table with its first bad row: all conditions are asked in one reading. */
export async function refuseRows(
  connection: DuckDBConnection,
  table: InputTable,
  paths: readonly string[],
  refusals: readonly Refusal[],
): Promise<void> {
  if (refusals.length === 0) return
  const counts = refusals.map(({ condition, isAny }) => isAny ?? `count(*) FILTER (WHERE ${condition}) > 0`)
  const read = await readable(paths, () => connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM "${table}"`))
  const first = read.getRows()[0]!.findIndex((isAny) => isAny === true)
  if (first === -1) return
  const { condition, message } = refusals[first]!
  const found = await connection.runAndReadAll(
    `SELECT row, count(*) OVER () FROM (SELECT row_number() OVER () AS row, * FROM "${table}") WHERE ${condition} ORDER BY row LIMIT 1`,
  )
  const [row, count] = found.getRows()[0]!
  const raw = await connection.runAndReadAll(
    `SELECT COLUMNS(* EXCLUDE row) FROM (SELECT row_number() OVER () AS row, * FROM "raw_${table}") WHERE row = ${row}`,
  )
  const cells = raw.getRows()[0] ?? []
  const told = cells.map((cell) => (cell === null ? '' : String(cell))).join(', ')
  throw new ColophonError('dataset_invalid', `${table}: ${message}`, {
    where: `${paths.join(', ')}, row ${row}: ${told.slice(0, 200)}`,
    remedy: Number(count) > 1 ? `${count} rows are so. Nothing was distributed.` : 'Nothing was distributed.',
  })
}

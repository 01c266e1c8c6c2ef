import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError } from '../../foundation/index.ts'
import { literal, readable, selectColumns, withDuckDb } from '../../datasets/index.ts'
import { languageIdentifier } from '../../languages/index.ts'
import type { Group } from './bootstrap.ts'
import { scriptOf } from './reference.ts'
import { authorityInSql, decadeInSql, foldValue, siteOf, unknownInSql } from './values.ts'

/** What a column of a data set may hold for the indicators. */
export const dimensions = [
  'language',
  'script',
  'country',
  'culturalDomain',
  'gender',
  'creator',
  'year',
  'domain',
  'origin',
  'licence',
  'reservedAtCrawl',
  'reservedNow',
  'translation',
] as const
export type Dimension = (typeof dimensions)[number]
export const indicatorColumns = [...dimensions, 'url', 'text', 'weight'] as const
export type IndicatorColumn = (typeof indicatorColumns)[number]
export type IndicatorColumns = Partial<Record<IndicatorColumn, string>>

/** As the option is written: `cultural-domain-column`. */
export const columnFlag = (name: string) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-column`

/** Groups of one dimension by their value; `''` is what is not known. */
export type Groups = Map<string, Group>

/** Sizes of groups whose values are not kept. */
export interface UnnamedGroups {
  rows: number
  weights: Float64Array
  squares: Float64Array
}

export interface Totals {
  rows: number
  /** Rows that were counted; the others have a weight that is none. */
  counted: number
  weight: number
  squares: number
  groups: Partial<Record<Dimension, Groups>>
  /** Groups beside those, of which only the sizes are kept: of sites and creators, if there are very many. */
  unnamed?: Partial<Record<Dimension, UnnamedGroups>>
  /** Languages were told from the texts, so that some are mistakes. */
  areLanguagesTold?: boolean
}

/** What does not fit into it is written to a folder that is deleted again. */
const DUCKDB_MEMORY = '500MB'
/** Of more sites or creators than the first figure, so many of the largest are named, and of the others the size is kept. */
const GROUPS_MAX = 20_000
const NAMED_MAX = 1000

/**
 * Sums up a data set by each dimension. Rows are read once; nothing of them is kept but sums. Errors: those of the inputs.
 */
export async function aggregate(inputs: readonly string[], columns: IndicatorColumns): Promise<Totals> {
  const present = indicatorColumns.filter((name) => columns[name] !== undefined)
  if (!present.some((name) => name !== 'weight'))
    throw new ColophonError('usage', 'no column was named', {
      remedy: `Say which column holds what: ${indicatorColumns.map((name) => `--${columnFlag(name)}`).join(', ')}.`,
    })
  const folder = mkdtempSync(join(tmpdir(), 'colophon-indicators-'))
  try {
    return await withDuckDb(async (connection) => {
      await connection.run(`SET memory_limit = '${DUCKDB_MEMORY}'; SET temp_directory = ${literal(folder)}`)
      const select = await selectColumns(connection, inputs, columns, present)
      return readable(inputs, async () => {
        const from = `(SELECT *, ${weightOf(present)} AS w FROM (${await onceRead(connection, select, inputs, folder)}))`
        const totals = await readTotals(connection, from)
        for (const name of dimensions) {
          await readGroups(connection, from, name, present, totals)
        }
        await readTexts(connection, from, present, totals)
        return totals
      })
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const weightOf = (present: readonly string[]) =>
  present.includes('weight') ? 'TRY_CAST(weight AS DOUBLE)' : 'CAST(1 AS DOUBLE)'
/** A weight that counts: a number, and not less than nothing. */
const COUNTS = `w >= 0 AND NOT isinf(w) AND NOT isnan(w)`

/** CSV and JSON are read once, into columns; Parquet has them. */
async function onceRead(
  connection: DuckDBConnection,
  select: string,
  inputs: readonly string[],
  folder: string,
): Promise<string> {
  if (extname(inputs[0]!).toLowerCase() === '.parquet') return select
  const path = join(folder, 'columns.parquet')
  await connection.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`)
  return `SELECT * FROM read_parquet(${literal(path)})`
}

async function readTotals(connection: DuckDBConnection, from: string): Promise<Totals> {
  const read = await connection.runAndReadAll(
    `SELECT count(*), count(*) FILTER (${COUNTS}), coalesce(sum(w) FILTER (${COUNTS}), 0), coalesce(sum(w * w) FILTER (${COUNTS}), 0) FROM ${from}`,
  )
  const [rows, counted, weight, squares] = read.getRows()[0]!.map(Number) as [number, number, number, number]
  if (!Number.isFinite(weight) || !Number.isFinite(squares))
    throw new ColophonError('dataset_invalid', 'the weights are so large that they cannot be summed up', {
      remedy: 'Check the column of weights, or give it in a larger unit.',
    })
  return { rows, counted, weight, squares, groups: {} }
}

/** How the value of a dimension is read in SQL, where a column for it is there. */
function expressionOf(name: Dimension, present: readonly string[]): string | undefined {
  if (name === 'domain' && !present.includes('domain') && present.includes('url')) return authorityInSql('url')
  if (!present.includes(name)) return undefined
  return name === 'year' ? decadeInSql(name) : `trim(${name})`
}

async function readGroups(
  connection: DuckDBConnection,
  from: string,
  name: Dimension,
  present: readonly string[],
  totals: Totals,
): Promise<void> {
  const expression = expressionOf(name, present)
  if (!expression) return
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE sums AS SELECT coalesce(${expression}, '') AS value, count(*) AS n, sum(w) AS w, sum(w * w) AS w2 FROM ${from} WHERE ${COUNTS} GROUP BY value`,
  )
  if (name === 'domain') await sumSites(connection, !present.includes('domain'))
  const isOpen = name === 'domain' || name === 'creator'
  const count = Number((await connection.runAndReadAll('SELECT count(*) FROM sums')).getRows()[0]![0])
  const groups: Groups = (totals.groups[name] = new Map())
  if (!isOpen || count <= GROUPS_MAX) {
    await eachSum(connection, 'SELECT value, n, w, w2 FROM sums', (value, rows, weight, squares) =>
      addTo(groups, foldValue(name, value), rows, weight, squares),
    )
  } else {
    const largest = `SELECT value FROM sums ORDER BY w DESC, value LIMIT ${NAMED_MAX}`
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ranked AS SELECT *, value IN (${largest}) OR ${unknownInSql('value')} AS named FROM sums`,
    )
    await eachSum(connection, 'SELECT value, n, w, w2 FROM ranked WHERE named', (value, rows, weight, squares) =>
      addTo(groups, foldValue(name, value), rows, weight, squares),
    )
    totals.unnamed = { ...totals.unnamed, [name]: await unnamedOf(connection, count) }
    await connection.run('DROP TABLE ranked')
  }
  await connection.run('DROP TABLE sums')
}

async function unnamedOf(connection: DuckDBConnection, most: number): Promise<UnnamedGroups> {
  const [weights, squares] = [new Float64Array(most), new Float64Array(most)]
  let [at, all] = [0, 0]
  await eachSum(
    connection,
    `SELECT '' AS value, n, w, w2 FROM ranked WHERE NOT named AND w > 0`,
    (_, rows, weight, square) => {
      weights[at] = weight
      squares[at++] = square
      all += rows
    },
  )
  return { rows: all, weights: weights.slice(0, at), squares: squares.slice(0, at) }
}

/** Puts hosts of one site together: each is looked up once, in pieces, so that not all of them are in memory. */
async function sumSites(connection: DuckDBConnection, areHosts: boolean): Promise<void> {
  if (!areHosts) return
  await connection.run('CREATE OR REPLACE TEMP TABLE sites (value VARCHAR, n BIGINT, w DOUBLE, w2 DOUBLE)')
  const appender = await connection.createAppender('sites')
  const read = await connection.run('SELECT value, n, w, w2 FROM sums')
  for (let chunk = await read.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await read.fetchChunk()) {
    const [values, rows, weights, squares] = chunk.getColumns() as [string[], bigint[], number[], number[]]
    for (let i = 0; i < chunk.rowCount; i++) {
      appender.appendVarchar(siteOf(values[i]!))
      appender.appendBigInt(BigInt(rows[i]!))
      appender.appendDouble(weights[i]!)
      appender.appendDouble(squares[i]!)
      appender.endRow()
    }
  }
  appender.closeSync()
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE sums AS SELECT value, CAST(sum(n) AS BIGINT) AS n, sum(w) AS w, sum(w2) AS w2 FROM sites GROUP BY value; DROP TABLE sites',
  )
}

async function eachSum(
  connection: DuckDBConnection,
  select: string,
  take: (value: string, rows: number, weight: number, squares: number) => void,
): Promise<void> {
  const reader = await connection.stream(select)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    const [values, rows, weights, squares] = chunk.getColumns() as [string[], bigint[], number[], number[]]
    for (let i = 0; i < chunk.rowCount; i++) take(values[i]!, Number(rows[i]), weights[i]!, squares[i]!)
  }
}

/**
 * A language that is told with less certainty is counted as not identified: in a large data set of one language, a few
 * mistakes in a hundred would make many others seem to be there.
 */
const CONFIDENCE_MIN = 0.99

/** A data set without a column of languages has them told from its texts; scripts too. */
async function readTexts(
  connection: DuckDBConnection,
  from: string,
  present: readonly string[],
  totals: Totals,
): Promise<void> {
  const { groups } = totals
  if (!present.includes('text') || (groups.language && groups.script)) return
  totals.areLanguagesTold = groups.language === undefined
  const { identify } = languageIdentifier()
  const [languages, scripts]: [Groups, Groups] = [new Map(), new Map()]
  const reader = await connection.stream(`SELECT substr(text, 1, 2000) AS text, w FROM ${from} WHERE ${COUNTS}`)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    const [texts, weights] = chunk.getColumns() as [(string | null)[], number[]]
    for (let i = 0; i < chunk.rowCount; i++) {
      const text = texts[i] ?? ''
      const weight = weights[i]!
      if (!groups.language) {
        const { code, confidence } = identify(text)
        addTo(languages, confidence < CONFIDENCE_MIN ? '' : code, 1, weight, weight * weight)
      }
      const script = scriptOf(text)
      addTo(scripts, script === 'Zyyy' ? '' : script, 1, weight, weight * weight)
    }
  }
  groups.language ??= languages
  groups.script ??= scripts
}

function addTo(groups: Groups, value: string, rows: number, weight: number, squares: number): void {
  const group = groups.get(value)
  if (group) {
    group.rows += rows
    group.weight += weight
    group.squares += squares
  } else groups.set(value, { rows, weight, squares })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal, readable, selectColumns, withDuckDb } from '../../datasets/index.ts'
import { languageIdentifier } from '../../languages/index.ts'
import type { Group } from './bootstrap.ts'
import { scriptOf } from './reference.ts'
import { authorityInSql, decadeInSql, foldValue, siteOf } from './values.ts'

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

/** Groups of one dimension by their value; `''` is what is not known. */
export type Groups = Map<string, Group>

export interface Totals {
  rows: number
  /** Rows that were counted; the others have a weight that is none. */
  counted: number
  weight: number
  squares: number
  groups: Partial<Record<Dimension, Groups>>
  /** Languages were told from the texts, so that some are mistakes. */
  areLanguagesTold?: boolean
}

/**
 * Sums up a data set by each dimension. Rows are read once; nothing of them is kept but sums. Errors: those of the inputs.
 */
export async function aggregate(inputs: readonly string[], columns: IndicatorColumns): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-indicators-'))
  try {
    return await withDuckDb(async (connection) => {
      const present = indicatorColumns.filter((name) => columns[name] !== undefined)
      const select = await selectColumns(connection, inputs, columns, present)
      return readable(inputs, async () => {
        const from = `(SELECT *, ${weightOf(present)} AS w FROM (${await onceRead(connection, select, inputs, folder)}))`
        const totals = await readTotals(connection, from)
        for (const name of dimensions) {
          const groups = await groupsOf(connection, from, name, present)
          if (groups) totals.groups[name] = groups
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
  return { rows, counted, weight, squares, groups: {} }
}

/** How the value of a dimension is read in SQL, where a column for it is there. */
function expressionOf(name: Dimension, present: readonly string[]): string | undefined {
  if (name === 'domain' && !present.includes('domain') && present.includes('url')) return authorityInSql('url')
  if (!present.includes(name)) return undefined
  return name === 'year' ? decadeInSql(name) : `trim(${name})`
}

async function groupsOf(
  connection: DuckDBConnection,
  from: string,
  name: Dimension,
  present: readonly string[],
): Promise<Groups | undefined> {
  const expression = expressionOf(name, present)
  if (!expression) return undefined
  const isHost = name === 'domain' && !present.includes('domain')
  const groups: Groups = new Map()
  const reader = await connection.stream(
    `SELECT coalesce(${expression}, '') AS value, count(*) AS n, sum(w) AS w, sum(w * w) AS w2 FROM ${from} WHERE ${COUNTS} GROUP BY value`,
  )
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    const [values, rows, weights, squares] = chunk.getColumns() as [string[], bigint[], number[], number[]]
    for (let i = 0; i < chunk.rowCount; i++)
      addTo(
        groups,
        isHost ? siteOf(values[i]!) : foldValue(name, values[i]!),
        Number(rows[i]),
        weights[i]!,
        squares[i]!,
      )
  }
  return groups
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

import { createHash } from 'node:crypto'
import type { Indicator, IndicatorTable } from '../indicator.ts'

/** Indicators of a data set as they are published: of what, when, and how much was counted. */
export interface IndicatorRelease {
  dataset: string
  /** When they were computed, ISO 8601. */
  at: string
  rows: number
  /** Rows that have a weight; the others are in no figure. */
  counted: number
  weight: number
  weightBasis: string
  indicators: Indicator[]
}

/** What the codes of an observation's status mean, as SDMX's code list CL_OBS_STATUS says. */
export const OBSERVATION_STATUS = {
  A: 'Normal value',
  O: 'Missing value',
  Q: 'Missing value; suppressed',
} as const
export type ObservationStatus = keyof typeof OBSERVATION_STATUS

/** Codes that SDMX keeps for what is none of a list: the whole, the rest, and where the list does not apply. */
export const TOTAL = '_T'
export const OTHER = '_O'
export const NOT_APPLICABLE = '_Z'

export const NO_SUM = 'There is no sum of these indicators: they measure different things.'
export const INTERVAL_MEANS =
  '95% interval of a bootstrap over rows: how a figure would vary among data sets drawn like this one.'

const CODE_MAX = 100
const CODE_KEPT = 80

/**
 * A code for any text, of the characters that SDMX allows in one (IDType: letters, digits, `_`, `@`, `$`, `-`). Letters
 * and digits of ASCII stay, another character is its number: `share:male` is `share$3A$male`. Different texts have
 * different codes, and none of them is one of SDMX's own (`_T`). A long one ends with its digest.
 */
export function codeOf(text: string): string {
  let code = text === '' ? '$$' : ''
  for (const character of text)
    code += /[A-Za-z0-9]/.test(character) ? character : `$${character.codePointAt(0)!.toString(16).toUpperCase()}$`
  if (code.length <= CODE_MAX) return code
  const digest = createHash('sha256').update(JSON.stringify(text)).digest('hex')
  return `${code.slice(0, CODE_KEPT)}-${digest.slice(0, 16)}`
}

export interface Column {
  code: string
  label: string
  unit: string
  /** Its place in the rows of the table. */
  index: number
}

/** A table as a cube: rows by their code, and the columns that hold numbers. */
export interface Cube {
  /** What the first column is called. */
  key: string
  /** What the column is called that names rows in words: often the first one, too. */
  nameKey: string
  columns: Column[]
  rows: { code: string; name: string; values: (number | null)[] }[]
}

/** The first column names a row, another column of texts says its name in words; the others are numbers. */
export function cubeOf({ columns, rows }: IndicatorTable): Cube {
  const isText = columns.map((_, i) => i === 0 || rows.some((row) => typeof row[i] === 'string'))
  const named = isText.indexOf(true, 1)
  const [uniqueColumn, uniqueRow] = [unique(), unique()]
  const numbers = columns
    .map((label, index) => ({ code: columnCode(label), label, unit: unitOfColumn(label), index }))
    .filter(({ index }) => !isText[index])
    .map((column) => ({ ...column, code: uniqueColumn(column.code) }))
  return {
    key: columns[0] ?? '',
    nameKey: columns[Math.max(0, named)] ?? '',
    columns: numbers,
    rows: rows.map((row) => ({
      code: uniqueRow(codeOf(String(row[0] ?? ''))),
      name: String(row[Math.max(0, named)] ?? ''),
      values: numbers.map(({ index }) => finite(row[index])),
    })),
  }
}

/** JSON and CSV have no word for what is no number. */
export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const columnCode = (label: string) =>
  /^[a-z]+( [a-z]+)*$/.test(label)
    ? label.replace(/ ([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : codeOf(label)

/** A code that was there before gets a number: a cube has each code once. */
function unique(): (code: string) => string {
  const seen = new Set<string>()
  return (code) => {
    let [one, count] = [code, 1]
    while (seen.has(one)) one = `${code}-${++count}`
    seen.add(one)
    return one
  }
}

const UNITS = new Map([
  ['rows', 'count'],
  ['weight', 'weight'],
  ['share', 'share'],
  ['share of speakers', 'share'],
  ['parity', 'ratio'],
  ['speakers', 'persons'],
  ['inhabitants', 'persons'],
  ['weight per million', 'weight per million persons'],
])

export function unitOfColumn(label: string): string {
  return UNITS.get(label) ?? 'number'
}

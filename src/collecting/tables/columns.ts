import { ColophonError } from '../../foundation/index.ts'
import { fieldOfHeading, isScheme, tableFields, type TableField } from './headings.ts'
import type { ColumnReading } from '../record.ts'
import { guessIdentifier } from '../toWork.ts'

/** How a table is read: what each of its columns is. */
export interface TableReading {
  hasHeading: boolean
  columns: ColumnReading[]
}

/** `--map`: fields by the heading of a column, or by its number. */
export type ColumnMap = ReadonlyMap<string, string>

/** Reads `title=Titel,url=Link`; a heading with a comma is named by its number: `title=#3`. */
export function readColumnMap(text: string): ColumnMap {
  const map = new Map<string, string>()
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const field = part.slice(0, equals).trim()
    const heading = part.slice(equals + 1).trim()
    if (equals < 1 || heading === '' || !['none', ...tableFields].includes(field))
      throw new ColophonError('usage', '--map is written as FIELD=HEADING,…', {
        where: part.trim().slice(0, 100),
        remedy: `Fields: ${tableFields.join(', ')}; none for what is not to be read. A column’s number is written #3.`,
      })
    map.set(heading.toLowerCase(), field)
  }
  return map
}

const SINGLE: readonly string[] = ['id', 'title', 'language', 'sha256', 'role']
/** So many of the values must be of one kind before they tell what a column is. */
const SHARE_MIN = 0.8

/**
 * Tells what the columns of a table are, from its first rows: by what was said (`--map`), by their headings, and, where
 * a heading says nothing, by values that leave no doubt. A list without a heading is read by its values alone.
 */
export function readColumns(rows: readonly string[][], map: ColumnMap): TableReading {
  const [first = [], ...rest] = rows
  const hasHeading = isHeading(first, map)
  const values = hasHeading ? rest : rows
  const width = hasHeading ? first.length : usualWidth(rows)
  const names = Array.from(
    { length: width },
    (_, i) => (hasHeading ? (first[i] ?? '').trim() : '') || `column ${i + 1}`,
  )
  checkMap(map, names)
  const taken = new Set<string>()
  const columns = names.map((column, i): ColumnReading => {
    const found = values.map((row) => row[i] ?? '').filter((value) => value.trim() !== '')
    const example = (found[0] ?? '').slice(0, 80)
    const said = map.get(column.toLowerCase()) ?? map.get(`#${i + 1}`)
    if (said !== undefined) return { column, field: said === 'none' ? undefined : said, why: 'named', example }
    return { column, ...guessColumn(hasHeading ? fieldOfHeading(column) : undefined, found), example }
  })
  for (const reading of columns) if (reading.why === 'named' && reading.field) taken.add(reading.field)
  for (const reading of columns) if (reading.why !== 'named') keepOne(reading, taken)
  if (!columns.some(({ field }) => field === 'title')) findTitle(columns, values)
  return { hasHeading, columns }
}

/** A row with a separator too many does not make a table wider. */
function usualWidth(rows: readonly string[][]): number {
  const widths = [...Map.groupBy(rows, ({ length }) => length)].sort((a, b) => b[1].length - a[1].length)
  return widths[0]?.[0] ?? 0
}

/** A first row in which a value stands is no heading; neither is one of a list of numbers. */
function isHeading(first: readonly string[], map: ColumnMap): boolean {
  if (first.some((cell) => map.has(cell.trim().toLowerCase()) || fieldOfHeading(cell) !== undefined)) return true
  return !first.some((cell) => guessIdentifier(cell) !== undefined || isUrl(cell))
}

function isUrl(text: string): boolean {
  return /^(https?:\/\/|www\.)\S+$/i.test(text.trim())
}

function checkMap(map: ColumnMap, names: readonly string[]): void {
  for (const heading of map.keys()) {
    const number = /^#(\d{1,4})$/.exec(heading)?.[1]
    const isThere = number ? Number(number) >= 1 && Number(number) <= names.length : undefined
    if (isThere ?? names.some((name) => name.toLowerCase() === heading)) continue
    throw new ColophonError('usage', '--map names a column that is not there', {
      where: heading.slice(0, 100),
      remedy: `The columns are: ${names.join(', ').slice(0, 1000)}.`,
    })
  }
}

function guessColumn(named: TableField | undefined, values: readonly string[]): Pick<ColumnReading, 'field' | 'why'> {
  // A heading such as “Signatur” or “Reference” can stand over standard numbers; what is named as one is one.
  const valued = values.length === 0 ? undefined : fieldOfValues(values)
  if (named && (isScheme(named) || valued === undefined || !['id', 'identifier'].includes(named)))
    return fitsValues(named, values) ? { field: named, why: 'heading' } : { field: undefined, why: 'not read' }
  if (valued) return { field: valued, why: 'values' }
  return named ? { field: named, why: 'heading' } : { field: undefined, why: 'not read' }
}

/** A column “Bild” or “Image” that holds no addresses is not one of addresses. */
function fitsValues(field: TableField, values: readonly string[]): boolean {
  if (field !== 'url' || values.length === 0) return true
  return values.filter((value) => value.split(/[|\s]+/).some(isUrl)).length >= values.length / 2
}

function fieldOfValues(values: readonly string[]): TableField | undefined {
  const counts = new Map<TableField, number>()
  for (const value of values) {
    const scheme = guessIdentifier(value)?.scheme
    const field = scheme ?? (isUrl(value) ? 'url' : /^[0-9a-f]{64}$/i.test(value.trim()) ? 'sha256' : undefined)
    if (field) counts.set(field as TableField, (counts.get(field as TableField) ?? 0) + 1)
  }
  const [field, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [undefined, 0]
  return count >= values.length * SHARE_MIN ? field : undefined
}

/** Of several columns for what a work has once, the first one counts. */
function keepOne(reading: ColumnReading, taken: Set<string>): void {
  if (!reading.field || !SINGLE.includes(reading.field)) return
  if (taken.has(reading.field)) Object.assign(reading, { field: undefined, why: 'not read' })
  else taken.add(reading.field)
}

/** In a table that names no title, the only column of words is one. */
function findTitle(columns: ColumnReading[], values: readonly string[][]): void {
  const wordy = columns.filter(({ field, why }, i) => {
    if (field !== undefined || why === 'named') return false
    const texts = values.map((row) => row[i] ?? '').filter((value) => value.trim() !== '')
    return texts.length > 0 && texts.filter((text) => /\p{L}{2}/u.test(text)).length >= texts.length * SHARE_MIN
  })
  if (wordy.length === 1) Object.assign(wordy[0]!, { field: 'title', why: 'values' })
}

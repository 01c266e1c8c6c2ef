import { tooLarge, type ColumnReading, type OpenSource, type SourceRecord, collectingLimits } from '../record.ts'
import { readColumns, type ColumnMap } from './columns.ts'
import type { Row } from './delimited.ts'
import { isScheme } from './headings.ts'
import { unreadable } from '../record.ts'

/**
 * Opens rows as records: the first of them are read to tell what the columns are, and come again as records.
 * `unit` is what a row is called where it stands: a line of a text, a row of a spreadsheet.
 */
export async function openTable(
  rows: AsyncIterable<Row>,
  map: ColumnMap,
  source: { format: string; where: string; unit: string },
): Promise<OpenSource> {
  const iterator = rows[Symbol.asyncIterator]()
  const sample: Row[] = []
  while (sample.length < collectingLimits.sampleRows) {
    const { value, done } = await iterator.next()
    if (done) break
    if (value.problem || value.cells.some((cell: string) => cell.trim() !== '')) sample.push(value)
  }
  const sound = sample.filter(({ problem }) => !problem)
  if (sound.length === 0)
    throw unreadable('there are no rows in it', source.where, 'Give a table with one work in each row.')
  const { columns, hasHeading } = readColumns(
    sound.map(({ cells }) => cells),
    map,
  )
  if (columns.length > collectingLimits.columnsMax)
    throw tooLarge(`the table has more than ${collectingLimits.columnsMax} columns`, source.where)
  const heading = hasHeading ? sound[0] : undefined
  return { format: source.format, columns, records: records(sample, iterator, heading, columns, source.unit) }
}

async function* records(
  sample: Row[],
  rest: AsyncIterator<Row>,
  heading: Row | undefined,
  columns: readonly ColumnReading[],
  unit: string,
): AsyncGenerator<SourceRecord> {
  const fields = columns.map(({ field }) => field)
  for (const row of sample) if (row !== heading) yield* recordOf(row, fields, unit)
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield* recordOf(next.value, fields, unit)
}

function* recordOf(row: Row, fields: readonly (string | undefined)[], unit: string): Generator<SourceRecord> {
  const place = `${unit} ${row.line}`
  if (row.problem) yield { place, problem: row.problem }
  else if (row.cells.some((cell) => cell.includes('\ufffd')))
    yield {
      place,
      problem: { field: 'row', what: 'a letter in it cannot be read', remedy: 'Save the table as UTF-8 again.' },
    }
  else if (row.cells.slice(fields.length).some((cell) => cell.trim() !== ''))
    yield {
      place,
      problem: {
        field: 'row',
        what: `it has ${row.cells.length} cells, and there are ${fields.length} columns`,
        remedy: 'Put a cell that holds the separator into quotes.',
      },
    }
  else if (row.cells.some((cell) => cell.trim() !== '')) yield rowRecord(place, row.cells, fields)
}

const YES = /^(true|yes|y|1|x|ja|j|wahr|oui|vrai|si|sí|sì|vero|verdadero|tak|ano|sim|public domain)$/i

/** Names or numbers of one cell, when it holds several. */
function partsOf(cell: string): string[] {
  return cell
    .split(/[;|\n]| \/ /)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function rowRecord(place: string, cells: readonly string[], fields: readonly (string | undefined)[]): SourceRecord {
  const record: SourceRecord = { place }
  let role: string | undefined
  for (const [i, field] of fields.entries()) {
    const cell = cells[i]?.trim() ?? ''
    if (cell === '' || field === undefined) continue
    if (field === 'title') record.title = cell
    else if (field === 'id') record.id = cell
    else if (field === 'language') record.language = cell
    else if (field === 'sha256') record.sha256 = cell
    else if (field === 'role') role = cell
    else if (field === 'creator') (record.creators ??= []).push(...partsOf(cell).map((name) => ({ name })))
    else if (field === 'kind') (record.kinds ??= []).push(cell)
    else if (field === 'rights') (record.rights ??= []).push(cell)
    else if (field === 'free') {
      if (YES.test(cell)) (record.rights ??= []).push('public domain')
    } else if (field === 'url') (record.urls ??= []).push(...addressesOf(cell))
    else if (isScheme(field)) (record.identifiers ??= []).push({ scheme: field, value: cell })
    else if (field === 'identifier') (record.identifiers ??= []).push(...partsOf(cell).map((value) => ({ value })))
  }
  if (role !== undefined) record.creators?.forEach((creator) => (creator.role = role))
  if (record.kinds) record.otherTitle = record.kinds[0]!
  return record
}

/** Several addresses stand in one cell with a bar, a space or a semicolon between them; spaces inside of one are its own. */
function addressesOf(cell: string): string[] {
  return cell
    .split(/[|\n]|(?<=[\s;])(?=https?:\/\/)/i)
    .map((part) => part.trim())
    .map((part) => (part.endsWith(';') ? part.slice(0, -1) : part))
}

import { Parser } from 'htmlparser2'
import type { Row } from './delimited.ts'
import { collectingLimits, tooLarge, unreadable } from '../record.ts'
import { openZip, type ZipFile } from './zipStream.ts'

/** True when the bytes are those of a ZIP file: every XLSX and ODS is one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/** Rows of the first sheet of a spreadsheet (XLSX or ODS), in bounded memory. Errors: `unreadable_file`, `too_large`. */
export function readSpreadsheet(path: string): { format: string; rows: AsyncIterable<Row> } {
  const zip = openZip(path)
  if (zip.names.includes('xl/workbook.xml')) return { format: 'XLSX', rows: readXlsx(zip, path) }
  if (zip.names.includes('content.xml')) return { format: 'ODS', rows: readOds(zip) }
  throw unreadable('it is neither an XLSX nor an ODS spreadsheet', path, 'Save the table as XLSX, ODS or CSV.')
}

async function* readXlsx(zip: ZipFile, path: string): AsyncGenerator<Row> {
  const shared = zip.names.includes('xl/sharedStrings.xml') ? readSharedTexts(zip, path) : []
  const rows: Row[] = []
  const parser = new Parser(new XlsxRows(shared, rows), { xmlMode: true })
  for (const text of zip.read(firstSheet(zip, path))) {
    parser.write(text)
    yield* rows.splice(0)
  }
  parser.end()
  yield* rows
}

/** The part that holds the first sheet, by the workbook and its relations. */
function firstSheet(zip: ZipFile, path: string): string {
  const workbook = beginningOf(zip, 'xl/workbook.xml')
  const id = /<(?:\w+:)?sheet\s[^<>]*?\br:id="([^"]+)"/.exec(workbook)?.[1]
  const relations = zip.names.includes('xl/_rels/workbook.xml.rels')
    ? beginningOf(zip, 'xl/_rels/workbook.xml.rels')
    : ''
  const relation = (relations.match(/<Relationship\s[^<>]*>/g) ?? []).find((tag) => tag.includes(`Id="${id}"`))
  const target = /Target="([^"]+)"/.exec(relation ?? '')?.[1] ?? 'worksheets/sheet1.xml'
  const name = target.startsWith('/') ? target.slice(1) : `xl/${target}`
  if (zip.names.includes(name)) return name
  throw unreadable('its first sheet is missing', path, 'Save it again, or as CSV.')
}

const BEGINNING_CHARACTERS = 1024 * 1024

/** These parts are small, and what is not small in them is not looked at. */
function beginningOf(zip: ZipFile, name: string): string {
  let text = ''
  for (const piece of zip.read(name)) {
    text += piece
    if (text.length > BEGINNING_CHARACTERS) break
  }
  return text
}

/** Texts that cells point to. A text in pieces of different fonts is one; what is written above it for its sound is not. */
function readSharedTexts(zip: ZipFile, path: string): string[] {
  const texts: string[] = []
  let text: string | undefined
  let isSpoken = false
  let isText = false
  let characters = 0
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === 'si') text = ''
        else if (name === 'rPh') isSpoken = true
        else if (name === 't') isText = true
      },
      ontext(data) {
        if (isText && !isSpoken && text !== undefined) text += data
      },
      onclosetag(name) {
        if (name === 't') isText = false
        else if (name === 'rPh') isSpoken = false
        else if (name === 'si') {
          characters += text?.length ?? 0
          texts.push(text ?? '')
          text = undefined
        }
      },
    },
    { xmlMode: true },
  )
  for (const piece of zip.read('xl/sharedStrings.xml')) {
    parser.write(piece)
    if (characters > collectingLimits.sharedTextBytesMax)
      throw tooLarge('its texts are too large for memory', path, 'Save it as CSV.')
  }
  parser.end()
  return texts
}

class XlsxRows {
  readonly #shared: readonly string[]
  readonly #rows: Row[]
  #row: Row | undefined
  #cell: { column: number; type: string; text: string } | undefined
  #isValue = false
  #line = 0

  constructor(shared: readonly string[], rows: Row[]) {
    this.#shared = shared
    this.#rows = rows
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    if (name === 'row') {
      this.#line = Number(attributes.r ?? this.#line + 1) || this.#line + 1
      this.#row = { line: this.#line, cells: [] }
    } else if (name === 'c' && this.#row) {
      const column = columnOf(attributes.r) ?? this.#row.cells.length
      this.#cell = { column, type: attributes.t ?? 'n', text: '' }
    } else if (name === 'v' || name === 't') this.#isValue = true
  }

  ontext(data: string): void {
    if (this.#isValue && this.#cell && this.#cell.text.length < collectingLimits.recordCharactersMax)
      this.#cell.text += data
  }

  onclosetag(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false
    else if (name === 'c' && this.#cell && this.#row) {
      const { column, type, text } = this.#cell
      if (column < collectingLimits.columnsMax) {
        while (this.#row.cells.length < column) this.#row.cells.push('')
        this.#row.cells[column] = type === 's' ? (this.#shared[Number(text)] ?? '') : type === 'e' ? '' : text
      }
      this.#cell = undefined
    } else if (name === 'row' && this.#row) {
      this.#rows.push(this.#row)
      this.#row = undefined
    }
  }
}

/** `C7` is in the third column: 2. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1]
  if (!letters) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

async function* readOds(zip: ZipFile): AsyncGenerator<Row> {
  const rows: Row[] = []
  const handler = new OdsRows(rows)
  const parser = new Parser(handler, { xmlMode: true })
  for (const text of zip.read('content.xml')) {
    parser.write(text)
    yield* rows.splice(0)
    if (handler.isOver) return
  }
  parser.end()
  yield* rows
}

class OdsRows {
  isOver = false
  readonly #rows: Row[]
  #cells: string[] | undefined
  #cell: { text: string; repeat: number; paragraphs: number } | undefined
  #isParagraph = false
  #isNote = 0
  #repeatRow = 1
  #line = 1

  constructor(rows: Row[]) {
    this.#rows = rows
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    if (this.isOver) return
    if (name === 'table:table-row') {
      this.#cells = []
      this.#repeatRow = repeatOf(attributes['table:number-rows-repeated'])
    } else if (name === 'table:table-cell' || name === 'table:covered-table-cell') {
      this.#cell = { text: '', repeat: repeatOf(attributes['table:number-columns-repeated']), paragraphs: 0 }
    } else if (name === 'office:annotation') this.#isNote++
    else if (name === 'text:p' && this.#cell && this.#isNote === 0) {
      if (this.#cell.paragraphs++ > 0) this.#cell.text += '\n'
      this.#isParagraph = true
    } else if (name === 'text:s' && this.#isParagraph) this.ontext(' ')
  }

  ontext(data: string): void {
    if (this.#isParagraph && this.#cell && this.#cell.text.length < collectingLimits.recordCharactersMax)
      this.#cell.text += data
  }

  onclosetag(name: string): void {
    if (this.isOver) return
    if (name === 'text:p') this.#isParagraph = false
    else if (name === 'office:annotation') this.#isNote--
    else if (name === 'table:table-cell' || name === 'table:covered-table-cell') this.#endCell()
    else if (name === 'table:table-row') this.#endRow()
    else if (name === 'table:table') this.isOver = true
  }

  #endCell(): void {
    const { text, repeat } = this.#cell ?? { text: '', repeat: 0 }
    this.#cell = undefined
    // What fills a sheet to its end is one empty cell that is repeated, and stands for nothing.
    const times = Math.min(repeat, collectingLimits.columnsMax - this.#cells!.length)
    for (let i = 0; i < times; i++) this.#cells!.push(text)
  }

  #endRow(): void {
    const cells = this.#cells ?? []
    while (cells.length > 0 && cells.at(-1) === '') cells.pop()
    const line = this.#line
    this.#line += this.#repeatRow
    // A row that is repeated says the same again.
    if (cells.length > 0) this.#rows.push({ line, cells })
  }
}

function repeatOf(text: string | undefined): number {
  const repeat = Number(text ?? 1)
  return Number.isInteger(repeat) && repeat > 0 ? repeat : 1
}

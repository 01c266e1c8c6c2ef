import { collectingLimits, type Problem } from '../record.ts'

/** A row of a table, with the number of the line that it begins on. */
export interface Row {
  line: number
  cells: string[]
  problem?: Problem
}

/** Behind so many quotes that nobody closed, a quote is a character like any other. */
const OPEN_QUOTES_MAX = 20

/**
 * Rows of delimited text by RFC 4180, and as people write it: any line ends, quotes anywhere but at the beginning of a
 * cell are characters, rows may be of any length. A quote that is never closed costs the line it stands on and no other.
 *
 * @example readRows(text, ';') // { line: 1, cells: ['Titel', 'Urheber'] }, …
 */
export async function* readRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<Row> {
  let buffer = ''
  let at = 0
  let line = 1
  let openQuotes = 0
  const take = (isEnd: boolean): Row | undefined => {
    if (at >= buffer.length) return undefined
    const parsed = parseRow(buffer, at, delimiter, openQuotes < OPEN_QUOTES_MAX, isEnd)
    if (parsed === 'incomplete' && !isEnd && buffer.length - at <= collectingLimits.recordCharactersMax)
      return undefined
    const first = line
    if (parsed === 'incomplete' || parsed === 'unclosed') {
      // Only who looks for the end of a quote through everything that is kept makes the reader slow.
      if (parsed === 'incomplete') openQuotes++
      const { end, next } = lineAt(buffer, at, true) ?? { end: buffer.length, next: buffer.length }
      const long = end - at > collectingLimits.recordCharactersMax
      at = next
      line++
      return { line: first, cells: [], problem: long ? LONG_LINE : OPEN_QUOTE }
    }
    at = parsed.next
    line += parsed.lines
    return { line: first, cells: parsed.cells }
  }
  for await (const piece of text) {
    buffer = buffer.slice(at) + piece
    at = 0
    for (let row = take(false); row; row = take(false)) yield row
  }
  for (let row = take(true); row; row = take(true)) yield row
}

const OPEN_QUOTE: Problem = {
  field: 'row',
  what: 'a quote is opened and never closed',
  remedy: 'Close it, or write it twice inside a quoted cell.',
}

const LONG_LINE: Problem = {
  field: 'row',
  what: `it is longer than ${collectingLimits.recordCharactersMax} characters`,
  remedy: 'Shorten it.',
}

/** Where the line that begins here ends and the next one begins; a lone carriage return at the end may be half an end. */
function lineAt(text: string, start: number, isEnd: boolean): { end: number; next: number } | undefined {
  const feed = text.indexOf('\n', start)
  const carriage = text.indexOf('\r', start)
  if (carriage >= 0 && (feed < 0 || carriage < feed)) {
    if (carriage === text.length - 1 && !isEnd) return undefined
    return { end: carriage, next: text[carriage + 1] === '\n' ? carriage + 2 : carriage + 1 }
  }
  if (feed >= 0) return { end: feed, next: feed + 1 }
  return isEnd ? { end: text.length, next: text.length } : undefined
}

interface ParsedRow {
  cells: string[]
  next: number
  lines: number
}

function parseRow(
  text: string,
  start: number,
  delimiter: string,
  hasQuotes: boolean,
  isEnd: boolean,
): ParsedRow | 'incomplete' | 'unclosed' {
  const line = lineAt(text, start, isEnd)
  if (!line) return 'incomplete'
  const plain = text.slice(start, line.end)
  // Most rows have no quote, and are cut by the engine.
  if (!hasQuotes || !plain.includes('"')) return { cells: plain.split(delimiter), next: line.next, lines: 1 }
  return parseQuotedRow(text, start, delimiter, isEnd)
}

function parseQuotedRow(
  text: string,
  start: number,
  delimiter: string,
  isEnd: boolean,
): ParsedRow | 'incomplete' | 'unclosed' {
  const cells: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    let cell = ''
    if (text[at] === '"') {
      const quoted = readQuoted(text, at)
      if (!quoted || (quoted.next === text.length && !isEnd)) return 'incomplete'
      cell = quoted.value
      lines += quoted.lines
      at = quoted.next
      // What closed it on a later line is the quote that opens a cell there: this one was never closed.
      if (quoted.lines > 0 && at < text.length && !`${delimiter}\r\n`.includes(text[at]!)) return 'unclosed'
    }
    const end = endOfCell(text, at, delimiter)
    if (end === text.length && !isEnd) return 'incomplete'
    cells.push(cell + text.slice(at, end))
    if (text[end] === delimiter) {
      at = end + 1
      continue
    }
    if (text[end] === '\r' && end === text.length - 1 && !isEnd) return 'incomplete'
    const next = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : Math.min(end + 1, text.length)
    return { cells, next, lines }
  }
}

function readQuoted(text: string, start: number): { value: string; next: number; lines: number } | undefined {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return undefined
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, next: quote + 1, lines: countLines(value) }
    value += '"'
    at = quote + 2
  }
}

function countLines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}

function endOfCell(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === delimiter || character === '\n' || character === '\r') return at
  }
  return text.length
}

const DELIMITERS = [',', ';', '\t', '|']
const SAMPLE_ROWS = 30

/**
 * What separates the cells of a text: what cuts most of its first rows into equally many, and into more than one. A list
 * of one column has none, and is read as one.
 */
export async function guessDelimiter(sample: string): Promise<string> {
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const counts: number[] = []
    const pieces = (async function* () {
      yield sample
    })()
    for await (const { cells, problem } of readRows(pieces, delimiter)) {
      if (!problem && cells.some((cell) => cell !== '')) counts.push(cells.length)
      if (counts.length === SAMPLE_ROWS) break
    }
    // The last row of a sample may be cut.
    const whole = counts.length > 2 ? counts.slice(0, -1) : counts
    const [most = []] = [...Map.groupBy(whole, (count) => count).values()].sort((a, b) => b.length - a.length)
    const columns = most[0] ?? 1
    const score = columns > 1 ? (most.length / whole.length) * (1 + Math.min(columns, 20) / 100) : 0
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

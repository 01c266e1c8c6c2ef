import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { extname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError } from '../foundation/index.ts'
import { literal } from './sql.ts'

/**
 * Refuses CSV and TSV in which a quote is not closed where it must be. DuckDB takes a table for one without quotes when
 * those that it sees do not add up, and a torn download would be indexed with its last cell cut short and all quotes kept.
 * Errors: `dataset_invalid`, with the line at which the quote opens.
 */
export async function refuseTornTables(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isTabbed = extname(path).toLowerCase() === '.tsv'
    if (!isTabbed && extname(path).toLowerCase() !== '.csv') continue
    if (await seesQuotes(connection, path, isTabbed)) continue
    const { unclosedAt, misplacedAt, quotedCells } = await readQuotes(
      path,
      isTabbed ? TAB : separatorOf(path).charCodeAt(0),
    )
    // In TSV a quote is often a letter like any other: it counts where every cell before was quoted as in CSV.
    const countsHere = !isTabbed || (quotedCells > 0 && misplacedAt === undefined)
    if (unclosedAt !== undefined && countsHere)
      throw torn(path, `the quote that opens in line ${await lineAt(path, unclosedAt)} is never closed`)
    if (misplacedAt !== undefined && countsHere)
      throw torn(
        path,
        `the quote that opens in line ${await lineAt(path, misplacedAt)} is not closed at the end of its cell`,
      )
  }
}

/**
 * Reads a CSV as its first line says that it is, so that DuckDB names the row that does not agree; nothing happens where
 * all do. Without this, a table with one irregular row is taken for one of other columns.
 */
export async function readAsFirstLineSays(connection: DuckDBConnection, path: string): Promise<void> {
  const separator = separatorOf(path)
  const names = firstLine(path)
    .split(separator)
    .map((name) => name.replaceAll(/^"|"$/g, ''))
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')
  await connection.run(
    `SELECT count(COLUMNS(*)) FROM read_csv(${literal(path)}, auto_detect = false, header = true, delim = ${literal(separator)}, quote = '"', escape = '"', columns = {${columns}})`,
  )
}

function torn(where: string, message: string): ColophonError {
  return new ColophonError('dataset_invalid', message, {
    where,
    remedy: 'Get the whole file again from its source; a quote within a quoted cell is written twice.',
  })
}

/** Whether DuckDB takes the cells for quoted: then it refuses what does not add up itself. */
async function seesQuotes(connection: DuckDBConnection, path: string, isTabbed: boolean): Promise<boolean> {
  const options = `all_varchar = true${isTabbed ? `, delim = '\t'` : ''}`
  try {
    const reader = await connection.runAndReadAll(`SELECT Quote FROM sniff_csv(${literal(path)}, ${options})`)
    return reader.getRows()[0]![0] === '"'
  } catch {
    return false
  }
}

const FIRST_LINE_BYTES_MAX = 64 * 1024

/** The separator that the first line has most of: where a table does not add up, DuckDB may name one that is not there. */
function separatorOf(path: string): string {
  const countOf = (separator: string) => firstLine(path).split(separator).length
  return [',', ';', '\t', '|'].reduce((most, other) => (countOf(other) > countOf(most) ? other : most))
}

function firstLine(path: string): string {
  const head = Buffer.alloc(FIRST_LINE_BYTES_MAX)
  const descriptor = openSync(path, 'r')
  const held = readSync(descriptor, head)
  closeSync(descriptor)
  return new TextDecoder().decode(head.subarray(0, held)).split(/[\r\n]/)[0]!
}

const [QUOTE, TAB, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x09, 0x0a, 0x0d]
const BYTE_ORDER_MARK_BYTES = 3

/** Reads quotes as RFC 4180 has them: places are offsets in the file, undefined for what was not met. */
async function readQuotes(path: string, separator: number) {
  const isBoundary = (byte: number) => byte === separator || byte === LINE_FEED || byte === CARRIAGE_RETURN
  let state: 'open' | 'quoted' | 'closing' = 'open'
  let [start, openedAt, quotedCells, last] = [0, 0, 0, LINE_FEED]
  let misplacedAt: number | undefined
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    // From quote to quote: what stands between them decides nothing.
    for (let at = 0; at < bytes.length; at++) {
      if (state === 'closing') {
        const isDoubled = bytes[at] === QUOTE
        if (!isDoubled && !isBoundary(bytes[at]!)) misplacedAt ??= openedAt
        if (!isDoubled) quotedCells++
        state = isDoubled ? 'quoted' : 'open'
        continue
      }
      const next = bytes.indexOf(QUOTE, at)
      if (next < 0) break
      at = next
      const before = next > 0 ? bytes[next - 1]! : last
      if (state === 'quoted') state = 'closing'
      else if (isBoundary(before) || (start + next === BYTE_ORDER_MARK_BYTES && before === 0xbf)) {
        state = 'quoted'
        openedAt = start + next
      }
    }
    last = bytes.at(-1)!
    start += bytes.length
  }
  return { unclosedAt: state === 'quoted' ? openedAt : undefined, misplacedAt, quotedCells }
}

async function lineAt(path: string, offset: number): Promise<number> {
  let line = 1
  const before = offset === 0 ? [] : (createReadStream(path, { end: offset - 1 }) as AsyncIterable<Buffer>)
  for await (const bytes of before)
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) line++
  return line
}

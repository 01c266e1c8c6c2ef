import { PASSAGE_WINDOW_BYTES, type PassageCodes } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'

/** Passage codes of many rows, sorted by code, so that a text's codes are found by bisection. */
export interface PassageIndex {
  high: Uint32Array
  low: Uint32Array
  row: Uint32Array
  offset: Uint32Array
}

/** A stretch that a text and a row share: where it begins in both, and at least how long it is, in normalised bytes. */
export interface PassageHit {
  row: number
  queryOffset: number
  rowOffset: number
  lengthMin: number
  codes: number
}

/** A code that stands in more rows than this is boilerplate and tells nothing. */
const ROWS_PER_CODE_MAX = 50
/** Bytes between two shared codes of one stretch; winnowed codes of a shared run are never further apart. */
const GAP_BYTES_MAX = 64

export function buildPassageIndex(rows: Iterable<{ row: number; codes: PassageCodes }>): PassageIndex {
  const all: [number, number, number, number][] = []
  for (const { row, codes } of rows) {
    for (let i = 0; i < codes.high.length; i++) all.push([codes.high[i]!, codes.low[i]!, row, codes.offset[i]!])
  }
  all.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
  const column = (at: 0 | 1 | 2 | 3) => Uint32Array.from(all, (entry) => entry[at])
  return { high: column(0), low: column(1), row: column(2), offset: column(3) }
}

/** Stretches shared with any row, longest first. Two codes on one diagonal, at least, make a stretch. */
export function searchPassages(index: PassageIndex, codes: PassageCodes): PassageHit[] {
  const diagonals = new Map<string, { row: number; query: number; offset: number }[]>()
  for (let i = 0; i < codes.high.length; i++) {
    const [start, end] = rangeOf(index, codes.high[i]!, codes.low[i]!)
    if (end - start > ROWS_PER_CODE_MAX) continue
    for (let at = start; at < end; at++) {
      const query = codes.offset[i]!
      const offset = index.offset[at]!
      const key = `${index.row[at]} ${query - offset}`
      const matches = diagonals.get(key)
      if (matches) matches.push({ row: index.row[at]!, query, offset })
      else diagonals.set(key, [{ row: index.row[at]!, query, offset }])
    }
  }
  return [...diagonals.values()].flatMap(stretches).sort((a, b) => b.lengthMin - a.lengthMin || a.row - b.row)
}

function stretches(matches: { row: number; query: number; offset: number }[]): PassageHit[] {
  const hits: PassageHit[] = []
  let first = 0
  for (let i = 1; i <= matches.length; i++) {
    if (i < matches.length && matches[i]!.query - matches[i - 1]!.query <= GAP_BYTES_MAX) continue
    if (i - first >= 2) {
      const { row, query, offset } = matches[first]!
      const lengthMin = matches[i - 1]!.query - query + PASSAGE_WINDOW_BYTES
      hits.push({ row, queryOffset: query, rowOffset: offset, lengthMin, codes: i - first })
    }
    first = i
  }
  return hits
}

function rangeOf(index: PassageIndex, high: number, low: number): [number, number] {
  let start = 0
  let end = index.high.length
  while (start < end) {
    const middle = (start + end) >>> 1
    const isBefore = index.high[middle]! < high || (index.high[middle] === high && index.low[middle]! < low)
    if (isBefore) start = middle + 1
    else end = middle
  }
  let after = start
  while (after < index.high.length && index.high[after] === high && index.low[after] === low) after++
  return [start, after]
}

/** The index as bytes: four columns of little-endian uint32, one after the other. */
export function encodePassageIndex(index: PassageIndex): Uint8Array {
  const bytes = new Uint8Array(index.high.length * 16)
  const columns = [index.high, index.low, index.row, index.offset]
  columns.forEach((column, i) =>
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), i * column.byteLength),
  )
  return bytes
}

export function decodePassageIndex(bytes: Uint8Array): PassageIndex {
  if (bytes.length % 16 !== 0)
    throw new ColophonError('dataset_invalid', 'a passage file ends in the middle of an entry', {
      remedy: 'Build the index again.',
    })
  const count = bytes.length / 16
  const whole = Uint8Array.from(bytes)
  const column = (i: number) => new Uint32Array(whole.buffer, i * count * 4, count)
  return { high: column(0), low: column(1), row: column(2), offset: column(3) }
}

import { ColophonError } from '../foundation/index.ts'
import { openKernels } from './kernels.ts'
import { placeOf } from './places.ts'

/** A stretch of normalised text that a work and a row share. */
export interface FilterMatch {
  /** The place of the work in the list that was given, and of the row in the list that was scanned. */
  work: number
  row: number
  workOffset: number
  rowOffset: number
  length: number
}

/** A small set of works that a corpus is streamed past: what a gate needs. */
export interface PassageFilter {
  /**
   * Every run of 50 bytes or more that any of these rows shares with a work, in the order of the rows. Of a window that
   * stands more than sixteen times in the works the first sixteen are known: a run that holds it may be told shorter than
   * it is elsewhere, or, when it is short, not at all.
   */
  scan(rows: readonly Uint8Array[]): FilterMatch[]
}

/** The longest row, and how much of short ones is scanned together: little enough to stay in the cache. */
const PIECE_BYTES = 1 << 22
const GATHERED_BYTES = 1 << 18
const LINE_FEED = 0x0a
const WORKS_BYTES_MAX = 1 << 30

/**
 * Opens a filter for works given as normalised UTF-8. All their windows of 24 bytes are known; of the corpus every 27th
 * is looked up, so the corpus goes by at more than a gigabyte a second. Errors: `too_large` for more than a gigabyte of works.
 */
export function openPassageFilter(works: readonly Uint8Array[]): PassageFilter {
  let matches: FilterMatch[] = []
  let rowStarts: number[] = []
  const kernels = openKernels({
    match(work, corpus, length) {
      const [at, place] = [placeOf(workStarts, work >>> 0), placeOf(rowStarts, corpus >>> 0)]
      matches.push({
        work: at,
        row: place,
        workOffset: (work >>> 0) - workStarts[at]!,
        rowOffset: (corpus >>> 0) - rowStarts[place]!,
        length,
      })
    },
  })
  const workStarts: number[] = []
  const total = works.reduce((sum, text) => sum + text.length + 1, 0)
  const at = total > WORKS_BYTES_MAX ? 0 : kernels.reserveWorks(total) >>> 0
  const piece = at === 0 ? 0 : kernels.allocate(PIECE_BYTES + 64) >>> 0
  if (piece === 0) throw new ColophonError('too_large', 'these works are more than fit into one filter')
  const memory = () => new Uint8Array(kernels.memory.buffer)
  let end = 0
  for (const text of works) {
    workStarts.push(end)
    memory().set(text, at + end)
    end += text.length
    memory()[at + end++] = LINE_FEED
  }
  kernels.indexWorks()
  return {
    scan(rows) {
      const found: FilterMatch[] = []
      for (let first = 0; first < rows.length;) {
        matches = []
        rowStarts = []
        let length = 0
        let next = first
        while (next < rows.length && (next === first || length + rows[next]!.length + 1 <= GATHERED_BYTES)) {
          if (rows[next]!.length + 1 > PIECE_BYTES)
            throw new ColophonError('too_large', `a row has more than ${PIECE_BYTES} bytes`, {
              where: `row ${next}`,
              remedy: 'Scan it in parts that overlap by fifty bytes.',
            })
          rowStarts.push(length)
          memory().set(rows[next]!, piece + length)
          length += rows[next]!.length
          memory()[piece + length++] = LINE_FEED
          next++
        }
        kernels.scanCorpus(piece, length)
        for (const match of matches) found.push({ ...match, row: match.row + first })
        first = next
      }
      return found
    },
  }
}

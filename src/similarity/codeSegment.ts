import { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
import type { RowHit } from './codeIndex.ts'
import { bytesOf, damaged, readSegment, wordsOf, writeSegment } from './segmentFile.ts'

/** A segment in memory. */
export interface LoadedCodes {
  index: HammingIndex
  rows: Uint32Array
}

/** The rows and codes of a segment, as they were added. Errors: `dataset_invalid`. */
export function readCodes(path: string): { rows: Uint32Array; codes: Uint8Array; codeBytes: 8 | 32 } {
  const segment = readSegment(path)
  const codeBytes = segment.kind === 'codes-64' ? 8 : 32
  const rows = wordsOf(segment, 'rows', path)
  const codes = segment.sections.get('codes')
  if (codes?.length !== rows.length * codeBytes) throw damaged(path, 'it has not as many codes as rows')
  return { rows, codes, codeBytes }
}

export function loadCodes(path: string): LoadedCodes {
  const { rows, codes, codeBytes } = readCodes(path)
  return { index: openHammingIndex(codes, codeBytes), rows }
}

export function searchLoaded({ index, rows }: LoadedCodes, queries: Uint8Array, radius: number): RowHit[][] {
  return index
    .search(queries, radius)
    .map((hits) => hits.map(({ place, distance }) => ({ row: rows[place]!, distance })))
}

/** Segments to be put together, without the rows that were taken out of each. */
export interface MergeJob {
  path: string
  kind: string
  sources: { path: string; removed: Uint32Array }[]
}

/** Writes one segment of several. Returns how many codes it holds. */
export function mergeCodes({ path, kind, sources }: MergeJob): number {
  const parts = sources.map((source) => keptCodes(source.path, new Set(source.removed)))
  const rows = new Uint32Array(parts.reduce((sum, part) => sum + part.rows.length, 0))
  const codes = new Uint8Array(parts.reduce((sum, part) => sum + part.codes.length, 0))
  let [row, byte] = [0, 0]
  for (const part of parts) {
    rows.set(part.rows, row)
    codes.set(part.codes, byte)
    row += part.rows.length
    byte += part.codes.length
  }
  writeSegment(path, kind, { rows: bytesOf(rows), codes })
  return rows.length
}

/** The rows and codes of a segment without those that were removed. */
export function keptCodes(path: string, removed: ReadonlySet<number>): { rows: Uint32Array; codes: Uint8Array } {
  const { rows, codes, codeBytes } = readCodes(path)
  if (!rows.some((row) => removed.has(row))) return { rows, codes }
  let kept = 0
  rows.forEach((row, i) => {
    if (removed.has(row)) return
    rows[kept] = row
    codes.copyWithin(kept * codeBytes, i * codeBytes, (i + 1) * codeBytes)
    kept++
  })
  return { rows: rows.subarray(0, kept), codes: codes.subarray(0, kept * codeBytes) }
}

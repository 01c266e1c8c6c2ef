import { ColophonError } from '../foundation/index.ts'
import { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
import { openSearchPool } from './searchPool.ts'
import { bytesOf, damaged, readSegment, wordsOf } from './segmentFile.ts'
import { openSegmentSet, type SegmentEntry, type SegmentSet } from './segmentSet.ts'

/** A row whose code differs from a query in so many bits. */
export interface RowHit {
  row: number
  distance: number
}

/** Codes of rows on disk, searched exactly. What `add` and `remove` have answered survives a crash. */
export interface CodeIndex {
  add(rows: Uint32Array, codes: Uint8Array): void
  /** Takes rows out: they are found no more, and leave the disk with the next merge. */
  remove(rows: Uint32Array): void
  /** For each query all rows within `radius` bits, nearest first; a row with several codes stands once, with its nearest. */
  search(queries: Uint8Array, radius: number): Promise<RowHit[][]>
  /** Puts small segments together, as far as they fit into one. */
  merge(): void
  info(): { codes: number; removed: number; segments: number }
  close(): Promise<void>
}

/** So many codes of 32 bytes and their index fit into the memory of one kernel. */
export const SEGMENT_CODES_MAX = 20_000_000
/** From so many codes on, threads search, so that others need not wait. */
const THREADS_FROM = 200_000
/** So many segments of about one size are put together. */
const MERGE_AT = 8

/** Opens or makes an index of codes of 8 or 32 bytes. Errors: `dataset_invalid` for damaged segments, when searched. */
export function openCodeIndex(directory: string, codeBytes: 8 | 32 = 32): CodeIndex {
  const set = openSegmentSet(directory)
  const kind = `codes-${codeBytes * 8}`
  const loaded = new Map<SegmentEntry, LoadedCodes>()
  const pool = openSearchPool()
  const tombstones = readTombstones(set)
  const codes = () => ofKind(set, kind)
  const total = () => codes().reduce((sum, { count }) => sum + count, 0)
  return {
    add(rows, bytes) {
      if (bytes.length !== rows.length * codeBytes)
        throw new ColophonError('invalid_input', 'there are not as many codes as rows')
      for (let start = 0; start < rows.length; start += SEGMENT_CODES_MAX) {
        const some = rows.subarray(start, start + SEGMENT_CODES_MAX)
        set.add(kind, some.length, {
          rows: bytesOf(some),
          codes: bytes.subarray(start * codeBytes, (start + some.length) * codeBytes),
        })
      }
      const crowded = crowdedClass(codes())
      if (crowded) mergeCodes(set, kind, crowded, tombstones)
    },
    remove(rows) {
      const entry = set.add(REMOVED, rows.length, { rows: bytesOf(rows) })
      for (const row of rows) tombstones.set(row, entry.file)
    },
    async search(queries, radius) {
      if (queries.length % codeBytes !== 0 || !Number.isInteger(radius) || radius < 0)
        throw new ColophonError('invalid_input', 'this is no list of codes, or no radius', {
          where: `radius ${radius}`,
        })
      const entries = codes()
      const count = queries.length / codeBytes
      const paths = entries.map((entry) => set.path(entry))
      if (total() >= THREADS_FROM) return combine(count, entries, await pool.search(paths, queries, radius), tombstones)
      for (const entry of loaded.keys()) if (!codes().includes(entry)) loaded.delete(entry)
      const found = entries.map((entry) => {
        let index = loaded.get(entry)
        if (!index) loaded.set(entry, (index = loadCodes(set.path(entry))))
        return searchLoaded(index, queries, radius)
      })
      return combine(count, entries, found, tombstones)
    },
    merge() {
      const small = codes().filter(({ count }) => count < SEGMENT_CODES_MAX / 2)
      const fitting: SegmentEntry[] = []
      for (const entry of small) {
        if (fitting.reduce((sum, { count }) => sum + count, entry.count) <= SEGMENT_CODES_MAX) fitting.push(entry)
      }
      if (fitting.length > 1 || (fitting.length === 1 && tombstones.size > 0))
        mergeCodes(set, kind, fitting, tombstones)
    },
    info: () => ({ codes: total(), removed: tombstones.size, segments: codes().length }),
    close: () => pool.close(),
  }
}

const REMOVED = 'removed'

/** A segment in memory. */
export interface LoadedCodes {
  index: HammingIndex
  rows: Uint32Array
}

export function loadCodes(path: string): LoadedCodes {
  const segment = readSegment(path)
  const codeBytes = segment.kind === 'codes-64' ? 8 : 32
  const rows = wordsOf(segment, 'rows', path)
  const codes = segment.sections.get('codes')
  if (codes?.length !== rows.length * codeBytes) throw damaged(path, 'it has not as many codes as rows')
  return { index: openHammingIndex(codes, codeBytes), rows }
}

export function searchLoaded({ index, rows }: LoadedCodes, queries: Uint8Array, radius: number): RowHit[][] {
  return index
    .search(queries, radius)
    .map((hits) => hits.map(({ place, distance }) => ({ row: rows[place]!, distance })))
}

function ofKind(set: SegmentSet, kind: string): SegmentEntry[] {
  return set.list().filter((entry) => entry.kind === kind)
}

/** Segments of one order of magnitude, when there are too many of them. */
function crowdedClass(segments: readonly SegmentEntry[]): SegmentEntry[] | undefined {
  const classes = Map.groupBy(segments, ({ count }) => Math.floor(Math.log2(count + 1) / 3))
  for (const members of classes.values()) {
    const total = members.reduce((sum, { count }) => sum + count, 0)
    if (members.length >= MERGE_AT && total <= SEGMENT_CODES_MAX) return members
  }
  return undefined
}

function mergeCodes(set: SegmentSet, kind: string, entries: SegmentEntry[], tombstones: Tombstones): void {
  const codeBytes = kind === 'codes-64' ? 8 : 32
  const most = entries.reduce((sum, { count }) => sum + count, 0)
  const rows = new Uint32Array(most)
  const codes = new Uint8Array(most * codeBytes)
  let kept = 0
  for (const entry of entries) {
    const path = set.path(entry)
    const segment = readSegment(path)
    const bytes = segment.sections.get('codes')!
    wordsOf(segment, 'rows', path).forEach((row, i) => {
      if (isRemoved(tombstones, row, entry)) return
      rows[kept] = row
      codes.set(bytes.subarray(i * codeBytes, (i + 1) * codeBytes), kept * codeBytes)
      kept++
    })
  }
  set.add(kind, kept, { rows: bytesOf(rows.subarray(0, kept)), codes: codes.subarray(0, kept * codeBytes) }, entries)
}

/** Rows that were taken out, with the file that says so: it speaks of the segments before it, not of those after. */
type Tombstones = Map<number, string>

function readTombstones(set: SegmentSet): Tombstones {
  const tombstones: Tombstones = new Map()
  for (const entry of ofKind(set, REMOVED)) {
    const path = set.path(entry)
    for (const row of wordsOf(readSegment(path), 'rows', path)) tombstones.set(row, entry.file)
  }
  return tombstones
}

function isRemoved(tombstones: Tombstones, row: number, { file }: SegmentEntry): boolean {
  const by = tombstones.get(row)
  return by !== undefined && file < by
}

/** The answers of all segments as one, without what was removed. */
function combine(
  queries: number,
  entries: readonly SegmentEntry[],
  answers: RowHit[][][],
  tombstones: Tombstones,
): RowHit[][] {
  return Array.from({ length: queries }, (_, query) => {
    const hits = answers
      .flatMap((answer, i) => answer[query]!.filter(({ row }) => !isRemoved(tombstones, row, entries[i]!)))
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
    const told = new Set<number>()
    return hits.filter(({ row }) => !told.has(row) && told.add(row))
  })
}

import { ColophonError } from '../foundation/index.ts'
import { keptCodes, loadCodes, searchLoaded, type LoadedCodes } from './codeSegment.ts'
import { bytesOf, readSegment, wordsOf } from './segmentFile.ts'
import { openSegmentSet, type SegmentEntry, type SegmentSet } from './segmentSet.ts'
import { openThreads, type Threads } from './threads.ts'
import type { WriteJob } from './writeWorker.ts'

/** A row whose code differs from a query in so many bits. */
export interface RowHit {
  row: number
  distance: number
}

/** Codes of rows on disk, searched exactly. What `add` and `remove` have answered survives a crash. */
export interface CodeIndex {
  /** Adds codes. When there are many small segments, a thread puts them together while others go on searching. */
  add(rows: Uint32Array, codes: Uint8Array): void
  /** Takes rows out: they are found no more, and leave the disk with the next merge. */
  remove(rows: Uint32Array): void
  /** For each query all rows within `radius` bits, nearest first; a row with several codes stands once, with its nearest. */
  search(queries: Uint8Array, radius: number): Promise<RowHit[][]>
  /** Puts small segments together, as far as they fit into one, and waits for it. */
  merge(): Promise<void>
  /** Everything that is held and not removed, a segment at a time. */
  contents(): Iterable<{ rows: Uint32Array; codes: Uint8Array }>
  info(): { codes: number; removed: number; segments: number }
  /** Waits for a merge that is going on, and ends the threads. */
  close(): Promise<void>
}

/** Of so many codes the tables are still sparse, and several cores have something to load and to search. */
export const SEGMENT_CODES_MAX = 5_000_000
/** From so many codes on, threads search, so that others need not wait. */
const THREADS_FROM = 200_000
/** So many segments of about one size are put together. */
const MERGE_AT = 8

/**
 * Opens or makes an index of codes of 8 or 32 bytes, at most `codesMax` in one segment. Errors: `dataset_invalid` for
 * damaged segments, when searched.
 */
export function openCodeIndex(
  directory: string,
  codeBytes: 8 | 32 = 32,
  codesMax: number = SEGMENT_CODES_MAX,
): CodeIndex {
  const set = openSegmentSet(directory)
  const kind = `codes-${codeBytes * 8}`
  const loaded = new Map<SegmentEntry, LoadedCodes>()
  const searchers = openThreads(new URL('./searchWorker.ts', import.meta.url))
  const tombstones = readTombstones(set)
  const merger = openMerger(set, kind, codesMax, tombstones)
  const codes = () => ofKind(set, kind)
  const total = () => codes().reduce((sum, { count }) => sum + count, 0)
  const searchSegments = (entries: SegmentEntry[], queries: Uint8Array, radius: number) => {
    const paths = entries.map((entry) => set.path(entry))
    if (total() >= THREADS_FROM) return searchThreads(searchers, paths, queries, radius)
    for (const entry of loaded.keys()) if (!entries.includes(entry)) loaded.delete(entry)
    return entries.map((entry, i) => {
      let index = loaded.get(entry)
      if (!index) loaded.set(entry, (index = loadCodes(paths[i]!)))
      return searchLoaded(index, queries, radius)
    })
  }
  return {
    add(rows, bytes) {
      if (bytes.length !== rows.length * codeBytes)
        throw new ColophonError('invalid_input', 'there are not as many codes as rows')
      // Segments of one size keep all cores busy for as long.
      const each = Math.ceil(rows.length / Math.ceil(rows.length / codesMax))
      for (let start = 0; start < rows.length; start += each) {
        const some = rows.subarray(start, start + each)
        set.add(kind, some.length, {
          rows: bytesOf(some),
          codes: bytes.subarray(start * codeBytes, (start + some.length) * codeBytes),
        })
      }
      merger.start(() => crowdedClass(codes(), codesMax))
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
      for (;;) {
        const entries = codes()
        try {
          const answers = await searchSegments(entries, queries, radius)
          return combine(queries.length / codeBytes, entries, answers, tombstones)
        } catch (error) {
          // Another process may have merged what was about to be read; then there is another list.
          if (codes().every((entry) => entries.includes(entry))) throw error
        }
      }
    },
    async merge() {
      await merger.ended()
      const small = smallOnes(codes(), codesMax, tombstones.size > 0)
      merger.start(() => small)
      await merger.ended()
    },
    *contents() {
      for (const entry of codes()) yield keptCodes(set.path(entry), removedFrom(tombstones, entry))
    },
    info: () => ({ codes: total(), removed: tombstones.size, segments: codes().length }),
    async close() {
      await merger.close()
      await searchers.close()
    },
  }
}

/** Each segment stays with one thread, which keeps it loaded. */
function searchThreads(searchers: Threads, inUse: string[], some: Uint8Array, radius: number) {
  // A thread is sent the whole buffer of what it is handed.
  const queries = some.slice()
  return Promise.all(
    inUse.map((path, i) => searchers.ask<RowHit[][]>(i % searchers.count, { path, inUse, queries, radius })),
  )
}

/** One merge at a time, in a thread. A merge that fails leaves everything as it was; the next one tries again. */
function openMerger(set: SegmentSet, kind: string, codesMax: number, tombstones: Tombstones) {
  const threads = openThreads(new URL('./writeWorker.ts', import.meta.url))
  let running: Promise<unknown> | undefined
  let failure: unknown
  const merge = async (entries: SegmentEntry[]) => {
    // What is removed from now on has a later name than the new segment, and so stays removed.
    const path = set.reserve()
    const sources = entries.map((entry) => ({
      path: set.path(entry),
      removed: Uint32Array.from(removedFrom(tombstones, entry)),
    }))
    const job: WriteJob = { what: 'codes', path, kind, sources }
    try {
      set.publish(path, kind, await threads.ask<number>(0, job), entries)
    } finally {
      set.release(path)
    }
  }
  return {
    start(choose: () => SegmentEntry[] | undefined) {
      const entries = running ? undefined : choose()
      if (!entries) return
      running = merge(entries)
        .catch((error: unknown) => void (failure = error))
        .finally(() => (running = undefined))
        // What was added meanwhile may be crowded, too.
        .then(() => failure === undefined && void this.start(() => crowdedClass(ofKind(set, kind), codesMax)))
    },
    async ended() {
      while (running) await running
      const error = failure
      failure = undefined
      if (error !== undefined) throw error
    },
    async close() {
      while (running) await running
      await threads.close()
    },
  }
}

const REMOVED = 'removed'

function ofKind(set: SegmentSet, kind: string): SegmentEntry[] {
  return set.list().filter((entry) => entry.kind === kind)
}

/** Segments of one order of magnitude, when there are too many of them: as many, the smallest first, as fit into one. */
function crowdedClass(segments: readonly SegmentEntry[], codesMax: number): SegmentEntry[] | undefined {
  const classes = Map.groupBy(segments, ({ count }) => Math.floor(Math.log2(count + 1) / 3))
  for (const members of classes.values()) {
    const fitting = fittingOnes(
      members.toSorted((a, b) => a.count - b.count),
      codesMax,
    )
    if (members.length >= MERGE_AT && fitting.length > 1) return fitting
  }
  return undefined
}

/** Small segments that fit into one; a single one only when something was removed. */
function smallOnes(
  segments: readonly SegmentEntry[],
  codesMax: number,
  isRemoved: boolean,
): SegmentEntry[] | undefined {
  const fitting = fittingOnes(
    segments.filter(({ count }) => count < codesMax / 2),
    codesMax,
  )
  return fitting.length > 1 || (fitting.length === 1 && isRemoved) ? fitting : undefined
}

function fittingOnes(segments: readonly SegmentEntry[], codesMax: number): SegmentEntry[] {
  let room = codesMax
  return segments.filter(({ count }) => count <= room && (room -= count) >= 0)
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

function removedFrom(tombstones: Tombstones, entry: SegmentEntry): Set<number> {
  return new Set([...tombstones.keys()].filter((row) => isRemoved(tombstones, row, entry)))
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

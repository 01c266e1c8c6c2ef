import { PASSAGE_RUN_BYTES, PASSAGE_WINDOW_BYTES, type PassageCodes } from '../fingerprints/index.ts'
import { NONE_HIDDEN, type HiddenRows } from './hiddenRows.ts'
import { searchSegment, seedsOf, type PassageHit, type PassageQuery, type PassageSeed } from './passageMatch.ts'
import {
  SEGMENT_TEXT_BYTES_MAX,
  loadPassageSegment,
  openPassageBatch,
  openPassageSegmentMaker,
  readText,
  type PassageBatch,
  type PassageSegment,
  type PassageText,
} from './passageSegment.ts'
import { loadSegments, openSegmentSet, type SegmentSet } from './segmentSet.ts'
import { openThreads } from './threads.ts'
import type { WriteJob } from './writeWorker.ts'

/** Passages of many rows on disk. */
export interface PassageIndex {
  /** Adds rows with their normalised texts, on all cores; they are there after a crash when this has returned. */
  add(rows: AsyncIterable<PassageText> | Iterable<PassageText>): Promise<void>
  /** Stretches shared with any row, longest first. With the text at hand every shared run of 50 bytes is found. */
  search(query: PassageQuery, isHidden?: HiddenRows): PassageHit[]
  /** Shared windows that only whoever has the text can extend, at most so many. */
  seeds(codes: PassageCodes, most: number, isHidden?: HiddenRows): PassageSeed[]
  /** Everything that is held, text by text. */
  contents(): Iterable<PassageText>
  info(): { rows: number; segments: number }
}

const KIND = 'passages-2'

/** Opens or makes an index of passages. Errors: `dataset_invalid` for damaged segments, when searched. */
export function openPassageIndex(directory: string): PassageIndex {
  const set = openSegmentSet(directory)
  const segments = loadSegments(set, loadPassageSegment)
  return {
    async add(rows) {
      const writer = openWriter(set)
      try {
        let batch = openPassageBatch()
        for await (const whole of rows) {
          if (whole.text.length < PASSAGE_WINDOW_BYTES) continue
          for (const text of parts(whole)) {
            if (!batch.hasRoom(text.text.length)) {
              await writer.writeAside(batch.take())
              batch = openPassageBatch()
            }
            batch.add(text)
          }
        }
        if (!batch.isEmpty()) await writer.writeLast(batch.take())
      } finally {
        await writer.close()
      }
    },
    search: (query, isHidden = NONE_HIDDEN) =>
      segments()
        .flatMap((segment) => searchSegment(segment, query, isHidden))
        .sort(
          (a, b) =>
            Number(a.isCommon) - Number(b.isCommon) ||
            b.length - a.length ||
            a.row - b.row ||
            a.queryOffset - b.queryOffset,
        ),
    seeds: (codes, most, isHidden = NONE_HIDDEN) =>
      segments()
        .flatMap((segment) => seedsOf(segment, codes, isHidden))
        .slice(0, most),
    *contents() {
      for (const segment of segments()) yield* textsOf(segment)
    },
    info: () => ({ rows: set.list().reduce((sum, { count }) => sum + count, 0), segments: set.list().length }),
  }
}

/** Writes segments: full ones in threads, as many at a time as there are cores; a small last one here. */
function openWriter(set: SegmentSet) {
  const threads = openThreads(new URL('./writeWorker.ts', import.meta.url))
  const free = Array.from({ length: threads.count }, (_, thread) => thread)
  const writing = new Set<Promise<void>>()
  let isInThreads = false
  const write = async (thread: number, batch: PassageBatch) => {
    const path = set.reserve()
    const job: WriteJob = { what: 'passages', path, kind: KIND, batch }
    try {
      set.publish(path, KIND, await threads.ask<number>(thread, job, [batch.text.buffer]))
    } finally {
      set.release(path)
      free.push(thread)
    }
  }
  const writeAside = async (batch: PassageBatch) => {
    isInThreads = true
    while (free.length === 0) await Promise.race(writing)
    const written = write(free.pop()!, batch).finally(() => writing.delete(written))
    writing.add(written)
    // Whoever waits for all of them is told of a failure; until then it is nobody's yet.
    written.catch(() => {})
  }
  return {
    writeAside,
    async writeLast(batch: PassageBatch) {
      if (isInThreads) await writeAside(batch)
      else set.add(KIND, batch.rows.length, openPassageSegmentMaker().make(batch))
      await Promise.all(writing)
    },
    close: () => threads.close(),
  }
}

/** A text that is too long for one segment, in parts that overlap by more than any run that one of them might miss. */
function* parts({ row, text, base = 0 }: PassageText): Iterable<PassageText> {
  const most = SEGMENT_TEXT_BYTES_MAX - 1
  for (let at = 0; at === 0 || at + PASSAGE_RUN_BYTES <= text.length; at += most - PASSAGE_RUN_BYTES)
    yield { row, text: text.subarray(at, at + most), base: base + at }
}

function* textsOf(segment: PassageSegment): Iterable<PassageText> {
  for (const [i, row] of segment.rows.entries()) {
    const start = i === 0 ? 0 : segment.ends[i - 1]! + 1
    yield { row, text: readText(segment, start, segment.ends[i]!), base: segment.bases[i]! }
  }
}

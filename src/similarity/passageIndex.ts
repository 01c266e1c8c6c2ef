import { PASSAGE_RUN_BYTES, PASSAGE_WINDOW_BYTES, findWindow, type PassageCodes } from '../fingerprints/index.ts'
import {
  SEGMENT_TEXT_BYTES_MAX,
  candidatePlaces,
  loadPassageSegment,
  makePassageSegment,
  openPassageBatch,
  readText,
  textAt,
  type PassageBatch,
  type PassageSegment,
  type PassageText,
} from './passageSegment.ts'
import { loadSegments, openSegmentSet, type SegmentSet } from './segmentSet.ts'
import { openThreads } from './threads.ts'
import type { WriteJob } from './writeWorker.ts'

/** A stretch that a text and a row share: where it begins in both, and how long it is, in normalised bytes. */
export interface PassageHit {
  row: number
  queryOffset: number
  rowOffset: number
  length: number
  /** Whether the length is exact: extended byte by byte. Otherwise it is what the codes alone prove. */
  isExact: boolean
  /** Whether every code of the stretch stands in so many texts that it may be boilerplate, or a common quotation. */
  isCommon: boolean
  /** The shared stretch as the row has it, at most `EXCERPT_BYTES_MAX` of it, with what stands around it. */
  excerpt: Excerpt
}

/** Normalised text of a row around a shared stretch. */
export interface Excerpt {
  before: string
  shared: string
  after: string
}

/** What is looked for: codes, and, where it may be used, the normalised text that they were made of. */
export interface PassageQuery {
  codes: PassageCodes
  text?: Uint8Array
}

/** Passages of many rows on disk. */
export interface PassageIndex {
  /** Adds rows with their normalised texts, on all cores; they are there after a crash when this has returned. */
  add(rows: AsyncIterable<PassageText> | Iterable<PassageText>): Promise<void>
  /** Stretches shared with any row, longest first. With the text at hand every shared run of 50 bytes is found. */
  search(query: PassageQuery): PassageHit[]
  /** Everything that is held, text by text. */
  contents(): Iterable<PassageText>
  info(): { rows: number; segments: number }
}

/**
 * A code that stands in more texts than this is common: a licence, a cookie notice, a prayer, a refrain. So many of them
 * are named, and marked as such; within one text, so many of its places are looked at.
 */
export const TEXTS_PER_CODE_MAX = 50
const PLACES_PER_TEXT_MAX = 16
/** Bytes between two shared codes of one stretch; winnowed codes of a shared run are never further apart. */
const GAP_BYTES_MAX = 64
const EXCERPT_BYTES_MAX = 600
const AROUND_BYTES = 80

const KIND = 'passages-1'

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
    search: (query) =>
      segments()
        .flatMap((segment) => searchSegment(segment, query))
        .sort(
          (a, b) =>
            Number(a.isCommon) - Number(b.isCommon) ||
            b.length - a.length ||
            a.row - b.row ||
            a.queryOffset - b.queryOffset,
        ),
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
      else set.add(KIND, batch.rows.length, makePassageSegment(batch))
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

interface Match {
  query: number
  place: number
  /** Whether the code stands in more texts than are looked at. */
  isCommon: boolean
}

function searchSegment(segment: PassageSegment, query: PassageQuery): PassageHit[] {
  const matches = findMatches(segment, query.codes)
  const diagonals = Map.groupBy(matches, ({ query: at, place }) => place - at)
  const hits: PassageHit[] = []
  for (const onDiagonal of diagonals.values()) {
    const byText = Map.groupBy(onDiagonal, ({ place }) => textAt(segment, place).text)
    for (const inText of byText.values())
      hits.push(...(query.text ? extended(segment, query.text, inText) : proven(segment, inText)))
  }
  return hits
}

/** Windows with equal codes, checked against the text, in the order of the query. */
function findMatches(segment: PassageSegment, { high, low, offset }: PassageCodes): Match[] {
  const matches: Match[] = []
  for (let i = 0; i < offset.length; i++) {
    const places = candidatePlaces(segment, high[i]!, low[i]!)
    const isCommon = places.length > TEXTS_PER_CODE_MAX
    const seen = new Map<number, number>()
    for (const place of places) {
      const near = readText(segment, place, place + 32 + PASSAGE_WINDOW_BYTES)
      const within = findWindow(near, 0, 32, high[i]!, low[i]!)
      if (within < 0) continue
      const { text } = textAt(segment, place + within)
      const before = seen.get(text) ?? 0
      if (before === PLACES_PER_TEXT_MAX) continue
      if (seen.size === TEXTS_PER_CODE_MAX && before === 0) break
      seen.set(text, before + 1)
      matches.push({ query: offset[i]!, place: place + within, isCommon })
    }
  }
  return matches
}

/** Stretches on one diagonal of one text, extended byte by byte. */
function extended(segment: PassageSegment, query: Uint8Array, matches: Match[]): PassageHit[] {
  const hits: PassageHit[] = []
  const { start, end } = textAt(segment, matches[0]!.place)
  let reached = -1
  for (const [i, { query: at, place }] of matches.entries()) {
    if (at < reached) continue
    const before = equalBefore(segment, query, at, place, start)
    const after = equalAfter(segment, query, at, place, end)
    reached = at + after
    if (before + after < PASSAGE_RUN_BYTES) continue
    const isCommon = matches.slice(i).every((match) => match.isCommon || match.query >= reached)
    hits.push(hitOf(segment, at - before, place - before, before + after, { isExact: true, isCommon }))
  }
  return hits
}

const STEP_BYTES = 4096

function equalBefore(segment: PassageSegment, query: Uint8Array, at: number, place: number, start: number): number {
  let equal = 0
  for (;;) {
    const step = Math.min(STEP_BYTES, place - start - equal, at - equal)
    if (step === 0) return equal
    const text = readText(segment, place - equal - step, place - equal)
    for (let i = 1; i <= step; i++) {
      if (text[step - i] !== query[at - equal - i]) return equal + i - 1
    }
    equal += step
  }
}

function equalAfter(segment: PassageSegment, query: Uint8Array, at: number, place: number, end: number): number {
  let equal = 0
  for (;;) {
    const step = Math.min(STEP_BYTES, end - place - equal, query.length - at - equal)
    if (step === 0) return equal
    const text = readText(segment, place + equal, place + equal + step)
    for (let i = 0; i < step; i++) {
      if (text[i] !== query[at + equal + i]) return equal + i
    }
    equal += step
  }
}

/** What the codes alone prove: from the first shared window of a stretch to the last. */
function proven(segment: PassageSegment, matches: Match[]): PassageHit[] {
  const hits: PassageHit[] = []
  let first = 0
  for (let i = 1; i <= matches.length; i++) {
    if (i < matches.length && matches[i]!.query - matches[i - 1]!.query <= GAP_BYTES_MAX) continue
    const { query, place } = matches[first]!
    const length = matches[i - 1]!.query - query + PASSAGE_WINDOW_BYTES
    const isCommon = matches.slice(first, i).every((match) => match.isCommon)
    if (i - first >= 2) hits.push(hitOf(segment, query, place, length, { isExact: false, isCommon }))
    first = i
  }
  return hits
}

function hitOf(
  segment: PassageSegment,
  queryOffset: number,
  place: number,
  length: number,
  kind: Pick<PassageHit, 'isExact' | 'isCommon'>,
): PassageHit {
  const { text, start, end } = textAt(segment, place)
  const shown = Math.min(length, EXCERPT_BYTES_MAX)
  const read = (from: number, to: number) =>
    new TextDecoder().decode(readText(segment, Math.max(start, from), Math.min(end, to))).replaceAll('\ufffd', '')
  return {
    row: segment.rows[text]!,
    queryOffset,
    rowOffset: segment.bases[text]! + place - start,
    length,
    ...kind,
    excerpt: {
      before: read(place - AROUND_BYTES, place),
      shared: read(place, place + shown),
      after: shown < length ? '' : read(place + length, place + length + AROUND_BYTES),
    },
  }
}

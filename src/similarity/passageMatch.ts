import { PASSAGE_RUN_BYTES, PASSAGE_WINDOW_BYTES, findWindow, type PassageCodes } from '../fingerprints/index.ts'
import type { HiddenRows } from './hiddenRows.ts'
import { GRANULE_BYTES, candidateGranules, readText, textAt, type PassageSegment } from './passageSegment.ts'

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

interface Match {
  query: number
  place: number
  /** Whether the code stands in more texts than are looked at. */
  isCommon: boolean
}

/** All stretches of a segment that a query shares. */
export function searchSegment(segment: PassageSegment, query: PassageQuery, isHidden: HiddenRows): PassageHit[] {
  const matches = findMatches(segment, query.codes, isHidden)
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
function findMatches(segment: PassageSegment, { high, low, offset }: PassageCodes, isHidden: HiddenRows): Match[] {
  const matches: Match[] = []
  for (let i = 0; i < offset.length; i++) {
    const candidates = candidateGranules(segment, high[i]!, low[i]!)
    if (!candidates) continue
    const isCommon = candidates.windows > TEXTS_PER_CODE_MAX
    const seen = new Map<number, number>()
    for (const place of windowsIn(segment, candidates.granules, high[i]!, low[i]!)) {
      const { text } = textAt(segment, place)
      if (isHidden(segment.rows[text]!)) continue
      const before = seen.get(text) ?? 0
      if (before === PLACES_PER_TEXT_MAX) continue
      if (seen.size === TEXTS_PER_CODE_MAX && before === 0) break
      seen.set(text, before + 1)
      matches.push({ query: offset[i]!, place, isCommon })
    }
  }
  return matches
}

/** Where windows with this code begin: every one in a granule, for a phrase may return within it and go on otherwise. */
function* windowsIn(segment: PassageSegment, granules: readonly number[], high: number, low: number) {
  for (const granule of granules) {
    const text = readText(segment, granule, granule + GRANULE_BYTES - 1 + PASSAGE_WINDOW_BYTES)
    for (let at = 0; (at = findWindow(text, at, GRANULE_BYTES, high, low)) >= 0; at++) yield granule + at
  }
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
  return stretchesOf(matches).flatMap((stretch) => {
    if (stretch.length < 2) return []
    const [{ query, place }] = stretch as [Match]
    const isCommon = stretch.every((match) => match.isCommon)
    return [hitOf(segment, query, place, provenBytes(stretch), { isExact: false, isCommon })]
  })
}

/** Windows on one diagonal that follow each other as winnowed codes of one run do. */
function stretchesOf(matches: readonly Match[]): Match[][] {
  const stretches: Match[][] = []
  for (const match of matches) {
    const stretch = stretches.at(-1)
    if (stretch && match.query - stretch.at(-1)!.query <= GAP_BYTES_MAX) stretch.push(match)
    else stretches.push([match])
  }
  return stretches
}

function provenBytes(stretch: readonly Match[]): number {
  return stretch.at(-1)!.query - stretch[0]!.query + PASSAGE_WINDOW_BYTES
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

/** A window that a row shares with a query of which only the codes are known: what stands around it in the row. */
export interface PassageSeed {
  row: number
  queryOffset: number
  /** Where `text` begins in the row, and how far within it the shared window stands, in bytes. */
  rowOffset: number
  at: number
  text: Uint8Array
}

const SEED_BYTES_AROUND = 400

/**
 * Shared windows that codes alone do not prove to be part of a run of 50 bytes: whoever has the text can see. One for
 * each place; common ones are left out.
 */
export function seedsOf(segment: PassageSegment, codes: PassageCodes, isHidden: HiddenRows): PassageSeed[] {
  const diagonals = Map.groupBy(findMatches(segment, codes, isHidden), ({ query, place }) => place - query)
  const seeds: PassageSeed[] = []
  for (const onDiagonal of diagonals.values())
    for (const matches of Map.groupBy(onDiagonal, ({ place }) => textAt(segment, place).text).values())
      for (const stretch of stretchesOf(matches)) {
        const isProven = stretch.length > 1 && provenBytes(stretch) >= PASSAGE_RUN_BYTES
        if (!isProven && !stretch[0]!.isCommon) seeds.push(seedOf(segment, stretch[0]!))
      }
  return seeds
}

function seedOf(segment: PassageSegment, { query, place }: Match): PassageSeed {
  const { text, start, end } = textAt(segment, place)
  const from = Math.max(start, place - SEED_BYTES_AROUND)
  return {
    row: segment.rows[text]!,
    queryOffset: query,
    rowOffset: segment.bases[text]! + from - start,
    at: place - from,
    text: readText(segment, from, Math.min(end, place + PASSAGE_WINDOW_BYTES + SEED_BYTES_AROUND)),
  }
}

import { differingBits, type FilmFrames } from '../fingerprints/index.ts'
import { NONE_HIDDEN, type HiddenRows } from './hiddenRows.ts'
import { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
import { placeOf } from './places.ts'
import { bytesOf, damaged, readSegment, wordsOf } from './segmentFile.ts'
import { loadSegments, openSegmentSet } from './segmentSet.ts'

/** A stretch that a film and a row share, in seconds of each. */
export interface FrameHit {
  row: number
  queryStart: number
  rowStart: number
  seconds: number
  /** Frames of the stretch that are alike in both and differ from each other: one is a still, many are a scene. */
  scenes: number
  /** Bits of 256 in which frames of the stretch differ on average. */
  distance: number
}

/** Frames of many films (and pages of pictures with several) on disk. */
export interface FrameIndex {
  add(rows: readonly { row: number; frames: FilmFrames }[]): void
  /** Of each row the stretch with the most scenes in common, most first. Frames are compared mirrored, too. */
  search(frames: FilmFrames, radius: number, isHidden?: HiddenRows): FrameHit[]
  contents(): Iterable<{ row: number; frames: FilmFrames }[]>
  info(): { rows: number; segments: number }
}

const KIND = 'frames-0'
/** Two films show a scene at the same time of both when they differ by so many seconds at most. */
const SLACK_SECONDS = 1.5
/** Within a stretch, no further apart: a picture that stands still is kept once. */
const GAP_SECONDS_MAX = 30
/** A frame that resembles more frames is a title card or a test picture: it tells nothing. */
export const RESEMBLING_MAX = 5000
const SCENES_COUNTED_MAX = 200

/** Opens or makes an index of frames. Errors: `dataset_invalid` for damaged segments, when searched. */
export function openFrameIndex(directory: string): FrameIndex {
  const set = openSegmentSet(directory)
  const segments = loadSegments(set, load)
  return {
    add(rows) {
      if (rows.length > 0) set.add(KIND, rows.length, encode(rows))
    },
    search: (frames, radius, isHidden = NONE_HIDDEN) =>
      segments()
        .flatMap((segment) => searchSegment(segment, frames, radius, isHidden))
        .sort((a, b) => b.scenes - a.scenes || a.distance - b.distance || a.row - b.row),
    *contents() {
      for (const { rows, starts, codes, times } of segments())
        yield Array.from(rows, (row, i) => {
          const [start, end] = [starts[i]!, starts[i + 1]!]
          return { row, frames: { codes: codes.slice(start * 32, end * 32), times: times.slice(start, end) } }
        })
    },
    info: () => ({ rows: set.list().reduce((sum, { count }) => sum + count, 0), segments: set.list().length }),
  }
}

interface LoadedFrames {
  index: HammingIndex
  codes: Uint8Array
  rows: Uint32Array
  /** Where each row's frames begin among all, and, last, where they end. */
  starts: Uint32Array
  times: Float32Array
}

function encode(rows: readonly { row: number; frames: FilmFrames }[]): Record<string, Uint8Array> {
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach(({ frames }, i) => (starts[i + 1] = starts[i]! + frames.times.length))
  const codes = new Uint8Array(starts.at(-1)! * 32)
  const times = new Float32Array(starts.at(-1)!)
  rows.forEach(({ frames }, i) => {
    codes.set(frames.codes, starts[i]! * 32)
    times.set(frames.times, starts[i])
  })
  return {
    rows: bytesOf(Uint32Array.from(rows, ({ row }) => row)),
    starts: bytesOf(starts),
    times: bytesOf(times),
    codes,
  }
}

function load(path: string): LoadedFrames {
  const segment = readSegment(path)
  const [rows, starts, times] = ['rows', 'starts', 'times'].map((name) => wordsOf(segment, name, path))
  const codes = segment.sections.get('codes')
  if (starts!.length !== rows!.length + 1 || starts!.at(-1) !== times!.length || codes?.length !== times!.length * 32)
    throw damaged(path, 'its sections do not fit each other')
  return {
    index: openHammingIndex(codes),
    codes,
    rows: rows!,
    starts: starts!,
    times: new Float32Array(times!.buffer, times!.byteOffset, times!.length),
  }
}

/** Two frames that are alike: of the film that is looked for its number, of a row when it shows it, in seconds. */
export interface FramePair {
  row: number
  query: number
  time: number
  distance: number
}

/**
 * Of each row the stretch with the most scenes in common, in no order: from the frames that are alike, those of the film
 * as it is in one list and those of it mirrored in another. A frame that resembles too many is not to be among them
 * (`RESEMBLING_MAX`).
 */
export function stretchesOf(
  frames: Pick<FilmFrames, 'codes' | 'times'>,
  ways: readonly (readonly FramePair[])[],
  radius: number,
): FrameHit[] {
  const best = new Map<number, FrameHit>()
  for (const pairs of ways) {
    for (const [row, ofRow] of Map.groupBy(pairs, (pair) => pair.row)) {
      const hit = bestStretch(row, frames, ofRow, radius)
      const known = best.get(row)
      if (!known || hit.scenes > known.scenes || (hit.scenes === known.scenes && hit.distance < known.distance))
        best.set(row, hit)
    }
  }
  return [...best.values()]
}

function searchSegment(segment: LoadedFrames, frames: FilmFrames, radius: number, isHidden: HiddenRows): FrameHit[] {
  const ways = [frames.codes, ...(frames.mirrored ? [frames.mirrored] : [])]
  return stretchesOf(
    frames,
    ways.map((codes) => pairsIn(segment, codes, radius, isHidden)),
    radius,
  )
}

function pairsIn(
  { index, rows, starts, times }: LoadedFrames,
  codes: Uint8Array,
  radius: number,
  isHidden: HiddenRows,
): FramePair[] {
  const pairs: FramePair[] = []
  index.search(codes, radius).forEach((alike, query) => {
    if (alike.length > RESEMBLING_MAX) return
    for (const { place, distance } of alike) {
      const row = rows[placeOf(starts, place, starts.length - 1)]!
      if (!isHidden(row)) pairs.push({ row, query, time: times[place]!, distance })
    }
  })
  return pairs
}

/** The time between both films on which most scenes agree. */
function bestStretch(
  row: number,
  frames: Pick<FilmFrames, 'codes' | 'times'>,
  ofRow: readonly FramePair[],
  radius: number,
): FrameHit {
  const pairs = ofRow
    .map((pair) => ({ ...pair, offset: pair.time - frames.times[pair.query]! }))
    .sort((a, b) => a.offset - b.offset || a.distance - b.distance)
  let most = { first: 0, end: 0, count: 0 }
  const inWindow = new Map<number, number>()
  let end = 0
  for (let first = 0; first < pairs.length; first++) {
    while (end < pairs.length && pairs[end]!.offset - pairs[first]!.offset <= SLACK_SECONDS) {
      inWindow.set(pairs[end]!.query, (inWindow.get(pairs[end]!.query) ?? 0) + 1)
      end++
    }
    if (inWindow.size > most.count) most = { first, end, count: inWindow.size }
    const left = inWindow.get(pairs[first]!.query)! - 1
    if (left === 0) inWindow.delete(pairs[first]!.query)
    else inWindow.set(pairs[first]!.query, left)
  }
  const inWindowPairs = pairs.slice(most.first, most.end).sort((a, b) => a.query - b.query || a.distance - b.distance)
  const agreeing = longestRun(inWindowPairs, frames.times)
  const [start, last] = [agreeing[0]!, agreeing.at(-1)!]
  return {
    row,
    queryStart: frames.times[start.query]!,
    rowStart: start.time,
    seconds: frames.times[last.query]! - frames.times[start.query]!,
    scenes: countScenes(frames.codes, [...new Set(agreeing.map(({ query }) => query))], radius),
    distance: agreeing.reduce((sum, { distance }) => sum + distance, 0) / agreeing.length,
  }
}

/** Films that share a logo and the credits are not one stretch: what lies far apart is told apart, and the most is kept. */
function longestRun(pairs: readonly FramePair[], times: Float32Array): FramePair[] {
  const runs: FramePair[][] = []
  for (const pair of pairs) {
    const run = runs.at(-1)
    if (run && times[pair.query]! - times[run.at(-1)!.query]! <= GAP_SECONDS_MAX) run.push(pair)
    else runs.push([pair])
  }
  return runs.reduce((most, run) => (run.length > most.length ? run : most))
}

/** How many of these frames differ from all others that were counted. */
function countScenes(codes: Uint8Array, queries: readonly number[], radius: number): number {
  const counted: Uint8Array[] = []
  for (const query of queries) {
    const code = codes.subarray(query * 32, query * 32 + 32)
    if (counted.every((other) => differingBits(code, other) > radius)) counted.push(code)
    if (counted.length === SCENES_COUNTED_MAX) break
  }
  return counted.length
}

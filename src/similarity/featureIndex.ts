import { POINT_NUMBERS, type LocalFeatures } from '../fingerprints/index.ts'
import { alignFeatures, invert, mapPoint, type Affine, type FeaturePair } from './geometry.ts'
import { NONE_HIDDEN, type HiddenRows } from './hiddenRows.ts'
import { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
import { placeOf } from './places.ts'
import { bytesOf, damaged, readSegment, wordsOf } from './segmentFile.ts'
import { loadSegments, openSegmentSet } from './segmentSet.ts'

/** A picture that shows a part of another, or the same part of a third. */
export interface FeatureHit {
  row: number
  /** Features that agree to one map between the pictures. */
  inliers: number
  /** The part that both show, as corners in shares (0 to 1) of the width and height of each. */
  outlineInQuery: Corner[]
  outlineInRow: Corner[]
}

export type Corner = [x: number, y: number]

/** Local features of many pictures on disk. */
export interface FeatureIndex {
  add(rows: readonly { row: number; features: LocalFeatures }[]): void
  /** Pictures that share a part with this one, most agreeing features first. */
  search(features: LocalFeatures, isHidden?: HiddenRows): FeatureHit[]
  contents(): Iterable<{ row: number; features: LocalFeatures }[]>
  info(): { pictures: number; segments: number }
}

/** Bits of 256 in which two descriptions of one corner may differ. */
export const FEATURE_RADIUS = 40
/**
 * So many features must agree before a picture is a candidate, and one more for every 200 pairs that resemble each other:
 * the more pairs there are, the more agree by chance. Measured on unrelated pictures: see `docs/robustness.md`.
 */
export const INLIERS_MIN = 18
const PAIRS_PER_INLIER = 200
/** Inliers on a line are a fence, a horizon, a plank: their spread across must be at least this share of that along. */
const SPREAD_MIN = 0.02
/**
 * One edge that bends alike in two pictures brings many features of several sizes, all along it. So they must lie at so
 * many places, this far from each other in the picture that shows the part larger.
 */
const PLACES_MIN = 13
const PLACE_PIXELS = 10
/** Of the features that resemble one of the query, so many of each picture are looked at, the nearest, and so many in all. */
const RESEMBLING_A_PICTURE_MAX = 8
const RESEMBLING_MAX = 2000

const KIND = 'features-0'

/** Opens or makes an index of local features. Errors: `dataset_invalid` for damaged segments, when searched. */
export function openFeatureIndex(directory: string): FeatureIndex {
  const set = openSegmentSet(directory)
  const segments = loadSegments(set, load)
  return {
    add(rows) {
      if (rows.length > 0) set.add(KIND, rows.length, encode(rows))
    },
    search(features, isHidden = NONE_HIDDEN) {
      if (features.codes.length === 0) return []
      return segments()
        .flatMap((segment) => searchSegment(segment, features, isHidden))
        .sort((a, b) => b.inliers - a.inliers || a.row - b.row)
    },
    *contents() {
      for (const segment of segments())
        yield Array.from(segment.rows, (row, i) => ({ row, features: featuresOf(segment, i) }))
    },
    info: () => ({ pictures: set.list().reduce((sum, { count }) => sum + count, 0), segments: set.list().length }),
  }
}

interface LoadedFeatures {
  index: HammingIndex
  codes: Uint8Array
  rows: Uint32Array
  /** Where each picture's features begin among all, and, last, where they end. */
  starts: Uint32Array
  /** Width and height of each picture's frame. */
  frames: Uint32Array
  points: Float32Array
}

function encode(rows: readonly { row: number; features: LocalFeatures }[]): Record<string, Uint8Array> {
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach(({ features }, i) => (starts[i + 1] = starts[i]! + features.codes.length / 32))
  const codes = new Uint8Array(starts.at(-1)! * 32)
  const points = new Float32Array(starts.at(-1)! * POINT_NUMBERS)
  rows.forEach(({ features }, i) => {
    codes.set(features.codes, starts[i]! * 32)
    points.set(features.points, starts[i]! * POINT_NUMBERS)
  })
  return {
    rows: bytesOf(Uint32Array.from(rows, ({ row }) => row)),
    starts: bytesOf(starts),
    frames: bytesOf(Uint32Array.from(rows.flatMap(({ features }) => [features.width, features.height]))),
    points: bytesOf(points),
    codes,
  }
}

function load(path: string): LoadedFeatures {
  const segment = readSegment(path)
  const words = (name: string) => wordsOf(segment, name, path)
  const points = words('points')
  const codes = segment.sections.get('codes')
  const count = words('starts').at(-1)
  if (codes?.length !== count! * 32 || points.length !== count! * POINT_NUMBERS)
    throw damaged(path, 'its sections do not fit each other')
  return {
    index: openHammingIndex(codes),
    codes,
    rows: words('rows'),
    starts: words('starts'),
    frames: words('frames'),
    points: new Float32Array(points.buffer, points.byteOffset, points.length),
  }
}

function featuresOf({ starts, frames, codes, points }: LoadedFeatures, picture: number): LocalFeatures {
  const [start, end] = [starts[picture]!, starts[picture + 1]!]
  return {
    width: frames[picture * 2]!,
    height: frames[picture * 2 + 1]!,
    codes: codes.subarray(start * 32, end * 32),
    points: points.subarray(start * POINT_NUMBERS, end * POINT_NUMBERS),
  }
}

function searchSegment(segment: LoadedFeatures, features: LocalFeatures, isHidden: HiddenRows): FeatureHit[] {
  const { rows, starts, frames, points } = segment
  const hits: FeatureHit[] = []
  for (const [picture, pairs] of pairsByPicture(segment, features, isHidden)) {
    // Each feature counts once, so there cannot be more inliers than features.
    if (pairs.length < INLIERS_MIN || new Set(pairs.map(({ a }) => a)).size < INLIERS_MIN) continue
    const own = points.subarray(starts[picture]! * POINT_NUMBERS, starts[picture + 1]! * POINT_NUMBERS)
    const needed = INLIERS_MIN + pairs.length / PAIRS_PER_INLIER
    const alignment = alignFeatures(features.points, own, pairs, needed)
    if (!alignment || alignment.inliers.length < needed) continue
    if (!isSpread(features.points, alignment.inliers)) continue
    const places = [
      countPlaces(alignment.inliers.map(({ a }) => pointOf(features.points, a))),
      countPlaces(alignment.inliers.map(({ b }) => pointOf(own, b))),
    ]
    if (Math.max(...places) < PLACES_MIN) continue
    const frame = { width: frames[picture * 2]!, height: frames[picture * 2 + 1]! }
    hits.push({ row: rows[picture]!, inliers: alignment.inliers.length, ...outlines(features, frame, alignment.map) })
  }
  return hits
}

/** Features that resemble one of the query, the nearest first, for each picture that has any. */
function pairsByPicture(
  { index, starts, rows }: LoadedFeatures,
  { codes }: LocalFeatures,
  isHidden: HiddenRows,
): Map<number, FeaturePair[]> {
  const pairs = new Map<number, (FeaturePair & { distance: number })[]>()
  index.search(codes, FEATURE_RADIUS).forEach((resembling, a) => {
    const seen = new Map<number, number>()
    let lookedAt = 0
    for (const { place, distance } of resembling) {
      const picture = placeOf(starts, place, starts.length - 1)
      if (isHidden(rows[picture]!)) continue
      if (lookedAt++ === RESEMBLING_MAX) break
      const before = seen.get(picture) ?? 0
      if (before === RESEMBLING_A_PICTURE_MAX) continue
      seen.set(picture, before + 1)
      const pair = { a, b: place - starts[picture]!, distance }
      const known = pairs.get(picture)
      if (known) known.push(pair)
      else pairs.set(picture, [pair])
    }
  })
  for (const list of pairs.values()) list.sort((one, other) => one.distance - other.distance)
  return pairs
}

function isSpread(points: Float32Array, inliers: readonly FeaturePair[]): boolean {
  const xs = inliers.map(({ a }) => points[a * POINT_NUMBERS]!)
  const ys = inliers.map(({ a }) => points[a * POINT_NUMBERS + 1]!)
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const [mx, my] = [mean(xs), mean(ys)]
  const xx = mean(xs.map((x) => (x - mx) ** 2))
  const yy = mean(ys.map((y) => (y - my) ** 2))
  const xy = mean(xs.map((x, i) => (x - mx) * (ys[i]! - my)))
  const middle = (xx + yy) / 2
  const reach = Math.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
  return middle - reach > SPREAD_MIN * (middle + reach)
}

function pointOf(points: Float32Array, feature: number): Corner {
  return [points[feature * POINT_NUMBERS]!, points[feature * POINT_NUMBERS + 1]!]
}

/** How many of these points can be taken, in their order, so that none is near another. */
function countPlaces(points: readonly Corner[]): number {
  const places: Corner[] = []
  for (const [x, y] of points)
    if (places.every(([left, top]) => Math.hypot(x - left, y - top) > PLACE_PIXELS)) places.push([x, y])
  return places.length
}

interface Frame {
  width: number
  height: number
}

/** The part of each frame that lies within the other. */
function outlines(query: Frame, row: Frame, map: Affine): Pick<FeatureHit, 'outlineInQuery' | 'outlineInRow'> {
  const corners = ({ width, height }: Frame): Corner[] => [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ]
  const queryInRow = corners(query).map(([x, y]): Corner => mapPoint(map, x, y))
  const inRow = clip(queryInRow, row)
  const back = invert(map)
  const shares = (outline: Corner[], { width, height }: Frame) =>
    outline.map(([x, y]): Corner => [Math.round((x / width) * 1000) / 1000, Math.round((y / height) * 1000) / 1000])
  return {
    outlineInQuery: shares(
      inRow.map(([x, y]): Corner => mapPoint(back, x, y)),
      query,
    ),
    outlineInRow: shares(inRow, row),
  }
}

/** A convex outline cut off at the edges of a frame (Sutherland and Hodgman, 1974). */
function clip(outline: Corner[], { width, height }: Frame): Corner[] {
  const edges: ((corner: Corner) => number)[] = [([x]) => x, ([x]) => width - x, ([, y]) => y, ([, y]) => height - y]
  return edges.reduce((corners, inside) => {
    return corners.flatMap((corner, i): Corner[] => {
      const next = corners[(i + 1) % corners.length]!
      const [here, there] = [inside(corner), inside(next)]
      const share = here / (here - there)
      const crossing: Corner = [corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]
      return [...(here >= 0 ? [corner] : []), ...(here >= 0 !== there >= 0 ? [crossing] : [])]
    })
  }, outline)
}

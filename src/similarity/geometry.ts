import { POINT_NUMBERS } from '../fingerprints/index.ts'

/** Features of two pictures that look alike: their numbers in each. */
export interface FeaturePair {
  a: number
  b: number
}

/** x' = m0·x + m1·y + m2, y' = m3·x + m4·y + m5. */
export type Affine = readonly [number, number, number, number, number, number]

/** How the points of picture a lie in picture b, and how many pairs of features agree to it. */
export interface Alignment {
  map: Affine
  /** Pairs that agree, each feature counted once. */
  inliers: FeaturePair[]
}

const COARSE_PIXELS = 14
const FINE_PIXELS = 5
/** Pairs that say the same thing are turned alike to 30° and scaled alike to a factor of 1.5; bins overlap by half. */
const TURN_BINS = 24
const SCALE_BIN = Math.log(1.5) / 2
const BINS_TRIED = 3
/** A picture found smaller or larger than this in another is chance. */
const SCALE_MAX = 8
const STRETCH_MAX = 1.08
const HYPOTHESES_MAX = 150

/**
 * The similarity, then the affine map, that most pairs of features agree to. Each pair alone says how the one picture
 * would have to be moved, turned and scaled; the others say whether they agree. Undefined without any agreement.
 * Points are as in `LocalFeatures`.
 */
export function alignFeatures(
  a: Float32Array,
  b: Float32Array,
  pairs: readonly FeaturePair[],
  inliersMin = 3,
): Alignment | undefined {
  let best: FeaturePair[] = []
  for (const turned of commonTurns(a, b, pairs)) {
    if (turned.length <= Math.max(best.length, inliersMin - 1)) continue
    for (const pair of turned.slice(0, HYPOTHESES_MAX)) {
      const map = hypothesis(a, b, pair)
      // Counting is much faster than telling features apart, and most hypotheses need no more.
      if (countNear(a, b, turned, map, COARSE_PIXELS) <= best.length) continue
      const agreeing = agree(a, b, turned, map, COARSE_PIXELS)
      if (agreeing.length > best.length) best = agreeing
    }
  }
  if (best.length < inliersMin) return undefined
  let map = fit(a, b, best)
  let inliers: FeaturePair[] = []
  for (let round = 0; round < 3; round++) {
    if (!map) return undefined
    inliers = agree(a, b, pairs, map, FINE_PIXELS * Math.max(1, scaleOf(map)))
    if (inliers.length < 3) return undefined
    const refined = fit(a, b, inliers)
    if (!refined || !isPlausible(refined)) break
    map = refined
  }
  return map && isPlausible(map) ? { map, inliers } : undefined
}

/** Where a point of picture a lies in picture b. */
export function mapPoint([m0, m1, m2, m3, m4, m5]: Affine, x: number, y: number): [number, number] {
  return [m0 * x + m1 * y + m2, m3 * x + m4 * y + m5]
}

/** The map the other way round. */
export function invert([m0, m1, m2, m3, m4, m5]: Affine): Affine {
  const determinant = m0 * m4 - m1 * m3
  const [i0, i1, i3, i4] = [m4 / determinant, -m1 / determinant, -m3 / determinant, m0 / determinant]
  return [i0, i1, -(i0 * m2 + i1 * m5), i3, i4, -(i3 * m2 + i4 * m5)]
}

function hypothesis(a: Float32Array, b: Float32Array, pair: FeaturePair): Affine {
  const [ax, ay, aScale, aCosine, aSine] = a.subarray(pair.a * POINT_NUMBERS) as unknown as number[]
  const [bx, by, bScale, bCosine, bSine] = b.subarray(pair.b * POINT_NUMBERS) as unknown as number[]
  const scale = bScale! / aScale!
  const cosine = (bCosine! * aCosine! + bSine! * aSine!) * scale
  const sine = (bSine! * aCosine! - bCosine! * aSine!) * scale
  return [cosine, -sine, bx! - cosine * ax! + sine * ay!, sine, cosine, by! - sine * ax! - cosine * ay!]
}

/** The largest groups of pairs that are turned and scaled alike. */
function commonTurns(a: Float32Array, b: Float32Array, pairs: readonly FeaturePair[]): FeaturePair[][] {
  const bins = new Map<number, FeaturePair[]>()
  for (const pair of pairs) {
    const { scale, cosine, sine } = turnOf(a, b, pair)
    const turn = Math.floor(((Math.atan2(sine, cosine) / (2 * Math.PI) + 1) % 1) * TURN_BINS)
    const size = Math.floor(Math.log(scale) / SCALE_BIN)
    for (const [t, s] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const bin = ((turn + t) % TURN_BINS) * 1000 + size + s + 500
      const members = bins.get(bin)
      if (members) members.push(pair)
      else bins.set(bin, [pair])
    }
  }
  return [...bins.values()].sort((one, other) => other.length - one.length).slice(0, BINS_TRIED)
}

/** Pairs that a map brings together, each feature once. */
function agree(
  a: Float32Array,
  b: Float32Array,
  pairs: readonly FeaturePair[],
  map: Affine,
  pixels: number,
): FeaturePair[] {
  const usedA = new Set<number>()
  const usedB = new Set<number>()
  return pairs.filter((pair) => {
    if (!isNear(a, b, pair, map, pixels) || usedA.has(pair.a) || usedB.has(pair.b)) return false
    usedA.add(pair.a)
    usedB.add(pair.b)
    return true
  })
}

/** Pairs that a map brings together, however often they name one feature. */
function countNear(
  a: Float32Array,
  b: Float32Array,
  pairs: readonly FeaturePair[],
  map: Affine,
  pixels: number,
): number {
  let count = 0
  for (const pair of pairs) if (isNear(a, b, pair, map, pixels)) count++
  return count
}

function isNear(a: Float32Array, b: Float32Array, pair: FeaturePair, map: Affine, pixels: number): boolean {
  const [p, q] = [pair.a * POINT_NUMBERS, pair.b * POINT_NUMBERS]
  const dx = map[0] * a[p]! + map[1] * a[p + 1]! + map[2] - b[q]!
  const dy = map[3] * a[p]! + map[4] * a[p + 1]! + map[5] - b[q + 1]!
  return dx * dx + dy * dy <= pixels * pixels
}

interface Turn {
  scale: number
  cosine: number
  sine: number
}

function turnOf(a: Float32Array, b: Float32Array, pair: FeaturePair): Turn {
  const [p, q] = [pair.a * POINT_NUMBERS, pair.b * POINT_NUMBERS]
  return {
    scale: b[q + 2]! / a[p + 2]!,
    cosine: b[q + 3]! * a[p + 3]! + b[q + 4]! * a[p + 4]!,
    sine: b[q + 4]! * a[p + 3]! - b[q + 3]! * a[p + 4]!,
  }
}

/** Least squares: an affine map for six pairs or more, a similarity for fewer. */
function fit(a: Float32Array, b: Float32Array, pairs: readonly FeaturePair[]): Affine | undefined {
  const points = pairs.map((pair) => ({
    x: a[pair.a * POINT_NUMBERS]!,
    y: a[pair.a * POINT_NUMBERS + 1]!,
    u: b[pair.b * POINT_NUMBERS]!,
    v: b[pair.b * POINT_NUMBERS + 1]!,
  }))
  const n = points.length
  const mean = (pick: (point: (typeof points)[number]) => number) => points.reduce((sum, p) => sum + pick(p), 0) / n
  const [mx, my, mu, mv] = [mean(({ x }) => x), mean(({ y }) => y), mean(({ u }) => u), mean(({ v }) => v)]
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0]
  for (const { x, y, u, v } of points) {
    const [dx, dy, du, dv] = [x - mx, y - my, u - mu, v - mv]
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
    xu += dx * du
    yu += dy * du
    xv += dx * dv
    yv += dy * dv
  }
  const determinant = xx * yy - xy * xy
  let linear: [number, number, number, number]
  if (n >= 6 && determinant > 1e-3 * (xx + yy) ** 2) {
    linear = [
      (xu * yy - yu * xy) / determinant,
      (yu * xx - xu * xy) / determinant,
      (xv * yy - yv * xy) / determinant,
      (yv * xx - xv * xy) / determinant,
    ]
  } else {
    if (xx + yy === 0) return undefined
    const cosine = (xu + yv) / (xx + yy)
    const sine = (xv - yu) / (xx + yy)
    linear = [cosine, -sine, sine, cosine]
  }
  const [m0, m1, m3, m4] = linear
  return [m0, m1, mu - m0 * mx - m1 * my, m3, m4, mv - m3 * mx - m4 * my]
}

function scaleOf([m0, m1, , m3, m4]: Affine): number {
  return Math.sqrt(Math.abs(m0 * m4 - m1 * m3))
}

/** No mirror, no extreme scale, and not squeezed by more than a half: copies are, at most, printed on another format. */
function isPlausible(map: Affine): boolean {
  const [m0, m1, , m3, m4] = map
  const determinant = m0 * m4 - m1 * m3
  const scale = scaleOf(map)
  const stretch = (m0 * m0 + m1 * m1 + m3 * m3 + m4 * m4) / (2 * Math.abs(determinant))
  return determinant > 0 && scale < SCALE_MAX && scale > 1 / SCALE_MAX && stretch < STRETCH_MAX
}

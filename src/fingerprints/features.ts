import type { Pixels } from './pdq.ts'
import { pictureKernels, type PictureKernels } from './pictureKernels.ts'

/** Version 0 of our local features: corners of a pyramid, each described by 256 bits that turn with it (after ORB). */
export interface LocalFeatures {
  /** Size of the frame that the points refer to: the picture reduced to 512 pixels on its longer side. */
  width: number
  height: number
  /** 32 bytes each, one after the other. */
  codes: Uint8Array
  /** Five numbers each: x, y, scale, and the direction as cosine and sine. */
  points: Float32Array
  /** The codes of the same corners in a mirror, in the same order: only what is looked for has them, indexes do not. */
  codesMirrored?: Uint8Array
}

export const POINT_NUMBERS = 5

const SIDE_MAX = 512
/** So many features a picture has at most. */
export const FEATURES_MAX = 500
const LEVELS = 8
const FACTOR = 1.2
/** Levels of grey that a ring is brighter or darker by; less where a picture has few corners. */
const THRESHOLD = 20
const THRESHOLD_MIN = 4
const CORNERS_MAX = 20_000
/** Two corners of one level are not nearer to each other, so that features cover the picture. */
const APART_PIXELS = 5

/** Local features of a picture: what survives a crop, a border, a turn, or a place in a collage. */
export function localFeatures(pixels: Pixels, most = FEATURES_MAX): LocalFeatures {
  const kernels = pictureKernels()
  const ratio = Math.min(1, SIDE_MAX / Math.max(pixels.width, pixels.height))
  const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(side * ratio))) as [
    number,
    number,
  ]
  kernels.reduce(pixels, width, height)
  let threshold = THRESHOLD
  let count = kernels.findCorners(width, height, threshold)
  while (count === CORNERS_MAX && threshold < 100) count = kernels.findCorners(width, height, (threshold *= 2))
  while (count < 2 * most && threshold > THRESHOLD_MIN) count = kernels.findCorners(width, height, (threshold >>= 1))
  const chosen = choose(readCorners(kernels, count), most, width)
  const codes = new Uint8Array(chosen.length * 32)
  const codesMirrored = new Uint8Array(chosen.length * 32)
  const points = new Float32Array(chosen.length * POINT_NUMBERS)
  chosen.forEach(({ x, y, level }, i) => {
    kernels.describe(x, y, level, kernels.description)
    const [cosine, sine] = new Float32Array(kernels.memory.buffer, kernels.description, 2)
    codes.set(new Uint8Array(kernels.memory.buffer, kernels.description + 8, 32), i * 32)
    codesMirrored.set(new Uint8Array(kernels.memory.buffer, kernels.description + 40, 32), i * 32)
    const scale = FACTOR ** level
    points.set([x * scale, y * scale, scale, cosine!, sine!], i * POINT_NUMBERS)
  })
  return { width, height, codes, points, codesMirrored }
}

/** The features that the picture would have with left and right swapped; undefined where their codes are not known. */
export function mirrored({ width, height, points, codesMirrored }: LocalFeatures): LocalFeatures | undefined {
  if (!codesMirrored) return undefined
  const swapped = points.slice()
  for (let at = 0; at < swapped.length; at += POINT_NUMBERS) {
    // The last column of a level is the first in the mirror.
    swapped[at] = width - points[at + 2]! - points[at]!
    swapped[at + 3] = -points[at + 3]!
  }
  return { width, height, codes: codesMirrored, points: swapped }
}

interface Corner {
  x: number
  y: number
  level: number
  score: number
}

function readCorners({ memory, corners }: PictureKernels, count: number): Corner[] {
  const whole = new Int32Array(memory.buffer, corners.value, count * 4)
  const scores = new Float32Array(memory.buffer, corners.value, count * 4)
  return Array.from({ length: count }, (_, i) => ({
    x: whole[i * 4]!,
    y: whole[i * 4 + 1]!,
    level: whole[i * 4 + 2]!,
    score: scores[i * 4 + 3]!,
  }))
}

/** The strongest corners of every level, as many as its share of the area, and not crowded together. */
function choose(corners: Corner[], most: number, width: number): Corner[] {
  const chosen: Corner[] = []
  const byLevel = Map.groupBy(corners, ({ level }) => level)
  let shares = 0
  for (let level = 0; level < LEVELS; level++) shares += FACTOR ** -level
  let owed = 0
  for (let level = LEVELS - 1; level >= 0; level--) {
    owed += (most * FACTOR ** -level) / shares
    const taken = spread(byLevel.get(level) ?? [], Math.round(owed), width)
    owed -= taken.length
    chosen.push(...taken)
  }
  return chosen.slice(0, most)
}

function spread(corners: Corner[], most: number, width: number): Corner[] {
  corners.sort((a, b) => b.score - a.score || a.y - b.y || a.x - b.x)
  const columns = Math.ceil(width / APART_PIXELS) + 1
  const taken = new Set<number>()
  const kept: Corner[] = []
  for (const corner of corners) {
    if (kept.length >= most) break
    const cell = Math.floor(corner.y / APART_PIXELS) * columns + Math.floor(corner.x / APART_PIXELS)
    if (taken.has(cell)) continue
    taken.add(cell)
    kept.push(corner)
  }
  return kept
}

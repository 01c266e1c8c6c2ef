import { allocate } from './memory'
import { AREA, BORDER, LEVELS, buildPyramid, heights, levels, smooth, widths } from './pyramid'

const RADIUS: i32 = 15
const PAIRS: i32 = 256
const CORNERS_MAX: u32 = 20000

const scores: usize = allocate(AREA * 4)
const pattern: usize = allocate(PAIRS * 4 * 4)
/** Whether nine of sixteen bits in a ring stand together. */
const arcs: usize = allocate(1 << 16)
/** Corners found: x, y, level (32 bits each) and score (float). */
export const corners: usize = allocate(CORNERS_MAX * 16)

let isReady = false

/** Corners of a grey picture of `width` × `height` that `greyReduce` has made. Returns how many. */
export function findCorners(width: u32, height: u32, threshold: i32): u32 {
  if (!isReady) prepareTables()
  buildPyramid(width, height)
  let count: u32 = 0
  for (let level: u32 = 0; level < LEVELS; level++) count = cornersOf(level, threshold, count)
  return count
}

function prepareTables(): void {
  for (let ring: u32 = 0; ring < 1 << 16; ring++) {
    const twice = ring | (ring << 16)
    let run = twice
    for (let i = 0; i < 8; i++) run &= twice >>> (i + 1)
    store<u8>(arcs + ring, (run & 0xffff) != 0 ? 1 : 0)
  }
  let state: u32 = 0x9e3779b9
  for (let i = 0; i < PAIRS * 2; ) {
    state = nextRandom(state)
    const x = bell(state)
    state = nextRandom(nextRandom(nextRandom(nextRandom(state))))
    const y = bell(state)
    state = nextRandom(nextRandom(nextRandom(nextRandom(state))))
    if (x * x + y * y > 13 * 13) continue
    store<f32>(pattern + (<usize>i << 3), x)
    store<f32>(pattern + (<usize>i << 3), y, 4)
    i++
  }
  isReady = true
}

function nextRandom(state: u32): u32 {
  let next = state
  next ^= next << 13
  next ^= next >>> 17
  next ^= next << 5
  return next
}

/** About normal with a deviation of six pixels: the sum of four even numbers. */
function bell(seed: u32): f32 {
  let state = seed
  let sum: f32 = 0
  for (let i = 0; i < 4; i++) {
    state = nextRandom(state)
    sum += <f32>(state >>> 8) / <f32>(1 << 24) - 0.5
  }
  return sum * 10.4
}

/** Corners (FAST, nine of sixteen) that stand out among their neighbours by Harris' measure. */
function cornersOf(level: u32, threshold: i32, already: u32): u32 {
  const width = <i32>load<u32>(widths + (level << 2))
  const height = <i32>load<u32>(heights + (level << 2))
  const image = <usize>load<u32>(levels + (level << 2))
  if (width <= 2 * BORDER || height <= 2 * BORDER) return already
  memory.fill(scores, 0, <usize>(width * height) << 2)
  prepareRing(width)
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      const at = image + <usize>(y * width + x)
      if (isCorner(at, width, threshold)) store<f32>(scores + (<usize>(y * width + x) << 2), harris(at, width))
    }
  }
  let count = already
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      const score = load<f32>(scores + (<usize>(y * width + x) << 2))
      if (score <= 0 || !isPeak(x, y, width, score) || count == CORNERS_MAX) continue
      const entry = corners + (<usize>count << 4)
      store<i32>(entry, x)
      store<i32>(entry, y, 4)
      store<u32>(entry, level, 8)
      store<f32>(entry, score, 12)
      count++
    }
  }
  return count
}

function isPeak(x: i32, y: i32, width: i32, score: f32): bool {
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const other = load<f32>(scores + (<usize>((y + dy) * width + x + dx) << 2))
      if (other > score || (other == score && (dy < 0 || (dy == 0 && dx < 0)))) return false
    }
  }
  return true
}

function isCorner(at: usize, width: i32, threshold: i32): bool {
  const centre = <i32>load<u8>(at)
  const high = centre + threshold
  const low = centre - threshold
  const north = <i32>load<u8>(at - 3 * width)
  const south = <i32>load<u8>(at + 3 * width)
  const east = <i32>load<u8>(at, 3)
  const west = <i32>load<u8>(at - 3)
  // Of nine in a row of sixteen, at least two of the four stand beside each other.
  const brighter = <i32>(north > high) + <i32>(south > high) + <i32>(east > high) + <i32>(west > high)
  const darker = <i32>(north < low) + <i32>(south < low) + <i32>(east < low) + <i32>(west < low)
  if (brighter < 2 && darker < 2) return false
  let bright: u32 = 0
  let dark: u32 = 0
  for (let i = 0; i < 16; i++) {
    const value = <i32>load<u8>(at + load<i32>(ring + (<usize>i << 2)))
    bright |= <u32>(value > high) << i
    dark |= <u32>(value < low) << i
  }
  return load<u8>(arcs + bright) != 0 || load<u8>(arcs + dark) != 0
}

/** The circle of radius three, from the top clockwise, for pictures of this width. */
function prepareRing(width: i32): void {
  for (let i = 0; i < 16; i++) {
    const dx = <i32>load<i8>(RING_X + i)
    const dy = <i32>load<i8>(RING_X + ((i + 12) & 15))
    store<i32>(ring + (<usize>i << 2), dy * width + dx)
  }
}

/** x of the circle's places; y are the same a quarter before. */
const RING_X: usize = memory.data<i8>([0, 1, 2, 3, 3, 3, 2, 1, 0, -1, -2, -3, -3, -3, -2, -1])
const ring: usize = allocate(16 * 4)

function harris(at: usize, width: i32): f32 {
  let xx: i32 = 0
  let yy: i32 = 0
  let xy: i32 = 0
  for (let dy = -3; dy <= 3; dy++) {
    for (let dx = -3; dx <= 3; dx++) {
      const here = at + dy * width + dx
      const gx = <i32>load<u8>(here, 1) - <i32>load<u8>(here - 1)
      const gy = <i32>load<u8>(here + width) - <i32>load<u8>(here - width)
      xx += gx * gx
      yy += gy * gy
      xy += gx * gy
    }
  }
  const trace = <f32>xx + <f32>yy
  return <f32>xx * <f32>yy - <f32>xy * <f32>xy - 0.04 * trace * trace
}

/**
 * Describes the patch around a corner: writes its direction (two floats: cosine and sine) and, from byte 8 on, 256 bits:
 * of each pair of places in the patch turned that way, which is brighter. From byte 40 on follow the 256 bits that the
 * same corner would have in a mirror that swaps left and right.
 */
export function describe(x: i32, y: i32, level: u32, into: usize): void {
  const width = <i32>load<u32>(widths + (level << 2))
  const image = <usize>load<u32>(levels + (level << 2)) + <usize>(y * width + x)
  let momentX: i32 = 0
  let momentY: i32 = 0
  for (let dy = -RADIUS; dy <= RADIUS; dy++) {
    for (let dx = -RADIUS; dx <= RADIUS; dx++) {
      if (dx * dx + dy * dy > RADIUS * RADIUS) continue
      const value = <i32>load<u8>(image + dy * width + dx)
      momentX += dx * value
      momentY += dy * value
    }
  }
  const length = max<f32>(1, sqrt<f32>(<f32>momentX * <f32>momentX + <f32>momentY * <f32>momentY))
  const cosine = <f32>momentX / length
  const sine = <f32>momentY / length
  store<f32>(into, cosine)
  store<f32>(into, sine, 4)
  const patch = <usize>load<u32>(smooth + (level << 2)) + <usize>(y * width + x)
  writeBits(patch, width, 1, cosine, sine, into + 8)
  // In the mirror the direction points the other way across, and so does every step across.
  writeBits(patch, width, -1, -cosine, sine, into + 40)
}

/** `across` is 1, or -1 for what stands in a mirror. */
function writeBits(patch: usize, width: i32, across: i32, cosine: f32, sine: f32, into: usize): void {
  for (let byte = 0; byte < PAIRS / 8; byte++) {
    let bits: u32 = 0
    for (let bit = 0; bit < 8; bit++) {
      const pair = pattern + (<usize>(byte * 8 + bit) << 4)
      const first = sample(patch, width, across, load<f32>(pair), load<f32>(pair, 4), cosine, sine)
      const second = sample(patch, width, across, load<f32>(pair, 8), load<f32>(pair, 12), cosine, sine)
      bits |= <u32>(first < second) << bit
    }
    store<u8>(into + byte, <u8>bits)
  }
}

function sample(patch: usize, width: i32, across: i32, x: f32, y: f32, cosine: f32, sine: f32): i32 {
  const turnedX = <i32>nearest<f32>(x * cosine - y * sine)
  const turnedY = <i32>nearest<f32>(x * sine + y * cosine)
  return <i32>load<u8>(patch + turnedY * width + across * turnedX)
}

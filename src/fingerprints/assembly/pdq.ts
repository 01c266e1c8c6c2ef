import { allocate } from './memory'

/** A picture of at most 1,024 × 1,024 pixels and four channels is written here. */
const PIXEL_BYTES: usize = 1024 * 1024 * 4
const SIDE: u32 = 512
const BLOCK: u32 = 64

let pixels: usize = 0
let plane: usize = 0
let other: usize = 0
let line: usize = 0
let sums: usize = 0

/** Where the pixels are to be put. */
export function pixelsAt(): usize {
  if (pixels == 0) {
    pixels = allocate(PIXEL_BYTES)
    plane = allocate(<usize>(SIDE * SIDE) * 4)
    other = allocate(<usize>(SIDE * SIDE) * 4)
    line = allocate(<usize>SIDE * 4)
    sums = allocate(<usize>SIDE * 8)
  }
  return pixels
}

/**
 * The 64 × 64 samples that PDQ transforms: luminance, nearest neighbour down to 512 × 512 of anything larger, two passes
 * of a box filter in both directions, and one sample for each block. Sums are kept with 64 bits, values with 32.
 */
export function pdqSamples(width: u32, height: u32, channels: u32, samples: usize): void {
  const isLarge = width > SIDE || height > SIDE
  const outWidth = isLarge ? SIDE : width
  const outHeight = isLarge ? SIDE : height
  luminance(width, height, channels, outWidth, outHeight)
  const rowWindow = (outWidth + 2 * BLOCK - 1) / (2 * BLOCK)
  const columnWindow = (outHeight + 2 * BLOCK - 1) / (2 * BLOCK)
  for (let pass = 0; pass < 2; pass++) {
    for (let y: u32 = 0; y < outHeight; y++) filterRow(plane + (<usize>(y * outWidth) << 2), outWidth, rowWindow)
    filterColumns(outWidth, outHeight, columnWindow)
    const filtered = other
    other = plane
    plane = filtered
  }
  for (let y: u32 = 0; y < BLOCK; y++) {
    const sourceY = <u32>(((<f64>y + 0.5) * <f64>outHeight) / <f64>BLOCK)
    for (let x: u32 = 0; x < BLOCK; x++) {
      const sourceX = <u32>(((<f64>x + 0.5) * <f64>outWidth) / <f64>BLOCK)
      store<f32>(
        samples + (<usize>(y * BLOCK + x) << 2),
        load<f32>(plane + (<usize>(sourceY * outWidth + sourceX) << 2)),
      )
    }
  }
}

function luminance(width: u32, height: u32, channels: u32, outWidth: u32, outHeight: u32): void {
  for (let y: u32 = 0; y < outHeight; y++) {
    const sourceY = <u32>(((<f64>y + 0.5) * <f64>height) / <f64>outHeight)
    for (let x: u32 = 0; x < outWidth; x++) {
      const sourceX = <u32>(((<f64>x + 0.5) * <f64>width) / <f64>outWidth)
      const at = pixels + <usize>((sourceY * width + sourceX) * channels)
      const value = 0.299 * <f64>load<u8>(at) + 0.587 * <f64>load<u8>(at, 1) + 0.114 * <f64>load<u8>(at, 2)
      store<f32>(plane + (<usize>(y * outWidth + x) << 2), <f32>value)
    }
  }
}

/** Running mean over a window that is cut off at both ends. */
function filterRow(row: usize, length: u32, window: u32): void {
  const ahead = (window + 2) / 2 - 1
  const behind = window - ahead
  memory.copy(line, row, <usize>length << 2)
  let sum: f64 = 0
  let count: i32 = 0
  for (let i: u32 = 0; i < min(ahead, length); i++) {
    sum += <f64>load<f32>(line + (<usize>i << 2))
    count++
  }
  for (let i: u32 = 0; i < length; i++) {
    if (i + ahead < length) {
      sum += <f64>load<f32>(line + (<usize>(i + ahead) << 2))
      count++
    }
    if (i >= behind) {
      sum -= <f64>load<f32>(line + (<usize>(i - behind) << 2))
      count--
    }
    store<f32>(row + (<usize>i << 2), <f32>(sum / <f64>count))
  }
}

/** The same down all columns at once, row by row. */
function filterColumns(width: u32, height: u32, window: u32): void {
  const ahead = (window + 2) / 2 - 1
  const behind = window - ahead
  memory.fill(sums, 0, <usize>width << 3)
  let count: i32 = 0
  for (let y: u32 = 0; y < min(ahead, height); y++) {
    addRow(y, width, 1)
    count++
  }
  for (let y: u32 = 0; y < height; y++) {
    if (y + ahead < height) {
      addRow(y + ahead, width, 1)
      count++
    }
    if (y >= behind) {
      addRow(y - behind, width, -1)
      count--
    }
    const row = other + (<usize>(y * width) << 2)
    for (let x: u32 = 0; x < width; x++)
      store<f32>(row + (<usize>x << 2), <f32>(load<f64>(sums + (<usize>x << 3)) / <f64>count))
  }
}

function addRow(y: u32, width: u32, sign: f64): void {
  const row = plane + (<usize>(y * width) << 2)
  for (let x: u32 = 0; x < width; x++) {
    const at = sums + (<usize>x << 3)
    store<f64>(at, load<f64>(at) + sign * <f64>load<f32>(row + (<usize>x << 2)))
  }
}

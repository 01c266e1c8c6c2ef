import { allocate } from './memory'

/** Levels of the pyramid, each smaller than the last by a factor of 1.2. */
export const LEVELS: u32 = 8
const FACTOR: f64 = 1.2
/** Pixels of the first level: its longer side has at most 512. */
export const AREA: usize = 512 * 512
/** A patch reaches 15 pixels from its centre, and its samples are means of five by five. */
export const BORDER: i32 = 18

/** Of each level: its size, the picture, and the picture smoothed by five by five. */
export const widths: usize = allocate(LEVELS * 4)
export const heights: usize = allocate(LEVELS * 4)
export const levels: usize = allocate(LEVELS * 4)
export const smooth: usize = allocate(LEVELS * 4)
const pixels: usize = allocate(AREA * 4 + 64)
const smoothed: usize = allocate(AREA * 4 + 64)
const column: usize = allocate(AREA * 2 + 64)

/** The grey picture at the first level, made from pixels of three or four channels by area. */
export function greyReduce(from: usize, width: u32, height: u32, channels: u32, outWidth: u32, outHeight: u32): void {
  for (let y: u32 = 0; y < outHeight; y++) {
    const top = (y * height) / outHeight
    const bottom = max(top + 1, ((y + 1) * height) / outHeight)
    for (let x: u32 = 0; x < outWidth; x++) {
      const left = (x * width) / outWidth
      const right = max(left + 1, ((x + 1) * width) / outWidth)
      let sum: u32 = 0
      for (let row = top; row < bottom; row++) {
        let at = from + <usize>((row * width + left) * channels)
        for (let i = left; i < right; i++) {
          sum += 77 * <u32>load<u8>(at) + 150 * <u32>load<u8>(at, 1) + 29 * <u32>load<u8>(at, 2)
          at += channels
        }
      }
      store<u8>(pixels + <usize>(y * outWidth + x), <u8>(sum / ((bottom - top) * (right - left) * 256)))
    }
  }
}

/** Makes all levels of the grey picture that `greyReduce` has made. */
export function buildPyramid(width: u32, height: u32): void {
  let at = pixels
  let smoothAt = smoothed
  let scale: f64 = 1
  for (let level: u32 = 0; level < LEVELS; level++) {
    const w = <u32>Math.round(<f64>width / scale)
    const h = <u32>Math.round(<f64>height / scale)
    // A level that has no room for a patch has no corners.
    const isUsed = w > 2 * <u32>BORDER && h > 2 * <u32>BORDER
    store<u32>(widths + (level << 2), isUsed ? w : 0)
    store<u32>(heights + (level << 2), isUsed ? h : 0)
    if (!isUsed) continue
    store<u32>(levels + (level << 2), <u32>at)
    store<u32>(smooth + (level << 2), <u32>smoothAt)
    if (level > 0) {
      const before = level - 1
      reduce(
        load<u32>(levels + (before << 2)),
        load<u32>(widths + (before << 2)),
        load<u32>(heights + (before << 2)),
        at,
        w,
        h,
      )
    }
    boxFive(at, w, h, smoothAt)
    at += <usize>(w * h)
    smoothAt += <usize>(w * h)
    scale *= FACTOR
  }
}

/** Bilinear reduction, with places to a 256th of a pixel. */
function reduce(from: usize, fromWidth: u32, fromHeight: u32, to: usize, width: u32, height: u32): void {
  const stepX = (fromWidth << 12) / width
  const stepY = (fromHeight << 12) / height
  for (let y: u32 = 0; y < height; y++) {
    const sourceY = <u32>max<i32>(0, <i32>(y * stepY + (stepY >>> 1)) - 2048)
    const top = min<u32>(sourceY >>> 12, fromHeight - 2)
    const down = min<u32>(256, (sourceY - (top << 12)) >>> 4)
    const rowA = from + <usize>(top * fromWidth)
    const rowB = rowA + fromWidth
    for (let x: u32 = 0; x < width; x++) {
      const sourceX = <u32>max<i32>(0, <i32>(x * stepX + (stepX >>> 1)) - 2048)
      const left = min<u32>(sourceX >>> 12, fromWidth - 2)
      const right = min<u32>(256, (sourceX - (left << 12)) >>> 4)
      const a = <u32>load<u8>(rowA + left) * (256 - right) + <u32>load<u8>(rowA + left, 1) * right
      const b = <u32>load<u8>(rowB + left) * (256 - right) + <u32>load<u8>(rowB + left, 1) * right
      store<u8>(to + <usize>(y * width + x), <u8>((a * (256 - down) + b * down + (1 << 15)) >>> 16))
    }
  }
}

/** Mean of five by five pixels, eight at once; the outermost are not needed, so what wraps around there does not matter. */
function boxFive(from: usize, width: u32, height: u32, to: usize): void {
  const count = <usize>(width * height)
  for (let i: usize = 2; i + 10 < count; i += 8) {
    const at = from + i
    const sum = i16x8.add(
      i16x8.add(i16x8.add(v128.load_ext<u8>(at - 2), v128.load_ext<u8>(at - 1)), v128.load_ext<u8>(at)),
      i16x8.add(v128.load_ext<u8>(at, 1), v128.load_ext<u8>(at, 2)),
    )
    v128.store(column + (i << 1), sum)
  }
  const stride = <usize>width << 1
  const twentyFifth = i16x8.splat(1311)
  for (let i = <usize>width * 2; i + <usize>width * 2 + 8 < count; i += 8) {
    const at = column + (i << 1)
    const sum = i16x8.add(
      i16x8.add(i16x8.add(v128.load(at - 2 * stride), v128.load(at - stride)), v128.load(at)),
      i16x8.add(v128.load(at + stride), v128.load(at + 2 * stride)),
    )
    const mean = i16x8.q15mulr_sat_s(sum, twentyFifth)
    v128.store_lane<u64>(to + i, i8x16.narrow_i16x8_u(mean, mean), 0)
  }
}

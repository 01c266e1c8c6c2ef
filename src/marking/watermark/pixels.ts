import sharp, { type Metadata } from 'sharp'
import { ColophonError } from '../../foundation/index.ts'
import { weights } from './placement.ts'

/** Formats of pictures that can carry a watermark. */
export const watermarkFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const
export type WatermarkFormat = (typeof watermarkFormats)[number]

export function carriesWatermark(format: string | undefined): format is WatermarkFormat {
  return (watermarkFormats as readonly (string | undefined)[]).includes(format)
}

/** Pixels decoded at most. */
const PIXELS_MAX = 120_000_000
/** Smaller pictures have no room for it. */
const SIDE_MIN = 200

/** Pixels of a picture as they are stored: no profile is applied, nothing is turned. */
export interface StoredPixels {
  /** Rows from the top, channels beside each other, 0 to 255. */
  pixels: Uint8ClampedArray
  info: PixelInfo
}

interface PixelInfo {
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
}

/** A picture as it is seen upright, in a square. */
export interface Square {
  /** Rows from the top, `channels` values beside each other, 0 to 255: grey, or red, green and blue first. */
  data: Uint8Array
  channels: number
  /** Width by height before. */
  aspect: number
}

/**
 * What is said at the beginning of a picture. Errors: `unreadable_file`, `picture_too_large`, `unsupported_media` for
 * CMYK, more than 8 bits a colour, and moving pictures.
 */
export async function inspectPicture(bytes: Uint8Array): Promise<Metadata> {
  let metadata: Metadata
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (error) {
    throw new ColophonError('unreadable_file', 'this is not a picture that can be read', { cause: error })
  }
  const { width, height, space, pages = 1, depth } = metadata
  if (width * height > PIXELS_MAX)
    throw new ColophonError('picture_too_large', `the picture has more than ${PIXELS_MAX} pixels`)
  const cannot =
    pages > 1
      ? 'of several pages'
      : space === 'cmyk'
        ? 'for print (CMYK)'
        : depth !== 'uchar'
          ? 'of more than 8 bits a colour'
          : ''
  if (cannot) throw new ColophonError('unsupported_media', `a picture ${cannot} carries no watermark`)
  return metadata
}

/** The same, for a picture that a watermark is to be put into. Errors also: `state_not_allowed` when it is too small. */
export async function inspectRoom(bytes: Uint8Array): Promise<Metadata> {
  const metadata = await inspectPicture(bytes)
  if (Math.min(metadata.width, metadata.height) < SIDE_MIN)
    throw new ColophonError('state_not_allowed', `a watermark needs at least ${SIDE_MIN} pixels on each side`)
  return metadata
}

/** The picture as it is seen, in a square of `side` pixels; what is transparent is looked at on white. Errors: `unreadable_file`. */
export async function squareOf(bytes: Uint8Array, side: number): Promise<Square> {
  const { data, info } = await open(bytes)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize(side, side, { fit: 'fill' })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new ColophonError('unreadable_file', 'the picture ends before it is whole, or is damaged', { cause: error })
    })
  const { autoOrient } = await sharp(bytes).metadata()
  return { data, channels: info.channels, aspect: autoOrient.width / autoOrient.height }
}

export async function storedPixels(bytes: Uint8Array): Promise<StoredPixels> {
  const { data, info } = await open(bytes).keepIccProfile().raw().toBuffer({ resolveWithObject: true })
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
  return { pixels, info: { width: info.width, height: info.height, channels: info.channels as PixelInfo['channels'] } }
}

/** A square that is seen upright, as the pixels are stored: the inverse of what the orientation tag says (EXIF 2.32, 4.6.4). */
export function asStored(frame: Float64Array, side: number, orientation = 1): Float64Array {
  if (orientation < 2 || orientation > 8) return frame
  const last = side - 1
  const seenAt: Record<number, (x: number, y: number) => [number, number]> = {
    2: (x, y) => [last - x, y],
    3: (x, y) => [last - x, last - y],
    4: (x, y) => [x, last - y],
    5: (x, y) => [y, x],
    6: (x, y) => [last - y, x],
    7: (x, y) => [last - y, last - x],
    8: (x, y) => [y, last - x],
  }
  const out = new Float64Array(frame.length)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [seenX, seenY] = seenAt[orientation]!(x, y)
      out[y * side + x] = frame[seenY * side + seenX]!
    }
  return out
}

/** A part of a picture's pixels, at these places across and down. */
export interface SampledPixels extends StoredPixels {
  xs: Int32Array
  ys: Int32Array
  whole: { width: number; height: number }
}

/** Windows of so many pixels a side, one in every `step`, beside and below each other. */
export function sampledPixels({ pixels, info }: StoredPixels, window: number, step: number): SampledPixels {
  const places = (length: number) =>
    Int32Array.from({ length: (Math.floor((length - window) / step) + 1) * window }, (_, i) => {
      return Math.floor(i / window) * step + (i % window)
    })
  const [xs, ys] = [places(info.width), places(info.height)]
  const { channels } = info
  const sampled = new Uint8ClampedArray(xs.length * ys.length * channels)
  let to = 0
  for (const y of ys)
    for (const x of xs) {
      const at = (y * info.width + x) * channels
      for (let channel = 0; channel < channels; channel++) sampled[to++] = pixels[at + channel]!
    }
  return { pixels: sampled, info: { width: xs.length, height: ys.length, channels }, xs, ys, whole: info }
}

/**
 * Adds squares of `side`, in levels of 255, drawn as large as the picture: one to every colour alike, or one to each of
 * three colours. Returns the mean square of what was added.
 */
export function addSquares(
  picture: StoredPixels | SampledPixels,
  squares: readonly Float64Array[],
  side: number,
): number {
  const { pixels, info } = picture
  const { width, height, channels } = info
  const { xs, ys, whole } = 'whole' in picture ? picture : { xs: upTo(width), ys: upTo(height), whole: info }
  const colours = channels < 3 ? 1 : 3
  const [across, down] = [tapsOf(xs, whole.width, side), tapsOf(ys, whole.height, side)]
  const line = new Float64Array(side)
  const steps = new Int16Array(width)
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length)
  let sum = 0
  for (const [place, square] of squares.entries())
    for (let y = 0; y < height; y++) {
      blend(square, down, y, side, line)
      interpolate(line, across, steps)
      for (let colour = place; colour < colours; colour += squares.length)
        sum += addLine(bytes, y * width * channels + colour, channels, steps)
    }
  return sum / (width * height * colours)
}

type Taps = ReturnType<typeof tapsOf>

/** A line of the square, between four of its own. */
function blend(square: Float64Array, { at, weight }: Taps, y: number, side: number, line: Float64Array): void {
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => at[y * 4 + i]! * side) as [number, number, number, number]
  const [p, q, r, s] = weight.subarray(y * 4, y * 4 + 4) as unknown as [number, number, number, number]
  for (let x = 0; x < side; x++)
    line[x] = p * square[a + x]! + q * square[b + x]! + r * square[c + x]! + s * square[d + x]!
}

/** What is added to each pixel of a line, in whole levels: pixels are whole, so it rounds alike for each of them. */
function interpolate(line: Float64Array, { at, weight }: Taps, into: Int16Array): void {
  for (let x = 0, t = 0; x < into.length; x++, t += 4) {
    const value =
      weight[t]! * line[at[t]!]! +
      weight[t + 1]! * line[at[t + 1]!]! +
      weight[t + 2]! * line[at[t + 2]!]! +
      weight[t + 3]! * line[at[t + 3]!]!
    // Nothing here is below −512, so cutting off what is behind the point rounds.
    into[x] = ((value + 512.5) | 0) - 512
  }
}

/** Adds to one colour of a line, and tells the sum of the squares of what was added. */
function addLine(bytes: Uint8Array, start: number, stride: number, steps: Int16Array): number {
  let sum = 0
  for (let x = 0, at = start; x < steps.length; x++, at += stride) {
    const before = bytes[at]!
    let after = before + steps[x]!
    if (after < 0) after = 0
    else if (after > 255) after = 255
    bytes[at] = after
    sum += (after - before) * (after - before)
  }
  return sum
}

function upTo(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i)
}

/** For each of these pixels of a line the four places of the square between which it lies, and what each counts for. */
function tapsOf(pixels: Int32Array, length: number, side: number) {
  const at = new Int32Array(pixels.length * 4)
  const weight = new Float64Array(pixels.length * 4)
  for (const [i, pixel] of pixels.entries()) {
    const place = ((pixel + 0.5) / length) * side - 0.5
    const first = Math.floor(place)
    weights(place - first).forEach((value, k) => {
      at[i * 4 + k] = Math.max(0, Math.min(side - 1, first - 1 + k))
      weight[i * 4 + k] = value
    })
  }
  return { at, weight }
}

/** The file with other pixels: they are laid over its own, so that what else it holds stays. */
export async function withPixels(
  bytes: Uint8Array,
  metadata: Metadata,
  { pixels, info }: StoredPixels,
  format: WatermarkFormat,
): Promise<Uint8Array> {
  const input = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length)
  // Its own pixels become nought, and the others are added: half as long as laying them over, and the same.
  const isPlain = format === 'jpeg' && !metadata.hasAlpha
  let out = isPlain
    ? open(bytes).keepMetadata().linear(0, 0).boolean(input, 'or', { raw: info })
    : open(bytes)
        .keepMetadata()
        .composite([{ input, raw: info, blend: 'source' }])
  if (!metadata.hasAlpha) out = out.removeAlpha()
  if (info.channels < 3 || metadata.space === 'b-w') out = out.toColourspace('b-w')
  const chromaSubsampling = metadata.chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4'
  const encoded = {
    jpeg: () => out.jpeg({ quality: 97, chromaSubsampling, progressive: metadata.isProgressive ?? false }),
    png: () => out.png(),
    webp: () => out.webp({ quality: 97, smartSubsample: true }),
    tiff: () => out.tiff({ compression: 'lzw', predictor: 'horizontal' }),
    avif: () => out.avif({ quality: 85, effort: 3, chromaSubsampling: '4:4:4' }),
  }
  return new Uint8Array(await encoded[format]().toBuffer())
}

function open(bytes: Uint8Array) {
  return sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'truncated', pages: 1 })
}

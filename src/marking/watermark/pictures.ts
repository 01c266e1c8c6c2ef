import sharp, { type Metadata } from 'sharp'
import { ColophonError } from '../../foundation/index.ts'
import { FRAME_SIDE } from './chips.ts'
import { detectFrame, type FoundWatermark } from './detectFrame.ts'
import { watermarkOf } from './embedFrame.ts'
import type { WatermarkPayload } from './payload.ts'
import { weights } from './placement.ts'
import { sampleWindows, structuralSimilarity } from './similarity.ts'

/** Formats of pictures that can carry a watermark. */
export const watermarkFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const
export type WatermarkFormat = (typeof watermarkFormats)[number]

/** Pixels decoded at most. */
const PIXELS_MAX = 120_000_000
/** Smaller pictures have no room for it. */
const SIDE_MIN = 200

export interface WatermarkedPicture {
  bytes: Uint8Array
  /** Peak signal-to-noise ratio of what was added, in decibels, before the picture is encoded again. */
  psnr: number
  /** Structural similarity of both, before the picture is encoded again: 1 when they are equal. */
  ssim: number
}

/**
 * Puts a watermark into a picture and encodes it again in its own format; profile, EXIF and XMP stay. What comes out was
 * read again before it is given: `state_not_allowed` when a picture is too plain, or too small, to carry one.
 * Errors: `unreadable_file`, `picture_too_large`, `unsupported_media` for CMYK and moving pictures.
 */
export async function watermarkPicture(
  bytes: Uint8Array,
  format: WatermarkFormat,
  payload: WatermarkPayload,
): Promise<WatermarkedPicture> {
  const metadata = await inspect(bytes)
  if (Math.min(metadata.width, metadata.height) < SIDE_MIN)
    throw new ColophonError('state_not_allowed', `a watermark needs at least ${SIDE_MIN} pixels on each side`)
  const { luma } = await frameOf(bytes)
  const added = stored(watermarkOf(luma, payload), metadata.orientation ?? 1)
  // Pixels as they are stored: no profile is applied, nothing is turned.
  const { data, info } = await open(bytes).keepIccProfile().raw().toBuffer({ resolveWithObject: true })
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length)
  const { square, ssim } = addBelowSight(pixels, info, added)
  const marked = await encode(bytes, metadata, { data, ...info }, format)
  const found = await readWatermark(marked)
  if (found?.payload.pointer !== payload.pointer)
    throw new ColophonError('state_not_allowed', 'this picture is too plain to carry a watermark', {
      remedy: 'Mark it without one: its metadata and its fingerprint still lead to its disclosure.',
    })
  return { bytes: marked, psnr: 10 * Math.log10(255 ** 2 / square), ssim }
}

/**
 * The watermark of a picture, however it was cut, turned within six degrees, mirrored, stretched, or encoded again;
 * undefined when none can be read, which proves nothing. Errors: as `watermarkPicture`.
 */
export async function readWatermark(bytes: Uint8Array): Promise<FoundWatermark | undefined> {
  await inspect(bytes)
  const { luma, aspect } = await frameOf(bytes)
  return detectFrame(luma, aspect)
}

function open(bytes: Uint8Array) {
  return sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'truncated', pages: 1 })
}

async function inspect(bytes: Uint8Array): Promise<Metadata> {
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

/** The picture as it is seen, as luma (Rec. 601) in a square. What is transparent is looked at on white. */
async function frameOf(bytes: Uint8Array): Promise<{ luma: Float64Array; aspect: number }> {
  const { data, info } = await open(bytes)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize(FRAME_SIDE, FRAME_SIDE, { fit: 'fill' })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new ColophonError('unreadable_file', 'the picture ends before it is whole, or is damaged', { cause: error })
    })
  const luma = new Float64Array(FRAME_SIDE ** 2)
  for (let i = 0; i < luma.length; i++) {
    const at = i * info.channels
    luma[i] = info.channels < 3 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  const { autoOrient } = await sharp(bytes).metadata()
  return { luma, aspect: autoOrient.width / autoOrient.height }
}

/** What is seen upright, as the pixels are stored: the inverse of what the orientation tag says (EXIF 2.32, 4.6.4). */
function stored(frame: Float64Array, orientation: number): Float64Array {
  if (orientation < 2 || orientation > 8) return frame
  const last = FRAME_SIDE - 1
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
  for (let y = 0; y < FRAME_SIDE; y++)
    for (let x = 0; x < FRAME_SIDE; x++) {
      const [seenX, seenY] = seenAt[orientation]!(x, y)
      out[y * FRAME_SIDE + x] = frame[seenY * FRAME_SIDE + seenX]!
    }
  return out
}

/** Plain pictures hide less: what is added is taken back until both are alike enough. */
const SSIM_MIN = 0.982

function addBelowSight(
  pixels: Uint8ClampedArray,
  info: Pick<Pixels, 'width' | 'height' | 'channels'>,
  added: Float64Array,
) {
  const original = pixels.slice()
  const before = sampleWindows({ data: original, ...info })
  for (let keep = 1, round = 0; ; round++) {
    const part = added.map((value) => value * keep)
    const square = add(pixels, info, part)
    const ssim = structuralSimilarity(before, sampleWindows({ data: pixels, ...info }))
    if (ssim >= SSIM_MIN || round === 4) return { square, ssim }
    // What similarity lacks grows as the energy of what is added.
    keep *= Math.min(0.9, Math.sqrt((1 - SSIM_MIN) / (1 - ssim)))
    pixels.set(original)
  }
}

/** Adds a frame, drawn as large as the picture, to every colour alike; returns the mean square of what was added. */
function add(
  pixels: Uint8ClampedArray,
  { width, height, channels }: Pick<Pixels, 'width' | 'height' | 'channels'>,
  frame: Float64Array,
): number {
  const colours = channels < 3 ? 1 : 3
  const [across, down] = [tapsOf(width), tapsOf(height)]
  const line = new Float64Array(FRAME_SIDE)
  let square = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < FRAME_SIDE; x++) {
      let sum = 0
      for (let i = 0; i < 4; i++) sum += down.weight[y * 4 + i]! * frame[down.at[y * 4 + i]! * FRAME_SIDE + x]!
      line[x] = sum
    }
    let at = y * width * channels
    for (let x = 0; x < width; x++, at += channels) {
      const t = x * 4
      const delta =
        across.weight[t]! * line[across.at[t]!]! +
        across.weight[t + 1]! * line[across.at[t + 1]!]! +
        across.weight[t + 2]! * line[across.at[t + 2]!]! +
        across.weight[t + 3]! * line[across.at[t + 3]!]!
      for (let colour = 0; colour < colours; colour++) {
        const before = pixels[at + colour]!
        pixels[at + colour] = before + delta
        square += (pixels[at + colour]! - before) ** 2
      }
    }
  }
  return square / (width * height * colours)
}

/** For each pixel of a line the four places of the frame between which it lies, and what each counts for. */
function tapsOf(length: number) {
  const at = new Int32Array(length * 4)
  const weight = new Float64Array(length * 4)
  for (let i = 0; i < length; i++) {
    const place = ((i + 0.5) / length) * FRAME_SIDE - 0.5
    const first = Math.floor(place)
    weights(place - first).forEach((value, k) => {
      at[i * 4 + k] = Math.max(0, Math.min(FRAME_SIDE - 1, first - 1 + k))
      weight[i * 4 + k] = value
    })
  }
  return { at, weight }
}

interface Pixels {
  data: Buffer
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
}

/** The file with other pixels: they are laid over its own, so that what else it holds stays. */
async function encode(
  bytes: Uint8Array,
  metadata: Metadata,
  pixels: Pixels,
  format: WatermarkFormat,
): Promise<Uint8Array> {
  const { data, width, height, channels } = pixels
  let out = open(bytes)
    .keepMetadata()
    .composite([{ input: data, raw: { width, height, channels }, blend: 'source' }])
  if (!metadata.hasAlpha) out = out.removeAlpha()
  if (channels < 3 || metadata.space === 'b-w') out = out.toColourspace('b-w')
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

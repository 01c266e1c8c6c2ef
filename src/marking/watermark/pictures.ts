import { ColophonError } from '../../foundation/index.ts'
import { FRAME_SIDE } from './chips.ts'
import { detectFrame, type FoundWatermark } from './detectFrame.ts'
import { watermarkOf } from './embedFrame.ts'
import type { WatermarkPayload } from './payload.ts'
import {
  addSquares,
  asStored,
  inspectPicture,
  inspectRoom,
  sampledPixels,
  squareOf,
  storedPixels,
  withPixels,
  type StoredPixels,
  type WatermarkFormat,
} from './pixels.ts'
import { WINDOW, sampleWindows, structuralSimilarity, windowStep } from './similarity.ts'

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
  const metadata = await inspectRoom(bytes)
  // Decoded beside the computing; a failure is told to whoever waits for it below.
  const decoding = storedPixels(bytes)
  decoding.catch(() => {})
  const { luma } = await frameOf(bytes)
  const added = asStored(watermarkOf(luma, payload), FRAME_SIDE, metadata.orientation)
  const picture = await decoding
  const { square, ssim } = addBelowSight(picture, added)
  const marked = await withPixels(bytes, metadata, picture, format)
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
  await inspectPicture(bytes)
  const { luma, aspect } = await frameOf(bytes)
  return detectFrame(luma, aspect)
}

/** The picture as it is seen, as luma (Rec. 601) in a square. */
async function frameOf(bytes: Uint8Array): Promise<{ luma: Float64Array; aspect: number }> {
  const { data, channels, aspect } = await squareOf(bytes, FRAME_SIDE)
  const luma = new Float64Array(FRAME_SIDE ** 2)
  for (let i = 0; i < luma.length; i++) {
    const at = i * channels
    luma[i] = channels < 3 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
  }
  return { luma, aspect }
}

/** Plain pictures hide less: what is added is taken back until both are alike enough. */
const SSIM_MIN = 0.985

/** How alike both are is tried on windows all over the picture; then what remains is added to the whole. */
function addBelowSight(picture: StoredPixels, added: Float64Array) {
  const sample = sampledPixels(picture, WINDOW, windowStep(picture.info))
  const { pixels, info } = sample
  const original = pixels.slice()
  const before = sampleWindows({ data: original, ...info })
  for (let keep = 1, round = 0; ; round++) {
    const part = added.map((value) => value * keep)
    addSquares(sample, [part], FRAME_SIDE)
    const ssim = structuralSimilarity(before, sampleWindows({ data: pixels, ...info }))
    if (ssim >= SSIM_MIN || round === 4) return { square: addSquares(picture, [part], FRAME_SIDE), ssim }
    // What similarity lacks grows as the energy of what is added.
    keep *= Math.min(0.9, Math.sqrt((1 - SSIM_MIN) / (1 - ssim)))
    pixels.set(original)
  }
}

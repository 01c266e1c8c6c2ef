import { localFeatures, type LocalFeatures } from './features.ts'
import type { FilmFrames } from './frames.ts'
import { isccInstanceCode } from './iscc.ts'
import { chromaprintItems } from './chromaprint.ts'
import { isccDataCode } from './isccData.ts'
import { isccAudioCode } from './isccMedia.ts'
import { isccImageCode } from './isccImage.ts'
import { isccTextCode } from './isccText.ts'
import { passageCodes, type PassageCodes } from './passages.ts'
import { pdq, type Pixels } from './pdq.ts'
import type { Medium } from './sniff.ts'
import { normalisePassageText } from './text.ts'

/**
 * All codes of one file, each under the name of its algorithm and version. Hexadecimal, 256 bits each.
 * What does not apply to the medium is absent.
 */
export interface FileCodes {
  medium: Medium
  mediaType: string
  byteLength: number
  codes: Partial<Record<CodeName, string>>
  /** PDQ of the eight rotations and reflections; only for pictures. */
  pdqDihedral?: string[]
  /** 0 to 100; below 50 a picture is not compared. */
  pdqQuality?: number
  /** What survives a crop; only for pictures. */
  features?: LocalFeatures
  /** Chromaprint items of what is heard. */
  items?: Uint32Array
  /** What a film shows second by second, or the pages of a picture that has several. */
  frames?: FilmFrames
  passages?: PassageCodes
  /** The normalised text of the passages. It stays where the file is: it is neither sent nor kept. */
  passageText?: Uint8Array
  /** Why nothing, or not everything, was read from inside the file: then only the codes that are here are known. */
  unread?: string
}

export type CodeName =
  | 'sha256'
  | 'iscc-instance-v0'
  | 'iscc-data-v0'
  | 'iscc-text-v0'
  | 'iscc-image-v0'
  | 'iscc-audio-v0'
  | 'iscc-video-v0'
  | 'pdq'

/**
 * The longer side, in pixels, that a picture is reduced to while it is decoded. The codes look at less; larger pictures
 * are reduced more, because decoding them is what takes the time. The page and the server do the same.
 */
export function decodedSideMax(width: number, height: number): number {
  return isDecodedWhole(width, height) ? 1024 : 512
}

/** Whether a picture is small enough to be decoded whole, so that its PDQ is that of the reference to the bit. */
export function isDecodedWhole(width: number, height: number): boolean {
  return width * height <= 4_000_000
}

/** Codes of the bytes themselves. The two digests are handed in, because each platform has its own fast way to them. */
export function byteCodes(bytes: Uint8Array, digests: { sha256: Uint8Array; blake3: Uint8Array }): FileCodes['codes'] {
  return {
    sha256: hex(digests.sha256),
    'iscc-instance-v0': hex(isccInstanceCode(digests.blake3)),
    'iscc-data-v0': hex(isccDataCode(bytes)),
  }
}

/** Codes of a decoded text. */
export function textCodes(text: string) {
  const passageText = normalisePassageText(text)
  return { codes: { 'iscc-text-v0': hex(isccTextCode(text)) }, passages: passageCodes(passageText), passageText }
}

/** Codes of a decoded sound: one channel at 11,025 samples a second. */
export function soundCodes(samples: Float32Array) {
  const items = chromaprintItems(samples)
  const signed = Array.from(items, (item) => item | 0)
  return { codes: items.length > 0 ? { 'iscc-audio-v0': hex(isccAudioCode(signed)) } : {}, items }
}

/**
 * Codes of a decoded picture; `grey32` are its 32×32 grey values, `whole` are its pixels before it was reduced, where
 * they are at hand.
 */
export function pictureCodes(pixels: Pixels, grey32: Uint8Array | readonly number[], whole = pixels) {
  return { ...wholePictureCodes(whole, grey32), features: localFeatures(pixels) }
}

/** The same without what survives a crop, which takes longest and which a declaration does not hold. */
export function wholePictureCodes(whole: Pixels, grey32: Uint8Array | readonly number[]) {
  const { hash, quality, dihedral } = pdq(whole)
  return {
    codes: { pdq: hash, 'iscc-image-v0': hex(isccImageCode(grey32)) },
    pdqQuality: quality,
    pdqDihedral: dihedral,
  }
}

/** 32×32 grey values by area averaging: what the page uses, where no image library is at hand. */
export function greyThumbnail({ width, height, channels, data }: Pixels): Uint8Array {
  const grey = new Uint8Array(1024)
  for (let y = 0; y < 32; y++) {
    const [top, bottom] = span(y, height)
    for (let x = 0; x < 32; x++) {
      const [left, right] = span(x, width)
      let sum = 0
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const at = (row * width + column) * channels
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
        }
      }
      grey[y * 32 + x] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
  return grey
}

function span(index: number, length: number): [number, number] {
  const start = Math.floor((index * length) / 32)
  return [start, Math.max(start + 1, Math.floor(((index + 1) * length) / 32))]
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

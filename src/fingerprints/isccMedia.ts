import { decodeIscc } from './iscc.ts'
import { VIDEO_PAIRS } from './isccConstants.ts'
import { simhash } from './simhash.ts'

/** Audio-Code, 256 bits, of Chromaprint items (signed 32-bit integers): over all, over quarters, over thirds by size. */
export function isccAudioCode(items: readonly number[]): Uint8Array {
  const digest = new Uint8Array(32)
  const parts = [
    items,
    ...divide(4, items),
    ...divide(
      3,
      items.toSorted((a, b) => a - b),
    ),
  ]
  parts.forEach((part, i) => {
    if (part.length > 0) digest.set(simhash(part.map(itemBytes)), i * 4)
  })
  return digest
}

function itemBytes(item: number): Uint8Array {
  return Uint8Array.of(item >>> 24, (item >>> 16) & 0xff, (item >>> 8) & 0xff, item & 0xff)
}

/** As many parts of nearly one size, the longer ones first. */
function divide<Item>(parts: number, items: readonly Item[]): Item[][] {
  const [each, more] = [Math.floor(items.length / parts), items.length % parts]
  return Array.from({ length: parts }, (_, i) => {
    const start = i * each + Math.min(i, more)
    return items.slice(start, start + each + (i < more ? 1 : 0))
  })
}

/**
 * Video-Code, up to 256 bits, of MPEG-7 frame signatures (380 numbers each): of every pair of places, which has the
 * larger sum over all different frames. Errors: `RangeError` for frames of another length, or none.
 */
export function isccVideoCode(frames: readonly (readonly number[])[], bits = 256): Uint8Array {
  if (frames.length === 0 || frames.some((frame) => frame.length !== SIGNATURE_NUMBERS))
    throw new RangeError(`a frame signature has ${SIGNATURE_NUMBERS} numbers`)
  const different = [...new Map(frames.map((frame) => [frame.join(), frame])).values()]
  const sums = Array.from({ length: SIGNATURE_NUMBERS }, (_, i) => different.reduce((sum, frame) => sum + frame[i]!, 0))
  const digest = new Uint8Array(bits / 8)
  for (let bit = 0; bit < bits; bit++) {
    if (sums[VIDEO_PAIRS[bit * 2]!]! < sums[VIDEO_PAIRS[bit * 2 + 1]!]!) digest[bit >> 3]! |= 0x80 >> (bit & 7)
  }
  return digest
}

/**
 * Mixed-Code of several content codes in their written form: what most of them share, their kinds included.
 * Errors: `RangeError` for fewer than two, for others than content codes, and for codes shorter than `bits`.
 */
export function isccMixedCode(codes: readonly string[], bits = 256): Uint8Array {
  const units = codes.map(decodeIscc)
  if (units.length < 2 || units.some((unit) => unit?.mainType !== 'content' || unit.body.length * 8 < bits))
    throw new RangeError(`a Mixed-Code is made of at least two content codes of ${bits} bits or more`)
  return simhash(units.map((unit) => Uint8Array.of(unit!.bytes[0]!, ...unit!.body.subarray(0, bits / 8 - 1))))
}

const SIGNATURE_NUMBERS = 380

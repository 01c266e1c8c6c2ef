import { PDQ_QUALITY_MIN, pdq, type Pixels } from './pdq.ts'

/** Codes of the frames of a film, or of the pages of a picture, 32 bytes each, with when they are shown, in seconds. */
export interface FilmFrames {
  codes: Uint8Array
  times: Float32Array
  /** The codes of the mirrored frames: they are looked for, and not kept. */
  mirrored?: Uint8Array
}

/** Bits in which a frame must differ from the last one that was kept: a picture that stands still is kept once. */
const DIFFERING_BITS_MIN = 9
/** The place of the picture mirrored left to right among its eight turns and reflections. */
const MIRRORED = 2

/** Gathers frames one by one (vPDQ: PDQ of each frame that is not flat); their pixels need not be kept. */
export function openFrames() {
  const codes: Uint8Array[] = []
  const mirrored: Uint8Array[] = []
  const times: number[] = []
  return {
    take(pixels: Pixels, seconds: number) {
      const { hash, quality, dihedral } = pdq(pixels)
      if (quality < PDQ_QUALITY_MIN) return
      const code = bytesOf(hash)
      const last = codes.at(-1)
      if (last && differingBits(code, last) < DIFFERING_BITS_MIN) return
      codes.push(code)
      mirrored.push(bytesOf(dihedral[MIRRORED]!))
      times.push(seconds)
    },
    frames: (): FilmFrames | undefined =>
      codes.length === 0
        ? undefined
        : { codes: join(codes), times: Float32Array.from(times), mirrored: join(mirrored) },
  }
}

function join(codes: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(codes.length * 32)
  codes.forEach((code, i) => joined.set(code, i * 32))
  return joined
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16))
}

/** Bits in which two codes of one length differ. */
export function differingBits(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) for (let rest = a[i]! ^ b[i]!; rest > 0; rest &= rest - 1) bits++
  return bits
}

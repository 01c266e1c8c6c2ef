import type { Pixels } from '../../src/fingerprints/pdq.ts'

/** A picture that a formula draws: integer arithmetic only, so that any language draws the same. RGB. */
export function formulaPicture(seed: number, width: number, height: number): Pixels & { channels: 3 } {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      data[at] = (x * x * seed + y * 7) % 256
      data[at + 1] = (x * 3 + y * y * (seed + 1)) % 256
      data[at + 2] = (((x >> 4) * 53 + (y >> 4) * 97) * seed) % 256
    }
  }
  return { width, height, channels: 3, data }
}

/** 32×32 grey values by a formula. */
export function formulaGrey(seed: number): Uint8Array {
  return Uint8Array.from({ length: 1024 }, (_, i) => ((i % 32) * 13 * seed + (i >> 5) * (i >> 5) * 7) % 256)
}

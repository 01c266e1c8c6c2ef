import { pictureKernels } from './pictureKernels.ts'

/** A decoded picture: rows of pixels, 8 bits a channel; 3 channels RGB or 4 RGBA. */
export interface Pixels {
  width: number
  height: number
  channels: 3 | 4
  data: Uint8Array | Uint8ClampedArray
}

export interface PdqResult {
  /** 256 bits as 64 hexadecimal characters. */
  hash: string
  /** 0 to 100; a picture of 49 or less is too flat to be told from others. */
  quality: number
  /** Hashes of the eight rotations and reflections, the picture as it is first. */
  dihedral: string[]
}

/** Pictures whose quality is not above this are never matched. Source: the published PDQ description. */
export const PDQ_QUALITY_MIN = 50

const SIDE_MAX = 512
const BLOCK = 64
const FREQUENCIES = 16

/**
 * PDQ of a picture (ThreatExchange, 2019): box-filtered luminance, 64×64 samples, 16×16 frequencies against their median.
 * A picture that is larger than 512 pixels is brought to 512×512 by its nearest pixels first, as the reference does.
 */
export function pdq(pixels: Pixels): PdqResult {
  const { width, height } = pixels
  const samples = pictureKernels().samples(width > SIDE_MAX || height > SIDE_MAX ? nearestPixels(pixels) : pixels)
  const frequencies = transform(samples)
  return { hash: hashOf(frequencies), quality: qualityOf(samples), dihedral: dihedralHashes(frequencies) }
}

function nearestPixels({ width, height, channels, data }: Pixels): Pixels {
  const nearest = new Uint8Array(SIDE_MAX * SIDE_MAX * 3)
  let at = 0
  for (let y = 0; y < SIDE_MAX; y++) {
    const row = Math.floor((y * height) / SIDE_MAX) * width
    for (let x = 0; x < SIDE_MAX; x++) {
      const from = (row + Math.floor((x * width) / SIDE_MAX)) * channels
      for (let channel = 0; channel < 3; channel++) nearest[at++] = data[from + channel]!
    }
  }
  return { width: SIDE_MAX, height: SIDE_MAX, channels: 3, data: nearest }
}

/** Sum of the gradients between neighbouring samples, each cut to an integer, on a scale that ends at 100. */
function qualityOf(samples: Float32Array): number {
  let sum = 0
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0; x < BLOCK; x++) {
      const value = samples[y * BLOCK + x]!
      if (y + 1 < BLOCK) sum += Math.trunc(Math.abs(((value - samples[(y + 1) * BLOCK + x]!) * 100) / 255))
      if (x + 1 < BLOCK) sum += Math.trunc(Math.abs(((value - samples[y * BLOCK + x + 1]!) * 100) / 255))
    }
  }
  return Math.min(100, Math.floor(sum / 90))
}

const BASIS = Float32Array.from({ length: FREQUENCIES * BLOCK }, (_, at) => {
  const frequency = Math.floor(at / BLOCK) + 1
  const place = at % BLOCK
  return Math.sqrt(2 / BLOCK) * Math.cos((Math.PI / 2 / BLOCK) * frequency * (2 * place + 1))
})

function transform(samples: Float32Array): Float32Array {
  const half = new Float32Array(FREQUENCIES * BLOCK)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let x = 0; x < BLOCK; x++) {
      let sum = 0
      for (let y = 0; y < BLOCK; y++) sum += BASIS[i * BLOCK + y]! * samples[y * BLOCK + x]!
      half[i * BLOCK + x] = sum
    }
  }
  const frequencies = new Float32Array(FREQUENCIES * FREQUENCIES)
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < FREQUENCIES; j++) {
      let sum = 0
      for (let x = 0; x < BLOCK; x++) sum += half[i * BLOCK + x]! * BASIS[j * BLOCK + x]!
      frequencies[i * FREQUENCIES + j] = sum
    }
  }
  return frequencies
}

/** Mirroring a picture changes the sign of every odd frequency in that direction; turning it swaps the directions. */
function dihedralHashes(frequencies: Float32Array): string[] {
  const hashes: string[] = []
  for (const isTransposed of [false, true]) {
    for (const flipX of [1, -1]) {
      for (const flipY of [1, -1]) {
        const variant = new Float32Array(frequencies.length)
        for (let i = 0; i < FREQUENCIES; i++) {
          for (let j = 0; j < FREQUENCIES; j++) {
            const value = isTransposed ? frequencies[j * FREQUENCIES + i]! : frequencies[i * FREQUENCIES + j]!
            const sign = (j % 2 === 0 ? flipX : 1) * (i % 2 === 0 ? flipY : 1)
            variant[i * FREQUENCIES + j] = sign * value
          }
        }
        hashes.push(hashOf(variant))
      }
    }
  }
  return hashes
}

/**
 * The codes that a picture would have when it is turned or mirrored, out of its code alone (64 hexadecimal digits): in the
 * order of `dihedral`, the picture as it is first. Signs change about zero and not about the median, so some bits differ
 * from what the pixels would give.
 */
export function turnedHashes(hash: string): string[] {
  const words = Array.from({ length: FREQUENCIES }, (_, i) => parseInt(hash.slice(4 * (15 - i), 4 * (16 - i)), 16))
  const hashes: string[] = []
  for (const isTransposed of [false, true])
    for (const flipX of [0, 1])
      for (const flipY of [0, 1]) {
        let text = ''
        for (let i = FREQUENCIES - 1; i >= 0; i--) {
          let value = 0
          for (let j = 0; j < FREQUENCIES; j++) {
            const bit = isTransposed ? (words[j]! >> i) & 1 : (words[i]! >> j) & 1
            const flip = (j % 2 === 0 ? flipX : 0) ^ (i % 2 === 0 ? flipY : 0)
            value |= (bit ^ flip) << j
          }
          text += value.toString(16).padStart(4, '0')
        }
        hashes.push(text)
      }
  return hashes
}

/** One bit a frequency: above the median or not; written from the last word of 16 bits to the first. */
function hashOf(frequencies: Float32Array): string {
  const median = frequencies.toSorted()[frequencies.length / 2 - 1]!
  let text = ''
  for (let word = FREQUENCIES - 1; word >= 0; word--) {
    let value = 0
    for (let bit = 0; bit < 16; bit++) if (frequencies[word * 16 + bit]! > median) value |= 1 << bit
    text += value.toString(16).padStart(4, '0')
  }
  return text
}

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

/** PDQ of a picture (ThreatExchange, 2019): box-filtered luminance, 64×64 samples, 16×16 frequencies against their median. */
export function pdq(pixels: Pixels): PdqResult {
  const luma = luminance(pixels)
  for (let pass = 0; pass < 2; pass++) boxFilter(luma)
  const samples = decimate(luma)
  const frequencies = transform(samples)
  return { hash: hashOf(frequencies), quality: qualityOf(samples), dihedral: dihedralHashes(frequencies) }
}

interface Plane {
  width: number
  height: number
  values: Float32Array
}

/** Luminance, after nearest-neighbour reduction to 512×512 of anything larger, as the reference does. */
function luminance({ width, height, channels, data }: Pixels): Plane {
  const isLarge = width > SIDE_MAX || height > SIDE_MAX
  const outWidth = isLarge ? SIDE_MAX : width
  const outHeight = isLarge ? SIDE_MAX : height
  const values = new Float32Array(outWidth * outHeight)
  for (let y = 0; y < outHeight; y++) {
    const sourceY = Math.floor(((y + 0.5) * height) / outHeight)
    for (let x = 0; x < outWidth; x++) {
      const at = (sourceY * width + Math.floor(((x + 0.5) * width) / outWidth)) * channels
      values[y * outWidth + x] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!
    }
  }
  return { width: outWidth, height: outHeight, values }
}

function boxFilter({ width, height, values }: Plane): void {
  const rowWindow = Math.floor((width + 2 * BLOCK - 1) / (2 * BLOCK))
  const columnWindow = Math.floor((height + 2 * BLOCK - 1) / (2 * BLOCK))
  const line = new Float32Array(Math.max(width, height))
  for (let y = 0; y < height; y++) boxLine(values, y * width, 1, width, rowWindow, line)
  for (let x = 0; x < width; x++) boxLine(values, x, width, height, columnWindow, line)
}

/** Running mean over a window that is cut off at both ends of the line. */
function boxLine(
  values: Float32Array,
  offset: number,
  stride: number,
  length: number,
  window: number,
  line: Float32Array,
): void {
  for (let i = 0; i < length; i++) line[i] = values[offset + i * stride]!
  const ahead = Math.floor((window + 2) / 2) - 1
  const behind = window - ahead
  let sum = 0
  let count = 0
  for (let i = 0; i < Math.min(ahead, length); i++) {
    sum += line[i]!
    count++
  }
  for (let i = 0; i < length; i++) {
    if (i + ahead < length) {
      sum += line[i + ahead]!
      count++
    }
    if (i - behind >= 0) {
      sum -= line[i - behind]!
      count--
    }
    values[offset + i * stride] = sum / count
  }
}

function decimate({ width, height, values }: Plane): Float32Array {
  const samples = new Float32Array(BLOCK * BLOCK)
  for (let y = 0; y < BLOCK; y++) {
    const sourceY = Math.floor(((y + 0.5) * height) / BLOCK)
    for (let x = 0; x < BLOCK; x++) {
      samples[y * BLOCK + x] = values[sourceY * width + Math.floor(((x + 0.5) * width) / BLOCK)]!
    }
  }
  return samples
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

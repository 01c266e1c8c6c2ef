/** Samples a second of the sound that items are made of: one channel, between −1 and 1. */
export const SOUND_RATE = 11_025
const FRAME = 4096
/** Samples from one item to the next: about eight items a second. */
export const ITEM_SAMPLES = Math.floor(FRAME / 3)
const BANDS = 12
const FREQUENCY_MIN = 28
const FREQUENCY_MAX = 3520
/** The lowest A, from which octaves are counted. */
const FREQUENCY_A = 440 / 16
const SMOOTHING = [0.25, 0.75, 1, 0.75, 0.25]
/** A frame with less than this is silent. */
const NORM_MIN = 0.01
const WIDTH_MAX = 16

/**
 * The sixteen comparisons of Chromaprint's default algorithm: which parts of a field are compared (0 to 5), its first
 * band, its height in bands and width in frames, and the three values between the four answers.
 */
const COMPARISONS = [
  [0, 4, 3, 15, 1.98215, 2.35817, 2.63523],
  [4, 4, 6, 15, -1.03809, -0.651211, -0.282167],
  [1, 0, 4, 16, -0.298702, 0.119262, 0.558497],
  [3, 8, 2, 12, -0.105439, 0.0153946, 0.135898],
  [3, 4, 4, 8, -0.142891, 0.0258736, 0.200632],
  [4, 0, 3, 5, -0.826319, -0.590612, -0.368214],
  [1, 2, 2, 9, -0.557409, -0.233035, 0.0534525],
  [2, 7, 3, 4, -0.0646826, 0.00620476, 0.0784847],
  [2, 6, 2, 16, -0.192387, -0.029699, 0.215855],
  [2, 1, 3, 2, -0.0397818, -0.00568076, 0.0292026],
  [5, 10, 1, 15, -0.53823, -0.369934, -0.190235],
  [3, 6, 2, 10, -0.124877, 0.0296483, 0.139239],
  [2, 1, 1, 14, -0.101475, 0.0225617, 0.231971],
  [3, 5, 6, 4, -0.0799915, -0.00729616, 0.063262],
  [1, 9, 2, 12, -0.272556, 0.019424, 0.302559],
  [3, 4, 2, 14, -0.164292, -0.0321188, 0.0846339],
] as const

/** Neighbouring answers differ in one bit. */
const GRAY = [0, 1, 3, 2]

/**
 * Items of a sound, compatible with Chromaprint's default algorithm: 32 bits for each eighth of a second, made of how
 * the energy lies in twelve bands (notes, whatever the octave) over two seconds. Empty for less than about three seconds.
 */
export function chromaprintItems(samples: Float32Array): Uint32Array {
  const image = chroma(samples)
  const rows = image.length / BANDS
  const sums = integral(image, rows)
  const items = new Uint32Array(Math.max(0, rows - WIDTH_MAX + 1))
  for (let at = 0; at < items.length; at++) {
    let item = 0
    for (const comparison of COMPARISONS) item = (item << 2) | GRAY[answer(sums, at, comparison)]!
    items[at] = item >>> 0
  }
  return items
}

/** Twelve bands a frame, smoothed over five frames, each frame of length one (or silent). */
function chroma(samples: Float32Array): Float64Array {
  const frames = Math.max(0, Math.floor((samples.length - FRAME) / ITEM_SAMPLES) + 1)
  const raw = new Float64Array(frames * BANDS)
  const { real, imaginary, transform } = openTransform()
  const [first, last] = [FREQUENCY_MIN, FREQUENCY_MAX].map((hertz) => Math.round((FRAME * hertz) / SOUND_RATE))
  const bands = Uint8Array.from({ length: last! }, (_, bin) => bandOf((Math.max(1, bin) * SOUND_RATE) / FRAME))
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < FRAME; i++) {
      real[i] = samples[frame * ITEM_SAMPLES + i]! * HAMMING[i]!
      imaginary[i] = 0
    }
    transform()
    for (let bin = first!; bin < last!; bin++)
      raw[frame * BANDS + bands[bin]!]! += real[bin]! * real[bin]! + imaginary[bin]! * imaginary[bin]!
  }
  return smoothed(raw, frames)
}

function bandOf(hertz: number): number {
  const octaves = Math.log2(hertz / FREQUENCY_A)
  return Math.floor(BANDS * (octaves - Math.floor(octaves)))
}

function smoothed(raw: Float64Array, frames: number): Float64Array {
  const rows = Math.max(0, frames - SMOOTHING.length + 1)
  const image = new Float64Array(rows * BANDS)
  for (let row = 0; row < rows; row++) {
    let norm = 0
    for (let band = 0; band < BANDS; band++) {
      let sum = 0
      for (let i = 0; i < SMOOTHING.length; i++) sum += SMOOTHING[i]! * raw[(row + i) * BANDS + band]!
      image[row * BANDS + band] = sum
      norm += sum * sum
    }
    norm = Math.sqrt(norm)
    for (let band = 0; band < BANDS; band++)
      image[row * BANDS + band] = norm < NORM_MIN ? 0 : image[row * BANDS + band]! / norm
  }
  return image
}

/** Sums over all rows and bands before each place, so that the sum over a field is four look-ups. */
function integral(image: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array((rows + 1) * (BANDS + 1))
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let band = 0; band < BANDS; band++) {
      sum += image[row * BANDS + band]!
      sums[(row + 1) * (BANDS + 1) + band + 1] = sums[row * (BANDS + 1) + band + 1]! + sum
    }
  }
  return sums
}

function answer(
  sums: Float64Array,
  at: number,
  [kind, y, h, w, low, middle, high]: (typeof COMPARISONS)[number],
): number {
  const field = (fromRow: number, fromBand: number, toRow: number, toBand: number) =>
    sums[(at + toRow) * (BANDS + 1) + y + toBand]! -
    sums[(at + fromRow) * (BANDS + 1) + y + toBand]! -
    sums[(at + toRow) * (BANDS + 1) + y + fromBand]! +
    sums[(at + fromRow) * (BANDS + 1) + y + fromBand]!
  const [halfHeight, halfWidth, thirdHeight, thirdWidth] = [h >> 1, w >> 1, Math.floor(h / 3), Math.floor(w / 3)]
  const fields: Record<number, () => [number, number]> = {
    0: () => [field(0, 0, w, h), 0],
    1: () => [field(0, halfHeight, w, h), field(0, 0, w, halfHeight)],
    2: () => [field(halfWidth, 0, w, h), field(0, 0, halfWidth, h)],
    3: () => [
      field(0, halfHeight, halfWidth, h) + field(halfWidth, 0, w, halfHeight),
      field(0, 0, halfWidth, halfHeight) + field(halfWidth, halfHeight, w, h),
    ],
    4: () => [field(0, thirdHeight, w, 2 * thirdHeight), field(0, 0, w, thirdHeight) + field(0, 2 * thirdHeight, w, h)],
    5: () => [field(thirdWidth, 0, 2 * thirdWidth, h), field(0, 0, thirdWidth, h) + field(2 * thirdWidth, 0, w, h)],
  }
  const [one, other] = fields[kind]!()
  const value = Math.log((1 + one) / (1 + other))
  if (value < middle) return value < low ? 0 : 1
  return value < high ? 2 : 3
}

const HAMMING = Float64Array.from({ length: FRAME }, (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (FRAME - 1)))

/** The discrete Fourier transform in place (Cooley and Tukey, 1965), for frames of 4,096 numbers. */
function openTransform() {
  const real = new Float64Array(FRAME)
  const imaginary = new Float64Array(FRAME)
  const cosine = Float64Array.from({ length: FRAME / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / FRAME))
  const sine = Float64Array.from({ length: FRAME / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / FRAME))
  const bits = Math.log2(FRAME)
  const reversed = Uint16Array.from({ length: FRAME }, (_, i) => {
    let turned = 0
    for (let bit = 0; bit < bits; bit++) turned |= ((i >> bit) & 1) << (bits - 1 - bit)
    return turned
  })
  const transform = () => {
    for (let i = 0; i < FRAME; i++) {
      const j = reversed[i]!
      if (j <= i) continue
      ;[real[i], real[j]] = [real[j]!, real[i]!]
      ;[imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!]
    }
    for (let half = 1; half < FRAME; half *= 2) {
      const step = FRAME / (2 * half)
      for (let start = 0; start < FRAME; start += 2 * half) {
        for (let i = 0; i < half; i++) {
          const a = start + i
          const b = a + half
          const c = cosine[i * step]!
          const s = sine[i * step]!
          const re = real[b]! * c + imaginary[b]! * s
          const im = imaginary[b]! * c - real[b]! * s
          real[b] = real[a]! - re
          imaginary[b] = imaginary[a]! - im
          real[a]! += re
          imaginary[a]! += im
        }
      }
    }
  }
  return { real, imaginary, transform }
}

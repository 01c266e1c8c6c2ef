import { fft } from '../fft.ts'

/** Coefficients of a block, and samples from one block to the next: a 43rd of a second. */
export const HOP = 256
/** Samples of a block: half of them it shares with the one before, half with the one behind. */
const LENGTH = 2 * HOP
const HALF = HOP / 2

/** A sine: its square and that of its neighbours add to one (Princen and Bradley, 1986). */
const WINDOW = Float64Array.from({ length: LENGTH }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / LENGTH))

const turns = (length: number, angle: (i: number) => number) => ({
  cos: Float64Array.from({ length }, (_, i) => Math.cos(angle(i))),
  sin: Float64Array.from({ length }, (_, i) => Math.sin(angle(i))),
})
/** Turns before and behind the Fourier transform of a quarter of the length that a cosine transform needs. */
const QUARTER_TURNS = turns(HALF, (n) => (-Math.PI * (8 * n + 1)) / (8 * HOP))
/** Turns by which the spectrum of even samples is put together with that of odd ones. */
const HALF_TURNS = turns(HOP + 1, (k) => (-2 * Math.PI * k) / LENGTH)

/**
 * What is being transformed; nothing stays in them from one call to the next. Loops over them make no lists: that would
 * take most of the time.
 */
const block = new Float64Array(LENGTH)
const line = new Float64Array(HOP)
const quarter = { re: new Float64Array(HALF), im: new Float64Array(HALF) }
const half = { re: new Float64Array(HOP), im: new Float64Array(HOP) }

/** The modified discrete cosine transform, of unit energy, of the block that begins at a sample. */
export function lappedTransform(samples: Float32Array, at: number, coefficients: Float64Array): void {
  take(samples, at)
  // The block is folded to half its length, as the cosines mirror it.
  for (let n = 0; n < HALF; n++) {
    line[n] = -block[3 * HALF - 1 - n]! - block[3 * HALF + n]!
    line[HALF + n] = block[n]! - block[HOP - 1 - n]!
  }
  cosineTransform(line, coefficients)
}

/** Adds the sound of a block's coefficients to the samples from `at` on. */
export function addLapped(coefficients: Float64Array, samples: Float32Array, at: number): void {
  cosineTransform(coefficients, line)
  for (let n = 0; n < HALF; n++) {
    block[n] = line[HALF + n]!
    block[HALF + n] = -line[HOP - 1 - n]!
    block[HOP + n] = -line[HALF - 1 - n]!
    block[3 * HALF + n] = -line[n]!
  }
  give(samples, at)
}

/** The cosine transform of type IV, which is its own inverse; `from` and `to` may be the same. */
function cosineTransform(from: Float64Array, to: Float64Array): void {
  const { cos, sin } = QUARTER_TURNS
  const { re, im } = quarter
  for (let n = 0; n < HALF; n++) {
    const x = from[2 * n]!
    const y = from[HOP - 1 - 2 * n]!
    re[n] = x * cos[n]! - y * sin[n]!
    im[n] = x * sin[n]! + y * cos[n]!
  }
  fft(re, im)
  const scale = Math.sqrt(2 / HOP)
  for (let k = 0; k < HALF; k++) {
    to[2 * k] = scale * (re[k]! * cos[k]! - im[k]! * sin[k]!)
    to[HOP - 1 - 2 * k] = -scale * (re[k]! * sin[k]! + im[k]! * cos[k]!)
  }
}

/** The spectrum of a block: bins from 0 to `HOP`, and the power of each, in squares of what coefficients would be. */
export interface BlockSpectrum {
  re: Float64Array
  im: Float64Array
  power: Float64Array
}

export function newSpectrum(): BlockSpectrum {
  return { re: new Float64Array(HOP + 1), im: new Float64Array(HOP + 1), power: new Float64Array(HOP + 1) }
}

/** Overwrites a spectrum with that of the block that begins at a sample. */
export function spectrumAt(samples: Float32Array, at: number, { re, im, power }: BlockSpectrum): void {
  take(samples, at)
  for (let n = 0; n < HOP; n++) {
    half.re[n] = block[2 * n]!
    half.im[n] = block[2 * n + 1]!
  }
  fft(half.re, half.im)
  const { cos, sin } = HALF_TURNS
  for (let k = 0; k <= HOP; k++) {
    const a = half.re[k % HOP]!
    const b = half.im[k % HOP]!
    const c = half.re[(HOP - k) % HOP]!
    const d = -half.im[(HOP - k) % HOP]!
    const oddRe = (b - d) / 2
    const oddIm = (c - a) / 2
    re[k] = (a + c) / 2 + oddRe * cos[k]! - oddIm * sin[k]!
    im[k] = (b + d) / 2 + oddRe * sin[k]! + oddIm * cos[k]!
    power[k] = (re[k]! ** 2 + im[k]! ** 2) / HOP
  }
}

/** Adds the sound of a spectrum, each bin below `HOP` multiplied by its factor, to the samples from `at` on. */
export function addSpectrum({ re, im }: BlockSpectrum, factors: Float64Array, samples: Float32Array, at: number): void {
  const { cos, sin } = HALF_TURNS
  for (let k = 0; k < HOP; k++) {
    const one = factors[k]!
    const other = k === 0 ? 0 : factors[HOP - k]!
    const a = one * re[k]!
    const b = one * im[k]!
    const c = other * re[HOP - k]!
    const d = -other * im[HOP - k]!
    const x = a - c
    const y = b - d
    const oddRe = x * cos[k]! + y * sin[k]!
    const oddIm = y * cos[k]! - x * sin[k]!
    half.re[k] = (a + c - oddIm) / LENGTH
    // The conjugate, because a transform forward has to go backward.
    half.im[k] = -(b + d + oddRe) / LENGTH
  }
  fft(half.re, half.im)
  for (let n = 0; n < HOP; n++) {
    block[2 * n] = half.re[n]!
    block[2 * n + 1] = -half.im[n]!
  }
  give(samples, at)
}

/** A block through the window; there is silence before and behind the samples. */
function take(samples: Float32Array, at: number): void {
  const [first, end] = [Math.max(0, -at), Math.min(LENGTH, samples.length - at)]
  if (end - first < LENGTH) block.fill(0)
  for (let n = first; n < end; n++) block[n] = samples[at + n]! * WINDOW[n]!
}

function give(samples: Float32Array, at: number): void {
  const [first, end] = [Math.max(0, -at), Math.min(LENGTH, samples.length - at)]
  for (let n = first; n < end; n++) samples[at + n]! += WINDOW[n]! * block[n]!
}

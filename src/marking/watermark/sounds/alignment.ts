import { fft } from '../fft.ts'
import { PERIOD, pilotSound } from './carriers.ts'
import { HOP } from './transforms.ts'

/** The spectrum of a period. */
export interface Complex {
  re: Float64Array
  im: Float64Array
}

/** Where a period of the watermark may begin. */
export interface Alignment {
  /** Samples from the beginning; also parts of one. */
  offset: number
  /** −1 where some device turned the sign of all samples. */
  sign: number
  /** How far the pilot stands out, in standard deviations of what chance does. */
  height: number
}

/** Alignments of one stretch at most. */
const ALIGNMENTS_MAX = 8
/** Chance comes so high two or three times in a stretch that carries nothing. */
const HEIGHT_MIN = 4.5

/** The spectrum of all periods of a stretch, one laid over the other. */
export function fold(white: Float32Array, start: number, end: number): Complex {
  const re = new Float64Array(PERIOD)
  for (let i = start; i < end; i++) re[i % PERIOD]! += white[i]!
  const im = new Float64Array(PERIOD)
  fft(re, im)
  return { re, im }
}

let pilot: Complex | undefined

/** Where the sound is most like the pilot, best first: peaks of their correlation over one period. */
export function alignmentsOf({ re, im }: Complex): Alignment[] {
  pilot ??= fold(pilotSound(), 0, PERIOD)
  const product = { re: new Float64Array(PERIOD), im: new Float64Array(PERIOD) }
  for (let i = 0; i < PERIOD; i++) {
    product.re[i] = re[i]! * pilot.re[i]! + im[i]! * pilot.im[i]!
    // The conjugate, because a transform forward has to go backward.
    product.im[i] = re[i]! * pilot.im[i]! - im[i]! * pilot.re[i]!
  }
  fft(product.re, product.im)
  const heights = product.re
  const deviation = Math.sqrt(heights.reduce((sum, height) => sum + height ** 2, 0) / PERIOD)
  if (!(deviation > 0)) return []
  const heightAt = (i: number) => heights[(i + PERIOD) % PERIOD]! / deviation
  const peaks: Alignment[] = []
  for (let i = 0; i < PERIOD; i++) {
    const here = Math.abs(heightAt(i))
    // Between two samples a peak may be higher than on both.
    if (here < HEIGHT_MIN - 1 || [-2, -1, 1, 2].some((step) => Math.abs(heightAt(i + step)) > here)) continue
    const peak = peakAbout(i, heightAt)
    if (peak.height >= HEIGHT_MIN) peaks.push(peak)
  }
  return peaks.sort((a, b) => b.height - a.height).slice(0, ALIGNMENTS_MAX)
}

const TAPS = 12

/** The highest place about a sample, in eighths of one, by interpolation with a windowed sinc. */
function peakAbout(sample: number, heightAt: (i: number) => number): Alignment {
  let [best, bestStep] = [0, 0]
  for (let step = -6; step <= 6; step++) {
    let sum = 0
    for (let tap = -TAPS; tap <= TAPS; tap++) {
      const x = Math.PI * (step / 8 - tap)
      sum += heightAt(sample + tap) * (x === 0 ? 1 : Math.sin(x) / x) * Math.cos(x / (2 * TAPS + 2)) ** 2
    }
    if (Math.abs(sum) > Math.abs(best)) [best, bestStep] = [sum, step]
  }
  return { offset: sample + bestStep / 8, sign: Math.sign(best), height: Math.abs(best) }
}

/** The period from its beginning, and behind it the first half block once more. */
export function aligned({ re, im }: Complex, { offset, sign }: Alignment): Float32Array {
  const out = { re: new Float64Array(PERIOD), im: new Float64Array(PERIOD) }
  for (let i = 0; i < PERIOD; i++) {
    const angle = (2 * Math.PI * (i <= PERIOD / 2 ? i : i - PERIOD) * offset) / PERIOD
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    out.re[i] = (sign * (re[i]! * cos - im[i]! * sin)) / PERIOD
    out.im[i] = (-sign * (re[i]! * sin + im[i]! * cos)) / PERIOD
  }
  fft(out.re, out.im)
  return Float32Array.from({ length: PERIOD + HOP }, (_, i) => out.re[i % PERIOD]!)
}

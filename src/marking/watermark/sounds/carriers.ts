import { CODED_BITS } from '../convolutional.ts'
import { numbersFrom } from '../random.ts'
import { END_BIN, FIRST_BIN } from './masking.ts'
import { HOP, addLapped, lappedTransform } from './transforms.ts'

/** Blocks after which the watermark begins again, and the samples in them: 11.9 seconds. */
export const BLOCKS = 512
export const PERIOD = BLOCKS * HOP
/** Coefficients of a block that carry a chip each. */
export const CARRIERS = END_BIN - FIRST_BIN
const CHIPS = BLOCKS * CARRIERS

/** One chip in eight belongs to the pilot, by which the beginning of a period is found. */
const PILOT_EVERY = 8
/** Stands for the pilot where others have the number of a coded bit. */
export const PILOT = CODED_BITS

/** Which coded bit each chip carries, or the pilot, and with which sign. Every bit is all over the period. */
export const { bitOf, signOf } = (() => {
  const next = numbersFrom(0xc0109404)
  const order = Uint32Array.from({ length: CHIPS }, (_, i) => i)
  for (let i = CHIPS - 1; i > 0; i--) {
    const j = next() % (i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  const bits = new Uint16Array(CHIPS)
  order.forEach((chip, i) => (bits[chip] = i < CHIPS / PILOT_EVERY ? PILOT : i % CODED_BITS))
  return { bitOf: bits, signOf: Int8Array.from({ length: CHIPS }, () => (next() & 1 ? 1 : -1)) }
})()

/** The number of the first chip of a block. */
export function chipsAt(block: number): number {
  return (block % BLOCKS) * CARRIERS
}

/**
 * How much of each coded bit stands in some blocks of a sound that was weighed: positive for +1. The block `from` of the
 * period begins at the sample `at`.
 */
export function softBits(white: Float32Array, at: number, from: number, blocks: number): Float64Array {
  const soft = new Float64Array(CODED_BITS + 1)
  const coefficients = new Float64Array(HOP)
  for (let block = 0; block < blocks; block++) {
    lappedTransform(white, at + block * HOP, coefficients)
    const chip = chipsAt(from + block)
    for (let carrier = 0; carrier < CARRIERS; carrier++)
      soft[bitOf[chip + carrier]!]! += signOf[chip + carrier]! * coefficients[FIRST_BIN + carrier]!
  }
  return soft.subarray(0, CODED_BITS)
}

/** The pilot alone as it sounds over one period, whose end runs into its beginning. */
export function pilotSound(): Float32Array {
  const sound = new Float32Array(PERIOD + HOP)
  const coefficients = new Float64Array(HOP)
  for (let block = 0; block < BLOCKS; block++) {
    const chip = chipsAt(block)
    for (let carrier = 0; carrier < CARRIERS; carrier++)
      coefficients[FIRST_BIN + carrier] = bitOf[chip + carrier] === PILOT ? signOf[chip + carrier]! : 0
    addLapped(coefficients, sound, block * HOP)
  }
  for (let i = 0; i < HOP; i++) sound[i]! += sound[PERIOD + i]!
  return sound.subarray(0, PERIOD)
}

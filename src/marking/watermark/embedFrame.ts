import { CHIPS, analyse, bitOf, signOf, softBits, synthesise, weigh } from './chips.ts'
import { CODED_BITS, encode } from './convolutional.ts'
import { payloadBits, type WatermarkPayload } from './payload.ts'
import { boxMean } from './boxMean.ts'
import { pilotPattern } from './pilots.ts'

/** Mean square of what is added, in grey levels: 255² / 10^(42.7 / 10). */
const ENERGY = 255 ** 2 / 10 ** 4.27
/** The part of it that goes to the pilots. */
const PILOT_PART = 0.5
const ROUNDS = 8
/** Bits that the picture itself already says get this much of the mean all the same. */
const GAIN_LEAST = 0.1

/**
 * What has to be added to a frame (luma, 0 to 255) so that it carries the payload. The picture is known, so each bit is
 * given as much as it needs to be as sure as the others (improved spread spectrum), and plain areas get less.
 */
export function watermarkOf(frame: Float64Array, payload: WatermarkPayload): Float64Array {
  const coded = encode(payloadBits(payload))
  const mask = maskOf(frame)
  const pilots = scaled(masked(pilotPattern(), mask), ENERGY * PILOT_PART)
  const gains = new Float64Array(CODED_BITS).fill(1)
  let added = pilots
  for (let round = 0; round < ROUNDS; round++) {
    const chips = Float64Array.from({ length: CHIPS }, (_, i) => signOf[i]! * coded[bitOf[i]!]! * gains[bitOf[i]!]!)
    const data = scaled(masked(synthesise(chips), mask), ENERGY * (1 - PILOT_PART))
    added = data.map((value, i) => value + pilots[i]!)
    const found = analyse(frame.map((value, i) => Math.max(0, Math.min(255, value + added[i]!))))
    even(gains, softBits(found, weigh(found)), coded)
  }
  return added
}

/** Gives more to bits that are less sure than the mean, and less to those that are surer. */
function even(gains: Float64Array, soft: Float64Array, coded: Int8Array): void {
  const sure = soft.map((value, i) => value * coded[i]!)
  const mean = sure.reduce((a, b) => a + b) / sure.length
  const gain = gains.reduce((a, b) => a + b) / gains.length
  const step = (0.7 * gain) / Math.max(mean, 1e-9)
  for (let i = 0; i < gains.length; i++) gains[i] = Math.max(GAIN_LEAST * gain, gains[i]! + step * (mean - sure[i]!))
}

/** How much a place can hide: little where it is plain, more where it is lively. */
function maskOf(frame: Float64Array): Float64Array {
  const radius = 3
  const mean = boxMean(frame, radius)
  const square = boxMean(
    frame.map((value) => value * value),
    radius,
  )
  const mask = square.map((value, i) => Math.min(3, 0.75 + 0.11 * Math.sqrt(Math.max(0, value - mean[i]! ** 2))))
  return boxMean(mask, 2)
}

function masked(values: Float64Array, mask: Float64Array): Float64Array {
  return values.map((value, i) => value * mask[i]!)
}

function scaled(values: Float64Array, energy: number): Float64Array {
  const factor = Math.sqrt((energy * values.length) / values.reduce((sum, value) => sum + value * value, 1e-9))
  return values.map((value) => value * factor)
}

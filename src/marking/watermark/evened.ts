import { boxMean } from './boxMean.ts'

/** What is slower than a pilot's wave goes: it is no more than the mean of a square of 7 pixels. */
const SLOW_RADIUS = 3
const ENERGY_RADIUS = 4
/** Squared grey levels of noise that any picture has. */
const NOISE = 4
const MOST = 3

/**
 * A frame in which pilots are sought: without what is slow, and divided by its energy nearby. So a sky, where the pilots
 * stand clear, is not outvoted by houses, whose own edges look like waves of every kind.
 */
export function evened(frame: Float64Array): Float64Array {
  const slow = boxMean(frame, SLOW_RADIUS)
  const fast = frame.map((value, i) => value - slow[i]!)
  const energy = boxMean(
    fast.map((value) => value * value),
    ENERGY_RADIUS,
  )
  return fast.map((value, i) => {
    const deviation = Math.sqrt(energy[i]! + NOISE)
    return Math.max(-MOST, Math.min(MOST, value / deviation)) / deviation
  })
}

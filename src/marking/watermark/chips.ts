import { numbersFrom } from './random.ts'
import { CODED_BITS } from './convolutional.ts'

/** Every picture is looked at as a square of so many pixels: no change of size or of proportions then matters. */
export const FRAME_SIDE = 256
const BLOCK_SIDE = 8
const BLOCKS_A_SIDE = FRAME_SIDE / BLOCK_SIDE
const BLOCKS = BLOCKS_A_SIDE ** 2

/** Frequencies of a block that carry chips, as [across, down]: low enough to outlive compression, high enough to hide. */
const CARRIERS: [number, number][] = []
for (let across = 0; across <= 4; across++)
  for (let down = 0; down <= 4; down++) if (across + down >= 2 && across + down <= 5) CARRIERS.push([across, down])

export const CHIPS = BLOCKS * CARRIERS.length

/** The cosine patterns of the carriers, each of unit energy, pixel by pixel. */
const BASIS = CARRIERS.map(([across, down]) => {
  const wave = (frequency: number, at: number) =>
    (frequency === 0 ? Math.SQRT1_2 : 1) *
    Math.cos(((2 * at + 1) * frequency * Math.PI) / (2 * BLOCK_SIDE)) *
    Math.sqrt(2 / BLOCK_SIDE)
  return Float64Array.from(
    { length: BLOCK_SIDE ** 2 },
    (_, i) => wave(across, i % BLOCK_SIDE) * wave(down, Math.floor(i / BLOCK_SIDE)),
  )
})

/** Which coded bit each chip carries, and with which sign. Every bit is all over the picture. */
export const { bitOf, signOf } = (() => {
  const next = numbersFrom(0xc0109403)
  const order = Uint32Array.from({ length: CHIPS }, (_, i) => i)
  for (let i = CHIPS - 1; i > 0; i--) {
    const j = next() % (i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  const bits = new Uint16Array(CHIPS)
  order.forEach((chip, i) => (bits[chip] = i % CODED_BITS))
  return { bitOf: bits, signOf: Int8Array.from({ length: CHIPS }, () => (next() & 1 ? 1 : -1)) }
})()

/** Carrier coefficients of every block, block by block. */
export function analyse(frame: Float64Array): Float64Array {
  const chips = new Float64Array(CHIPS)
  const block = new Float64Array(BLOCK_SIDE ** 2)
  for (let at = 0; at < BLOCKS; at++) {
    const corner = cornerOf(at)
    for (let i = 0; i < block.length; i++) block[i] = frame[corner + (i >> 3) * FRAME_SIDE + (i & 7)]!
    for (let carrier = 0; carrier < BASIS.length; carrier++) {
      const basis = BASIS[carrier]!
      let sum = 0
      for (let i = 0; i < block.length; i++) sum += block[i]! * basis[i]!
      chips[at * BASIS.length + carrier] = sum
    }
  }
  return chips
}

/** A picture that has these carrier coefficients, and nothing else. */
export function synthesise(chips: Float64Array): Float64Array {
  const frame = new Float64Array(FRAME_SIDE ** 2)
  for (let at = 0; at < BLOCKS; at++) {
    const corner = cornerOf(at)
    for (let carrier = 0; carrier < BASIS.length; carrier++) {
      const value = chips[at * BASIS.length + carrier]!
      const basis = BASIS[carrier]!
      if (value !== 0)
        for (let i = 0; i < basis.length; i++) frame[corner + (i >> 3) * FRAME_SIDE + (i & 7)]! += value * basis[i]!
    }
  }
  return frame
}

/**
 * What each coefficient counts for: less where the picture itself is lively, by block and by frequency, so that a tree
 * does not outvote a sky. Blocks of which a part is outside the picture (`inside` < 1) count nothing.
 */
export function weigh(chips: Float64Array, inside?: Float64Array): Float64Array {
  const carriers = BASIS.length
  const byCarrier = new Float64Array(carriers)
  const byBlock = new Float64Array(BLOCKS)
  for (let i = 0; i < CHIPS; i++) byCarrier[i % carriers]! += Math.abs(chips[i]!)
  for (let carrier = 0; carrier < carriers; carrier++) byCarrier[carrier] = byCarrier[carrier]! / BLOCKS + 6
  for (let i = 0; i < CHIPS; i++)
    byBlock[Math.floor(i / carriers)]! += Math.abs(chips[i]!) / byCarrier[i % carriers]! / carriers
  const weights = new Float64Array(CHIPS)
  for (let at = 0; at < BLOCKS; at++) {
    if (inside && !isInside(inside, at)) continue
    const block = 1 / (0.25 + byBlock[at]!)
    for (let carrier = 0; carrier < carriers; carrier++) weights[at * carriers + carrier] = block / byCarrier[carrier]!
  }
  return weights
}

/** A coefficient that stands out counts no more than so many times what is usual there. */
const CHIP_MOST = 1.5

/**
 * How much of each coded bit stands in the coefficients: positive for +1. What is usual for a coefficient is taken out,
 * then each counts by its weight once more, as the picture's own share in it is noise of that size.
 */
export function softBits(chips: Float64Array, weights: Float64Array): Float64Array {
  const soft = new Float64Array(CODED_BITS)
  for (let i = 0; i < CHIPS; i++) {
    const weight = weights[i]!
    soft[bitOf[i]!]! += signOf[i]! * weight * Math.max(-CHIP_MOST, Math.min(CHIP_MOST, chips[i]! * weight))
  }
  return soft
}

function cornerOf(block: number): number {
  return Math.floor(block / BLOCKS_A_SIDE) * BLOCK_SIDE * FRAME_SIDE + (block % BLOCKS_A_SIDE) * BLOCK_SIDE
}

function isInside(inside: Float64Array, block: number): boolean {
  const corner = cornerOf(block)
  const last = (BLOCK_SIDE - 1) * FRAME_SIDE
  return [0, BLOCK_SIDE - 1, last, last + BLOCK_SIDE - 1].every((offset) => inside[corner + offset]! > 0)
}

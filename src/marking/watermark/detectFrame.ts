import { pdq } from '../../fingerprints/index.ts'
import { FRAME_SIDE, analyse, softBits, weigh } from './chips.ts'
import { decode, encode } from './convolutional.ts'
import { readPayload, type WatermarkPayload } from './payload.ts'
import { straighten, type Placement } from './placement.ts'
import { refine } from './refine.ts'
import { findPlacements } from './registration.ts'

export interface FoundWatermark {
  payload: WatermarkPayload
  /** How much of what was read agrees with what was decoded, from 0 to 1; noise that is decoded reaches 0.7 and more. */
  margin: number
  /** How the frame lies in the one that was marked. */
  placement: Placement
  /** Whether it had to be turned by right angles or mirrored first. */
  orientation: Orientation
  /** PDQ of the frame put straight, to compare with the work that the watermark leads to. */
  pdq: string
  /** How many placements were tried: so many chances there were to be wrong. */
  tried: number
}

/** Placements that are decoded at most. */
export const PLACEMENTS_MAX = 5

const WHOLE: Placement = { matrix: [1, 0, 0, 1], centre: [0.5, 0.5] }

/**
 * The watermark of a frame (luma, 0 to 255), first as it lies, then as its pilots say that it was cropped, turned or
 * stretched. `aspect` is width by height of the picture that the frame was made of. Undefined when there is none.
 */
export function detectFrame(frame: Float64Array, aspect: number): FoundWatermark | undefined {
  let tried = 0
  for (const [name, seen] of orientationsOf(frame)) {
    tried++
    const direct = read(seen, undefined)
    if (direct) return { ...direct, placement: WHOLE, orientation: name, pdq: pdqOf(seen), tried }
  }
  for (const start of findPlacements(frame, aspect, PLACEMENTS_MAX)) {
    // Mostly the start is right enough; where it is not, the pilots' phases tell what is missing.
    let placement = start
    for (let round = 0; round < 2; round++) {
      const straightened = straighten(frame, placement)
      tried++
      const found = read(straightened.frame, straightened.inside)
      if (found)
        return {
          ...found,
          placement,
          orientation: 'upright',
          pdq: pdqOf(straighten(frame, placement, 'edge').frame),
          tried,
        }
      if (round === 0) placement = refine(straightened, start)
    }
  }
  return undefined
}

function read(frame: Float64Array, inside: Float64Array | undefined) {
  const chips = analyse(frame)
  const soft = softBits(chips, weigh(chips, inside))
  const bits = decode(soft)
  const payload = readPayload(bits)
  if (!payload) return undefined
  const coded = encode(bits)
  const total = soft.reduce((sum, value) => sum + Math.abs(value), 1e-9)
  const margin = soft.reduce((sum, value, i) => sum + value * coded[i]!, 0) / total
  return { payload, margin }
}

function pdqOf(frame: Float64Array): string {
  const data = new Uint8Array(frame.length * 3)
  frame.forEach((value, i) => data.fill(Math.max(0, Math.min(255, Math.round(value))), i * 3, i * 3 + 3))
  return pdq({ width: FRAME_SIDE, height: FRAME_SIDE, channels: 3, data }).hash
}

export type Orientation = 'upright' | 'turned' | 'mirrored'

/** The frame as it lies, turned by right angles, and mirrored. */
function* orientationsOf(frame: Float64Array): Generator<[Orientation, Float64Array]> {
  let seen = frame
  for (let turn = 0; turn < 4; turn++) {
    yield [turn === 0 ? 'upright' : 'turned', seen]
    seen = moved(seen, (x, y) => [y, LAST - x])
  }
  seen = moved(frame, (x, y) => [LAST - x, y])
  for (let turn = 0; turn < 4; turn++) {
    yield ['mirrored', seen]
    seen = moved(seen, (x, y) => [y, LAST - x])
  }
}

const LAST = FRAME_SIDE - 1

function moved(frame: Float64Array, from: (x: number, y: number) => [number, number]): Float64Array {
  return frame.map((_, i) => {
    const [x, y] = from(i % FRAME_SIDE, Math.floor(i / FRAME_SIDE))
    return frame[y * FRAME_SIDE + x]!
  })
}

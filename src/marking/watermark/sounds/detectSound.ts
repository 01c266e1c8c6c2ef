import { SOUND_RATE } from '../../../fingerprints/index.ts'
import { decode, encode } from '../convolutional.ts'
import { readPayload, type WatermarkPayload } from '../payload.ts'
import { aligned, alignmentsOf, fold } from './alignment.ts'
import { BLOCKS, PERIOD, softBits } from './carriers.ts'
import { whiten } from './whiten.ts'

export interface FoundSoundWatermark {
  payload: WatermarkPayload
  /** How much of what was read agrees with what was decoded, from 0 to 1; noise that is decoded reaches 0.7 and more. */
  margin: number
  /** Where the first period of the watermark begins: later than 0 when the sound was cut. */
  offsetSeconds: number
  /** How many alignments were tried: so many chances there were to be wrong. */
  tried: number
}

/**
 * The watermark of a sound (one channel, `SOUND_RATE` samples a second), wherever its periods begin. Undefined when none
 * can be read.
 */
export function detectSound(samples: Float32Array): FoundSoundWatermark | undefined {
  const white = whiten(samples)
  let tried = 0
  for (const [start, end] of stretchesOf(white.length)) {
    const folded = fold(white, start, end)
    for (const alignment of alignmentsOf(folded)) {
      tried++
      const found = read(aligned(folded, alignment))
      if (found) return { ...found, offsetSeconds: alignment.offset / SOUND_RATE, tried }
    }
  }
  return undefined
}

/** Everything first; then two periods at a time, for what was put together of several sounds agrees only in parts. */
function* stretchesOf(length: number): Generator<[number, number]> {
  yield [0, length]
  if (length <= 2 * PERIOD) return
  for (let start = 0; start + PERIOD / 2 < length; start += PERIOD) yield [start, Math.min(length, start + 2 * PERIOD)]
}

function read(period: Float32Array): Pick<FoundSoundWatermark, 'payload' | 'margin'> | undefined {
  const soft = softBits(period, 0, 0, BLOCKS)
  const bits = decode(soft)
  const payload = readPayload(bits)
  if (!payload) return undefined
  const coded = encode(bits)
  const total = soft.reduce((sum, value) => sum + Math.abs(value), 1e-9)
  return { payload, margin: soft.reduce((sum, value, i) => sum + value * coded[i]!, 0) / total }
}

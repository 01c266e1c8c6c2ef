import { CODED_BITS, decode, encode } from '../watermark/convolutional.ts'
import { MESSAGE_BITS, payloadBits, readPayload, type WatermarkPayload } from '../watermark/payload.ts'

/**
 * How a payload with its CRC-32 becomes the bits of a message. `repeated`: its bits one after the other, and again from
 * the first as often as they fit. `convolutional`: the same with the bits of our watermark's own code (rate 1/3).
 */
export const codings = ['repeated', 'convolutional'] as const
export type Coding = (typeof codings)[number]

/** Bits that a message has at least. */
export function bitsNeeded(coding: Coding): number {
  return coding === 'repeated' ? MESSAGE_BITS : CODED_BITS
}

/** 0 or 1 for each of `count` bits. */
export function messageBits(payload: WatermarkPayload, coding: Coding, count: number): number[] {
  const plain = payloadBits(payload)
  const coded = coding === 'repeated' ? plain : Array.from(encode(plain), (sign) => (sign + 1) / 2)
  return Array.from({ length: count }, (_, i) => coded[i % coded.length]!)
}

/** The payload, from a value for each bit that is the higher above 0 the surer it is set; undefined when its check does not hold. */
export function readMessage(soft: ArrayLike<number>, coding: Coding): WatermarkPayload | undefined {
  const sums = new Float64Array(bitsNeeded(coding))
  for (let i = 0; i < soft.length; i++) sums[i % sums.length]! += soft[i]!
  return readPayload(coding === 'repeated' ? Array.from(sums, (sum) => (sum > 0 ? 1 : 0)) : decode(sums))
}

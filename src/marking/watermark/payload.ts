import type { Degree } from '../../disclosure/index.ts'
import { POINTER_BITS, degrees } from '../../disclosure/index.ts'

/** What a watermark carries: where the disclosure stands, and the degree, so that something is known without asking. */
export interface WatermarkPayload {
  /** Ten hexadecimal digits, as in the code. */
  pointer: string
  degree: Degree
  isReviewed: boolean
}

const DEGREE_BITS = 3
const PAYLOAD_BITS = POINTER_BITS + DEGREE_BITS + 1
const CRC_BITS = 32
/** Bits before error correction: pointer (40), degree (3), reviewed (1), CRC-32. */
export const MESSAGE_BITS = PAYLOAD_BITS + CRC_BITS

export function payloadBits({ pointer, degree, isReviewed }: WatermarkPayload): number[] {
  const head = bitsOf(Number.parseInt(pointer.slice(0, 5), 16), 20).concat(
    bitsOf(Number.parseInt(pointer.slice(5), 16), 20),
  )
  const bits = [...head, ...bitsOf(degrees.indexOf(degree), DEGREE_BITS), isReviewed ? 1 : 0]
  return [...bits, ...bitsOf(crc32(bits), CRC_BITS)]
}

/** The payload, when the checksum fits and every value is one of the standard's. */
export function readPayload(bits: readonly number[]): WatermarkPayload | undefined {
  const body = bits.slice(0, PAYLOAD_BITS)
  if (crc32(body) !== numberOf(bits.slice(PAYLOAD_BITS))) return undefined
  const degree = degrees[numberOf(body.slice(POINTER_BITS, POINTER_BITS + DEGREE_BITS))]
  if (degree === undefined) return undefined
  const hex = (from: number) =>
    numberOf(body.slice(from, from + 20))
      .toString(16)
      .padStart(5, '0')
  return { pointer: hex(0) + hex(20), degree, isReviewed: body.at(-1) === 1 }
}

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (value >>> (count - 1 - i)) & 1)
}

function numberOf(bits: readonly number[]): number {
  return bits.reduce((value, bit) => value * 2 + bit, 0)
}

/**
 * CRC-32 with the polynomial 0x04C11DB7, from all ones, bit by bit. Up to eighteen placements are decoded on each picture; with
 * so many check bits, chance passes in fewer than one of a hundred million pictures before the margin is looked at.
 */
function crc32(bits: readonly number[]): number {
  let crc = 0xffff_ffff
  for (const bit of bits) {
    const top = (crc >>> 31) ^ bit
    crc = (crc << 1) >>> 0
    if (top) crc = (crc ^ 0x04c1_1db7) >>> 0
  }
  return crc
}

import { differingBits } from '../fingerprints/index.ts'
import { fromHex } from '../foundation/index.ts'

/** Bits in which two codes differ, each written as hexadecimal characters of one length. */
export function hammingDistance(a: string, b: string): number {
  return differingBits(fromHex(a), fromHex(b))
}

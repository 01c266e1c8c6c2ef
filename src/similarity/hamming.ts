import { fromHex } from '../foundation/index.ts'

/** Bits in which two codes differ, each written as hexadecimal characters of one length. */
export function hammingDistance(a: string, b: string): number {
  const right = fromHex(b)
  let bits = 0
  fromHex(a).forEach((byte, i) => {
    for (let differing = byte ^ right[i]!; differing > 0; differing &= differing - 1) bits++
  })
  return bits
}

import { MINHASH_MULTIPLIERS, MINHASH_OFFSETS } from './isccConstants.ts'

const DIMENSIONS = 64
const MASK_64 = (1n << 64n) - 1n
const PRIME = (1n << 61n) - 1n
const LOW_32 = 0xffff_ffffn

const multiplierLow = Int32Array.from(MINHASH_MULTIPLIERS, (value) => Number(BigInt.asIntN(32, value)))
const offsetLow = Int32Array.from(MINHASH_OFFSETS, (value) => Number(BigInt.asIntN(32, value)))

/**
 * The 256-bit minhash of ISO 24138 over 32-bit features: for each of 64 permutations the minimum of
 * ((a·f + b) mod 2^64 mod (2^61 − 1)) mod 2^32, of which the lowest four bits are kept, bit plane by bit plane.
 *
 * The exact value needs 64-bit arithmetic, but reducing modulo 2^61 − 1 adds only 0 to 8 to the low half of a·f + b.
 * So one 32-bit multiplication tells whether a feature can lower the minimum at all; after the first few it rarely can.
 */
export function minhash256(allFeatures: Uint32Array): Uint8Array {
  const features = withoutRecentRepeats(allFeatures)
  const minima = new Uint32Array(DIMENSIONS).fill(0xffff_ffff)
  const signed = new Int32Array(features.buffer, features.byteOffset, features.length)
  for (let first = 0; first < DIMENSIONS; first += LANES) lowerFour(signed, first, minima)
  return compress(minima)
}

const RECENT = 1 << 16

/** Leaves out features seen not long ago: they change no minimum, and a text that repeats itself must not cost more. */
function withoutRecentRepeats(features: Uint32Array): Uint32Array {
  const recent = new Uint32Array(RECENT)
  const kept = new Uint32Array(features.length)
  let count = 0
  for (const feature of features) {
    const slot = (feature ^ (feature >>> 16)) & (RECENT - 1)
    if (recent[slot] === feature && feature !== 0) continue
    recent[slot] = feature
    kept[count++] = feature
  }
  return kept.subarray(0, count)
}

/** Signed 32-bit integers stay integers in the engine; the sign bit is flipped so that they compare like unsigned ones. */
const SIGN = 0x8000_0000 | 0
const LANES = 4

/** Lowers the minima of four dimensions at once: their multiplications do not wait for each other. */
function lowerFour(features: Int32Array, first: number, minima: Uint32Array): void {
  const [a0, a1, a2, a3] = multiplierLow.subarray(first, first + LANES) as unknown as [number, number, number, number]
  const [b0, b1, b2, b3] = offsetLow.subarray(first, first + LANES).map((offset) => offset + 8) as unknown as [
    number,
    number,
    number,
    number,
  ]
  let [m0, m1, m2, m3] = [0x7fff_ffff, 0x7fff_ffff, 0x7fff_ffff, 0x7fff_ffff]
  for (let i = 0; i < features.length; i++) {
    const feature = features[i]!
    const isCandidate =
      ((Math.imul(a0, feature) + b0) ^ SIGN) <= m0 ||
      ((Math.imul(a1, feature) + b1) ^ SIGN) <= m1 ||
      ((Math.imul(a2, feature) + b2) ^ SIGN) <= m2 ||
      ((Math.imul(a3, feature) + b3) ^ SIGN) <= m3
    if (!isCandidate) continue
    for (let dimension = first; dimension < first + LANES; dimension++) {
      const exact = permute(feature >>> 0, dimension)
      if (exact < minima[dimension]!) minima[dimension] = exact
    }
    m0 = boundOf(minima[first]!)
    m1 = boundOf(minima[first + 1]!)
    m2 = boundOf(minima[first + 2]!)
    m3 = boundOf(minima[first + 3]!)
  }
}

/** The low half of a·f + b, raised by 8 and with its sign flipped, is not above this when it could lower the minimum. */
function boundOf(minimum: number): number {
  return Math.min(0xffff_ffff, minimum + 8) ^ SIGN
}

function permute(feature: number, dimension: number): number {
  const product = (MINHASH_MULTIPLIERS[dimension]! * BigInt(feature) + MINHASH_OFFSETS[dimension]!) & MASK_64
  return Number((product % PRIME) & LOW_32)
}

function compress(minima: Uint32Array): Uint8Array {
  const digest = new Uint8Array(32)
  for (let bit = 0; bit < 4 * DIMENSIONS; bit++) {
    const value = (minima[bit % DIMENSIONS]! >>> Math.floor(bit / DIMENSIONS)) & 1
    digest[bit >> 3]! |= value << (7 - (bit & 7))
  }
  return digest
}

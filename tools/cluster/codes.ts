import { SUBSTRINGS } from '../../src/datasets/clickhouse/substrings.ts'

/** Codes of 32 bytes each, one after the other; the row is the place. */
export type Codes = Uint8Array<ArrayBuffer>

export interface Hit {
  row: number
  distance: number
}

export const CODE_BYTES = 32

/** Numbers that are the same in every run (xorshift128, Marsaglia 2003). */
export function seededRandom(seed: number): () => number {
  let [x, y, z, w] = [seed >>> 0 || 1, 362436069, 521288629, 88675123]
  return () => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w = (w ^ (w >>> 19) ^ (t ^ (t >>> 8))) >>> 0
    return w
  }
}

/**
 * Random codes, with three kinds of codes among them that random ones never give: near copies of the wanted codes at
 * every distance from 0 to 40; copies at 31 and 32 bits that are spread as badly as can be over the substrings;
 * and two families, one of codes that share most of their bits (dark pictures), one of copies of copies.
 */
export function makeCodes(count: number, wantedCount: number, seed: number): { codes: Codes; wanted: Codes } {
  const random = seededRandom(seed)
  const codes = new Uint8Array(count * CODE_BYTES)
  new Uint32Array(codes.buffer).forEach((_, i, words) => (words[i] = random()))
  const wanted = new Uint8Array(wantedCount * CODE_BYTES)
  const place = (code: Uint8Array) => codes.set(code, (random() % count) * CODE_BYTES)
  const family = Math.min(4000, count >> 4)
  let copied = codes.slice(0, CODE_BYTES)
  for (let i = 0; i < family; i++) {
    const dark = new Uint8Array(CODE_BYTES)
    place(flipped(dark, distinctBits(random, random() % 24)))
    place((copied = flipped(copied, distinctBits(random, random() % 4))))
  }
  for (let i = 0; i < wantedCount; i++) {
    // Of the wanted codes, one in ten is of a family or stands in the set itself.
    const own = Uint32Array.from({ length: 8 }, random)
    const at = (random() % count) * CODE_BYTES
    const code = i % 10 === 0 ? codes.slice(at, at + CODE_BYTES) : new Uint8Array(own.buffer)
    if (i % 100 === 5) code.fill(0)
    wanted.set(code, i * CODE_BYTES)
    for (let copies = 0; copies < 3; copies++) place(flipped(code, distinctBits(random, random() % 41)))
    place(flipped(code, worstBits(random, i % SUBSTRINGS.length, 31)))
    place(flipped(code, worstBits(random, i % SUBSTRINGS.length, 32)))
  }
  return { codes, wanted }
}

/** Every row within the radius, by looking at every code: nothing clever that could be wrong in the same way. */
export function linearScan(codes: Codes, wanted: Uint8Array, radius: number): Hit[] {
  const words = new Uint32Array(codes.buffer, codes.byteOffset, codes.length / 4)
  const query = new Uint32Array(Uint8Array.from(wanted).buffer)
  const hits: Hit[] = []
  for (let row = 0; row < words.length / 8; row++) {
    let distance = 0
    for (let word = 0; word < 8 && distance <= radius; word++) distance += bitsOf(words[row * 8 + word]! ^ query[word]!)
    if (distance <= radius) hits.push({ row, distance })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.row - b.row)
}

/** The code with these bits flipped, counted as `SUBSTRINGS` counts them. */
function flipped(code: Uint8Array, bits: number[]): Codes {
  const copy = Uint8Array.from(code)
  for (const bit of bits) copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

function distinctBits(random: () => number, count: number, offset = 0, length = 256): number[] {
  const bits = new Set<number>()
  while (bits.size < count) bits.add(offset + (random() % length))
  return [...bits]
}

/**
 * Bits spread so that every substring has one more flip than is looked up, which is 32 bits; at 31 bits the substring
 * `only` has one fewer, and is the only one in which the code can be found.
 */
function worstBits(random: () => number, only: number, distance: 31 | 32): number[] {
  return SUBSTRINGS.flatMap(({ table, offset, length, flips }) =>
    distinctBits(random, flips + 1 - (distance === 31 && table === only ? 1 : 0), offset, length),
  )
}

function bitsOf(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

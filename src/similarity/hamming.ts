import { ColophonError } from '../foundation/index.ts'

const WORDS = 8
const CODE_BYTES = 32

/**
 * Codes of 256 bits, each with the number of the row it belongs to. Search is exact: every code within the radius is
 * found. This first index scans; the interface stays when a faster one takes its place.
 */
export interface HammingIndex {
  words: Uint32Array
  rows: Uint32Array
}

export interface HammingHit {
  row: number
  distance: number
}

/** Builds an index of hexadecimal codes of 64 characters. */
export function buildHammingIndex(codes: Iterable<{ row: number; code: string }>): HammingIndex {
  const words: number[] = []
  const rows: number[] = []
  for (const { row, code } of codes) {
    words.push(...codeWords(code))
    rows.push(row)
  }
  return { words: Uint32Array.from(words), rows: Uint32Array.from(rows) }
}

/** All rows whose code differs from `code` in at most `radius` bits, nearest first. */
export function searchHamming({ words, rows }: HammingIndex, code: string, radius: number): HammingHit[] {
  const wanted = codeWords(code)
  const hits: HammingHit[] = []
  for (let i = 0; i < rows.length; i++) {
    let distance = 0
    for (let word = 0; word < WORDS && distance <= radius; word++)
      distance += popcount(words[i * WORDS + word]! ^ wanted[word]!)
    if (distance <= radius) hits.push({ row: rows[i]!, distance })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.row - b.row)
}

/** Bits in which two codes of 64 hexadecimal characters differ. */
export function hammingDistance(a: string, b: string): number {
  const left = codeWords(a)
  return codeWords(b).reduce((sum, word, i) => sum + popcount(word ^ left[i]!), 0)
}

/** The index as bytes: per code 32 bytes and the row as a little-endian uint32. */
export function encodeHammingIndex({ words, rows }: HammingIndex): Uint8Array {
  const bytes = new Uint8Array(rows.length * (CODE_BYTES + 4))
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < rows.length; i++) {
    for (let word = 0; word < WORDS; word++) view.setUint32(i * 36 + word * 4, words[i * WORDS + word]!)
    view.setUint32(i * 36 + CODE_BYTES, rows[i]!, true)
  }
  return bytes
}

export function decodeHammingIndex(bytes: Uint8Array): HammingIndex {
  if (bytes.length % 36 !== 0)
    throw new ColophonError('dataset_invalid', 'a code file ends in the middle of a code', {
      remedy: 'Build the index again.',
    })
  const count = bytes.length / 36
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = new Uint32Array(count * WORDS)
  const rows = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    for (let word = 0; word < WORDS; word++) words[i * WORDS + word] = view.getUint32(i * 36 + word * 4)
    rows[i] = view.getUint32(i * 36 + CODE_BYTES, true)
  }
  return { words, rows }
}

function codeWords(code: string): number[] {
  if (!/^[0-9a-f]{64}$/i.test(code))
    throw new ColophonError('invalid_input', 'a code is not 64 hexadecimal characters', { where: code.slice(0, 80) })
  return Array.from({ length: WORDS }, (_, i) => Number.parseInt(code.slice(i * 8, i * 8 + 8), 16))
}

function popcount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

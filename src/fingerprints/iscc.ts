import { dct } from './dct.ts'

/** Main types and subtypes of ISO 24138 that we write. */
const HEADERS = {
  text: [2, 0],
  image: [2, 1],
  data: [3, 0],
  instance: [4, 0],
} as const

export type IsccUnitKind = keyof typeof HEADERS

/** Instance-Code, 256 bits: the BLAKE3 of the file, which the caller computes. */
export function isccInstanceCode(blake3: Uint8Array): Uint8Array {
  return blake3.slice(0, 32)
}

/** Image-Code, 256 bits, of 32×32 grey values (0 to 255, row by row). */
export function isccImageCode(grey: Uint8Array | readonly number[]): Uint8Array {
  const rows = Array.from({ length: 32 }, (_, y) => dct(Array.from(grey.slice(y * 32, y * 32 + 32))))
  const columns = Array.from({ length: 32 }, (_, x) => dct(rows.map((row) => row[x]!)))
  const digest = new Uint8Array(32)
  let bit = 0
  for (const [x0, y0] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const block: number[] = []
    for (let y = y0; y < y0 + 8; y++) for (let x = x0; x < x0 + 8; x++) block.push(columns[x]![y]!)
    const sorted = block.toSorted((a, b) => a - b)
    const median = (sorted[31]! + sorted[32]!) / 2
    for (const value of block) {
      if (value > median) digest[bit >> 3]! |= 0x80 >> (bit & 7)
      bit++
    }
  }
  return digest
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The written form of one ISCC unit, cut to `bits` (64 to 256, in steps of 32). */
export function formatIscc(kind: IsccUnitKind, digest: Uint8Array, bits = 256): string {
  const [mainType, subType] = HEADERS[kind]
  const header = Uint8Array.of((mainType << 4) | subType, bits / 32 - 1)
  const bytes = [...header, ...digest.subarray(0, bits / 8)]
  let text = ''
  let buffer = 0
  let held = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    held += 8
    for (; held >= 5; held -= 5) text += BASE32[(buffer >> (held - 5)) & 31]
    buffer &= 0xff
  }
  if (held > 0) text += BASE32[(buffer << (5 - held)) & 31]
  return `ISCC:${text}`
}

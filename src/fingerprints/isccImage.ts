import { dct } from './dct.ts'

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

import { FRAME_SIDE } from './chips.ts'

/** Means over squares of 2 × radius + 1, smaller at the edges. */
export function boxMean(values: Float64Array, radius: number, side = FRAME_SIDE): Float64Array {
  const sums = new Float64Array((side + 1) ** 2)
  for (let y = 0; y < side; y++)
    for (let x = 0, row = 0; x < side; x++) {
      row += values[y * side + x]!
      sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1]! + row
    }
  const out = new Float64Array(values.length)
  for (let y = 0; y < side; y++) {
    const [top, bottom] = [Math.max(0, y - radius), Math.min(side, y + radius + 1)]
    for (let x = 0; x < side; x++) {
      const [left, right] = [Math.max(0, x - radius), Math.min(side, x + radius + 1)]
      const at = (row: number, column: number) => sums[row * (side + 1) + column]!
      out[y * side + x] =
        (at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)) / ((bottom - top) * (right - left))
    }
  }
  return out
}

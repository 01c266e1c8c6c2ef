/**
 * DCT-II without scaling, by Lee's recursive method. ISO 24138 compares coefficients with their median, so the order of
 * operations, and with it the rounding, is part of the algorithm. The length is a power of two.
 */
export function dct(values: readonly number[]): number[] {
  const n = values.length
  if (n === 1) return [...values]
  const half = n / 2
  const sums: number[] = []
  const differences: number[] = []
  for (let i = 0; i < half; i++) {
    const left = values[i]!
    const right = values[n - 1 - i]!
    sums.push(left + right)
    differences.push((left - right) / (Math.cos(((i + 0.5) * Math.PI) / n) * 2))
  }
  const even = dct(sums)
  const odd = dct(differences)
  const result: number[] = []
  for (let i = 0; i < half - 1; i++) result.push(even[i]!, odd[i]! + odd[i + 1]!)
  result.push(even[half - 1]!, odd[half - 1]!)
  return result
}

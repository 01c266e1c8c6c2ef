/**
 * Standard error of a figure of very many groups. Where rows are drawn, to first order: the variance of the figure is the
 * sum of its slope by each group's weight, squared, times the sum of the squares of the weights of the group's rows, as in
 * a Poisson bootstrap. Where whole groups are drawn, by the figure's influence function. Undefined where it has none.
 */
export type StandardError = (weights: Float64Array, squares: Float64Array, areUnits: boolean) => number | undefined

const sumOf = (values: Float64Array) => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}

function rootSum(count: number, term: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += term(i)
  return Math.sqrt(sum)
}

/** Of the Hill number of order 1 or 2, where rows are drawn. */
export const hillError =
  (order: 1 | 2): StandardError =>
  (weights, squares, areUnits) => {
    if (areUnits) return undefined
    const total = sumOf(weights)
    let sum = 0
    for (let i = 0; i < weights.length; i++) {
      const share = weights[i]! / total
      if (share > 0) sum += order === 1 ? -share * Math.log(share) : share * share
    }
    const slope = (share: number) =>
      order === 1 ? (Math.exp(sum) * (-Math.log(share) - sum)) / total : (2 / sum - (2 * share) / sum ** 2) / total
    return rootSum(weights.length, (i) => (weights[i]! > 0 ? slope(weights[i]! / total) ** 2 * squares[i]! : 0))
  }

/** Of the share of the largest `count`. */
export const topShareError =
  (count: number): StandardError =>
  (weights, squares, areUnits) => {
    const sorted = weights.slice().sort()
    const n = sorted.length
    const least = sorted[Math.max(0, n - count)]!
    const total = sumOf(weights)
    const share = sumOf(sorted.subarray(n - count)) / total
    if (!areUnits) return rootSum(n, (i) => (((weights[i]! >= least ? 1 : 0) - share) / total) ** 2 * squares[i]!)
    let above = 0
    for (let i = n - count; i < n; i++) above += sorted[i]! - least
    const mean = total / n
    const influence = (weight: number) => (Math.max(0, weight - least) - above / n - share * (weight - mean)) / mean
    return rootSum(n, (i) => influence(sorted[i]!) ** 2) / n
  }

/** Of the Gini coefficient. */
export const giniError: StandardError = (weights, squares, areUnits) => {
  const sorted = weights.slice().sort()
  const n = sorted.length
  const total = sumOf(sorted)
  let ranked = 0
  for (let i = 0; i < n; i++) ranked += (i + 1) * sorted[i]!
  if (!areUnits) {
    const slope = (weight: number) =>
      ((below(sorted, weight, false) + below(sorted, weight, true) + 1) / total - (2 * ranked) / total ** 2) / n
    return rootSum(n, (i) => slope(weights[i]!) ** 2 * squares[i]!)
  }
  const gini = (2 * ranked) / (n * total) - (n + 1) / n
  const mean = total / n
  const distance = 2 * mean * gini
  let before = 0
  return (
    rootSum(n, (i) => {
      const weight = sorted[i]!
      // The mean distance to all others: to those before, and to those after.
      const each = (weight * i - before + (total - before - weight) - weight * (n - i - 1)) / n
      before += weight
      return ((each - distance - gini * (weight - mean)) / mean) ** 2
    }) / n
  )
}

/** How many are less than a value, or not more. */
function below(sorted: Float64Array, value: number, orSame: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value || (orSame && sorted[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}

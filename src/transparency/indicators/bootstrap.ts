/** One kind in a data set: how many rows, their weight, and the sum of the squares of their weights. */
export interface Group {
  rows: number
  weight: number
  squares: number
}

export interface Interval {
  low: number
  high: number
}

const ROUNDS = 500
/** So many draws at most: with very many groups there are fewer rounds, never less than the least. */
const DRAWS_MAX = 8_000_000
const ROUNDS_MIN = 50
/** From so many rounds on an interval is read off the draws; from fewer, off their mean and variance. */
const QUANTILES_FROM = 200
const NORMAL_FROM = 30

/** Rounds that an interval over so many groups is drawn in. */
export function roundsFor(groups: number): number {
  return Math.max(ROUNDS_MIN, Math.min(ROUNDS, Math.floor(DRAWS_MAX / Math.max(1, groups))))
}

/** A figure of the weights of groups. */
export interface Drawable {
  of(weights: ArrayLike<number>): number
  /** It goes in steps, as a count does: its interval ends where draws were, and nothing is added to it. */
  isStep?: boolean
}

/** So many rows for each group at most, and the rows are taken for totals of their groups. */
const TOTALS_ROWS_MAX = 1.1

/**
 * Whether the rows are totals, as in a table of languages with a count of each: (nearly) every group is one row. Then
 * nothing is known of what was counted in a row, and drawing rows says nothing of a figure that depends on which is which.
 */
export function areTotals(
  groups: readonly Group[],
  more: { rows: number; weights: ArrayLike<number> } = { rows: 0, weights: [] },
): boolean {
  const there = groups.filter(({ rows }) => rows > 0)
  const count = there.length + more.weights.length
  return count > 0 && there.reduce((sum, { rows }) => sum + rows, more.rows) <= TOTALS_ROWS_MAX * count
}

/**
 * 95% interval of figures that depend on the weights of groups, by a Poisson bootstrap: each row is taken as often as a
 * Poisson variable of mean 1 says. Rows of a group are drawn together: few as a Poisson number of their mean weight, many
 * as a normal variable with their variance. It tells how the figure would vary among data sets drawn like this one; not
 * what is wrong with how it was drawn. With `areUnits` whole groups are drawn with replacement, each draw one of its own:
 * for figures alone to which it is the same which group is which. The same groups give the same interval.
 */
export function bootstrap(groups: readonly Group[], figures: readonly Drawable[], areUnits = false): Interval[] {
  const next = randomNumbers(0x5eed)
  const weights = new Float64Array(groups.length)
  const rounds = roundsFor(groups.length)
  const values = figures.map(() => new Float64Array(rounds))
  for (let round = 0; round < rounds; round++) {
    if (areUnits) weights.forEach((_, i) => (weights[i] = groups[Math.floor(next() * groups.length)]!.weight))
    else groups.forEach((group, i) => (weights[i] = drawn(group, next)))
    figures.forEach(({ of }, i) => (values[i]![round] = of(weights)))
  }
  const points = Float64Array.from(groups, ({ weight }) => weight)
  return values.map((each, i) => {
    const sorted = each.filter((value) => Number.isFinite(value)).sort()
    const { of, isStep } = figures[i]!
    if (isStep)
      return {
        low: sorted[Math.floor(0.025 * sorted.length)] ?? NaN,
        high: sorted[Math.ceil(0.975 * sorted.length) - 1] ?? NaN,
      }
    // Rare kinds drop out of a draw, so that draws are less diverse than what they are drawn from: this is taken off.
    const point = of(points)
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
    if (rounds >= QUANTILES_FROM)
      return { low: quantile(sorted, 0.025) + point - mean, high: quantile(sorted, 0.975) + point - mean }
    const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1)
    return { low: point - 1.96 * Math.sqrt(variance), high: point + 1.96 * Math.sqrt(variance) }
  })
}

function drawn({ rows, weight, squares }: Group, next: () => number): number {
  if (rows >= NORMAL_FROM) return Math.max(0, weight + Math.sqrt(squares) * normal(next))
  return rows > 0 ? (weight / rows) * poisson(rows, next) : 0
}

function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** Knuth's way: fit for small means. */
function poisson(mean: number, next: () => number): number {
  const least = Math.exp(-mean)
  let [count, product] = [0, next()]
  while (product > least) {
    count++
    product *= next()
  }
  return count
}

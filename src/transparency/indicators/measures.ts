/** Shares of a whole; zeros and what is no number count as nothing. Empty where the whole is nothing. */
export function sharesOf(weights: ArrayLike<number>): number[] {
  const list = Array.from(weights, (weight) => (weight > 0 ? weight : 0))
  const sum = list.reduce((all, weight) => all + weight, 0)
  return sum > 0 ? list.map((weight) => weight / sum) : []
}

/**
 * Hill number of order 1 or 2: how many equally common kinds would be as diverse (M. O. Hill, Ecology 54, 1973).
 * Order 1 is e to the Shannon entropy, order 2 the inverse of Simpson's concentration. NaN of nothing.
 */
export function hill(weights: ArrayLike<number>, order: 1 | 2): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) sum += weights[i]!
  if (sum <= 0) return NaN
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    const share = weights[i]! / sum
    if (share > 0) total += order === 1 ? -share * Math.log(share) : share * share
  }
  return order === 1 ? Math.exp(total) : 1 / total
}

/** Evenness after Pielou: ln ¹D / ln S over the kinds that are there; 1 is even. NaN for less than two kinds. */
export function evenness(weights: ArrayLike<number>): number {
  let kinds = 0
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) kinds++
  return kinds < 2 ? NaN : Math.log(hill(weights, 1)) / Math.log(kinds)
}

/** Gini coefficient, 0 for equal weights, towards 1 where one has all. Zeros count as members. NaN of nothing. */
export function gini(weights: ArrayLike<number>): number {
  const sorted = Float64Array.from(weights, (weight) => Math.max(0, weight)).sort()
  let [sum, ranked] = [0, 0]
  for (let i = 0; i < sorted.length; i++) {
    sum += sorted[i]!
    ranked += (i + 1) * sorted[i]!
  }
  const n = sorted.length
  return sum > 0 ? (2 * ranked) / (n * sum) - (n + 1) / n : NaN
}

/** The same over people: groups of these sizes, each of which shares its weight equally. */
export function giniOver(groups: readonly { weight: number; size: number }[]): number {
  const sorted = groups.filter(({ size }) => size > 0).sort((a, b) => a.weight / a.size - b.weight / b.size)
  const people = sorted.reduce((sum, { size }) => sum + size, 0)
  const all = sorted.reduce((sum, { weight }) => sum + weight, 0)
  if (all <= 0) return NaN
  let [below, area] = [0, 0]
  for (const { weight, size } of sorted) {
    area += (size / people) * (2 * below + weight / all)
    below += weight / all
  }
  return 1 - area
}

/** Share of the largest `count` in the whole. */
export function topShare(weights: ArrayLike<number>, count: number): number {
  const sorted = Float64Array.from(weights).sort().reverse()
  let [top, sum] = [0, 0]
  for (let i = 0; i < sorted.length; i++) {
    sum += sorted[i]!
    if (i < count) top += sorted[i]!
  }
  return sum > 0 ? top / sum : NaN
}

/** Jensen–Shannon divergence in bits: 0 for equal distributions, 1 for ones that share nothing. */
export function divergence(p: ReadonlyMap<string, number>, q: ReadonlyMap<string, number>): number {
  const [sumP, sumQ] = [p, q].map((each) => [...each.values()].reduce((sum, value) => sum + value, 0)) as [
    number,
    number,
  ]
  if (sumP <= 0 || sumQ <= 0) return NaN
  let bits = 0
  for (const key of new Set([...p.keys(), ...q.keys()])) {
    const [a, b] = [(p.get(key) ?? 0) / sumP, (q.get(key) ?? 0) / sumQ]
    const middle = (a + b) / 2
    if (a > 0) bits += (a / 2) * Math.log2(a / middle)
    if (b > 0) bits += (b / 2) * Math.log2(b / middle)
  }
  return bits
}

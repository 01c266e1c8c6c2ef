import { splitCents } from '../allocation/splitCents.ts'
import { groups, heritageCriteria, type Distribution, type Group, type HeritageCriterion } from '../plans/schema.ts'

/** What became of everything that came in; the parts sum to `grossCents`. */
export interface Waterfall {
  grossCents: bigint
  reserveCents: bigint
  feeCents: bigint
  groups: Record<Group, bigint>
}

/** gross → reserve → fee, up to its cap → groups. Each division is by largest remainder. */
export function divideGross(grossCents: bigint, rules: Distribution): Waterfall {
  const reserveCents = partOf(grossCents, rules.reserve.ppm)
  const feeCents = least(partOf(grossCents, rules.fee.ppm), BigInt(rules.fee.capCents), grossCents - reserveCents)
  const rest = grossCents - reserveCents - feeCents
  const amounts = splitCents(
    rest,
    groups.map((id) => ({ id, weight: BigInt(rules.groups[id]) })),
  )
  return { grossCents, reserveCents, feeCents, groups: Object.fromEntries(amounts) as Record<Group, bigint> }
}

/** A part in millionths, rounded as a division in two by largest remainder would. */
function partOf(cents: bigint, ppm: number): bigint {
  return splitCents(cents, [
    { id: 'part', weight: BigInt(ppm) },
    { id: 'rest', weight: BigInt(1_000_000 - ppm) },
  ]).get('part')!
}

const least = (...amounts: bigint[]) => amounts.reduce((a, b) => (a < b ? a : b))

/** What a heritage institution has digitised in the period: counts of objects, and its own cost in cents. */
export interface Institution {
  id: string
  objects: bigint
  accessible: bigint
  openLicence: bigint
  ownCost: bigint
}

/**
 * The heritage part: by criterion, then by what each institution has of it. A criterion that nobody meets leaves its part
 * to the others. What a party says about AI training is no criterion. `undefined` when nobody meets any.
 */
export function divideHeritage(
  cents: bigint,
  rules: Distribution,
  institutions: readonly Institution[],
): Map<string, Record<HeritageCriterion, bigint>> | undefined {
  const met = heritageCriteria.filter((criterion) => institutions.some((each) => each[criterion] > 0n))
  const weights = met.map((id) => ({ id, weight: BigInt(rules.heritage[id]) }))
  if (weights.every(({ weight }) => weight === 0n)) return undefined
  const byCriterion = splitCents(cents, weights)
  const amounts = new Map(
    institutions.map(({ id }) => [id, { objects: 0n, accessible: 0n, openLicence: 0n, ownCost: 0n }]),
  )
  for (const criterion of met) {
    const parts = institutions.map((each) => ({ id: each.id, weight: each[criterion] }))
    for (const [id, amount] of splitCents(byCriterion.get(criterion)!, parts)) amounts.get(id)![criterion] = amount
  }
  return amounts
}

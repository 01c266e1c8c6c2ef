import { openColumn, type Range, type WeightColumn } from '../allocation/columns.ts'
import { splitCents } from '../allocation/splitCents.ts'
import { weightKinds, type Distribution, type WeightKind } from '../plans/schema.ts'
import { divideAmongShares, type HeldOfWork, type ShareColumns } from './shares.ts'

/** Works in the order of their sectors and, within a sector, of their ids: a sector is a range of places. */
export interface WorkColumns {
  count: number
  sectors: Map<string, Range>
  shares: ShareColumns
  payeeCount: number
  /**
   * Writes the weight of each work's uses, or attributions, into a column of zeros: those of one developer, or of all.
   * A use weighs what its kind of evidence weighs, in millionths. False when there is none.
   */
  fillUses(weights: BigUint64Array, measure: 'use' | 'attribution', developer?: string): Promise<boolean>
}

export interface HeldElsewhere {
  reason: 'no-works' | 'not-reported'
  /** The sector, or the developer. */
  where: string
  cents: bigint
}

export interface RightsholderResult {
  /** What the pool was divided into before anything else. */
  kinds: Record<WeightKind, bigint>
  /** Whole cents for each work. */
  works: Float64Array
  payees: Float64Array
  heldOfWorks: HeldOfWork[]
  held: HeldElsewhere[]
}

/** One pool while it is divided. */
interface Division {
  rules: Distribution['rightsholders']
  columns: WorkColumns
  column: WeightColumn
  works: Float64Array
  held: HeldElsewhere[]
}

export interface Contribution {
  developer: string
  cents: bigint
}

/**
 * The rightsholders' pool: kinds of weight → (developers) → sectors → works → shares → payees, each by largest remainder.
 * The equal part depends on registered works alone, so nobody loses any of it who says no.
 */
export async function divideRightsholders(
  poolCents: bigint,
  rules: Distribution['rightsholders'],
  columns: WorkColumns,
  contributions: readonly Contribution[],
  attributionConfidencePpm: number,
): Promise<RightsholderResult> {
  const division = {
    rules,
    columns,
    column: openColumn(columns.count),
    works: new Float64Array(columns.count),
    held: [],
  }
  const kinds = await divideKinds(division, poolCents, attributionConfidencePpm)
  const unused = await divideByUse(division, kinds.use, contributions)
  divideEqually(division, kinds.equal + unused)
  const payees = new Float64Array(columns.payeeCount)
  const heldOfWorks = divideAmongShares(division.works, columns.shares, payees)
  return { kinds, works: division.works, payees, heldOfWorks, held: division.held }
}

/** The parts of equal, use and attribution, after the unsure part of attribution has gone to its fallback. */
async function divideKinds(
  division: Division,
  cents: bigint,
  confidencePpm: number,
): Promise<Record<WeightKind, bigint>> {
  const { rules } = division
  const amounts = splitCents(
    cents,
    weightKinds.map((id) => ({ id, weight: BigInt(rules.weights[id]) })),
  )
  const kinds = Object.fromEntries(amounts) as Record<WeightKind, bigint>
  const isKnown = kinds.attribution > 0n && (await fill(division, 'attribution'))
  const sure = splitCents(kinds.attribution, [
    { id: 'attribution', weight: BigInt(isKnown ? confidencePpm : 0) },
    { id: 'fallback', weight: BigInt(1_000_000 - (isKnown ? confidencePpm : 0)) },
  ])
  kinds.attribution = sure.get('attribution')!
  kinds[rules.fallback] += sure.get('fallback')!
  if (kinds.attribution > 0n) divideByWeights(division, kinds.attribution)
  return kinds
}

async function fill(
  { column, columns }: Division,
  measure: 'use' | 'attribution',
  developer?: string,
): Promise<boolean> {
  column.weights.fill(0n)
  return columns.fillUses(column.weights, measure, developer)
}

/** What follows uses. Returns what no use is known for, which is divided equally. */
async function divideByUse(division: Division, cents: bigint, contributions: readonly Contribution[]): Promise<bigint> {
  if (cents === 0n) return 0n
  if (!division.rules.perDeveloper || contributions.every((each) => each.cents === 0n)) {
    if (!(await fill(division, 'use'))) return cents
    divideByWeights(division, cents)
    return 0n
  }
  const parts = splitCents(
    cents,
    contributions.map(({ developer, cents: weight }) => ({ id: developer, weight })),
  )
  let unused = 0n
  for (const [developer, part] of parts) unused += await divideOfDeveloper(division, developer, part)
  return unused
}

/** One developer's money by that developer's uses, or as the plan presumes. Returns what is divided equally. */
async function divideOfDeveloper(division: Division, developer: string, cents: bigint): Promise<bigint> {
  const { presumption } = division.rules
  if (cents === 0n) return 0n
  const isReported =
    (await fill(division, 'use', developer)) || (presumption === 'as-reported' && (await fill(division, 'use')))
  if (isReported) divideByWeights(division, cents)
  else if (presumption === 'none') division.held.push({ reason: 'not-reported', where: developer, cents })
  else return cents
  return 0n
}

/** By the weights in the column: sectors first, by their fixed parts or by what they weigh, then works. */
function divideByWeights(division: Division, cents: bigint): void {
  const { column, columns } = division
  const weights = new Map(Array.from(columns.sectors, ([sector, range]) => [sector, column.total(range)]))
  for (const [sector, amount] of divideSectors(division, cents, weights)) {
    const range = columns.sectors.get(sector)
    if (!range || range.to === range.from) hold(division, sector, amount)
    else if (weights.get(sector)! === 0n) addEqually(division, range, amount)
    else add(division.works, range, column.split(amount, range))
  }
}

/** The same to each registered work. */
function divideEqually(division: Division, cents: bigint): void {
  if (cents === 0n) return
  const { columns } = division
  const counts = new Map(Array.from(columns.sectors, ([sector, { from, to }]) => [sector, BigInt(to - from)]))
  for (const [sector, amount] of divideSectors(division, cents, counts)) {
    const range = columns.sectors.get(sector)
    if (!range || range.to === range.from) hold(division, sector, amount)
    else addEqually(division, range, amount)
  }
}

function divideSectors({ rules, held }: Division, cents: bigint, weights: Map<string, bigint>): Map<string, bigint> {
  const fixed = rules.sectors && new Map(Object.entries(rules.sectors).map(([name, ppm]) => [name, BigInt(ppm)]))
  const parts = Array.from(fixed ?? weights, ([id, weight]) => ({ id, weight }))
  if (parts.some(({ weight }) => weight > 0n)) return splitCents(cents, parts)
  held.push({ reason: 'no-works', where: '', cents })
  return new Map()
}

/** Equal weights: the same to each, and a cent more to the first ones until all is given. */
function addEqually({ works }: Division, { from, to }: Range, cents: bigint): void {
  const count = BigInt(to - from)
  const each = Number(cents / count)
  const more = Number(cents % count)
  for (let i = from; i < to; i++) works[i]! += each + (i - from < more ? 1 : 0)
}

function add(works: Float64Array, { from }: Range, amounts: Float64Array): void {
  for (let i = 0; i < amounts.length; i++) works[from + i]! += amounts[i]!
}

function hold({ held }: Division, sector: string, cents: bigint): void {
  if (cents > 0n) held.push({ reason: 'no-works', where: sector, cents })
}

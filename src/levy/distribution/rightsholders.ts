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
 * In a plan per developer what follows uses and attribution is divided for each developer by itself. The equal part depends
 * on registered works alone, so nobody loses any of it who says no.
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
  const kinds = Object.fromEntries(
    splitCents(
      poolCents,
      weightKinds.map((id) => ({ id, weight: BigInt(rules.weights[id]) })),
    ),
  ) as Record<WeightKind, bigint>
  const uses = new Map(partsOfDevelopers(rules, kinds.use, contributions))
  for (const [developer, part] of partsOfDevelopers(rules, kinds.attribution, contributions)) {
    const unsure = await divideByAttribution(division, developer, part, attributionConfidencePpm)
    kinds.attribution -= unsure
    kinds[rules.fallback] += unsure
    if (rules.fallback === 'use') uses.set(developer, uses.get(developer)! + unsure)
  }
  let unused = 0n
  for (const [developer, part] of uses) unused += await divideByUse(division, developer, part)
  divideEqually(division, kinds.equal + unused)
  const payees = new Float64Array(columns.payeeCount)
  const heldOfWorks = divideAmongShares(division.works, columns.shares, payees)
  return { kinds, works: division.works, payees, heldOfWorks, held: division.held }
}

/** Each developer's part of a pool where the plan divides these apart, otherwise the pool, of nobody by name. */
function partsOfDevelopers(
  { perDeveloper }: Distribution['rightsholders'],
  cents: bigint,
  contributions: readonly Contribution[],
): Iterable<[string | undefined, bigint]> {
  if (!perDeveloper || contributions.every((each) => each.cents === 0n)) return [[undefined, cents]]
  return splitCents(
    cents,
    contributions.map(({ developer, cents: weight }) => ({ id: developer, weight })),
  )
}

/** By attribution, as far as it is sure. Returns what goes to the fallback. */
async function divideByAttribution(
  division: Division,
  developer: string | undefined,
  cents: bigint,
  confidencePpm: number,
): Promise<bigint> {
  if (cents === 0n || !(await fillKnown(division, 'attribution', developer))) return cents
  const sure = splitCents(cents, [
    { id: 'attribution', weight: BigInt(confidencePpm) },
    { id: 'fallback', weight: BigInt(1_000_000 - confidencePpm) },
  ])
  if (sure.get('attribution')! > 0n) divideByWeights(division, sure.get('attribution')!)
  return sure.get('fallback')!
}

/** Fills the column with what is known of a developer, or with what is of all where the plan presumes that. */
async function fillKnown(
  division: Division,
  measure: 'use' | 'attribution',
  developer: string | undefined,
): Promise<boolean> {
  if (await fill(division, measure, developer)) return true
  return developer !== undefined && division.rules.presumption === 'as-reported' && fill(division, measure)
}

async function fill(
  { column, columns }: Division,
  measure: 'use' | 'attribution',
  developer?: string,
): Promise<boolean> {
  column.weights.fill(0n)
  return columns.fillUses(column.weights, measure, developer)
}

/** What follows uses, of one developer or of all. Returns what no use is known for, which is divided equally. */
async function divideByUse(division: Division, developer: string | undefined, cents: bigint): Promise<bigint> {
  if (cents === 0n) return 0n
  if (await fillKnown(division, 'use', developer)) divideByWeights(division, cents)
  else if (developer !== undefined && division.rules.presumption === 'none')
    division.held.push({ reason: 'not-reported', where: developer, cents })
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

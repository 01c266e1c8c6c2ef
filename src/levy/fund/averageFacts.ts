import { assess } from '../assessment/assess.ts'
import { sumFigure, type LevyFacts } from '../assessment/facts.ts'
import type { LevyPlan } from '../plans/schema.ts'
import type { IssuedAssessment } from './assessments.ts'

/** So many developers at least stand behind every figure that is computed for the public. */
export const DEVELOPERS_MIN = 3

type FigureName = LevyFacts['figures'][number]['name']

/** What counts of one developer, with years counted back from the one that was assessed. */
interface Reading {
  /** Only developers that are alike in this stand in one group. */
  kind: string
  figures: Map<string, bigint>
  flop: bigint | undefined
  licences: bigint
  facts: LevyFacts
}

export interface AveragedFacts {
  facts: LevyFacts[]
  /** Developers whose figures are in the averages, and those who are too few of their kind or in another currency. */
  developers: number
  leftOut: number
}

/**
 * Facts from the latest assessment of each developer, in groups of three or more that all have the average of their group
 * (microaggregation): sums stay what they are, and no choice of thresholds or rates brings out the figures of one.
 * `issued` is latest first; `currency` is that of the plans; `year` is the year that they are taken for.
 */
export function averageFacts(issued: readonly IssuedAssessment[], currency: string, year: number): AveragedFacts {
  const latest = new Map<string, IssuedAssessment>()
  for (const each of issued) if (!latest.has(each.assessment.provider)) latest.set(each.assessment.provider, each)
  const readings = [...latest.values()]
    .filter(({ assessment }) => assessment.currency === currency)
    .flatMap(({ facts }) => readOne(facts, currency))
  const grouped = [...Map.groupBy(readings, ({ kind }) => kind).values()].flatMap(inGroups)
  const facts = grouped.flatMap((group, i) => averageOf(group, `did:example:group-${i + 1}`, currency, year))
  return { facts, developers: facts.length, leftOut: latest.size - facts.length }
}

function readOne(facts: LevyFacts, currency: string): Reading[] {
  const own = Number(facts.period.from.slice(0, 4))
  const figures = new Map<string, bigint>()
  try {
    for (const { name, year } of facts.figures)
      figures.set(`${name} ${own - year}`, sumFigure(facts, name, year, currency).amount)
  } catch {
    // A figure without an exchange rate cannot be added to others.
    return []
  }
  const flop = facts.models.reduce<bigint | undefined>(
    (most, model) => (most === undefined || BigInt(model.flop) > most ? BigInt(model.flop) : most),
    undefined,
  )
  const verified = (each: { isVerified: boolean }) => each.isVerified
  const licences = facts.licences.filter(verified).reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const exempt = facts.exemptions.filter(verified).map(({ kind }) => kind)
  const kind = JSON.stringify([facts.isCommercial, facts.isOnEuMarket, exempt.sort()])
  return [{ kind, figures, flop, licences, facts }]
}

/** By size, in threes; the last group takes who is left. Nobody when there are fewer than three. */
function inGroups(alike: Reading[]): Reading[][] {
  const sizeOf = ({ figures, flop }: Reading) => figures.get('euRevenue 0') ?? flop ?? 0n
  const sorted = alike.toSorted((a, b) => Number(sizeOf(a) > sizeOf(b)) - Number(sizeOf(a) < sizeOf(b)))
  const count = Math.floor(sorted.length / DEVELOPERS_MIN)
  return Array.from({ length: count }, (_, i) =>
    sorted.slice(i * DEVELOPERS_MIN, i === count - 1 ? undefined : (i + 1) * DEVELOPERS_MIN),
  )
}

/** Each member of a group with its average; what not all of them say is left out. */
function averageOf(group: Reading[], id: string, currency: string, year: number): LevyFacts[] {
  const count = BigInt(group.length)
  const mean = (amounts: bigint[]) => String(amounts.reduce((sum, amount) => sum + amount, 0n) / count)
  const [first] = group as [Reading, ...Reading[]]
  const shared = [...first.figures.keys()].filter((key) => group.every(({ figures }) => figures.has(key)))
  const figures = shared.map((key) => {
    const [name, back] = key.split(' ') as [FigureName, string]
    const amount = mean(group.map((each) => each.figures.get(key)!))
    return { name, year: year - Number(back), amount, currency, level: 'estimated' as const }
  })
  const flops = group.flatMap(({ flop }) => (flop === undefined ? [] : [flop]))
  const parts = group.flatMap(({ facts }) => (facts.euSharePpm === undefined ? [] : [facts.euSharePpm]))
  const licences = mean(group.map((each) => each.licences))
  return group.map((_, i) => ({
    type: 'LevyFacts',
    provider: `${id}-${i + 1}`,
    name: id,
    address: [],
    group: [],
    period: { from: `${year}-01-01`, to: `${year}-12-31` },
    isCommercial: first.facts.isCommercial,
    isOnEuMarket: first.facts.isOnEuMarket,
    models: flops.length === group.length ? [{ name: id, flop: mean(flops), level: 'estimated' as const }] : [],
    figures,
    ...(parts.length === group.length
      ? { euSharePpm: Math.round(parts.reduce((sum, part) => sum + part, 0) / group.length) }
      : {}),
    licences: licences === '0' ? [] : [{ licensor: id, amount: licences, isVerified: true }],
    exemptions: first.facts.exemptions.filter(({ isVerified }) => isVerified),
  }))
}

/** The facts that every one of the plans can be computed from: the others lack what a plan measures. */
export function usableFacts(plans: readonly LevyPlan[], facts: readonly LevyFacts[]): LevyFacts[] {
  return facts.filter((each) =>
    plans.every((plan) => {
      try {
        assess(plan, each, each.period.to)
        return true
      } catch {
        return false
      }
    }),
  )
}

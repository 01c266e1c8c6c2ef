import { ColophonError, canonicalJson, sha256Hex } from '../../foundation/index.ts'
import { planDigest } from '../plans/readPlan.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { readBase, roundedQuotient, sumFigure, type FactLevel, type LevyFacts } from './facts.ts'

/** One line of the computation, which anybody can follow and compute again. */
export interface AssessmentLine {
  step:
    'scope' | 'exemption' | 'component' | 'combination' | 'surcharge' | 'proration' | 'offset' | 'floor' | 'cap' | 'due'
  /** In plain words, with every number that went in. */
  text: string
  /** What stands after this line. */
  cents: bigint
  /** Where the rate comes from. */
  legalBasis?: string
  status?: string
  /** How the base is known. */
  level?: FactLevel
}

export interface Assessment {
  provider: string
  name: string
  scheme: string
  version: number
  planDigest: string
  factsDigest: string
  period: LevyFacts['period']
  currency: string
  isInScope: boolean
  /** A figure in it is an estimate: it is put right later. */
  isEstimated: boolean
  lines: AssessmentLine[]
  dueCents: bigint
  /** What an assessment that this one corrects has asked for. */
  alreadyCents: bigint
  /** What is still to be asked for, in time. */
  instalments: { dueOn: string; cents: bigint }[]
}

/**
 * What a developer owes for a period under a plan, with every step. Money is rounded to the cent, half up, once in each
 * line that says so. `lastDay` is the last day on which the plan is in force where a later version ends it. Errors: `invalid_input` when a figure is missing, or the plan is not in force in the period.
 */
export function assess(
  plan: LevyPlan,
  facts: LevyFacts,
  notifiedOn: string,
  more: { lastDay?: string | undefined; alreadyCents?: bigint } = {},
): Assessment {
  const lines: AssessmentLine[] = []
  const days = daysInForce(plan, facts, more.lastDay)
  const isInScope = checkScope(plan, facts, lines) && !checkExemptions(plan, facts, lines)
  if (isInScope) computeDue(plan, facts, days, lines)
  const dueCents = isInScope ? lines.at(-1)!.cents : 0n
  if (dueCents > CENTS_MAX)
    throw new ColophonError('invalid_input', `${dueCents} cents are more than one assessment can hold`, {
      where: 'figures',
    })
  lines.push({ step: 'due', text: isInScope ? 'This is due' : 'Nothing is due', cents: dueCents })
  const { alreadyCents = 0n } = more
  const openCents = dueCents > alreadyCents ? dueCents - alreadyCents : 0n
  return {
    provider: facts.provider,
    name: facts.name,
    scheme: plan.scheme,
    version: plan.version,
    planDigest: planDigest(plan),
    factsDigest: sha256Hex(new TextEncoder().encode(canonicalJson(facts))),
    period: facts.period,
    currency: plan.currency,
    isInScope,
    isEstimated: lines.some(({ level }) => level === 'estimated'),
    lines,
    dueCents,
    alreadyCents,
    instalments: divideInTime(plan, openCents, notifiedOn),
  }
}

interface Days {
  counted: bigint
  whole: bigint
}

const CENTS_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The days of the period on which the plan is in force and models are on the market, of the days of the year that its
 * figures are of: half a year owes half of what the year owes.
 */
function daysInForce(plan: LevyPlan, { period, onMarket }: LevyFacts, lastDay = period.to): Days {
  const from = [period.from, plan.validFrom, onMarket?.from ?? period.from].sort().at(-1)!
  const to = [period.to, lastDay, plan.validUntil ?? period.to, onMarket?.to ?? period.to].sort()[0]!
  const counted = from > to ? 0n : daysBetween(from, to) + 1n
  if (counted === 0n)
    throw new ColophonError(
      'invalid_input',
      `${plan.scheme} version ${plan.version} is not in force between ${period.from} and ${period.to}`,
      {
        where: 'period',
        remedy: 'Take the version that is in force then.',
      },
    )
  const year = Number(period.from.slice(0, 4))
  const ofYear = daysBetween(`${year}-01-01`, `${year + 1}-01-01`)
  const ofPeriod = daysBetween(period.from, period.to) + 1n
  return { counted, whole: ofPeriod > ofYear ? ofPeriod : ofYear }
}

const DAY_MS = 86_400_000
const daysBetween = (from: string, to: string) => BigInt((Date.parse(to) - Date.parse(from)) / DAY_MS)

function checkScope({ scope, currency }: LevyPlan, facts: LevyFacts, lines: AssessmentLine[]): boolean {
  const year = Number(facts.period.from.slice(0, 4))
  const say = (isMet: boolean, text: string, more: Partial<AssessmentLine> = {}) => {
    lines.push({ step: 'scope', text: `${text}: ${isMet ? 'in scope' : 'out of scope'}`, cents: 0n, ...more })
    return isMet
  }
  const reaches = (
    name: string,
    threshold: { atLeast: string; legalBasis: string; status: string },
    known: ReturnType<typeof readBase>,
  ) => {
    const { legalBasis, status } = threshold
    const isMet = known.amount >= BigInt(threshold.atLeast)
    return say(isMet, `${name} ${known.amount}, threshold ${threshold.atLeast}`, {
      legalBasis,
      status,
      level: known.level,
    })
  }
  const met = [
    !scope.commercialOnly || say(facts.isCommercial, 'Commercial'),
    !scope.euMarketOnly || say(facts.isOnEuMarket, 'On the EU market'),
    !scope.flop || reaches('FLOP', scope.flop, readBase(facts, 'flop', year, currency)),
    !scope.euRevenueCents ||
      reaches('EU revenue in cents', scope.euRevenueCents, readBase(facts, 'euRevenue', year, currency)),
    !scope.users || reaches('Users', scope.users, sumFigure(facts, 'users', year, currency)),
  ]
  return met.every(Boolean)
}

function checkExemptions(plan: LevyPlan, facts: LevyFacts, lines: AssessmentLine[]): boolean {
  const exempt = plan.exemptions.flatMap((each) => {
    const claimed = facts.exemptions.find(({ kind }) => kind === each.kind)
    if (!claimed) return []
    const text = `Exempt as ${each.kind}: ${claimed.isVerified ? 'verified' : 'claimed, not verified, so it does not count'}`
    lines.push({ step: 'exemption', text, cents: 0n, legalBasis: each.legalBasis, status: each.status })
    return claimed.isVerified ? [each] : []
  })
  return exempt.length > 0
}

/** The formula of the plan, line by line; each leaves in `cents` what stands after it. */
function computeDue(plan: LevyPlan, facts: LevyFacts, days: Days, lines: AssessmentLine[]): void {
  const year = Number(facts.period.from.slice(0, 4))
  const parts = plan.components.map((component) => computeComponent(plan, component, facts, year, lines))
  let full = combine(plan.combination, parts)
  if (parts.length > 1)
    lines.push({
      step: 'combination',
      text: `${combinationWords[plan.combination]} of ${parts.join(', ')}`,
      cents: full,
    })
  full += surcharge(plan, facts, year, full, lines)
  let due = full
  if (plan.proration === 'days' && days.counted < days.whole) {
    due = roundedQuotient(full * days.counted, days.whole)
    lines.push({ step: 'proration', text: `${full} × ${days.counted} of ${days.whole} days`, cents: due })
  }
  due -= offset(plan, facts, full, due, lines)
  if (plan.floor && due < BigInt(plan.floor.cents)) {
    due = BigInt(plan.floor.cents)
    lines.push({ step: 'floor', text: `The least that is due: ${due}`, cents: due, ...sourceOf(plan.floor) })
  }
  if (plan.cap && due > BigInt(plan.cap.cents)) {
    due = BigInt(plan.cap.cents)
    lines.push({ step: 'cap', text: `The most that is due: ${due}`, cents: due, ...sourceOf(plan.cap) })
  }
}

const sourceOf = ({ legalBasis, status }: { legalBasis: string; status: string }) => ({ legalBasis, status })
const combinationWords = { sum: 'Sum', max: 'Largest', min: 'Smallest' }

function combine(how: LevyPlan['combination'], parts: bigint[]): bigint {
  if (how === 'sum') return parts.reduce((sum, part) => sum + part, 0n)
  return parts.reduce((best, part) => ((how === 'max' ? part > best : part < best) ? part : best))
}

function computeComponent(
  plan: LevyPlan,
  component: LevyPlan['components'][number],
  facts: LevyFacts,
  year: number,
  lines: AssessmentLine[],
): bigint {
  const known = readBase(facts, component.base, year - component.lagYears, plan.currency)
  const charged = chargedBands(component, known.amount)
  const per = BigInt(component.per)
  const cents = roundedQuotient(
    charged.reduce((sum, { amount, rate }) => sum + amount * rate, 0n),
    per,
  )
  const sum = charged.map(({ amount, rate }) => `${amount} × ${rate}`).join(' + ') || '0'
  const source = charged.at(-1)?.band ?? component.bands[0]!
  lines.push({
    step: 'component',
    text: `${component.id}: ${known.from} is ${known.amount}; (${sum}) ÷ ${per}`,
    cents,
    level: known.level,
    ...sourceOf(source),
  })
  return cents
}

/** What lies in each band that is reached, with its rate; with slabs everything lies in the last one. */
function chargedBands({ bands, mode }: LevyPlan['components'][number], base: bigint) {
  const reached = bands.filter(({ from }) => BigInt(from) < base)
  if (mode === 'slab') return reached.slice(-1).map((band) => ({ amount: base, rate: BigInt(band.rate), band }))
  return reached.map((band, i) => {
    const next = reached[i + 1]
    return { amount: (next ? BigInt(next.from) : base) - BigInt(band.from), rate: BigInt(band.rate), band }
  })
}

function surcharge(plan: LevyPlan, facts: LevyFacts, year: number, full: bigint, lines: AssessmentLine[]): bigint {
  if (!plan.surcharge || plan.surcharge.ppm === 0) return 0n
  const revenue = readBase(facts, 'euRevenue', year, plan.currency)
  const invested = sumFigure(facts, 'directInvestment', year, plan.currency)
  const { ppm, investmentBelowPpm } = plan.surcharge
  const isBelow = invested.amount * 1_000_000n < revenue.amount * BigInt(investmentBelowPpm)
  const added = isBelow ? roundedQuotient(revenue.amount * BigInt(ppm), 1_000_000n) : 0n
  const compared = `${invested.amount} invested of ${revenue.amount}, ${isBelow ? 'less' : 'not less'} than ${investmentBelowPpm} millionths`
  lines.push({
    step: 'surcharge',
    text: isBelow ? `${compared}: ${revenue.amount} × ${ppm} ÷ 1000000 is added` : `${compared}: nothing is added`,
    cents: full + added,
    level: invested.level,
    ...sourceOf(plan.surcharge),
  })
  return added
}

/** min(κ · verified licences, cap · contribution), and never more than what is due. */
function offset(
  { offset: rule }: LevyPlan,
  facts: LevyFacts,
  full: bigint,
  due: bigint,
  lines: AssessmentLine[],
): bigint {
  if (!rule) return 0n
  const verified = facts.licences.filter(({ isVerified }) => isVerified)
  const paid = verified.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const credit = roundedQuotient(paid * BigInt(rule.creditPpm), 1_000_000n)
  const most = roundedQuotient(full * BigInt(rule.capPpm), 1_000_000n)
  const taken = [credit, most, due].reduce((least, each) => (each < least ? each : least))
  lines.push({
    step: 'offset',
    text: `${verified.length} of ${facts.licences.length} direct licences are verified, ${paid} together; ${rule.creditPpm} millionths of them count, ${credit}, up to ${rule.capPpm} millionths of ${full}, ${most}: less ${taken}`,
    cents: due - taken,
    ...sourceOf(rule),
  })
  return taken
}

/** Instalments sum to what is due: all but the last are rounded down. */
function divideInTime({ instalments }: LevyPlan, due: bigint, notifiedOn: string): Assessment['instalments'] {
  let rest = due
  return instalments.map(({ afterDays, ppm }, i) => {
    const cents = i === instalments.length - 1 ? rest : (due * BigInt(ppm)) / 1_000_000n
    rest -= cents
    return { dueOn: new Date(Date.parse(notifiedOn) + afterDays * DAY_MS).toISOString().slice(0, 10), cents }
  })
}

import { PPM, groups, heritageCriteria, usageEvidence, weightKinds, type LevyPlan } from './schema.ts'

export interface PlanFinding {
  code: string
  severity: 'error' | 'warning'
  where: string
  message: string
}

/** What the schema cannot see of a plan; nothing that is an error may be put in force. `others` are plans of the same scheme. */
export function lintPlan(plan: LevyPlan, others: readonly LevyPlan[] = []): PlanFinding[] {
  return [...lintTimes(plan, others), ...lintContribution(plan), ...lintDistribution(plan), ...lintSense(plan)]
}

const error = (code: string, where: string, message: string): PlanFinding => ({
  code,
  severity: 'error',
  where,
  message,
})
const warning = (code: string, where: string, message: string): PlanFinding => ({
  code,
  severity: 'warning',
  where,
  message,
})

function lintTimes(plan: LevyPlan, others: readonly LevyPlan[]): PlanFinding[] {
  const found: PlanFinding[] = []
  if (plan.validUntil !== undefined && plan.validUntil < plan.validFrom)
    found.push(error('ends-before-it-begins', 'validUntil', `${plan.validUntil} is before ${plan.validFrom}`))
  for (const other of others) {
    if (other.scheme !== plan.scheme) continue
    if (other.version === plan.version)
      found.push(error('version-taken', 'version', `version ${other.version} of ${plan.scheme} is there already`))
    else if (inForceTogether(plan, other))
      found.push(
        error(
          'two-in-force',
          'validFrom',
          `version ${other.version} is in force at the same time, from ${other.validFrom} to ${other.validUntil ?? 'no end'}`,
        ),
      )
  }
  return found
}

/** A later version that begins later takes the place of one without an end. */
function inForceTogether(a: LevyPlan, b: LevyPlan): boolean {
  const [earlier, later] = a.version < b.version ? [a, b] : [b, a]
  if (earlier.validUntil === undefined) return later.validFrom <= earlier.validFrom
  return later.validFrom <= earlier.validUntil && earlier.validFrom <= (later.validUntil ?? '9999-12-31')
}

function lintContribution(plan: LevyPlan): PlanFinding[] {
  const found: PlanFinding[] = []
  const ids = new Set<string>()
  plan.components.forEach((component, i) => {
    const where = `components.${i}`
    if (ids.has(component.id)) found.push(error('component-twice', where, `two components are called ${component.id}`))
    ids.add(component.id)
    if (component.per === '0') found.push(error('per-zero', `${where}.per`, 'a rate for every 0 units says nothing'))
    if (component.bands[0]!.from !== '0')
      found.push(
        warning('band-gap', `${where}.bands.0`, `nothing is due on what lies below ${component.bands[0]!.from}`),
      )
    component.bands.slice(1).forEach((band, j) => {
      if (BigInt(band.from) <= BigInt(component.bands[j]!.from))
        found.push(
          error(
            'bands-not-ascending',
            `${where}.bands.${j + 1}`,
            `the band from ${band.from} comes after the one from ${component.bands[j]!.from}`,
          ),
        )
    })
    if (component.mode === 'slab' && component.bands.length > 1)
      found.push(warning('slab-steps', where, 'with slabs one more unit can cost more than it brings in'))
  })
  sumTo(
    found,
    'instalments',
    plan.instalments.map(({ ppm }) => ppm),
    'instalments',
  )
  if (plan.floor && plan.cap && plan.floor.cents > plan.cap.cents)
    found.push(error('floor-above-cap', 'floor', 'the least that is due is more than the most'))
  if (plan.surcharge && !plan.components.some(({ base }) => base === 'euRevenue'))
    found.push(warning('surcharge-base', 'surcharge', 'no component is measured by EU revenue, yet the surcharge is'))
  return found
}

function lintDistribution({ distribution, currency }: LevyPlan): PlanFinding[] {
  const found: PlanFinding[] = []
  const { rightsholders, heritage } = distribution
  sumTo(
    found,
    'distribution.groups',
    groups.map((name) => distribution.groups[name]),
    'groups',
  )
  if (distribution.groups.heritage > 0)
    sumTo(
      found,
      'distribution.heritage',
      heritageCriteria.map((name) => heritage[name]),
      'criteria',
    )
  if (distribution.groups.rightsholders > 0) {
    sumTo(
      found,
      'distribution.rightsholders.weights',
      weightKinds.map((name) => rightsholders.weights[name]),
      'weights',
    )
    if (rightsholders.sectors)
      sumTo(found, 'distribution.rightsholders.sectors', Object.values(rightsholders.sectors), 'sectors')
    if (usageEvidence.every((name) => rightsholders.evidence[name] === 0))
      found.push(error('no-use-counts', 'distribution.rightsholders.evidence', 'no kind of evidence counts'))
    if (rightsholders.evidence.presumed > rightsholders.evidence.reported)
      found.push(
        warning(
          'presumed-above-reported',
          'distribution.rightsholders.evidence',
          'whoever reports nothing weighs more than who does',
        ),
      )
  }
  if (distribution.reserve.ppm === 1_000_000)
    found.push(error('all-reserved', 'distribution.reserve', 'nothing is left'))
  if (distribution.fee.ppm > 150_000)
    found.push(warning('high-fee', 'distribution.fee', `administration may take ${distribution.fee.ppm / 10_000} %`))
  if (currency !== 'EUR') found.push(warning('not-euro', 'currency', 'payment files are written in euro alone'))
  const countries = distribution.withholding.map(({ country }) => country)
  if (new Set(countries).size < countries.length)
    found.push(error('tax-twice', 'distribution.withholding', 'a country has two rates of tax'))
  return found
}

function lintSense(plan: LevyPlan): PlanFinding[] {
  const found: PlanFinding[] = []
  if (!plan.scope.flop && !plan.scope.euRevenueCents && !plan.scope.users)
    found.push(warning('no-threshold', 'scope', 'every developer is in scope, whatever its size'))
  if (plan.components.every(({ bands }) => bands.every(({ rate }) => rate === '0')))
    found.push(error('nothing-due', 'components', 'no rate is above zero'))
  const assumed = countStatus(plan, 'assumed')
  if (assumed > 0) found.push(warning('assumed-rates', '', `${assumed} figures are assumed: no source says them`))
  return found
}

function countStatus(value: unknown, status: string): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + countStatus(each, status), 0)
  if (typeof value !== 'object' || value === null) return 0
  const own = (value as { status?: unknown }).status === status ? 1 : 0
  return own + countStatus(Object.values(value), status)
}

function sumTo(found: PlanFinding[], where: string, parts: readonly number[], what: string): void {
  const sum = parts.reduce((total, part) => total + part, 0)
  if (BigInt(sum) !== PPM) found.push(error('does-not-sum', where, `the ${what} sum to ${sum}, not to ${PPM}`))
}

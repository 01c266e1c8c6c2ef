import { listPresets, lintPlan, type LevyPlan, type RecordedPlan } from '../../levy/index.ts'
import { needPreset, type Fund } from '../../api/index.ts'
import { t } from '../text.ts'

export const THRESHOLDS = ['flop', 'revenue', 'users'] as const
export const GROUPS = ['heritage', 'creatorSupport', 'rightsholders', 'social'] as const
export const FIELDS = ['first', 'second', ...THRESHOLDS, 'rate', ...GROUPS] as const
export type Field = (typeof FIELDS)[number]

/** What was written into the form, word for word. */
export type Written = Record<Field, string>

export interface FormError {
  field: Field
  text: string
}

/** What can be chosen: its name in the address, a title, and whose it is. */
export interface PlanChoice {
  key: string
  title: string
  plan: LevyPlan
  group: 'fund' | 'presets' | 'others'
}

const WRITTEN_CHARACTERS_MAX = 100

export function readWritten(query: Record<string, string | undefined>): Written {
  return Object.fromEntries(
    FIELDS.map((field) => [field, (query[field] ?? '').trim().slice(0, WRITTEN_CHARACTERS_MAX)]),
  ) as Written
}

const OWN_MAX = 30

/** Plans of the fund by their statements, the examples, and plans of others, which anybody may have named like these. */
export function planChoices({ plans, others }: Pick<Fund, 'plans' | 'others'>): PlanChoice[] {
  const recorded = (group: 'fund' | 'others', each: RecordedPlan): PlanChoice => {
    const { name, scheme, version, currency } = each.plan
    return { key: each.id, title: `${name} (${scheme}/${version}, ${currency})`, plan: each.plan, group }
  }
  return [
    ...plans.slice(0, OWN_MAX).map((each) => recorded('fund', each)),
    ...listPresets().map((name): PlanChoice => {
      const plan = needPreset(name)
      return { key: `preset:${name}`, title: `${plan.name} (${name}, ${plan.currency})`, plan, group: 'presets' }
    }),
    ...others.map((each) => recorded('others', each)),
  ]
}

/** The two plans, the second with what was changed in it; or everything that is wrong, each at its field. */
export function readPlans(
  written: Written,
  choices: readonly PlanChoice[],
): { plans: [LevyPlan, LevyPlan]; errors: [] } | { plans: undefined; errors: FormError[] } {
  const errors: FormError[] = []
  const wrong = (field: Field, why: string, values: Record<string, string | number> = {}) =>
    errors.push({ field, text: t('fundPage.sim.wrong', { why, digits: 0, sum: 0, ...values }) })
  const [first, second] = (['first', 'second'] as const).map((field) => {
    const found = choices.find(({ key }) => key === written[field])
    if (!found) wrong(field, 'plan')
    return found?.plan
  })
  const changed = changePlan(second, written, wrong)
  if (first && second && first.currency !== second.currency) wrong('second', 'currency')
  // A plan that is recorded, or comes with the software, holds together; one that was changed need not.
  if (isChanged(written) && errors.length === 0 && lintPlan(changed!).some(({ severity }) => severity === 'error'))
    wrong('second', 'other')
  return first && changed && errors.length === 0
    ? { plans: [first, changed], errors: [] }
    : { plans: undefined, errors }
}

/** Whether anything is to be changed in the second plan. */
export const isChanged = (written: Written): boolean => FIELDS.slice(2).some((field) => written[field] !== '')

type Wrong = (field: Field, why: string, values?: Record<string, string | number>) => void

function changePlan(plan: LevyPlan | undefined, written: Written, wrong: Wrong): LevyPlan | undefined {
  const scope = changeScope(plan, written, wrong)
  const components = changeRate(plan, written, wrong)
  const groups = changeGroups(plan, written, wrong)
  return plan && ({ ...plan, scope, components, distribution: { ...plan.distribution, groups } } as LevyPlan)
}

const ASSUMED = { legalBasis: '–', status: 'assumed' } as const
const DIGITS_MAX = { flop: 30, revenue: 15, users: 12 } as const

function changeScope(plan: LevyPlan | undefined, written: Written, wrong: Wrong): Partial<LevyPlan['scope']> {
  const scope: Partial<LevyPlan['scope']> = { ...plan?.scope }
  for (const field of THRESHOLDS) {
    if (written[field] === '') continue
    const digits = wholeNumber(written[field], DIGITS_MAX[field])
    if (digits === undefined) wrong(field, 'number', { digits: DIGITS_MAX[field] })
    else if (field === 'revenue') scope.euRevenueCents = { ...ASSUMED, atLeast: String(BigInt(digits) * 100n) }
    else scope[field] = { ...ASSUMED, atLeast: digits }
  }
  return scope
}

/** `1000000`, with spaces between thousands, or `1.5e25`: digits. */
function wholeNumber(text: string, digitsMax: number): string | undefined {
  const plain = text.replaceAll(/[\s_]/g, '')
  const power = /^(\d{1,6})(?:[.,](\d{1,6}))?[eE]\+?(\d{1,2})$/.exec(plain)
  const [, whole = '', fraction = '', zeros = ''] = power ?? []
  if (power && fraction.length > Number(zeros)) return undefined
  const digits = power ? whole + fraction.padEnd(Number(zeros), '0') : plain
  return /^\d+$/.test(digits) && digits.length <= digitsMax ? String(BigInt(digits)) : undefined
}

const MONEY = new Set(['euRevenue', 'globalRevenueEuShare', 'netIncome'])

/** The rate of the first band of the first component: per cent of money, otherwise an amount for its units. */
function changeRate(plan: LevyPlan | undefined, written: Written, wrong: Wrong): LevyPlan['components'] | undefined {
  if (written.rate === '') return plan?.components
  const tenThousandths = decimal(written.rate)
  if (tenThousandths === undefined) {
    wrong('rate', 'rate')
    return plan?.components
  }
  if (!plan) return undefined
  const [first, ...rest] = plan.components as [LevyPlan['components'][number], ...LevyPlan['components']]
  const isMoney = MONEY.has(first.base)
  // Per cent of so many units is a hundredth of them; an amount is a hundred cents. Both have four decimals.
  const product = isMoney ? tenThousandths * BigInt(first.per) : tenThousandths * 100n
  const divisor = isMoney ? 1_000_000n : 10_000n
  if ((isMoney && tenThousandths > 1_000_000n) || product % divisor !== 0n) {
    wrong('rate', isMoney && tenThousandths > 1_000_000n ? 'percent' : 'rate')
    return plan.components
  }
  const [band, ...bands] = first.bands as [(typeof first.bands)[number], ...typeof first.bands]
  const changed = { ...band, ...ASSUMED, rate: String(product / divisor) }
  return [{ ...first, bands: [changed, ...bands] }, ...rest]
}

/** A number of at most nine digits before the point and four behind it, in ten-thousandths. */
function decimal(text: string): bigint | undefined {
  const match = /^(\d{1,9})(?:[.,](\d{1,4}))?$/.exec(text)
  return match ? BigInt(match[1]! + (match[2] ?? '').padEnd(4, '0')) : undefined
}

function changeGroups(
  plan: LevyPlan | undefined,
  written: Written,
  wrong: Wrong,
): LevyPlan['distribution']['groups'] | undefined {
  if (GROUPS.every((name) => written[name] === '')) return plan?.distribution.groups
  let isSound = true
  const parts = GROUPS.map((name) => {
    const part = decimal(written[name] || '0')
    if (part !== undefined && part <= 1_000_000n) return [name, Number(part)] as const
    isSound = false
    wrong(name, 'percent')
    return [name, 0] as const
  })
  const sum = parts.reduce((total, [, part]) => total + part, 0)
  if (isSound && sum !== 1_000_000) wrong('heritage', 'sum', { sum: sum / 10_000 })
  return { ...(Object.fromEntries(parts) as Record<(typeof GROUPS)[number], number>), ...ASSUMED }
}

import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { didSchema, textSchema } from '../../statements/index.ts'
import { daySchema, digitsSchema, slugSchema, type Base } from '../plans/schema.ts'

/** How a figure is known; an estimate is put right later by another assessment. */
export const factLevels = ['evidenced', 'declared', 'estimated'] as const

const evidenceSchema = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in small hexadecimal letters')

const figureSchema = z.strictObject({
  name: z.enum([
    'euRevenue',
    'globalRevenue',
    'netIncome',
    'directInvestment',
    'users',
    'protectedWorks',
    'tokens',
    'hours',
    'outputs',
    'units',
  ]),
  /** The calendar or business year that it is of. */
  year: z.int().min(2000).max(2200),
  /** Cents of the currency, or units. */
  amount: digitsSchema,
  /** For money; the plan's own where it is left out. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** One unit of the figure's currency in the plan's, whose it is, and of which day. */
  exchange: z
    .strictObject({
      rate: z
        .string()
        .regex(/^\d{1,12}(\.\d{1,12})?$/)
        .refine((rate) => Number(rate) > 0, 'is 0'),
      source: textSchema(200),
      date: daySchema,
    })
    .optional(),
  level: z.enum(factLevels),
  /** SHA-256 of the document that shows it. */
  evidence: evidenceSchema.optional(),
  /** Which member of the group it is of. */
  member: textSchema(200).optional(),
})

/** What a developer says of itself for a period, or what is estimated of one that says nothing. */
export const factsSchema = z.strictObject({
  type: z.literal('LevyFacts'),
  provider: didSchema,
  /** Its name and address as they stand on a notice. */
  name: textSchema(200),
  address: z.array(textSchema(140)).max(6).default([]),
  /** Companies that count together: their figures are added up. */
  group: z.array(textSchema(200)).max(200).default([]),
  period: z.strictObject({ from: daySchema, to: daySchema }),
  /** When the models were on the market, where that is not the whole period. */
  onMarket: z.strictObject({ from: daySchema, to: daySchema }).optional(),
  isCommercial: z.boolean(),
  isOnEuMarket: z.boolean(),
  models: z
    .array(
      z.strictObject({
        name: textSchema(200),
        flop: digitsSchema,
        level: z.enum(factLevels),
        evidence: evidenceSchema.optional(),
      }),
    )
    .max(1000),
  figures: z.array(figureSchema).max(2000),
  /** Of global revenue, the part that is earned in the EU; millionths. */
  euSharePpm: z.int().min(0).max(1_000_000).optional(),
  licences: z
    .array(
      z.strictObject({
        licensor: textSchema(200),
        amount: digitsSchema,
        isVerified: z.boolean(),
        evidence: evidenceSchema.optional(),
      }),
    )
    .max(10_000)
    .default([]),
  exemptions: z
    .array(z.strictObject({ kind: slugSchema, isVerified: z.boolean(), evidence: evidenceSchema.optional() }))
    .max(10)
    .default([]),
})

export type LevyFacts = z.infer<typeof factsSchema>
export type FactLevel = (typeof factLevels)[number]

/** A figure that was summed over the group, and the weakest way in which a part of it is known. */
export interface Known {
  amount: bigint
  level: FactLevel
  /** How it came to be, for people. */
  from: string
}

/** Reads facts. Errors: `invalid_input` with the field. */
export function readFacts(value: unknown, where: string): LevyFacts {
  const read = factsSchema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new ColophonError('invalid_input', issue!.message, { where: `${where} ${issue!.path.join('.')}` })
  }
  const { period, onMarket } = read.data
  for (const each of [period, onMarket])
    if (each && each.to < each.from)
      throw new ColophonError('invalid_input', `a period ends on ${each.to}, before it begins`, {
        where: `${where} period`,
      })
  if (Date.parse(period.to) - Date.parse(period.from) > YEAR_MS)
    throw new ColophonError('invalid_input', 'a period is longer than a year', { where: `${where} period` })
  return read.data
}

const YEAR_MS = 366 * 86_400_000

/** What a component is measured by, in the year that it takes. Errors: `invalid_input` when nothing says it. */
export function readBase(facts: LevyFacts, base: Base, year: number, currency: string): Known {
  if (base === 'flat') return { amount: 1n, level: 'evidenced', from: 'once' }
  if (base === 'flop') return largestModel(facts)
  if (base !== 'globalRevenueEuShare') return sumFigure(facts, base, year, currency)
  const { amount, level, from } = sumFigure(facts, 'globalRevenue', year, currency)
  if (facts.euSharePpm === undefined) throw missing('euSharePpm', year)
  return {
    amount: roundedQuotient(amount * BigInt(facts.euSharePpm), 1_000_000n),
    level,
    from: `${from}, of which ${facts.euSharePpm} millionths in the EU`,
  }
}

/** The sum of a figure over all that count together. Errors: `invalid_input` when there is none, or no exchange rate. */
export function sumFigure(
  facts: LevyFacts,
  name: LevyFacts['figures'][number]['name'],
  year: number,
  currency: string,
): Known {
  const figures = facts.figures.filter((figure) => figure.name === name && figure.year === year)
  if (figures.length === 0) throw missing(name, year)
  const members = figures.map(({ member }) => member ?? facts.name)
  const twice = members.find((member, i) => members.indexOf(member) !== i)
  if (twice !== undefined)
    throw new ColophonError('invalid_input', `${name} of ${year} is given twice for one company`, { where: twice })
  const silent = facts.group.filter((member) => member !== facts.name && !members.includes(member))
  if (silent.length > 0)
    throw new ColophonError('invalid_input', `${name} of ${year} is missing of: ${silent.slice(0, 5).join(', ')}`, {
      where: 'group',
      remedy: 'Give the figure of each company that counts, if it is 0, too.',
    })
  const amounts = figures.map((figure) => inCurrency(figure, currency))
  return {
    amount: amounts.reduce((sum, amount) => sum + amount, 0n),
    level: factLevels[Math.max(...figures.map(({ level }) => factLevels.indexOf(level)))]!,
    from: members.length === 1 ? `${name} of ${year}` : `${name} of ${year}, summed over ${members.length} companies`,
  }
}

const missing = (name: string, year: number) =>
  new ColophonError('invalid_input', `nothing says ${name} of ${year}`, {
    where: 'figures',
    remedy: 'Give the figure, or an estimate with the level “estimated”: it is put right by a later assessment.',
  })

function largestModel({ models, name }: LevyFacts): Known {
  if (models.length === 0) throw new ColophonError('invalid_input', `no model of ${name} is named`, { where: 'models' })
  const [largest] = models.toSorted(
    (a, b) => Number(BigInt(b.flop) > BigInt(a.flop)) - Number(BigInt(b.flop) < BigInt(a.flop)),
  )
  return { amount: BigInt(largest!.flop), level: largest!.level, from: `FLOP of ${largest!.name}` }
}

const MONEY = new Set(['euRevenue', 'globalRevenue', 'netIncome', 'directInvestment'])

function inCurrency({ name, year, amount, currency, exchange }: LevyFacts['figures'][number], wanted: string): bigint {
  if (!MONEY.has(name) || (currency ?? wanted) === wanted) return BigInt(amount)
  if (!exchange)
    throw new ColophonError(
      'invalid_input',
      `${name} of ${year} is in ${currency}, and no exchange rate to ${wanted} is given`,
      {
        where: 'figures',
        remedy: 'Give exchange: its rate, its source and its date.',
      },
    )
  const [whole, fraction = ''] = exchange.rate.split('.')
  return roundedQuotient(BigInt(amount) * BigInt(whole! + fraction), 10n ** BigInt(fraction.length))
}

/** A quotient of numbers that are not negative, rounded half up. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n)
}

import { z } from 'zod'
import { didSchema, textSchema } from '../../statements/index.ts'
import { centsSchema, daySchema, type Distribution } from '../plans/schema.ts'

/** Sectors that an application names; figures about calls are told by them. */
export const SUPPORT_SECTORS = ['text', 'picture', 'sound', 'video', 'stage', 'other'] as const

const CENTS_MAX = 100_000_000_000_00
export const ASSESSORS_MAX = 50
/** What a plan asks of a call. */
export type SupportRules = Omit<Distribution['creatorSupport'], 'legalBasis' | 'status'>

/** What is wrong with a field of a form; each has a text of its own on the page. */
export type Problem = 'missing' | 'long' | 'characters' | 'mail' | 'amount' | 'cap'

const clean = (text: string) =>
  text.isWellFormed() && !/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text)
const problem = (name: Problem) => name

/** Text of several lines for people: no control characters but line ends and tabs, not blank. */
export const proseSchema = (max: number) =>
  z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().min(1, problem('missing')).max(max, problem('long')).refine(clean, problem('characters')))
const lineSchema = (max: number) =>
  proseSchema(max).refine((text) => !text.includes('\n') && !text.includes('\t'), problem('characters'))
const maybe = <Schema extends z.ZodType<string, string>>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema])

export const assessorSchema = z.strictObject({
  party: didSchema,
  name: textSchema(200),
  /** Applications of the same organisation are not theirs to assess. */
  organisation: textSchema(200).optional(),
})

/** A call as the officer makes it; days are those of UTC, both included. */
export const callSchema = z
  .strictObject({
    title: textSchema(200),
    text: proseSchema(10_000),
    /** Who may apply, in words. */
    countries: proseSchema(1000),
    roles: proseSchema(1000),
    opens: daySchema,
    closes: daySchema,
    budgetCents: centsSchema.min(1).max(CENTS_MAX),
    awardCapCents: centsSchema.min(1).max(CENTS_MAX),
    /** Of the budget, how much is kept for urgent applications until the call closes; the plan's when it is left out. */
    urgentPpm: z.int().min(0).max(1_000_000).optional(),
    /** With fewer points in the mean nothing is awarded. */
    pointsMin: z.int().min(0).max(1000).default(0),
    criteria: z
      .array(z.strictObject({ name: textSchema(200), pointsMax: z.int().min(1).max(100) }))
      .min(1)
      .max(10),
    assessors: z.array(assessorSchema).max(ASSESSORS_MAX),
  })
  .superRefine((call, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (call.closes < call.opens) wrong('closes', 'closes before it opens')
    if (call.awardCapCents > call.budgetCents) wrong('awardCapCents', 'more than the budget')
    if (call.pointsMin > call.criteria.reduce((sum, { pointsMax }) => sum + pointsMax, 0))
      wrong('pointsMin', 'more points than there are')
    if (new Set(call.criteria.map(({ name }) => name)).size < call.criteria.length)
      wrong('criteria', 'two criteria of one name')
    if (new Set(call.assessors.map(({ party }) => party)).size < call.assessors.length)
      wrong('assessors', 'an assessor stands there twice')
  })
export type CallInput = z.input<typeof callSchema>

/** The fields of the application's form, each as it was typed, and their longest. */
export const APPLICATION_FIELDS = {
  name: 200,
  contact: 320,
  country: 2,
  sector: 20,
  organisation: 200,
  purpose: 6000,
  amount: 20,
  acceptsLess: 3,
  isUrgent: 3,
  urgentReason: 2000,
  otherSupport: 2000,
  publishes: 3,
} as const
export type ApplicationField = keyof typeof APPLICATION_FIELDS
/** A form as it was typed; `knows` are the assessors that the applicant has ticked. */
export type ApplicationForm = Record<ApplicationField, string> & { knows: string[] }

const yesSchema = z.enum(['', 'no', 'yes'], problem('missing')).transform((text) => text === 'yes')
const chosenSchema = z
  .string()
  .min(1, problem('missing'))
  .pipe(z.enum(['no', 'yes'], problem('missing')))
  .transform((text) => text === 'yes')

/** An application that can be sent, from the form as it was typed. */
export const applicationSchema = (call: { awardCapCents: number; assessors: readonly string[] }) =>
  z.strictObject({
    name: lineSchema(200),
    contact: lineSchema(320).refine((text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), problem('mail')),
    country: z
      .string()
      .min(1, problem('missing'))
      .regex(/^([A-Z]{2})?$/, problem('missing')),
    sector: z
      .string()
      .min(1, problem('missing'))
      .pipe(z.enum(SUPPORT_SECTORS, problem('missing'))),
    organisation: maybe(lineSchema(200)),
    purpose: proseSchema(6000),
    amount: z
      .string()
      .trim()
      .min(1, problem('missing'))
      .refine((text) => readCents(text) !== undefined, problem('amount'))
      .transform((text) => readCents(text) ?? 0)
      .refine((cents) => cents > 0, problem('amount'))
      .refine((cents) => cents <= call.awardCapCents, problem('cap')),
    acceptsLess: yesSchema,
    isUrgent: chosenSchema,
    urgentReason: maybe(proseSchema(2000)),
    otherSupport: proseSchema(2000),
    publishes: chosenSchema,
    knows: z
      .array(z.string().refine((party) => call.assessors.includes(party), problem('missing')))
      .max(ASSESSORS_MAX)
      .transform((parties) => [...new Set(parties)].sort()),
  })
export type Application = z.infer<ReturnType<typeof applicationSchema>>

/** Money as people write it (`1200`, `1200.50`, `1 200,5`) in cents; undefined when it cannot be read without a guess. */
export function readCents(text: string): number | undefined {
  const [, units, part = ''] = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text.replaceAll(/[\s\u00a0\u202f']/g, '')) ?? []
  return units === undefined ? undefined : Number(units) * 100 + Number(part.padEnd(2, '0'))
}

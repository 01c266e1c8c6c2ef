import { z } from 'zod'
import { didSchema, momentSchema, pkhSchema } from '../statements/index.ts'
import { actions } from './actions.ts'
import { isCountry } from './odrl/places.ts'
import type { RightsLoss } from './exports/losses.ts'

/** What a use is for. */
export const purposes = [
  'col:promotion',
  'col:commercial',
  'col:nonCommercial',
  'col:research',
  'col:education',
  'col:preservation',
  'col:personal',
] as const

/** ISO 3166-1 alpha-2, a subdivision (ISO 3166-2), or a group of countries. */
export const territoryGroups = ['EU', 'EEA', 'WORLD'] as const
export const territorySchema = z.string().regex(/^([A-Z]{2}(-[A-Z0-9]{1,3})?|EEA|WORLD)$/)

/** Each year from one day to another, both included; over the turn of the year when the second is earlier. */
const dayOfYear = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
const seasonSchema = z.strictObject({ from: dayOfYear, until: dayOfYear })

/** Decimal with a point, no exponent: amounts are exact. */
export const amountSchema = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,6})?$/, 'an amount is written as 12.50')

const moneySchema = z.strictObject({
  amount: amountSchema,
  currency: z.string().regex(/^[A-Z]{3}$/),
})

/** ISO 8601, without fractions. */
const durationSchema = z
  .string()
  .max(40)
  .regex(/^P(?=\d|T\d)(\d{1,6}Y)?(\d{1,6}M)?(\d{1,6}W)?(\d{1,6}D)?(T(?=\d)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?$/)

const dutySchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('odrl:compensate'),
    pay: moneySchema,
    per: z.enum(['use', 'work', 'year', 'once']).default('once'),
    to: didSchema.optional(),
  }),
  z.strictObject({ action: z.literal('odrl:attribute'), text: z.string().min(1).max(300).optional() }),
  z.strictObject({ action: z.literal('odrl:inform'), party: didSchema.optional() }),
  z.strictObject({ action: z.literal('odrl:obtainConsent'), party: didSchema.optional() }),
  z.strictObject({ action: z.literal('cc:ShareAlike') }),
  z.strictObject({ action: z.literal('odrl:delete'), after: durationSchema }),
])

/**
 * One rule of terms: an action that is allowed or denied, under conditions that must all hold. A list of one condition
 * holds when one of it does. What a denial demands (`duties`) is its remedy, what a permission demands is its price.
 */
export const ruleSchema = z.strictObject({
  action: z.enum(actions),
  decision: z.enum(['allow', 'deny']),
  purposes: z.array(z.enum(purposes)).min(1).max(7).optional(),
  territory: z.array(territorySchema).min(1).max(60).optional(),
  from: momentSchema.optional(),
  until: momentSchema.optional(),
  seasons: z.array(seasonSchema).min(1).max(8).optional(),
  /** How long the use may last once it has begun. */
  elapsed: durationSchema.optional(),
  /** How often. */
  count: z.number().int().min(1).max(1_000_000_000).optional(),
  media: z
    .array(z.enum(['text', 'picture', 'sound', 'video', 'print', 'broadcast', 'online']))
    .min(1)
    .optional(),
  /** Training compute of the model, in floating-point operations, at most: a power of ten. */
  modelFlopExponentMax: z.number().int().min(1).max(40).optional(),
  recipients: z.array(didSchema).min(1).max(100).optional(),
  /** Where it is published: a name such as `social`, or a domain. */
  channels: z
    .array(z.string().regex(/^[a-z0-9.-]{1,100}$/))
    .min(1)
    .max(30)
    .optional(),
  duties: z.array(dutySchema).min(1).max(8).optional(),
})

/** What may be said of a use when it is asked about. */
export const useSchema = z.strictObject({
  purposes: z.array(z.enum(purposes)).min(1).max(7).optional(),
  territory: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/)
    .refine(isCountry, 'no country of ISO 3166 has this code')
    .optional(),
  media: z.enum(['text', 'picture', 'sound', 'video', 'print', 'broadcast', 'online']).optional(),
  channel: z
    .string()
    .regex(/^[a-z0-9.-]{1,100}$/)
    .optional(),
  recipient: didSchema.optional(),
  modelFlopExponent: z.number().int().min(0).max(60).optional(),
  /** A party, or an account on a chain. */
  licensee: z.union([didSchema, pkhSchema]).optional(),
})

export type RightsRule = z.infer<typeof ruleSchema>
export type RightsDuty = z.infer<typeof dutySchema>
export type Purpose = (typeof purposes)[number]

/** What has to be said before rules can be exported: whose they are, and where more can be read. */
export interface RightsDocument {
  /** The statement or draft that the rules come from. */
  id: string
  party: string
  /** What a reader calls the party. */
  partyName?: string
  /** An address to ask at, `https:` or `mailto:`. */
  contact?: string
  /** Where the whole policy can be read, `https:`. */
  policyUrl?: string
  target: { kind: 'work' | 'set' | 'domain' | 'party'; id: string }
  /** Paths below the domain that the rules are about; `/` when absent. */
  paths?: string[]
  rules: RightsRule[]
  /** What wins where the rules contradict each other; without it the no does. */
  conflict?: 'perm' | 'prohibit'
}

/** A vocabulary's form of the rules, and what it could not say. */
export interface RightsExport {
  format: string
  files: { path: string; mediaType: string; content: string | Uint8Array }[]
  /** What goes into something that exists: a header, a line of robots.txt, a tag of a page. */
  snippets: { place: 'http-header' | 'robots.txt' | 'html-head' | 'epub-metadata' | 'xmp' | 'json'; text: string }[]
  losses: RightsLoss[]
}

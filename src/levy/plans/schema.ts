import { z } from 'zod'
import { didSchema, textSchema } from '../../statements/index.ts'

/** Parts of a whole are millionths, which must sum to this. */
export const PPM = 1_000_000n

/** A day, as the calendar has it. */
export const daySchema = z.iso.date()
/** A whole number of any size: FLOP exceed 2^53. */
export const digitsSchema = z.string().regex(/^(0|[1-9]\d{0,39})$/, 'not a whole number in decimal digits')
export const slugSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)
const ppmSchema = z.int().min(0).max(1_000_000)
/** Money: whole cents, exact in JSON. */
export const centsSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Where a figure comes from, and what weight it has there; `assumed` where no source says one. */
export const rateStatuses = ['proposed', 'draft', 'enacted', 'reported', 'assumed'] as const
const sourced = { legalBasis: textSchema(500), status: z.enum(rateStatuses) }

/** What a contribution can be measured by. Money in cents; the others in the units that their names say. */
export const bases = [
  'flat',
  'euRevenue',
  'globalRevenueEuShare',
  'netIncome',
  'flop',
  'protectedWorks',
  'tokens',
  'hours',
  'outputs',
  'units',
] as const
export type Base = (typeof bases)[number]

const thresholdSchema = z.strictObject({ atLeast: digitsSchema, ...sourced })

/**
 * One way of measuring. In a band, `rate` cents fall due for every `per` units of the base: with a base in cents and
 * `per` 1000000, the rate is in millionths. `marginal` charges each band for what lies in it, `slab` the whole base at the
 * rate of the band that it reaches.
 */
const componentSchema = z.strictObject({
  id: slugSchema,
  base: z.enum(bases),
  /** The base is that of so many years before. */
  lagYears: z.int().min(0).max(10).default(0),
  mode: z.enum(['marginal', 'slab']).default('marginal'),
  per: digitsSchema.default('1000000'),
  bands: z
    .array(z.strictObject({ from: digitsSchema, rate: digitsSchema, ...sourced }))
    .min(1)
    .max(50),
})

export const groups = ['heritage', 'creatorSupport', 'rightsholders', 'social'] as const
export type Group = (typeof groups)[number]
export const heritageCriteria = ['objects', 'accessible', 'openLicence', 'ownCost'] as const
export type HeritageCriterion = (typeof heritageCriteria)[number]
export const usageEvidence = ['reported', 'listed', 'presumed'] as const
export type UsageEvidence = (typeof usageEvidence)[number]
export const weightKinds = ['equal', 'use', 'attribution'] as const
export type WeightKind = (typeof weightKinds)[number]

const distributionSchema = z.strictObject({
  /** Held back for refunds and disputes. */
  reserve: z.strictObject({ ppm: ppmSchema, ...sourced }),
  /** What administration may cost at most; unclaimed money never pays for it. */
  fee: z.strictObject({ ppm: ppmSchema, capCents: centsSchema, ...sourced }),
  groups: z.strictObject({
    heritage: ppmSchema,
    creatorSupport: ppmSchema,
    rightsholders: ppmSchema,
    social: ppmSchema,
    ...sourced,
  }),
  heritage: z.strictObject({
    objects: ppmSchema,
    accessible: ppmSchema,
    openLicence: ppmSchema,
    ownCost: ppmSchema,
    ...sourced,
  }),
  creatorSupport: z.strictObject({
    awardCapCents: centsSchema,
    /** Of the scheme's money, how much is kept for urgent applications until the end of a call. */
    urgentPpm: ppmSchema,
    urgentDecisionDays: z.int().min(1).max(365),
    appealDays: z.int().min(14).max(365),
    assessorsMin: z.int().min(2).max(9),
    ...sourced,
  }),
  rightsholders: z.strictObject({
    /** Of the pool: equal among all registered works, by use, by attribution. */
    weights: z.strictObject({ equal: ppmSchema, use: ppmSchema, attribution: ppmSchema, ...sourced }),
    /** What the unsure part of attribution follows. */
    fallback: z.enum(['equal', 'use']),
    /** Fixed parts of sectors; without them a sector has what its works and uses have. */
    sectors: z.record(slugSchema, ppmSchema).optional(),
    /** How much one use counts, by how it is known. */
    evidence: z.strictObject({ reported: ppmSchema, listed: ppmSchema, presumed: ppmSchema, ...sourced }),
    /** Each developer's contribution goes by that developer's own uses. */
    perDeveloper: z.boolean(),
    /** What a developer is presumed to have used who reports nothing. */
    presumption: z.enum(['registered', 'as-reported', 'none']),
    /** What happens to works whose shares sum to more, or to less, than the whole. */
    claims: z.strictObject({ over: z.enum(['hold', 'refuse']), under: z.enum(['hold', 'refuse']) }),
  }),
  minimumPayoutCents: centsSchema,
  unlocated: z.strictObject({
    listAfterMonths: z.int().min(0).max(12),
    publicAfterMonths: z.int().min(1).max(36),
    releaseAfterYears: z.int().min(3).max(30),
    ...sourced,
  }),
  /** Tax that is kept back by the payee's country of residence; the lower rate needs a certificate in force. */
  withholding: z
    .array(
      z.strictObject({
        country: z.string().regex(/^([A-Z]{2}|\*)$/),
        ppm: ppmSchema,
        certifiedPpm: ppmSchema,
        ...sourced,
      }),
    )
    .max(300)
    .default([]),
})

/**
 * A levy plan: who contributes, how much, and how it is distributed. It grants no licence. A plan is a signed statement
 * of the fund and never changes; another version takes its place from a day on.
 */
export const planSchema = z.strictObject({
  type: z.literal('LevyPlan'),
  onBehalfOf: didSchema.optional(),
  scheme: slugSchema,
  version: z.int().min(1).max(1_000_000),
  name: textSchema(200),
  summary: textSchema(2000).optional(),
  grantsLicence: z.literal(false),
  currency: z.string().regex(/^[A-Z]{3}$/),
  validFrom: daySchema,
  /** The last day on which it is in force. */
  validUntil: daySchema.optional(),
  scope: z.strictObject({
    commercialOnly: z.boolean(),
    euMarketOnly: z.boolean(),
    flop: thresholdSchema.optional(),
    euRevenueCents: thresholdSchema.optional(),
    users: thresholdSchema.optional(),
  }),
  exemptions: z
    .array(z.strictObject({ kind: z.enum(['sme', 'research', 'open-source', 'public-body']), ...sourced }))
    .max(10)
    .default([]),
  components: z.array(componentSchema).min(1).max(20),
  combination: z.enum(['sum', 'max', 'min']),
  /** Added when less than a part of EU revenue is invested in works of the territory. */
  surcharge: z.strictObject({ ppm: ppmSchema, investmentBelowPpm: ppmSchema, ...sourced }).optional(),
  /** Verified direct licences count against the contribution: so much of each, up to a part of the contribution. */
  offset: z.strictObject({ creditPpm: z.int().min(0).max(2_000_000), capPpm: ppmSchema, ...sourced }).optional(),
  floor: z.strictObject({ cents: centsSchema, ...sourced }).optional(),
  cap: z.strictObject({ cents: centsSchema, ...sourced }).optional(),
  proration: z.enum(['days', 'none']),
  instalments: z
    .array(z.strictObject({ afterDays: z.int().min(0).max(1000), ppm: ppmSchema }))
    .min(1)
    .max(24),
  interest: z
    .discriminatedUnion('kind', [
      /** Simple interest at the central bank's rate and so much above it, actual days over 365, and a fixed sum once. */
      z.strictObject({ kind: z.literal('reference-plus'), ppm: ppmSchema, flatCents: centsSchema, ...sourced }),
      /** So much for every whole month. */
      z.strictObject({ kind: z.literal('monthly'), ppm: ppmSchema, ...sourced }),
    ])
    .optional(),
  distribution: distributionSchema,
})

export type LevyPlan = z.infer<typeof planSchema>
export type Distribution = LevyPlan['distribution']

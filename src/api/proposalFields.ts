import { z } from '@hono/zod-openapi'
import { actions, amountSchema, lastMomentSchema, purposes, territorySchema, type RightsRule } from '../rights/index.ts'
import { textSchema, uuidUrnSchema } from '../statements/index.ts'
import { partyField } from './targetFields.ts'

const amountFields = {
  price: amountSchema.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  per: z.enum(['work', 'year', 'use', 'once']).default('once'),
}

/** One rule, as somebody fills it in. */
export const ruleFields = {
  action: z.enum(actions, 'say what is to be allowed'),
  for: z.enum(purposes).optional(),
  territory: territorySchema.default('WORLD'),
  until: lastMomentSchema.optional(),
  ...amountFields,
  modelFlopExponent: z.coerce.number().int().min(1).max(40).optional(),
}

/** Why somebody asks or offers, and until when an answer is wanted. */
export const proposalWords = {
  purpose: textSchema(1000).optional(),
  benefit: textSchema(1000).optional(),
  harm: textSchema(1000).optional(),
  answerBy: lastMomentSchema.optional(),
}

/** What somebody fills in to ask for a permission, to offer one, or to answer with other conditions. */
export const proposalFields = {
  /** The work that it is about; a counter-proposal is about what it counters. */
  work: z.string().max(120).optional(),
  inReplyTo: uuidUrnSchema.optional(),
  /** Whom the declarer of the work makes an offer to; without it, whoever signs asks for himself. */
  licensee: partyField.optional(),
  ...ruleFields,
  ...proposalWords,
}

export type AllowingRule = RightsRule & { decision: 'allow' }

/** The one rule that the fields come to. */
export function rulesOfProposal(fields: z.infer<z.ZodObject<typeof ruleFields>>): AllowingRule[] {
  const { action, for: purpose, territory, until, modelFlopExponent } = fields
  const duties = paymentOf(fields)
  return [
    {
      action,
      decision: 'allow',
      ...(purpose ? { purposes: [purpose] } : {}),
      ...(territory === 'WORLD' ? {} : { territory: [territory] }),
      ...(until ? { until } : {}),
      ...(modelFlopExponent === undefined ? {} : { modelFlopExponentMax: modelFlopExponent }),
      ...(duties.length > 0 ? { duties } : {}),
    },
  ]
}

function paymentOf({
  price,
  currency,
  per,
}: z.infer<z.ZodObject<typeof amountFields>>): NonNullable<RightsRule['duties']> {
  return price === undefined ? [] : [{ action: 'odrl:compensate', pay: { amount: price, currency }, per }]
}

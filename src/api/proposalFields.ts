import { z } from '@hono/zod-openapi'
import { actions, amountSchema, lastMomentSchema, purposes, territorySchema, type RightsRule } from '../rights/index.ts'
import { didSchema, textSchema, uuidUrnSchema } from '../statements/index.ts'

/** What somebody fills in to ask for a permission, or to answer with other conditions. */
export const proposalFields = {
  /** The work that it is about; a counter-proposal is about what it counters. */
  work: z.string().max(120).optional(),
  inReplyTo: uuidUrnSchema.optional(),
  /** Whom the declarer of the work makes an offer to; without it, whoever signs asks for himself. */
  licensee: didSchema.optional(),
  action: z.enum(actions, 'say what is to be allowed'),
  for: z.enum(purposes).optional(),
  territory: territorySchema.default('WORLD'),
  until: lastMomentSchema.optional(),
  price: amountSchema.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  per: z.enum(['work', 'year', 'use', 'once']).default('once'),
  modelFlopExponent: z.coerce.number().int().min(1).max(40).optional(),
  purpose: textSchema(1000).optional(),
  benefit: textSchema(1000).optional(),
  harm: textSchema(1000).optional(),
  answerBy: lastMomentSchema.optional(),
}

/** The one rule that the fields come to. */
export function rulesOfProposal(
  fields: z.infer<z.ZodObject<typeof proposalFields>>,
): (RightsRule & { decision: 'allow' })[] {
  const { action, for: purpose, territory, until, price, currency, per, modelFlopExponent } = fields
  return [
    {
      action,
      decision: 'allow',
      ...(purpose ? { purposes: [purpose] } : {}),
      ...(territory === 'WORLD' ? {} : { territory: [territory] }),
      ...(until ? { until } : {}),
      ...(modelFlopExponent === undefined ? {} : { modelFlopExponentMax: modelFlopExponent }),
      ...(price === undefined
        ? {}
        : { duties: [{ action: 'odrl:compensate', pay: { amount: price, currency }, per }] }),
    },
  ]
}

import { z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import { purposes, territorySchema, type RightsDuty, type RightsRule } from '../rights/index.ts'
import { ruleFields, rulesOfProposal, type AllowingRule } from './proposalFields.ts'

/** The choice that leaves a condition as it was proposed, where a form has no words for it. */
export const AS_PROPOSED = 'asProposed'

const counterFields = {
  ...ruleFields,
  for: z.enum([...purposes, AS_PROPOSED]).optional(),
  territory: territorySchema.or(z.literal(AS_PROPOSED)).default('WORLD'),
}

/** The fields of a form in which nothing of these rules was changed. */
export function fieldsAsProposed(rules: readonly RightsRule[]): Record<string, string> {
  const fields = rules.flatMap((rule, place) => {
    const payment = rule.duties?.find((duty) => duty.action === 'odrl:compensate')
    const own = {
      keep: 'yes',
      action: rule.action,
      for: AS_PROPOSED,
      territory: AS_PROPOSED,
      until: rule.until && lastDay(rule.until),
      modelFlopExponent: rule.modelFlopExponentMax?.toString(),
      price: payment?.pay.amount,
      currency: payment?.pay.currency,
      per: payment?.per,
    }
    return Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [[`${name}-${place + 1}`, value]],
    )
  })
  return Object.fromEntries(fields) as Record<string, string>
}

/**
 * The rules of a counter-proposal: those that were proposed, changed by the fields that end in their number. A rule whose
 * `keep` is missing is left out; what the form does not ask about stays as it was. Errors: `invalid_input` by field.
 */
export function rulesOfCounter(proposed: readonly RightsRule[], form: Record<string, unknown>): AllowingRule[] {
  const rules = proposed.flatMap((rule, place) => {
    if (form[`keep-${place + 1}`] === undefined) return []
    const own = Object.keys(counterFields).map((name) => [name, form[`${name}-${place + 1}`]] as const)
    const parsed = z.object(counterFields).safeParse(Object.fromEntries(own.filter(([, value]) => value !== undefined)))
    if (parsed.success) return [counterRule(rule, parsed.data)]
    const [issue] = parsed.error.issues
    throw new ColophonError('invalid_input', issue!.message, { where: `${issue!.path.join('.')}-${place + 1}` })
  })
  if (rules.length > 0) return rules
  throw new ColophonError('invalid_input', 'keep at least one of the rules, or answer with no', { where: 'keep-1' })
}

function counterRule(rule: RightsRule, fields: z.infer<z.ZodObject<typeof counterFields>>): AllowingRule {
  const { purposes: earlierPurposes, territory: earlierTerritory, until, modelFlopExponentMax: _, ...rest } = rule
  const [asked] = rulesOfProposal({
    ...fields,
    for: fields.for === AS_PROPOSED ? undefined : fields.for,
    territory: fields.territory === AS_PROPOSED ? 'WORLD' : fields.territory,
  })
  const duties = counterDuties(rule.duties ?? [], asked!.duties ?? [])
  // A last day stands for the moment that was proposed when it is the same day.
  const isSameDay = until !== undefined && fields.until !== undefined && lastDay(until) === lastDay(fields.until)
  const { duties: __, ...kept } = rest
  const { duties: ___, ...changed } = asked!
  return {
    ...kept,
    ...changed,
    ...(fields.for === AS_PROPOSED && earlierPurposes ? { purposes: earlierPurposes } : {}),
    ...(fields.territory === AS_PROPOSED && earlierTerritory ? { territory: earlierTerritory } : {}),
    ...(isSameDay ? { until } : {}),
    ...(duties.length > 0 ? { duties } : {}),
  }
}

/** The form asks about one price; whoever else is to be paid, and every other duty, stays. */
function counterDuties(earlier: readonly RightsDuty[], [price]: readonly RightsDuty[]): RightsDuty[] {
  const [first, ...more] = earlier.filter((duty) => duty.action === 'odrl:compensate')
  const others = earlier.filter(({ action }) => action !== 'odrl:compensate')
  const payment = price && first?.to ? { ...price, to: first.to } : price
  return [...(payment ? [payment as RightsDuty] : []), ...more, ...others]
}

/** The last day that counts before a moment. */
export function lastDay(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString().slice(0, 10)
}

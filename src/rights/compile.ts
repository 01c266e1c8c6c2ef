import type { Condition, Rule } from './odrl/types.ts'
import { CC, COL, ODRL, XSD, expand } from './odrl/vocabulary.ts'
import type { RightsDuty, RightsRule } from './rules.ts'

/** A rule of terms as one of ODRL: the same decisions are made of both. */
export function compileRule(rule: RightsRule, id: string): Rule {
  const conditions: (Condition | undefined)[] = [
    anyOf(id, 'purpose', rule.purposes?.map(expand), 'iri'),
    anyOf(id, 'spatial', rule.territory, 'text'),
    time(id, 'gteq', rule.from),
    time(id, 'lt', rule.until),
    rule.seasons &&
      constraint(
        id,
        `${COL}season`,
        'isAnyOf',
        rule.seasons.map(({ from, until }) => ({ text: `${from}/${until}` })),
      ),
    rule.elapsed === undefined
      ? undefined
      : constraint(id, `${ODRL}elapsedTime`, 'lteq', [{ text: rule.elapsed, datatype: `${XSD}duration` }]),
    rule.count === undefined ? undefined : constraint(id, `${ODRL}count`, 'lteq', [{ text: String(rule.count) }]),
    anyOf(id, 'media', rule.media, 'text'),
    rule.modelFlopExponentMax === undefined
      ? undefined
      : constraint(id, `${COL}modelFlopExponent`, 'lteq', [{ text: String(rule.modelFlopExponentMax) }]),
    anyOf(id, 'recipient', rule.recipients, 'iri'),
    anyOf(id, 'deliveryChannel', rule.channels, 'text'),
  ]
  return {
    id,
    kind: rule.decision === 'allow' ? 'permission' : 'prohibition',
    actions: [{ id: expand(rule.action), refinements: [] }],
    targets: [],
    assigners: [],
    assignees: [],
    counterparts: [],
    constraints: conditions.filter((condition) => condition !== undefined),
    duties: (rule.duties ?? []).map((duty, i) => compileDuty(duty, `${id}/duty/${i}`)),
  }
}

function constraint(
  id: string,
  leftOperand: string,
  operator: string,
  right: { text?: string; iri?: string; datatype?: string }[],
): Condition {
  return {
    kind: 'constraint',
    id: `${id}/${leftOperand.split(/[/#]/).at(-1)}`,
    leftOperand,
    operator: ODRL + operator,
    right,
  }
}

function anyOf(
  id: string,
  operand: string,
  values: readonly string[] | undefined,
  as: 'iri' | 'text',
): Condition | undefined {
  return (
    values &&
    constraint(
      id,
      ODRL + operand,
      'isAnyOf',
      values.map((value) => ({ [as]: value })),
    )
  )
}

function time(id: string, operator: 'gteq' | 'lt', moment: string | undefined): Condition | undefined {
  if (moment === undefined) return undefined
  const condition = constraint(id, `${ODRL}dateTime`, operator, [{ text: moment, datatype: `${XSD}dateTime` }])
  return { ...condition, id: `${condition.id}/${operator}` }
}

function compileDuty(duty: RightsDuty, id: string): Rule {
  const pay = duty.action === 'odrl:compensate' ? duty.pay : undefined
  const party = 'party' in duty ? duty.party : 'to' in duty ? duty.to : undefined
  const refinements: Condition[] = pay
    ? [
        {
          kind: 'constraint',
          id: `${id}/payAmount`,
          leftOperand: `${ODRL}payAmount`,
          operator: `${ODRL}eq`,
          right: [{ text: pay.amount, datatype: `${XSD}decimal` }],
          unit: `urn:iso:std:iso:4217:${pay.currency}`,
        },
      ]
    : []
  // Consent that is asked for afterwards is none.
  const before: Condition[] =
    duty.action === 'odrl:obtainConsent' ? [constraint(id, `${ODRL}event`, 'lt', [{ iri: `${ODRL}policyUsage` }])] : []
  return {
    id,
    kind: 'duty',
    actions: [{ id: duty.action === 'cc:ShareAlike' ? `${CC}ShareAlike` : expand(duty.action), refinements }],
    targets: [],
    assigners: [],
    assignees: [],
    counterparts: party ? [party] : [],
    constraints: before,
    duties: [],
  }
}

const compiled = new Map<string, Rule[]>()
const COMPILED_MAX = 10_000

/** The rules of terms as they are kept, compiled; most terms say the same as many others. */
export function compileRules(json: string): Rule[] {
  let rules = compiled.get(json)
  if (!rules) {
    rules = (JSON.parse(json) as RightsRule[]).map((rule, i) => compileRule(rule, `rule ${i + 1}`))
    if (compiled.size >= COMPILED_MAX) compiled.clear()
    compiled.set(json, rules)
  }
  return rules
}

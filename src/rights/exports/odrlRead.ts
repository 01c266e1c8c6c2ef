import type { Json } from '../../foundation/index.ts'
import { actions } from '../actions.ts'
import { ruleSchema, type RightsRule } from '../rules.ts'
import { quoted, type RightsFinding, type RightsReading } from './findings.ts'
import { isObject, listOf, readJson } from './json.ts'
import { CURRENCIES, ODRL_PROFILE, OPERANDS } from './odrl.ts'

const RULES_MAX = 1000
const ODRL_NAMESPACE = 'http://www.w3.org/ns/odrl/2/'
const PREFIXES: Record<string, string> = {
  [ODRL_NAMESPACE]: 'odrl:',
  [ODRL_PROFILE]: 'col:',
  'http://www.w3.org/ns/tdmrep#': 'tdm:',
  'http://creativecommons.org/ns#': 'cc:',
}

/**
 * Reads ODRL in our profile back into rules, in their order. A condition or duty that is not understood takes a
 * permission away and leaves a prohibition standing without it, so what is read is never wider than what is written.
 * Never throws.
 *
 * @example readOdrl(exportOdrl(document).files[0].content, 'policy.jsonld').rules // document.rules
 */
export function readOdrl(input: string | Uint8Array, where: string): RightsReading {
  const { value, findings } = readJson(input, where)
  if (value === undefined) return { rules: [], findings }
  if (!isObject(value)) return { rules: [], findings: [malformed('not an object', where)] }
  if (value.profile !== ODRL_PROFILE) {
    const what = `the profile is ${quoted(JSON.stringify(value.profile ?? null))}, so its terms may mean something else`
    findings.push({ code: 'unknown_value', severity: 'warning', where, what, remedy: `Ours is ${ODRL_PROFILE}.` })
  }
  const strategy = value.conflict === undefined ? 'odrl:prohibit' : nameOf(value.conflict)
  if (strategy !== 'odrl:prohibit' && strategy !== 'odrl:perm') {
    const what = `conflicts are resolved by ${quoted(strategy)}; here the prohibition wins`
    const remedy = 'Write "conflict": "prohibit" or "conflict": "perm".'
    findings.push({ code: 'condition_not_read', severity: 'warning', where, what, remedy })
  }
  const items = [
    ...listOf(value.permission).map((rule) => ({ rule, decision: 'allow' as const })),
    ...listOf(value.prohibition).map((rule) => ({ rule, decision: 'deny' as const })),
  ]
  if (items.length > RULES_MAX) return { rules: [], findings: [malformed(`more than ${RULES_MAX} rules`, where)] }
  if (value.obligation !== undefined) findings.push(notRead('an obligation', where))
  const read = items.flatMap(({ rule, decision }, index) => {
    const result = readRule(
      rule,
      decision,
      `${where} ${decision === 'allow' ? 'permission' : 'prohibition'} ${index + 1}`,
      findings,
    )
    return result ? [{ rule: result, place: placeOf(rule) ?? items.length }] : []
  })
  const rules = read.sort((a, b) => a.place - b.place).map(({ rule }) => rule)
  return { rules, ...(strategy === 'odrl:perm' ? { conflict: 'perm' as const } : {}), findings }
}

function placeOf(rule: Json): number | undefined {
  const match = isObject(rule) && typeof rule.uid === 'string' ? /[#-]rule-(\d{1,6})$/.exec(rule.uid) : null
  return match ? Number(match[1]) : undefined
}

function malformed(what: string, where: string): RightsFinding {
  return {
    code: 'malformed_json',
    severity: 'error',
    where,
    what,
    remedy: 'Correct it; what it says counts as unknown.',
  }
}

function notRead(what: string, where: string): RightsFinding {
  const remedy = 'Read the policy itself; here a permission falls by it and a prohibition stands without it.'
  return { code: 'condition_not_read', severity: 'warning', where, what: `${what} is not understood`, remedy }
}

function readRule(
  item: Json,
  decision: RightsRule['decision'],
  where: string,
  findings: RightsFinding[],
): RightsRule | undefined {
  if (!isObject(item)) {
    findings.push(malformed('a rule is not an object', where))
    return undefined
  }
  const action = nameOf(item.action)
  if (!actions.includes(action as never)) {
    findings.push({
      code: 'unknown_word',
      severity: 'warning',
      where,
      what: `${quoted(JSON.stringify(item.action ?? null))} is not an action of ours`,
      remedy: `Use ${actions.join(', ')}.`,
    })
    return undefined
  }
  const problems: string[] = []
  const conditions = readConstraints(listOf(item.constraint), problems)
  const duties = listOf(decision === 'allow' ? item.duty : item.remedy).map((duty) => readDuty(duty, problems))
  const known = ['uid', '@type', 'target', 'action', 'constraint', 'assigner', decision === 'allow' ? 'duty' : 'remedy']
  for (const key of Object.keys(item)) if (!known.includes(key)) problems.push(key)
  for (const problem of problems) findings.push(notRead(quoted(problem), where))
  if (problems.length > 0 && decision === 'allow') return undefined
  const whole = { action, decision, ...conditions, ...(duties.length > 0 ? { duties } : {}) }
  const parsed = ruleSchema.safeParse(problems.length > 0 ? { action, decision } : whole)
  if (parsed.success) return parsed.data
  findings.push(notRead(quoted(parsed.error.issues[0]?.path.join('.') ?? 'a value'), where))
  return decision === 'deny' ? { action: action as RightsRule['action'], decision } : undefined
}

/** A term in the short form that our rules use, whether it was written plain, prefixed or as an address. */
function nameOf(value: Json | undefined): string {
  const text = isObject(value) ? (value['@id'] ?? value['rdf:value']) : value
  if (isObject(text)) return nameOf(text)
  if (typeof text !== 'string') return ''
  for (const [namespace, prefix] of Object.entries(PREFIXES)) {
    if (text.startsWith(namespace)) return `${prefix}${text.slice(namespace.length)}`
  }
  return text.includes(':') ? text : `odrl:${text}`
}

function readConstraints(constraints: Json[], problems: string[]): Record<string, unknown> {
  const conditions: Record<string, unknown> = {}
  for (const constraint of constraints) {
    const left = isObject(constraint) ? nameOf(constraint.leftOperand) : ''
    const operator = isObject(constraint) ? nameOf(constraint.operator) : ''
    const found = Object.entries(OPERANDS).find(
      ([, operand]) => nameOf(operand.leftOperand) === left && `odrl:${operand.operator}` === operator,
    )
    if (!found || !isObject(constraint) || Object.keys(constraint).length > 3 || found[0] in conditions) {
      problems.push(left || 'a constraint')
      continue
    }
    conditions[found[0]] = rightOperand(found[0], constraint.rightOperand)
  }
  return conditions
}

function rightOperand(member: string, value: Json | undefined): unknown {
  const plain = isObject(value) && '@value' in value ? value['@value'] : value
  if (member === 'purposes' || member === 'recipients') {
    return listOf(plain).map((item) => (isObject(item) && typeof item['@id'] === 'string' ? item['@id'] : item))
  }
  if (member !== 'seasons') return plain
  return listOf(plain).map((season) => {
    const match = /^--(\d\d-\d\d)\/--(\d\d-\d\d)$/.exec(String(season))
    return match ? { from: match[1], until: match[2] } : season
  })
}

function readDuty(duty: Json, problems: string[]): unknown {
  if (!isObject(duty)) {
    problems.push('a duty')
    return undefined
  }
  const refined = isObject(duty.action) ? duty.action : undefined
  const action = nameOf(
    refined ? (isObject(refined['rdf:value']) ? refined['rdf:value']['@id'] : undefined) : duty.action,
  )
  const [constraint, ...more] = [...listOf(refined?.refinement), ...listOf(duty.constraint)]
  const right = isObject(constraint) ? rightOperand('', constraint.rightOperand) : undefined
  const left = isObject(constraint) ? `${nameOf(constraint.leftOperand)} ${nameOf(constraint.operator)}` : ''
  const expected: Record<string, string> = {
    'odrl:compensate': 'odrl:payAmount odrl:eq',
    'odrl:delete': 'odrl:elapsedTime odrl:eq',
    'odrl:obtainConsent': 'odrl:event odrl:lt',
  }
  const keys = [
    'action',
    'constraint',
    'col:per',
    'compensatedParty',
    'col:creditText',
    'informedParty',
    'consentingParty',
  ]
  const isKnown = Object.keys(duty).every((key) => keys.includes(key))
  if (more.length > 0 || left !== (expected[action] ?? '') || !isKnown) problems.push(`the duty ${action}`)
  const party = action === 'odrl:inform' ? duty.informedParty : duty.consentingParty
  const unit = isObject(constraint) ? String(constraint.unit).replace(CURRENCIES, '') : undefined
  const members: Record<string, unknown> = {
    'odrl:compensate': {
      action,
      pay: { amount: right, currency: unit },
      per: duty['col:per'],
      to: duty.compensatedParty,
    },
    'odrl:attribute': { action, text: duty['col:creditText'] },
    'odrl:inform': { action, party },
    'odrl:obtainConsent': { action, party },
    'odrl:delete': { action, after: right },
  }
  const known = members[action] ?? { action }
  return Object.fromEntries(Object.entries(known as object).filter(([, value]) => value !== undefined))
}

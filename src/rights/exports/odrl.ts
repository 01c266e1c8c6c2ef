import type { RightsDocument, RightsDuty, RightsExport, RightsRule } from '../rules.ts'

/** Our profile of ODRL 2.2: the actions and operands that ODRL itself does not have. */
export const ODRL_PROFILE = 'https://colophon.example/ns/v1#'

/** Namespaces beside those that the context of ODRL brings. */
const CONTEXT = [
  'http://www.w3.org/ns/odrl.jsonld',
  { col: ODRL_PROFILE, tdm: 'http://www.w3.org/ns/tdmrep#', cc: 'http://creativecommons.org/ns#' },
]

/** The names of currencies of the Publications Office of the European Union: a unit has to be an address. */
export const CURRENCIES = 'http://publications.europa.eu/resource/authority/currency/'

/** A condition of a rule: which member of ours it is, and how ODRL asks it. */
export interface Operand {
  leftOperand: string
  operator: 'isAnyOf' | 'gteq' | 'lt' | 'lteq'
  /** The datatype of the value, or `@id` when it is a name or an address and no text. */
  type?: string
}

export const OPERANDS = {
  purposes: { leftOperand: 'purpose', operator: 'isAnyOf', type: '@id' },
  territory: { leftOperand: 'spatial', operator: 'isAnyOf' },
  from: { leftOperand: 'dateTime', operator: 'gteq', type: 'xsd:dateTime' },
  until: { leftOperand: 'dateTime', operator: 'lt', type: 'xsd:dateTime' },
  seasons: { leftOperand: 'col:season', operator: 'isAnyOf' },
  elapsed: { leftOperand: 'elapsedTime', operator: 'lteq', type: 'xsd:duration' },
  count: { leftOperand: 'count', operator: 'lteq' },
  media: { leftOperand: 'media', operator: 'isAnyOf' },
  modelFlopExponentMax: { leftOperand: 'col:modelFlopExponent', operator: 'lteq' },
  recipients: { leftOperand: 'recipient', operator: 'isAnyOf', type: '@id' },
  channels: { leftOperand: 'deliveryChannel', operator: 'isAnyOf' },
} as const satisfies Partial<Record<keyof RightsRule, Operand>>

/**
 * ODRL 2.2 as JSON-LD, in our profile: the whole of the rules, and the form that every other export falls short of. Each
 * rule keeps its place in `uid`. What a denial demands is a remedy, what a permission demands a duty; of contradicting
 * rules the prohibition wins, unless the document says otherwise. The paths of a site are refinements of its target.
 *
 * @example JSON.parse(exportOdrl(document).files[0].content).prohibition.length
 */
export function exportOdrl(document: RightsDocument): RightsExport {
  const of = (decision: RightsRule['decision']) =>
    document.rules.flatMap((rule, index) => (rule.decision === decision ? [ruleAsOdrl(rule, index, document)] : []))
  const [permission, prohibition] = [of('allow'), of('deny')]
  const policy = {
    '@context': CONTEXT,
    '@type': permission.length > 0 ? 'Offer' : 'Set',
    uid: document.id,
    profile: ODRL_PROFILE,
    conflict: document.conflict ?? 'prohibit',
    assigner: { uid: document.party, ...(document.partyName ? { 'col:name': document.partyName } : {}) },
    ...(document.contact ? { 'col:contact': document.contact } : {}),
    ...(document.policyUrl ? { 'col:policy': document.policyUrl } : {}),
    ...(permission.length > 0 ? { permission } : {}),
    ...(prohibition.length > 0 ? { prohibition } : {}),
  }
  const content = `${JSON.stringify(policy, null, 2)}\n`
  return {
    format: 'odrl',
    files: [{ path: 'policy.jsonld', mediaType: 'application/ld+json', content }],
    snippets: [],
    losses: [],
  }
}

function ruleAsOdrl(rule: RightsRule, index: number, document: RightsDocument): object {
  const constraint = Object.entries(OPERANDS).flatMap(([member, operand]) => {
    const value = rule[member as keyof typeof OPERANDS]
    return value === undefined ? [] : [constraintOf(operand, member === 'seasons' ? seasonsAsText(rule) : value)]
  })
  const duties = (rule.duties ?? []).map(dutyAsOdrl)
  return {
    uid: `${document.id}${document.id.includes('#') ? '-' : '#'}rule-${index}`,
    target: targetOf(document),
    action: shortName(rule.action),
    ...(constraint.length > 0 ? { constraint } : {}),
    ...(duties.length > 0 ? { [rule.decision === 'allow' ? 'duty' : 'remedy']: duties } : {}),
  }
}

function constraintOf({ leftOperand, operator, type }: Operand, value: unknown): object {
  if (type === '@id') return { leftOperand, operator, rightOperand: (value as string[]).map((id) => ({ '@id': id })) }
  return { leftOperand, operator, rightOperand: type ? { '@value': value, '@type': type } : value }
}

/** A season as an interval of days of a year, as ISO 8601 writes one. */
function seasonsAsText({ seasons = [] }: RightsRule): string[] {
  return seasons.map(({ from, until }) => `--${from}/--${until}`)
}

/** Names of ODRL itself need no prefix in its context. */
function shortName(name: string): string {
  return name.replace(/^odrl:/, '')
}

function targetOf({ target, paths }: RightsDocument): unknown {
  const source = target.kind === 'domain' ? `https://${target.id}/` : target.id
  const asset = { 'col:targetKind': target.kind, 'col:targetId': target.id }
  if (!paths) return { '@type': 'Asset', uid: source, ...asset }
  const refinement = [{ leftOperand: 'col:path', operator: 'isAnyOf', rightOperand: paths }]
  return { '@type': 'AssetCollection', source, refinement, ...asset }
}

const BEFORE_USE = { leftOperand: 'event', operator: 'lt', rightOperand: { '@id': 'odrl:policyUsage' } }

function dutyAsOdrl(duty: RightsDuty): object {
  const action = shortName(duty.action)
  switch (duty.action) {
    case 'odrl:compensate': {
      const rightOperand = { '@value': duty.pay.amount, '@type': 'xsd:decimal' }
      const unit = `${CURRENCIES}${duty.pay.currency}`
      const refinement = [{ leftOperand: 'payAmount', operator: 'eq', rightOperand, unit }]
      return {
        action: { 'rdf:value': { '@id': duty.action }, refinement },
        'col:per': duty.per,
        ...(duty.to ? { compensatedParty: duty.to } : {}),
      }
    }
    case 'odrl:attribute':
      return { action, ...(duty.text ? { 'col:creditText': duty.text } : {}) }
    case 'odrl:inform':
      return { action, ...(duty.party ? { informedParty: duty.party } : {}) }
    case 'odrl:obtainConsent':
      // Consent that is asked for afterwards is none.
      return { action, constraint: [BEFORE_USE], ...(duty.party ? { consentingParty: duty.party } : {}) }
    case 'cc:ShareAlike':
      return { action }
    case 'odrl:delete': {
      const rightOperand = { '@value': duty.after, '@type': 'xsd:duration' }
      return { action, constraint: [{ leftOperand: 'elapsedTime', operator: 'eq', rightOperand }] }
    }
  }
}

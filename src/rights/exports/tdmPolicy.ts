import { ruleCovers } from '../actions.ts'
import type { RightsDocument, RightsRule } from '../rules.ts'
import { conditionsOf, hasBegun, hasEnded } from './conditions.ts'
import { documentPaths, isPart } from './paths.ts'
import { isTerritory } from './territory.ts'

const CONTEXT = [
  'http://www.w3.org/ns/odrl.jsonld',
  { tdm: 'http://www.w3.org/ns/tdmrep#', vcard: 'http://www.w3.org/2006/vcard/ns#' },
]

/**
 * A TDM Policy: an ODRL Offer of the TDMRep profile. It has permissions only, so an offer is made only by a rule that
 * allows all mining, whose conditions the profile can say, and of which no other rule denies a part, but for those over
 * which it is an exception.
 */
export function tdmPolicy(
  document: RightsDocument,
  now: number,
  exceptions: ReadonlySet<number>,
): { policy?: object; offered: number[] } {
  const { rules } = document
  const offered = rules.flatMap((rule, index) =>
    isSayable(rule, now) && (exceptions.has(index) || !isPartlyDenied(rule, rules, now)) ? [index] : [],
  )
  if (offered.length === 0) return { offered }
  const policy = {
    '@context': CONTEXT,
    '@type': 'Offer',
    profile: 'http://www.w3.org/ns/tdmrep',
    uid: document.policyUrl ?? document.id,
    assigner: assignerOf(document),
    permission: offered.map((index) => permissionOf(document.rules[index]!, document)),
  }
  return { policy, offered }
}

function isSayable(rule: RightsRule, now: number): boolean {
  if (rule.decision !== 'allow' || rule.action !== 'tdm:mine' || !hasBegun(rule, now)) return false
  const sayable = ['purposes', 'territory', 'duties']
  if (!conditionsOf(rule).every((name) => sayable.includes(name))) return false
  if (rule.purposes && rule.purposes.join() !== 'col:research') return false
  if (!(rule.territory ?? []).every(isTerritory)) return false
  const duties = ['odrl:compensate', 'odrl:obtainConsent']
  return (rule.duties ?? []).every(({ action }) => duties.includes(action))
}

function isPartlyDenied(rule: RightsRule, rules: readonly RightsRule[], now: number): boolean {
  return rules.some(
    (other) => other.decision === 'deny' && !hasEnded(other, now) && ruleCovers(rule.action, other.action),
  )
}

function assignerOf({ party, partyName, contact }: RightsDocument): object {
  const web = contact?.startsWith('https:') ? { 'vcard:hasURL': contact } : {}
  const mail = contact?.startsWith('mailto:') ? { 'vcard:hasEmail': contact } : {}
  return { uid: party, ...(partyName ? { 'vcard:fn': partyName } : {}), ...mail, ...web }
}

/** What an offer is about; of a part of a site its addresses, for it would be wider otherwise. */
function targetOf(document: RightsDocument): string | string[] {
  const { kind, id } = document.target
  if (kind !== 'domain' || !isPart(document)) return id
  return documentPaths(document).paths.map((path) => `https://${id}${path}`)
}

function permissionOf(rule: RightsRule, document: RightsDocument): object {
  const territory = rule.territory?.includes('WORLD') ? [] : (rule.territory ?? [])
  const constraint = [
    ...(rule.purposes ? [{ leftOperand: 'purpose', operator: 'eq', rightOperand: { '@id': 'tdm:research' } }] : []),
    ...(territory.length > 0 ? [{ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: territory }] : []),
  ]
  const duty = (rule.duties ?? []).map((each) => {
    if (each.action !== 'odrl:compensate') {
      const party = each.action === 'odrl:obtainConsent' ? each.party : undefined
      return { action: 'obtainConsent', ...(party ? { consentingParty: party } : {}) }
    }
    const amount = { '@value': each.pay.amount, '@type': 'xsd:decimal' }
    const payAmount = { leftOperand: 'payAmount', operator: 'eq', rightOperand: amount, unit: each.pay.currency }
    const payee = each.to ? { compensatedParty: each.to } : {}
    return { action: 'compensate', constraint: [payAmount], 'tdm:per': each.per, ...payee }
  })
  return {
    target: targetOf(document),
    action: 'tdm:mine',
    ...(constraint.length > 0 ? { constraint } : {}),
    ...(duty.length > 0 ? { duty } : {}),
  }
}

import type { RightsDuty, RightsRule } from '../rules.ts'

/** What limits a rule beside its action, in words that a loss can quote. */
export type ConditionName =
  | 'purposes'
  | 'territory'
  | 'until'
  | 'seasons'
  | 'elapsed'
  | 'count'
  | 'media'
  | 'modelFlopExponentMax'
  | 'recipients'
  | 'channels'
  | 'duties'

const NAMES = [
  'purposes',
  'until',
  'seasons',
  'elapsed',
  'count',
  'media',
  'modelFlopExponentMax',
  'recipients',
  'channels',
  'duties',
] as const satisfies ConditionName[]

/** The conditions and duties of a rule that is in force. The whole world is no condition. */
export function conditionsOf(rule: RightsRule): ConditionName[] {
  const hasTerritory = rule.territory !== undefined && !rule.territory.includes('WORLD')
  return [...(hasTerritory ? ['territory' as const] : []), ...NAMES.filter((name) => rule[name] !== undefined)]
}

/** True when a rule that is in force holds whatever the use is, and asks for nothing. */
export function isPlain(rule: RightsRule): boolean {
  return conditionsOf(rule).length === 0
}

export function hasBegun({ from }: RightsRule, now: number): boolean {
  return from === undefined || Date.parse(from) <= now
}

export function hasEnded({ until }: RightsRule, now: number): boolean {
  return until !== undefined && Date.parse(until) <= now
}

/** A rule in one sentence for people: what a vocabulary with a place for free text can carry of it. */
export function describeRule(rule: RightsRule): string {
  const parts = [
    `${rule.action}: ${rule.decision === 'allow' ? 'allowed' : 'not allowed'}`,
    rule.purposes && `for ${rule.purposes.map(localName).join(' or ')}`,
    rule.territory && `in ${rule.territory.join(', ')}`,
    rule.from && `from ${rule.from}`,
    rule.until && `until ${rule.until}`,
    rule.seasons && `each year ${rule.seasons.map(({ from, until }) => `from ${from} to ${until}`).join(' and ')}`,
    rule.elapsed && `for at most ${rule.elapsed}`,
    rule.count && `at most ${rule.count} times`,
    rule.media && `as ${rule.media.join(' or ')}`,
    rule.modelFlopExponentMax && `in models trained with at most 10^${rule.modelFlopExponentMax} operations`,
    rule.recipients && `by ${rule.recipients.join(', ')}`,
    rule.channels && `on ${rule.channels.join(', ')}`,
    rule.duties &&
      `${rule.decision === 'allow' ? 'on condition to' : 'unless you'} ${rule.duties.map(describeDuty).join(' and ')}`,
  ]
  return `${parts.filter((part) => part !== undefined).join(' ')}.`
}

function describeDuty(duty: RightsDuty): string {
  switch (duty.action) {
    case 'odrl:compensate':
      return `pay ${duty.pay.amount} ${duty.pay.currency} ${duty.per === 'once' ? 'once' : `per ${duty.per}`}${duty.to ? ` to ${duty.to}` : ''}`
    case 'odrl:attribute':
      return duty.text ? `credit “${duty.text}”` : 'credit the author'
    case 'odrl:inform':
      return `inform ${duty.party ?? 'the rightsholder'}`
    case 'odrl:obtainConsent':
      return `ask ${duty.party ?? 'the rightsholder'} first`
    case 'cc:ShareAlike':
      return 'share alike'
    case 'odrl:delete':
      return `delete it after ${duty.after}`
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

import type { RightsDuty, RightsRule } from './rules.ts'

/** A text of `locales/` with its values filled in, and the language it is in. */
export interface Words {
  language: string
  t(key: string, values?: Record<string, string | number>): string
}

/** Rules in words, one sentence each, in their order. `conflict` says what wins where they contradict each other. */
export function sayRules(rules: readonly RightsRule[], words: Words, conflict?: string | null): string[] {
  return rules.map((rule) => sayRule(rule, words, conflict === 'perm' && isException(rule, rules)))
}

/** A yes beside a no to the same, which it overrides. */
function isException({ action, decision }: RightsRule, rules: readonly RightsRule[]): boolean {
  return decision === 'allow' && rules.some((other) => other.action === action && other.decision === 'deny')
}

function sayRule(rule: RightsRule, words: Words, isExceptional: boolean): string {
  const { t } = words
  const kind = rule.decision === 'deny' ? 'deny' : isExceptional ? 'exception' : 'allow'
  const conditions = conditionsOf(rule, words)
  const sentence = t(`rule.${kind}`, {
    action: t(`rule.action.${rule.action}`),
    conditions: conditions.map((condition) => `, ${condition}`).join(''),
  })
  if (!rule.duties) return sentence
  const duties = list(
    rule.duties.map((duty) => sayDuty(duty, words)),
    'conjunction',
    words,
  )
  return `${sentence} ${t(`rule.${rule.decision === 'deny' ? 'remedies' : 'duties'}`, { duties })}`
}

function conditionsOf(rule: RightsRule, words: Words): string[] {
  const { t } = words
  const any = (values: string[]) => list(values, 'disjunction', words)
  const said: (string | undefined)[] = [
    rule.purposes && any(rule.purposes.map((purpose) => t(`rule.purpose.${purpose}`))),
    rule.territory && t('rule.territory', { places: any(rule.territory.map((code) => sayPlace(code, words))) }),
    rule.from && t('rule.from', { day: sayMoment(rule.from, words) }),
    rule.until && t('rule.until', { day: sayEnd(rule.until, words) }),
    rule.seasons && any(rule.seasons.map((season) => saySeason(season, words))),
    rule.elapsed && t('rule.elapsed', { duration: sayDuration(rule.elapsed, words) }),
    rule.count === undefined ? undefined : t('rule.count', { count: rule.count }),
    rule.media && t('rule.media', { media: any(rule.media.map((medium) => t(`rule.media.${medium}`))) }),
    rule.modelFlopExponentMax === undefined ? undefined : t('rule.model', { exponent: rule.modelFlopExponentMax }),
    rule.recipients && t('rule.recipients', { recipients: any(rule.recipients) }),
    rule.channels && t('rule.channels', { channels: any(rule.channels) }),
  ]
  return said.filter((text) => text !== undefined)
}

function sayDuty(duty: RightsDuty, words: Words): string {
  const { t } = words
  switch (duty.action) {
    case 'odrl:compensate':
      return t('duty.pay', { amount: sayMoney(duty.pay, words), per: t(`duty.per.${duty.per}`) })
    case 'odrl:attribute':
      return duty.text === undefined ? t('duty.name') : t('duty.nameAs', { text: duty.text })
    case 'odrl:inform':
      return duty.party === undefined ? t('duty.inform') : t('duty.informParty', { party: duty.party })
    case 'odrl:obtainConsent':
      return duty.party === undefined ? t('duty.consent') : t('duty.consentOf', { party: duty.party })
    case 'cc:ShareAlike':
      return t('duty.shareAlike')
    case 'odrl:delete':
      return t('duty.delete', { duration: sayDuration(duty.after, words) })
  }
}

/** The name of a country, of a part of one by its code, or of a group of them. */
export function sayPlace(code: string, { language, t }: Words): string {
  if (code === 'EU' || code === 'EEA' || code === 'WORLD') return t(`place.${code}`)
  const [country, part] = code.split('-')
  const name = new Intl.DisplayNames(language, { type: 'region' }).of(country!) ?? country!
  return part === undefined ? name : `${name} (${code})`
}

/** An exact amount: it is never turned into a binary fraction. */
export function sayMoney({ amount, currency }: { amount: string; currency: string }, { language }: Words): string {
  const digits = amount.split('.')[1]?.length ?? 0
  const format = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits === 0 ? 0 : Math.max(2, digits),
    maximumFractionDigits: Math.max(2, digits),
  })
  return format.format(amount as Intl.StringNumericLiteral)
}

/** A day in words; the hour, too, where it is not the beginning of one. */
function sayMoment(moment: string, words: Words): string {
  const isDay = /T00:00:00(\.0+)?Z$/.test(moment)
  const day = dayFormat(words, true).format(new Date(moment))
  return isDay ? day : words.t('rule.hour', { day, hour: moment.slice(11, 16) })
}

/** The last day that counts: what ends at midnight ends with the day before. */
function sayEnd(moment: string, words: Words): string {
  if (!/T00:00:00(\.0+)?Z$/.test(moment)) return sayMoment(moment, words)
  return dayFormat(words, true).format(new Date(Date.parse(moment) - 1))
}

/** Days of each year, both included. */
export function saySeason({ from, until }: { from: string; until: string }, words: Words): string {
  return words.t('rule.season', { from: sayDay(from, words), until: sayDay(until, words) })
}

function sayDay(monthAndDay: string, words: Words): string {
  return dayFormat(words, false).format(new Date(`2024-${monthAndDay}T00:00:00Z`))
}

/** A day such as `2030-12-31`, in words. */
export function sayDate(day: string, words: Words): string {
  return dayFormat(words, true).format(new Date(day))
}

function dayFormat({ language }: Words, hasYear: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'long',
    ...(hasYear ? { year: 'numeric' as const } : {}),
    timeZone: 'UTC',
  })
}

const UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const

function sayDuration(duration: string, words: Words): string {
  const numbers = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    duration,
  )!
  const parts = UNITS.flatMap((unit, i) => {
    const count = numbers[i + 1]
    return count === undefined ? [] : [words.t(`duration.${unit}`, { count: Number(count) })]
  })
  return list(parts, 'conjunction', words)
}

function list(texts: string[], type: 'conjunction' | 'disjunction', { language }: Words): string {
  return new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type }).format(texts)
}

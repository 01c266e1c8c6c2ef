import type { RightsRule } from './rules.ts'

/**
 * Rules with the end of the terms that they stand in (ISO; null: none): each ends with its terms, or before. A rule that
 * would begin only afterwards never holds, and is left out.
 *
 * @example rulesInTime([{ action: 'tdm:mine', decision: 'allow' }], '2027-01-01T00:00:00Z')[0].until
 */
export function rulesInTime(rules: readonly RightsRule[], endsAt: string | null): RightsRule[] {
  if (endsAt === null) return [...rules]
  const ended = rules.map((rule) => ({ ...rule, until: earlier(rule.until, endsAt) }))
  return ended.filter(({ from, until }) => from === undefined || Date.parse(from) < Date.parse(until))
}

function earlier(until: string | undefined, endsAt: string): string {
  return until !== undefined && Date.parse(until) <= Date.parse(endsAt) ? until : endsAt
}

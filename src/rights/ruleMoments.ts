import type { RightsRule } from './rules.ts'

/**
 * The last moment until `at` (both ISO) at which a rule of these terms began or was over; undefined when there is none.
 *
 * @example lastRuleMoment('[{"action":"tdm:mine","decision":"deny","until":"2026-06-01T00:00:00.000Z"}]', '2026-07-01T00:00:00.000Z')
 */
export function lastRuleMoment(rules: string, at: string): string | undefined {
  if (!NAMES_OF_MOMENTS.some((name) => rules.includes(`"${name}":`))) return undefined
  const moments = (JSON.parse(rules) as RightsRule[]).flatMap((rule) => NAMES_OF_MOMENTS.map((name) => rule[name]))
  return moments
    .filter((moment) => moment !== undefined && moment <= at)
    .sort()
    .at(-1)
}

const NAMES_OF_MOMENTS = ['from', 'until'] as const

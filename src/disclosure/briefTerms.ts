import { ruleCovers, type Action, type RightsRule } from '../rights/index.ts'
import { isDay } from './code.ts'
import { USES, useLetters, type BriefTerms, type TermAnswer } from './terms.ts'

/**
 * Rules in brief, by what the rules themselves decide: `yes` or `no` where nothing more is asked, `conditional` where it
 * depends. The last day is the earliest on which a permission ends; a no that ends is told as conditional. A day that no
 * code can name is left out: what ends is told as conditional all the same.
 */
export function briefTerms(rules: readonly RightsRule[]): { terms: BriefTerms; until?: string } {
  const terms: BriefTerms = {}
  for (const letter of useLetters) {
    const answer = answerOf(rules, letter)
    if (answer) terms[letter] = answer
  }
  const ends = rules.flatMap(({ decision, until }) => (decision === 'allow' && until ? [until] : [])).sort()
  // The last whole day: a code that says a day less is safe, one that says a day more is not.
  const until = ends[0] && new Date(Date.parse(ends[0]) - 86_400_000 + 1).toISOString().slice(0, 10)
  return { terms, ...(until && isDay(until) && Object.keys(terms).length > 0 ? { until } : {}) }
}

function answerOf(rules: readonly RightsRule[], letter: keyof typeof USES): TermAnswer | undefined {
  const use = USES[letter]
  const isPurpose = use === 'commercial' || use === 'promotion'
  const concerned = rules.filter(({ action, purposes }) =>
    isPurpose ? purposes?.includes(`col:${use}`) && !isOfMachines(action) : ruleCovers(action, use as Action),
  )
  if (concerned.length === 0) return undefined
  const isPlain = ({ duties, ...rule }: RightsRule) =>
    !duties &&
    Object.keys(rule).every((key) => key === 'action' || key === 'decision' || (isPurpose && key === 'purposes'))
  const denied = concerned.filter(({ decision }) => decision === 'deny')
  if (denied.some((rule) => isPlain(rule) && !rule.until)) return 'no'
  if (denied.length > 0 || !concerned.some(isPlain)) return 'conditional'
  return 'yes'
}

function isOfMachines(action: string): boolean {
  return action.startsWith('col:') || action.startsWith('tdm:')
}

import { ruleCovers, type Action } from '../actions.ts'
import { isPlain } from '../exports/conditions.ts'
import type { RightsFinding } from '../exports/findings.ts'
import type { RightsRule } from '../rules.ts'
import type { Place } from './places.ts'

/** What every vocabulary of the web speaks about, the widest first. */
export const COMPARED = ['tdm:mine', 'col:trainAI', 'col:trainGenAI', 'col:aiInput', 'odrl:index'] as const

export type SiteDecision = 'allow' | 'deny' | 'unset' | 'unknown'

/**
 * What all places together say: a denial anywhere wins. Where something could not be understood, what is not denied is
 * unknown, and never a permission.
 */
export function decideTogether(places: readonly Place[]): Record<(typeof COMPARED)[number], SiteDecision> {
  const isUncertain = places.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
  const decide = (action: Action): SiteDecision => {
    const said = places.map((place) => decisionOf(place, action))
    if (said.some((each) => each?.decision === 'deny')) return 'deny'
    if (isUncertain) return 'unknown'
    return said.some((each) => each?.decision === 'allow' && !each.isConditional) ? 'allow' : 'unset'
  }
  return Object.fromEntries(COMPARED.map((action) => [action, decide(action)])) as ReturnType<typeof decideTogether>
}

function decisionOf(
  { rules }: Place,
  action: Action,
): { decision: 'allow' | 'deny'; isConditional: boolean } | undefined {
  const spoken = rules.filter((rule) => ruleCovers(rule.action, action))
  const winner = best(spoken, 'deny') ?? best(spoken, 'allow')
  return winner && { decision: winner.decision, isConditional: !isPlain(winner) }
}

function best(rules: readonly RightsRule[], decision: 'allow' | 'deny'): RightsRule | undefined {
  const fitting = rules.filter((rule) => rule.decision === decision)
  return fitting.find(isPlain) ?? fitting[0]
}

/** Pairs of places of which one allows what the other denies. */
export function findContradictions(places: readonly Place[]): RightsFinding[] {
  const findings: RightsFinding[] = []
  for (const allowing of places) {
    for (const denying of places) {
      if (allowing === denying) continue
      const pairs = COMPARED.map((action) => ({
        action,
        allowed: decisionOf(allowing, action),
        denied: decisionOf(denying, action),
      })).filter(({ allowed, denied }) => allowed?.decision === 'allow' && denied?.decision === 'deny')
      if (pairs.length === 0) continue
      const isConditional = pairs.every(({ allowed, denied }) => allowed!.isConditional || denied!.isConditional)
      findings.push({
        code: 'contradiction',
        severity: isConditional ? 'warning' : 'error',
        where: `${allowing.place}, ${denying.place}`,
        what: `${allowing.place} allows ${pairs.map(({ action }) => action).join(', ')}, ${denying.place} denies it`,
        remedy: 'Say the same in both; until then the denial counts.',
      })
    }
  }
  return findings
}

/** The places that could carry a denial of training and do not, when others do. */
export function findMissingPlaces(places: readonly Place[]): RightsFinding[] {
  const denies = (place: Place) =>
    (['col:trainAI', 'col:trainGenAI'] as const).some((action) => decisionOf(place, action)?.decision === 'deny')
  const carrying = places.filter(({ place }) => !['JSON-LD', 'rel=license'].includes(place))
  const saying = carrying.filter(denies)
  const silent = carrying.filter((place) => !denies(place) && place.rules.length === 0)
  if (saying.length === 0 || silent.length === 0) return []
  return [
    {
      code: 'missing_place',
      severity: 'note',
      where: silent.map(({ place }) => place).join(', '),
      what: `training is denied in ${saying.map(({ place }) => place).join(', ')} only`,
      remedy: 'Whoever reads other places does not see it; colophon rights export writes them all.',
    },
  ]
}

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
 * unknown, and never a permission; nor is what is kept from known crawlers by name.
 */
export function decideTogether(places: readonly Place[]): Record<(typeof COMPARED)[number], SiteDecision> {
  const isUncertain = places.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
  const decide = (action: Action): SiteDecision => {
    const said = places.map((place) => decisionOf(place, action))
    if (said.some((each) => each?.decision === 'deny')) return 'deny'
    if (isUncertain) return 'unknown'
    const isAllowed = places.some(
      ({ isFile }, index) => !isFile && said[index]?.decision === 'allow' && !said[index].isConditional,
    )
    if (!isAllowed) return 'unset'
    return places.some(({ withheld }) => withheld?.some((each) => ruleCovers(each, action))) ? 'unknown' : 'allow'
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

/** Pairs of places of which one allows what the other denies, and places that do both. */
export function findContradictions(places: readonly Place[]): RightsFinding[] {
  const findings = places.flatMap((place) => [
    ...withinPlace(place),
    ...withCrawlers(place, places),
    ...withDeed(place, places),
  ])
  for (const allowing of places) {
    for (const denying of places) {
      if (allowing === denying || (allowing.isFile && denying.isFile)) continue
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

/** A place that allows nothing but what it also denies. A narrower denial is an exception and contradicts nothing. */
function withinPlace({ place, rules, findings }: Place): RightsFinding[] {
  if (findings.some(({ code }) => code === 'said_both')) return []
  const plain = rules.filter(isPlain)
  const both = plain.filter(
    ({ action, decision }) =>
      decision === 'allow' && plain.some((other) => other.decision === 'deny' && ruleCovers(other.action, action)),
  )
  if (both.length === 0) return []
  const what = `${[...new Set(both.map(({ action }) => action))].join(', ')} is allowed and denied; taken as denied`
  return [{ code: 'said_both', severity: 'error', where: place, what, remedy: 'Say one.' }]
}

/** What is allowed and known crawlers for it are kept out by their names. */
function withCrawlers(robots: Place, places: readonly Place[]): RightsFinding[] {
  const withheld = (robots.withheld ?? []).filter((action) => decisionOf(robots, action)?.decision !== 'deny')
  return places.flatMap((allowing): RightsFinding[] => {
    const both = withheld.filter((action) => decisionOf(allowing, action)?.decision === 'allow')
    if (both.length === 0) return []
    const what = `${allowing.place} allows ${both.join(', ')}, and known crawlers for it may not fetch the page`
    const remedy = 'Say the same in both; until then it counts as unknown.'
    return [{ code: 'contradiction', severity: 'warning', where: `${allowing.place}, ${robots.place}`, what, remedy }]
  })
}

/** A deed says nothing about mining by name, and lets everybody copy: readers differ in what follows. */
function withDeed({ place, rules }: Place, places: readonly Place[]): RightsFinding[] {
  const copying = rules.some(({ action, decision }) => action === 'odrl:reproduce' && decision === 'allow')
  const denying = places.filter((each) => decisionOf(each, 'tdm:mine')?.decision === 'deny')
  if (!copying || denying.length === 0) return []
  const where = [place, ...denying.map((each) => each.place)].join(', ')
  const what = 'a licence lets everybody copy and says nothing about mining, which is reserved elsewhere'
  const remedy = 'Say beside the licence that mining is reserved; the reservation counts.'
  return [{ code: 'contradiction', severity: 'note', where, what, remedy }]
}

/** The places that could carry a denial of training and do not, when others do. */
export function findMissingPlaces(places: readonly Place[]): RightsFinding[] {
  const denies = (place: Place) =>
    (['col:trainAI', 'col:trainGenAI'] as const).some((action) => decisionOf(place, action)?.decision === 'deny')
  const carrying = places.filter(({ place, isFile }) => !isFile && !['JSON-LD', 'rel=license'].includes(place))
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

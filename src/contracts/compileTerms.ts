import { ruleCovers, type Action, type RightsRule } from '../rights/index.ts'
import { ACTIONS_OF_USE, CHAIN_USES, type ChainUse } from './uses.ts'
import { chainTerritories, type ChainTerms, type ChainTerritory, type UseMode } from './words.ts'

/** What terms on a chain cannot hold, and what stands there in its place: always less than what the rules let. */
export interface ChainLoss {
  use: ChainUse
  /** The place of the rule; nothing when it is about several. */
  rule?: number
  what: string
}

/** One use as rules leave it. */
interface Compiled {
  mode: UseMode
  territory: ChainTerritory
  from?: number
  until?: number
}

const NO: Compiled = { mode: 'no', territory: 'world' }
const MODES_NARROWEST_FIRST: readonly UseMode[] = ['no', 'byGrant', 'atAPrice', 'everybody']

/**
 * Rules as terms on a chain, and what does not fit. Nothing becomes wider: a condition that the chain has no word for makes
 * the use one that is granted each time by itself. `at` is the moment (ms since 1970) at which they are to be in force.
 */
export function compileTerms(
  rules: readonly RightsRule[],
  options: { grantsMayBeRevoked: boolean; licenseesMaySublicense: boolean; boughtDays: number; share: number },
  at: number,
): { terms: ChainTerms; losses: ChainLoss[] } {
  const losses: ChainLoss[] = []
  const compiled = new Map(CHAIN_USES.map((use) => [use, compileUse(rules, use, at, losses)]))
  const modes = Object.fromEntries([...compiled].map(([use, { mode }]) => [use, mode])) as ChainTerms['modes']
  const open = [...compiled].filter(([, { mode }]) => mode !== 'no')
  const territory = chainTerritories[Math.max(0, ...open.map(([, each]) => chainTerritories.indexOf(each.territory)))]!
  const ends = open.flatMap(([use, { until }]) => (use === 'promotion' || until === undefined ? [] : [until]))
  const expiry = ends.length > 0 ? Math.min(...ends) : undefined
  for (const [use, each] of open) {
    if (each.territory !== territory) losses.push({ use, what: `it is limited to ${territory}, as another use is` })
    const end = use === 'promotion' ? undefined : each.until
    if (expiry !== undefined && end !== expiry && use !== 'promotion')
      losses.push({ use, what: `it ends at ${new Date(expiry * 1000).toISOString()}, as another use does` })
  }
  const promotion = compiled.get('promotion')!
  const { from, until }: Partial<Compiled> = promotion.mode === 'no' ? {} : promotion
  return {
    terms: {
      modes,
      ...options,
      territory,
      ...(from === undefined ? {} : { promotionFrom: from }),
      ...(until === undefined ? {} : { promotionUntil: until }),
      ...(expiry === undefined ? {} : { expiry }),
    },
    losses,
  }
}

/** Of several actions the narrowest counts. */
function compileUse(rules: readonly RightsRule[], use: ChainUse, at: number, losses: ChainLoss[]): Compiled {
  const { actions, purpose } = ACTIONS_OF_USE[use]
  return narrowest(actions.map((action) => compileAction(rules, use, action, purpose, at, losses)))
}

const rank = ({ mode }: Compiled) => MODES_NARROWEST_FIRST.indexOf(mode)

function compileAction(
  rules: readonly RightsRule[],
  use: ChainUse,
  action: Action,
  purpose: string | undefined,
  at: number,
  losses: ChainLoss[],
): Compiled {
  const about = rules
    .map((rule, place) => ({ rule, place }))
    .filter(({ rule }) => ruleCovers(rule.action, action))
    .filter(({ rule }) => purpose === undefined || !rule.purposes || rule.purposes.includes(purpose as never))
  const denied = about.find(({ rule }) => rule.decision === 'deny')
  if (denied) {
    if (hasConditions(denied.rule, purpose)) lose(losses, use, denied.place, 'the no has conditions; here it has none')
    return NO
  }
  return narrowest(about.map(({ rule, place }) => compileAllow(rule, place, use, purpose, at, losses)))
}

/**
 * What all of several let: duties of every rule that allows are owed, so none of them may be left out. Without any, no.
 */
function narrowest(all: readonly Compiled[]): Compiled {
  const until = Math.min(...all.map((each) => each.until ?? Infinity))
  const from = Math.max(...all.map((each) => each.from ?? 0))
  if (all.length === 0 || from >= until) return NO
  return {
    mode: all.reduce((a, b) => (rank(b) < rank(a) ? b : a)).mode,
    territory: chainTerritories[Math.max(...all.map(({ territory }) => chainTerritories.indexOf(territory)))]!,
    ...(from > 0 ? { from } : {}),
    ...(until < Infinity ? { until } : {}),
  }
}

function compileAllow(
  rule: RightsRule,
  place: number,
  use: ChainUse,
  purpose: string | undefined,
  at: number,
  losses: ChainLoss[],
): Compiled {
  // A window is never longer than it was said.
  const [from, until] = [seconds(rule.from, Math.ceil), seconds(rule.until, Math.floor)]
  const isPromotion = use === 'promotion'
  if (until !== undefined && until * 1000 <= at) return NO
  const territory = territoryOf(rule.territory)
  const unheld = [
    ...(rule.purposes && purpose === undefined ? ['purposes'] : []),
    ...(territory === undefined ? ['territory'] : []),
    ...(from !== undefined && from * 1000 > at && !isPromotion ? ['from'] : []),
    ...(['seasons', 'elapsed', 'count', 'media', 'modelFlopExponentMax', 'recipients', 'channels'] as const).filter(
      (name) => rule[name] !== undefined,
    ),
    ...(rule.duties ?? []).flatMap(({ action }) => (action === 'odrl:compensate' ? [] : [action])),
  ]
  const times = {
    ...(isPromotion && from !== undefined ? { from } : {}),
    ...(until === undefined ? {} : { until }),
  }
  if (unheld.length > 0) {
    lose(losses, use, place, `${unheld.join(', ')}: no word for it, so it is granted each time by itself`)
    return { mode: 'byGrant', territory: territory ?? 'world', ...times }
  }
  const hasPrice = rule.duties?.some(({ action }) => action === 'odrl:compensate')
  if (hasPrice) lose(losses, use, place, 'the price stands in the offer, in the units of a token')
  return { mode: hasPrice ? 'atAPrice' : 'everybody', territory: territory!, ...times }
}

function lose(losses: ChainLoss[], use: ChainUse, rule: number, what: string): void {
  if (!losses.some((each) => each.use === use && each.rule === rule && each.what === what))
    losses.push({ use, rule, what })
}

function hasConditions(rule: RightsRule, purpose: string | undefined): boolean {
  const { action: _, decision: __, purposes, ...conditions } = rule
  return Object.keys(conditions).length > 0 || (purposes !== undefined && purpose === undefined)
}

function territoryOf(territory: RightsRule['territory']): ChainTerritory | undefined {
  if (!territory || territory.includes('WORLD')) return 'world'
  if (territory.includes('EEA')) return territory.length === 1 ? 'EEA' : undefined
  return territory.length === 1 && territory[0] === 'EU' ? 'EU' : undefined
}

/** A moment in whole seconds; a day counts from its first one. */
function seconds(moment: string | undefined, round: (value: number) => number): number | undefined {
  return moment === undefined ? undefined : round(Date.parse(moment) / 1000)
}

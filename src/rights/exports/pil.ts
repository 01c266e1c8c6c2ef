import { ruleCovers, type Action } from '../actions.ts'
import type { RightsDocument, RightsExport, RightsRule } from '../rules.ts'
import { conditionsOf, hasBegun, hasEnded, isPlain, type ConditionName } from './conditions.ts'
import { wholeLosses } from './losses.ts'

const NOBODY = '0x0000000000000000000000000000000000000000'
/** What every licence of this kind gives at least: to use the work without selling it. */
const BASE: Action[] = ['odrl:reproduce', 'odrl:distribute', 'odrl:display']
/** What is asked: use without commerce, any use, adapting, or whatever it is without a condition. */
type Sense = 'base' | 'commercial' | 'derive' | 'plain'
const SECONDS: Record<string, number> = { W: 604_800, D: 86_400, H: 3600, M: 60, S: 1 }

/**
 * Story's Programmable IP License as its terms: the part that a chain enforces and the part that it does not. Every such
 * licence lets its holder use the work without commerce, so nothing is written unless that is allowed. Everything that
 * is not said is `false`, which grants nothing. Prices need a token of a chain and are left to whoever registers.
 *
 * @example exportPil(document, Date.now()).files[0].path // 'pil-terms.json'
 */
export function exportPil(document: RightsDocument, now: number): RightsExport {
  const terms = new PilRules(document.rules, now)
  if (!terms.grants(BASE, 'base', false)) {
    return { format: 'story-pil', files: [], snippets: [], losses: wholeLosses(document.rules, 'pilBase') }
  }
  const onChain = onChainTerms(document, terms)
  const offChain = {
    territory: terms.territory,
    channelsOfDistribution: terms.channels,
    attribution: terms.hasDuty('odrl:attribute', 'base'),
    contentStandards: [],
    sublicensable: false,
    aiLearningModels: terms.grants(['col:trainAI'], 'plain', true),
    restrictionOnCrossPlatformUse: false,
    governingLaw: '',
    alternativeDisputeResolution: '',
    additionalParameters: {},
    PILUri: '',
  }
  const content = `${JSON.stringify({ onChain, offChain }, null, 2)}\n`
  return {
    format: 'story-pil',
    files: [{ path: 'pil-terms.json', mediaType: 'application/json', content }],
    snippets: [],
    losses: wholeLosses(document.rules, 'pilLess').filter(({ rule }) => !terms.carried.has(rule)),
  }
}

function onChainTerms(document: RightsDocument, terms: PilRules): object {
  const commercialUse = terms.grants(BASE, 'commercial', true)
  const derivativesAllowed = terms.grants(['odrl:derive'], 'derive', commercialUse)
  return {
    transferable: false,
    royaltyPolicy: NOBODY,
    defaultMintingFee: '0',
    expiration: String(terms.seconds ?? 0),
    commercialUse,
    commercialAttribution: terms.hasDuty('odrl:attribute', 'commercial'),
    commercializerChecker: NOBODY,
    commercializerCheckerData: '0x',
    commercialRevShare: 0,
    commercialRevCeiling: '0',
    derivativesAllowed,
    derivativesAttribution: terms.hasDuty('odrl:attribute', 'derive'),
    derivativesApproval: terms.hasDuty('odrl:obtainConsent', 'derive'),
    derivativesReciprocal: terms.hasDuty('cc:ShareAlike', 'derive'),
    derivativeRevCeiling: '0',
    currency: NOBODY,
    uri: document.policyUrl ?? '',
  }
}

/**
 * The permissions that share what PIL can say only once for all of them: territory, channels and time. A rule that
 * differs in any of these from the first permission is not carried.
 */
class PilRules {
  readonly carried = new Set<number>()
  readonly territory: string[]
  readonly channels: string[]
  readonly seconds: number | undefined
  readonly #rules: readonly RightsRule[]
  readonly #granting = new Map<Sense, number[]>()
  readonly #now: number
  readonly #shared: string

  constructor(rules: readonly RightsRule[], now: number) {
    this.#rules = rules
    this.#now = now
    const first = rules.find(({ action, decision }) => decision === 'allow' && BASE.includes(action))
    this.#shared = sharedOf(first)
    this.territory = first?.territory?.includes('WORLD') ? [] : (first?.territory ?? [])
    this.channels = first?.channels ?? []
    this.seconds = first?.elapsed === undefined ? undefined : secondsOf(first.elapsed)
  }

  /**
   * True when all of the actions are allowed in the sense asked for. The rules that say so are then carried, if the
   * licence grants them for every purpose (`isForAll`) or they ask for no more than use without commerce, and none of
   * them has a duty, which would be asked for all of them.
   */
  grants(actions: readonly Action[], sense: Sense, isForAll: boolean): boolean {
    const places = actions.map((action) => this.#find(action, sense))
    if (places.includes(-1)) return false
    this.#granting.set(sense, places)
    if (places.some((place) => this.#rules[place]!.duties)) return true
    for (const [index, place] of places.entries()) {
      const { action, purposes } = this.#rules[place]!
      const isWhole = isForAll || purposes?.join() === 'col:nonCommercial'
      if (action === actions[index] && isWhole) this.carried.add(place)
    }
    return true
  }

  /** The place of the rule that allows an action, or -1. */
  #find(action: Action, sense: Sense): number {
    const isDenied = this.#rules.some(
      (rule) =>
        rule.decision === 'deny' &&
        !hasEnded(rule, this.#now) &&
        (ruleCovers(rule.action, action) || ruleCovers(action, rule.action)),
    )
    if (isDenied) return -1
    return this.#rules.findIndex((rule) => ruleCovers(rule.action, action) && this.#isSayable(rule, sense))
  }

  /** True when one of the rules that grant something in a sense asks for it. */
  hasDuty(action: string, sense: Sense): boolean {
    const places = this.#granting.get(sense) ?? []
    return places.some((place) => this.#rules[place]!.duties?.some((duty) => duty.action === action))
  }

  #isSayable(rule: RightsRule, sense: Sense): boolean {
    if (rule.decision !== 'allow' || !hasBegun(rule, this.#now) || hasEnded(rule, this.#now)) return false
    if (sense === 'plain') return isPlain(rule) && this.#shared === sharedOf(undefined)
    const sayable: ConditionName[] = ['territory', 'channels', 'elapsed', 'purposes', 'duties']
    if (!conditionsOf(rule).every((name) => sayable.includes(name)) || sharedOf(rule) !== this.#shared) return false
    if (rule.elapsed !== undefined && secondsOf(rule.elapsed) === undefined) return false
    const duties = sense === 'derive' ? ['odrl:attribute', 'odrl:obtainConsent', 'cc:ShareAlike'] : ['odrl:attribute']
    if (!(rule.duties ?? []).every((duty) => duties.includes(duty.action) && !('text' in duty && duty.text)))
      return false
    // A holder may always use the work without commerce, so a permission for some purposes only would become wider.
    return rule.purposes === undefined || (sense === 'base' && rule.purposes.includes('col:nonCommercial'))
  }
}

function sharedOf(rule: RightsRule | undefined): string {
  const territory = rule?.territory?.includes('WORLD') ? [] : [...(rule?.territory ?? [])].sort()
  return JSON.stringify([territory, [...(rule?.channels ?? [])].sort(), rule?.elapsed ?? ''])
}

/** A duration without years and months, whose length in seconds depends on when they begin. */
function secondsOf(duration: string): number | undefined {
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration)
  if (!match) return undefined
  return ['W', 'D', 'H', 'M', 'S'].reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * SECONDS[unit]!, 0)
}

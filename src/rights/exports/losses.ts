import type { Action } from '../actions.ts'
import type { Words } from '../sayRules.ts'
import type { ConditionName } from './conditions.ts'

/** What of a rule is lost; a program may rely on these names, `loss.what.*` in `locales/` says them. */
export type LostPart =
  | 'whole'
  | 'permission'
  | 'permissionByWord'
  | 'partOfPermission'
  | 'actionAsWhole'
  | 'limit'
  | 'condition'
  | 'conditions'
  | 'silence'
  | 'creditText'
  | 'everybodyElse'
  | 'forSite'
  | 'withinSearch'
  | 'paths'
  | 'exception'

/** Why it is lost; `loss.why.*` says it. */
export type LossReason =
  | 'ended'
  | 'notBegun'
  | 'noWord'
  | 'cannotSay'
  | 'deniedElsewhere'
  | 'wordAllowsMore'
  | 'wordDeniesMore'
  | 'onlyWords'
  | 'reservesMore'
  | 'inWordsAllReserved'
  | 'inWordsNotAllowed'
  | 'oneValue'
  | 'policyOnly'
  | 'rslSilence'
  | 'rslOpen'
  | 'robotsNotWhatFor'
  | 'knownCrawlersOnly'
  | 'searchOverrides'
  | 'wholeSiteOnly'
  | 'siteOnly'
  | 'addressesOnly'
  | 'noPaths'
  | 'putThereOnly'
  | 'noDeed'
  | 'deedCredit'
  | 'pilBase'
  | 'pilLess'
  | 'onlyLinked'
  | 'nothingToLink'
  | 'labelOfCommunity'
  | 'noCopyright'
  | 'aboutCopyright'
  | 'noGoesFirst'

/** Something that the rules say and the vocabulary does not, by the rule's place in the list. */
export interface RightsLoss {
  rule: number
  what: LostPart
  why: LossReason
  /** Words of the vocabulary that it is about. */
  words?: string[]
  action?: Action
  conditions?: ConditionName[]
  /** When a rule ended or begins. */
  moment?: string
}

/** Every rule as a whole, for one reason. */
export function wholeLosses(rules: readonly unknown[], why: LossReason): RightsLoss[] {
  return rules.map((_, rule) => ({ rule, what: 'whole', why }))
}

/**
 * A loss in words: what is lost, and why.
 *
 * @example sayLoss(loss, words) // 'the whole rule: there is no word for it'
 */
export function sayLoss(
  { what, why, words = [], action, conditions = [], moment = '' }: RightsLoss,
  said: Words,
): string {
  const { t } = said
  const values = {
    words: words.join(', '),
    action: action === undefined ? '' : t(`rule.action.${action}`),
    conditions: conditions.map((name) => t(`loss.condition.${name}`)).join(', '),
    moment,
  }
  return `${t(`loss.what.${what}`, values)}: ${t(`loss.why.${why}`, values)}`
}

import { ruleCovers, type Action } from '../actions.ts'
import type { RightsRule } from '../rules.ts'
import { conditionsOf, hasBegun, hasEnded, isPlain } from './conditions.ts'
import type { RightsFinding, RightsReading } from './findings.ts'
import type { LossReason, LostPart, RightsLoss } from './losses.ts'

/** A word of a vocabulary that can only say yes, no or nothing about one action, perhaps without a part of it. */
export interface Word {
  name: string
  action: Action
  except?: Action
}

export type Said = Map<string, 'allow' | 'deny'>

/**
 * What each word may say for these rules at this moment (milliseconds), and what is lost by it. A no is said whenever a
 * rule in force denies any part of what the word means, under any condition: better too narrow than too wide. A yes is
 * said only when a rule without conditions and duties allows all of it and no rule, now or later, denies any part.
 *
 * @example flatten(rules, [{ name: 'ai-train', action: 'col:trainAI' }], Date.now()).said
 */
export function flatten(
  rules: readonly RightsRule[],
  words: readonly Word[],
  now: number,
): { said: Said; losses: RightsLoss[] } {
  const said: Said = new Map()
  for (const word of words) {
    const decision = decideWord(rules, word, now)
    if (decision) said.set(word.name, decision)
  }
  return { said, losses: rules.flatMap((_, rule) => lossesOf(rules, rule, words, said, now)) }
}

function decideWord(rules: readonly RightsRule[], word: Word, now: number): 'allow' | 'deny' | undefined {
  const denials = rules.filter((rule) => rule.decision === 'deny' && !hasEnded(rule, now) && touches(rule, word))
  if (denials.some((rule) => hasBegun(rule, now))) return 'deny'
  if (denials.length > 0) return undefined
  const isAllowed = rules.some((rule) => allowsFreely(rule, now) && ruleCovers(rule.action, word.action))
  return isAllowed ? 'allow' : undefined
}

function allowsFreely(rule: RightsRule, now: number): boolean {
  return rule.decision === 'allow' && hasBegun(rule, now) && !hasEnded(rule, now) && isPlain(rule)
}

/** True when the rule decides about any part of what the word means. */
function touches({ action }: RightsRule, word: Word): boolean {
  if (ruleCovers(action, word.action)) return true
  return ruleCovers(word.action, action) && !(word.except && ruleCovers(word.except, action))
}

function lossesOf(
  rules: readonly RightsRule[],
  rule: number,
  words: readonly Word[],
  said: Said,
  now: number,
): RightsLoss[] {
  const { action, decision } = rules[rule]!
  const standing = outOfForce(rules[rule]!, now)
  if (standing) return [{ rule, what: 'whole', ...standing }]
  const touched = words.filter((word) => touches(rules[rule]!, word))
  const names = touched.map(({ name }) => name)
  const lose: Lose = (what, why, more = {}) => ({ rule, what, why, ...more })
  if (touched.length === 0) return [lose('whole', 'noWord', { action })]
  const losses: RightsLoss[] = []
  if (decision === 'allow') {
    if (!isPlain(rules[rule]!)) {
      return [lose('permission', 'cannotSay', { words: names, conditions: conditionsOf(rules[rule]!) })]
    }
    for (const word of touched) {
      if (said.get(word.name) === 'allow' && ruleCovers(action, word.action)) continue
      const isDenied = rules.some((other) => other.decision === 'deny' && denies(other, word, now))
      if (said.get(word.name) === 'deny' && isDenied) continue
      const why = ruleCovers(action, word.action) ? 'deniedElsewhere' : 'wordAllowsMore'
      losses.push(lose('permissionByWord', why, { words: [word.name], action }))
    }
  } else {
    losses.push(...denialLosses(rules[rule]!, touched, lose))
  }
  if (!areWhole(action, touched)) losses.push(lose('actionAsWhole', 'onlyWords', { words: names, action }))
  return losses
}

type Lose = (what: LostPart, why: LossReason, more?: Pick<RightsLoss, 'words' | 'action' | 'conditions'>) => RightsLoss

/** True when the rule, as it stands, denies all that the word means. */
function denies(rule: RightsRule, word: Word, now: number): boolean {
  const isPlainNow = hasBegun(rule, now) && !hasEnded(rule, now) && conditionsOf(rule).length === 0
  return isPlainNow && ruleCovers(rule.action, word.action)
}

function denialLosses(rule: RightsRule, touched: readonly Word[], lose: Lose): RightsLoss[] {
  const losses = conditionsOf(rule).map((name) => lose('condition', 'reservesMore', { conditions: [name] }))
  for (const word of touched) {
    if (!ruleCovers(rule.action, word.action)) {
      losses.push(lose('limit', 'wordDeniesMore', { words: [word.name], action: rule.action }))
    }
  }
  return losses
}

/** Why a rule is not written at all at this moment. */
export function outOfForce(rule: RightsRule, now: number): Pick<RightsLoss, 'why' | 'moment'> | undefined {
  if (hasEnded(rule, now)) return { why: 'ended', moment: rule.until! }
  if (!hasBegun(rule, now)) return { why: 'notBegun', moment: rule.from! }
  return undefined
}

/** True when the words together say all of an action: one says it, and others the part that this one leaves out. */
function areWhole(action: Action, words: readonly Word[]): boolean {
  return words.some(({ action: spoken, except }) => {
    if (!ruleCovers(spoken, action) || (except && ruleCovers(except, action))) return false
    return except === undefined || !ruleCovers(action, except) || areWhole(except, words)
  })
}

/**
 * The rules that words say. A word without a part of its action becomes a rule only together with the word for that
 * part, because a rule about an action includes every part of it.
 */
export function rulesOfWords(words: readonly Word[], said: Said, where: string): RightsReading {
  const reading: RightsReading = { rules: [], findings: [] }
  for (const word of words) {
    const decision = said.get(word.name)
    if (!decision) continue
    const part = words.find(({ action }) => action === word.except)
    const partDecision = part && said.get(part.name)
    if (part && decision === 'allow' && !isKnownThroughout(part, words, said)) {
      reading.findings.push(widerFinding(word, part, where, 'not taken as a permission'))
      continue
    }
    if (part && decision === 'deny' && partDecision !== 'deny') {
      reading.findings.push(widerFinding(word, part, where, 'taken as denied together with it'))
    }
    reading.rules.push({ action: word.action, decision })
  }
  return reading
}

function isKnownThroughout(word: Word, words: readonly Word[], said: Said): boolean {
  if (said.get(word.name) === 'deny') return true
  if (!said.has(word.name)) return false
  const part = words.find(({ action }) => action === word.except)
  return !part || isKnownThroughout(part, words, said)
}

function widerFinding(word: Word, part: Word, where: string, effect: string): RightsFinding {
  return {
    code: 'wider_than_said',
    severity: 'warning',
    where,
    what: `${word.name} speaks about ${word.action} without ${part.action}, and ${part.name} does not say the same: ${effect}`,
    remedy: `Say ${part.name} as well.`,
  }
}

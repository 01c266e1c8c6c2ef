import { ruleCovers } from './actions.ts'
import { SPECIFICITY, counts, isInForce, type TermsEntry, type WorkAuthority } from './decideTerms.ts'
import type { RightsRule } from './rules.ts'
import { rulesInTime } from './rulesInTime.ts'

/** Why a rule that was said does not hold for a work. */
export type LeftOutWhy = 'publicDomain' | 'stranger' | 'moreSpecific' | 'saidBefore' | 'denied' | 'consentMissing'

/** What of one terms holds for a work, read beside everything else that was said about it. */
export interface EffectiveTerms {
  entry: TermsEntry
  rules: RightsRule[]
  leftOut: { rule: RightsRule; why: LeftOutWhy }[]
}

/**
 * What of terms can be told about a work on its own, for readers that know neither parties nor levels: where all that is
 * told must hold and every no counts, nothing is allowed, and nothing for less, that `decideTerms` does not allow. Where
 * that depends on the use the narrower is told. A rule ends with the terms it stands in. `at` is an ISO moment.
 *
 * @example effectiveTerms(entries, authority, '2026-06-01T00:00:00.000Z')[0].rules
 */
export function effectiveTerms(entries: readonly TermsEntry[], authority: WorkAuthority, at: string): EffectiveTerms[] {
  const parsed = entries
    .filter((entry) => isInForce(entry, at) && counts(entry, authority.parties))
    .map((entry) => ({ entry, rules: JSON.parse(entry.rules) as RightsRule[] }))
    .sort((a, b) => levelOf(a.entry) - levelOf(b.entry))
  const steps: ((rule: RightsRule, entry: TermsEntry, all: readonly Parsed[]) => LeftOutWhy | undefined)[] = [
    (rule, entry, all) => whyNot(rule, entry, all, authority),
    (rule, entry, all) => (isDenied(rule, entry, all, authority) ? 'denied' : undefined),
    (rule, entry, all) => (lacksConsent(rule, entry, all, authority) ? 'consentMissing' : undefined),
    (rule, entry, all) => whyDutiesAreLost(rule, entry, all),
    ({ decision }) => (decision === 'deny' && authority.isPublicDomain ? 'publicDomain' : undefined),
  ]
  const effective = steps.reduce<EffectiveTerms[]>(
    (all, step) => all.map((each) => keep(each, (rule) => step(rule, each.entry, all))),
    parsed.map((each) => ({ ...each, leftOut: [] })),
  )
  return effective.map((each) => ({ ...each, rules: rulesInTime(each.rules, each.entry.endsAt) }))
}

type Parsed = Pick<EffectiveTerms, 'entry' | 'rules' | 'leftOut'>

function keep(
  { entry, rules, leftOut }: EffectiveTerms,
  whyNotHere: (rule: RightsRule) => LeftOutWhy | undefined,
): EffectiveTerms {
  const judged = rules.map((rule) => ({ rule, why: whyNotHere(rule) }))
  return {
    entry,
    rules: judged.flatMap(({ rule, why }) => (why === undefined ? [rule] : [])),
    leftOut: [...leftOut, ...judged.flatMap(({ rule, why }) => (why === undefined ? [] : [{ rule, why }]))],
  }
}

function levelOf({ targetKind }: TermsEntry): number {
  return SPECIFICITY.indexOf(targetKind)
}

function whyNot(
  rule: RightsRule,
  entry: TermsEntry,
  all: readonly Parsed[],
  authority: WorkAuthority,
): LeftOutWhy | undefined {
  const own = all.filter((other) => other.entry.party === entry.party && other.entry !== entry)
  const above = own.filter((other) => levelOf(other.entry) < levelOf(entry))
  if (rule.decision === 'deny')
    return above.some((other) => allowsWhatever(other.rules, rule)) ? 'moreSpecific' : undefined
  if (!authority.parties.has(entry.party)) return 'stranger'
  // More specific terms speak first, perhaps for a price, so a yes beside them may be wider than what is decided.
  if (above.some(({ rules }) => rules.some((other) => touches(other, rule)))) return 'moreSpecific'
  const place = all.findIndex((other) => other.entry === entry)
  const before = own.filter((other) => levelOf(other.entry) === levelOf(entry) && all.indexOf(other) < place)
  const isSaid = ({ rules }: Parsed) => rules.some((other) => other.decision === 'allow' && touches(other, rule))
  return before.some(isSaid) ? 'saidBefore' : undefined
}

/** True when rules allow all that a denial is about, whatever the use is, so that the denial is never reached. */
function allowsWhatever(rules: readonly RightsRule[], denial: RightsRule): boolean {
  const isAllowed = rules.some(
    (rule) => rule.decision === 'allow' && isUnconditional(rule) && ruleCovers(rule.action, denial.action),
  )
  return isAllowed && !rules.some((rule) => rule.decision === 'deny' && touches(rule, denial))
}

/** By other terms; and by its own, where their no will not be told because nobody may reserve the work. */
function isDenied(
  rule: RightsRule,
  entry: TermsEntry,
  all: readonly Parsed[],
  { isPublicDomain }: WorkAuthority,
): boolean {
  if (rule.decision === 'deny') return false
  const isOwnNo = isPublicDomain && entry.conflict !== 'perm'
  return all.some(
    (other) =>
      (isOwnNo || other.entry !== entry) && other.rules.some((each) => each.decision === 'deny' && touches(each, rule)),
  )
}

function lacksConsent(
  rule: RightsRule,
  entry: TermsEntry,
  all: readonly Parsed[],
  { mustConsent }: WorkAuthority,
): boolean {
  if (rule.decision === 'deny') return false
  const agrees = (party: string) =>
    all.some(
      (other) =>
        other.entry.party === party &&
        other.rules.some(
          (each) => each.decision === 'allow' && isUnconditional(each) && ruleCovers(each.action, rule.action),
        ),
    )
  return mustConsent.some((party) => party !== entry.party && !agrees(party))
}

/** What another party asks for, in a permission that cannot be told, would not be asked for in one that is told alone. */
function whyDutiesAreLost(rule: RightsRule, entry: TermsEntry, all: readonly Parsed[]): LeftOutWhy | undefined {
  if (rule.decision === 'deny') return undefined
  return all
    .filter((other) => other.entry.party !== entry.party)
    .flatMap(({ leftOut }) => leftOut)
    .find(({ rule: left, why }) => why !== 'stranger' && left.duties !== undefined && touches(left, rule))?.why
}

function touches(one: RightsRule, other: RightsRule): boolean {
  return ruleCovers(one.action, other.action) || ruleCovers(other.action, one.action)
}

/** Duties are no condition of whether a rule speaks. */
function isUnconditional(rule: RightsRule): boolean {
  return Object.keys(rule).every((member) => NO_CONDITIONS.has(member))
}

const NO_CONDITIONS: ReadonlySet<string> = new Set(['action', 'decision', 'duties'])

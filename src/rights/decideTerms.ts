import { isoTime } from '../foundation/index.ts'
import { actionAndWider, actions, type Action } from './actions.ts'
import { compileRules } from './compile.ts'
import type { Context } from './odrl/constraints.ts'
import { evaluateTerms, type DutyReport } from './odrl/evaluate.ts'
import { EMPTY_WORLD, type OdrlRequest, type Value, type World } from './odrl/types.ts'
import { ODRL, COL, expand } from './odrl/vocabulary.ts'
import type { Purpose } from './rules.ts'

export type Decision = 'allow' | 'deny' | 'unset'

/** What is asked: an action with a work, and what is known of the use. What is not said is not assumed. */
export interface UseRequest {
  work: string
  action: Action
  /** Milliseconds since 1970. */
  at: number
  licensee?: string
  purposes?: Purpose[]
  /** Where: ISO 3166. */
  territory?: string
  media?: string
  modelFlopExponent?: number
  recipient?: string
  channel?: string
  /** What was done before, and duties that are known to be fulfilled. */
  world?: Pick<World, 'performed' | 'dutyStates'>
}

/** Terms or a grant that may speak about a work. */
export interface TermsEntry {
  id: string
  party: string
  targetKind: string
  rules: string
  conflict: string | null
  validFrom: string
  /** The moment from which it is over, whether it ended, was revoked or replaced. */
  endsAt: string | null
  /** What a community's label forbids: that is no reservation of rights. */
  isLabel?: true
}

/** Whose word counts for a work. */
export interface WorkAuthority {
  /** The declarer and the creators it names. */
  parties: ReadonlySet<string>
  /** Those without whose own yes nothing is allowed. */
  mustConsent: readonly string[]
  isPublicDomain: boolean
}

export interface Reason {
  id: string
  party: string
  decision: Decision
  targetKind: string
  because: string
  /** What a permission demands, and what is known of it. */
  duties?: DutyReport[]
}

export interface TermsAnswer {
  decision: Decision
  reasons: Reason[]
  /** Terms of one party, for one kind of target, that contradict each other: that is a no. */
  conflicts: { party: string; targetKind: string; terms: string[] }[]
  /** Parties whose yes is needed and is not there. */
  missingConsent: string[]
}

/** From the most specific target to the least; among terms of one party the first that speaks wins. */
export const SPECIFICITY = ['work', 'set', 'domain', 'party']

/**
 * The decision of all terms and grants that are given. Terms of one party: the most specific that speaks; equal ones
 * that contradict each other are a no. Terms of different parties all must hold. A grant lifts only its licensor's no.
 */
export function decideTerms(
  terms: readonly TermsEntry[],
  grants: readonly TermsEntry[],
  authority: WorkAuthority,
  request: UseRequest,
): TermsAnswer {
  const at = isoOf(request.at)
  let asked: Context | undefined
  // What is asked is put into the words of ODRL only where a rule has conditions.
  const need = () =>
    (asked ??= {
      request: odrlRequestOf(request),
      world: { ...EMPTY_WORLD, ...request.world, at: request.at },
      at: request.at,
    })
  const look = (entry: TermsEntry) => entryDecision(entry, need, request.action)
  const reasons: Reason[] = []
  const conflicts: TermsAnswer['conflicts'] = []
  const held = new Set<string>()
  const inForce = terms.filter((entry) => isInForce(entry, at) && counts(entry, authority.parties))
  for (const [party, own] of groupByParty(inForce)) {
    for (const targetKind of SPECIFICITY) {
      const speaking: { entry: TermsEntry; decision: Decision; duties: DutyReport[] }[] = []
      for (const entry of own) {
        if (entry.targetKind !== targetKind) continue
        const { decision, duties } = look(entry)
        if (decision !== 'unset') speaking.push({ entry, decision, duties })
      }
      if (speaking.length === 0) continue
      const denying = speaking.filter(({ decision }) => decision === 'deny')
      if (denying.length > 0 && denying.length < speaking.length)
        conflicts.push({ party, targetKind, terms: speaking.map(({ entry }) => entry.id) })
      const { entry, decision, duties } = denying[0] ?? speaking[0]!
      // A stranger's yes says nothing.
      if (decision === 'deny' || authority.parties.has(party))
        reasons.push({
          id: entry.id,
          party,
          decision,
          targetKind,
          because: `terms of ${party} for the ${targetKind}`,
          ...withDuties(duties),
        })
      // The label of a community that has a say holds, whoever may copy.
      if (entry.isLabel && authority.parties.has(party)) held.add(entry.id)
      break
    }
  }
  for (const grant of grants) {
    if (!isInForce(grant, at)) continue
    const { decision, duties } = look(grant)
    if (decision !== 'allow') continue
    const denied = reasons.findIndex(({ party, decision: said }) => party === grant.party && said === 'deny')
    if (denied >= 0) reasons.splice(denied, 1)
    // Whoever has no say over the work may lift a no of its own, such as a community that of its label; that is no yes.
    if (!authority.parties.has(grant.party)) continue
    const because = `grant of ${grant.party}`
    reasons.push({
      id: grant.id,
      party: grant.party,
      decision,
      targetKind: grant.targetKind,
      because,
      ...withDuties(duties),
    })
  }
  // Nobody may reserve what is in the public domain.
  const effective = authority.isPublicDomain
    ? reasons.filter(({ id, decision }) => decision !== 'deny' || held.has(id))
    : reasons
  const said = (decision: Decision) => effective.some((reason) => reason.decision === decision)
  const missingConsent =
    said('allow') && !said('deny')
      ? authority.mustConsent.filter(
          (party) => !effective.some((reason) => reason.party === party && reason.decision === 'allow'),
        )
      : []
  const decision = said('deny') ? 'deny' : said('allow') && missingConsent.length === 0 ? 'allow' : 'unset'
  return { decision, reasons: effective, conflicts: authority.isPublicDomain ? [] : conflicts, missingConsent }
}

/**
 * Whose terms count. Anyone's no for the work itself does: whoever declared it first need not be the right one, and a no
 * that is wrong does less harm than a yes that is. A yes, and terms for a whole domain, count only from the declarer
 * and the creators it names.
 */
export function counts({ party, targetKind }: TermsEntry, authorities: ReadonlySet<string>): boolean {
  return authorities.has(party) || targetKind === 'work' || targetKind === 'set'
}

function withDuties(duties: DutyReport[]): Pick<Reason, 'duties'> {
  return duties.length > 0 ? { duties } : {}
}

function groupByParty(entries: readonly TermsEntry[]): Iterable<[string, readonly TermsEntry[]]> {
  return entries.length === 1 ? [[entries[0]!.party, entries]] : Map.groupBy(entries, ({ party }) => party)
}

const UNSET: { decision: Decision; duties: DutyReport[] } = { decision: 'unset', duties: [] }

/** What one statement says of the request, by its own strategy for rules that contradict each other. */
function entryDecision({ rules, conflict }: TermsEntry, need: () => Context, action: Action): typeof UNSET {
  const covering = COVERING[action]
  let [isAllowed, isDenied] = [false, false]
  let duties = UNSET.duties
  for (const rule of compileRules(rules)) {
    if (!covering.includes(rule.actions[0]!.id)) continue
    const isAllowing = rule.kind === 'permission'
    if (rule.constraints.length > 0 || rule.duties.length > 0) {
      const report = evaluateTerms(rule, need(), UNKNOWN_PROHIBITS)
      if (!report.isActive) continue
      if (isAllowing && report.duties.length > 0) duties = [...duties, ...report.duties]
    }
    if (isAllowing) isAllowed = true
    else isDenied = true
  }
  if (isDenied)
    return {
      decision: isAllowed && conflict === 'perm' ? 'allow' : 'deny',
      duties: isAllowed && conflict === 'perm' ? duties : [],
    }
  return isAllowed ? { decision: 'allow', duties } : UNSET
}

const UNKNOWN_PROHIBITS = { unknownProhibits: true }

/** The IRIs of each action and of all that include it. */
const COVERING = Object.fromEntries(actions.map((action) => [action, actionAndWider(action).map(expand)])) as Record<
  Action,
  string[]
>

let lastMoment = { at: NaN, text: '' }

/** Many decisions are about one moment. */
function isoOf(at: number): string {
  if (lastMoment.at !== at) lastMoment = { at, text: isoTime(at) }
  return lastMoment.text
}

function odrlRequestOf(request: UseRequest): OdrlRequest {
  const parameters = new Map<string, Value[]>()
  const say = (operand: string, values: Value[] | undefined) => values && parameters.set(operand, values)
  say(
    `${ODRL}purpose`,
    request.purposes?.map((purpose) => ({ iri: expand(purpose) })),
  )
  say(`${ODRL}spatial`, request.territory === undefined ? undefined : [{ text: request.territory }])
  say(`${ODRL}media`, request.media === undefined ? undefined : [{ text: request.media }])
  say(`${ODRL}recipient`, request.recipient === undefined ? undefined : [{ iri: request.recipient }])
  say(`${ODRL}deliveryChannel`, request.channel === undefined ? undefined : [{ text: request.channel }])
  say(
    `${COL}modelFlopExponent`,
    request.modelFlopExponent === undefined ? undefined : [{ text: String(request.modelFlopExponent) }],
  )
  return {
    id: request.work,
    action: expand(request.action),
    target: request.work,
    ...(request.licensee ? { assignee: request.licensee } : {}),
    parameters,
    at: request.at,
  }
}

export function isInForce({ validFrom, endsAt }: TermsEntry, at: string): boolean {
  return validFrom <= at && (endsAt === null || at < endsAt)
}

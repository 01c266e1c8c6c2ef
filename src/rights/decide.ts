import { isoTime, type Queries } from '../foundation/index.ts'
import { findWork, readWorkDetails } from '../register/index.ts'
import { ruleCovers, type Action } from './actions.ts'
import { isPublicDomain } from './publicDomain.ts'
import { findGrants, findTerms } from './store.ts'

export type Decision = 'allow' | 'deny' | 'unset'

/** What the law may say beside the decision. It never changes it. */
export interface LegalNote {
  jurisdiction: string
  provision: string
  reviewedBy: string
  date: string
}

export interface DecisionAnswer {
  decision: Decision
  /** The terms and grants that led to it. */
  reasons: { id: string; party: string; decision: Decision; targetKind: string; because: string }[]
  legalNote: LegalNote
}

const LEGAL_NOTE: LegalNote = {
  jurisdiction: 'EU',
  provision:
    'Directive (EU) 2019/790, Articles 3 and 4: research organisations may mine for scientific research whatever is decided here',
  reviewedBy: 'not reviewed by a lawyer',
  date: '2026-11-24',
}

/** From the most specific target to the least; among terms of one party the first that speaks wins. */
const SPECIFICITY = ['work', 'set', 'domain', 'party']

/**
 * May this action be done with this work, by this licensee, at this time?
 * Terms of different parties all must hold: one no is a no. What nobody spoke about is `unset`.
 */
export async function decide(
  queries: Queries,
  request: { work: string; action: Action; licensee?: string; at: number },
): Promise<DecisionAnswer | undefined> {
  const work = await findWork(queries, request.work)
  if (!work) return undefined
  const at = isoTime(request.at)
  const { urls, creators } = await readWorkDetails(queries, work.id)
  const targets = [
    { kind: 'work', id: work.id },
    ...(work.collection ? [{ kind: 'set', id: work.collection }] : []),
    ...urls.flatMap(({ host }) => parentDomains(host)).map((id) => ({ kind: 'domain', id })),
    ...[...new Set([work.party, ...creators.flatMap(({ party }) => party ?? [])])].map((id) => ({ kind: 'party', id })),
  ]
  const authorities = new Set([work.party, ...creators.flatMap(({ party }) => party ?? [])])
  const terms = (await findTerms(queries, targets)).filter((row) => isInForce(row, at) && counts(row, authorities))
  const spoken = mostSpecificPerParty(terms, request.action).filter(
    ({ row, decision }) => decision === 'deny' || authorities.has(row.party),
  )
  const grants = request.licensee
    ? (await findGrants(queries, request.licensee, targets)).filter((row) => isInForce(row, at))
    : []
  const reasons = spoken.map(({ row, decision }) => ({
    id: row.id,
    party: row.party,
    decision,
    targetKind: row.target_kind,
    because: `terms of ${row.party} for the ${row.target_kind}`,
  }))
  for (const grant of grants) {
    if (!authorities.has(grant.licensor)) continue
    if (!grant.actions.split(' ').some((granted) => ruleCovers(granted as Action, request.action))) continue
    const denied = reasons.findIndex(({ party, decision }) => party === grant.licensor && decision === 'deny')
    if (denied >= 0) reasons.splice(denied, 1)
    reasons.push({
      id: grant.id,
      party: grant.licensor,
      decision: 'allow',
      targetKind: grant.target_kind,
      because: `grant of ${grant.licensor}`,
    })
  }
  const effective = isPublicDomain(work.rights_statement)
    ? reasons.filter(({ decision }) => decision !== 'deny')
    : reasons
  return { decision: combine(effective.map(({ decision }) => decision)), reasons: effective, legalNote: LEGAL_NOTE }
}

/**
 * Whose terms count. Anyone's no for the work itself does: whoever declared it first need not be the right one, and a no
 * that is wrong does less harm than a yes that is. A yes, and terms for a whole domain, count only from the declarer
 * and the creators it names.
 */
function counts(row: TermsRow, authorities: ReadonlySet<string>): boolean {
  return authorities.has(row.party) || row.target_kind === 'work' || row.target_kind === 'set'
}

/** A no wins over any yes; nothing said is unset. */
function combine(decisions: readonly Decision[]): Decision {
  if (decisions.includes('deny')) return 'deny'
  return decisions.includes('allow') ? 'allow' : 'unset'
}

type TermsRow = Awaited<ReturnType<typeof findTerms>>[number]

function mostSpecificPerParty(terms: readonly TermsRow[], action: Action): { row: TermsRow; decision: Decision }[] {
  const byParty = new Map<string, { row: TermsRow; decision: Decision }>()
  for (const row of terms) {
    const decision = decisionOf(row, action)
    if (decision === 'unset') continue
    const known = byParty.get(row.party)
    const rank = SPECIFICITY.indexOf(row.target_kind)
    const knownRank = known ? SPECIFICITY.indexOf(known.row.target_kind) : Infinity
    // Of equally specific terms of one party the later replaces the earlier: a party may change its mind.
    if (rank <= knownRank) byParty.set(row.party, { row, decision })
  }
  return [...byParty.values()]
}

function decisionOf(row: TermsRow, action: Action): Decision {
  const rules = JSON.parse(row.rules) as { action: Action; decision: 'allow' | 'deny' }[]
  return combine(rules.filter((rule) => ruleCovers(rule.action, action)).map(({ decision }) => decision))
}

function isInForce(
  row: { valid_from: string; valid_until: string | null; revoked_from: string | null },
  at: string,
): boolean {
  return (
    row.valid_from <= at &&
    (row.valid_until === null || at < row.valid_until) &&
    (row.revoked_from === null || at < row.revoked_from)
  )
}

function parentDomains(host: string): string[] {
  const labels = host.split('.')
  return labels.slice(0, -1).map((_, start) => labels.slice(start).join('.'))
}

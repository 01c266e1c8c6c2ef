import { isoTime, type Queries } from '../foundation/index.ts'
import { findWork, readWorkDetails } from '../register/index.ts'
import { actions, type Action } from './actions.ts'
import { decideTerms, type TermsAnswer, type TermsEntry, type UseRequest } from './decideTerms.ts'
import { findLabels, isApproved, termsOfLabels, type LabelRow } from './labelStore.ts'
import { legalNotes, type LegalNote } from './legalNotes.ts'
import { findGrants, findTerms } from './store.ts'
import { isFreeWork } from './publicDomain.ts'
import { asReaching, authorityOf, readTakenBack } from './takenBack.ts'

/** A label or notice that travels with every answer about the work. */
export interface LabelNote {
  id: string
  code: string
  community: string
  communityName: string | null
  name: string | null
  text: string | null
  url: string | null
  benefitSharing: string | null
  isApproved: boolean
  /** How many parties vouch for the community: anyone can call themselves one. */
  vouchedBy: number
}

export interface DecisionAnswer extends TermsAnswer {
  /** From when (ISO) the declaration of the work is taken back; null while it stands. */
  takenBackFrom: string | null
  labels: LabelNote[]
  legalNote: LegalNote
  /** All that may be said beside the decision. */
  legalNotes: LegalNote[]
}

/**
 * May this be done with this work? `unset` when nobody who may speak for it has spoken. Undefined when there is no such
 * work.
 */
export async function decide(queries: Queries, request: UseRequest): Promise<DecisionAnswer | undefined> {
  const work = await findWork(queries, request.work)
  if (!work) return undefined
  const { parties, creators, targets } = await readReach(queries, work)
  const at = isoTime(request.at)
  const takenBack = await readTakenBack(queries, work, at)
  const own = (await findTerms(queries, targets)).map((row) => asReaching(termsEntryOf(row), takenBack))
  const labels = await findLabels(queries, targets, at)
  const grants = request.licensee ? (await findGrants(queries, request.licensee, targets)).map(grantEntryOf) : []
  const isFree = takenBack === undefined && (await isFreeWork(queries, work, at))
  const authority = authorityOf(parties, creators, isFree)
  const notes = legalNotes(request.action)
  // A label is its community's no until it grants, and never a say over the work: anyone can call themselves a community.
  const answer = decideTerms([...own, ...termsOfLabels(labels)], grants, authority, request)
  const takenBackFrom = takenBack?.from ?? null
  return { ...answer, takenBackFrom, labels: labels.map(labelNote), legalNote: notes[0]!, legalNotes: notes }
}

/** Who has a say over a work, and everything that terms which reach it can be attached to. */
export async function readReach(queries: Queries, work: { id: string; party: string; collection: string | null }) {
  const { urls, ...details } = await readWorkDetails(queries, work.id)
  const creators = details.creators.map(({ party, must_consent }) => ({ party, mustConsent: must_consent === 1n }))
  const parties = new Set([work.party, ...creators.flatMap(({ party }) => party ?? [])])
  const targets = [
    { kind: 'work', id: work.id },
    ...(work.collection ? [{ kind: 'set', id: work.collection }] : []),
    ...urls.flatMap(({ host }) => parentDomains(host)).map((id) => ({ kind: 'domain', id })),
    ...[...parties].map((id) => ({ kind: 'party', id })),
  ]
  return { parties, creators, targets }
}

/** Actions that are told of every work; the others are when somebody has spoken about them. */
const TOLD_ALWAYS: readonly Action[] = ['tdm:mine', 'col:trainAI', 'col:trainGenAI']

/** The decisions on a work that are worth telling, in the order of the actions. */
export async function decideAll(queries: Queries, work: string, at: number) {
  const decided = []
  for (const action of actions) {
    const answer = (await decide(queries, { work, action, at }))!
    if (answer.decision !== 'unset' || TOLD_ALWAYS.includes(action)) decided.push({ action, answer })
  }
  return decided
}

function labelNote(row: LabelRow): LabelNote {
  const { name = null, text = null, url = null, benefitSharing = null } = row.details
  return {
    id: row.id,
    code: row.code,
    community: row.party,
    communityName: row.party_name,
    name,
    text,
    url,
    benefitSharing,
    isApproved: isApproved(row),
    vouchedBy: Number(row.vouches),
  }
}

export function termsEntryOf(row: Awaited<ReturnType<typeof findTerms>>[number]): TermsEntry {
  return {
    id: row.id,
    party: row.party,
    targetKind: row.target_kind,
    rules: row.rules,
    conflict: row.conflict,
    validFrom: row.valid_from,
    endsAt: earliest(row.valid_until, row.revoked_from, row.replaced_from),
  }
}

export function grantEntryOf(row: Awaited<ReturnType<typeof findGrants>>[number]): TermsEntry {
  return {
    id: row.id,
    party: row.licensor,
    targetKind: row.target_kind,
    rules: row.rules ?? JSON.stringify(row.actions.split(' ').map((action) => ({ action, decision: 'allow' }))),
    conflict: null,
    validFrom: row.valid_from,
    endsAt: earliest(row.valid_until, row.revoked_from),
  }
}

function earliest(...moments: (string | null)[]): string | null {
  return moments.reduce(
    (first, moment) => (moment !== null && (first === null || moment < first) ? moment : first),
    null,
  )
}

/** A host and the domains above it, but for the top one. */
export function parentDomains(host: string): string[] {
  const labels = host.split('.')
  return labels.slice(0, -1).map((_, start) => labels.slice(start).join('.'))
}

import type { Queries } from '../foundation/index.ts'
import type { RightsRule } from './rules.ts'

/** Where a proposal stands. `over`: nobody answered in time, which is a no like any other. */
export type ConsentState = 'open' | 'countered' | 'accepted' | 'refused' | 'takenBack' | 'over'

interface Answered {
  id: string
  party: string
  answer: 'accept' | 'refuse'
  recordedAt: string
  logIndex: number
}

export interface Consent {
  id: string
  state: ConsentState
  /** Who proposes, and who is asked. */
  proposer: string
  other: string
  licensor: string
  licensee: string
  target: { kind: string; id: string }
  rules: RightsRule[]
  purpose: string | null
  benefit: string | null
  harm: string | null
  /** The moment from which no answer is a no. */
  answerBy: string | null
  validFrom: string
  validUntil: string | null
  inReplyTo: string | null
  recordedAt: string
  logIndex: number
  answer: Answered | null
  /** What was taken back, and from when on: the proposal or the answer to it. */
  takenBack: { target: string; effectiveFrom: string; logIndex: number } | null
  /** Counter-proposals, the oldest first. */
  replies: string[]
}

/** One proposal and where it stands at a moment; undefined when there is none that anybody may read. */
export async function readConsent(queries: Queries, id: string, at: string): Promise<Consent | undefined> {
  const rows = await publicProposals(queries).where('consent_proposal.id', '=', id).execute()
  return (await readAll(queries, rows, at))[0]
}

/** Everything that was proposed to a party or by it, the newest first. */
export async function listConsents(queries: Queries, party: string, at: string): Promise<Consent[]> {
  const rows = await publicProposals(queries)
    .where((where) => where.or([where('licensor', '=', party), where('licensee', '=', party)]))
    .orderBy('consent_proposal.log_index', 'desc')
    .orderBy('consent_proposal.id')
    .limit(CONSENTS_MAX)
    .execute()
  return readAll(queries, rows, at)
}

const CONSENTS_MAX = 500
const THREAD_MAX = 100

/** A proposal with all that it counters and all that counters it, the oldest first. */
export async function readThread(queries: Queries, id: string, at: string): Promise<Consent[]> {
  const thread = new Map<string, Consent>()
  const waiting = [id]
  while (waiting.length > 0 && thread.size < THREAD_MAX) {
    const next = waiting.shift()!
    if (thread.has(next)) continue
    const consent = await readConsent(queries, next, at)
    if (!consent) continue
    thread.set(next, consent)
    waiting.push(...(consent.inReplyTo === null ? [] : [consent.inReplyTo]), ...consent.replies)
  }
  return [...thread.values()].sort((a, b) => a.logIndex - b.logIndex)
}

/** What was said under a seal is nobody's to read here. */
function publicProposals(queries: Queries) {
  return queries
    .selectFrom('consent_proposal')
    .innerJoin('statement', 'statement.log_index', 'consent_proposal.log_index')
    .selectAll('consent_proposal')
    .where('statement.commitment', 'is', null)
}

type ProposalRow = Awaited<ReturnType<ReturnType<typeof publicProposals>['execute']>>[number]

async function readAll(queries: Queries, rows: readonly ProposalRow[], at: string): Promise<Consent[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const answers = await queries
    .selectFrom('consent_answer')
    .innerJoin('statement', 'statement.log_index', 'consent_answer.log_index')
    .selectAll('consent_answer')
    .where('statement.commitment', 'is', null)
    .where('proposal', 'in', ids)
    .orderBy('consent_answer.log_index')
    .execute()
  const replies = await publicProposals(queries)
    .where('reply_to', 'in', ids)
    .orderBy('consent_proposal.log_index')
    .execute()
  const revocations = await queries
    .selectFrom('revocation')
    .selectAll()
    .where('target', 'in', [...ids, ...answers.map(({ id }) => id)])
    .orderBy('effective_from')
    .execute()
  return rows.map((row) => {
    const answer = answers.find(({ proposal }) => proposal === row.id)
    const revoked = revocations.find(({ target }) => target === row.id || target === answer?.id)
    const countered = replies.filter(({ reply_to }) => reply_to === row.id)
    return consentOf(row, answer, revoked, countered, at)
  })
}

function consentOf(
  row: ProposalRow,
  answer: { id: string; party: string; answer: string; recorded_at: string; log_index: bigint } | undefined,
  revoked: { target: string; effective_from: string; log_index: bigint } | undefined,
  replies: readonly ProposalRow[],
  at: string,
): Consent {
  const isOver = row.answer_by !== null && row.answer_by <= at
  return {
    id: row.id,
    state: stateOf(answer?.answer, revoked !== undefined && revoked.effective_from <= at, replies.length > 0, isOver),
    proposer: row.proposer,
    other: row.proposer === row.licensor ? row.licensee : row.licensor,
    licensor: row.licensor,
    licensee: row.licensee,
    target: { kind: row.target_kind, id: row.target },
    rules: JSON.parse(row.rules) as RightsRule[],
    purpose: row.purpose,
    benefit: row.benefit,
    harm: row.harm,
    answerBy: row.answer_by,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    inReplyTo: row.reply_to,
    recordedAt: row.recorded_at,
    logIndex: Number(row.log_index),
    answer: answer
      ? {
          id: answer.id,
          party: answer.party,
          answer: answer.answer as Answered['answer'],
          recordedAt: answer.recorded_at,
          logIndex: Number(answer.log_index),
        }
      : null,
    takenBack: revoked
      ? { target: revoked.target, effectiveFrom: revoked.effective_from, logIndex: Number(revoked.log_index) }
      : null,
    replies: replies.map(({ id }) => id),
  }
}

/** A no stays a no when the question is taken back; a yes ends with either of the two that made it. */
function stateOf(
  answer: string | undefined,
  isTakenBack: boolean,
  isCountered: boolean,
  isOver: boolean,
): ConsentState {
  if (answer === 'refuse') return 'refused'
  if (isTakenBack) return 'takenBack'
  if (answer === 'accept') return 'accepted'
  if (isCountered) return 'countered'
  return isOver ? 'over' : 'open'
}

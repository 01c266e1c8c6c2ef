import {
  ColophonError,
  assertInvariant,
  canonicalJson,
  sha256Hex,
  uuidV7,
  type Queries,
} from '../../foundation/index.ts'
import { allocate, leftFor, rankCandidates, type Allocation, type Candidate } from './allocate.ts'
import { sentFields } from './applications.ts'
import { criteriaOf, standingOf } from './assess.ts'
import { parseInput } from './calls.ts'
import { proseSchema } from './schema.ts'
import { inApplication, inCall, requireOfficer, type Scheme, type Turn } from './scheme.ts'
import { callState, dayOf, daysAfter, refuseState, requireStep } from './states.ts'
import {
  findCall,
  listApplications,
  listAssessors,
  listAwardRows,
  listConflicts,
  listScores,
  updateApplication,
  updateCall,
  type ApplicationRow,
  type CallRow,
  type ScoreRow,
} from './store.ts'
import { readTies, tieBetween } from './ties.ts'

/** Points and words of one criterion, over all assessors whose scores count; who they are is not told. */
export interface Ground {
  name: string
  pointsMax: number
  points: number
  scores: number
  words: string[]
}

/** What would be decided now, down the ranking; or what is missing before anything can be. */
export interface DecisionPlan {
  allocations: (Allocation & { points: bigint; scores: bigint })[]
  /** Applications with too few scores that count, or without the officer's sentence. */
  missing: { id: string; what: 'scores' | 'words' }[]
  leftCents: bigint
  /** SHA-256 of the outcomes: what a decision has to agree to. */
  agreed: string
}

/** Writes the officer's own sentence for the decision. Errors: `not_authorised`, `state_not_allowed`. */
export async function writeWords(scheme: Scheme, officer: string, id: string, words: string): Promise<void> {
  requireOfficer(scheme, officer)
  const text = parseInput(proseSchema(2000), words)
  await inApplication(scheme, id, async ({ queries, application }) => {
    if (application.state !== 'sent') refuseState('this application was decided or withdrawn')
    await updateApplication(queries, id, { officer_words: text })
  })
}

/** An application that was sent as urgent is decided with the others; its applicant is told why. */
export async function refuseUrgency(scheme: Scheme, officer: string, id: string, words: string): Promise<void> {
  requireOfficer(scheme, officer)
  const text = parseInput(proseSchema(1000), words)
  await inApplication(scheme, id, async ({ queries, application }) => {
    if (application.state !== 'sent' || !isUrgent(application)) refuseState('this application does not wait as urgent')
    await updateApplication(queries, id, { not_urgent: text })
  })
}

export function isUrgent({ is_urgent, not_urgent }: ApplicationRow): boolean {
  return is_urgent === 1n && not_urgent === null
}

/** What the call's decision would be with the points that there are. Errors: `not_found`. */
export async function planDecision({ db, effects }: Scheme, callId: string): Promise<DecisionPlan> {
  const call = await findCall(db, callId)
  if (!call) throw new ColophonError('not_found', 'there is no such call', { where: callId })
  return plan(db, call, await listApplications(db, callId, { states: ['sent'] }), {
    isUrgentTrack: false,
    today: dayOf(effects.now()),
  })
}

/**
 * Decides everything that waits in a call that has closed, down the ranking by points. Errors: `state_not_allowed` before
 * it has closed, or where scores or the officer's sentences are missing; `confirmation_required` when the outcomes are not
 * those that were agreed to.
 */
export async function decideCall(scheme: Scheme, officer: string, callId: string, agreed: string): Promise<void> {
  requireOfficer(scheme, officer)
  await inCall(scheme, callId, async (turn) => {
    const { queries, call, at, today } = turn
    if (callState(call, today) !== 'closed')
      refuseState('a call is decided when it has closed', `It closes after ${call.closes}.`)
    if (call.decided_at !== null) refuseState('this call was decided already')
    const waiting = await listApplications(queries, callId, { states: ['sent'] })
    const planned = await plan(queries, call, waiting, { isUrgentTrack: false, today })
    requireComplete(planned)
    if (agreed !== planned.agreed)
      throw new ColophonError('confirmation_required', 'the outcomes are not those that were looked at', {
        remedy: 'Look at them again, and decide then.',
      })
    await carryOut(scheme, turn, waiting, planned, false)
    await updateCall(queries, callId, { decided_at: at })
  })
}

/**
 * Decides one urgent application at any time, from the urgent part of the budget and then from the rest. Errors:
 * `state_not_allowed` where it does not wait as urgent, or scores or the officer's sentence are missing.
 */
export async function decideUrgent(scheme: Scheme, officer: string, id: string): Promise<void> {
  requireOfficer(scheme, officer)
  await inApplication(scheme, id, async ({ application, ...turn }) => {
    if (application.state !== 'sent' || !isUrgent(application)) refuseState('this application does not wait as urgent')
    const planned = await plan(turn.queries, turn.call, [application], { isUrgentTrack: true, today: turn.today })
    requireComplete(planned)
    await carryOut(scheme, turn, [application], planned, true)
  })
}

function requireComplete({ missing }: DecisionPlan): void {
  const [first] = missing
  if (first)
    refuseState(
      `${missing.length} applications cannot be decided yet: ${first.what === 'scores' ? 'too few points were given' : 'a sentence of the officer is missing'}`,
      first.what === 'scores' ? 'Ask the assessors, or name more of them.' : 'Nothing is decided without a reason.',
      first.id,
    )
}

async function plan(
  queries: Queries,
  call: CallRow,
  waiting: readonly ApplicationRow[],
  { isUrgentTrack, today }: { isUrgentTrack: boolean; today: string },
): Promise<DecisionPlan> {
  const scores = await countingScores(queries, call, waiting)
  const needed = BigInt(criteriaOf(call).length) * call.assessors_min
  const missing: DecisionPlan['missing'] = []
  const candidates: Candidate[] = []
  for (const application of waiting) {
    const own = scores.get(application.id) ?? []
    if (BigInt(own.length) < needed) missing.push({ id: application.id, what: 'scores' })
    else {
      if (application.officer_words === null) missing.push({ id: application.id, what: 'words' })
      candidates.push(candidateOf(application, own))
    }
  }
  missing.sort((a, b) => (a.what === b.what ? 0 : a.what === 'scores' ? -1 : 1))
  const ranked = rankCandidates(candidates)
  const leftCents = await readLeft(queries, call, isUrgentTrack, today)
  const bounds = { leftCents, capCents: call.award_cap_cents, pointsMin: call.points_min }
  const allocations = allocate(ranked, bounds).map((one, i) => ({
    ...one,
    points: ranked[i]!.points,
    scores: ranked[i]!.scores,
  }))
  const told = allocations.map(({ id, outcome, cents }) => ({ id, outcome, cents: cents.toString() }))
  return { allocations, missing, leftCents, agreed: sha256Hex(Buffer.from(canonicalJson({ call: call.id, told }))) }
}

function candidateOf(application: ApplicationRow, scores: readonly ScoreRow[]): Candidate {
  return {
    id: application.id,
    points: scores.reduce((sum, { points }) => sum + points, 0n),
    scores: BigInt(new Set(scores.map(({ assessor }) => assessor)).size),
    sentAt: application.sent_at!,
    askedCents: application.asked_cents,
    acceptsLess: sentFields(application)?.acceptsLess ?? false,
  }
}

/** Scores of assessors who are free at this moment, by application. */
async function countingScores(
  queries: Queries,
  call: CallRow,
  waiting: readonly ApplicationRow[],
): Promise<Map<string, ScoreRow[]>> {
  const assessors = new Map((await listAssessors(queries, call.id)).map((one) => [one.party, one]))
  const applicants = waiting.map(({ party }) => party)
  const ties = await readTies(queries, call, [...assessors.keys()], applicants)
  const declared = new Map(
    (await listConflicts(queries, { call: call.id })).map((row) => [`${row.application} ${row.assessor}`, row]),
  )
  const byId = new Map(waiting.map((application) => [application.id, application]))
  const counting = new Map<string, ScoreRow[]>()
  for (const score of await listScores(queries, { call: call.id })) {
    const [application, assessor] = [byId.get(score.application), assessors.get(score.assessor)]
    if (!application || !assessor || tieBetween(ties, assessor, application)) continue
    if (standingOf(declared.get(`${application.id} ${assessor.party}`)) !== 'free') continue
    counting.set(application.id, [...(counting.get(application.id) ?? []), score])
  }
  return counting
}

/** What can be spent of a call's budget on an application, in cents. */
export async function readLeft(queries: Queries, call: CallRow, urgent: boolean, today: string): Promise<bigint> {
  const sum = { urgent: 0n, ranked: 0n, owed: 0n }
  for (const { track, cents } of await listAwardRows(queries, { call: call.id }))
    sum[track as keyof typeof sum] += cents
  const budget = {
    budgetCents: call.budget_cents,
    owedCents: sum.owed,
    urgentCents: sum.urgent,
    otherCents: sum.ranked,
    urgentPpm: call.urgent_ppm,
  }
  return leftFor(urgent, budget, callState(call, today) === 'closed')
}

async function carryOut(
  scheme: Scheme,
  { queries, call, at, today }: Turn,
  waiting: readonly ApplicationRow[],
  { allocations, leftCents }: DecisionPlan,
  isUrgentTrack: boolean,
): Promise<void> {
  const spent = allocations.reduce((sum, { cents }) => sum + cents, 0n)
  assertInvariant(spent <= leftCents, 'a decision spends no more than is left')
  const scores = await countingScores(queries, call, waiting)
  const byId = new Map(waiting.map((application) => [application.id, application]))
  for (const { id, outcome, cents } of allocations) {
    const application = byId.get(id)!
    const to = cents > 0n ? 'awarded' : 'rejected'
    requireStep(application.state, to)
    await updateApplication(queries, id, { state: to })
    const decision = {
      application: id,
      outcome,
      cents,
      words: application.officer_words!,
      decided_at: at,
      waived_at: null,
      grounds: JSON.stringify(groundsOf(call, scores.get(id)!)),
      appeal_until: daysAfter(today, Number(call.appeal_days)),
    }
    await queries.insertInto('support_decision').values(decision).execute()
    const track = isUrgentTrack ? 'urgent' : 'ranked'
    if (cents > 0n) await addAward(scheme, queries, call, application, { cents, track, at })
  }
}

export async function addAward(
  { effects }: Scheme,
  queries: Queries,
  call: CallRow,
  application: ApplicationRow,
  { cents, track, at }: { cents: bigint; track: 'urgent' | 'ranked' | 'owed'; at: string },
): Promise<void> {
  const fields = sentFields(application)!
  const row = {
    id: uuidV7(effects),
    application: application.id,
    in_call: track === 'owed' ? null : call.id,
    cents,
    track,
    party: application.party,
    name: fields.name,
    currency: call.currency,
    publishes: fields.publishes ? 1n : 0n,
    decided_at: at,
  }
  await queries.insertInto('support_award').values(row).execute()
}

/** Points and words of an application as they stand, for whoever writes the sentence on it. */
export async function readGrounds(queries: Queries, call: CallRow, application: ApplicationRow): Promise<Ground[]> {
  const scores = (await countingScores(queries, call, [application])).get(application.id) ?? []
  return scores.length === 0 ? [] : groundsOf(call, scores)
}

function groundsOf(call: CallRow, scores: readonly ScoreRow[]): Ground[] {
  return criteriaOf(call).map(({ name, pointsMax }, i) => {
    const own = scores.filter(({ criterion }) => criterion === BigInt(i))
    const points = Number(own.reduce((sum, score) => sum + score.points, 0n))
    return { name, pointsMax, points, scores: own.length, words: own.map(({ words }) => words) }
  })
}

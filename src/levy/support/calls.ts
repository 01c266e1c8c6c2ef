import { z } from 'zod'
import { ColophonError, isoTime, uuidV7, type Queries } from '../../foundation/index.ts'
import { daySchema, type LevyPlan } from '../plans/schema.ts'
import { planDigest } from '../plans/readPlan.ts'
import { ASSESSORS_MAX, assessorSchema, callSchema, proseSchema, type CallInput, type SupportRules } from './schema.ts'
import { inCall, requireOfficer, type Scheme, type Turn } from './scheme.ts'
import { callState, dayOf, refuseState } from './states.ts'
import { findApplication, listAssessors, listAwardRows, updateCall, type CallRow } from './store.ts'

/** Checks what the officer gives; an error names the field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new ColophonError('invalid_input', SAID[issue!.message] ?? issue!.message, { where: issue!.path.join('.') })
}

/** What is wrong with a text, for whoever reads no page. */
const SAID: Record<string, string> = {
  missing: 'nothing is written here',
  long: 'the text is too long',
  characters: 'it holds characters that cannot be used',
}

/**
 * Makes a call by what the plan asks. What earlier appeals are owed comes from its budget before anything else. Errors:
 * `not_authorised`, `invalid_input`, `state_not_allowed` for one that would already be closed.
 */
export async function makeCall(scheme: Scheme, officer: string, input: CallInput, plan: LevyPlan): Promise<string> {
  requireOfficer(scheme, officer)
  const call = readCall(scheme, input, plan)
  const now = scheme.effects.now()
  if (call.fields.closes < dayOf(now)) refuseState('a new call cannot be over already', undefined, 'closes')
  const id = uuidV7(scheme.effects)
  const row: CallRow = { ...call.fields, id, made_at: isoTime(now), closing_note: null, decided_at: null, turn: 0n }
  await scheme.db.transaction().execute(async (queries) => {
    await queries.insertInto('support_call').values(row).execute()
    await putAssessors(queries, id, call.assessors)
    await payOwed(queries, row)
  })
  return id
}

/** Another text for a call that has not opened yet. Errors: those of `makeCall`; once it is open nothing changes. */
export async function changeCall(
  scheme: Scheme,
  officer: string,
  id: string,
  input: CallInput,
  plan: LevyPlan,
): Promise<void> {
  requireOfficer(scheme, officer)
  const { fields, assessors } = readCall(scheme, input, plan)
  await inCall(scheme, id, async (turn) => {
    requirePlanned(turn)
    await releaseOwed(turn.queries, id)
    await updateCall(turn.queries, id, fields)
    await turn.queries.deleteFrom('support_assessor').where('in_call', '=', id).execute()
    await putAssessors(turn.queries, id, assessors)
    await payOwed(turn.queries, { ...turn.call, ...fields })
  })
}

/** A call that has not opened yet is taken away. */
export async function dropCall(scheme: Scheme, officer: string, id: string): Promise<void> {
  requireOfficer(scheme, officer)
  await inCall(scheme, id, async (turn) => {
    requirePlanned(turn)
    await releaseOwed(turn.queries, id)
    await turn.queries.deleteFrom('support_assessor').where('in_call', '=', id).execute()
    await turn.queries.deleteFrom('support_call').where('id', '=', id).execute()
  })
}

function requirePlanned({ call, today }: Turn): void {
  if (callState(call, today) !== 'planned')
    refuseState('a call that has opened does not change', 'Its closing day can be put off, and a note can be added.')
}

/** An open call closes later. Errors: `state_not_allowed` for an earlier day, or once it has closed. */
export async function extendCall(scheme: Scheme, officer: string, id: string, closes: string): Promise<void> {
  requireOfficer(scheme, officer)
  const day = parseInput(daySchema, closes)
  await inCall(scheme, id, async ({ queries, call, today }) => {
    if (callState(call, today) === 'closed') refuseState('a call that has closed does not open again')
    if (day <= call.closes) refuseState('a call can only close later', undefined, 'closes')
    await updateCall(queries, id, { closes: day })
  })
}

/** What the officer says of a call once it has opened: shown on its page. */
export async function noteCall(scheme: Scheme, officer: string, id: string, note: string): Promise<void> {
  requireOfficer(scheme, officer)
  const text = parseInput(proseSchema(4000), note)
  await inCall(scheme, id, async ({ queries, call, today }) => {
    if (callState(call, today) === 'planned') refuseState('a call that has not opened is changed, not noted')
    await updateCall(queries, id, { closing_note: text })
  })
}

/** Names one more assessor, until everything is decided and no appeal waits. Errors: `duplicate_statement`. */
export async function addAssessor(scheme: Scheme, officer: string, id: string, assessor: unknown): Promise<void> {
  requireOfficer(scheme, officer)
  const named = parseInput(assessorSchema, assessor)
  requireNoFund(scheme, [named])
  await inCall(scheme, id, async ({ queries }) => {
    const known = await listAssessors(queries, id)
    if (known.some(({ party }) => party === named.party))
      throw new ColophonError('duplicate_statement', 'this assessor is named already', { where: named.party })
    const own = await findApplication(queries, { call: id, party: named.party })
    if (own && own.state !== 'withdrawn') refuseState('whoever applies to a call cannot assess in it')
    if (known.length >= ASSESSORS_MAX)
      throw new ColophonError('too_large', `a call has at most ${ASSESSORS_MAX} assessors`)
    await putAssessors(queries, id, [named])
  })
}

function rulesOf(plan: LevyPlan): SupportRules {
  return plan.distribution.creatorSupport
}

function readCall(scheme: Scheme, input: CallInput, plan: LevyPlan) {
  const { criteria, assessors, ...call } = parseInput(callSchema, input)
  const rules = rulesOf(plan)
  const urgentPpm = call.urgentPpm ?? rules.urgentPpm
  const wrong = (where: string, message: string) => {
    throw new ColophonError('invalid_input', message, { where })
  }
  if (call.awardCapCents > rules.awardCapCents)
    wrong('awardCapCents', `more than the plan allows for one award (${rules.awardCapCents} cents)`)
  if (urgentPpm < rules.urgentPpm) wrong('urgentPpm', `less than the plan keeps (${rules.urgentPpm} millionths)`)
  if (assessors.length < rules.assessorsMin) wrong('assessors', `the plan asks for at least ${rules.assessorsMin}`)
  requireNoFund(scheme, assessors)
  const { title, text, countries, roles, opens, closes } = call
  const fields = {
    title,
    text,
    countries,
    roles,
    opens,
    closes,
    currency: plan.currency,
    budget_cents: BigInt(call.budgetCents),
    award_cap_cents: BigInt(call.awardCapCents),
    urgent_ppm: BigInt(urgentPpm),
    points_min: BigInt(call.pointsMin),
    criteria: JSON.stringify(criteria),
    urgent_decision_days: BigInt(rules.urgentDecisionDays),
    appeal_days: BigInt(rules.appealDays),
    assessors_min: BigInt(rules.assessorsMin),
    plan: planDigest(plan),
  }
  return { fields, assessors }
}

/** Whoever decides gives no points. */
function requireNoFund({ fund }: Scheme, assessors: readonly { party: string }[]): void {
  if (assessors.some(({ party }) => party === fund))
    throw new ColophonError('invalid_input', 'the fund itself cannot be an assessor', { where: 'assessors' })
}

async function putAssessors(
  queries: Queries,
  id: string,
  assessors: readonly z.output<typeof assessorSchema>[],
): Promise<void> {
  for (const { party, name, organisation = null } of assessors)
    await queries.insertInto('support_assessor').values({ in_call: id, party, name, organisation }).execute()
}

/** What appeals are owed is paid in the order in which they were decided, as far as the budget goes. */
async function payOwed(queries: Queries, call: CallRow): Promise<void> {
  let left = call.budget_cents
  for (const award of await listAwardRows(queries, 'owed')) {
    if (award.currency !== call.currency) continue
    if (award.cents > left) return
    left -= award.cents
    await queries.updateTable('support_award').set({ in_call: call.id }).where('id', '=', award.id).execute()
  }
}

async function releaseOwed(queries: Queries, call: string): Promise<void> {
  await queries
    .updateTable('support_award')
    .set({ in_call: null })
    .where('in_call', '=', call)
    .where('track', '=', 'owed')
    .execute()
}

import { z } from 'zod'
import { ColophonError } from '../../foundation/index.ts'
import { requireApplicant } from './applications.ts'
import { needStanding, standingOf } from './assess.ts'
import { parseInput } from './calls.ts'
import { addAward, isUrgent, readLeft } from './decide.ts'
import { proseSchema } from './schema.ts'
import { inApplication, type Scheme, type Turn } from './scheme.ts'
import { refuseState, requireStep } from './states.ts'
import {
  findDecision,
  listAssessors,
  listConflicts,
  listOpinions,
  listScores,
  updateApplication,
  type ApplicationRow,
  type DecisionRow,
} from './store.ts'
import { readTies, tieBetween } from './ties.ts'

/** So many who have not given points before have to say the same. */
const OPINIONS_NEEDED = 2

type ApplicationTurn = Turn & { application: ApplicationRow }

/** Appeals against a decision, with grounds, until its last day. Errors: `state_not_allowed`, `not_found`. */
export async function fileAppeal(scheme: Scheme, party: string, id: string, grounds: string): Promise<void> {
  const text = parseInput(proseSchema(4000), grounds)
  await inApplication(scheme, id, async ({ queries, application, at, today }) => {
    requireApplicant(application, party)
    requireStep(application.state, 'appealed')
    requireAppealable(application, await findDecision(queries, id), today)
    await queries
      .insertInto('support_appeal')
      .values({ application: id, grounds: text, filed_at: at, decided_at: null })
      .execute()
    await updateApplication(queries, id, { state: 'appealed' })
  })
}

/** Does without an appeal, so that an award can be paid at once. Errors: as those of an appeal. */
export async function waiveAppeal(scheme: Scheme, party: string, id: string): Promise<void> {
  await inApplication(scheme, id, async ({ queries, application, at, today }) => {
    requireApplicant(application, party)
    requireStep(application.state, 'appealed')
    requireAppealable(application, await findDecision(queries, id), today)
    await queries.updateTable('support_decision').set({ waived_at: at }).where('application', '=', id).execute()
  })
}

function requireAppealable(application: ApplicationRow, decision: DecisionRow | undefined, today: string): void {
  if (!decision || decision.waived_at !== null) refuseState('you have done without an appeal')
  if (today > decision.appeal_until) refuseState(`the last day for an appeal was ${decision.appeal_until}`)
  if (decision.cents >= application.asked_cents) refuseState('you were awarded all that you asked for')
}

const opinionSchema = z.strictObject({ upholds: z.boolean(), words: proseSchema(2000) })

/**
 * Says of an appeal whether it should be upheld, and why. Two who have given no points to the application decide it by
 * saying the same: assessors who are free, and the officer where there are fewer than two of those. Errors:
 * `not_authorised`, `state_not_allowed`.
 */
export async function sayOpinion(
  scheme: Scheme,
  party: string,
  id: string,
  opinion: { upholds: boolean; words: string },
): Promise<void> {
  const { upholds, words } = parseInput(opinionSchema, opinion)
  await inApplication(scheme, id, async (turn) => {
    const { queries, application, at } = turn
    if (application.state !== 'appealed') refuseState('no appeal waits here')
    await requireOpinionOf(scheme, turn, party)
    const row = { application: id, party, upholds: upholds ? 1n : 0n, words, said_at: at }
    await queries
      .insertInto('support_opinion')
      .values(row)
      .onConflict((conflict) => conflict.columns(['application', 'party']).doUpdateSet(row))
      .execute()
    const same = (await listOpinions(queries, id)).filter((each) => each.upholds === row.upholds)
    if (same.length >= OPINIONS_NEEDED) await concludeAppeal(scheme, turn, upholds)
  })
}

async function requireOpinionOf(scheme: Scheme, turn: ApplicationTurn, party: string): Promise<void> {
  if (party === scheme.fund) {
    if ((await countFresh(turn)) >= OPINIONS_NEEDED)
      throw new ColophonError('not_authorised', 'there are assessors who can decide this appeal')
    return
  }
  const standing = await needStanding(turn, party)
  const scores = await listScores(turn.queries, { application: turn.application.id })
  if (standing !== 'free' || scores.some(({ assessor }) => assessor === party))
    throw new ColophonError('not_authorised', 'an appeal is decided by those who have given no points before', {
      remedy: standing === 'undeclared' ? 'Declare first whether there is a conflict.' : 'Leave it to others.',
    })
}

/** Assessors who could decide an appeal: no tie, no conflict that they have declared, no points given before. */
export async function countFresh({
  queries,
  call,
  application,
}: Pick<ApplicationTurn, 'queries' | 'call' | 'application'>): Promise<number> {
  const assessors = await listAssessors(queries, call.id)
  const parties = assessors.map(({ party }) => party)
  const ties = await readTies(queries, call, parties, [application.party])
  const declared = new Map(
    (await listConflicts(queries, { application: application.id })).map((row) => [row.assessor, row]),
  )
  const scored = new Set((await listScores(queries, { application: application.id })).map((row) => row.assessor))
  return assessors.filter(
    (one) =>
      !scored.has(one.party) &&
      tieBetween(ties, one, application) === undefined &&
      standingOf(declared.get(one.party)) !== 'conflicted',
  ).length
}

/** What an upheld appeal brings is paid from what is left of the call, or owed: then it comes first in the next one. */
async function concludeAppeal(scheme: Scheme, turn: ApplicationTurn, upholds: boolean): Promise<void> {
  const { queries, call, application, at, today } = turn
  const to = upholds ? 'upheld' : 'dismissed'
  requireStep(application.state, to)
  await updateApplication(queries, application.id, { state: to })
  await queries
    .updateTable('support_appeal')
    .set({ decided_at: at })
    .where('application', '=', application.id)
    .execute()
  if (!upholds) return
  const decision = (await findDecision(queries, application.id))!
  const { asked_cents: asked } = application
  const cents = (asked < call.award_cap_cents ? asked : call.award_cap_cents) - decision.cents
  const urgent = isUrgent(application)
  const isPaid = cents <= (await readLeft(queries, call, urgent, today))
  const track = isPaid ? (urgent ? 'urgent' : 'ranked') : 'owed'
  await addAward(scheme, queries, call, application, { cents, track, at })
}

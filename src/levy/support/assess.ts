import { z } from 'zod'
import { ColophonError, type Queries } from '../../foundation/index.ts'
import { sentFields } from './applications.ts'
import { parseInput } from './calls.ts'
import { proseSchema, type Application } from './schema.ts'
import { inApplication, needApplication, type Scheme, type Turn } from './scheme.ts'
import { refuseState } from './states.ts'
import {
  findCall,
  listApplications,
  listAssessors,
  listConflicts,
  listScores,
  type ApplicationRow,
  type AssessorRow,
  type CallRow,
  type ScoreRow,
} from './store.ts'
import { readTies, tieBetween } from './ties.ts'

/** How an assessor stands to an application. `tied` is by rule; `conflicted` is what the assessor has declared. */
export type Standing = 'tied' | 'undeclared' | 'conflicted' | 'free'

const OPEN_STATES = ['sent', 'appealed'] as const

/** What an assessor sees of an application: nothing where there is a conflict, who it is before one is declared. */
export interface SeenApplication {
  id: string
  state: string
  standing: Exclude<Standing, 'tied'>
  hasScored: boolean
  isUrgent: boolean
  urgentDue: string | null
  who?: Pick<Application, 'name' | 'country' | 'sector' | 'organisation'>
  /** The whole application, for whoever is free. */
  application?: Application
}

const declarationSchema = z
  .strictObject({ isConflict: z.boolean(), words: z.union([z.literal(''), proseSchema(1000)]) })
  .refine(({ isConflict, words }) => !isConflict || words !== '', {
    message: 'say what the conflict is',
    path: ['words'],
  })

const scoresSchema = (criteria: readonly Criterion[]) =>
  z
    .array(z.strictObject({ points: z.int().min(0), words: proseSchema(2000) }))
    .length(criteria.length, 'points and words for each criterion')
    .superRefine((scores, context) => {
      for (const [i, { points }] of scores.entries())
        if (points > (criteria[i]?.pointsMax ?? 0))
          context.addIssue({ code: 'custom', path: [i, 'points'], message: `at most ${criteria[i]!.pointsMax} points` })
    })

export interface Criterion {
  name: string
  pointsMax: number
}
export function criteriaOf(call: CallRow): Criterion[] {
  return JSON.parse(call.criteria) as Criterion[]
}

/** The assessor of a call that a party is. Errors: `not_authorised`. */
async function needAssessor(queries: Queries, call: string, party: string): Promise<AssessorRow> {
  const found = (await listAssessors(queries, call)).find((assessor) => assessor.party === party)
  if (!found) throw new ColophonError('not_authorised', 'only an assessor of this call can do this')
  return found
}

/** What an assessor has to do in a call; of those with a tie only how many there are. */
export async function listToAssess({ db }: Scheme, call: CallRow, party: string) {
  const assessor = await needAssessor(db, call.id, party)
  const applications = await listApplications(db, call.id, { states: OPEN_STATES })
  const ties = await readTies(
    db,
    call,
    [party],
    applications.map((one) => one.party),
  )
  const declared = ofAssessor(await listConflicts(db, { call: call.id }), party)
  const scored = new Set(ofAssessor(await listScores(db, { call: call.id }), party).map((row) => row.application))
  const open = applications.filter((one) => tieBetween(ties, assessor, one) === undefined)
  const seen = open.map((one) => {
    const declaration = declared.find((row) => row.application === one.id)
    return seenBy(one, standingOf(declaration), scored.has(one.id), false)
  })
  return { seen, tied: applications.length - open.length }
}

/** One application as an assessor may see it. Errors: `not_authorised` where there is a tie, `not_found`. */
export async function readToAssess({ db }: Scheme, id: string, party: string) {
  const application = await needApplication(db, id)
  const call = (await findCall(db, application.in_call))!
  const assessor = await needAssessor(db, call.id, party)
  if (!isOpen(application)) refuseState(`an application that is ${application.state} is not assessed`)
  const standing = await readStanding(db, call, assessor, application)
  if (standing === 'tied') refuseTied()
  const scores = ofAssessor(await listScores(db, { application: id }), party)
  return { call, seen: seenBy(application, standing, scores.length > 0, true), scores }
}

const isOpen = ({ state }: ApplicationRow) => (OPEN_STATES as readonly string[]).includes(state)
const ofAssessor = <Row extends { assessor: string }>(rows: readonly Row[], party: string) =>
  rows.filter(({ assessor }) => assessor === party)

function seenBy(
  application: ApplicationRow,
  standing: Exclude<Standing, 'tied'>,
  hasScored: boolean,
  isWhole: boolean,
): SeenApplication {
  const { id, state, is_urgent, urgent_due: urgentDue, not_urgent } = application
  const seen = { id, state, standing, hasScored, isUrgent: is_urgent === 1n && not_urgent === null, urgentDue }
  const fields = sentFields(application)
  if (standing === 'conflicted' || !fields) return seen
  const { name, country, sector, organisation } = fields
  const who = { name, country, sector, organisation }
  return standing === 'free' && isWhole ? { ...seen, who, application: fields } : { ...seen, who }
}

async function readStanding(
  queries: Queries,
  call: CallRow,
  assessor: AssessorRow,
  application: ApplicationRow,
): Promise<Standing> {
  const ties = await readTies(queries, call, [assessor.party], [application.party])
  if (tieBetween(ties, assessor, application)) return 'tied'
  return standingOf(ofAssessor(await listConflicts(queries, { application: application.id }), assessor.party)[0])
}

export function standingOf(declaration: { is_conflict: bigint } | undefined): Exclude<Standing, 'tied'> {
  return declaration === undefined ? 'undeclared' : declaration.is_conflict === 1n ? 'conflicted' : 'free'
}

function refuseTied(): never {
  throw new ColophonError('not_authorised', 'this application is not yours to assess: you are tied to its applicant')
}

/**
 * Says whether there is a conflict. A conflict is never taken back, and points that were given before no longer count.
 * Errors: `not_authorised`, `state_not_allowed`, `invalid_input` for a conflict without words.
 */
export async function declareConflict(
  scheme: Scheme,
  id: string,
  party: string,
  declaration: { isConflict: boolean; words: string },
): Promise<void> {
  const { isConflict, words } = parseInput(declarationSchema, declaration)
  await inApplication(scheme, id, async (turn) => {
    const standing = await needStanding(turn, party)
    if (standing === 'conflicted') refuseState('a conflict that was declared stays')
    const { queries, at } = turn
    const row = { application: id, assessor: party, is_conflict: isConflict ? 1n : 0n, words, declared_at: at }
    await queries
      .insertInto('support_conflict')
      .values(row)
      .onConflict((conflict) => conflict.columns(['application', 'assessor']).doUpdateSet(row))
      .execute()
    if (isConflict)
      await queries.deleteFrom('support_opinion').where('application', '=', id).where('party', '=', party).execute()
  })
}

/** How an assessor stands to an application that waits. Errors: `not_authorised`, `state_not_allowed`. */
export async function needStanding(
  { queries, call, application }: Turn & { application: ApplicationRow },
  party: string,
) {
  const assessor = await needAssessor(queries, call.id, party)
  const standing = await readStanding(queries, call, assessor, application)
  if (standing === 'tied') refuseTied()
  if (!isOpen(application)) refuseState(`an application that is ${application.state} is not assessed`)
  return standing
}

/**
 * Gives points and words for each criterion, in their order; until the decision they can be given anew. Errors:
 * `state_not_allowed`, `not_authorised` without a declaration that there is no conflict, `invalid_input`.
 */
export async function giveScore(
  scheme: Scheme,
  id: string,
  party: string,
  given: readonly { points: number; words: string }[],
): Promise<void> {
  await inApplication(scheme, id, async (turn) => {
    const standing = await needStanding(turn, party)
    const { queries, call, application, at } = turn
    if (standing !== 'free')
      throw new ColophonError('not_authorised', 'points are given by whoever has declared that there is no conflict')
    if (application.state !== 'sent') refuseState('this application was decided already')
    const scores = parseInput(scoresSchema(criteriaOf(call)), given)
    await queries.deleteFrom('support_score').where('application', '=', id).where('assessor', '=', party).execute()
    for (const [i, { points, words }] of scores.entries()) {
      const row: ScoreRow = {
        application: id,
        assessor: party,
        criterion: BigInt(i),
        points: BigInt(points),
        words,
        scored_at: at,
      }
      await queries.insertInto('support_score').values(row).execute()
    }
  })
}

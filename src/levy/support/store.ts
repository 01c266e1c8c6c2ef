import type { Queries, Tables } from '../../foundation/index.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    support_call: {
      id: string
      title: string
      text: string
      countries: string
      roles: string
      opens: string
      closes: string
      currency: string
      budget_cents: bigint
      award_cap_cents: bigint
      urgent_ppm: bigint
      points_min: bigint
      criteria: string
      urgent_decision_days: bigint
      appeal_days: bigint
      assessors_min: bigint
      plan: string
      made_at: string
      closing_note: string | null
      decided_at: string | null
      turn: bigint
    }
    support_assessor: { in_call: string; party: string; name: string; organisation: string | null }
    support_application: {
      id: string
      in_call: string
      party: string
      state: string
      fields: string
      is_urgent: bigint
      asked_cents: bigint
      country: string | null
      sector: string | null
      saved_at: string
      sent_at: string | null
      urgent_due: string | null
      not_urgent: string | null
      officer_words: string | null
    }
    support_conflict: { application: string; assessor: string; is_conflict: bigint; words: string; declared_at: string }
    support_score: {
      application: string
      assessor: string
      criterion: bigint
      points: bigint
      words: string
      scored_at: string
    }
    support_decision: {
      application: string
      outcome: string
      cents: bigint
      grounds: string
      words: string
      decided_at: string
      appeal_until: string
      waived_at: string | null
    }
    support_appeal: { application: string; grounds: string; filed_at: string; decided_at: string | null }
    support_opinion: { application: string; party: string; upholds: bigint; words: string; said_at: string }
    support_award: {
      id: string
      application: string
      in_call: string | null
      party: string
      name: string
      cents: bigint
      currency: string
      track: string
      publishes: bigint
      decided_at: string
    }
  }
}

export type CallRow = Tables['support_call']
export type AssessorRow = Tables['support_assessor']
export type ApplicationRow = Tables['support_application']
export type ScoreRow = Tables['support_score']
export type DecisionRow = Tables['support_decision']
export type AppealRow = Tables['support_appeal']
export type OpinionRow = Tables['support_opinion']
export type AwardRow = Tables['support_award']

/** Tables whose rows belong to an application, those that refer to it first. */
const PARTS_OF_APPLICATION = [
  'support_conflict',
  'support_score',
  'support_opinion',
  'support_appeal',
  'support_decision',
] as const

/** Takes the call for one transaction: whoever else would change something in it waits. */
export async function takeTurn(queries: Queries, id: string): Promise<CallRow | undefined> {
  await queries
    .updateTable('support_call')
    .set(({ eb }) => ({ turn: eb('turn', '+', 1n) }))
    .where('id', '=', id)
    .execute()
  return findCall(queries, id)
}

export async function findCall(queries: Queries, id: string): Promise<CallRow | undefined> {
  return queries.selectFrom('support_call').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listCalls(queries: Queries, limit: number): Promise<CallRow[]> {
  return queries
    .selectFrom('support_call')
    .selectAll()
    .orderBy('opens', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function updateCall(queries: Queries, id: string, change: Partial<CallRow>): Promise<void> {
  await queries.updateTable('support_call').set(change).where('id', '=', id).execute()
}

export async function listAssessors(queries: Queries, call: string): Promise<AssessorRow[]> {
  return queries.selectFrom('support_assessor').selectAll().where('in_call', '=', call).orderBy('party').execute()
}

export async function findApplication(
  queries: Queries,
  by: { id: string } | { call: string; party: string },
): Promise<ApplicationRow | undefined> {
  const query = queries.selectFrom('support_application').selectAll()
  return (
    'id' in by ? query.where('id', '=', by.id) : query.where('in_call', '=', by.call).where('party', '=', by.party)
  ).executeTakeFirst()
}

/** Applications that were sent, or of one state, in the order of their ids; all states beside drafts by default. */
export async function listApplications(
  queries: Queries,
  call: string,
  options: { states?: readonly string[]; after?: string; limit?: number } = {},
): Promise<ApplicationRow[]> {
  let query = queries
    .selectFrom('support_application')
    .selectAll()
    .where('in_call', '=', call)
    .where('state', '<>', 'draft')
    .orderBy('id')
  if (options.states) query = query.where('state', 'in', options.states)
  if (options.after !== undefined) query = query.where('id', '>', options.after)
  if (options.limit !== undefined) query = query.limit(options.limit)
  return query.execute()
}

export async function listApplicationsOf(queries: Queries, party: string): Promise<ApplicationRow[]> {
  return queries.selectFrom('support_application').selectAll().where('party', '=', party).orderBy('id').execute()
}

export async function countApplications(queries: Queries, call: string): Promise<number> {
  const { count } = await queries
    .selectFrom('support_application')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('in_call', '=', call)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function updateApplication(queries: Queries, id: string, change: Partial<ApplicationRow>): Promise<void> {
  await queries.updateTable('support_application').set(change).where('id', '=', id).execute()
}

/** An application with everything that hangs on it; awards stay, so there must be none. */
export async function deleteApplication(queries: Queries, id: string): Promise<void> {
  for (const table of PARTS_OF_APPLICATION) await queries.deleteFrom(table).where('application', '=', id).execute()
  await queries.deleteFrom('support_application').where('id', '=', id).execute()
}

/** Scores of one application, or of all in a call, in the order of application, assessor and criterion. */
export async function listScores(queries: Queries, of: { application: string } | { call: string }) {
  let query = queries.selectFrom('support_score').selectAll('support_score')
  if ('application' in of) query = query.where('application', '=', of.application)
  else
    query = query.where('application', 'in', (eb) =>
      eb.selectFrom('support_application').select('id').where('in_call', '=', of.call),
    )
  return query.orderBy('application').orderBy('assessor').orderBy('criterion').execute()
}

export async function listConflicts(queries: Queries, of: { application: string } | { call: string }) {
  let query = queries.selectFrom('support_conflict').selectAll('support_conflict')
  if ('application' in of) query = query.where('application', '=', of.application)
  else
    query = query.where('application', 'in', (eb) =>
      eb.selectFrom('support_application').select('id').where('in_call', '=', of.call),
    )
  return query.orderBy('application').orderBy('assessor').execute()
}

export async function findDecision(queries: Queries, application: string): Promise<DecisionRow | undefined> {
  return queries.selectFrom('support_decision').selectAll().where('application', '=', application).executeTakeFirst()
}

export async function findAppeal(queries: Queries, application: string): Promise<AppealRow | undefined> {
  return queries.selectFrom('support_appeal').selectAll().where('application', '=', application).executeTakeFirst()
}

export async function listOpinions(queries: Queries, application: string): Promise<OpinionRow[]> {
  return queries
    .selectFrom('support_opinion')
    .selectAll()
    .where('application', '=', application)
    .orderBy('said_at')
    .orderBy('party')
    .execute()
}

/** Awards from a call's budget, those of an application, or those that wait for a call that can pay them. */
export async function listAwardRows(
  queries: Queries,
  of: { call: string } | { application: string } | { party: string } | 'owed',
): Promise<AwardRow[]> {
  let query = queries.selectFrom('support_award').selectAll()
  if (of === 'owed') query = query.where('in_call', 'is', null)
  else if ('call' in of) query = query.where('in_call', '=', of.call)
  else if ('party' in of) query = query.where('party', '=', of.party)
  else query = query.where('application', '=', of.application)
  return query.orderBy('decided_at').orderBy('id').execute()
}

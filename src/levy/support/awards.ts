import type { Queries } from '../../foundation/index.ts'
import { dayOf } from './states.ts'
import { findDecision, findAppeal, type AwardRow, type CallRow } from './store.ts'

/** Money that is awarded for good. Whoever keeps the books enters each once, by its id (`award:<id>`). */
export interface Award {
  id: string
  application: string
  /** The call from whose budget it is paid. */
  call: string
  callTitle: string
  /** The applicant, and the name that was given in the application. */
  party: string
  name: string
  cents: bigint
  currency: string
  decidedAt: string
  /** Whether the applicant agreed that name and amount are published. */
  publishes: boolean
}

/**
 * Awards that are final at a moment (milliseconds): the time for an appeal is over or was done without, an appeal was
 * decided, and what is owed has a call that has opened. In the order of their ids, after one, at most so many.
 */
export async function listAwards(
  queries: Queries,
  nowMs: number,
  options: { call?: string; after?: string; limit?: number } = {},
): Promise<Award[]> {
  const today = dayOf(nowMs)
  let query = queries
    .selectFrom('support_award')
    .innerJoin('support_call', 'support_call.id', 'support_award.in_call')
    .innerJoin('support_application', 'support_application.id', 'support_award.application')
    .innerJoin('support_decision', 'support_decision.application', 'support_award.application')
    .selectAll('support_award')
    .select('support_call.title')
    .where('opens', '<=', today)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['upheld', 'dismissed']),
        eb.and([
          eb('state', '=', 'awarded'),
          // Nobody appeals who has all that was asked for.
          eb.or([
            eb('waived_at', 'is not', null),
            eb('appeal_until', '<', today),
            eb('support_decision.cents', '>=', eb.ref('asked_cents')),
          ]),
        ]),
      ]),
    )
    .orderBy('support_award.id')
  if (options.call !== undefined) query = query.where('support_award.in_call', '=', options.call)
  if (options.after !== undefined) query = query.where('support_award.id', '>', options.after)
  if (options.limit !== undefined) query = query.limit(options.limit)
  return (await query.execute()).map(awardOf)
}

function awardOf(row: AwardRow & Pick<CallRow, 'title'>): Award {
  const { id, application, in_call, party, name, cents, currency, decided_at, publishes, title } = row
  return {
    id,
    application,
    call: in_call!,
    callTitle: title,
    party,
    name,
    cents,
    currency,
    decidedAt: decided_at,
    publishes: publishes === 1n,
  }
}

/** How a decided application stands to an appeal, for its page. */
export async function readOutcome(queries: Queries, application: string) {
  return { decision: await findDecision(queries, application), appeal: await findAppeal(queries, application) }
}

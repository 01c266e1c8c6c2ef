import type { Queries } from '../../foundation/index.ts'
import { planInForce, type RecordedPlan } from '../plans/kind.ts'
import type { LevyPlan } from '../plans/schema.ts'
import type { RecordedRun } from '../runs/kind.ts'
import type { RunReport } from '../runs/runDistribution.ts'

type PublishedPlan = RecordedPlan & { logIndex: number }

/** A recorded plan by its statement, with its place on the log. */
export async function findPlan(queries: Queries, id: string): Promise<PublishedPlan | undefined> {
  const row = await queries.selectFrom('levy_plan').selectAll().where('id', '=', id).executeTakeFirst()
  return row && planOf(row)
}

/** The newest plans that are not those of a party: anybody may propose one, so only so many are read. */
export async function listPlansOfOthers(
  queries: Queries,
  party: string | undefined,
  limit: number,
): Promise<PublishedPlan[]> {
  let query = queries.selectFrom('levy_plan').selectAll().orderBy('log_index', 'desc').orderBy('id').limit(limit)
  if (party !== undefined) query = query.where('party', '<>', party)
  return (await query.execute()).map(planOf)
}

interface PlanRow {
  id: string
  party: string
  digest: string
  plan: string
  recorded_at: string
  log_index: bigint
}

function planOf({ id, party, digest, plan, recorded_at: recordedAt, log_index: logIndex }: PlanRow): PublishedPlan {
  return { id, party, digest, recordedAt, plan: JSON.parse(plan) as LevyPlan, logIndex: Number(logIndex) }
}

/** A published run by its statement, with its place on the log. */
export async function findRun(queries: Queries, id: string): Promise<(RecordedRun & { logIndex: number }) | undefined> {
  const row = await queries.selectFrom('levy_run').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const { party, corrects, recorded_at: recordedAt } = row
  return {
    id,
    party,
    corrects,
    recordedAt,
    report: JSON.parse(row.report) as RunReport,
    logIndex: Number(row.log_index),
  }
}

/** Of each scheme the version that is in force on a day. */
export function plansInForce(plans: readonly RecordedPlan[], day: string): RecordedPlan[] {
  return [...Map.groupBy(plans, ({ plan }) => plan.scheme).values()].flatMap((versions) => {
    const found = planInForce(versions, day)
    return found ? [found] : []
  })
}

/** The books as they stand: a mark that changes with them, and the years in which something was booked, latest first. */
export async function readLedgerState(queries: Queries): Promise<{ mark: string; years: number[] }> {
  const payees = await queries
    .selectFrom('levy_payee')
    .select(({ fn }) => [fn.countAll<bigint>().as('count'), fn.max('updated_at').as('at')])
    .executeTakeFirst()
  const row = await queries
    .selectFrom('levy_entry')
    .select(({ fn }) => [
      fn.max('number').as('last'),
      fn.min('booked_on').as('first_day'),
      fn.max('booked_on').as('last_day'),
    ])
    .executeTakeFirst()
  const mark = `${row?.last ?? 0} ${payees?.count ?? 0} ${payees?.at ?? ''}`
  if (!row?.last) return { mark, years: [] }
  const [first, end] = [Number(row.first_day.slice(0, 4)), Number(row.last_day.slice(0, 4))]
  return { mark, years: Array.from({ length: end - first + 1 }, (_, i) => end - i) }
}

/** The years in which something was booked for a payee, latest first; none when nothing ever was. */
export async function listPayeeYears(queries: Queries, payee: string): Promise<number[]> {
  const rows = await queries
    .selectFrom('levy_posting')
    .innerJoin('levy_entry', 'levy_entry.number', 'levy_posting.entry')
    .select('booked_on')
    .distinct()
    .where('owner', '=', payee)
    .where('account', 'in', ['Liabilities:Payees', 'Liabilities:Heritage', 'Liabilities:Awards'])
    .execute()
  return [...new Set(rows.map(({ booked_on: day }) => Number(day.slice(0, 4))))].sort((a, b) => b - a)
}

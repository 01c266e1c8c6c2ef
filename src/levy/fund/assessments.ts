import { ColophonError, isoTime, uuidV7, type Database, type Effects, type Queries } from '../../foundation/index.ts'
import { assess, type Assessment } from '../assessment/assess.ts'
import type { LevyFacts } from '../assessment/facts.ts'
import { bookWithin, inLedger } from '../ledger/store.ts'
import { lastDayOf, listPlans } from '../plans/kind.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { assessmentEntry, dayOf } from './bookings.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_assessment: {
      id: string
      provider: string
      scheme: string
      version: bigint
      period_from: string
      period_to: string
      notified_on: string
      due_cents: bigint
      corrects: string | null
      facts: string
      assessment: string
      recorded_at: string
    }
    levy_objection: {
      id: string
      assessment: string
      made_on: string
      grounds: string
      outcome: string | null
      reason: string | null
      decided_on: string | null
    }
  }
}

export interface IssuedAssessment {
  id: string
  corrects: string | null
  notifiedOn: string
  assessment: Assessment
  facts: LevyFacts
}

/**
 * Assesses, keeps the assessment, and books what is due; with `corrects`, the difference to the one that it corrects. An
 * assessment is never changed. Errors: `state_not_allowed` when the period has one already, or the corrected one has been
 * corrected before; those of `assess`.
 */
export async function issueAssessment(
  db: Database,
  plan: LevyPlan,
  facts: LevyFacts,
  effects: Effects,
  { corrects, fund }: { corrects?: string | undefined; fund?: string | undefined } = {},
): Promise<IssuedAssessment> {
  const now = isoTime(effects.now())
  const id = uuidV7(effects)
  return inLedger(db, async (queries) => {
    const before = await findCorrected(queries, plan, facts, corrects)
    const lastDay = lastDayOf(plan, await listPlans(queries, { scheme: plan.scheme, ...(fund ? { party: fund } : {}) }))
    const assessment = assess(plan, facts, dayOf(now), { lastDay, alreadyCents: before?.due_cents ?? 0n })
    const { provider, scheme, version, period, dueCents } = assessment
    await queries
      .insertInto('levy_assessment')
      .values({
        id,
        provider,
        scheme,
        version: BigInt(version),
        period_from: period.from,
        period_to: period.to,
        notified_on: dayOf(now),
        due_cents: dueCents,
        corrects: corrects ?? null,
        facts: JSON.stringify(facts),
        assessment: toText(assessment),
        recorded_at: now,
      })
      .execute()
    const cents = dueCents - (before?.due_cents ?? 0n)
    if (cents !== 0n)
      await bookWithin(queries, [assessmentEntry({ id, provider, scheme, cents, corrects }, dayOf(now))], now)
    return { id, corrects: corrects ?? null, notifiedOn: dayOf(now), assessment, facts }
  })
}

/** The assessment that is to be corrected: the only one of this developer that a part of the period has. */
async function findCorrected(
  queries: Queries,
  { scheme }: LevyPlan,
  { provider, period }: LevyFacts,
  corrects: string | undefined,
) {
  const same = await queries
    .selectFrom('levy_assessment')
    .select(['id', 'due_cents', 'corrects'])
    .where('provider', '=', provider)
    .where('scheme', '=', scheme)
    .where('period_from', '<=', period.to)
    .where('period_to', '>=', period.from)
    .execute()
  const current = same.filter(({ id }) => !same.some((each) => each.corrects === id))
  const other = current.find(({ id }) => id !== corrects)
  const found = current.find(({ id }) => id === corrects)
  if (other)
    throw new ColophonError('state_not_allowed', 'this developer has an assessment for this period already', {
      where: other.id,
      remedy: `Correct it: --corrects ${other.id}. What was booked stays; the difference is booked.`,
    })
  if (corrects !== undefined && !found)
    throw new ColophonError('state_not_allowed', 'the assessment to be corrected is not there', { where: corrects })
  return found
}

/** Assessments, latest first. */
export async function listAssessments(
  queries: Queries,
  by: { id?: string; provider?: string; scheme?: string } = {},
): Promise<IssuedAssessment[]> {
  let query = queries.selectFrom('levy_assessment').selectAll().orderBy('recorded_at', 'desc').orderBy('id').limit(1000)
  for (const name of ['id', 'provider', 'scheme'] as const)
    if (by[name] !== undefined) query = query.where(name, '=', by[name])
  return (await query.execute()).map((row) => ({
    id: row.id,
    corrects: row.corrects,
    notifiedOn: row.notified_on,
    assessment: fromText(row.assessment),
    facts: JSON.parse(row.facts) as LevyFacts,
  }))
}

/** Cents are digits in JSON, and numbers again when read. */
const toText = (assessment: Assessment) =>
  JSON.stringify(assessment, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

function fromText(text: string): Assessment {
  return JSON.parse(text, (key, value: unknown) =>
    key === 'cents' || key === 'dueCents' || key === 'alreadyCents' ? BigInt(value as string) : value,
  ) as Assessment
}

/** A developer objects. Errors: `not_found`, `state_not_allowed` while another objection is open. */
export async function object(db: Database, assessment: string, grounds: string, effects: Effects): Promise<string> {
  return inLedger(db, (queries) => objectWithin(queries, assessment, grounds, effects))
}

async function objectWithin(db: Queries, assessment: string, grounds: string, effects: Effects): Promise<string> {
  if ((await listAssessments(db, { id: assessment })).length === 0)
    throw new ColophonError('not_found', 'there is no such assessment', { where: assessment })
  const open = (await listObjections(db, assessment)).find(({ outcome }) => outcome === null)
  if (open) throw new ColophonError('state_not_allowed', 'an objection against it is open', { where: open.id })
  const id = uuidV7(effects)
  const row = {
    id,
    assessment,
    made_on: dayOf(isoTime(effects.now())),
    grounds,
    outcome: null,
    reason: null,
    decided_on: null,
  }
  await db.insertInto('levy_objection').values(row).execute()
  return id
}

/** Decides an objection, with a reason. An upheld one is followed by a correction. Errors: `not_found`, `state_not_allowed`. */
export async function decideObjection(
  db: Database,
  id: string,
  outcome: 'upheld' | 'rejected',
  reason: string,
  effects: Effects,
): Promise<void> {
  return inLedger(db, (queries) => decideWithin(queries, id, outcome, reason, effects))
}

async function decideWithin(
  db: Queries,
  id: string,
  outcome: 'upheld' | 'rejected',
  reason: string,
  effects: Effects,
): Promise<void> {
  const row = await db.selectFrom('levy_objection').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new ColophonError('not_found', 'there is no such objection', { where: id })
  if (row.outcome !== null) throw new ColophonError('state_not_allowed', 'it was decided before', { where: id })
  await db
    .updateTable('levy_objection')
    .set({ outcome, reason, decided_on: dayOf(isoTime(effects.now())) })
    .where('id', '=', id)
    .execute()
}

export async function listObjections(queries: Queries, assessment: string) {
  return queries
    .selectFrom('levy_objection')
    .selectAll()
    .where('assessment', '=', assessment)
    .orderBy('made_on')
    .execute()
}

import { ColophonError, type Queries } from '../../foundation/index.ts'
import type { StatementKind } from '../../statements/index.ts'
import { lintPlan } from './lintPlan.ts'
import { planDigest } from './readPlan.ts'
import { planSchema, type LevyPlan } from './schema.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_plan: {
      id: string
      party: string
      scheme: string
      version: bigint
      valid_from: string
      valid_until: string | null
      digest: string
      plan: string
      recorded_at: string
      log_index: bigint
    }
  }
}

/** A recorded plan, with the statement that it stands in. */
export interface RecordedPlan {
  id: string
  party: string
  digest: string
  recordedAt: string
  plan: LevyPlan
}

/**
 * A fund says what its plan is. A plan is never changed: another version takes its place, from a day on that is not
 * before what its predecessor promised. Plans of others are proposals of theirs.
 */
export const levyPlanKind: StatementKind<LevyPlan> = {
  type: 'LevyPlan',
  schema: planSchema as never,
  tables: ['levy_plan'],
  async judge({ subject, party }, rows) {
    const others = await listPlans(await rows.queries(), { party, scheme: subject.scheme })
    const found = lintPlan(
      subject,
      others.map(({ plan }) => plan),
    )
    const [first] = found.filter(({ severity }) => severity === 'error')
    if (first)
      throw new ColophonError('invalid_statement', `${first.code}: ${first.message}`, {
        where: first.where,
        remedy: 'Run colophon levy plan lint.',
      })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { onBehalfOf: _, ...plan } = subject
    rows.add('levy_plan', {
      id,
      party,
      scheme: plan.scheme,
      version: BigInt(plan.version),
      valid_from: plan.validFrom,
      valid_until: plan.validUntil ?? null,
      digest: planDigest(plan),
      plan: JSON.stringify(plan),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

/** Plans by scheme and version, newest first. */
export async function listPlans(
  queries: Queries,
  by: { party?: string; scheme?: string; digest?: string } = {},
): Promise<RecordedPlan[]> {
  let query = queries.selectFrom('levy_plan').selectAll().orderBy('scheme').orderBy('version', 'desc').limit(500)
  for (const name of ['party', 'scheme', 'digest'] as const)
    if (by[name] !== undefined) query = query.where(name, '=', by[name])
  return (await query.execute()).map((row) => ({
    id: row.id,
    party: row.party,
    digest: row.digest,
    recordedAt: row.recorded_at,
    plan: JSON.parse(row.plan) as LevyPlan,
  }))
}

/** The last day on which a recorded plan is in force: its own, or the one before a later version begins; else `undefined`. */
export function lastDayOf(plan: LevyPlan, recorded: readonly RecordedPlan[]): string | undefined {
  const ends = recorded
    .filter((each) => each.plan.scheme === plan.scheme && each.plan.version > plan.version)
    .map((each) => dayBefore(each.plan.validFrom))
  if (plan.validUntil !== undefined) ends.push(plan.validUntil)
  return ends.sort()[0]
}

const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)

/** The version of a scheme that is in force on a day: the latest that has begun and not ended. */
export function planInForce(plans: readonly RecordedPlan[], day: string): RecordedPlan | undefined {
  return plans
    .filter(({ plan }) => plan.validFrom <= day && (plan.validUntil === undefined || plan.validUntil >= day))
    .toSorted((a, b) => b.plan.version - a.plan.version)[0]
}

import { z } from 'zod'
import { ColophonError, type Queries } from '../../foundation/index.ts'
import { didSchema, textSchema, uuidUrnSchema, type StatementKind } from '../../statements/index.ts'
import { lastDayOf, listPlans } from '../plans/kind.ts'
import { daySchema, slugSchema } from '../plans/schema.ts'
import type { RunReport } from './runDistribution.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_run: {
      id: string
      party: string
      scheme: string
      version: bigint
      period_from: string
      period_to: string
      root: string
      corrects: string | null
      report: string
      recorded_at: string
      log_index: bigint
    }
  }
}

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/)
const centsTextSchema = z.string().regex(/^(0|[1-9]\d{0,15})$/)
const countSchema = z.int().min(0)

const reportSchema = z.strictObject({
  type: z.literal('LevyRunReport'),
  scheme: slugSchema,
  version: z.int().min(1),
  planDigest: digestSchema,
  period: z.strictObject({ from: daySchema, to: daySchema }),
  asOf: daySchema,
  attributionConfidencePpm: z.int().min(0).max(1_000_000),
  code: textSchema(60),
  inputs: z.array(z.strictObject({ table: slugSchema, sha256: digestSchema })).max(200),
  currency: z.string().regex(/^[A-Z]{3}$/),
  grossCents: centsTextSchema,
  reserveCents: centsTextSchema,
  feeCents: centsTextSchema,
  groups: z.strictObject({
    heritage: centsTextSchema,
    creatorSupport: centsTextSchema,
    rightsholders: centsTextSchema,
    social: centsTextSchema,
  }),
  payees: countSchema,
  institutions: countSchema,
  sectors: z.array(z.strictObject({ sector: textSchema(100), works: countSchema, cents: centsTextSchema })).max(200),
  held: z.array(z.strictObject({ reason: slugSchema, count: countSchema, cents: centsTextSchema })).max(20),
  lines: countSchema,
  root: digestSchema,
})

const runSchema = z.strictObject({
  type: z.literal('LevyRun'),
  onBehalfOf: didSchema.optional(),
  /** The run that this one puts right; the first one stays where it is. */
  corrects: uuidUrnSchema.optional(),
  report: reportSchema,
})

/** A published run: what was distributed by which plan, from which inputs, and the root of all its lines. */
export const levyRunKind: StatementKind<z.infer<typeof runSchema>> = {
  type: 'LevyRun',
  schema: runSchema,
  tables: ['levy_run'],
  async judge({ subject, party }, rows) {
    const queries = await rows.queries()
    const { report, corrects } = subject
    const [plan] = await listPlans(queries, { party, digest: report.planDigest })
    if (!plan)
      throw new ColophonError('invalid_statement', 'the plan of this run is not among your recorded plans', {
        where: `${report.scheme} version ${report.version}, ${report.planDigest}`,
        remedy: 'Record the plan first, and distribute by the recorded one: a plan that was changed is another plan.',
      })
    const lastDay = lastDayOf(plan.plan, await listPlans(queries, { party, scheme: report.scheme }))
    if (plan.plan.validFrom > report.period.to || (lastDay ?? '9999') < report.period.from)
      throw new ColophonError('invalid_statement', 'the plan of this run is not in force in its period', {
        where: report.scheme,
      })
    const same = (await listRuns(queries, { party, scheme: report.scheme })).filter(
      (run) => run.report.period.from <= report.period.to && run.report.period.to >= report.period.from,
    )
    const current = same.filter(({ id }) => !same.some((run) => run.corrects === id))
    if (current.some(({ id }) => id !== corrects) || (corrects !== undefined && current.length === 0))
      throw new ColophonError('duplicate_statement', 'this period was distributed already', {
        where: current[0]?.id ?? corrects!,
        remedy: 'Say which run this one corrects, the latest of the period: --corrects.',
      })
  },
  project({ subject: { report, corrects }, id, party, recordedAt, logIndex }, rows) {
    rows.add('levy_run', {
      id,
      party,
      scheme: report.scheme,
      version: BigInt(report.version),
      period_from: report.period.from,
      period_to: report.period.to,
      root: report.root,
      corrects: corrects ?? null,
      report: JSON.stringify(report),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

export interface RecordedRun {
  id: string
  party: string
  recordedAt: string
  /** The run that this one puts right. */
  corrects: string | null
  report: RunReport
}

/** Published runs, latest period first. */
export async function listRuns(
  queries: Queries,
  by: { id?: string; party?: string; scheme?: string; root?: string } = {},
): Promise<RecordedRun[]> {
  let query = queries
    .selectFrom('levy_run')
    .selectAll()
    .orderBy('period_to', 'desc')
    .orderBy('log_index', 'desc')
    .limit(500)
  for (const name of ['id', 'party', 'scheme', 'root'] as const)
    if (by[name] !== undefined) query = query.where(name, '=', by[name])
  return (await query.execute()).map((row) => ({
    id: row.id,
    party: row.party,
    recordedAt: row.recorded_at,
    corrects: row.corrects,
    report: JSON.parse(row.report) as RunReport,
  }))
}

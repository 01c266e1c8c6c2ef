import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, LruMap, isoTime } from '../foundation/index.ts'
import {
  findPlan,
  findRun,
  listPlans,
  listPlansOfOthers,
  listPresets,
  listRuns,
  listUnlocated,
  planInForce,
  plansInForce,
  readLedgerState,
  readPlan,
  readPreset,
  writeReport,
  type FundReport,
  type LevyPlan,
  type RecordedPlan,
  type RecordedRun,
  type Unlocated,
} from '../levy/index.ts'
import type { Node } from '../main.ts'
import { uuidUrnSchema } from '../statements/index.ts'
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const planSchema = z.looseObject({ id: z.string(), party: z.string(), digest: z.string() }).openapi('LevyPlan')
const runSchema = z.looseObject({ id: z.string(), party: z.string() }).openapi('LevyRun')
const params = z.object({ id: z.string().max(120) })

const readPlans = createRoute({
  method: 'get',
  path: '/api/fund/plans',
  summary: 'The plans of this node’s fund, newest version first, and the newest that others propose',
  responses: answers(200, 'Plans', z.looseObject({ plans: z.array(planSchema) })),
})

const readOnePlan = createRoute({
  method: 'get',
  path: '/api/fund/plans/{id}',
  summary: 'A recorded levy plan, whole',
  request: { params },
  responses: answers(200, 'The plan', planSchema),
})

const readOnePreset = createRoute({
  method: 'get',
  path: '/api/fund/presets/{name}',
  summary: 'A levy plan that comes with the software as an example',
  request: { params: z.object({ name: z.string().max(60) }) },
  responses: answers(200, 'The plan', z.looseObject({ type: z.literal('LevyPlan') })),
})

const readRuns = createRoute({
  method: 'get',
  path: '/api/fund/runs',
  summary: 'The published distributions of this node’s fund, latest period first',
  responses: answers(200, 'Runs', z.looseObject({ runs: z.array(runSchema) })),
})

const readOneRun = createRoute({
  method: 'get',
  path: '/api/fund/runs/{id}',
  summary: 'A published distribution: amounts down to sectors, digests of its inputs, its root. Cents are digits',
  request: { params },
  responses: answers(200, 'The run', runSchema),
})

const readOneReport = createRoute({
  method: 'get',
  path: '/api/fund/reports/{year}',
  summary: 'The transparency report of the fund for a year (Directive 2014/26/EU, Article 22). Cents are digits',
  request: { params: z.object({ year: z.string().max(10) }) },
  responses: answers(200, 'The report', z.looseObject({ year: z.number() })),
})

/** Reading only: plans and runs are signed statements, and money is booked by whoever keeps the fund. */
export function addFundRoutes(api: Api, node: Node): void {
  api.openapi(readPlans, async (context) => {
    const { plans, inForce, others } = await fundOf(node)
    const ofFund = plans.map((each) => ({ each, isInForce: inForce.some(({ id }) => id === each.id) }))
    const listed = [
      ...ofFund.map(({ each, isInForce }) => ({ ...summaryOf(each), isOfFund: true, isInForce })),
      ...others.map((each) => ({ ...summaryOf(each), isOfFund: false, isInForce: false })),
    ]
    return context.json({ plans: listed } as never, 200)
  })
  api.openapi(readOnePlan, async (context) =>
    context.json((await needPlan(node, context.req.valid('param').id)) as never, 200),
  )
  api.openapi(readOnePreset, (context) => context.json(needPreset(context.req.valid('param').name) as never, 200))
  api.openapi(readRuns, async (context) =>
    context.json({ runs: (await runsOfFund(node)).map(runSummary) } as never, 200),
  )
  api.openapi(readOneRun, async (context) =>
    context.json((await needRun(node, context.req.valid('param').id)) as never, 200),
  )
  api.openapi(readOneReport, async (context) =>
    context.json(plainReport((await needReport(node, context.req.valid('param').year)).report) as never, 200),
  )
}

function summaryOf({ id, party, digest, recordedAt, plan }: RecordedPlan) {
  const { scheme, version, name, currency, validFrom, validUntil } = plan
  return { id, party, digest, recordedAt, scheme, version, name, currency, validFrom, validUntil }
}

function runSummary({ id, party, recordedAt, report }: RecordedRun) {
  const { scheme, version, period, currency, grossCents, root } = report
  return { id, party, recordedAt, scheme, version, period, currency, grossCents, root }
}

const OTHERS_MAX = 20

export interface Fund {
  /** Whose fund this node keeps, if anybody’s. */
  party: string | undefined
  /** Its plans, those of them that are in force today, and the newest of others, which are proposals. */
  plans: RecordedPlan[]
  inForce: RecordedPlan[]
  others: RecordedPlan[]
  today: string
}

export async function fundOf({ config, register }: Node): Promise<Fund> {
  const party = config.fundParty
  const today = isoTime(register.effects.now()).slice(0, 10)
  const { db } = register.database
  const plans = party === undefined ? [] : await listPlans(db, { party })
  const others = await listPlansOfOthers(db, party, OTHERS_MAX)
  return { party, plans, inForce: plansInForce(plans, today), others, today }
}

/** The published runs of the fund. */
export async function runsOfFund({ config, register }: Node): Promise<RecordedRun[]> {
  return config.fundParty === undefined ? [] : listRuns(register.database.db, { party: config.fundParty })
}

/** What cannot be one is not looked up: PostgreSQL takes no text with a zero byte. */
const isStatementId = (id: string) => uuidUrnSchema.safeParse(id).success

/** Errors: `not_found`. */
export async function needPlan(node: Node, id: string): Promise<RecordedPlan & { logIndex: number }> {
  const found = isStatementId(id) && (await findPlan(node.register.database.db, id))
  if (!found) throw new ColophonError('not_found', 'There is no such plan here.')
  return found
}

/** Errors: `not_found`. */
export async function needRun(node: Node, id: string): Promise<RecordedRun & { logIndex: number }> {
  const found = isStatementId(id) && (await findRun(node.register.database.db, id))
  if (!found) throw new ColophonError('not_found', 'There is no such distribution here.')
  return found
}

const presets = new Map<string, LevyPlan>()

/** A plan that comes with the software. Errors: `not_found`. */
export function needPreset(name: string): LevyPlan {
  const known = presets.get(name)
  if (known) return known
  if (!listPresets().includes(name)) throw new ColophonError('not_found', 'There is no such example of a plan.')
  const plan = readPlan(readPreset(name), name)
  presets.set(name, plan)
  return plan
}

/** What is computed from the whole ledger is kept until something else is booked, a payee changes, or another day begins. */
const computed = new LruMap<string, Promise<unknown>>(50)

async function onceALedger<Value>(node: Node, what: string, compute: () => Promise<Value>): Promise<Value> {
  const { mark } = await readLedgerState(node.register.database.db)
  const key = `${node.config.dataDir} ${mark} ${what}`
  const known = computed.get(key) as Promise<Value> | undefined
  if (known) return known
  const value = compute()
  computed.set(key, value)
  // What failed is tried again, and told to whoever waits for it.
  value.catch(() => computed.delete(key))
  return value
}

/** The report of a year with the currency that it is in. Errors: `not_found` where there is no fund, or nothing was booked. */
export async function needReport(node: Node, year: string): Promise<{ report: FundReport; currency: string }> {
  const { db } = node.register.database
  const { years } = await readLedgerState(db)
  const { plans, today } = await fundOf(node)
  const [newest] = plans
  if (!newest || !/^\d{4}$/.test(year) || !years.includes(Number(year)))
    throw new ColophonError('not_found', 'There is no report of this year.')
  const { plan } = planInForce(plans, `${year}-12-31`) ?? newest
  const report = await onceALedger(node, `report ${year} ${today}`, () =>
    writeReport(db, Number(year), plan, node.config.fundParty),
  )
  // Anybody can publish a run that looks like one of the fund’s.
  const own = new Set((await runsOfFund(node)).map(({ id }) => id))
  return { report: { ...report, runs: report.runs.filter(({ id }) => own.has(id)) }, currency: plan.currency }
}

/** Cents as digits, as JSON has them. */
function plainReport(report: FundReport): object {
  return JSON.parse(
    JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object
}

/** Whom money waits for, as far as everybody may know it by today; nobody where there is no fund. */
export async function publicUnlocated(node: Node): Promise<Unlocated[]> {
  const { plans, inForce, today } = await fundOf(node)
  const plan = (inForce[0] ?? plans[0])?.plan
  if (!plan) return []
  const found = await onceALedger(node, `unlocated ${today}`, () =>
    listUnlocated(node.register.database.db, plan.distribution.unlocated, today),
  )
  return found.filter(({ publicFrom }) => publicFrom <= today)
}

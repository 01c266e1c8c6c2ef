import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, LruMap, isoTime } from '../foundation/index.ts'
import {
  findPlan,
  findRun,
  listPlans,
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
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const planSchema = z.looseObject({ id: z.string(), party: z.string(), digest: z.string() }).openapi('LevyPlan')
const runSchema = z.looseObject({ id: z.string(), party: z.string() }).openapi('LevyRun')
const params = z.object({ id: z.string().max(120) })

const readPlans = createRoute({
  method: 'get',
  path: '/api/fund/plans',
  summary:
    'Recorded levy plans by scheme, newest version first; which of them are those of this node’s fund, and in force',
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
  summary: 'Published distributions, latest period first',
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
    const { party, plans, inForce } = await fundOf(node)
    const about = plans.map((each) => ({
      ...each,
      isOfFund: each.party === party,
      isInForce: inForce.some(({ id }) => id === each.id),
    }))
    return context.json({ plans: about } as never, 200)
  })
  api.openapi(readOnePlan, async (context) =>
    context.json((await needPlan(node, context.req.valid('param').id)) as never, 200),
  )
  api.openapi(readOnePreset, (context) => context.json(needPreset(context.req.valid('param').name) as never, 200))
  api.openapi(readRuns, async (context) =>
    context.json({ runs: await listRuns(node.register.database.db) } as never, 200),
  )
  api.openapi(readOneRun, async (context) =>
    context.json((await needRun(node, context.req.valid('param').id)) as never, 200),
  )
  api.openapi(readOneReport, async (context) =>
    context.json(plainReport((await needReport(node, context.req.valid('param').year)).report) as never, 200),
  )
}

export interface Fund {
  /** Whose fund this node keeps, if anybody’s. */
  party: string | undefined
  /** All recorded plans, and those of the fund that are in force today. */
  plans: RecordedPlan[]
  inForce: RecordedPlan[]
  today: string
}

export async function fundOf({ config, register }: Node): Promise<Fund> {
  const party = config.fundParty
  const today = isoTime(register.effects.now()).slice(0, 10)
  const plans = await listPlans(register.database.db)
  return {
    party,
    plans,
    inForce: plansInForce(
      plans.filter((each) => each.party === party),
      today,
    ),
    today,
  }
}

/** The published runs of the fund. */
export async function runsOfFund({ config, register }: Node): Promise<RecordedRun[]> {
  return config.fundParty === undefined ? [] : listRuns(register.database.db, { party: config.fundParty })
}

/** Errors: `not_found`. */
export async function needPlan(node: Node, id: string): Promise<RecordedPlan & { logIndex: number }> {
  const found = await findPlan(node.register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'There is no such plan here.')
  return found
}

/** Errors: `not_found`. */
export async function needRun(node: Node, id: string): Promise<RecordedRun & { logIndex: number }> {
  const found = await findRun(node.register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'There is no such distribution here.')
  return found
}

/** Errors: `not_found`. */
export function needPreset(name: string): LevyPlan {
  if (!listPresets().includes(name)) throw new ColophonError('not_found', 'There is no such example of a plan.')
  return readPlan(readPreset(name), name)
}

/** What is computed from the whole ledger is kept until something else is booked, a payee changes, or another day begins. */
const computed = new LruMap<string, unknown>(50)

async function onceALedger<Value>(node: Node, what: string, compute: () => Promise<Value>): Promise<Value> {
  const { mark } = await readLedgerState(node.register.database.db)
  const key = `${node.config.dataDir} ${mark} ${what}`
  const known = computed.get(key) as Value | undefined
  if (known !== undefined) return known
  const value = await compute()
  computed.set(key, value)
  return value
}

/** The report of a year with the currency that it is in. Errors: `not_found` where there is no fund, or nothing was booked. */
export async function needReport(node: Node, year: string): Promise<{ report: FundReport; currency: string }> {
  const { db } = node.register.database
  const { years } = await readLedgerState(db)
  const { party, plans, today } = await fundOf(node)
  const own = plans.filter((each) => each.party === party)
  const [newest] = own
  if (!newest || !/^\d{4}$/.test(year) || !years.includes(Number(year)))
    throw new ColophonError('not_found', 'There is no report of this year.')
  const { plan } = planInForce(own, `${year}-12-31`) ?? newest
  const report = await onceALedger(node, `report ${year} ${today}`, () => writeReport(db, Number(year), plan))
  return { report, currency: plan.currency }
}

/** Cents as digits, as JSON has them. */
export function plainReport(report: FundReport): object {
  return JSON.parse(
    JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ) as object
}

/** Whom money waits for, as far as everybody may know it by today; nobody where there is no fund. */
export async function publicUnlocated(node: Node): Promise<Unlocated[]> {
  const { party, plans, inForce, today } = await fundOf(node)
  const plan = (inForce[0] ?? plans.find((each) => each.party === party))?.plan
  if (!plan) return []
  const found = await onceALedger(node, `unlocated ${today}`, () =>
    listUnlocated(node.register.database.db, plan.distribution.unlocated, today),
  )
  return found.filter(({ publicFrom }) => publicFrom <= today)
}

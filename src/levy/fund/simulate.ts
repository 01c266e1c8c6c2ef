import { assess } from '../assessment/assess.ts'
import type { LevyFacts } from '../assessment/facts.ts'
import type { Contribution } from '../distribution/rightsholders.ts'
import { groups, type LevyPlan } from '../plans/schema.ts'
import type { RunFiles } from '../runs/inputs.ts'
import { chunksOf } from '../runs/chunks.ts'
import { orderPayees } from '../runs/order.ts'
import { computeRun, type ComputedRun } from '../runs/runDistribution.ts'

/** What a plan would come to, by group. */
export interface SimulatedPlan {
  scheme: string
  version: number
  /** Developers in scope and out of it. */
  contributors: number
  exempt: number
  grossCents: bigint
  /** Amounts by what they go to: `reserve`, `fee`, the groups, sectors, countries and sizes of accounts. */
  amounts: Map<string, bigint>
}

export interface SimulationOptions {
  files: Omit<RunFiles, 'contributions'>
  facts: readonly LevyFacts[]
  asOf: string
  attributionConfidencePpm: number
}

/** Two plans on the same facts and works, before anything is decided. */
export async function simulate(plans: readonly LevyPlan[], options: SimulationOptions): Promise<SimulatedPlan[]> {
  const simulated: SimulatedPlan[] = []
  for (const plan of plans) simulated.push(await simulateOne(plan, options))
  return simulated
}

async function simulateOne(
  plan: LevyPlan,
  { files, facts, asOf, attributionConfidencePpm }: SimulationOptions,
): Promise<SimulatedPlan> {
  const assessments = facts.map((each) => assess(plan, each, each.period.to))
  const contributions: Contribution[] = assessments
    .filter(({ dueCents }) => dueCents > 0n)
    .map(({ provider, dueCents }) => ({ developer: provider, cents: dueCents }))
  const options = { plan, files: { ...files, contributions: [] }, asOf, attributionConfidencePpm, contributions }
  return computeRun(options, async (run) => ({
    scheme: plan.scheme,
    version: plan.version,
    contributors: contributions.length,
    exempt: assessments.length - contributions.length,
    grossCents: run.result.waterfall.grossCents,
    amounts: await amountsOf(run),
  }))
}

async function amountsOf({ connection, works, result }: ComputedRun): Promise<Map<string, bigint>> {
  const { waterfall, rightsholders } = result
  const amounts = new Map<string, bigint>([
    ['reserve', waterfall.reserveCents],
    ['fee', waterfall.feeCents],
    ...groups.map((name): [string, bigint] => [`group ${name}`, waterfall.groups[name]]),
  ])
  if (!rightsholders) return amounts
  const add = (name: string, cents: bigint) => amounts.set(name, (amounts.get(name) ?? 0n) + cents)
  for (const [sector, { from, to }] of works.sectors)
    add(`sector ${sector}`, BigInt(rightsholders.works.subarray(from, to).reduce((sum, cents) => sum + cents, 0)))
  for (const cents of rightsholders.payees) if (cents > 0) add(`size ${sizeOf(cents)}`, BigInt(cents))
  for (const { cents } of rightsholders.heldOfWorks) add('held', BigInt(cents))
  for (const { cents } of rightsholders.held) add('held', cents)
  await addCountries(connection, rightsholders.payees, add)
  return amounts
}

/** Powers of ten, in euro: an account of 250 is in “100 to 1000”. */
function sizeOf(cents: number): string {
  if (cents < 1000) return 'below 10'
  const power = 10 ** Math.floor(Math.log10(cents / 100))
  return `${power} to ${power * 10}`
}

async function addCountries(
  connection: ComputedRun['connection'],
  payees: Float64Array,
  add: (name: string, cents: bigint) => void,
): Promise<void> {
  const tables = await connection.runAndReadAll(
    "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'payees' AND column_name = 'residence'",
  )
  if (Number(tables.getRows()[0]![0]) === 0) return
  let place = 0
  await orderPayees(connection)
  const sql = `SELECT coalesce(CAST(p.residence AS VARCHAR), '') FROM ordered_payees o LEFT JOIN payees p ON p.payee = o.payee ORDER BY o.rowid`
  for await (const chunk of chunksOf(connection, [], sql))
    for (let i = 0; i < chunk.rowCount; i++, place++)
      if (payees[place]! > 0)
        add(`country ${(chunk.getColumnVector(0).getItem(i) as string) || 'unknown'}`, BigInt(payees[place]!))
}

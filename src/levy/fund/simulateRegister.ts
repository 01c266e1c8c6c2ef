import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { literal, withDuckDb } from '../../datasets/index.ts'
import { csvCell, isoTime, type Queries } from '../../foundation/index.ts'
import { countWorks } from '../../register/index.ts'
import type { LevyFacts } from '../assessment/facts.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { writeInputs } from '../runs/writeInputs.ts'
import { simulate, type SimulatedPlan } from './simulate.ts'
import { simulateGroups } from './simulateGroups.ts'

const WORKS_MAX = 50_000
/** A country is named only when so many payees live there. */
const PAYEES_MIN = 3

export interface RegisterSimulation {
  plans: SimulatedPlan[]
  /** Works of the register that were counted; none when there are none, or more than `WORKS_MAX`. */
  works: number
}

/**
 * Plans beside one another on given facts and on the works of the register, of which the tables are written into a folder
 * that is removed again. Errors: those of `assess` and of the tables.
 */
export async function simulateRegister(
  queries: Queries,
  plans: readonly LevyPlan[],
  facts: readonly LevyFacts[],
  now: number,
): Promise<RegisterSimulation> {
  const count = await countWorks(queries)
  const groupsAlone = () => ({ plans: simulateGroups(plans, facts), works: 0 })
  if (count > WORKS_MAX) return groupsAlone()
  const stage = mkdtempSync(join(tmpdir(), 'colophon-simulation-'))
  try {
    const folder = join(stage, 'inputs')
    const today = isoTime(now).slice(0, 10)
    const { works } = await writeInputs(queries, folder, { from: today, to: today }, [], now)
    if (works === 0) return groupsAlone()
    await writeResidences(queries, folder)
    const files = Object.fromEntries(
      ['works', 'shares', 'uses', 'payees'].map((name) => [name, [join(folder, `${name}.csv`)]]),
    ) as Record<'works' | 'shares' | 'uses' | 'payees', string[]>
    const options = { files, facts, asOf: today, attributionConfidencePpm: 1_000_000 }
    return { plans: await simulate(plans, options), works }
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Where payees live, as far as the fund knows it and a country has enough of them that nobody is found by it. */
async function writeResidences(queries: Queries, folder: string): Promise<void> {
  const payees = await withDuckDb(async (connection) => {
    const sql = `SELECT DISTINCT payee FROM read_csv(${literal(join(folder, 'shares.csv'))}, header = true, all_varchar = true) ORDER BY payee`
    return (await connection.runAndReadAll(sql)).getRows().map(([payee]) => String(payee))
  })
  const rows = await queries
    .selectFrom('levy_payee')
    .select(['id', 'residence'])
    .where('residence', 'is not', null)
    .execute()
  const known = new Map(rows.map(({ id, residence }) => [id, residence!]))
  const counts = new Map<string, number>()
  for (const payee of payees) {
    const residence = known.get(payee)
    if (residence) counts.set(residence, (counts.get(residence) ?? 0) + 1)
  }
  const lines = payees.map((payee) => {
    const residence = known.get(payee) ?? ''
    return `${csvCell(payee)},${(counts.get(residence) ?? 0) >= PAYEES_MIN ? residence : ''}`
  })
  writeFileSync(join(folder, 'payees.csv'), `payee,residence\n${lines.join('\n')}\n`)
}

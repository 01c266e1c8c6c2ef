import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal, withDuckDb } from '../../src/datasets/index.ts'
import { computeRun, runDistribution } from '../../src/levy/runs/runDistribution.ts'
import { benchPlan } from './levy.ts'

/** One side of the bench in a process of its own: prints seconds, the highest memory and a digest of what payees have. */
const [side = '', folder = ''] = process.argv.slice(2)
const path = (name: string) => join(folder, `${name}.parquet`)
const files = {
  works: [path('works')],
  shares: [path('shares')],
  uses: [path('uses')],
  contributions: [path('contributions')],
}
const options = { plan: benchPlan(), files, asOf: '2027-12-31', attributionConfidencePpm: 1_000_000 }
const start = performance.now()
const sides: Record<string, () => Promise<string>> = { ours, sql, written }
const digest = await sides[side]!()
const seconds = (performance.now() - start) / 1000
console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024, digest }))

async function ours(): Promise<string> {
  return computeRun(options, async ({ result }) => digestOf(result.rightsholders!.payees))
}

async function written(): Promise<string> {
  const stage = mkdtempSync(join(folder, 'run-'))
  const period = { from: '2027-01-01', to: '2027-12-31' }
  const run = { ...options, period, secret: new Uint8Array(32), withAllocations: false, folder: join(stage, 'run') }
  const { root } = await runDistribution(run)
  rmSync(stage, { recursive: true, force: true })
  return root
}

/** In the order of payees; those who have nothing are left out. */
function digestOf(payees: Iterable<number>): string {
  const cents = Float64Array.from([...payees].filter((each) => each > 0))
  return createHash('sha256').update(new Uint8Array(cents.buffer)).digest('hex')
}

/** The same rules in SQL: largest remainder at every level by window functions. */
async function sql(): Promise<string> {
  return withDuckDb(async (connection) => {
    await connection.run("SET memory_limit = '1800MB'")
    for (const name of ['works', 'shares', 'uses', 'contributions'])
      await connection.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${literal(path(name))})`)
    await connection.run(
      `CREATE TABLE weighed AS SELECT w.work, w.sector, coalesce(u.weight, 0) AS weight FROM works w LEFT JOIN (SELECT work, sum(uses) AS weight FROM uses GROUP BY work) u USING (work)`,
    )
    const [[gross]] = (
      await connection.runAndReadAll('SELECT CAST(sum(cents) AS BIGINT) FROM contributions')
    ).getRows() as [[bigint]]
    const equal = (gross * 2n) / 10n
    await connection.run(
      `CREATE TABLE sectors AS SELECT sector, sum(weight) AS weight, count(*) AS works FROM weighed GROUP BY sector`,
    )
    await connection.run(
      `CREATE TABLE pools AS SELECT a.sector, a.weight, a.works, a.cents AS use_cents, b.cents AS equal_cents FROM (${split('sectors', 'weight', gross - equal)}) a JOIN (${split('sectors', 'works', equal)}) b USING (sector)`,
    )
    await connection.run(`CREATE TABLE paid AS SELECT work, ${given('use_cents', 'weight', 'total', 'sector', 'work')} + CAST(equal_cents // works AS BIGINT) + CASE WHEN row_number() OVER (PARTITION BY sector ORDER BY work) <= equal_cents % works THEN 1 ELSE 0 END AS cents
      FROM (SELECT w.work, w.sector, CAST(w.weight AS HUGEINT) AS weight, CAST(p.weight AS HUGEINT) AS total, p.use_cents, p.equal_cents, p.works FROM weighed w JOIN pools p USING (sector))`)
    const byPayee = `SELECT payee, sum(cents) AS cents FROM (SELECT payee, ${given('cents', 'share', '10000', 'work', 'payee')} AS cents FROM (SELECT s.work, s.payee, s.share, p.cents FROM shares s JOIN paid p USING (work))) GROUP BY payee ORDER BY payee`
    return digestOf(await column(connection, `SELECT CAST(cents AS DOUBLE) FROM (${byPayee}) ORDER BY payee`))
  })
}

/** ⌊cents·weight/total⌋, and one more for the largest remainders of each group. */
function given(cents: string, weight: string, total: string, group: string, id: string): string {
  const whole = `CAST((CAST(${cents} AS HUGEINT) * ${weight}) // ${total} AS BIGINT)`
  const remainder = `(CAST(${cents} AS HUGEINT) * ${weight}) % ${total}`
  return `${whole} + CASE WHEN row_number() OVER (PARTITION BY ${group} ORDER BY ${remainder} DESC, ${id}) <= ${cents} - sum(${whole}) OVER (PARTITION BY ${group}) THEN 1 ELSE 0 END`
}

function split(table: string, weight: string, cents: bigint): string {
  const rows = `SELECT *, CAST(${cents} AS HUGEINT) * ${weight} // (SELECT sum(${weight}) FROM ${table}) AS whole, CAST(${cents} AS HUGEINT) * ${weight} % (SELECT sum(${weight}) FROM ${table}) AS rest FROM ${table}`
  return `SELECT *, CAST(whole + CASE WHEN row_number() OVER (ORDER BY rest DESC, sector) <= ${cents} - sum(whole) OVER () THEN 1 ELSE 0 END AS BIGINT) AS cents FROM (${rows})`
}

async function column(connection: DuckDBConnection, question: string): Promise<number[]> {
  const read = await connection.stream(question)
  const numbers: number[] = []
  for (let chunk = await read.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await read.fetchChunk())
    for (let i = 0; i < chunk.rowCount; i++) numbers.push(chunk.getColumnVector(0).getItem(i) as number)
  return numbers
}

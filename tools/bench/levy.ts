import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { literal, withDuckDb } from '../../src/datasets/index.ts'
import { readPlan, readPreset } from '../../src/levy/index.ts'
import { printTable } from './table.ts'

const USES = Number(process.env.USES ?? 200_000_000)
const WORKS = Math.round(USES / 20)
const PAYEES = Math.round(USES / 40)
/** Two shares a work. */
const GROSS_CENTS = 10_000_000_000n

/**
 * One distribution of €100 million from lines of uses to payees, to the cent: ours against the same run written wholly in
 * SQL for DuckDB, each in a process of its own, on the same Parquet. Both must come to the same cents for every payee.
 * `USES` sets the number of lines. Where the run is also written and committed, that is a line of its own.
 */
export async function bench(): Promise<void> {
  const folder = process.env.KEEP ?? mkdtempSync(join(tmpdir(), 'colophon-bench-levy-'))
  try {
    if (!existsSync(join(folder, 'contributions.parquet'))) await makeTables(folder)
    const input = `${USES / 1e6}M lines, ${WORKS / 1e6}M works, ${(WORKS * 2) / 1e6}M shares, ${PAYEES / 1e6}M payees`
    const sql = inProcess('sql', folder)
    const ours = inProcess('ours', folder)
    const written = inProcess('written', folder)
    if (ours.digest !== sql.digest) throw new Error(`other cents: ours ${ours.digest}, SQL ${sql.digest}`)
    const peer = (figure: number) => ({ name: 'all in SQL, DuckDB', figure })
    printTable([
      { what: 'distribution', ours: ours.seconds, unit: 's', peer: peer(sql.seconds), target: '≤ 25', input },
      {
        what: 'its memory at the highest',
        ours: ours.megabytes,
        unit: 'MB',
        peer: peer(sql.megabytes),
        target: '≤ 2,000',
        input,
      },
      { what: 'the same, written and committed', ours: written.seconds, unit: 's', input },
      { what: 'its memory at the highest', ours: written.megabytes, unit: 'MB', input },
    ])
    console.log('Both come to the same cents for every payee.')
  } finally {
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true })
  }
}

interface Measured {
  seconds: number
  megabytes: number
  digest: string
}

function inProcess(side: 'ours' | 'sql' | 'written', folder: string): Measured {
  const run = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', new URL('levySide.ts', import.meta.url).pathname, side, folder],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (run.status !== 0) throw new Error(`${side} failed`)
  return JSON.parse(run.stdout) as Measured
}

/** The plan that both sides follow: a fifth equally, the rest by use, nothing held back. */
export function benchPlan() {
  const plan = readPlan(readPreset('blank'), 'blank')
  Object.assign(plan.distribution.reserve, { ppm: 0 })
  Object.assign(plan.distribution.fee, { ppm: 0 })
  Object.assign(plan.distribution.groups, { heritage: 0, creatorSupport: 0, rightsholders: 1_000_000, social: 0 })
  Object.assign(plan.distribution.rightsholders.weights, { equal: 200_000, use: 800_000, attribution: 0 })
  return plan
}

async function makeTables(folder: string): Promise<void> {
  await withDuckDb(async (connection) => {
    const write = (name: string, select: string) =>
      connection.run(
        `COPY (${select}) TO ${literal(join(folder, `${name}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
      )
    const skewed = `CAST(floor(pow(hash(i) / 18446744073709551616.0, 2) * ${WORKS}) AS BIGINT)`
    await write(
      'uses',
      `SELECT ${skewed} AS work, CAST(1 + hash(i, 1) % 50 AS BIGINT) AS uses FROM range(${USES}) t(i)`,
    )
    await write(
      'works',
      `SELECT i AS work, ['music', 'press', 'film', 'visual'][1 + CAST(hash(i, 2) % 4 AS INTEGER)] AS sector FROM range(${WORKS}) t(i)`,
    )
    const first = `CAST(1000 + hash(i, 3) % 8001 AS BIGINT)`
    const payee = (salt: number) => `CAST(hash(i, ${salt}) % ${Math.floor(PAYEES / 2)} * 2 AS BIGINT)`
    await write(
      'shares',
      `SELECT i AS work, ${payee(4)} AS payee, ${first} AS share FROM range(${WORKS}) t(i) UNION ALL SELECT i, ${payee(5)} + 1, 10000 - ${first} FROM range(${WORKS}) t(i)`,
    )
    await write('contributions', `SELECT 'did:web:developer.example' AS developer, ${GROSS_CENTS} AS cents`)
  })
}

import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { withDuckDb } from '../../datasets/index.ts'
import {
  ColophonError,
  canonicalJson,
  fromHex,
  parseJson,
  toHex,
  writeFileDurably,
  type Json,
} from '../../foundation/index.ts'
import { DISTRIBUTION_VERSION, distribute, type DistributionResult } from '../distribution/distribute.ts'
import type { Contribution, WorkColumns } from '../distribution/rightsholders.ts'
import type { Institution } from '../distribution/waterfall.ts'
import { planDigest } from '../plans/readPlan.ts'
import type { Group, LevyPlan } from '../plans/schema.ts'
import { loadColumns } from './columns.ts'
import { digestInputs, openInputs, type RunFiles } from './inputs.ts'
import { writeAllocations, writeHeld, writeLines, writeWorks } from './writeRun.ts'

export interface RunOptions {
  plan: LevyPlan
  files: RunFiles
  period: { from: string; to: string }
  /** The day whose shares count. */
  asOf: string
  attributionConfidencePpm: number
  /** 32 bytes that only the fund and its auditors know: the salts of the lines follow from it. */
  secret: Uint8Array
  /** Whether what each payee has of each work is written, too: what statements of account show. */
  withAllocations: boolean
  /** Where the run is written; it must not be there yet. */
  folder: string
}

/** What is published of a run; the statement on the log holds its digest. */
export interface RunReport {
  type: 'LevyRunReport'
  scheme: string
  version: number
  planDigest: string
  period: { from: string; to: string }
  asOf: string
  attributionConfidencePpm: number
  code: string
  inputs: { table: string; sha256: string }[]
  currency: string
  grossCents: string
  reserveCents: string
  feeCents: string
  groups: Record<Group, string>
  sectors: { sector: string; works: number; cents: string }[]
  held: { reason: string; count: number; cents: string }[]
  payees: number
  institutions: number
  lines: number
  root: string
}

/** A run while it is in memory. */
export interface ComputedRun {
  connection: DuckDBConnection
  works: WorkColumns
  result: DistributionResult
}

/**
 * Computes a run and hands it over while its tables are open. `contributions` take the place of the table of that name.
 * Errors: those of the inputs.
 */
export async function computeRun<Outcome>(
  options: Pick<RunOptions, 'plan' | 'files' | 'asOf' | 'attributionConfidencePpm'> & {
    contributions?: Contribution[]
  },
  use: (run: ComputedRun) => Promise<Outcome>,
): Promise<Outcome> {
  const { plan, files, asOf, attributionConfidencePpm } = options
  return withDuckDb(async (connection) => {
    await connection.run("SET memory_limit = '1GB'")
    const inputs = await openInputs(connection, files)
    const contributions = options.contributions ?? (await readContributions(connection))
    const institutions = await readInstitutions(connection, files)
    // Without a part for rightsholders no table of works is needed.
    const works =
      plan.distribution.groups.rightsholders === 0
        ? NO_WORKS
        : await loadColumns(connection, inputs, plan.distribution.rightsholders, asOf)
    const result = await distribute({ plan, contributions, institutions, works, attributionConfidencePpm })
    return use({ connection, works, result })
  })
}

/**
 * Distributes what came in and writes the run: `run.json` (public), `lines.csv` (account, owner, cents: what is booked),
 * `works.csv` (what each work has), `allocations.csv` (what each payee has of it, if wanted), `held.csv`, `plan.json` and
 * `secret` (for the fund and its auditors). The same inputs, plan and secret give the same bytes. Errors: those of the
 * inputs; then no folder is left.
 */
export async function runDistribution(options: RunOptions): Promise<RunReport> {
  const { folder, files, plan } = options
  if (existsSync(folder))
    throw new ColophonError('usage', 'the folder is there already', {
      where: folder,
      remedy: 'A run is never overwritten: name a new folder.',
    })
  const inputs = await digestInputs(files)
  const salts = saltKey(options.secret, planDigest(plan), options)
  return computeRun(options, async (run) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileDurably(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 1)}\n`)
    writeFileDurably(join(folder, 'secret'), `${toHex(options.secret)}\n`, 0o600)
    const { count, root } = await writeLines(run, folder, salts)
    const sectors = await writeWorks(run, folder)
    const held = await writeHeld(run, folder)
    if (options.withAllocations) await writeAllocations(run, folder)
    const report = reportOf(options, inputs, run.result, { sectors, held, lines: count, root })
    writeFileDurably(join(folder, 'run.json'), `${JSON.stringify(report, null, 1)}\n`)
    return report
  })
}

const NO_WORKS: WorkColumns = {
  count: 0,
  sectors: new Map(),
  shares: { start: new Uint32Array(1), payee: new Uint32Array(0), share: new Uint16Array(0) },
  payeeCount: 0,
  fillUses: async () => false,
}

/** What the salts of a run follow from: the secret, and what the run is of, so that another year has others. */
function saltKey(
  secret: Uint8Array,
  digest: string,
  { period, asOf, attributionConfidencePpm }: Pick<RunOptions, 'period' | 'asOf' | 'attributionConfidencePpm'>,
): Uint8Array {
  const about = { plan: digest, period, asOf, attributionConfidencePpm }
  return createHmac('sha256', secret).update(canonicalJson(about)).digest()
}

/** Reads a run's report and secret. `salts` is what the salts of its lines follow from. Errors:
 * `unreadable_file`, `invalid_json`. */
export function readRun(folder: string): { report: RunReport; plan: LevyPlan; secret: Uint8Array; salts: Uint8Array } {
  const read = (name: string) => {
    const path = join(folder, name)
    if (!existsSync(path))
      throw new ColophonError('unreadable_file', 'there is no such file', {
        where: path,
        remedy: 'Name a folder that colophon levy distribute wrote.',
      })
    return readFileSync(path, 'utf8')
  }
  const report = parseJson(read('run.json'), join(folder, 'run.json')) as Json & RunReport
  if (report.type !== 'LevyRunReport')
    throw new ColophonError('invalid_input', 'this is no report of a run', { where: folder })
  const plan = parseJson(read('plan.json'), join(folder, 'plan.json')) as unknown as LevyPlan
  const secret = fromHex(read('secret').trim())
  return { report, plan, secret, salts: saltKey(secret, report.planDigest, report) }
}

async function readContributions(connection: DuckDBConnection): Promise<Contribution[]> {
  const read = await connection.runAndReadAll(
    'SELECT developer, sum(cents) FROM contributions GROUP BY developer ORDER BY developer',
  )
  return read.getRows().map(([developer, cents]) => ({ developer: String(developer), cents: cents as bigint }))
}

async function readInstitutions(connection: DuckDBConnection, files: RunFiles): Promise<Institution[]> {
  if (!files.institutions || files.institutions.length === 0) return []
  const read = await connection.runAndReadAll(
    'SELECT institution, objects, accessible, open_licence, own_cost_cents, count(*) OVER (PARTITION BY institution) FROM institutions ORDER BY institution',
  )
  return read.getRows().map(([id, objects, accessible, openLicence, ownCost, times]) => {
    const row = { objects, accessible, openLicence, ownCost } as Record<
      'objects' | 'accessible' | 'openLicence' | 'ownCost',
      bigint
    >
    const where = `${files.institutions!.join(', ')}, ${String(id)}`
    if (times !== 1n)
      throw new ColophonError('dataset_invalid', 'institutions: the institution stands there twice', { where })
    if (row.accessible > row.objects || row.openLicence > row.objects)
      throw new ColophonError('dataset_invalid', 'institutions: more objects are accessible, or open, than there are', {
        where,
      })
    return { id: String(id), ...row }
  })
}

function reportOf(
  { plan, period, asOf, attributionConfidencePpm }: RunOptions,
  inputs: RunReport['inputs'],
  { waterfall, heritage, rightsholders }: DistributionResult,
  written: Pick<RunReport, 'sectors' | 'held' | 'lines' | 'root'>,
): RunReport {
  const groups = Object.fromEntries(Object.entries(waterfall.groups).map(([name, cents]) => [name, String(cents)]))
  return {
    type: 'LevyRunReport',
    scheme: plan.scheme,
    version: plan.version,
    planDigest: planDigest(plan),
    period,
    asOf,
    attributionConfidencePpm,
    code: DISTRIBUTION_VERSION,
    inputs: inputs.map(({ table, sha256 }) => ({ table, sha256 })),
    currency: plan.currency,
    grossCents: String(waterfall.grossCents),
    reserveCents: String(waterfall.reserveCents),
    feeCents: String(waterfall.feeCents),
    groups: groups as RunReport['groups'],
    payees: rightsholders?.payees.reduce((count, cents) => count + (cents > 0 ? 1 : 0), 0) ?? 0,
    institutions: heritage?.size ?? 0,
    ...written,
  }
}

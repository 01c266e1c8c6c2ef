import { existsSync, readFileSync, statSync } from 'node:fs'
import { ColophonError, dataPath, readConfig, systemEffects, type Database, type Queries } from '../foundation/index.ts'
import {
  listPlans,
  listPresets,
  planDigest,
  readPlan,
  readPreset,
  type LevyPlan,
  type RunFiles,
} from '../levy/index.ts'
import { makeStatement, signStatement } from '../statements/index.ts'
import { servingUrl, withNode, withRegister, type ExitCode, type readArgs } from './command.ts'
import { readSigner, recordHere, recordThere } from './recording.ts'
import { needKey } from './signing.ts'

const text = { type: 'string' } as const
const many = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

export const levyOptions = {
  plan: many,
  key: text,
  'on-behalf-of': text,
  out: { type: 'string', short: 'o' },
  record: flag,
  corrects: text,
  grounds: text,
  uphold: flag,
  reject: flag,
  reason: text,
  provider: text,
  amount: text,
  reference: text,
  on: text,
  'paid-on': text,
  'reference-rate': many,
  from: text,
  to: text,
  'as-of': text,
  works: many,
  shares: many,
  uses: many,
  contributions: many,
  payees: many,
  institutions: many,
  facts: many,
  gate: many,
  confidence: text,
  secret: text,
  'no-allocations': flag,
  list: flag,
  payee: text,
  root: text,
  debtor: text,
  again: text,
  language: text,
  year: text,
  what: text,
  vote: text,
  purpose: text,
  owner: text,
  format: text,
} as const

export type LevyFlags = ReturnType<typeof readArgs<typeof levyOptions>>['values']
export type LevyVerb = (given: string[], flags: LevyFlags) => Promise<ExitCode>

export function need(flags: LevyFlags, name: keyof typeof levyOptions): string {
  const value = flags[name]
  if (typeof value !== 'string') throw new ColophonError('usage', `give --${name}`)
  return value
}

/** A day of an option. Errors: `usage`. */
export function day(flags: LevyFlags, name: 'from' | 'to' | 'on' | 'as-of' | 'paid-on', otherwise?: string): string {
  const value = flags[name] ?? otherwise
  if (value === undefined) throw new ColophonError('usage', `give --${name} as a day, 2027-12-31`)
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(value).toJSON()?.startsWith(value)) return value
  throw new ColophonError('usage', `--${name} is no day: ${value}`, { remedy: 'Write it as 2027-12-31.' })
}

/** The text of a file. Errors: `unreadable_file`. */
export function readText(path: string): string {
  if (!existsSync(path) || statSync(path).isDirectory())
    throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  return readFileSync(path, 'utf8')
}

export const today = () => new Date(systemEffects.now()).toISOString().slice(0, 10)

/** A plan: a file, a preset, or a recorded one by its statement. */
export async function readGivenPlan(given: string | undefined, queries?: Queries): Promise<LevyPlan> {
  if (given === undefined) throw new ColophonError('usage', 'say by which plan: --plan FILE, PRESET or ID')
  if (existsSync(given)) return readPlan(readText(given), given)
  if (listPresets().includes(given)) return readPlan(readPreset(given), given)
  const recorded = queries ? await listPlans(queries) : await withBooks(listOwnPlans)
  const found = recorded.filter(({ id, plan }) => id === given || `${plan.scheme}/${plan.version}` === given)
  if (new Set(found.map(({ party }) => party)).size > 1)
    throw new ColophonError('usage', 'several parties have recorded a plan of this name', {
      where: found.map(({ id, party }) => `${id} of ${party}`).join(', '),
      remedy: 'Name the statement, or say whose fund this node keeps: FUND_PARTY.',
    })
  if (found[0]) return found[0].plan
  throw new ColophonError('not_found', 'this is no file, no preset and no recorded plan', {
    where: given,
    remedy: 'colophon levy plan list and colophon levy plan preset say which there are.',
  })
}

/** The same where money moves: a file or a preset counts only when it is recorded word for word. Errors: `usage`. */
export async function readPlanInForce(given: string | undefined): Promise<LevyPlan> {
  const plan = await readGivenPlan(given)
  const recorded = await withBooks(listOwnPlans)
  if (recorded.some(({ digest }) => digest === planDigest(plan))) return plan
  throw new ColophonError('usage', 'this plan is not recorded', {
    where: given!,
    remedy: 'Record it first: colophon levy plan record PLAN --key KEY.pem.',
  })
}

/** Plans of the fund that this node keeps; of everybody where it keeps none. */
export const listOwnPlans = (db: Database, { fund }: Books) => listPlans(db, fund ? { party: fund } : {})

export function onePlan(flags: LevyFlags): string | undefined {
  if ((flags.plan ?? []).length > 1) throw new ColophonError('usage', 'give one plan')
  return flags.plan?.[0]
}

/** The tables of a run, as they are named on the command line. */
export function filesOf(flags: LevyFlags, { isSimulation = false, hasWorks = true } = {}): RunFiles {
  const { works = [], shares = [], uses = [], contributions = [], payees, institutions } = flags
  for (const [name, given] of Object.entries({
    ...(hasWorks ? { works, shares, uses } : {}),
    ...(isSimulation ? {} : { contributions }),
  }))
    if (given.length === 0) throw new ColophonError('usage', `give --${name}, a table (.csv, .parquet, .jsonl)`)
  return {
    works,
    shares,
    uses,
    contributions,
    ...(payees ? { payees } : {}),
    ...(institutions ? { institutions } : {}),
  }
}

/** A part as `0.8`, in millionths. */
export function confidenceOf({ confidence = '1' }: LevyFlags): number {
  const value = Number(confidence)
  if (/^(0|1|0?\.\d{1,6}|1\.0+)$/.test(confidence) && value >= 0 && value <= 1) return Math.round(value * 1_000_000)
  throw new ColophonError('usage', `--confidence is between 0 and 1: ${confidence}`)
}

/** Signs a subject of the fund and records it, beside the process that serves or in a node of its own. */
export async function recordSubject(
  flags: LevyFlags,
  subject: { type: string },
): Promise<{ id: string; receipt: string }> {
  const signer = readSigner(needKey(flags))
  const onBehalfOf = flags['on-behalf-of']
  const whole = onBehalfOf ? { ...subject, onBehalfOf } : subject
  const statement = signStatement(makeStatement(signer.issuer, [whole as never], systemEffects), signer)
  const url = await servingUrl(readConfig(process.env))
  const { receipt } = url ? await recordThere(url, statement) : await withNode((node) => recordHere(node, statement))
  return { id: statement.id, receipt }
}

/** Where the node keeps runs, and whose fund it keeps. */
interface Books {
  kept: string
  fund: string | undefined
}

/** Runs with the database of the register, whether a process serves it or not. */
export function withBooks<Result>(run: (db: Database, books: Books) => Promise<Result>): Promise<Result> {
  return withRegister(({ register, config }) =>
    run(register.database.db, { kept: dataPath(config, 'levy', 'runs'), fund: config.fundParty }),
  )
}

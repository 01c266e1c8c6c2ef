import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withDuckDb, literal, readable } from '../../datasets/index.ts'
import {
  ColophonError,
  canonicalJson,
  isoTime,
  syncDirectory,
  type Database,
  type Queries,
} from '../../foundation/index.ts'
import { runEntry } from '../fund/bookings.ts'
import { reversalOf } from '../ledger/entry.ts'
import { bookWithin, findEntry, inLedger, readBalances } from '../ledger/store.ts'
import { openTree, type RunLine } from './commit.ts'
import { listRuns, type RecordedRun } from './kind.ts'
import { readRun, type RunReport } from './runDistribution.ts'

/** The lines of a run, as they were written. Errors: `dataset_invalid` when they do not come to the root of its report. */
export async function readLines(folder: string): Promise<RunLine[]> {
  const { report, salts } = readRun(folder)
  const path = join(folder, 'lines.csv')
  const lines = await withDuckDb(async (connection) => {
    const sql = `SELECT account, coalesce(owner, ''), cents FROM read_csv(${literal(path)}, header = true, columns = {'account': 'VARCHAR', 'owner': 'VARCHAR', 'cents': 'BIGINT'}, delim = ',', quote = '"', escape = '"', parallel = false)`
    const read = await readable([path], () => connection.runAndReadAll(sql))
    return read
      .getRows()
      .map(([account, owner, cents]) => ({ account: String(account), owner: String(owner), cents: cents as bigint }))
  })
  const tree = openTree(salts)
  for (const line of lines) tree.add(line)
  if (tree.root() === report.root && lines.length === report.lines) return lines
  throw new ColophonError('dataset_invalid', 'the lines are not those of the run’s report', {
    where: path,
    remedy: 'Distribute again; nothing was booked.',
  })
}

/**
 * Books a published run, and keeps its files with the node for statements of account. Booked twice it is booked once. With
 * `fund`, only its own runs are. A run that corrects another takes back what was booked of it, or of the one that it
 * corrected in turn: whoever was paid more than is due then owes it. Errors: `state_not_allowed` when it is not on the log
 * as it is here, another one corrects it, or more is distributed than came in.
 */
export async function bookRun(
  db: Database,
  folder: string,
  { kept, fund, now }: { kept: string; fund: string | undefined; now: number },
): Promise<RunReport> {
  const { report } = readRun(folder)
  const lines = await readLines(folder)
  const day = isoTime(now).slice(0, 10)
  await inLedger(db, async (queries) => {
    if (await findEntry(queries, `run:${report.root}`)) return
    const published = await findPublished(queries, report, fund, folder)
    const takenBack = await reversalFor(queries, published, day)
    const came = (await cameIn(queries, report.scheme)) + (takenBack?.gross ?? 0n)
    if (came < BigInt(report.grossCents))
      throw new ColophonError(
        'state_not_allowed',
        `${report.grossCents} cents are distributed, and ${came} have come in and wait`,
        { where: report.scheme, remedy: 'Book what was received: colophon levy receive.' },
      )
    keepRun(folder, join(kept, report.root))
    const entry = runEntry({ ...report, grossCents: BigInt(report.grossCents) }, lines, day)
    await bookWithin(queries, takenBack ? [takenBack.entry, entry] : [entry], isoTime(now))
  })
  return report
}

/** The statement of this very report. Anybody can publish the root of somebody else's run under a report of his own. */
async function findPublished(
  queries: Queries,
  report: RunReport,
  fund: string | undefined,
  folder: string,
): Promise<RecordedRun> {
  const same = (await listRuns(queries, { root: report.root, ...(fund ? { party: fund } : {}) })).filter(
    (run) => canonicalJson(run.report) === canonicalJson(report),
  )
  const [published] = same
  if (!published)
    throw new ColophonError('state_not_allowed', 'this run is not on the log', {
      where: folder,
      remedy: 'Publish it first: colophon levy publish.',
    })
  if (new Set(same.map(({ party }) => party)).size > 1)
    throw new ColophonError('state_not_allowed', 'several parties have published this run', {
      where: same.map(({ party }) => party).join(', '),
      remedy: 'Say whose fund this node keeps: FUND_PARTY.',
    })
  const own = await listRuns(queries, { party: published.party })
  const corrected = own.find(({ corrects }) => corrects === published.id)
  if (corrected)
    throw new ColophonError('state_not_allowed', 'this run was corrected by another one', { where: corrected.id })
  return published
}

/** The entry that takes back what is booked of the runs that this one corrects, one after another. */
async function reversalFor(queries: Queries, { corrects, party }: RecordedRun, day: string) {
  for (let id = corrects; id !== null;) {
    const [before] = await listRuns(queries, { id, party })
    if (!before) return undefined
    const entry = await findEntry(queries, `run:${before.report.root}`)
    if (entry && !(await findEntry(queries, `reversal:${entry.booking}`)))
      return {
        entry: reversalOf(entry, day, 'Taken back: the run was corrected'),
        gross: BigInt(before.report.grossCents),
      }
    id = before.corrects
  }
  return undefined
}

/** What waits in the pool of a scheme, less what developers still owe it: that has not come in. */
async function cameIn(db: Queries, scheme: string): Promise<bigint> {
  const [pool] = await readBalances(db, 'Liabilities:Pool', { owner: scheme })
  const owed = (await readBalances(db, 'Assets:Receivable')).reduce(
    (sum, { cents }) => sum + (cents > 0n ? cents : 0n),
    0n,
  )
  return -(pool?.cents ?? 0n) - owed
}

function keepRun(folder: string, target: string): void {
  if (existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const stage = `${target}.${process.pid}.tmp`
  rmSync(stage, { recursive: true, force: true })
  cpSync(folder, stage, { recursive: true })
  renameSync(stage, target)
  syncDirectory(dirname(target))
}

/** Where the node keeps the files of a run; `undefined` when it does not. */
export function keptRun(kept: string, root: string): string | undefined {
  const folder = join(kept, root)
  return /^[0-9a-f]{64}$/.test(root) && existsSync(join(folder, 'run.json')) ? folder : undefined
}

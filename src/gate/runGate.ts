import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, canonicalJson, sha256OfFile, writeFileDurably } from '../foundation/index.ts'
import { readable, withDuckDb } from '../datasets/index.ts'
import {
  gateColumns,
  openRowDecider,
  type GateColumn,
  type GateRow,
  type GateRules,
  type RowOutcome,
} from './decideRows.ts'
import { mayBePlain, openCandidates, openKeyWriter, type Candidates, type KeyWriter } from './plainRows.ts'
import { PARTS, PLAIN_OUTCOME, finishedParts, openPart, sumParts, type GateCounts } from './parts.ts'
import { openLineWriter, openRecheck } from './recheck.ts'
import { openRows, readRows, type RunRows } from './rowBatches.ts'
import { describeUse, openGateIndex, type GateIndex, type GateUse } from './gateIndex.ts'
import { SNAPSHOT_LINES, readLineGroups, type SnapshotHeader } from './snapshotFile.ts'

export interface GateRun {
  /** Parquet, JSONL or CSV files of one schema, in the order in which their rows are counted. */
  inputs: string[]
  columns: Partial<Record<GateColumn, string>>
  out: string
  snapshot: { folder: string; header: SnapshotHeader }
  use: GateUse
  rules: GateRules
  /** Whether the decision on each row is committed to, so that it can be proved later. */
  isCommitted: boolean
  /** Rows of one part: an interrupted run loses at most so many decisions. */
  partRows: number
  /** The folder of an earlier run: only what a newer snapshot concerns is decided anew. */
  previous?: string
  tell?: (done: number) => void
}

/** What a run is about: another one with the same answers the same. */
export async function describeRun(run: GateRun): Promise<Record<string, unknown>> {
  const files = []
  for (const path of run.inputs)
    files.push({ path: basename(path), bytes: statSync(path).size, sha256: await sha256OfFile(path) })
  const { freeLicences, ...rules } = run.rules
  return {
    files,
    columns: run.columns,
    snapshot: run.snapshot.header,
    use: describeUse(run.use),
    rules: { ...rules, freeLicences: [...freeLicences].sort() },
    isCommitted: run.isCommitted,
    partRows: run.partRows,
  }
}

/** What came of deciding all rows. */
export interface Decided {
  counts: GateCounts
  index: GateIndex['counts']
  /** Where an earlier run was built on: lines of the snapshot that changed, and rows that were decided anew for them. */
  recheck?: { lines: number; rows: number }
}

/**
 * Decides all rows, part by part; each part that is done is kept, so that a run which was ended goes on behind it. Gives
 * what was counted. Errors: those of the inputs and of the snapshot; `state_not_allowed` where the folder holds another
 * run.
 */
export async function decideAllRows(run: GateRun): Promise<Decided> {
  const parts = join(run.out, PARTS)
  mkdirSync(parts, { recursive: true })
  await beginRun(run)
  const lines = () => readLineGroups(join(run.snapshot.folder, SNAPSHOT_LINES), run.snapshot.header)
  const isOptOut = run.rules.mode === 'opt-out'
  // In opt-out mode most rows are of nothing that the register knows: they are told without reading them.
  const present = gateColumns.filter((name) => run.columns[name] !== undefined)
  const isSeen = mayBePlain(run.rules, present)
  const [urls, files] = ['urls', 'files'].map((name) => openKeyWriter(join(parts, `${name}.keys`))) as [
    KeyWriter,
    KeyWriter,
  ]
  const said = openLineWriter()
  const index = await openGateIndex(lines(), run.use, {
    ...(isOptOut ? { takes: (...told) => (said.add(...told), true) } : {}),
    ...(isSeen ? { url: (key) => urls.add(key), sha256: (code) => files.add(code) } : {}),
  })
  if (isOptOut) said.write(run.out)
  const decideAll = openRowDecider(index, run.rules)
  let recheck: Decided['recheck']
  let earlier: Awaited<ReturnType<typeof openRecheck>>
  try {
    await withDuckDb(async (connection) => {
      urls.end()
      files.end()
      earlier =
        isOptOut && run.previous !== undefined
          ? await openRecheck(connection, run.previous, run.out, lines(), run.use, run.rules)
          : undefined
      if (earlier) recheck = { lines: earlier.changed, rows: 0 }
      const decide = async (rows: readonly GateRow[], numbers: readonly number[]): Promise<RowOutcome[]> => {
        if (!earlier) return decideAll(rows)
        const isConcerned = await earlier.isConcerned(rows, numbers)
        const anew = await decideAll(rows.filter((_, i) => isConcerned[i]))
        recheck!.rows += anew.length
        let next = 0
        return isConcerned.map((concerned) => (concerned ? anew[next++]! : PLAIN_OUTCOME))
      }
      await readable(run.inputs, async () => {
        const rows = await openRows(connection, run)
        const candidates = isSeen
          ? await openCandidates(connection, { index, rules: run.rules, rows, urls, files })
          : undefined
        await decideParts(connection, run, { rows, candidates, decide })
      })
    })
  } finally {
    await Promise.all([index.close(), earlier?.close()])
  }
  for (const name of ['urls.keys', 'files.keys', 'rows.parquet']) rmSync(join(parts, name), { force: true })
  return { counts: sumParts(parts), index: index.counts, ...(recheck ? { recheck } : {}) }
}

/** Parts of which the rows that may be spoken of are found by one question: each loads the keys of the register anew. */
const PARTS_AT_ONCE = 64
/** Near codes are looked up faster when many are together. */
const READ_AT_ONCE = 65_536

interface Deciding {
  rows: RunRows
  candidates: Candidates | undefined
  decide(rows: readonly GateRow[], numbers: readonly number[]): Promise<RowOutcome[]>
}

/** Decides the parts that are not done yet, and puts each in place when it is. */
async function decideParts(
  connection: DuckDBConnection,
  run: GateRun,
  { rows, candidates, decide }: Deciding,
): Promise<void> {
  const folder = join(run.out, PARTS)
  const { partRows } = run
  // A batch is looked up while the one before it is counted and the next one is read; they are counted in their order.
  let counting = Promise.resolve()
  const done = finishedParts(folder, partRows)
  let table: string | undefined
  let closeLast = async () => {}
  // A manifest without rows has one part, without rows.
  for (let number = done; number * partRows < rows.count || (number === 0 && rows.count === 0); number++) {
    const [start, end] = [number * partRows, Math.min(rows.count, (number + 1) * partRows)]
    if (candidates && (number - done) % PARTS_AT_ONCE === 0)
      table = await candidates.between(start, Math.min(rows.count, start + PARTS_AT_ONCE * partRows))
    const select = table ? `${table} WHERE gate_row >= ${start} AND gate_row < ${end}` : rows.between(start, end)
    const part = openPart(number, run)
    for await (const batch of readRows(connection, select, rows.present, READ_AT_ONCE)) {
      const deciding = heardLater(decide(batch.rows, batch.numbers))
      const before = counting
      await before
      counting = heardLater(
        deciding.then((outcomes) => outcomes.forEach((each, i) => part.add(batch.numbers[i]!, each, batch.rows[i]!))),
      )
    }
    // What a part is committed to is hashed here while the engine writes down the texts of the next one.
    const writing = candidates && run.isCommitted ? heardLater(candidates.leafTexts(start, end)) : undefined
    await closeLast()
    // One question at a time: rows of the next part that are being read would be lost to another one.
    const texts = await writing
    const counted = counting
    closeLast = async () => {
      await counted
      part.close(folder, end - start, texts)
      run.tell?.(end)
    }
  }
  await closeLast()
  await counting
}

/** Whoever waits for it hears of a failure; until then it is nobody's. */
function heardLater<Answer>(promise: Promise<Answer>): Promise<Answer> {
  promise.catch(() => {})
  return promise
}

const RUN_FILE = 'run.json'

async function beginRun(run: GateRun): Promise<void> {
  const path = join(run.out, RUN_FILE)
  const described = await describeRun(run)
  const text = canonicalJson(JSON.parse(JSON.stringify(described)) as object)
  if (!existsSync(path)) {
    // What was being written when a run was ended is nobody's.
    if (readdirSync(run.out).some((name) => name !== PARTS && !name.startsWith(`${RUN_FILE}.`)))
      throw new ColophonError('state_not_allowed', 'the folder holds something else', {
        where: run.out,
        remedy: 'Name an empty folder.',
      })
    return writeFileDurably(path, text)
  }
  if (readFileSync(path, 'utf8') !== text)
    throw new ColophonError(
      'state_not_allowed',
      'the folder holds another run: other files, rules or another snapshot',
      {
        where: run.out,
        remedy: 'Name an empty folder, or repeat the same run to go on with it.',
      },
    )
}

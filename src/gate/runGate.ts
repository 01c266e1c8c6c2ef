import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ColophonError, canonicalJson, sha256OfFile, writeFileDurably } from '../foundation/index.ts'
import { readable, withDuckDb } from '../datasets/index.ts'
import { openRowDecider, type GateColumn, type GateRow, type GateRules, type RowOutcome } from './decideRows.ts'
import { filterOf, openKeyWriter, openPlainRows, type KeyWriter } from './plainRows.ts'
import { PARTS, PLAIN_OUTCOME, finishedParts, openPart, sumParts, type GateCounts } from './parts.ts'
import { openLineWriter, openRecheck } from './recheck.ts'
import { readBatches, type RowBatch } from './rowBatches.ts'
import { describeUse, openGateIndex, type GateIndex, type GateUse } from './gateIndex.ts'
import { SNAPSHOT_LINES, readLines, type SnapshotHeader } from './snapshotFile.ts'

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
  const lines = () => readLines(join(run.snapshot.folder, SNAPSHOT_LINES), run.snapshot.header)
  // In opt-out mode most rows are of nothing that the register knows: they are told without reading them.
  const isSeen = run.rules.mode === 'opt-out'
  const [urls, files] = ['urls', 'files'].map((name) => openKeyWriter(join(parts, `${name}.keys`))) as [
    KeyWriter,
    KeyWriter,
  ]
  const said = openLineWriter()
  const listener = {
    takes: (line: string) => (said.add(line), true),
    url: (key: string) => ['https', 'http'].forEach((scheme) => urls.add(`${scheme}://${key}`)),
    sha256: (code: string) => files.add(code),
  }
  const index = await openGateIndex(lines(), run.use, isSeen ? listener : undefined)
  if (isSeen) said.write(run.out)
  const decideAll = openRowDecider(index, run.rules)
  const done = finishedParts(parts, run.partRows)
  let recheck: Decided['recheck']
  let earlier: Awaited<ReturnType<typeof openRecheck>>
  try {
    await withDuckDb(async (connection) => {
      urls.end()
      files.end()
      const filters = {
        url: await filterOf(connection, join(parts, 'urls.keys'), urls.count),
        sha256: await filterOf(connection, join(parts, 'files.keys'), files.count),
      }
      earlier =
        isSeen && run.previous !== undefined
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
      const isPlain = isSeen ? openPlainRows(index, run.rules, filters) : undefined
      await readable(run.inputs, async () => {
        let part = openPart(done, run)
        let next = done * run.partRows
        const open = () => openBatches(decide, isPlain, next)
        let waiting = open()
        // A batch is looked up while the one before it is counted and the next one is read; they are counted in their order.
        let counting = Promise.resolve()
        const take = async (batches: typeof waiting, deciding: Promise<RowOutcome[]>) => {
          batches.addTo(part, await deciding)
          if (part.rows < run.partRows) return
          part.close(parts)
          run.tell?.((part.number + 1) * run.partRows)
          part = openPart(part.number + 1, run)
        }
        const handOver = async () => {
          const deciding = heardLater(waiting.decide())
          await counting
          counting = heardLater(take(waiting, deciding))
          next += waiting.rows
          waiting = open()
        }
        for await (const batch of readBatches(connection, run, done, isSeen)) {
          waiting.push(batch)
          const isPartDone = (next + waiting.rows) % run.partRows === 0
          if (waiting.toRead >= READ_AT_ONCE || isPartDone) await handOver()
        }
        await handOver()
        await counting
        // A manifest without rows has one part, without rows.
        if (part.rows > 0 || part.number === 0) part.close(parts)
      })
    })
  } finally {
    await Promise.all([index.close(), earlier?.close()])
  }
  return { counts: sumParts(parts), index: index.counts, ...(recheck ? { recheck } : {}) }
}

/** Whoever waits for it hears of a failure; until then it is nobody's. */
function heardLater<Answer>(promise: Promise<Answer>): Promise<Answer> {
  promise.catch(() => {})
  return promise
}

/** Near codes are looked up faster when many are together. */
const READ_AT_ONCE = 65_536

/** Batches of one part, to be decided together in their order; only rows that are not plain are read. */
function openBatches(
  decide: (rows: readonly GateRow[], numbers: readonly number[]) => Promise<RowOutcome[]>,
  isPlain: ((batch: RowBatch, i: number) => boolean) | undefined,
  firstRow: number,
) {
  const batches: { batch: RowBatch; read: number[] }[] = []
  const rows: GateRow[] = []
  const numbers: number[] = []
  const waiting = {
    rows: 0,
    get toRead() {
      return rows.length
    },
    push(batch: RowBatch): void {
      const read: number[] = []
      for (let i = 0; i < batch.count; i++) {
        if (isPlain?.(batch, i)) continue
        read.push(i)
        rows.push(batch.row(i))
        numbers.push(firstRow + waiting.rows + i)
      }
      batches.push({ batch, read })
      waiting.rows += batch.count
    },
    decide: () => decide(rows, numbers),
    addTo(part: ReturnType<typeof openPart>, outcomes: readonly RowOutcome[]): void {
      let at = 0
      for (const { batch, read } of batches) {
        let next = 0
        for (let i = 0; i < batch.count; i++) {
          if (read[next] === i) {
            next++
            part.add(outcomes[at]!, rows[at++]!)
          } else if (part.isCommitted) part.addPlainRow(batch.text('url', i), batch.text('sha256', i))
          else {
            // Rows up to the next one that was read are alike.
            const end = read[next] ?? batch.count
            part.addPlain(end - i)
            i = end - 1
          }
        }
      }
    },
  }
  return waiting
}

const RUN_FILE = 'run.json'

async function beginRun(run: GateRun): Promise<void> {
  const path = join(run.out, RUN_FILE)
  const described = await describeRun(run)
  const text = canonicalJson(JSON.parse(JSON.stringify(described)) as object)
  if (!existsSync(path)) {
    if (readdirSync(run.out).some((name) => name !== PARTS))
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

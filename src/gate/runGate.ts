import { createHash, hash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, canonicalJson, sha256Hex, writeFileDurably } from '../foundation/index.ts'
import { leafHash } from '../log/index.ts'
import { literal, readable, selectColumns, withDuckDb } from '../datasets/index.ts'
import {
  gateColumns,
  openRowDecider,
  type GateColumn,
  type GateRow,
  type GateRules,
  type RowOutcome,
} from './decideRows.ts'
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
  tell?: (done: number) => void
}

/** How many rows were decided how, and why. */
export interface GateCounts {
  rows: number
  kept: number
  dropped: number
  unreadable: number
  reasons: Record<string, number>
  matches: Record<string, number>
  parties: Record<string, number>
  faults: Record<string, number>
}

const PARTS = 'parts'

/** What a run is about: another one with the same answers the same. */
export async function describeRun(run: GateRun): Promise<Record<string, unknown>> {
  const files = []
  for (const path of run.inputs)
    files.push({ path: basename(path), bytes: statSync(path).size, sha256: await digestOf(path) })
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

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path)) digest.update(chunk as Uint8Array)
  return digest.digest('hex')
}

/**
 * Decides all rows, part by part; each part that is done is kept, so that a run which was ended goes on behind it. Gives
 * what was counted. Errors: those of the inputs and of the snapshot; `state_not_allowed` where the folder holds another
 * run.
 */
export async function decideAllRows(run: GateRun): Promise<{ counts: GateCounts; index: GateIndex['counts'] }> {
  const parts = join(run.out, PARTS)
  mkdirSync(parts, { recursive: true })
  await beginRun(run)
  const lines = readLines(join(run.snapshot.folder, SNAPSHOT_LINES), run.snapshot.header)
  const index = await openGateIndex(lines, run.use)
  const decide = openRowDecider(index, run.rules)
  const { partRows } = run
  const done = finishedParts(parts, partRows)
  await withDuckDb(async (connection) => {
    const present = gateColumns.filter((name) => run.columns[name] !== undefined)
    const from = await selectColumns(connection, run.inputs, run.columns, present)
    await readable(run.inputs, async () => {
      let part = openPart(done, run)
      for await (const rows of streamBatches(connection, `${from} OFFSET ${done * partRows}`, present, partRows)) {
        for (const [i, outcome] of decide(rows).entries()) part.add(outcome, rows[i]!)
        if (part.rows < partRows) continue
        part.close(parts)
        run.tell?.((part.number + 1) * partRows)
        part = openPart(part.number + 1, run)
      }
      // A manifest without rows has one part, without rows.
      if (part.rows > 0 || part.number === 0) part.close(parts)
    })
  })
  return { counts: sumParts(parts), index: index.counts }
}

/** Rows as they come, never across the end of a part. */
async function* streamBatches(
  connection: DuckDBConnection,
  sql: string,
  present: readonly GateColumn[],
  partRows: number,
): AsyncGenerator<GateRow[]> {
  const reader = await connection.stream(sql)
  let inPart = 0
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    const columns = chunk.getColumns() as (string | null)[][]
    let rows: GateRow[] = []
    const of = (name: GateColumn) => columns[present.indexOf(name)]
    const [url, sha256, iscc, pdq, text] = [of('url'), of('sha256'), of('iscc'), of('pdq'), of('text')]
    const [licence, signals, party, language] = [of('licence'), of('signals'), of('party'), of('language')]
    for (let i = 0; i < chunk.rowCount; i++) {
      rows.push({
        url: url ? url[i]! : null,
        sha256: sha256 ? sha256[i]! : null,
        iscc: iscc ? iscc[i]! : null,
        pdq: pdq ? pdq[i]! : null,
        text: text ? text[i]! : null,
        licence: licence ? licence[i]! : null,
        signals: signals ? signals[i]! : null,
        party: party ? party[i]! : null,
        language: language ? language[i]! : null,
      })
      if (++inPart < partRows) continue
      yield rows
      rows = []
      inPart = 0
    }
    if (rows.length > 0) yield rows
  }
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

/** Rows that are told with their reason, as CSV: all but those that are kept because nothing speaks against them. */
const TOLD_HEADER = 'row,decision,reason,match,target,party,statement,distance\n'

interface PartSummary {
  sha256: string
  counts: GateCounts
}

function openPart(number: number, { isCommitted, partRows }: GateRun) {
  const counts = emptyCounts()
  let told = TOLD_HEADER
  const leaves = isCommitted ? new Uint8Array(partRows * 32) : undefined
  return {
    number,
    get rows() {
      return counts.rows
    },
    add(outcome: RowOutcome, row: GateRow): void {
      const { decision, reason, match, faults } = outcome
      const at = number * partRows + counts.rows
      leaves?.set(leafHash(Buffer.from(leafText(at, row, outcome))), counts.rows * 32)
      counts.rows++
      counts[decision]++
      count(counts.reasons, reason)
      for (const column of faults) count(counts.faults, column)
      if (match) {
        count(counts.matches, match.kind)
        if (decision === 'dropped') count(counts.parties, match.party)
      }
      if (reason === 'not_reserved' && faults.length === 0) return
      const { kind = '', target = '', party = '', distance = '', ruling } = match ?? {}
      const cells = [at, decision, reason, kind, target, party, ruling?.statement ?? '', distance]
      told += `${cells.map(csvCell).join(',')}\n`
    },
    close(folder: string): void {
      if (leaves) writeFileDurably(join(folder, `${partName(number)}.leaves`), leaves.subarray(0, counts.rows * 32))
      writeFileDurably(join(folder, `${partName(number)}.csv`), told)
      const summary: PartSummary = { sha256: sha256Hex(new TextEncoder().encode(told)), counts }
      // What is written last says that the part is whole.
      writeFileDurably(join(folder, `${partName(number)}.json`), JSON.stringify(summary))
    },
  }
}

/** What the commitment says of a row: its place, what was decided and why, and the digest of the keys it was found by. */
export function leafText(at: number, row: GateRow, { decision, reason, match }: RowOutcome): string {
  const keys = `${row.url ?? ''}\n${row.sha256 ?? ''}\n${row.iscc ?? ''}\n${row.pdq ?? ''}`
  return `${at}\t${decision}\t${reason}\t${match?.target ?? ''}\t${hash('sha256', keys)}`
}

function csvCell(value: string | number): string {
  const text = String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function partName(number: number): string {
  return String(number).padStart(6, '0')
}

function finishedParts(folder: string, partRows: number): number {
  let done = 0
  // A part that is short is the last one, or was the last of what could be read: it is decided again.
  while (rowsOfPart(folder, done) === partRows) done++
  return done
}

function rowsOfPart(folder: string, number: number): number | undefined {
  const path = join(folder, `${partName(number)}.json`)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PartSummary).counts.rows : undefined
}

function emptyCounts(): GateCounts {
  return { rows: 0, kept: 0, dropped: 0, unreadable: 0, reasons: {}, matches: {}, parties: {}, faults: {} }
}

function count(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by
}

function sumParts(folder: string): GateCounts {
  const sum = emptyCounts()
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.json'))
    .sort()) {
    const { counts, sha256 } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as PartSummary
    const told = readFileSync(join(folder, name.replace(/json$/, 'csv')))
    if (sha256Hex(told) !== sha256)
      throw new ColophonError('unreadable_file', 'a part of this run was changed', {
        where: relative('.', join(folder, name)),
        remedy: 'Delete the folder and run again.',
      })
    for (const member of ['rows', 'kept', 'dropped', 'unreadable'] as const) sum[member] += counts[member]
    for (const member of ['reasons', 'matches', 'parties', 'faults'] as const)
      for (const [key, number] of Object.entries(counts[member])) count(sum[member], key, number)
  }
  return sum
}

/** The rows that are told with a reason, as DuckDB reads them. */
export function toldRows(out: string): string {
  return `read_csv(${literal(join(out, PARTS, '*.csv'))}, header = true, columns = {row: 'BIGINT', decision: 'VARCHAR', reason: 'VARCHAR', "match": 'VARCHAR', target: 'VARCHAR', party: 'VARCHAR', statement: 'VARCHAR', distance: 'VARCHAR'})`
}

/** The leaves of all rows, in their order. */
export function readLeaves(out: string): Uint8Array[] {
  const folder = join(out, PARTS)
  const leaves: Uint8Array[] = []
  for (const name of readdirSync(folder)
    .filter((each) => each.endsWith('.leaves'))
    .sort()) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)))
    for (let at = 0; at < bytes.length; at += 32) leaves.push(bytes.subarray(at, at + 32))
  }
  return leaves
}

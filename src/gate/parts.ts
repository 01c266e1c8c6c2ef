import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { ColophonError, sha256Hex, writeFileDurably, csvCell } from '../foundation/index.ts'
import { rootOfList, writeLeafHash, writeLeafHashes } from '../log/index.ts'
import { literal } from '../datasets/index.ts'
import type { GateRow, RowOutcome } from './decideRows.ts'
import type { GateRun } from './runGate.ts'

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

export const PARTS = 'parts'

/** Of a row of which nothing is said. */
export const PLAIN_OUTCOME: RowOutcome = { decision: 'kept', reason: 'not_reserved', faults: [] }

/** Rows that are told with their reason, as CSV: all but those that are kept because nothing speaks against them. */
const TOLD_HEADER = 'row,decision,reason,match,target,party,statement,distance\n'

interface PartSummary {
  sha256: string
  counts: GateCounts
  /** Digest of the list of leaves, where there is one. */
  leaves?: string
}

/** A part of a run while its rows are decided; those that are not added are plain. */
export function openPart(number: number, { isCommitted, partRows }: GateRun) {
  const counts = emptyCounts()
  let told = TOLD_HEADER
  const added: number[] = []
  const leaves = isCommitted ? Buffer.alloc(partRows * 32) : undefined
  return {
    number,
    /** `at` is the number of the row among all. */
    add(at: number, outcome: RowOutcome, row: GateRow): void {
      const { decision, reason, match, faults } = outcome
      const place = at - number * partRows
      added.push(place)
      if (leaves) writeLeafHash(leafText(at, row, outcome), leaves, place * 32)
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
    /** `plain` are the texts of the leaves of its rows, a line each, as they are for plain ones; left out where every row was added. */
    close(folder: string, rows: number, plain?: Buffer): void {
      const kept = rows - added.length
      counts.rows = rows
      counts.kept += kept
      count(counts.reasons, 'not_reserved', kept)
      const summary: PartSummary = { sha256: sha256Hex(new TextEncoder().encode(told)), counts }
      if (leaves) {
        if (plain) writeLeafHashes(plain, leaves, new Set(added))
        const list = leaves.subarray(0, rows * 32)
        writeFileDurably(join(folder, `${partName(number)}.leaves`), list)
        summary.leaves = sha256Hex(list)
      }
      writeFileDurably(join(folder, `${partName(number)}.csv`), told)
      // What is written last says that the part is whole.
      writeFileDurably(join(folder, `${partName(number)}.json`), JSON.stringify(summary))
    },
  }
}

/**
 * What the commitment says of a row, as a JSON array: its place, what was decided and why, of which work, site or party,
 * and the keys it was found by. Whoever is shown a row and its proof can compute it.
 */
export function leafText(
  at: number,
  { url, sha256, iscc, pdq }: Pick<GateRow, 'url' | 'sha256' | 'iscc' | 'pdq'>,
  { decision, reason, match }: Pick<RowOutcome, 'decision' | 'reason'> & { match?: { target: string } },
): string {
  return JSON.stringify([at, decision, reason, match?.target ?? null, url, sha256, iscc, pdq])
}

function partName(number: number): string {
  return String(number).padStart(6, '0')
}

export function finishedParts(folder: string, partRows: number): number {
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
  if (by === 0) return
  counts[name] = (counts[name] ?? 0) + by
}

export function sumParts(folder: string): GateCounts {
  const sum = emptyCounts()
  for (const { name, counts, sha256 } of readSummaries(folder)) {
    const told = readFileSync(join(folder, `${name}.csv`))
    if (sha256Hex(told) !== sha256) throw changedPart(folder, name)
    for (const member of ['rows', 'kept', 'dropped', 'unreadable'] as const) sum[member] += counts[member]
    for (const member of ['reasons', 'matches', 'parties', 'faults'] as const)
      for (const [key, number] of Object.entries(counts[member])) count(sum[member], key, number)
  }
  return sum
}

function readSummaries(folder: string): (PartSummary & { name: string })[] {
  return readdirSync(folder)
    .filter((each) => each.endsWith('.json'))
    .sort()
    .map((file) => {
      const summary = JSON.parse(readFileSync(join(folder, file), 'utf8')) as PartSummary
      return { ...summary, name: file.slice(0, -'.json'.length) }
    })
}

function changedPart(folder: string, name: string): ColophonError {
  return new ColophonError('unreadable_file', 'a part of this run was changed', {
    where: relative('.', join(folder, name)),
    remedy: 'Delete the folder and run again.',
  })
}

/** The rows that are told with a reason, as DuckDB reads them. */
export function toldRows(out: string): string {
  return `read_csv(${literal(join(out, PARTS, '*.csv'))}, header = true, columns = {row: 'BIGINT', decision: 'VARCHAR', reason: 'VARCHAR', "match": 'VARCHAR', target: 'VARCHAR', party: 'VARCHAR', statement: 'VARCHAR', distance: 'VARCHAR'})`
}

/** The hashes of the leaves of each part, one after the other. Errors: `unreadable_file` for a list that was changed. */
export function* readLeaves(out: string): Generator<Buffer> {
  const folder = join(out, PARTS)
  for (const summary of readSummaries(folder)) yield readList(folder, summary)
}

function readList(folder: string, { name, leaves }: PartSummary & { name: string }): Buffer {
  const list = readFileSync(join(folder, `${name}.leaves`))
  if (sha256Hex(list) !== leaves) throw changedPart(folder, name)
  return list
}

/** The leaves of a run that has ended, a part of them in memory. Errors: those of `readLeaves`. */
export function openLeaves(out: string) {
  const folder = join(out, PARTS)
  const summaries = readSummaries(folder)
  let known: { part: number; list: Buffer } | undefined
  const starts: number[] = []
  let next = 0
  for (const { counts } of summaries) {
    starts.push(next)
    next += counts.rows
  }
  return {
    /** In which part the leaf of a row stands, and where in its list. */
    placeOf(row: number): { part: number; at: number } {
      const part = starts.findLastIndex((start) => start <= row)
      return { part, at: (row - starts[part]!) * 32 }
    },
    part(part: number): Buffer {
      if (known?.part !== part) known = { part, list: readList(folder, summaries[part]!) }
      return known.list
    },
  }
}

/** What was told of a row with its reason; undefined for a plain one. */
export async function readOutcome(
  connection: DuckDBConnection,
  out: string,
  row: number,
): Promise<(Pick<RowOutcome, 'decision' | 'reason'> & { match?: { target: string } }) | undefined> {
  const read = await connection.runAndReadAll(
    `SELECT decision, reason, target FROM ${toldRows(out)} WHERE row = ${row}`,
  )
  const [told] = read.getRows() as [string, string, string | null][]
  if (!told) return undefined
  const [decision, reason, target] = told
  return { decision, reason, ...(target ? { match: { target } } : {}) } as RowOutcome
}

/**
 * The root over the leaves of all rows (RFC 6962), a part of them in memory: where parts have as many rows as a power of
 * two, the roots of parts are nodes of the tree.
 */
export function rootOfParts(out: string, partRows: number): Uint8Array {
  const isNode = Number.isInteger(Math.log2(partRows))
  return rootOfList(
    Buffer.concat(Array.from(readLeaves(out), (list) => (isNode ? Uint8Array.from(rootOfList(list)) : list))),
  )
}

import { existsSync, readFileSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { canonicalJson, fromHex, sha256Hex, writeFileDurably } from '../foundation/index.ts'
import { openRowMatcher, type GateRow, type GateRules } from './decideRows.ts'
import { openGateIndex, type GateUse } from './gateIndex.ts'
import { lineKey } from './keyTable.ts'
import { PARTS, sumParts, toldRows } from './parts.ts'

/** What a run leaves for the next one: 64 bits of each line of its snapshot with what was ruled, sorted. */
const LINES_FILE = join(PARTS, 'snapshot.lines')
const SEED_BYTES = 16
const DIGEST_BYTES = 32

/** Gathers the lines of a snapshot while an index is built of them. */
export function openLineWriter() {
  const seed = randomFillSync(new Uint32Array(4))
  const key = new Uint32Array(2)
  let pairs = new Uint32Array(1 << 11)
  let count = 0
  return {
    add(line: string, start: number, end: number, ruled: string): void {
      lineKey(line, start, end, ruled, seed, key)
      if (count * 2 === pairs.length) {
        const larger = new Uint32Array(pairs.length * 2)
        larger.set(pairs)
        pairs = larger
      }
      pairs.set(key, count++ * 2)
    },
    write(out: string): void {
      const lines = new BigUint64Array(pairs.buffer, 0, count).sort()
      const body = Buffer.concat([Buffer.from(seed.buffer), Buffer.from(lines.buffer, 0, lines.byteLength)])
      writeFileDurably(join(out, LINES_FILE), Buffer.concat([Buffer.from(fromHex(sha256Hex(body))), body]))
    },
  }
}

/** What has to be decided anew, when an earlier run over the same files by the same rules is at hand. */
export interface Recheck {
  /** Lines of the snapshot that are new, or of which something else is ruled now. */
  changed: number
  /** Of rows, each with its number among all: whether they have to be decided anew. The others are kept as before. */
  isConcerned(rows: readonly GateRow[], numbers: readonly number[]): Promise<boolean[]>
  close(): Promise<void>
}

/**
 * Compares a snapshot with that of an earlier run. A row that was told with a reason then is decided anew; one that was
 * kept because nothing spoke against it only where a line speaks of it that was not there, or said something else.
 * Undefined where the earlier run was another one, did not come to its end, or left nothing that can be read: then every
 * row is decided. Errors: `unreadable_file` where its parts were changed.
 */
export async function openRecheck(
  connection: DuckDBConnection,
  previous: string,
  out: string,
  lines: AsyncIterable<readonly string[]>,
  use: GateUse,
  rules: GateRules,
): Promise<Recheck | undefined> {
  // What is told last says that a run is whole: of the rows behind an end that came early nothing is known.
  if (!existsSync(join(previous, 'report.json')) || sameRun(previous) !== sameRun(out)) return undefined
  sumParts(join(previous, PARTS))
  const known = readKnownLines(previous)
  if (!known) return undefined
  let changed = 0
  const index = await openGateIndex(lines, use, {
    takes(line, start, end, ruled) {
      if (known.has(line, start, end, ruled)) return false
      changed++
      return true
    },
  })
  const matchRows = openRowMatcher(index, rules)
  const told = await readTold(connection, previous)
  return {
    changed,
    async isConcerned(rows, numbers) {
      const asked = rows.filter((_, i) => !told.has(numbers[i]!))
      const matched = await matchRows(asked)
      let next = 0
      return numbers.map((number) => told.has(number) || matched[next++]!.matches.length > 0)
    },
    close: () => index.close(),
  }
}

/** What two runs must have in common: the snapshot, and how rows are parted and committed to, may differ. */
function sameRun(folder: string): string | undefined {
  const path = join(folder, 'run.json')
  if (!existsSync(path)) return undefined
  const run = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> & { use: Record<string, unknown> }
  const { files, columns, rules } = run
  const { at: _, ...use } = run.use
  return canonicalJson(JSON.parse(JSON.stringify({ files, columns, rules, use })) as object)
}

function readKnownLines(
  folder: string,
): { has(line: string, start: number, end: number, ruled: string): boolean } | undefined {
  const path = join(folder, LINES_FILE)
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  const body = bytes.subarray(DIGEST_BYTES)
  if (body.length < SEED_BYTES || sha256Hex(body) !== bytes.subarray(0, DIGEST_BYTES).toString('hex')) return undefined
  const { buffer } = new Uint8Array(body)
  const seed = new Uint32Array(buffer, 0, SEED_BYTES / 4)
  const lines = new BigUint64Array(buffer, SEED_BYTES)
  const key = new Uint32Array(2)
  const wanted = new BigUint64Array(key.buffer, 0, 1)
  return {
    has(line, start, end, ruled) {
      lineKey(line, start, end, ruled, seed, key)
      let [low, high] = [0, lines.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (lines[middle]! < wanted[0]!) low = middle + 1
        else high = middle
      }
      return lines[low] === wanted[0]
    },
  }
}

/** The numbers of the rows that an earlier run told with a reason: a bit each. */
async function readTold(connection: DuckDBConnection, previous: string): Promise<{ has(row: number): boolean }> {
  let bits = new Uint8Array(1 << 10)
  const reader = await connection.stream(`SELECT row FROM ${toldRows(previous)}`)
  for (let chunk = await reader.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await reader.fetchChunk()) {
    for (const value of chunk.getColumnVector(0).toArray()) {
      const row = Number(value)
      while (row >>> 3 >= bits.length) {
        const larger = new Uint8Array(bits.length * 2)
        larger.set(bits)
        bits = larger
      }
      bits[row >>> 3]! |= 1 << (row & 7)
    }
  }
  return { has: (row) => ((bits[row >>> 3] ?? 0) & (1 << (row & 7))) !== 0 }
}

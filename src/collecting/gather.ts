import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asColophonError, type ColophonError } from '../foundation/index.ts'
import type { WorkFields } from '../register/index.ts'
import { identityOf } from './identity.ts'
import type { Outcome } from './outcomes.ts'
import { collectingLimits, tooLarge, type Records } from './record.ts'
import { readLines, readUtf8 } from './tables/textFile.ts'
import { describeRecord, type Defaults, type Standing } from './toWork.ts'

/** A record that waits to be declared, or one of which it is known already what becomes of it. */
export type Spooled =
  Outcome | { ordinal: number; place: string; key: string; work: WorkFields; standing: Standing; notes: string[] }

/** What a later record of the same work says. */
interface Merged {
  work: WorkFields
  standing: Standing
}

/** So many more records of one work are read; what else repeats it adds nothing that anybody looks for. */
const MERGES_MAX = 20

export interface Gathered {
  count: number
  keys: Set<string>
  deleted: Set<string>
  /** What later records add to an earlier one, by its ordinal. */
  merges: Map<number, Merged[]>
  interrupted?: ColophonError
}

/**
 * Reads a source to its end and finds what stands in it twice. Memory holds what records are known by, and not the
 * records. When the source breaks off behind some records, they count and the reason is told.
 */
export async function gather(
  records: Records,
  defaults: Defaults,
  spool: Spool,
  tell: (count: number) => void,
): Promise<Gathered> {
  const gathered: Gathered = { count: 0, keys: new Set(), deleted: new Set(), merges: new Map() }
  const ordinals = new Map<string, number>()
  const places: string[] = []
  try {
    for await (const record of records) {
      if (++gathered.count > collectingLimits.recordsMax)
        throw tooLarge(`there are more than ${collectingLimits.recordsMax} records`, record.place)
      if (gathered.count % 10_000 === 0) tell(gathered.count)
      if (record.isDeleted) {
        gathered.deleted.add(`id:${record.id}`)
        continue
      }
      const described = describeRecord(record, defaults)
      if ('problem' in described) {
        if (record.id !== undefined) gathered.keys.add(`id:${record.id}`)
        spool.write({
          place: record.place,
          key: record.id ?? '',
          outcome: 'refused',
          title: record.title ?? '',
          ...described.problem,
        })
        continue
      }
      const { work, standing, notes } = described
      const { key, marks } = identityOf(record, work)
      gathered.deleted.delete(key)
      gathered.keys.add(key)
      const first = marks.map((mark) => ordinals.get(mark)).find((ordinal) => ordinal !== undefined)
      if (first === undefined) {
        const ordinal = places.push(record.place) - 1
        for (const mark of marks) ordinals.set(mark, ordinal)
        spool.write({ ordinal, place: record.place, key, work, standing, notes })
        continue
      }
      for (const mark of marks) if (!ordinals.has(mark)) ordinals.set(mark, first)
      const merges = gathered.merges.get(first)
      if (!merges) gathered.merges.set(first, [{ work, standing }])
      else if (merges.length < MERGES_MAX || !standing.mayBeReserved) merges.push({ work, standing })
      spool.write({ place: record.place, key, outcome: 'duplicate', title: work.title, duplicateOf: places[first]! })
    }
  } catch (error) {
    // What a server broke off can be gone on with; a file that is not what it seems to be is not declared in part.
    const failure = asColophonError(error)
    if (gathered.count === 0 || failure.code !== 'fetch_failed') throw error
    gathered.interrupted = failure
  }
  spool.end()
  return gathered
}

export interface Spool {
  write(line: Spooled): void
  end(): void
  read(): AsyncIterable<Spooled>
  remove(): void
}

const BUFFER_CHARACTERS = 1 << 20

/** A file beside the run, for what would not fit into memory; only its owner can read it, and it goes with the run. */
export function openSpool(): Spool {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-collecting-'))
  const path = join(directory, 'records.jsonl')
  const descriptor = openSync(path, 'w', 0o600)
  let waiting = ''
  const flush = () => {
    const bytes = Buffer.from(waiting)
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
    waiting = ''
  }
  return {
    write(line) {
      waiting += `${JSON.stringify(line)}\n`
      if (waiting.length > BUFFER_CHARACTERS) flush()
    },
    end() {
      flush()
      closeSync(descriptor)
    },
    async *read() {
      for await (const { text } of readLines(readUtf8(path))) yield JSON.parse(text) as Spooled
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

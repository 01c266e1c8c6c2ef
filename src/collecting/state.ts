import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { ColophonError, takeLock, writeFileDurably } from '../foundation/index.ts'
import type { Memory } from './record.ts'

const hashSchema = z.string().regex(/^[0-9a-f]{32}$/)
const collectionSchema = z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/)
const keySchema = z.string().min(1).max(600)

const headSchema = z.strictObject({ colophon: z.literal('declared records'), version: z.literal(1), party: z.string() })
const lineSchema = z.union([
  z.strictObject({ pending: collectionSchema, items: z.array(z.tuple([keySchema, hashSchema])).max(1_000_000) }),
  z.strictObject({ recorded: collectionSchema }),
  z.strictObject({ dropped: collectionSchema }),
  z.strictObject({ gone: z.array(keySchema) }),
  z.strictObject({ resume: z.string().max(10_000).optional(), since: z.string().max(100).optional() }),
])

interface Declared {
  hash: string
  collection: string
  position: number
}

/**
 * What earlier runs declared: a file of lines that only grows, so that a run which is killed loses nothing. Before a
 * batch goes onto the log its keys are written down, and after it that it is there; whoever finds the first without the
 * second asks the register.
 */
export class DeclaredState {
  readonly declared = new Map<string, Declared>()
  memory: Memory = {}
  /** A batch of which the last run did not learn whether it was recorded. */
  #pending: { collection: string; items: [string, string][] } | undefined
  readonly #descriptor: number | undefined
  readonly #lock: { release(): void } | undefined

  /** Without a path nothing is remembered. Errors: `unreadable_file`; `usage` when the file is another party's. */
  constructor(path: string | undefined, party: string) {
    if (path === undefined) return
    this.#lock = lockState(path)
    try {
      this.#descriptor = this.#open(path, party)
    } catch (error) {
      this.#lock.release()
      throw error
    }
  }

  #open(path: string, party: string): number {
    if (!existsSync(path)) {
      writeFileDurably(path, `${JSON.stringify({ colophon: 'declared records', version: 1, party })}\n`, 0o600)
      return openSync(path, 'a')
    }
    const text = readFileSync(path, 'utf8')
    // A last line without its end was being written when the run was killed, and was never relied on.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    this.#read(whole, path, party)
    const descriptor = openSync(path, 'r+')
    ftruncateSync(descriptor, Buffer.byteLength(whole))
    closeSync(descriptor)
    return openSync(path, 'a')
  }

  #read(text: string, path: string, party: string): void {
    const [first = '', ...lines] = text.split('\n').slice(0, -1)
    const head = headSchema.safeParse(parsed(first))
    if (!head.success)
      throw new ColophonError('unreadable_file', 'this is no record of what was declared', {
        where: path,
        remedy: 'Give --state a file that an earlier run wrote, or a name that is not taken.',
      })
    if (head.data.party !== party)
      throw new ColophonError('usage', 'the state is that of another key', {
        where: path,
        remedy: `Sign with the key of ${head.data.party}, or give a state of its own.`,
      })
    for (const [i, line] of lines.entries()) {
      const read = lineSchema.safeParse(parsed(line))
      if (!read.success)
        throw new ColophonError('unreadable_file', 'a line of the state is damaged', {
          where: `${path}:${i + 2}`,
          remedy: 'Take it from a backup; with a new state everything is declared anew.',
        })
      this.#apply(read.data)
    }
  }

  #apply(line: z.infer<typeof lineSchema>): void {
    if ('pending' in line) this.#pending = { collection: line.pending, items: line.items }
    else if ('recorded' in line) {
      if (this.#pending?.collection === line.recorded)
        this.#pending.items.forEach(([key, hash], position) =>
          this.declared.set(key, { hash, collection: line.recorded, position }),
        )
      this.#pending = undefined
    } else if ('dropped' in line) this.#pending = undefined
    else if ('gone' in line) for (const key of line.gone) this.declared.delete(key)
    else
      this.memory = {
        ...(line.resume === undefined ? {} : { resume: line.resume }),
        ...(line.since === undefined ? {} : { since: line.since }),
      }
  }

  #write(line: z.infer<typeof lineSchema>): void {
    this.#apply(line)
    if (this.#descriptor === undefined) return
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor, bytes, written)
    fdatasyncSync(this.#descriptor)
  }

  /** Settles what the last run did not learn, by asking whether the collection stands in the register. */
  async settle(isRecorded: (collection: string) => Promise<boolean>): Promise<void> {
    if (!this.#pending) return
    const { collection } = this.#pending
    if (await isRecorded(collection)) this.#write({ recorded: collection })
    else this.#write({ dropped: collection })
  }

  begin(collection: string, items: [string, string][]): void {
    this.#write({ pending: collection, items })
  }

  recorded(collection: string): void {
    this.#write({ recorded: collection })
  }

  dropped(collection: string): void {
    this.#write({ dropped: collection })
  }

  gone(keys: string[]): void {
    if (keys.length > 0) this.#write({ gone: keys })
  }

  remember(memory: Memory): void {
    if (JSON.stringify(memory) !== JSON.stringify(this.memory)) this.#write({ ...memory })
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#lock?.release()
  }
}

/** Two runs with one state would declare everything twice. */
function lockState(path: string): { release(): void } {
  try {
    return takeLock(`${path}.lock`)
  } catch (cause) {
    throw new ColophonError('too_busy', 'another run uses this state', {
      where: path,
      remedy: 'Wait until it is done.',
      cause,
    })
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

import { canonicalJson, ColophonError, sha256Hex, systemEffects, uuidV7 } from '../foundation/index.ts'
import { itemId, type WorkFields } from '../register/index.ts'
import { mergeWork } from './identity.ts'
import type { OutcomeSink } from './outcomes.ts'
import { gather, openSpool, type Gathered, type Spooled } from './gather.ts'
import type { OpenSource } from './record.ts'
import type { DeclaredState } from './state.ts'
import type { Defaults, Standing } from './toWork.ts'

/** So many works stand in one statement: one signature, one entry of the log, one proof each. */
export const WORKS_PER_STATEMENT = 1000
/** A manifest of a statement stays small enough for one request. */
const BATCH_CHARACTERS_MAX = 2 * 1024 * 1024
const OPEN_BATCHES_MAX = 64

/** Works that one statement declares. */
export interface Batch extends Standing {
  collection: string
  /** Which of the run’s statements it is, from 1 on. */
  number: number
  works: WorkFields[]
}

export interface CollectOptions {
  defaults: Defaults
  state: DeclaredState
  outcomes: OutcomeSink
  /** Signs a batch and puts it on the log; answers the statement’s id. */
  record(batch: Batch): Promise<string>
  worksPerStatement?: number
  tell?(done: number, total: number): void
}

export interface CollectReport {
  statements: number
  /** What ended the source before its end; what came until then was declared. */
  interrupted?: ColophonError
}

/**
 * Declares what is new and what changed of a source. It is read whole first, into a file, so that what stands in it twice
 * is found before anything is signed. A source that breaks off is declared as far as it came, and then nothing is called
 * gone.
 */
export async function collect(source: OpenSource, options: CollectOptions): Promise<CollectReport> {
  const spool = openSpool()
  try {
    const gathered = await gather(source.records, options.defaults, spool, (count) => options.tell?.(0, count))
    const declarer = new Declarer(options)
    let done = 0
    for await (const line of spool.read()) {
      await declarer.take(line, gathered)
      if (++done % 1000 === 0) options.tell?.(done, gathered.count)
    }
    await declarer.finish()
    nameGone(source, gathered, options)
    const memory = source.remember?.()
    if (memory) options.state.remember(memory)
    options.tell?.(done, gathered.count)
    return {
      statements: declarer.statements,
      ...(gathered.interrupted ? { interrupted: gathered.interrupted } : {}),
    }
  } finally {
    spool.remove()
  }
}

/** What the source says it has no longer got, and what a whole source no longer names. */
function nameGone(source: OpenSource, gathered: Gathered, { state, outcomes }: CollectOptions): void {
  const isWhole = !source.isPartial && !gathered.interrupted
  const gone = [...state.declared.keys()].filter(
    (key) => gathered.deleted.has(key) || (isWhole && !gathered.keys.has(key)),
  )
  for (const key of gone) {
    const { collection, position } = state.declared.get(key)!
    outcomes.write({
      place: key,
      key,
      outcome: 'gone',
      what: 'the source no longer has it; what was declared of it still stands',
      item: itemId(collection, position),
    })
  }
  state.gone(gone)
}

interface Waiting {
  place: string
  key: string
  hash: string
  work: WorkFields
  outcome: 'new' | 'changed'
  notes: string
}

class Declarer {
  statements = 0
  readonly #options: CollectOptions
  readonly #open = new Map<string, { standing: Standing; waiting: Waiting[]; characters: number }>()

  constructor(options: CollectOptions) {
    this.#options = options
  }

  async take(line: Spooled, gathered: Gathered): Promise<void> {
    const { outcomes, state } = this.#options
    if ('outcome' in line) return outcomes.write(line)
    const { place, key, work, ordinal } = line
    let { standing } = line
    for (const other of gathered.merges.get(ordinal) ?? []) {
      mergeWork(work, other.work)
      // Of two records of one work the one that says it is free counts: nobody may reserve it.
      if (standing.mayBeReserved && !other.standing.mayBeReserved) standing = other.standing
    }
    const text = canonicalJson({ work, standing } as never)
    const hash = sha256Hex(Buffer.from(text)).slice(0, 32)
    const known = state.declared.get(key)
    const notes = line.notes.join('; ')
    if (known?.hash === hash) {
      const item = itemId(known.collection, known.position)
      return outcomes.write({
        place,
        key,
        outcome: 'unchanged',
        title: work.title,
        item,
        ...(notes ? { what: notes } : {}),
      })
    }
    await this.#add(standing, { place, key, hash, work, outcome: known ? 'changed' : 'new', notes }, text.length)
  }

  async #add(standing: Standing, waiting: Waiting, characters: number): Promise<void> {
    const name = canonicalJson(standing)
    const group = this.#open.get(name) ?? { standing, waiting: [], characters: 0 }
    this.#open.set(name, group)
    group.waiting.push(waiting)
    group.characters += characters
    const worksMax = this.#options.worksPerStatement ?? WORKS_PER_STATEMENT
    if (group.waiting.length >= worksMax || group.characters > BATCH_CHARACTERS_MAX) await this.#declare(name)
    // Rights that differ from record to record would keep everything in memory.
    if (this.#open.size > OPEN_BATCHES_MAX) await this.#declare(this.#open.keys().next().value!)
  }

  async finish(): Promise<void> {
    for (const name of this.#open.keys()) await this.#declare(name)
  }

  async #declare(name: string): Promise<void> {
    const { standing, waiting } = this.#open.get(name)!
    this.#open.delete(name)
    await this.#record(standing, waiting)
  }

  /**
   * One statement for these works. When the register refuses it for one of them, the halves are tried, so that one work
   * that may not be reserved keeps nobody else's from it.
   */
  async #record(standing: Standing, waiting: Waiting[]): Promise<void> {
    const { state, record, outcomes } = this.#options
    const collection = `urn:uuid:${uuidV7(systemEffects)}`
    state.begin(
      collection,
      waiting.map(({ key, hash }) => [key, hash]),
    )
    let statement: string
    try {
      const works = waiting.map(({ work }) => work)
      statement = await record({ ...standing, collection, number: this.statements + 1, works })
    } catch (error) {
      if (!(error instanceof ColophonError) || error.code !== 'public_domain_cannot_be_reserved') throw error
      state.dropped(collection)
      if (waiting.length > 1) {
        const half = waiting.length >> 1
        await this.#record(standing, waiting.slice(0, half))
        return this.#record(standing, waiting.slice(half))
      }
      const { place, key, work } = waiting[0]!
      const { message: what, remedy = '' } = error
      return outcomes.write({ place, key, outcome: 'refused', title: work.title, field: 'rights', what, remedy })
    }
    state.recorded(collection)
    this.statements++
    waiting.forEach(({ place, key, work, outcome, notes }, position) => {
      const item = itemId(collection, position)
      outcomes.write({ place, key, outcome, title: work.title, item, statement, ...(notes ? { what: notes } : {}) })
    })
  }
}

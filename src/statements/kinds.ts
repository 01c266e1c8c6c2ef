import type { z } from 'zod'
import { existsLookup, insertChunked, type Queries, type Tables } from '../foundation/index.ts'

/** One subject of a statement that has passed every check so far, with all that a projector needs to know. */
export interface StatedSubject<Subject> {
  subject: Subject
  /** The id that rows take: the statement's id, and the subject's place in it when it is not the first. */
  id: string
  /** Who signed, as a party. */
  issuer: string
  /** In whose name it counts: the issuer, or the one it represents. */
  party: string
  /** The did:key that signed. */
  didKey: string
  recordedAt: string
  logIndex: bigint
  isSealed: boolean
  /** All subjects of the same statement, this one included: they stand or fall together. */
  siblings: readonly { type: string }[]
}

/** What a representative may be let do. */
export type Power = 'declare' | 'reserve' | 'grant' | 'request'

/** A kind of statement: its schema, the state it must fit, and the rows that follow from it. */
export interface StatementKind<Subject = never> {
  /** The subject's `type`, for example `Work`. */
  type: string
  schema: z.ZodType<Subject>
  /** The subject's `id` is a name of the issuer's own, which others may use too: rows go by the statement's. */
  isNamedByStatement?: true
  /** Projection tables that this kind owns: a replay empties and fills them. */
  tables: readonly (keyof Tables)[]
  /** Which power a representative needs to state this for somebody else, one of them; without any nobody can. */
  powers?: readonly Power[]
  /** Throws a ColophonError when the state of the register speaks against it. */
  judge?(stated: StatedSubject<Subject>, rows: RowBatch): Promise<void>
  project(stated: StatedSubject<Subject>, rows: RowBatch): Promise<void> | void
}

/** Rows that wait to be inserted together. Whoever reads must ask for `queries()`, which writes them first. */
export class RowBatch {
  readonly #queries: Queries
  readonly #waiting = new Map<keyof Tables, object[]>()
  readonly #waitingIds = new Set<string>()
  readonly #idExists: (table: keyof Tables, id: string) => Promise<boolean>

  /** `idExists` may answer from what was asked for beforehand; without it every question is a query. */
  constructor(queries: Queries, idExists?: (table: keyof Tables, id: string) => Promise<boolean>) {
    this.#queries = queries
    this.#idExists = idExists ?? ((table, id) => existsLookup(queries, table, 'id')(id))
  }

  add(table: keyof Tables, row: object): void {
    const rows = this.#waiting.get(table)
    if (rows) rows.push(row)
    else this.#waiting.set(table, [row])
    const { id } = row as { id?: string }
    if (id !== undefined) this.#waitingIds.add(`${table} ${id}`)
  }

  /** Whether a row with this id stands in the table or waits for it; nothing is written for the answer. */
  async has(table: keyof Tables, id: string): Promise<boolean> {
    return this.#waitingIds.has(`${table} ${id}`) || (await this.#idExists(table, id))
  }

  async queries(): Promise<Queries> {
    for (const [table, rows] of this.#waiting) await insertChunked(this.#queries, table, rows)
    this.#waiting.clear()
    return this.#queries
  }
}

import type { Effects, LruMap, OpenDatabase, Queries, Tables } from '../foundation/index.ts'
import type { Log } from '../log/index.ts'
import type { StatementKind, StatedSubject } from './kinds.ts'
import type { Statement } from './schema.ts'

/** The process that holds the log of a register, for one that works beside it. */
export interface LogHolder {
  /** Has a signed statement recorded, and tells its place once the tables follow. */
  append(statement: Statement, isSealed: boolean): Promise<number>
  receipt(logIndex: number): Promise<string>
}

/** A node's register: the log, the tables that follow from it, and the kinds of statement it understands. */
export interface Register {
  log: Log
  /** Set where another process holds the log: it appends, and tells receipts. */
  holder?: LogHolder | undefined
  database: OpenDatabase
  kinds: ReadonlyMap<string, StatementKind<never>>
  effects: Effects
  /** Checks that only this node makes, once, before it lets a statement onto its log (a domain's own document, say). */
  admit: ((stated: StatedSubject<never>, queries: Queries) => Promise<void>)[]
  /** Whether a key may speak for a party: kept because every statement asks. */
  keyCache: LruMap<string, string>
  /** Entries that this process verified and appended itself, by Base64 of their leaf hash. */
  verifiedEntries: Set<string>
  /** Ids on their way onto the log, so that a statement sent twice at once is still refused once. */
  inFlight: Set<string>
  /** Entries that the tables follow already; undefined until the database has been asked. */
  projectedSize: number | undefined
  /** What became of entries that somebody here waits for, by log index: the refusal, or null when accepted. */
  outcomes: Map<number, string | null>
  /** Whether an id stands in a table, asked together with others. */
  idExists(table: keyof Tables, id: string): Promise<boolean>
  /** The projector's turn: one at a time. */
  following: Promise<void>
}

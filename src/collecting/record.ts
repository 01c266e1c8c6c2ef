import { ColophonError } from '../foundation/index.ts'
import type { IdentifierScheme } from '../register/index.ts'

/** Why a record is not declared: which field, what is wrong with it, and what its owner can do. */
export interface Problem {
  field: string
  what: string
  remedy: string
}

export interface SourceCreator {
  name: string
  role?: string
  /** Ten-thousandths, when the source says them. */
  share?: number
  layer?: 'composition' | 'text' | 'recording'
}

/** An identifier as it is written; without a scheme it is read only when it is plainly one of a standard's. */
export interface SourceIdentifier {
  scheme?: IdentifierScheme
  value: string
}

/** A record as a reader finds it: nothing is checked yet, and nothing is left out for being wrong. */
export interface SourceRecord {
  /** For people: a line, an address, an id. */
  place: string
  /** What the source itself calls the record, so that the next run knows it again. */
  id?: string
  /** The source says that it has no longer got it. */
  isDeleted?: boolean
  /** The reader could not even take it apart. */
  problem?: Problem
  title?: string
  /** What may stand for a title that is missing: what kind of thing it is. */
  otherTitle?: string
  /** Words and media types that say what kind of work it is. */
  kinds?: string[]
  language?: string
  creators?: SourceCreator[]
  identifiers?: SourceIdentifier[]
  urls?: string[]
  rights?: string[]
  sha256?: string
}

/** What a run makes of a record. */
export type OutcomeName = 'new' | 'changed' | 'unchanged' | 'duplicate' | 'refused' | 'gone'

/** A record that was taken apart, and whether the list that it comes from goes on behind it. */
export type Records = AsyncIterable<SourceRecord>

/** What a column of a table is read as, or that it is not read. */
export interface ColumnReading {
  column: string
  /** `undefined` when it is not read. */
  field: string | undefined
  why: 'named' | 'heading' | 'values' | 'not read'
  example: string
}

/** A source that was opened: nothing but its beginning has been read. */
export interface OpenSource {
  format: string
  records: Records
  columns?: ColumnReading[]
  /** It tells only what changed since last time, so that what is missing is not gone. */
  isPartial?: boolean
  /** What to remember of a source that is read in parts, and where it stands. Called when a run ends, whole or not. */
  remember?: () => Memory
}

/** What a source that is asked in parts wants to know the next time. */
export interface Memory {
  /** Where an interrupted run goes on. */
  resume?: string
  /** From when on the next run asks. */
  since?: string
}

/** How a reader reaches what lies elsewhere. Tests let it reach this machine. */
export interface Reach {
  allowPrivate?: boolean
  timeoutMs?: number
  /** Waits; tests do not. */
  sleep?: (milliseconds: number) => Promise<void>
}

export const sleepReally = (milliseconds: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, milliseconds)
  })

/** The source as a whole cannot be read. */
export function unreadable(message: string, where: string, remedy: string, cause?: unknown): ColophonError {
  return new ColophonError('unreadable_file', message, { where, remedy, cause })
}

export function tooLarge(message: string, where: string, remedy = 'Give it in parts.'): ColophonError {
  return new ColophonError('too_large', message, { where, remedy })
}

/** Bounds on what is collected. */
export const collectingLimits = {
  recordsMax: 3_000_000,
  /** One row, object or element. */
  recordCharactersMax: 1024 * 1024,
  columnsMax: 1000,
  sampleRows: 200,
  /** Of one answer from elsewhere. */
  answerBytesMax: 50 * 1024 * 1024,
  spreadsheetBytesMax: 256 * 1024 * 1024,
  spreadsheetInflatedBytesMax: 2 * 1024 * 1024 * 1024,
  sharedTextBytesMax: 256 * 1024 * 1024,
  /** A spreadsheet's XML shrinks to a tenth or, when most cells are alike, to a hundredth; a bomb to a thousandth. */
  inflationRatioMax: 300,
  pagesMax: 10_000,
  sitemapsMax: 1000,
  sitemapDepthMax: 5,
  xmlDepthMax: 60,
  manifestsMax: 100_000,
} as const

import { closeSync, openSync, writeSync } from 'node:fs'
import type { OutcomeName } from './record.ts'

/** What became of one record. */
export interface Outcome {
  place: string
  key: string
  outcome: OutcomeName
  title?: string
  /** Of a duplicate: where the first one stands. */
  duplicateOf?: string
  field?: string
  what?: string
  remedy?: string
  item?: string
  statement?: string
}

// prettier-ignore
const COLUMNS = ['place', 'outcome', 'key', 'title', 'duplicateOf', 'field', 'what', 'remedy', 'item', 'statement'] as const
const BUFFER_CHARACTERS = 65_536

export type OutcomeCounts = Record<OutcomeName, number>

/** Counts outcomes, keeps the first of those that need somebody’s attention, and writes all of them as they come. */
export class OutcomeSink {
  readonly counts: OutcomeCounts = { new: 0, changed: 0, unchanged: 0, duplicate: 0, refused: 0, gone: 0 }
  readonly examples: Outcome[] = []
  readonly #descriptor: number | undefined
  #waiting = ''

  constructor(path?: string) {
    if (path === undefined) return
    this.#descriptor = openSync(path, 'w')
    this.#waiting = `${COLUMNS.join(',')}\r\n`
  }

  write(outcome: Outcome): void {
    this.counts[outcome.outcome]++
    const isWorthALook = outcome.outcome === 'refused' || outcome.outcome === 'gone'
    if (isWorthALook && this.examples.length < EXAMPLES_MAX) this.examples.push(outcome)
    if (this.#descriptor === undefined) return
    this.#waiting += `${COLUMNS.map((column) => cell(outcome[column] ?? '')).join(',')}\r\n`
    if (this.#waiting.length > BUFFER_CHARACTERS) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting)
    for (let written = 0; written < bytes.length;) written += writeSync(this.#descriptor!, bytes, written)
    this.#waiting = ''
  }

  close(): void {
    if (this.#descriptor === undefined) return
    this.#flush()
    closeSync(this.#descriptor)
  }
}

const EXAMPLES_MAX = 20

/** Spreadsheets take what begins with one of these signs for a formula, and a title may begin with any. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

import { isDone, type Line } from './computing.ts'

/** What came of a line: a work, the same file as another line, a work known by its bytes only, or nothing. */
export interface Outcome {
  line: Line
  what: 'new' | 'same' | 'partly' | 'unread'
  /** Of which line it is a copy, or why it was not read. */
  detail?: string
}

const SHOWN_MAX = 100
/** What somebody may want to do something about is shown first. */
const FIRST = ['unread', 'partly', 'same', 'new'] as const

/** The outcomes of all lines that have one, in the order of the lines. Copies belong to the first line with the file. */
export function judge(lines: readonly Line[]): Outcome[] {
  const first = new Map<string, string>()
  return lines.filter(isDone).map((line): Outcome => {
    const { coded, failure, source } = line
    if (!coded) return { line, what: 'unread', detail: failure }
    const { sha256 } = coded.codes
    const original = first.get(sha256!)
    if (original !== undefined) return { line, what: 'same', detail: original }
    first.set(sha256!, source.path)
    return coded.unread === undefined ? { line, what: 'new' } : { line, what: 'partly', detail: coded.unread }
  })
}

export function countOf(outcomes: readonly Outcome[], what: Outcome['what']): number {
  return outcomes.filter((outcome) => outcome.what === what).length
}

/** Writes the first of them into a list, in the words of the page. */
export function showOutcomes(list: HTMLElement, outcomes: readonly Outcome[], words: DOMStringMap): void {
  const shown = FIRST.flatMap((what) => outcomes.filter((outcome) => outcome.what === what).slice(0, SHOWN_MAX))
  list.replaceChildren(
    ...shown.slice(0, SHOWN_MAX).map(({ line, what, detail }) => {
      const item = document.createElement('li')
      item.dataset.outcome = what
      item.textContent = `${line.source.path}: ${words[what]!.replace('%', () => detail ?? '')}`
      return item
    }),
  )
}

/** All of them as CSV (RFC 4180), for programs and for spreadsheets, which must not take a name for a formula. */
export function outcomesCsv(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ line, what, detail = '' }) => [
    line.source.path,
    String(line.source.bytes),
    what,
    detail,
    line.coded?.codes.sha256 ?? '',
  ])
  return [['file', 'bytes', 'outcome', 'detail', 'sha256'], ...rows]
    .map((row) => row.map((field) => quote(field)).join(','))
    .join('\r\n')
}

function quote(field: string): string {
  const safe = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field
  return `"${safe.replaceAll('"', '""')}"`
}

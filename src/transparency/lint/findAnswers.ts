import { FIELDS } from '../template.ts'
import { matchLabels, type Match } from './matchLabels.ts'

/** What a document says to one question, word for word, and whether the template's instruction still stands there. */
export interface FoundAnswer {
  text: string
  /** It is no answer to the question, but a sentence that says yes or no to what is asked. */
  stated?: 'yes' | 'no'
  /** A sentence of the provider that has the question's words in it, as “We are a signatory to the Code of Practice”. */
  statement?: string
  hasInstruction: boolean
}
interface FoundHeading {
  section: string
  /** As printed before it, for instance `2.4`. */
  number?: string
  text: string
}
export interface FoundAnswers {
  answers: Map<string, FoundAnswer>
  headings: FoundHeading[]
  /** What stands under a heading before the first question, by section. */
  openings: Map<string, string>
}

/** Marks where a question begins in texts that are made of structured files. */
export const ENTRY = '\uFDD0'

/**
 * Finds the questions of the template in a text, in whatever order and under whatever numbers, and what stands between
 * each of them and the next. A question that was not found has no entry; one without an answer has an empty one.
 */
export function findAnswers(text: string): FoundAnswers {
  const matches = matchLabels(text)
  const placed = placeInSections(matches)
  const chosen = chooseOne(placed)
  const boundaries = boundariesOf(text, placed, chosen)
  const instructions = matches.filter(({ kind }) => kind === 'instruction').map((match) => spanOf(text, match))
  const answers = new Map<string, FoundAnswer>()
  for (const { field, start, end } of chosen) {
    // “Image training data size” is part of what is said, the head of the table is not.
    const isKept = field === 'sizes' && !/^modalit/i.test(text.slice(start, start + 8))
    const from = isKept ? start : endOfLabel(text, end)
    const to = Math.min(nextBoundary(boundaries, end), field === 'sizes' ? Infinity : endOfTableRow(text, start))
    const found = { ...cut(text, from, to, instructions), ...statementAt(text, start, end) }
    const before = answers.get(field)
    answers.set(field, before ? join(before, found) : found)
  }
  const headings = placed.filter(({ kind }) => kind === 'heading').map((match) => headingOf(text, match))
  return { answers, headings, openings: openingsOf(text, placed, boundaries, instructions) }
}

interface Placed extends Match {
  /** The section that the last heading or question before it belongs to. */
  under: string
}
interface Chosen {
  field: string
  start: number
  end: number
}

const SECTION_OF = new Map(FIELDS.map(({ id, section }) => [id, section]))

function placeInSections(matches: Match[]): Placed[] {
  let under = '0'
  return matches
    .filter(({ kind }) => kind !== 'instruction')
    .map((match) => {
      const before = under
      if (match.kind === 'heading') under = match.section!
      else if (typeof match.field === 'string' && match.matched >= 4) under = SECTION_OF.get(match.field) ?? under
      return { ...match, under: match.kind === 'heading' ? match.section! : before }
    })
}

/** Headings, and rows of section 1.3, that come more often than this belong to no summary. */
const REPEATS_MAX = 300

/** One place for each question: where its section is, then where most of its words are, then the first. */
function chooseOne(placed: Placed[]): Chosen[] {
  const best = new Map<string, { value: number; chosen: Chosen }>()
  const kept: Chosen[] = []
  for (const { kind, field: asked, under, start, end, matched } of placed) {
    if (kind !== 'label') continue
    const field = typeof asked === 'string' ? asked : asked![under]
    if (field === undefined) continue
    const chosen = { field, start, end }
    if (field === 'sizes') {
      if (kept.length < REPEATS_MAX) kept.push(chosen)
      continue
    }
    const value = Math.min(matched, 12) + (SECTION_OF.get(field) === under ? 4 : 0)
    if (value > (best.get(field)?.value ?? 0)) best.set(field, { value, chosen })
  }
  return [...[...best.values()].map(({ chosen }) => chosen), ...kept].sort((a, b) => a.start - b.start)
}

function statementAt(text: string, start: number, end: number): { statement?: string } {
  const before = /\b(?:we|the provider|the company)\s+(?:have\s+|are\s+|did\s+|do\s+)?(?:not\s+)?(?:an?\s+)?$/i.exec(
    text.slice(Math.max(0, start - 40), start),
  )
  return before ? { statement: `${before[0]}${text.slice(start, end)}`.replaceAll(/\s+/g, ' ') } : {}
}

/** Where an answer ends: at the next question or heading, also at those that the template does not have. */
function boundariesOf(text: string, placed: Placed[], chosen: Chosen[]): number[] {
  const isChosen = new Set(chosen.map(({ start }) => start))
  const known = placed.filter(
    ({ kind, start, end }) =>
      kind === 'heading' || isChosen.has(start) || /^[\s*_()a-z]{0,14}[:?|]/.test(text.slice(end, end + 16)),
  )
  const unknown = [...text.matchAll(UNKNOWN_QUESTION)].map(({ index }) => index)
  return [...known.map(({ start }) => startOfLabel(text, start)), ...unknown].sort((a, b) => a - b)
}

/** Numbered questions and headings, Markdown headings, and marked entries of structured files. */
const UNKNOWN_QUESTION =
  /\uFDD0|^[ \t]*(?:#{1,6}[ \t]+\S|[*_<u>]{0,6}\d\.\d\.\d{1,2}(?:\.[A-Z])?\.?[ \t]+\p{Lu}|\d\.\d\.?:?[ \t]+\p{Lu}[^\n]{0,100}[^\n.;,]$)/gmu

/** Signs, bullets and numbers before a label belong to it. */
function startOfLabel(text: string, start: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  if (
    start - lineStart <= 60 &&
    /^[\s*_#>|•◦●○▪·–\-"“\uFDD0]*(?:Q[:.]\s*)?(?:\(?\d+[\d.]*(?:\.?[A-Z])?[.):]?\s*)?[*_]*(?:if yes,?\s*)?$/i.test(
      text.slice(lineStart, start),
    )
  )
    return lineStart
  const number = /\s+\d(?:\.\d){0,2}\.?[:.]?\s*$/.exec(text.slice(Math.max(0, start - 12), start))
  return number ? start - number[0].length : start
}

/** In a Markdown table a question and its answer are one line. */
function endOfTableRow(text: string, start: number): number {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const lineEnd = text.indexOf('\n', start)
  return /^\s*\|/.test(text.slice(lineStart, start)) && lineEnd >= 0 ? lineEnd : Infinity
}

/** What still belongs to a label: signs, a remark in brackets, and the end of a question that was worded otherwise. */
function endOfLabel(text: string, end: number): number {
  const rest = text.slice(end, end + 240)
  const tail =
    /^(?:\(s\)|\(ies\)|['’]s)?\)?[ \t]*(?:[*_"”]*\s*\([^()\n]{0,120}(?:\([^()\n]{0,60}\)[^()\n]{0,60})?\))?[\s*_"”]*(?:(?!https?:)[^\n.:?|☒☑☐✓\uFDD0]{0,60}\?|[:?|])?[\s*_|:>]*/u.exec(
      rest,
    )
  return end + (tail?.[0].length ?? 0)
}

function nextBoundary(boundaries: number[], after: number): number {
  let [low, high] = [0, boundaries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (boundaries[middle]! < after) low = middle + 1
    else high = middle
  }
  return boundaries[low] ?? Number.MAX_SAFE_INTEGER
}

/** An instruction goes to the end of its sentence; “e.g.” does not end one. */
function spanOf(text: string, { start, end }: Match): [number, number] {
  const rest = text.slice(end, end + 700)
  const stop = /(?<!\be\.g|\bi\.e|\betc|\be\.g\.,)[.…:!?]+[)”"]?(?=\s|$|\uFDD0)|\n\s*\n|[☐☒☑✓\uFDD0|]/u.exec(rest)
  return [start, end + (stop ? stop.index + (/[☐☒☑✓\uFDD0|]/u.test(stop[0]) ? 0 : stop[0].length) : rest.length)]
}

function cut(text: string, from: number, to: number, instructions: [number, number][]): FoundAnswer {
  let [at, said, hasInstruction] = [from, '', false]
  for (const [start, end] of instructions) {
    if (end <= at || start >= to) continue
    said += text.slice(at, Math.max(at, start))
    at = Math.min(Math.max(at, end), to)
    hasInstruction = true
  }
  return { text: tidy(said + text.slice(at, Math.min(to, text.length))), hasInstruction }
}

/** Without page numbers, table rules, and signs that stand alone around it. */
function tidy(text: string): string {
  const lines = text
    .replaceAll(ENTRY, '\n')
    .split('\n')
    .map((line) => line.trim())
  const kept = lines.filter(
    (line) => !/^(?:page\s*)?\d{1,3}(?:\s*(?:of|\/)\s*\d{1,3})?$|^[|\s:-]+$|^\(optional\):?$/i.test(line),
  )
  const bare = kept.join('\n').trim() === '' ? lines : kept
  return bare
    .join('\n')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replace(/^[\s*_|:>#◦•●▪·]+(?:-\s+)?/, '')
    .replace(/[\s*_|>#(]+(?:[-–]\s*)?$/, '')
}

function join(a: FoundAnswer, b: FoundAnswer): FoundAnswer {
  return { text: `${a.text}\n${b.text}`.trim(), hasInstruction: a.hasInstruction || b.hasInstruction }
}

function headingOf(text: string, { section, start, end }: Placed): FoundHeading {
  const number = /(?<![\d/.])(\d(?:\.\d){0,2})\.?:?[^\S\n]*[*_]*$/.exec(text.slice(Math.max(0, start - 12), start))?.[1]
  return { section: section!, ...(number ? { number } : {}), text: text.slice(start, end).replaceAll(/\s+/g, ' ') }
}

function openingsOf(
  text: string,
  placed: Placed[],
  boundaries: number[],
  instructions: [number, number][],
): Map<string, string> {
  const openings = new Map<string, string>()
  for (const { section, end } of placed.filter(({ kind }) => kind === 'heading').slice(0, REPEATS_MAX)) {
    const opening = cut(text, endOfLabel(text, end), nextBoundary(boundaries, end), instructions).text
    if (opening !== '(optional)' && opening.length > (openings.get(section!)?.length ?? 0))
      openings.set(section!, opening)
  }
  return openings
}

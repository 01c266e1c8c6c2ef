import { HEADINGS, INSTRUCTION_STARTS } from './headings.ts'
import { LABELS, type Label } from './labels.ts'
import { readWords, type Words } from './words.ts'

/** Where a label, a heading or an instruction of the template stands, in characters. */
export interface Match {
  kind: 'label' | 'heading' | 'instruction'
  field?: Label['field']
  section?: string
  start: number
  end: number
  /** How many words of it were found, less half of those that were passed over. */
  matched: number
  isComplete: boolean
}

interface Pattern {
  kind: Match['kind']
  ids: number[]
  field?: Label['field']
  section?: string
}

const VOCABULARY = new Map<string, number>()
const PATTERNS: Pattern[] = [
  ...LABELS.map(({ words, field }): Pattern => ({ kind: 'label', ids: words.map(numberOf), field })),
  ...HEADINGS.map(({ words, section }): Pattern => ({ kind: 'heading', ids: words.map(numberOf), section })),
  ...INSTRUCTION_STARTS.map((words): Pattern => ({ kind: 'instruction', ids: words.map(numberOf) })),
]

function numberOf(word: string): number {
  const number = VOCABULARY.get(word) ?? VOCABULARY.size + 1
  VOCABULARY.set(word, number)
  return number
}

/** A text that repeats the first word of a label more often than this is no summary. */
const PLACES_MAX = 20_000
const MATCHES_MAX = 50_000

/**
 * Finds the template's questions, headings and instructions in a text by their words in their order, wherever lines
 * end, and however they are numbered. Of those that overlap, the longest counts.
 *
 * @example matchLabels('1.9 Last update: 2025-09-01') // [{ kind: 'label', field: 'lastUpdate', start: 4, … }]
 */
export function matchLabels(text: string): Match[] {
  const words = readWords(text, VOCABULARY)
  const places = placesOf(words)
  const found: (Match & { first: number; last: number })[] = []
  for (const pattern of PATTERNS) {
    for (const at of places.get(pattern.ids[0]!) ?? []) {
      const match = align(words, pattern, at)
      if (match && isLabelLike(words, match, pattern)) found.push(match)
      if (found.length > MATCHES_MAX) return []
    }
  }
  return withoutOverlaps(found, words.count)
}

function placesOf(words: Words): Map<number, number[]> {
  const places = new Map<number, number[]>(PATTERNS.map(({ ids }) => [ids[0]!, []]))
  for (let i = 0; i < words.count; i++) {
    const list = places.get(words.ids[i]!)
    if (list && list.length < PLACES_MAX) list.push(i)
  }
  return places
}

/** How many words of the text, or of the label, may be passed over at one place. */
const EXTRA_MAX = 6
const LEFT_OUT_MAX = 3

type Aligned = Match & { first: number; last: number }

function align(words: Words, { kind, ids, field, section }: Pattern, at: number): Aligned | undefined {
  let [word, next, matched, passed] = [at, 0, 0, 0]
  let last = at
  while (next < ids.length && word < words.count) {
    if (word > at && endsQuestion(words, last, word)) break
    if (words.ids[word] === ids[next]) {
      last = word++
      next++
      matched++
      continue
    }
    const step = ids.length < 4 ? undefined : nearestAgreement(words, ids, word, next)
    if (!step) break
    word += step.extra
    next += step.leftOut
    passed += step.extra + step.leftOut
  }
  if (matched < leastOf(ids.length, kind) || passed > ids.length * 0.5) return undefined
  const isComplete = matched === ids.length
  return {
    kind,
    ...(field ? { field } : {}),
    ...(section ? { section } : {}),
    start: words.starts[at]!,
    end: words.ends[last]!,
    matched: matched - passed / 2,
    isComplete,
    first: at,
    last,
  }
}

/** A sign at the end of a line, or an empty line, ends a question: the first word of the answer is not one of its own. */
function endsQuestion({ text, starts, ends }: Words, last: number, word: number): boolean {
  return /[:?][^\S\n]*\n|\n\s*\n/.test(text.slice(ends[last], Math.min(starts[word]!, ends[last]! + 200)))
}

function nearestAgreement(words: Words, ids: number[], word: number, next: number) {
  for (let sum = 1; sum <= EXTRA_MAX; sum++)
    for (let leftOut = Math.min(sum, LEFT_OUT_MAX); leftOut >= 0; leftOut--) {
      const extra = sum - leftOut
      if (word + extra >= words.count || next + leftOut >= ids.length) continue
      if (words.ids[word + extra] === ids[next + leftOut]) return { extra, leftOut }
    }
  return undefined
}

/** Short labels must be there as a whole; of long ones some words, and the end, may be missing. */
function leastOf(length: number, kind: Match['kind']): number {
  if (kind === 'instruction') return Math.ceil(length * 0.8)
  if (length < 7) return length
  return Math.ceil(length * (length < 10 ? 0.8 : length < 20 ? 0.65 : 0.45))
}

/** Signs, numbers and line marks that may stand before a label on its line; “Q:” as in questionnaires. */
const BEFORE =
  /(?:^|[\n|\uFDD0]|[☒☑☐:]\s)[\s*_#>|•◦●○▪·–\-"“]*(?:Q[:.]\s*)?(?:\(?\d+(?:\.\d+)*(?:\.?\(?[A-Z]\)?)?(?:\([ivx]+\))?[.):]?\s*)?[*_]*(?:if yes,?\s*)?$/i
const AFTER = /^[\s*_"”]*(?:\([^)\n]{0,60}\))?[\s*_"”]*(?:[:?|\n\uFDD0]|$)/
const NUMBER_BEFORE = /(?:^|\s)\d(?:\.\d){0,2}\.?[:.]?[^\S\n]{1,4}[*_]*$/

/** Texts without lines have a gap, or the end of a sentence, before a label. */
const FRESH = /(?:[.!?…)\]☐☒]\s+|\s{2,})$/

/** Words of a label also come in sentences: the shorter it is, the more it must look like one. */
function isLabelLike(words: Words, { start, end, matched, isComplete, kind }: Aligned, { ids }: Pattern): boolean {
  if (kind === 'instruction') return true
  const before = words.text.slice(Math.max(0, start - 40), start)
  const after = words.text.slice(end, end + 70)
  const [starts, ends] = [BEFORE.test(before), AFTER.test(after)]
  if (kind === 'heading') return (starts && (ends || endsSoon(after, matched))) || NUMBER_BEFORE.test(before)
  const isQuestion = /^[\s*_"”]*(?:\([^)\n]{0,60}\))?[\s*_"”)]*[:?|]/.test(after)
  if (ids.length >= 6) return starts || isQuestion || isComplete || FRESH.test(before)
  if (ids.length >= 4 && isComplete && FRESH.test(before) && /^\p{Lu}/u.test(words.text.slice(start))) return true
  if (ids.length >= 3) return starts || isQuestion
  if (ids.length === 2 && starts && /^ (?:\p{Lu}|\d|n\/a)/u.test(after)) return true
  const isBold = before.endsWith('**') && /^:?\*\*/.test(after)
  return (starts && ends) || isBold || (isQuestion && ids.length === 2)
}

/** A heading may have a word or two after it, such as “(optional)”. */
function endsSoon(after: string, matched: number): boolean {
  return matched >= 3 && /^[^\n.]{0,20}(\n|$)/.test(after)
}

function withoutOverlaps(found: Aligned[], count: number): Match[] {
  const isTaken = new Uint8Array(count)
  const kept: Aligned[] = []
  found.sort((a, b) => b.matched - a.matched || Number(b.isComplete) - Number(a.isComplete) || a.first - b.first)
  for (const match of found) {
    if (isTaken.subarray(match.first, match.last + 1).includes(1)) continue
    isTaken.fill(1, match.first, match.last + 1)
    kept.push(match)
  }
  return kept.sort((a, b) => a.start - b.start).map(({ first: _first, last: _last, ...match }) => match)
}

import { isSilence } from './howKnown.ts'
import { FIELDS, type Field } from './template.ts'
import { answersOf } from './lint/fallbacks.ts'
import type { FoundAnswer } from './lint/findAnswers.ts'
import { choiceOf } from './lint/judge.ts'
import { readDates } from './lint/dates.ts'
import { readSummary } from './lint/readSummary.ts'
import { readSizes } from './lint/sizes.ts'
import { readDomains, readItems, readLinks, readModalities } from './lint/values.ts'
import { diffWords, type WordRun } from './wordDiff.ts'

export interface FieldChange {
  id: string
  section: string
  label: string
  change: 'added' | 'removed' | 'changed'
  before?: string
  after?: string
  /** What was added and taken out, word by word, for texts. */
  words?: WordRun[]
  /** The same for lists: data sets, domains, kinds of content, sizes. */
  items?: { added: string[]; removed: string[] }
}

export interface SummaryDiff {
  /** Fields that differ, in the order of the template. */
  changes: FieldChange[]
  /** What somebody who relies on the older one should look at. */
  warnings: { field: string; message: string }[]
  /** How many fields are answered alike in both. */
  same: number
}

interface File {
  bytes: Uint8Array
  name: string
}
type Answers = Map<string, FoundAnswer>

/**
 * Compares two summaries, each in any form that is read: field by field what was added, taken out and changed, texts
 * by words, lists by their items, sizes by their bands. Boxes that are drawn otherwise are no change.
 *
 * Errors: those of `readSummary`.
 *
 * @example (await diffSummaries(old, new)).warnings // [{ field: 'crawled', message: '… was yes and is no now' }]
 */
export async function diffSummaries(older: File, newer: File, options: { at?: number } = {}): Promise<SummaryDiff> {
  const before = answersOf(await readSummary(older.bytes, older.name))
  const after = answersOf(await readSummary(newer.bytes, newer.name))
  const compared = FIELDS.map((field) => ({ field, change: compareField(field, before, after) }))
  const changes = compared.flatMap(({ change }) => change ?? [])
  const isSaid = ({ id }: Field) => textOf(before, id) !== '' && textOf(after, id) !== ''
  return {
    changes,
    warnings: warningsOf(changes, before, after, options.at ?? Date.now()),
    same: compared.filter(({ field, change }) => change === undefined && isSaid(field)).length,
  }
}

/** Our own words for no answer, as they stand in a text that was copied, are none. */
function textOf(answers: Answers, id: string): string {
  const text = (answers.get(id)?.text ?? '').replaceAll(/\s+/g, ' ').trim()
  return isSilence(text) ? '' : text
}

/** Where lines end differs from form to form, also inside of long words. */
const isAlike = (before: string, after: string) => before.replaceAll(/\s/g, '') === after.replaceAll(/\s/g, '')

function compareField({ id, section, label, kind }: Field, older: Answers, newer: Answers): FieldChange | undefined {
  const [before, after] = [textOf(older, id), textOf(newer, id)]
  const about = { id, section, label, ...(before ? { before } : {}), ...(after ? { after } : {}) }
  if (isAlike(before, after)) return undefined
  if (before === '') return { ...about, change: 'added' }
  if (after === '') return { ...about, change: 'removed' }
  if (kind === 'choice')
    return choiceOf(older, id) === choiceOf(newer, id) ? undefined : { ...about, change: 'changed' }
  if (kind === 'text' || kind === 'date') return { ...about, change: 'changed', words: diffWords(before, after) }
  const items = compareItems(itemsOf(kind, older.get(id)!.text), itemsOf(kind, newer.get(id)!.text))
  if (items.added.length + items.removed.length > 0) return { ...about, change: 'changed', items }
  const isSameWords = sortedWords(before) === sortedWords(after)
  return (kind === 'datasets' || kind === 'sizes') && !isSameWords
    ? { ...about, change: 'changed', words: diffWords(before, after) }
    : undefined
}

/** Cells of a table come in another order from another layout. */
function sortedWords(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).toSorted().join(' ')
}

/** The items of a list, each under what makes it the same one in another document. */
function itemsOf(kind: Field['kind'], text: string): Map<string, string> {
  if (kind === 'domains') return new Map(readDomains(text).map((domain) => [domain, domain]))
  if (kind === 'modalities') {
    const found = readModalities(text)
    return new Map((found === 'unmarked' ? [] : found).map((modality) => [modality, modality]))
  }
  if (kind === 'sizes')
    return new Map(
      readSizes(text).flatMap(({ modality, bands }) =>
        bands.map((band) => [`${modality} ${band}`, `${modality}: ${band} band`]),
      ),
    )
  return new Map(
    readItems(text).map((item) => [readLinks(item)[0] ?? item.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' '), item]),
  )
}

function compareItems(before: Map<string, string>, after: Map<string, string>) {
  const only = (one: Map<string, string>, other: Map<string, string>) =>
    [...one].filter(([key]) => !other.has(key)).map(([, item]) => item)
  return { added: only(after, before), removed: only(before, after) }
}

function warningsOf(changes: FieldChange[], older: Answers, newer: Answers, at: number): SummaryDiff['warnings'] {
  const warnings = changes.flatMap((change) => {
    const message = warningOf(change, older, newer)
    return message ? [{ field: change.id, message: `${change.section} ${change.label}: ${message}` }] : []
  })
  const changed = changes.filter(({ id }) => !['version', 'earlier', 'lastUpdate'].includes(id))
  return [...warnings, ...(changed.length > 0 ? staleWarnings(older, newer, at) : [])]
}

function warningOf({ id, change, items }: FieldChange, older: Answers, newer: Answers): string | undefined {
  const { kind, isOptional } = FIELDS.find((field) => field.id === id)!
  if (change === 'removed') return isOptional ? undefined : 'was answered and is not now'
  if (kind === 'choice' && choiceOf(older, id) === 'yes' && choiceOf(newer, id) === 'no') return 'was yes and is no now'
  if (change !== 'changed' || !items || (kind !== 'datasets' && kind !== 'domains' && kind !== 'modalities'))
    return undefined
  const less = items.removed.length - items.added.length
  return less > 0 ? `the list is shorter by ${less}` : undefined
}

/** Whoever changes a summary says so: with a new version, and with the day. */
function staleWarnings(older: Answers, newer: Answers, at: number): SummaryDiff['warnings'] {
  const warnings: SummaryDiff['warnings'] = []
  if (textOf(older, 'version') === textOf(newer, 'version'))
    warnings.push({ field: 'version', message: 'answers have changed, and the version is the same' })
  const [[before], [after]] = [readDates(textOf(older, 'lastUpdate'), at), readDates(textOf(newer, 'lastUpdate'), at)]
  if (!after || (before && after.from <= before.from))
    warnings.push({
      field: 'lastUpdate',
      message: 'answers have changed, and the date of the last update has not moved on',
    })
  return warnings
}

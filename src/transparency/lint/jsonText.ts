import { ColophonError, limits } from '../../foundation/index.ts'
import { answerLines, isListed } from '../answerLines.ts'
import { FIELDS, summarySchema, type Answer } from '../template.ts'
import { ENTRY, type FoundAnswer } from './findAnswers.ts'

/** A summary in our own form, as answers in words; what is not provided is asked and has none. Undefined for others. */
export function ownAnswers(value: unknown): Map<string, FoundAnswer> | undefined {
  const read = summarySchema.safeParse(value)
  if (!read.success) return undefined
  const answers = Object.entries(read.data.answers).map(
    ([id, answer]) => [id, { text: inWords(id, answer), hasInstruction: false }] as const,
  )
  return new Map(answers)
}

/** What the schema of our own form says against a value that claims to be one. */
export function ownIssues(value: unknown): string[] {
  const read = summarySchema.safeParse(value)
  return read.success ? [] : read.error.issues.slice(0, 20).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** The words that the other forms have as well; items with the sign of a list. */
function inWords(id: string, { value }: Answer): string {
  const kind = FIELDS.find((field) => field.id === id)?.kind
  if (value === undefined || kind === undefined) return ''
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  const lines = answerLines(kind, value)
  return (isListed(kind) ? lines.map((line) => `• ${line}`) : lines).join('\n')
}

/**
 * Any other JSON as a text of questions and answers: keys are read as labels, `crawler_names` as “crawler names”.
 * Errors: `too_large` for depth.
 */
export function jsonText(value: unknown, where: string): string {
  const lines: string[] = []
  addValue(lines, '', value, 0, where)
  return lines.join('\n')
}

function addValue(lines: string[], key: string, value: unknown, depth: number, where: string): void {
  if (depth > limits.jsonDepthMax)
    throw new ColophonError('too_large', `JSON nested deeper than ${limits.jsonDepthMax} is not read`, {
      where,
      remedy: 'Give the summary without what is around it.',
    })
  const label = keyInWords(key)
  if (Array.isArray(value)) lines.push(`${ENTRY}${label}: ${value.map((item) => `\n- ${itemInWords(item)}`).join('')}`)
  else if (typeof value === 'object' && value !== null) {
    if (label !== '') lines.push(`${ENTRY}${label}\n`)
    for (const [inner, each] of Object.entries(value)) addValue(lines, inner, each, depth + 1, where)
  } else lines.push(`${ENTRY}${label}: ${scalarInWords(value)}`)
}

/** `2.3_crawlerNames` as “2.3 crawler names”. */
function keyInWords(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\uFDD0]+/g, ' ')
    .trim()
}

function itemInWords(item: unknown): string {
  if (typeof item !== 'object' || item === null) return scalarInWords(item)
  return Object.values(item)
    .filter((each) => each !== null && typeof each !== 'object')
    .map(scalarInWords)
    .join(' — ')
}

function scalarInWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return value === null ? '' : String(value).replaceAll(ENTRY, ' ')
}

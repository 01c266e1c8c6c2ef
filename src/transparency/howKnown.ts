import type { Answer } from './template.ts'

interface HowKnown {
  known: Answer['known']
  basis?: string
  /** The question is not asked, because what it depends on was answered with no. */
  isOutside?: boolean
}

const SAYS: Record<Answer['known'], string> = {
  attested: 'Attested by the provider',
  measured: 'Measured along the pipeline',
  inferred: 'Inferred along the pipeline',
  'not provided': 'Not provided',
}
const OUTSIDE = 'Does not apply'

/** The line under an answer that says how it is known, or that there is none. It is no part of the answer. */
export function howKnown({ known, basis, isOutside }: HowKnown): string {
  if (isOutside) return OUTSIDE
  return basis ? `${SAYS[known]}: ${basis}` : SAYS[known]
}

/** The same between signs that no answer has, for documents whose text keeps nothing of how it was marked. */
export function markedHowKnown(how: HowKnown): string {
  return `⟦${howKnown(how).replaceAll(/[⟦⟧]/g, '|')}⟧`
}

const LINE = `(?:${Object.values(SAYS).join('|')}|${OUTSIDE})(?::[^⟦⟧]*)?`
/** Where a PDF ends a line there may be a line end instead of a space. */
const [ALONE, MARKED] = [`^\\s*${LINE}\\s*$`, `⟦${LINE}⟧`].map((each) => each.replaceAll(' ', '\\s+')) as [
  string,
  string,
]
const ALONE_PATTERN = new RegExp(ALONE)
const MARKED_PATTERN = new RegExp(MARKED, 'g')

/** Whether a text is such a line and nothing else. */
export function isHowKnown(text: string): boolean {
  return ALONE_PATTERN.test(text.replaceAll(/[⟦⟧]/g, '|'))
}

/** A text without such lines, where they are between their signs. */
export function withoutHowKnown(text: string): string {
  return text.replaceAll(MARKED_PATTERN, '')
}

/** Whether an answer is only our own words for none. */
export function isSilence(text: string): boolean {
  return text === SAYS['not provided'] || text === OUTSIDE
}

import { ColophonError } from '../foundation/index.ts'
import { checkCharacter } from './checkCharacter.ts'
import { overallDegree, phases, type Degree, type PhaseDegrees, type Review } from './degrees.ts'
import { useLetters, type BriefTerms, type TermAnswer, type UseLetter } from './terms.ts'

/** What a code says. */
export interface DisclosureCode {
  degree: Degree
  phases: PhaseDegrees
  review: Review
  terms: BriefTerms
  /** The last day on which the terms hold, in UTC: `2027-12-31`. */
  until?: string
  /** The first 40 bits of the SHA-256 of the statement's id, in ten hexadecimal digits: where more can be read. */
  pointer?: string
}

export const CODE_LENGTH_MAX = 64
/** Days that two bytes can count. */
const FIRST_DAY = '2020-01-01'
const LAST_DAY = '2199-06-06'
const PREFIX = 'AID1'
const REVIEWS: Record<Review, string> = { reviewed: 'R', notReviewed: 'N', undisclosed: 'U' }
const ANSWERS: Record<TermAnswer, string> = { yes: 'Y', no: 'N', conditional: 'C' }

/**
 * The code as text, at most 56 characters of `A-Z 0-9 -`, all of which QR codes hold in their alphanumeric mode.
 * Errors: `invalid_input` for what contradicts itself. Example: `AID1-2-12X1X0X-R-TNGNDC-20271231-M`.
 * Source: docs/ai-disclosure, section 4.
 */
export function formatCode(code: DisclosureCode): string {
  const [flaw] = flawsOf(code)
  if (flaw) throw new ColophonError('invalid_input', flaw.message, { where: flaw.where })
  const terms = useLetters
    .filter((use) => code.terms[use])
    .map((use) => use + ANSWERS[code.terms[use]!])
    .join('')
  const parts = [
    PREFIX,
    degreeLetter(code.degree),
    phases.map((phase) => (code.phases[phase] === undefined ? 'X' : degreeLetter(code.phases[phase]))).join(''),
    REVIEWS[code.review],
    ...(terms ? [terms] : []),
    ...(code.until ? [code.until.replaceAll('-', '')] : []),
    ...(code.pointer ? [`P${code.pointer.toUpperCase()}`] : []),
  ]
  return `${parts.join('-')}-${checkCharacter(parts.join(''))}`
}

const CODE =
  /^AID1-(?<degree>[0-4U])-(?<phases>[0-4UX]{7})-(?<review>[RNU])(?:-(?<terms>(?:[MTGIDECP][YNC]){1,8}))?(?:-(?<until>\d{8}))?(?:-P(?<pointer>[0-9A-F]{10}))?-(?<check>[0-9A-Z])$/

export interface CodeFlaw {
  code:
    | 'syntax'
    | 'version_unknown'
    | 'check_character'
    | 'degree_contradicts_phases'
    | 'review_contradicts_degree'
    | 'terms_repeated'
    | 'terms_missing'
    | 'date_invalid'
    | 'pointer_invalid'
    | 'length'
    | 'crc'
  where: string
  message: string
}

/**
 * Reads a code, however it is written: small letters and spaces instead of hyphens, as from a caption, are read too.
 * Never throws: what is wrong is told, and `code` is there only when nothing is.
 */
export function parseCode(text: string): { code?: DisclosureCode; flaws: CodeFlaw[] } {
  if (text.length > CODE_LENGTH_MAX * 2) return flawed('syntax', 'code', 'the code is too long')
  const written = text
    .trim()
    // Only these letters: others become letters of the alphabet too, and would be taken for them.
    .replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
    .replaceAll(/[\s\u2010-\u2015-]+/g, '-')
  if (/^AID(?!1-)\d+-/.test(written)) return flawed('version_unknown', 'code', 'this version of the code is not known')
  const parts = CODE.exec(written)?.groups
  if (!parts) return flawed('syntax', 'code', 'this is not a disclosure code of version 1')
  const checked = written.slice(0, -2).replaceAll('-', '')
  if (checkCharacter(checked) !== parts.check)
    return flawed('check_character', 'check', 'the check character does not fit: something was misread')
  const letters = [...(parts.terms ?? '').matchAll(/(.)(.)/g)].map(([, use, answer]) => [use, answer] as const)
  const order = letters.map(([use]) => useLetters.indexOf(use as UseLetter))
  if (order.some((place, i) => i > 0 && place <= order[i - 1]!))
    return flawed('terms_repeated', 'terms', 'each use is named once, in the order of the standard')
  const { until, pointer } = parts
  const code: DisclosureCode = {
    degree: degreeOf(parts.degree!),
    phases: phasesOf([...parts.phases!].map((letter) => (letter === 'X' ? undefined : degreeOf(letter)))),
    review: keyOf(REVIEWS, parts.review!),
    terms: Object.fromEntries(letters.map(([use, answer]) => [use, keyOf(ANSWERS, answer!)])),
    ...(until ? { until: `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}` } : {}),
    ...(pointer ? { pointer: pointer.toLowerCase() } : {}),
  }
  const flaws = flawsOf(code)
  return flaws.length > 0 ? { flaws } : { code, flaws }
}

/** What a code says that cannot be: it would be wrong whoever wrote it. */
export function flawsOf({ degree, phases: said, review, terms, until, pointer }: DisclosureCode): CodeFlaw[] {
  const flaws: CodeFlaw[] = []
  const find = (code: CodeFlaw['code'], where: string, message: string) => flaws.push({ code, where, message })
  const follows = overallDegree(said)
  if (Object.values(said).length > 0 && follows !== degree)
    find('degree_contradicts_phases', 'degree', `from the phases follows ${follows}, not ${degree}`)
  if (degree === 4 && review !== 'notReviewed')
    find('review_contradicts_degree', 'review', 'degree 4 says that nobody reviewed the work')
  if (degree === 3 && review === 'notReviewed')
    find('review_contradicts_degree', 'review', 'what was generated and not reviewed has degree 4')
  if (until !== undefined && !isDay(until))
    find('date_invalid', 'until', `there is no such day from ${FIRST_DAY} to ${LAST_DAY}`)
  if (until !== undefined && Object.keys(terms).length === 0)
    find('terms_missing', 'until', 'a last day without terms says nothing')
  if (pointer !== undefined && !/^[0-9a-f]{10}$/.test(pointer))
    find('pointer_invalid', 'pointer', 'a pointer has ten hexadecimal digits')
  return flaws
}

/** Whether a code can name this day (`2027-12-31`), as text and as bytes. */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || day < FIRST_DAY || day > LAST_DAY) return false
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day
}

function flawed(code: CodeFlaw['code'], where: string, message: string): { flaws: CodeFlaw[] } {
  return { flaws: [{ code, where, message }] }
}

/** Degrees in the order of the phases as a record. */
export function phasesOf(list: readonly (Degree | undefined)[]): PhaseDegrees {
  return Object.fromEntries(phases.flatMap((phase, i) => (list[i] === undefined ? [] : [[phase, list[i]]])))
}

function degreeLetter(degree: Degree): string {
  return degree === 'undisclosed' ? 'U' : String(degree)
}

function degreeOf(letter: string): Degree {
  return letter === 'U' ? 'undisclosed' : (Number(letter) as Degree)
}

function keyOf<Key extends string>(table: Record<Key, string>, value: string): Key {
  return (Object.keys(table) as Key[]).find((key) => table[key] === value)!
}

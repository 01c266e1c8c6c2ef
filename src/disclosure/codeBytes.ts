import { flawsOf, formatCode, phasesOf, type CodeFlaw, type DisclosureCode } from './code.ts'
import { degrees, phases, reviews, type Degree } from './degrees.ts'
import { termAnswers, useLetters, type BriefTerms } from './terms.ts'

const VERSION = 1
/** The value of three bits for a phase that the work never had. */
const ABSENT = 7
const FIRST_DAY = Date.UTC(2020, 0, 1)
const DAY_MS = 86_400_000
const FLAGS = { terms: 4, until: 2, pointer: 1 }

/**
 * The code in 5 to 14 bytes: version (3 bits), degree (3), phases (7 × 3), review (2), which parts follow (3); then terms
 * (2 bytes), last day (2, days since 2020-01-01), pointer (5), and a CRC-8 of it all.
 * Errors: `invalid_input`, as `formatCode`. Source: docs/ai-disclosure, section 5.
 */
export function packCode(code: DisclosureCode): Uint8Array {
  formatCode(code)
  const hasTerms = Object.keys(code.terms).length > 0
  let head = BigInt(VERSION)
  const put = (value: number, bits: number) => (head = (head << BigInt(bits)) | BigInt(value))
  put(degrees.indexOf(code.degree), 3)
  for (const phase of phases) put(code.phases[phase] === undefined ? ABSENT : degrees.indexOf(code.phases[phase]), 3)
  put(reviews.indexOf(code.review), 2)
  put((hasTerms ? FLAGS.terms : 0) | (code.until ? FLAGS.until : 0) | (code.pointer ? FLAGS.pointer : 0), 3)
  const bytes = bigEndian(Number(head), 4)
  if (hasTerms) {
    const answers = useLetters.reduce(
      (word, use) => word * 4 + (code.terms[use] ? termAnswers.indexOf(code.terms[use]) + 1 : 0),
      0,
    )
    bytes.push(...bigEndian(answers, 2))
  }
  if (code.until) bytes.push(...bigEndian((Date.parse(`${code.until}T00:00:00Z`) - FIRST_DAY) / DAY_MS, 2))
  if (code.pointer) bytes.push(...Buffer.from(code.pointer, 'hex'))
  return Uint8Array.from([...bytes, crc8(bytes)])
}

/** Reads a packed code. Never throws: what is wrong is told, and `code` is there only when nothing is. */
export function unpackCode(bytes: Uint8Array): { code?: DisclosureCode; flaws: CodeFlaw[] } {
  const flawed = (code: CodeFlaw['code'], message: string) => ({ flaws: [{ code, where: 'code', message }] })
  if (bytes.length < 5) return flawed('length', 'a packed code has at least five bytes')
  if (crc8(bytes.subarray(0, -1)) !== bytes.at(-1)) return flawed('crc', 'the checksum does not fit')
  let head = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const take = (bits: number) => {
    const value = head & ((1 << bits) - 1)
    head >>>= bits
    return value
  }
  const flags = take(3)
  const review = reviews[take(2)]
  const letters = phases.map(() => take(3)).reverse()
  const degree = degrees[take(3)]
  if (take(3) !== VERSION) return flawed('version_unknown', 'this version of the code is not known')
  const parts = [flags & FLAGS.terms ? 2 : 0, flags & FLAGS.until ? 2 : 0, flags & FLAGS.pointer ? 5 : 0]
  if (bytes.length !== 5 + parts.reduce((a, b) => a + b)) return flawed('length', 'its length is not what it says')
  if (
    review === undefined ||
    degree === undefined ||
    letters.some((value) => value !== ABSENT && value >= degrees.length)
  )
    return flawed('syntax', 'a degree or a review has no such value')
  let at = 4
  const next = (length: number) => bytes.subarray(at, (at += length))
  const terms = flags & FLAGS.terms ? termsOf(numberOf(next(2))) : {}
  const days = flags & FLAGS.until ? numberOf(next(2)) : undefined
  const code: DisclosureCode = {
    degree,
    phases: phasesOf(letters.map((value): Degree | undefined => (value === ABSENT ? undefined : degrees[value]))),
    review,
    terms,
    ...(days === undefined ? {} : { until: new Date(FIRST_DAY + days * DAY_MS).toISOString().slice(0, 10) }),
    ...(flags & FLAGS.pointer ? { pointer: Buffer.from(next(5)).toString('hex') } : {}),
  }
  if (flags & FLAGS.terms && Object.keys(terms).length === 0)
    return flawed('syntax', 'it says that it has terms, and has none')
  const flaws = flawsOf(code)
  return flaws.length > 0 ? { flaws } : { code, flaws }
}

function termsOf(word: number): BriefTerms {
  const answers = useLetters.map((use, i) => [use, termAnswers[((word >>> (14 - 2 * i)) & 3) - 1]] as const)
  return Object.fromEntries(answers.filter(([, answer]) => answer !== undefined))
}

function bigEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256)
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

/** CRC-8 with the polynomial x⁸ + x² + x + 1, from zero. */
function crc8(bytes: ArrayLike<number>): number {
  let crc = 0
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i]!
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff
  }
  return crc
}

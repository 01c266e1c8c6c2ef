import { ColophonError } from '../foundation/index.ts'

/** The identifier schemes that a work or a person may be declared under. */
// prettier-ignore
export const identifierSchemes = ['iscc', 'isbn', 'issn', 'isan', 'isrc', 'iswc', 'isni', 'ipi', 'orcid', 'doi'] as const
export type IdentifierScheme = (typeof identifierSchemes)[number]

const CHARACTERS_MAX = 100

type Refuse = (message: string) => never

/** DOI is not among them: its suffix keeps the hyphens that the others drop. */
const normalisers: Record<Exclude<IdentifierScheme, 'doi'>, (compact: string, refuse: Refuse) => string> = {
  iscc: normaliseIscc,
  isbn: normaliseIsbn,
  issn: normaliseIssn,
  isan: normaliseIsan,
  isrc: normaliseIsrc,
  iswc: normaliseIswc,
  isni: normaliseIsni,
  ipi: normaliseIpi,
  orcid: (compact, refuse) => normaliseIsni(compact, refuse).replace(/(.{4})(?=.)/g, '$1-'),
}

/**
 * The canonical spelling of an identifier: ISBN as 13 digits, ISSN as `NNNN-NNNX`, ISAN as 17 or 26 characters,
 * ISRC `CCXXXYYNNNNN`, ISWC `TNNNNNNNNNC`, ISNI as 16 characters, IPI name number as 11 digits, ORCID
 * `NNNN-NNNN-NNNN-NNNX`, DOI `10.NNNN/suffix` in lower case, ISCC `ISCC:` and upper-case base32. Hyphens, spaces,
 * labels such as `ISBN ` or `urn:issn:` and the addresses of orcid.org, isni.org and doi.org are understood.
 * Throws `invalid_identifier`, saying what is wrong (length, characters or check digit and the expected one).
 *
 * @example normaliseIdentifier('isbn', '0-306-40615-2') // '9780306406157'
 */
export function normaliseIdentifier(scheme: IdentifierScheme, text: string): string {
  const refuse: Refuse = (message) => {
    throw new ColophonError('invalid_identifier', message, { where: `${scheme} ${text.slice(0, CHARACTERS_MAX)}` })
  }
  if (text.length > CHARACTERS_MAX) refuse(`is longer than ${CHARACTERS_MAX} characters`)
  if (scheme === 'doi') return normaliseDoi(text, refuse)
  const canonical = normalisers[scheme](compactForm(scheme, text, refuse), refuse)
  // Zeros satisfy some check digits, but they stand in records for a number that nobody knew.
  if (/^[0-]+$/.test(canonical)) refuse('is all zeros, which is a placeholder')
  return canonical
}

/** Drops the label, white space and hyphens. Other alphabets go first: upper-casing would turn `ſ` into `S`. */
function compactForm(scheme: IdentifierScheme, text: string, refuse: Refuse): string {
  const address = `https?://(?:www\\.)?${scheme}\\.org/(?:${scheme}/)?`
  const label = new RegExp(`^(?:(?:urn:)?${scheme}(?:-1[03])?[:\\s]|${address})`, 'i')
  const compact = text
    .trim()
    .replace(label, '')
    .replaceAll(/[\s\p{Pd}]/gu, '')
  if (/[^\x21-\x7e]/.test(compact)) refuse('holds characters that are neither Latin letters nor digits')
  return compact.toUpperCase()
}

function requireForm(compact: string, form: RegExp, lengths: number[], meaning: string, refuse: Refuse): void {
  if (!lengths.includes(compact.length)) {
    refuse(`has ${compact.length} characters without spaces and hyphens, not ${lengths.join(' or ')}`)
  }
  if (!form.test(compact)) refuse(`holds characters that do not belong there; it is written as ${meaning}`)
}

function requireCheck(found: string, expected: string, refuse: Refuse): void {
  if (found !== expected) refuse(`has the check digit ${found} where ${expected} is expected`)
}

function weightedSum(digits: string, weight: (index: number) => number): number {
  return [...digits].reduce((sum, digit, index) => sum + Number(digit) * weight(index), 0)
}

/** ISO 2108; 979-0 belongs to printed music (ISMN, ISO 10957). */
function normaliseIsbn(compact: string, refuse: Refuse): string {
  requireForm(compact, /^(?:\d{9}[\dX]|\d{13})$/, [10, 13], '13 digits, or 9 digits and a digit or X', refuse)
  if (compact.length === 13) {
    if (compact.startsWith('9790')) refuse('is an ISMN: 979-0 is the prefix of printed music')
    if (!/^97[89]/.test(compact)) refuse('starts with neither 978 nor 979')
    requireCheck(compact.slice(12), checkEan(compact.slice(0, 12)), refuse)
    return compact
  }
  requireCheck(compact.slice(9), checkModulo11(compact.slice(0, 9)), refuse)
  const digits = `978${compact.slice(0, 9)}`
  return digits + checkEan(digits)
}

function checkEan(digits: string): string {
  return String((10 - (weightedSum(digits, (index) => (index % 2 === 0 ? 1 : 3)) % 10)) % 10)
}

/** The check digit of ISBN-10 and ISSN: weights fall to 2 at the last digit before it. */
function checkModulo11(digits: string): string {
  return '0123456789X'[(11 - (weightedSum(digits, (index) => digits.length + 1 - index) % 11)) % 11]!
}

/** ISO 3297. */
function normaliseIssn(compact: string, refuse: Refuse): string {
  requireForm(compact, /^\d{7}[\dX]$/, [8], '7 digits and a digit or X', refuse)
  requireCheck(compact.slice(7), checkModulo11(compact.slice(0, 7)), refuse)
  return `${compact.slice(0, 4)}-${compact.slice(4)}`
}

/** ISO 15706: root (12), episode (4), check; then version (8) and a check over root, episode and version. */
function normaliseIsan(compact: string, refuse: Refuse): string {
  const form = /^[\dA-F]{16}[\dA-Z](?:[\dA-F]{8}[\dA-Z])?$/
  requireForm(compact, form, [17, 26], '16 hexadecimal digits and a check, then perhaps 8 and a check', refuse)
  const work = compact.slice(0, 16)
  requireCheck(compact[16]!, checkModulo37(work), refuse)
  if (compact.length === 26) requireCheck(compact[25]!, checkModulo37(work + compact.slice(17, 25)), refuse)
  return compact
}

/** ISO/IEC 7064 MOD 37,36. */
function checkModulo37(characters: string): string {
  let product = 36
  for (const character of characters) product = (((product + parseInt(character, 36)) % 36 || 36) * 2) % 37
  return ((37 - product) % 36).toString(36).toUpperCase()
}

/** ISO 3901 has no check digit. */
function normaliseIsrc(compact: string, refuse: Refuse): string {
  const meaning = '2 letters, 3 letters or digits, 2 digits of the year and 5 digits'
  requireForm(compact, /^[A-Z]{2}[A-Z\d]{3}\d{7}$/, [12], meaning, refuse)
  return compact
}

/** ISO 15707: 1 for the T, then each digit times its place, modulo 10. */
function normaliseIswc(text: string, refuse: Refuse): string {
  const compact = text.replaceAll('.', '')
  requireForm(compact, /^T\d{10}$/, [11], 'T and 10 digits', refuse)
  const sum = 1 + weightedSum(compact.slice(1, 10), (index) => index + 1)
  requireCheck(compact.slice(10), String((10 - (sum % 10)) % 10), refuse)
  return compact
}

/** ISO 27729, and ORCID, which is a part of it: ISO/IEC 7064 MOD 11-2. */
function normaliseIsni(compact: string, refuse: Refuse): string {
  requireForm(compact, /^\d{15}[\dX]$/, [16], '15 digits and a digit or X', refuse)
  let total = 0
  for (const digit of compact.slice(0, 15)) total = (total + Number(digit)) * 2
  requireCheck(compact.slice(15), '0123456789X'[(12 - (total % 11)) % 11]!, refuse)
  return compact
}

/**
 * IPI name number: the first 9 digits times 10 … 2, and the last two digits bring that sum to a multiple of 101;
 * 100 is written 00. We had no text of CISAC's own for this rule: it is the one that software for its CWR format
 * checks, and the published name numbers in the tests keep it.
 */
function normaliseIpi(compact: string, refuse: Refuse): string {
  requireForm(compact, /^\d{11}$/, [11], '11 digits', refuse)
  const rest = weightedSum(compact.slice(0, 9), (index) => 10 - index) % 101
  requireCheck(compact.slice(9), String(((101 - rest) % 101) % 100).padStart(2, '0'), refuse)
  return compact
}

/** ISO 26324: no check digit, and only ASCII letters are equal in both cases. Addresses are percent-decoded. */
function normaliseDoi(text: string, refuse: Refuse): string {
  const address = /^https?:\/\/(?:www\.|dx\.)?doi\.org\//i
  const trimmed = text.trim()
  let name = trimmed.replace(/^(?:urn:|info:)?doi[:/]\s*/i, '')
  if (address.test(trimmed)) {
    try {
      name = decodeURIComponent(trimmed.replace(address, ''))
    } catch {
      refuse('holds a broken percent-encoding')
    }
  }
  if (!/^10\.\d{4,9}(?:\.\d+)*\//.test(name)) refuse('does not start with 10., a registrant number and a slash')
  if (!/^[^/]+\/[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(name)) refuse('has a suffix that is empty or holds white space')
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * ISO 24138: a header of four nibbles (main type, sub type, version, length), then the body they announce. Nibbles
 * above 7 would begin a longer number, which no type of version 0 or 1 needs.
 */
function normaliseIscc(compact: string, refuse: Refuse): string {
  if (!/^[A-Z2-7]+$/.test(compact)) refuse('holds characters outside base32 (A to Z, 2 to 7)')
  if (compact.length < 4) refuse('is too short for an ISCC header')
  const header = Array.from(compact.slice(0, 4)).reduce((bits, character) => bits * 32 + BASE32.indexOf(character), 0)
  const [main, sub, version, length] = [header >> 16, (header >> 12) & 15, (header >> 8) & 15, (header >> 4) & 15]
  const bodyBits = isccBodyBits(main!, sub!, version!, length!)
  if (bodyBits === undefined) {
    refuse(`has an undefined header: main type ${main}, sub type ${sub}, version ${version}, length ${length}`)
  }
  const characters = Math.ceil((16 + bodyBits) / 5)
  if (compact.length !== characters) {
    refuse(`has ${compact.length} characters where its header announces ${characters} (a body of ${bodyBits} bits)`)
  }
  const unusedBits = characters * 5 - 16 - bodyBits
  if (BASE32.indexOf(compact.at(-1)!) % 2 ** unusedBits !== 0) refuse('ends in bits that base32 must leave zero')
  return `ISCC:${compact}`
}

/** Meta, Semantic, Content, Data, Instance, ISCC, ID (versions 0 and 1) and Flake, as iscc-core numbers them. */
const SUB_TYPES = [1, 5, 5, 1, 1, 8, 4, 1]
const [SUM, NONE, WIDE] = [5, 6, 7]

function isccBodyBits(main: number, sub: number, version: number, length: number): number | undefined {
  if (main > 7 || length > 7 || sub >= SUB_TYPES[main]!) return undefined
  if (main === 6 && version === 1) return sub < 2 && length === 0 ? 64 : undefined
  if (version !== 0) return undefined
  if (main === 6) return length <= 4 ? 64 + 8 * length : undefined
  if (main !== 5) return 32 * (length + 1)
  // A composite's length is three flags: Meta 4, Semantic 2, Content 1. Data and Instance are always there.
  if (sub === WIDE) return length === 0 ? 256 : undefined
  if (sub === SUM && length !== 0) return undefined
  if (sub === NONE && length !== 4) return undefined
  if (sub < SUM && (length & 3) === 0) return undefined
  return 128 + 64 * ((length >> 2) + ((length >> 1) & 1) + (length & 1))
}

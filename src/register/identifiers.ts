import { ColophonError } from '../foundation/index.ts'

export const identifierSchemes = [
  'iscc',
  'isbn',
  'issn',
  'isan',
  'isrc',
  'iswc',
  'isni',
  'ipi',
  'orcid',
  'doi',
] as const
export type IdentifierScheme = (typeof identifierSchemes)[number]

const CHARACTERS_MAX = 100

const NORMALISERS: Record<IdentifierScheme, (text: string) => string> = {
  iscc: normaliseIscc,
  isbn: normaliseIsbn,
  issn: normaliseIssn,
  isan: normaliseIsan,
  isrc: (text) =>
    match(
      text.toUpperCase().replaceAll('-', ''),
      /^(?:ISRC ?)?([A-Z]{2}[A-Z0-9]{3}\d{7})$/,
      'two letters, three letters or digits, seven digits',
    ),
  iswc: normaliseIswc,
  isni: normaliseIsni,
  ipi: normaliseIpi,
  orcid: normaliseOrcid,
  doi: (text) =>
    match(
      text.toLowerCase(),
      /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)?(10\.\d{4,9}\/[\x21-\x7e]+)$/,
      '10., a prefix, a slash and a suffix',
    ),
}

/**
 * The canonical spelling of an identifier, after its characters, length and check digits have been verified.
 * ISRC and DOI have no check digit. Throws `invalid_identifier` saying what is wrong.
 *
 * @example normaliseIdentifier('isbn', '0-306-40615-2') // '9780306406157'
 */
export function normaliseIdentifier(scheme: IdentifierScheme, text: string): string {
  const where = `${scheme} ${text.slice(0, CHARACTERS_MAX)}`
  if (text.length > CHARACTERS_MAX)
    throw new ColophonError('invalid_identifier', `longer than ${CHARACTERS_MAX} characters`, { where })
  try {
    return NORMALISERS[scheme](text.trim())
  } catch (error) {
    if (error instanceof ColophonError && error.where) throw error
    throw new ColophonError('invalid_identifier', (error as Error).message, {
      where,
      remedy: 'Compare it with the source, character by character.',
    })
  }
}

function match(text: string, pattern: RegExp, shape: string): string {
  const found = pattern.exec(text)
  if (!found) throw new Error(`not of the form: ${shape}`)
  return found[1] ?? found[0]
}

function requireCheck(given: string, expected: string): void {
  if (given !== expected) throw new Error(`the check digit is ${given}, but the rest asks for ${expected}`)
}

function weightedSum(digits: string, weights: (place: number) => number): number {
  return [...digits].reduce((sum, digit, place) => sum + Number(digit) * weights(place), 0)
}

/** ISO 2108: modulus 11 with weights 10 to 2 for ten digits, modulus 10 with weights 1 and 3 for thirteen. */
function normaliseIsbn(text: string): string {
  const compact = match(
    text.toUpperCase().replaceAll(/[\s-]/g, ''),
    /^(?:ISBN:?)?(\d{9}[\dX]|97[89]\d{10})$/,
    '10 or 13 digits',
  )
  if (compact.length === 13) {
    requireCheck(compact[12]!, isbn13Check(compact.slice(0, 12)))
    return compact
  }
  const rest = (11 - (weightedSum(compact.slice(0, 9), (place) => 10 - place) % 11)) % 11
  requireCheck(compact[9]!, rest === 10 ? 'X' : String(rest))
  const body = `978${compact.slice(0, 9)}`
  return body + isbn13Check(body)
}

function isbn13Check(body: string): string {
  return String((10 - (weightedSum(body, (place) => (place % 2 === 0 ? 1 : 3)) % 10)) % 10)
}

/** ISO 3297: modulus 11 with weights 8 to 2. */
function normaliseIssn(text: string): string {
  const compact = match(text.toUpperCase().replaceAll('-', ''), /^(?:ISSN ?)?(\d{7}[\dX])$/, 'eight digits')
  const rest = (11 - (weightedSum(compact.slice(0, 7), (place) => 8 - place) % 11)) % 11
  requireCheck(compact[7]!, rest === 10 ? 'X' : String(rest))
  return `${compact.slice(0, 4)}-${compact.slice(4)}`
}

/** ISO 15707: the digit that makes 1 plus the sum of the digits, each times its place, a multiple of ten. */
function normaliseIswc(text: string): string {
  const compact = match(text.toUpperCase().replaceAll(/[\s.-]/g, ''), /^(?:ISWC)?(T\d{10})$/, 'T and ten digits')
  requireCheck(compact[10]!, String((10 - ((1 + weightedSum(compact.slice(1, 10), (place) => place + 1)) % 10)) % 10))
  return compact
}

/** ISO 27729: ISO 7064 MOD 11-2. */
function normaliseIsni(text: string): string {
  const compact = match(
    text.toUpperCase().replaceAll(/[\s-]/g, ''),
    /^(?:ISNI:?|HTTPS?:\/\/(?:WWW\.)?ISNI\.ORG\/(?:ISNI\/)?)?(\d{15}[\dX])$/,
    'sixteen digits',
  )
  requireCheck(compact[15]!, mod11Radix2(compact.slice(0, 15)))
  return compact
}

function normaliseOrcid(text: string): string {
  const compact = normaliseIsni(text.replace(/^https?:\/\/orcid\.org\//i, ''))
  return compact.match(/.{4}/g)!.join('-')
}

function mod11Radix2(digits: string): string {
  const rest = [...digits].reduce((value, digit) => ((value + Number(digit)) * 2) % 11, 0)
  const check = (12 - rest) % 11
  return check === 10 ? 'X' : String(check)
}

/** CISAC's IPI name number: nine digits weighted 10 to 2, and two check digits modulo 101. */
function normaliseIpi(text: string): string {
  const compact = match(text.replaceAll(/[\s.]/g, '').padStart(11, '0'), /^(\d{11})$/, 'up to eleven digits')
  const rest = weightedSum(compact.slice(0, 9), (place) => 10 - place) % 101
  requireCheck(compact.slice(9), String((101 - rest) % 101).padStart(2, '0'))
  return compact
}

const BASE36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** ISO 15706: sixteen hexadecimal digits and a check, then perhaps a version of eight and a second check. */
function normaliseIsan(text: string): string {
  const compact = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replace(/^ISAN:?/, '')
  match(
    compact,
    /^([0-9A-F]{16}([0-9A-Z]([0-9A-F]{8}[0-9A-Z])?)?)$/,
    'sixteen hexadecimal digits with check characters',
  )
  const work = compact.slice(0, 16)
  if (compact.length > 16) requireCheck(compact[16]!, mod37Radix36(work))
  if (compact.length > 17) requireCheck(compact[25]!, mod37Radix36(work + compact.slice(17, 25)))
  return compact
}

/** ISO 7064 MOD 37,36. */
function mod37Radix36(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + BASE36.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return BASE36[(37 - product) % 36]!
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** ISO 24138: a header of main type, subtype, version and length in variable nibbles, then a body of that length. */
function normaliseIscc(text: string): string {
  const code = match(
    text.toUpperCase().replaceAll('-', ''),
    /^(?:ISCC:)?([A-Z2-7]{10,80})$/,
    'ISCC: and base 32 characters',
  )
  const bits = [...code].map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0')).join('')
  const mainType = Number.parseInt(bits.slice(0, 4), 2)
  const length = Number.parseInt(bits.slice(12, 16), 2)
  if (mainType > 7) throw new Error('the main type is not one of ISO 24138')
  const bodyBits = mainType === 5 ? compositeBits(length) : (length + 1) * 32
  const characters = Math.ceil((16 + bodyBits) / 5)
  if (code.length !== characters) throw new Error(`the header asks for ${characters} characters, not ${code.length}`)
  return `ISCC:${code}`
}

/** A composite code holds Data and Instance, and by its length field up to three optional units of 64 bits each. */
function compositeBits(length: number): number {
  const optional = [length & 1, length & 2, length & 4].filter((bit) => bit !== 0).length
  return (optional + 2) * 64
}

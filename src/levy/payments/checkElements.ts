import { checkAddressShape, NAME_CHARACTERS_MAX, UNSTRUCTURED_ADDRESSES_END } from './account.ts'
import { firstForbidden, isSepaText } from './characters.ts'
import { quoted, type PaymentFinding } from './findings.ts'

/** The most characters that a text may have, by element; identifiers of SEPA have 35. */
const CHARACTERS_MAX = new Map([
  ['Nm', NAME_CHARACTERS_MAX],
  ['Ustrd', 140],
  ['AdrLine', 70],
  ['StrtNm', 70],
  ['TwnNm', 35],
  ['PstCd', 16],
  ['BldgNb', 16],
  ['EndToEndId', 35],
  ['InstrId', 35],
  ['MsgId', 35],
  ['PmtInfId', 35],
])
const IDENTIFIERS = new Set(['EndToEndId', 'InstrId', 'MsgId', 'PmtInfId'])

type Flaw = Pick<PaymentFinding, 'code' | 'what' | 'remedy'>
const NONE: readonly Flaw[] = []

/** What is wrong with the text of one element: its characters, its length, slashes in identifiers. */
export function checkElement(name: string, text: string): readonly Flaw[] {
  const charactersMax = CHARACTERS_MAX.get(name)
  const isLong = charactersMax !== undefined && text.length > charactersMax
  const isOdd = IDENTIFIERS.has(name) && /^\/|\/$|\/\//.test(text)
  if (!isLong && !isOdd && isSepaText(text)) return NONE
  const flaws: Flaw[] = []
  const forbidden = firstForbidden(text)
  if (forbidden !== undefined) {
    const what = `${quoted(forbidden)} in ${quoted(text)} is not one of the characters of SEPA`
    flaws.push({ code: 'character_not_permitted', what, remedy: 'Write it in Latin letters without marks.' })
  }
  if (isLong) {
    const what = `it has ${text.length} characters, and may have ${charactersMax}`
    flaws.push({ code: 'text_too_long', what, remedy: 'Shorten it.' })
  }
  if (isOdd) {
    const what = `${quoted(text)} begins or ends with a slash, or has two together`
    flaws.push({ code: 'identifier_invalid', what, remedy: 'Write other identifiers.' })
  }
  return flaws
}

/** What is wrong with an address: until banks refuse it, one without structure is only warned of. */
export function checkParsedAddress(address: {
  town?: string | undefined
  country?: string | undefined
  lines: number
  today: string
}): PaymentFinding[] {
  const { town = '', country = '', lines, today } = address
  const severity = today < UNSTRUCTURED_ADDRESSES_END ? 'warning' : 'error'
  return checkAddressShape({ town, country, linesCount: lines, where: '', severity })
}

import { toSepaText } from './characters.ts'
import { quoted, type PaymentFinding } from './findings.ts'
import { checkBic, checkIban, isBic, isIban, isInSepa, normaliseIban } from './iban.ts'

/** An address as banks take it: town and country in their own fields, the rest in fields or in at most two lines. */
export interface PostalAddress {
  street?: string
  buildingNumber?: string
  postCode?: string
  town: string
  countrySubdivision?: string
  /** ISO 3166-1 alpha-2. */
  country: string
  lines?: readonly string[]
}

/** Who holds which account. */
export interface PaymentAccount {
  name: string
  iban: string
  bic?: string
  address?: PostalAddress
}

/** Characters that a name may have in SEPA; the schema alone would allow 140. */
export const NAME_CHARACTERS_MAX = 70
/** From this day on banks refuse addresses without town and country in their own fields. */
export const UNSTRUCTURED_ADDRESSES_END = '2026-11-15'
const ADDRESS_LINES_MAX = 2
/** What most have that is wrong with them: millions need no list of their own. */
const NONE: readonly PaymentFinding[] = []

/** The fields of an address, their elements in the order of the schema, and how long each may be. */
export const ADDRESS_FIELDS = [
  ['street', 'StrtNm', 70],
  ['buildingNumber', 'BldgNb', 16],
  ['postCode', 'PstCd', 16],
  ['town', 'TwnNm', 35],
  ['countrySubdivision', 'CtrySubDvsn', 35],
] as const

/**
 * Checks an account and gives it as it would be written: the IBAN without spaces, texts in the permitted characters.
 * `account` is absent when something is wrong with it. Example: `checkAccount({ name: 'Ana Žužek', iban: 'SI56…' }, 'payee 7')`.
 */
export function checkAccount(
  given: PaymentAccount,
  where: string,
): { account?: PaymentAccount; findings: readonly PaymentFinding[] } {
  const simple = simpleAccount(given)
  if (simple) return { account: simple, findings: NONE }
  const iban = normaliseIban(given.iban)
  const bic = given.bic?.trim().toUpperCase()
  const name = checkText(given.name, NAME_CHARACTERS_MAX, `${where}, name`)
  const address = given.address && checkAddress(given.address, `${where}, address`)
  const findings = [
    ...name.findings,
    ...checkIban(given.iban, `${where}, IBAN`),
    ...(bic ? checkBic(bic, iban, `${where}, BIC`) : []),
    ...(address?.findings ?? []),
  ]
  if (findings.some(({ severity }) => severity === 'error')) return { findings }
  const account = {
    name: name.text,
    iban,
    ...(bic ? { bic } : {}),
    ...(address ? { address: address.address } : {}),
  }
  return { account, findings }
}

/** An account without an address and with nothing to say about, in one go: most are, and there are millions. */
function simpleAccount(given: PaymentAccount): PaymentAccount | undefined {
  const { name, iban, bic, address } = given
  if (address || !isIban(iban) || !isInSepa(iban)) return undefined
  if (bic !== undefined && (!isBic(bic) || bic.slice(4, 6) !== iban.slice(0, 2))) return undefined
  const { text, lost } = toSepaText(name)
  if (lost !== '' || text.length > NAME_CHARACTERS_MAX || !/[A-Za-z0-9]/.test(text)) return undefined
  return text === name ? given : bic === undefined ? { name: text, iban } : { name: text, iban, bic }
}

/**
 * A text in the permitted characters. A text none of whose letters can be written is refused, so that nobody is paid
 * under a name of question marks; one that loses some of them gives a warning; nothing is ever cut.
 */
export function checkText(
  given: string,
  charactersMax: number,
  where: string,
): { text: string; findings: readonly PaymentFinding[] } {
  const { text, lost } = toSepaText(given)
  if (lost === '' && text.length <= charactersMax && /[A-Za-z0-9]/.test(text)) return { text, findings: NONE }
  const findings: PaymentFinding[] = []
  const add = (code: PaymentFinding['code'], severity: PaymentFinding['severity'], what: string, remedy: string) =>
    findings.push({ code, severity, where, what, remedy })
  if (text === '') add('name_missing', 'error', 'it is empty', 'Give it.')
  else if (!/[A-Za-z0-9]/.test(text)) {
    const what = `nothing of ${quoted(given)} can be written in the Latin letters that banks take`
    add('characters_lost', 'error', what, 'Give it in Latin letters, as it stands on a passport or a bank card.')
  } else if (lost !== '') {
    const what = `${quoted(lost)} cannot be written in the Latin letters that banks take`
    add('characters_lost', 'warning', what, 'Give it in Latin letters; otherwise question marks stand there.')
  }
  if (text.length > charactersMax) {
    add('text_too_long', 'error', `it has ${text.length} characters, and may have ${charactersMax}`, 'Shorten it.')
  }
  return { text, findings }
}

/**
 * Checks an address as the rules want it from 15 November 2026 on: town and country in their own fields (structured),
 * with at most two free lines beside them (hybrid). Gives it in the permitted characters.
 */
export function checkAddress(
  given: PostalAddress,
  where: string,
): { address: PostalAddress; findings: PaymentFinding[] } {
  const findings: PaymentFinding[] = []
  const address: PostalAddress = { town: '', country: given.country?.trim().toUpperCase() ?? '' }
  for (const [field, , charactersMax] of ADDRESS_FIELDS) {
    const value = given[field]
    if (!value?.trim()) continue
    const checked = checkText(value, charactersMax, `${where}, ${field}`)
    findings.push(...checked.findings)
    address[field] = checked.text
  }
  const lines = (given.lines ?? [])
    .filter((line) => line.trim())
    .map((line) => checkText(line, NAME_CHARACTERS_MAX, `${where}, line`))
  findings.push(...lines.flatMap((line) => line.findings))
  if (lines.length > 0) address.lines = lines.map(({ text }) => text)
  findings.push(...checkAddressShape({ ...address, linesCount: lines.length, where }))
  return { address, findings }
}

/** What is wrong with the shape of an address, wherever it comes from; `severity` for what is refused only later. */
export function checkAddressShape(address: {
  town?: string
  country?: string
  linesCount: number
  where: string
  severity?: PaymentFinding['severity']
}): PaymentFinding[] {
  const { town, country, linesCount, where, severity = 'error' } = address
  const findings: PaymentFinding[] = []
  if (!town || !country) {
    const missing = [...(town ? [] : ['town']), ...(country ? [] : ['country'])].join(' and ')
    const isFree = linesCount > 0
    const what = `${missing} ${isFree ? 'stand at most in free lines' : 'missing'}`
    const remedy = `Give town and country in their own fields; banks refuse others from ${UNSTRUCTURED_ADDRESSES_END} on.`
    findings.push({ code: isFree ? 'address_unstructured' : 'address_incomplete', severity, where, what, remedy })
  }
  if (country && !/^[A-Z]{2}$/.test(country)) {
    const what = `${quoted(country)} is no country code of two letters`
    findings.push({ code: 'address_incomplete', severity: 'error', where, what, remedy: 'Give it as ISO 3166 has it.' })
  }
  if (linesCount > ADDRESS_LINES_MAX) {
    const what = `it has ${linesCount} free lines, and may have ${ADDRESS_LINES_MAX}`
    const remedy = 'Put street, number and post code in their own fields.'
    findings.push({ code: 'address_unstructured', severity, where, what, remedy })
  }
  return findings
}

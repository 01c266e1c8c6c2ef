import { countrySpecs } from 'ibantools'
import { quoted, type PaymentFinding } from './findings.ts'

/**
 * Countries whose accounts SEPA credit transfers reach (EPC409-09): the EU, the EEA, and those that joined, Serbia the
 * latest. IBANs of territories begin with the country that they belong to, or with GI.
 */
export const SEPA_COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK ' +
    'IS LI NO CH GB GI MC SM VA AD AL ME MD MK RS'
  ).split(' '),
)

/** Countries that a BIC may name beside the one of the IBAN: territories whose accounts have their country's IBAN. */
const BIC_COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  FR: ['BL', 'GF', 'GP', 'MF', 'MQ', 'NC', 'PF', 'PM', 'RE', 'TF', 'WF', 'YT', 'MC'],
  GB: ['GG', 'IM', 'JE', 'GI'],
  FI: ['AX'],
  MC: ['FR'],
  SM: ['IT'],
  VA: ['IT'],
}

/** An IBAN as machines write it: without spaces, in capitals. */
export function normaliseIban(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase()
}

/** Whether an IBAN without spaces has its country's structure (ISO 13616) and the right check digits. */
export function isIban(iban: string): boolean {
  return structureOf(iban)?.test(iban) === true && mod97(iban) === 1
}

/** By the first two letters as one number: nothing is cut out of millions of texts then. */
const structures: (RegExp | undefined)[] = []
for (const [country, { bban_regexp: pattern }] of Object.entries(countrySpecs)) {
  if (pattern) structures[placeOf(country)] = new RegExp(`^${country}\\d\\d${pattern.slice(1)}`)
}

function structureOf(iban: string): RegExp | undefined {
  return structures[placeOf(iban)]
}

function placeOf(iban: string): number {
  return (iban.charCodeAt(0) - 65) * 26 + iban.charCodeAt(1) - 65
}

/** Whether a sound IBAN is of an account that SEPA credit transfers reach. */
export function isInSepa(iban: string): boolean {
  return inSepa[placeOf(iban)] === true
}

const inSepa: boolean[] = []
for (const country of SEPA_COUNTRIES) inSepa[placeOf(country)] = true

/** The remainder of ISO 7064: 1 for a right IBAN; letters count as 10 to 35. */
function mod97(iban: string): number {
  return remainderOf(iban, 0, 4, remainderOf(iban, 4, iban.length, 0))
}

function remainderOf(iban: string, from: number, to: number, before: number): number {
  let remainder = before
  for (let place = from; place < to; place++) {
    const code = iban.charCodeAt(place)
    remainder = code < 58 ? remainder * 10 + code - 48 : remainder * 100 + code - 55
    // Divided when it grows large: dividing is what takes the time.
    if (remainder > 9_999_999) remainder %= 97
  }
  return remainder % 97
}

/** What is wrong with an IBAN; it may have spaces and small letters. Example: `checkIban('DE89 3704 …', 'payee 7')`. */
export function checkIban(text: string, where: string): PaymentFinding[] {
  const iban = normaliseIban(text)
  const invalid = (what: string): PaymentFinding[] => [
    { code: 'iban_invalid', severity: 'error', where, what, remedy: 'Ask the holder for the IBAN, and copy it whole.' },
  ]
  const structure = structureOf(iban)
  if (!structure) return invalid(`${quoted(text)} begins with no country that has IBANs`)
  if (!structure.test(iban))
    return invalid(`${quoted(text)} has not the length and the signs of an IBAN of its country`)
  if (mod97(iban) !== 1) return invalid(`the check digits of ${quoted(text)} are wrong`)
  if (isInSepa(iban)) return []
  const what = `accounts in ${iban.slice(0, 2)} cannot be reached by SEPA credit transfer`
  const remedy = 'Ask for an account in a country of SEPA, or pay in another way.'
  return [{ code: 'iban_outside_sepa', severity: 'error', where, what, remedy }]
}

/** Whether text has the form of a BIC (ISO 9362): bank, country, place and, if any, branch. */
export function isBic(text: string): boolean {
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(text)
}

/** What is wrong with a BIC: its form, or that it names another country than the IBAN. */
export function checkBic(bic: string, iban: string, where: string): PaymentFinding[] {
  if (!isBic(bic)) {
    const what = `${quoted(bic)} has not the form of a BIC`
    return [
      { code: 'bic_invalid', severity: 'error', where, what, remedy: 'Leave it out: the IBAN is enough in SEPA.' },
    ]
  }
  const [bank, account] = [bic.slice(4, 6), normaliseIban(iban).slice(0, 2)]
  if (bank === account || BIC_COUNTRIES[account]?.includes(bank) || !/^[A-Z]{2}$/.test(account)) return []
  const what = `the BIC names a bank in ${bank}, the IBAN an account in ${account}`
  const remedy = 'Ask the holder for both again, or leave the BIC out.'
  return [{ code: 'bic_country_differs', severity: 'error', where, what, remedy }]
}

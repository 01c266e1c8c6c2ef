import { sayPlace } from '../../rights/index.ts'
import { words } from '../text.ts'

/** Codes that are no country: groups, tests, and what is reserved for parts of countries. */
const NO_COUNTRY = new Set('EU EZ UN QO XA XB ZZ AC CP CQ DG EA IC TA'.split(' '))
const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i))

/** Every country of ISO 3166-1, and Kosovo, by what the platform knows; a country that is no more has another's code. */
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter((code) => {
  const isKnown = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined
  return isKnown && !NO_COUNTRY.has(code) && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`
})

/** Countries with their names in the reader's language, in its order. */
export function countryOptions(): (readonly [string, string])[] {
  return CODES.map((code) => [code, sayPlace(code, words)] as const).toSorted((a, b) =>
    a[1].localeCompare(b[1], words.language),
  )
}

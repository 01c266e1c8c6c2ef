/** Members of the European Union by ISO 3166-1 alpha-2, since 2020; those of the European Economic Area beside them. */
const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ')
const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EU', new Set(EU)],
  ['EEA', new Set([...EU, 'IS', 'LI', 'NO'])],
])

/** Territories that have a code of their own and lie in a country of the European Union, and in the Union itself. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ...['GF', 'GP', 'MF', 'MQ', 'RE', 'YT'].map((code) => [code, 'FR'] as const),
  ['AX', 'FI'],
])
/** Codes of the European institutions that are not those of ISO 3166. */
const OTHERWISE: Record<string, string> = { EL: 'GR', UK: 'GB' }

const CODE = /^([A-Z]{2}(-[A-Z0-9]{1,3})?|EEA|WORLD)$/

/** The code of a place: `DE` of `DE`, `iso3166:DE` or an address that ends in it; any other name stands for itself. */
export function placeCode(name: string): string {
  const last = name.split(/[/#:]/).at(-1)!
  if (!CODE.test(last)) return name
  const [country, ...part] = last.split('-')
  return [OTHERWISE[country!] ?? country, ...part].join('-')
}

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
/** Codes that stand for no place: unknown, of the United Nations, of the euro area, for tests. */
const NO_PLACES = new Set(['ZZ', 'UN', 'EZ', 'QO', 'XA', 'XB'])

/** Whether a code, or the country of its subdivision, is one of ISO 3166, or stands for one. */
export function isCountry(code: string): boolean {
  const country = code.slice(0, 2)
  return Object.hasOwn(OTHERWISE, country) || (!NO_PLACES.has(country) && NAMES.of(country) !== undefined)
}

/** Whether a place lies in an area by their codes: the same, a part of the country, or a member of the group. */
export function isWithin(place: string, area: string): boolean {
  const [inner, outer] = [placeCode(place), placeCode(area)]
  if (place === area || inner === outer || outer === 'WORLD') return true
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(inner)) return inner === 'EU' && outer === 'EEA'
  const country = PARTS.get(inner.slice(0, 2)) ?? inner.slice(0, 2)
  return country === outer || (GROUPS.get(outer)?.has(country) ?? false)
}

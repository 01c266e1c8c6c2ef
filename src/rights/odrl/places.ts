/** Members of the European Union by ISO 3166-1 alpha-2, since 2020; those of the European Economic Area beside them. */
const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ')
const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EU', new Set(EU)],
  ['EEA', new Set([...EU, 'IS', 'LI', 'NO'])],
])

const CODE = /^([A-Z]{2}(-[A-Z0-9]{1,3})?|EEA|WORLD)$/

/** The code of a place: `DE` of `DE`, `iso3166:DE` or an address that ends in it; any other name stands for itself. */
export function placeCode(name: string): string {
  const last = name.split(/[/#:]/).at(-1)!
  if (!CODE.test(last)) return name
  return last === 'EL' ? 'GR' : last
}

/** Whether a place lies in an area by their codes: the same, a part of the country, or a member of the group. */
export function isWithin(place: string, area: string): boolean {
  const [inner, outer] = [placeCode(place), placeCode(area)]
  if (place === area || inner === outer || outer === 'WORLD') return true
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(inner)) return inner === 'EU' && outer === 'EEA'
  const country = inner.slice(0, 2)
  return country === outer || (GROUPS.get(outer)?.has(country) ?? false)
}

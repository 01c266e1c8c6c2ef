/** Members of the European Union in November 2026, ISO 3166-1; Greece is GR there. */
// prettier-ignore
export const EU_COUNTRIES = [
  'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV',
  'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK',
] as const

/** The European Economic Area: the Union with Iceland, Liechtenstein and Norway. */
export const EEA_COUNTRIES = [...EU_COUNTRIES, 'IS', 'LI', 'NO'] as const

/** Territories as countries of ISO 3166-1, sorted; undefined when one of them is only a part of a country. */
export function countriesOf(territory: readonly string[]): string[] | undefined {
  const countries = territory.flatMap((code) => {
    if (code === 'EU') return [...EU_COUNTRIES]
    return code === 'EEA' ? [...EEA_COUNTRIES] : [code]
  })
  if (countries.some((code) => !/^[A-Z]{2}$/.test(code))) return undefined
  return [...new Set(countries)].sort()
}

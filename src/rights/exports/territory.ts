/** Members of the European Union in November 2026, ISO 3166-1; Greece is GR there. */
// prettier-ignore
export const EU_COUNTRIES = [
  'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV',
  'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK',
] as const

/** The European Economic Area: the Union with Iceland, Liechtenstein and Norway. */
export const EEA_COUNTRIES = [...EU_COUNTRIES, 'IS', 'LI', 'NO'] as const

/** Every code of ISO 3166-1 alpha-2 that is assigned to a country; UK is not among them, GB is. */
const COUNTRIES = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
  CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
  FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
  JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
  MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
  PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
  TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/),
)

/** True when a code, or the country of a code of ISO 3166-2, is a country or a group of countries that a reader knows. */
export function isTerritory(code: string): boolean {
  return code === 'EU' || code === 'EEA' || code === 'WORLD' || COUNTRIES.has(code.split('-', 1)[0]!)
}

/** Territories as countries of ISO 3166-1, sorted; undefined when one of them is a part of a country or no country. */
export function countriesOf(territory: readonly string[]): string[] | undefined {
  const countries = territory.flatMap((code) => {
    if (code === 'EU') return [...EU_COUNTRIES]
    return code === 'EEA' ? [...EEA_COUNTRIES] : [code]
  })
  if (!countries.every((code) => COUNTRIES.has(code))) return undefined
  return [...new Set(countries)].sort()
}

import { isHoliday } from './holidays.ts'

/** Days are `2026-11-28`; what happens to them happens in somebody's own time zone. */

/** The time zone of a country's capital; deadlines of a recipient elsewhere in it differ by hours at most. */
const ZONES: Record<string, string> = Object.fromEntries(
  [
    'AL Tirane,AT Vienna,BA Sarajevo,BE Brussels,BG Sofia,CH Zurich,CY Nicosia,CZ Prague,DE Berlin,DK Copenhagen',
    'EE Tallinn,ES Madrid,FI Helsinki,FR Paris,GB London,GR Athens,HR Zagreb,HU Budapest,IE Dublin,IT Rome',
    'LI Vaduz,LT Vilnius,LU Luxembourg,LV Riga,MD Chisinau,ME Podgorica,MK Skopje,MT Malta,NL Amsterdam,NO Oslo',
    'PL Warsaw,PT Lisbon,RO Bucharest,RS Belgrade,SE Stockholm,SI Ljubljana,SK Bratislava,TR Istanbul,UA Kyiv',
  ]
    .join(',')
    .split(',')
    .map((entry) => entry.split(' ') as [string, string])
    .map(([country, city]) => [country, `Europe/${city}`]),
)
ZONES.IS = 'Atlantic/Reykjavik'
ZONES.US = 'America/New_York'

/** The time zone that a recipient's days are counted in; UTC where its country is not known. */
export function zoneOf(country: string | undefined): string {
  return (country && ZONES[country]) ?? 'UTC'
}

/** The day that it is in a time zone at a moment. */
export function dayIn(timeMs: number, timeZone: string): string {
  // Sweden writes days as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    timeMs,
  )
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

/** The same day of the next month, or its last day when it is shorter (Regulation 1182/71, Article 3(2)(c)). */
export function addMonth(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(date, lastDay))).toISOString().slice(0, 10)
}

/**
 * The day itself, or the next working day where it is a Saturday, a Sunday or a public holiday of the country (Regulation
 * (EEC, Euratom) No 1182/71, Article 3(4)). Holidays of regions are not known here, nor those of countries outside the EEA.
 */
export function workingDay(day: string, country?: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6 || isHoliday(country, day) ? workingDay(addDays(day, 1), country) : day
}

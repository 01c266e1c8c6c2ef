/**
 * Public holidays of the whole country, as they stand in its law in 2026: EU, EEA and Switzerland. What only a region
 * keeps is not known here. `05-01` is a day of each year, `05-01>` the Monday after it when it falls on a weekend, `E+1`
 * days from Western Easter, `O+1` days from Orthodox Easter, `M1-05` the first Monday of May, `ML-10` the last of October,
 * `T04-19` the first Thursday from 19 April on, `B` the first Monday of February unless the 1st is a Friday.
 */
const DAYS: Record<string, string> = {
  AT: '01-01 01-06 E+1 05-01 E+39 E+50 E+60 08-15 10-26 11-01 12-08 12-25 12-26',
  BE: '01-01 E+1 05-01 E+39 E+50 07-21 08-15 11-01 11-11 12-25',
  BG: '01-01 03-03 O-2 O+1 05-01 05-06 05-24 09-06 09-22 12-24 12-25 12-26',
  CH: '01-01 E-2 E+1 E+39 E+50 08-01 12-25 12-26',
  CY: '01-01 01-06 O-48 03-25 04-01 O-2 O+1 05-01 O+50 08-15 10-01 10-28 12-25 12-26',
  CZ: '01-01 E-2 E+1 05-01 05-08 07-05 07-06 09-28 10-28 11-17 12-24 12-25 12-26',
  DE: '01-01 E-2 E+1 05-01 E+39 E+50 10-03 12-25 12-26',
  DK: '01-01 E-3 E-2 E+1 E+39 E+50 12-25 12-26',
  EE: '01-01 02-24 E-2 05-01 06-23 06-24 08-20 12-24 12-25 12-26',
  ES: '01-01 01-06 E-2 05-01 08-15 10-12 11-01 12-06 12-08 12-25',
  FI: '01-01 01-06 E-2 E+1 05-01 E+39 12-06 12-25 12-26',
  FR: '01-01 E+1 05-01 05-08 E+39 E+50 07-14 08-15 11-01 11-11 12-25',
  GR: '01-01 01-06 O-48 03-25 O-2 O+1 05-01 O+50 08-15 10-28 12-25 12-26',
  HR: '01-01 01-06 E+1 05-01 05-30 E+60 06-22 08-05 08-15 11-01 11-18 12-25 12-26',
  HU: '01-01 03-15 E-2 E+1 05-01 E+50 08-20 10-23 11-01 12-25 12-26',
  IE: '01-01 B 03-17 E+1 M1-05 M1-06 M1-08 ML-10 12-25 12-26',
  IS: '01-01 E-3 E-2 E+1 T04-19 05-01 E+39 E+50 06-17 M1-08 12-24 12-25 12-26 12-31',
  IT: '01-01 01-06 E+1 04-25 05-01 06-02 08-15 10-04 11-01 12-08 12-25 12-26',
  LI: '01-01 01-06 E-2 E+1 05-01 E+39 E+50 E+60 09-08 12-08 12-25 12-26',
  LT: '01-01 02-16 03-11 E+1 05-01 06-24 07-06 08-15 11-01 11-02 12-24 12-25 12-26',
  LU: '01-01 E+1 05-01 05-09 E+39 E+50 06-23 08-15 11-01 12-25 12-26',
  LV: '01-01 E-2 E+1 05-01 05-04> 06-23 06-24 11-18> 12-24 12-25 12-26 12-31',
  MT: '01-01 02-10 03-19 03-31 E-2 05-01 06-07 06-29 08-15 09-08 09-21 12-08 12-13 12-25',
  NL: '01-01 E+1 04-27 E+39 E+50 12-25 12-26',
  NO: '01-01 E-3 E-2 E+1 05-01 E+39 05-17 E+50 12-25 12-26',
  PL: '01-01 01-06 E+1 05-01 05-03 E+60 08-15 11-01 11-11 12-24 12-25 12-26',
  PT: '01-01 E-2 04-25 05-01 E+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25',
  RO: '01-01 01-02 01-06 01-07 01-24 O-2 O+1 05-01 06-01 O+50 08-15 11-30 12-01 12-25 12-26',
  SE: '01-01 01-06 E-2 E+1 05-01 E+39 06-06 12-25 12-26',
  SI: '01-01 01-02 02-08 E+1 04-27 05-01 05-02 06-25 08-15 10-31 11-01 12-25 12-26',
  SK: '01-01 01-06 E-2 E+1 05-01 07-05 08-29 11-01 12-24 12-25 12-26',
}

/** Whether a working day of a country (ISO 3166) is a public holiday in all of it; false where none are known. */
export function isHoliday(country: string | undefined, day: string): boolean {
  const rules = country === undefined ? undefined : DAYS[country]
  return rules !== undefined && holidaysOf(country!, rules, Number(day.slice(0, 4))).has(day)
}

/** The countries whose holidays are known, by their codes (ISO 3166). */
export const HOLIDAY_COUNTRIES = Object.keys(DAYS)

const known = new Map<string, Set<string>>()

function holidaysOf(country: string, rules: string, year: number): Set<string> {
  const key = `${country} ${year}`
  let days = known.get(key)
  if (!days) known.set(key, (days = new Set(rules.split(' ').map((rule) => dayOf(rule, year)))))
  return days
}

const DAY_MS = 86_400_000
const MONDAY = 1
const THURSDAY = 4

function dayOf(rule: string, year: number): string {
  const [, sign, offset] = /^([EO])([+-]\d+)$/.exec(rule) ?? []
  if (sign) return text((sign === 'E' ? westernEaster(year) : orthodoxEaster(year)) + Number(offset) * DAY_MS)
  if (rule === 'B') {
    const first = utc(year, 2, 1)
    return text(new Date(first).getUTCDay() === 5 ? first : weekdayFrom(first, MONDAY))
  }
  if (rule.startsWith('M1-')) return text(weekdayFrom(utc(year, Number(rule.slice(3)), 1), MONDAY))
  if (rule.startsWith('ML-')) return text(weekdayFrom(utc(year, Number(rule.slice(3)) + 1, 1) - 7 * DAY_MS, MONDAY))
  const [month, date] = rule.replaceAll(/[T>]/g, '').split('-').map(Number) as [number, number]
  const day = utc(year, month, date)
  if (rule.startsWith('T')) return text(weekdayFrom(day, THURSDAY))
  const isWeekend = [0, 6].includes(new Date(day).getUTCDay())
  return text(rule.endsWith('>') && isWeekend ? weekdayFrom(day, MONDAY) : day)
}

/** The first such day of the week (0 is Sunday) from a day on. */
function weekdayFrom(timeMs: number, weekday: number): number {
  return timeMs + ((weekday - new Date(timeMs).getUTCDay() + 7) % 7) * DAY_MS
}

function utc(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date)
}

function text(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

/** Easter Sunday of the Gregorian calendar (the method of Meeus, Jones and Butcher). */
function westernEaster(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return utc(year, Math.floor(f / 31), (f % 31) + 1)
}

/** Easter Sunday of the Julian calendar (Meeus), as a Gregorian day; right from 1900 to 2099. */
function orthodoxEaster(year: number): number {
  const d = (19 * (year % 19) + 15) % 30
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
  const f = d + e + 114
  return utc(year, Math.floor(f / 31), (f % 31) + 1) + 13 * DAY_MS
}

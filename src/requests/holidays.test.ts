import assert from 'node:assert/strict'
import { test } from 'node:test'
import Holidays from 'date-holidays'
import { addDays, workingDay } from './calendar.ts'
import { HOLIDAY_COUNTRIES, isHoliday } from './holidays.ts'

/** Where the other list is not the law of the country, or takes in what is no holiday of all of it. */
const DIFFERS: Record<string, RegExp> = {
  // Bridging days that the state’s offices keep, and a region’s.
  LI: /easter (40|61)/,
  // Clean Monday and Whit Monday are public holidays in Cyprus, which that list does not name so.
  CY: /orthodox (-47|49)/,
  // The first day of summer is after 18 April, never on it.
  IS: /thursday after 04-18/,
}
const NOT_LISTED: Record<string, readonly string[]> = {
  CY: ['O-48', 'O+50'],
  // The third day of Christmas stands in its labour code.
  BG: ['12-26'],
  IS: ['T04-19'],
}

test('on working days of seven years, holidays are those of an independent list', () => {
  let compared = 0
  for (const country of HOLIDAY_COUNTRIES) {
    const other = new Holidays(country)
    for (let year = 2026; year <= 2032; year++) {
      const listed = other
        .getHolidays(year)
        .filter(({ type, rule }) => type === 'public' && !DIFFERS[country]?.test(rule))
        .flatMap(({ date, start, end }) => {
          const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
          return Array.from({ length: days }, (_, i) => addDays(date.slice(0, 10), i))
        })
        .filter(isWeekday)
      const ours = daysOf(year).filter((day) => isWeekday(day) && isHoliday(country, day))
      const added = NOT_LISTED[country]?.length ?? 0
      const extra = ours.filter((day) => !listed.includes(day))
      assert.deepEqual(
        listed.filter((day) => !ours.includes(day)),
        [],
        `${country} ${year}: not known here`,
      )
      assert.ok(extra.length <= added, `${country} ${year}: ${extra.join(' ')} is in no other list`)
      compared += listed.length
    }
  }
  assert.ok(compared > 1500)
})

test('a date that falls on a holiday moves to the next working day of the recipient’s country', () => {
  assert.equal(workingDay('2026-12-25', 'DE'), '2026-12-28')
  assert.equal(workingDay('2026-12-24', 'DE'), '2026-12-24')
  assert.equal(workingDay('2026-12-24', 'PL'), '2026-12-28')
  assert.equal(workingDay('2027-03-26', 'AT'), '2027-03-26', 'Good Friday is a working day in Austria')
  assert.equal(workingDay('2027-03-26', 'SE'), '2027-03-30', 'over Easter')
  assert.equal(workingDay('2027-04-30', 'GR'), '2027-05-04', 'Orthodox Easter and the first of May')
  assert.equal(workingDay('2026-12-25', undefined), '2026-12-25')
  assert.equal(workingDay('2026-12-26', 'US'), '2026-12-28')
})

function daysOf(year: number): string[] {
  const days = [`${year}-01-01`]
  while (days.at(-1) !== `${year}-12-31`) days.push(addDays(days.at(-1)!, 1))
  return days
}

function isWeekday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** A date as it was written, and the days it may mean (UTC): a month is all its days. */
export interface ReadDate {
  text: string
  from: number
  to: number
  precision: 'day' | 'month' | 'year'
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const MONTH = '(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'
const SHAPES: RegExp[] = [
  /(?<![\d.])(?<y>\d{4})-(?<m>\d{1,2})(?:-(?<d>\d{1,2}))?(?![\d-])/g,
  /(?<![\d/.])(?<a>\d{1,2})[/.](?<b>\d{1,2})[/.](?<y>\d{4}|\d{2})(?![\d/])/g,
  /(?<![\d/.])(?<m>\d{1,2})[/.](?<y>\d{4})(?![\d/])/g,
  new RegExp(`\\b(?<d>\\d{1,2})(?:st|nd|rd|th)?[\\s.-]+(?:of\\s+)?${MONTH}[\\s,.-]*(?<y>\\d{4})\\b`, 'gi'),
  new RegExp(`\\b${MONTH}\\s+(?<d>\\d{1,2})(?:st|nd|rd|th)?(?:,\\s*|\\s+)(?<y>\\d{4})\\b`, 'gi'),
  new RegExp(`\\b${MONTH}[\\s,.-]+(?<y>\\d{4})\\b`, 'gi'),
]

/**
 * The dates in a text, in its order, as Europeans write them; where day and month could be either, the reading that is
 * not after `at` is taken. Years alone count only where `withYears` asks for them.
 *
 * @example readDates('Sept 2nd, 2025', Date.now())[0].precision // 'day'
 */
export function readDates(text: string, at: number, withYears = false): ReadDate[] {
  const shapes = withYears ? [...SHAPES, /(?<![\d./-])(?<y>(?:19|20)\d{2})(?![\d./-])/g] : SHAPES
  const found = new Map<number, ReadDate & { end: number }>()
  const isCovered = (index: number) => [...found].some(([start, { end }]) => index >= start && index < end)
  for (const shape of shapes)
    for (const { 0: written, index, groups } of text.slice(0, 20_000).matchAll(shape)) {
      const date = isCovered(index) || found.size > 200 ? undefined : toDate(written, groups!, at)
      if (date) found.set(index, { ...date, end: index + written.length })
    }
  return [...found].sort(([a], [b]) => a - b).map(([, { end: _end, ...date }]) => date)
}

function toDate(text: string, groups: Record<string, string | undefined>, at: number): ReadDate | undefined {
  const year = Number(groups.y!.length === 2 ? `20${groups.y}` : groups.y)
  if (groups.a !== undefined) {
    const readings = [
      day(text, year, Number(groups.b), Number(groups.a)),
      day(text, year, Number(groups.a), Number(groups.b)),
    ].filter((date) => date !== undefined)
    return readings.find(({ from }) => from <= at) ?? readings[0]
  }
  const month = groups.month ? MONTHS.indexOf(groups.month.toLowerCase()) + 1 : groups.m ? Number(groups.m) : undefined
  if (month === undefined) return { text, from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0), precision: 'year' }
  if (groups.d !== undefined) return day(text, year, month, Number(groups.d))
  if (month < 1 || month > 12) return undefined
  return { text, from: Date.UTC(year, month - 1), to: Date.UTC(year, month), precision: 'month' }
}

function day(text: string, year: number, month: number, date: number): ReadDate | undefined {
  if (month < 1 || month > 12 || date < 1 || date > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  const from = Date.UTC(year, month - 1, date)
  return { text, from, to: from + 86_400_000, precision: 'day' }
}

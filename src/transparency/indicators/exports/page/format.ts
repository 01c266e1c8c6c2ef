import { finite } from '../release.ts'

const NAME_MAX = 80
const LANGUAGE = 'en-GB'

/**
 * A name from a data set, fit to be shown: without control characters and without those that turn the direction of the text
 * around it, and cut. The whole name is in the other exports.
 */
export function shown(name: string, most = NAME_MAX): string {
  const clean = name
    .slice(0, most * 8)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Noncharacter_Code_Point}/gu, '')
    .trim()
  const kept = cut(clean, most)
  return /[^\s\p{Cf}\p{M}]/u.test(kept) ? kept : '(no visible name)'
}

/** Cut to so many columns, of which a wide character takes two; a mark that stands on a letter counts too. */
function cut(text: string, most: number): string {
  let [kept, width] = ['', 0]
  for (const character of text) {
    width += character.codePointAt(0)! >= 0x1100 ? 2 : 1
    if (width > most) return `${kept.trimEnd()}…`
    kept += character
  }
  return kept
}

/** A value with its unit, as precise as is sensible: `5.37`, `66.9%`, `1,430`. */
export function valueText(value: number | null, unit: string): string {
  const number = finite(value)
  if (number === null) return 'no figure'
  if (unit === 'share') return percent(number)
  if (unit === 'bit') return `${significant(number)} bit`
  if (unit === 'count' || unit === 'persons') return decimal(number, { maximumFractionDigits: 0 })
  return significant(number)
}

/** A mark on a scale, as short as it can be. */
export function tickText(value: number, unit: string): string {
  if (unit === 'share') return percent(value)
  return value >= 1e6 || (value > 0 && value < 1e-6)
    ? significant(value)
    : decimal(value, { maximumSignificantDigits: 3 })
}

/** Both ends; undefined where no rows were drawn. */
export function intervalText(low: number | undefined, high: number | undefined, unit: string): string | undefined {
  if (finite(low) === null || finite(high) === null) return undefined
  return `${valueText(low!, unit)} to ${valueText(high!, unit)}`
}

/** More digits near nothing and near all, where they tell something from nothing and from all. */
export function percent(share: number): string {
  const edge = 100 * Math.min(Math.abs(share), Math.abs(1 - share))
  const digits = edge >= 1 || edge === 0 ? 1 : Math.min(6, 1 + Math.ceil(-Math.log10(edge)))
  const fewest = edge === 0 ? 0 : digits
  return decimal(share, { style: 'percent', minimumFractionDigits: fewest, maximumFractionDigits: digits })
}

function significant(number: number): string {
  const size = Math.abs(number)
  if (size >= 1e15 || (size > 0 && size < 1e-6)) return number.toExponential(2)
  return size >= 1000 || Number.isInteger(number)
    ? decimal(number, { maximumFractionDigits: 0 })
    : decimal(number, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })
}

const formats = new Map<string, Intl.NumberFormat>()

function decimal(number: number, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options)
  const format = formats.get(key) ?? new Intl.NumberFormat(LANGUAGE, options)
  formats.set(key, format)
  return format.format(number)
}

/** A time in words, in UTC; what is no time stays as it is. */
export function timeText(at: string): string {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return shown(at)
  return `${time.toLocaleString(LANGUAGE, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`
}

import { LruMap } from '../../foundation/index.ts'
import { XSD, shorten } from './vocabulary.ts'
import type { Value } from './types.ts'

/** Whether two values are the same; undefined when one of them is no value of its kind, so that nobody knows. */
export function equalValues(left: Value, right: Value): boolean | undefined {
  if (left.iri !== undefined || right.iri !== undefined) return (left.iri ?? left.text) === (right.iri ?? right.text)
  if ((left.language ?? '') !== (right.language ?? '') && left.language && right.language) return false
  const needsKind = [left, right].some(({ datatype }) => KINDS_COMPARED.test(datatype ?? ''))
  const difference = compareValues(left, right)
  if (difference !== undefined) return difference === 0
  return needsKind ? undefined : left.text === right.text
}

const KINDS_COMPARED =
  /#(dateTime|date|dateTimeStamp|duration|decimal|integer|float|double|int|long|short|byte|(non)?(positive|negative|Positive|Negative)Integer)$/

/** How a value stands to another: negative before, 0 equal, positive after; undefined when they cannot be compared. */
export function compareValues(left: Value, right: Value): number | undefined {
  if (left.iri !== undefined || right.iri !== undefined) {
    const same = (left.iri ?? left.text) === (right.iri ?? right.text)
    return same ? 0 : undefined
  }
  const datatype = right.datatype ?? left.datatype
  if (isTime(left) || isTime(right)) return compareTimes(left.text!, right.text!)
  if (datatype === `${XSD}duration` || left.datatype === `${XSD}duration`) {
    const [a, b] = [durationMs(left.text!), durationMs(right.text!)]
    return a === undefined || b === undefined ? undefined : a - b
  }
  if (isNumber(left.text!) && isNumber(right.text!)) return compareDecimals(left.text!, right.text!)
  return left.text === right.text ? 0 : undefined
}

function isTime({ datatype }: Value): boolean {
  return datatype === `${XSD}dateTime` || datatype === `${XSD}date` || datatype === `${XSD}dateTimeStamp`
}

const DATE = /^-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/

/** Times are compared as moments; where one of them is a day, as days. A time without a zone is one of UTC. */
function compareTimes(left: string, right: string): number | undefined {
  if (DATE.test(left) || DATE.test(right)) {
    const [a, b] = [dayOf(left), dayOf(right)]
    return a === undefined || b === undefined ? undefined : a < b ? -1 : a > b ? 1 : 0
  }
  const [a, b] = [momentOf(left), momentOf(right)]
  return a === undefined || b === undefined ? undefined : a - b
}

function dayOf(text: string): string | undefined {
  if (DATE.test(text) && momentOf(text) === undefined) return undefined
  if (DATE.test(text)) return text.slice(0, text.search(/\d-\d\d-\d\d/) + 7)
  const moment = momentOf(text)
  return moment === undefined ? undefined : new Date(moment).toISOString().slice(0, 10)
}

const moments = new LruMap<string, { moment: number | undefined }>(1000)

/** A time of XML Schema in milliseconds since 1970. The same few are asked for again and again. */
export function momentOf(text: string): number | undefined {
  if (text.length > 40) return undefined
  let known = moments.get(text)
  if (!known) moments.set(text, (known = { moment: readMoment(text) }))
  return known.moment
}

function readMoment(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.test(text) && !DATE.test(text)) return undefined
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) || DATE.test(text) ? text : `${text}Z`
  const [year, month, day] = zoned.split(/[-T]/).map(Number) as [number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  const moment = Date.parse(DATE.test(zoned) ? `${zoned.slice(0, 10)}T00:00:00${zoned.slice(10) || 'Z'}` : zoned)
  return Number.isNaN(moment) ? undefined : moment
}

const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** The moment that a duration after another ends, by the calendar (UTC). */
export function addDuration(at: number, duration: string): number | undefined {
  const [whole, minus, ...numbers] = DURATION.exec(duration) ?? []
  if (whole === undefined || numbers.every((number) => number === undefined)) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = numbers.map(
    (number) => Number(number ?? 0) * (minus ? -1 : 1),
  )
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + years! * 12 + months!)
  // The 31st of a month that has none is its last day.
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime() + (((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!) * 60_000 + seconds! * 1000
}

function durationMs(text: string): number | undefined {
  return addDuration(0, text)
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)
}

/** Exact for decimals without an exponent; amounts and counts are not rounded. */
function compareDecimals(left: string, right: string): number {
  if (/e/i.test(left + right)) return Number(left) - Number(right)
  const parts = (text: string) => {
    const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text)!
    return { isNegative: sign === '-', whole, fraction }
  }
  const [a, b] = [parts(left), parts(right)]
  const places = Math.max(a.fraction.length, b.fraction.length)
  const scaled = ({ isNegative, whole, fraction }: ReturnType<typeof parts>) =>
    BigInt(`${isNegative ? '-' : ''}${whole}${fraction.padEnd(places, '0')}` || '0')
  const [x, y] = [scaled(a), scaled(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

let lastTime: { at: number; value: Value } | undefined

export function timeValue(at: number): Value {
  if (lastTime?.at !== at) lastTime = { at, value: { text: new Date(at).toISOString(), datatype: `${XSD}dateTime` } }
  return lastTime.value
}

/** What a value says, for people. */
export function sayValue({ iri, text }: Value): string {
  return iri === undefined ? text! : shorten(iri)
}

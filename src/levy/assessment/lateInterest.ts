import { ColophonError } from '../../foundation/index.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { roundedQuotient } from './facts.ts'

/** A central bank's rate from a day on, in millionths a year; it may be negative. */
export interface ReferenceRate {
  from: string
  ppm: number
}

const DAY_MS = 86_400_000
const YEAR_DAYS = 365n

/**
 * What is owed for paying late, in cents, rounded half up once. `reference-plus`: simple interest at the reference rate
 * and so much above it, actual days over 365, from the day after `dueOn` to `paidOn`, and the fixed sum once; `monthly`:
 * for each whole month that has passed. Source: Directive 2011/7/EU, Articles 2(6), 3 and 6. Errors: `invalid_input` when
 * no reference rate is in force on the first day.
 */
export function lateInterest(
  rule: LevyPlan['interest'],
  cents: bigint,
  dueOn: string,
  paidOn: string,
  rates: readonly ReferenceRate[] = [],
): bigint {
  if (!rule || cents <= 0n || paidOn <= dueOn) return 0n
  if (rule.kind === 'monthly')
    return roundedQuotient(cents * BigInt(rule.ppm) * monthsBetween(dueOn, paidOn), 1_000_000n)
  const ordered = rates.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  if (!ordered[0] || ordered[0].from > dueOn)
    throw new ColophonError('invalid_input', `no reference rate is in force on ${dueOn}`, { where: 'referenceRates' })
  let weighted = 0n
  ordered.forEach(({ from, ppm }, i) => {
    const begin = from > dueOn ? from : dueOn
    const next = ordered[i + 1]?.from ?? paidOn
    const days = daysBetween(begin, next < paidOn ? next : paidOn)
    if (days > 0n) weighted += days * BigInt(Math.max(0, ppm + rule.ppm))
  })
  return roundedQuotient(cents * weighted, YEAR_DAYS * 1_000_000n) + BigInt(rule.flatCents)
}

const daysBetween = (from: string, to: string) => BigInt((Date.parse(to) - Date.parse(from)) / DAY_MS)

function monthsBetween(from: string, to: string): bigint {
  const [a, b] = [new Date(from), new Date(to)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  return BigInt(Math.max(0, b.getUTCDate() < a.getUTCDate() ? months - 1 : months))
}

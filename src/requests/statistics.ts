import type { Queries } from '../foundation/index.ts'
import { listEventsOfPublic, listPublicCases } from './store.ts'

/** Smaller counts are not told: they might point to a person. */
export const LEAST_COUNT = 5

/** Figures about cases; `null` stands for a count below `LEAST_COUNT`. */
export interface RequestStatistics {
  least: number
  total: number | null
  byKind: Record<string, number | null>
  byState: Record<string, number | null>
  byMonth: Record<string, number | null>
  /** Half of the answers came within so many days of sending; null where fewer than `LEAST_COUNT` came. */
  medianDaysToAnswer: number | null
}

const ANSWERS = new Set(['removed', 'partial', 'refused', 'licensed'])

/**
 * Counts of cases by what they ask, where they stand, and the month in which they were opened. Private cases are in none
 * of them. Where one cell of a table is hidden, the next smallest is, too, so that the total does not give it away.
 */
export async function requestStatistics(queries: Queries): Promise<RequestStatistics> {
  const cases = await listPublicCases(queries)
  const table = (name: (row: (typeof cases)[number]) => string) => suppressed(count(cases.map(name)))
  return {
    least: LEAST_COUNT,
    total: shown(cases.length),
    byKind: table(({ kind }) => kind),
    byState: table(({ state }) => state),
    byMonth: table(({ created_at }) => created_at.slice(0, 7)),
    medianDaysToAnswer: median(daysToAnswer(await listEventsOfPublic(queries))),
  }
}

function shown(value: number): number | null {
  return value < LEAST_COUNT ? null : value
}

function count(names: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Small cells hidden, and one more where a single hidden one could be had by subtraction. */
export function suppressed(counts: ReadonlyMap<string, number>): Record<string, number | null> {
  const cells = [...counts].map(([name, value]) => [name, shown(value)] as [string, number | null])
  const hidden = cells.filter(([, value]) => value === null)
  const rest = cells.filter(([, value]) => value !== null).toSorted((a, b) => a[1]! - b[1]!)
  if (hidden.length === 1 && rest[0]) rest[0][1] = null
  return Object.fromEntries(cells)
}

function daysToAnswer(events: readonly { request_case: string; state: string; recorded_at: string }[]): number[] {
  const sent = new Map<string, number>()
  const days: number[] = []
  for (const { request_case: id, state, recorded_at } of events) {
    const at = Date.parse(recorded_at)
    if (state === 'sent' && !sent.has(id)) sent.set(id, at)
    if (!ANSWERS.has(state) || !sent.has(id)) continue
    days.push(Math.max(0, Math.round((at - sent.get(id)!) / 86_400_000)))
    sent.delete(id)
  }
  return days
}

function median(values: number[]): number | null {
  if (values.length < LEAST_COUNT) return null
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!
}

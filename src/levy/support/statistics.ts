import type { Queries } from '../../foundation/index.ts'
import type { CallRow } from './store.ts'

/** Groups of fewer applications are told together: they might point to a person. */
export const GROUP_MIN = 5

export interface SupportGroup {
  /** A sector, or a country by its letters; null for those that are too small to stand alone. */
  name: string | null
  applications: number
  awarded: number
}

/** A call in figures: nothing of any single application. */
export interface SupportFigures {
  applications: number
  awards: number
  awardedCents: bigint
  bySector: SupportGroup[]
  byCountry: SupportGroup[]
}

/** Figures of a call: applications that were sent and not withdrawn, and once it is decided what came of them. */
export async function callFigures(queries: Queries, call: CallRow): Promise<SupportFigures> {
  const rows = await queries
    .selectFrom('support_application')
    .select(['id', 'sector', 'country'])
    .where('in_call', '=', call.id)
    .where('state', 'not in', ['draft', 'withdrawn'])
    .execute()
  if (call.decided_at === null)
    return { applications: rows.length, awards: 0, awardedCents: 0n, bySector: [], byCountry: [] }
  const cents = await centsByApplication(queries, call.id)
  const decided = rows.map(({ id, sector, country }) => ({
    sector: sector ?? '',
    country: country ?? '',
    cents: cents.get(id) ?? 0n,
  }))
  return {
    applications: rows.length,
    awards: decided.filter(({ cents }) => cents > 0n).length,
    awardedCents: decided.reduce((sum, { cents }) => sum + cents, 0n),
    bySector: groupsOf(decided.map(({ sector, cents }) => ({ name: sector, isAwarded: cents > 0n }))),
    byCountry: groupsOf(decided.map(({ country, cents }) => ({ name: country, isAwarded: cents > 0n }))),
  }
}

/** What the applications of a call were awarded, also what an appeal brought and another call pays. */
async function centsByApplication(queries: Queries, call: string): Promise<Map<string, bigint>> {
  const rows = await queries
    .selectFrom('support_award')
    .innerJoin('support_application', 'support_application.id', 'support_award.application')
    .select(['support_award.application', 'support_award.cents'])
    .where('support_application.in_call', '=', call)
    .execute()
  const sums = new Map<string, bigint>()
  for (const { application, cents } of rows) sums.set(application, (sums.get(application) ?? 0n) + cents)
  return sums
}

/**
 * Groups of at least `GROUP_MIN`, by name; the others together, with the smallest of the large ones where they would be
 * too few themselves, so that nothing is had by subtraction.
 */
export function groupsOf(rows: readonly { name: string; isAwarded: boolean }[]): SupportGroup[] {
  const groups = new Map<string, { name: string; applications: number; awarded: number }>()
  for (const { name, isAwarded } of rows) {
    const group = groups.get(name) ?? { name, applications: 0, awarded: 0 }
    group.applications++
    if (isAwarded) group.awarded++
    groups.set(name, group)
  }
  const bySize = [...groups.values()].toSorted((a, b) => a.applications - b.applications || (a.name < b.name ? -1 : 1))
  const rest = { name: null, applications: 0, awarded: 0 }
  while (bySize.length > 0 && (bySize[0]!.applications < GROUP_MIN || isTooFew(rest.applications))) {
    const { applications, awarded } = bySize.shift()!
    rest.applications += applications
    rest.awarded += awarded
  }
  const shown = bySize.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return rest.applications >= GROUP_MIN ? [...shown, rest] : shown
}

const isTooFew = (count: number) => count > 0 && count < GROUP_MIN

import { ColophonError, isoTime, uuidV7, type Database, type Effects, type Queries } from '../../foundation/index.ts'
import { bookWithin, inLedger, listMovements, readBalances } from '../ledger/store.ts'
import type { Distribution } from '../plans/schema.ts'
import { dayOf, releaseEntry } from './bookings.ts'
import { listPayees } from './payees.ts'

/** Somebody whom money waits for and whom nobody can find, with the clock of Directive 2014/26/EU, Article 13. */
export interface Unlocated {
  payee: string
  name: string
  cents: bigint
  /** The end of the first period whose money waits. */
  since: string
  /** On the list for members and other societies from this day on, and for everybody from that. */
  listedFrom: string
  publicFrom: string
  /** Of what waits, how much a vote may release today, and from when on the oldest of it. */
  releasableFrom: string
  releasableCents: bigint
  searches: { doneOn: string; what: string }[]
}

/** Everybody whom money waits for without an address, by id. Errors: none. */
export async function listUnlocated(
  queries: Queries,
  rules: Distribution['unlocated'],
  today: string,
): Promise<Unlocated[]> {
  const known = new Map((await listPayees(queries, {})).map((payee) => [payee.id, payee]))
  // Whoever is followed by somebody is not lost: the money goes there.
  const isLost = (id: string) => {
    const payee = known.get(id)
    return payee === undefined || (payee.status !== 'located' && payee.successor === null)
  }
  const waiting = (await readBalances(queries, 'Liabilities:Payees')).filter(
    ({ owner, cents }) => cents < 0n && isLost(owner),
  )
  return Promise.all(
    waiting.map(({ owner, cents }) => clockOf(queries, rules, today, owner, known.get(owner)?.name ?? owner, -cents)),
  )
}

async function clockOf(
  queries: Queries,
  rules: Distribution['unlocated'],
  today: string,
  payee: string,
  name: string,
  cents: bigint,
): Promise<Unlocated> {
  const movements = await listMovements(queries, 'Liabilities:Payees', payee)
  const ends = movements.filter((each) => each.cents < 0n).map((each) => endOf(each))
  const since = ends.sort()[0] ?? today
  const listedFrom = addMonths(since, rules.listAfterMonths)
  const searches = await queries
    .selectFrom('levy_search')
    .selectAll()
    .where('payee', '=', payee)
    .orderBy('done_on')
    .execute()
  return {
    payee,
    name,
    cents,
    since,
    listedFrom,
    publicFrom: addMonths(listedFrom, rules.publicAfterMonths),
    releasableFrom: addMonths(since, 12 * rules.releaseAfterYears),
    releasableCents: releasableOf(movements, rules, today, cents),
    searches: searches.map(({ done_on: doneOn, what }) => ({ doneOn, what })),
  }
}

/** The period of a run ends on a day that its entry names; other credits count from the day on which they were booked. */
function endOf({ details, booked_on: bookedOn }: { details: string; booked_on: string }): string {
  return (JSON.parse(details) as { to?: string }).to ?? bookedOn
}

/** What was credited long enough ago, less all that has gone since: the oldest goes first. */
function releasableOf(
  movements: Awaited<ReturnType<typeof listMovements>>,
  rules: Distribution['unlocated'],
  today: string,
  waiting: bigint,
): bigint {
  let old = 0n
  for (const each of movements) {
    if (each.cents > 0n) old -= each.cents
    else if (addMonths(endOf(each), 12 * rules.releaseAfterYears) <= today) old -= each.cents
  }
  return old < 0n ? 0n : old < waiting ? old : waiting
}

/** A day so many months later; the last of the month where that month is shorter. */
function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  last.setUTCDate(Math.min(date, last.getUTCDate()))
  return last.toISOString().slice(0, 10)
}

/** Notes what was done to find somebody. */
export async function recordSearch(db: Database, payee: string, what: string, effects: Effects): Promise<void> {
  const row = { id: uuidV7(effects), payee, done_on: dayOf(isoTime(effects.now())), what }
  await db.insertInto('levy_search').values(row).execute()
}

/**
 * Books what the governing body decided on money whose owner was not found. Errors: `state_not_allowed` before the years
 * are over or while nobody has searched.
 */
export async function releaseUnlocated(
  db: Database,
  rules: Distribution['unlocated'],
  { payee, vote, to }: { payee: string; vote: string; to: 'Heritage' | 'CreatorSupport' | 'Social' },
  now: number,
): Promise<bigint> {
  return inLedger(db, (queries) => releaseWithin(queries, rules, { payee, vote, to }, now))
}

async function releaseWithin(
  db: Queries,
  rules: Distribution['unlocated'],
  { payee, vote, to }: { payee: string; vote: string; to: 'Heritage' | 'CreatorSupport' | 'Social' },
  now: number,
): Promise<bigint> {
  const today = dayOf(isoTime(now))
  const found = (await listUnlocated(db, rules, today)).find((each) => each.payee === payee)
  if (!found)
    throw new ColophonError('not_found', 'no money waits for this payee, or the payee is located', { where: payee })
  if (found.searches.length === 0)
    throw new ColophonError('state_not_allowed', 'nobody has searched for this payee', {
      where: payee,
      remedy: 'Search first, and note it: colophon levy search.',
    })
  if (found.releasableCents === 0n)
    throw new ColophonError('state_not_allowed', `nothing can be released before ${found.releasableFrom}`, {
      where: payee,
    })
  await bookWithin(db, [releaseEntry({ payee, cents: found.releasableCents, vote, to }, today)], isoTime(now))
  return found.releasableCents
}

import { ColophonError, isoTime, type Database } from '../../foundation/index.ts'
import { bookWithin, findEntry, readBalances, inLedger } from '../ledger/store.ts'
import { listAwards, type Award } from '../support/index.ts'
import { awardEntry, dayOf } from './bookings.ts'

/**
 * Books every final award once: out of the scheme's money, to whom it was awarded. Errors: `state_not_allowed` when the
 * scheme has less; then none is booked.
 */
export async function bookAwards(db: Database, now: number): Promise<{ booked: Award[]; before: number }> {
  const at = isoTime(now)
  return inLedger(db, async (queries) => {
    const [scheme] = await readBalances(queries, 'Liabilities:CreatorSupport', { owner: '' })
    let left = -(scheme?.cents ?? 0n)
    const booked: Award[] = []
    let before = 0
    for (const award of await allAwards(queries, now)) {
      if (await findEntry(queries, `award:${award.id}`)) {
        before++
        continue
      }
      if (award.cents > left)
        throw new ColophonError(
          'state_not_allowed',
          `the scheme has ${left} cents left, and an award is ${award.cents}`,
          {
            where: award.id,
            remedy: 'Distribute first; nothing was booked.',
          },
        )
      left -= award.cents
      await bookWithin(
        queries,
        [awardEntry({ id: award.id, applicant: award.party, cents: award.cents }, dayOf(at))],
        at,
      )
      booked.push(award)
    }
    return { booked, before }
  })
}

const AWARDS_AT_ONCE = 500

async function allAwards(queries: Parameters<typeof listAwards>[0], now: number): Promise<Award[]> {
  const all: Award[] = []
  for (;;) {
    const after = all.at(-1)?.id
    const some = await listAwards(queries, now, { limit: AWARDS_AT_ONCE, ...(after ? { after } : {}) })
    all.push(...some)
    if (some.length < AWARDS_AT_ONCE) return all
  }
}

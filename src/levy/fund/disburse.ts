import { ColophonError, isoTime, type Database } from '../../foundation/index.ts'
import { bookWithin, inLedger, readBalances } from '../ledger/store.ts'
import { disburseEntry } from './bookings.ts'

/**
 * Owes somebody what the fund holds for a purpose, by a decision of its governing body: released heritage money, social
 * ends, the reserve, what was held. Errors: `state_not_allowed` when there is less. Returns how much was booked.
 */
export async function disburse(
  db: Database,
  decision: {
    from: 'Heritage' | 'Social' | 'Reserve' | 'Held'
    owner: string
    payee: string
    cents: bigint
    vote: string
  },
  now: number,
): Promise<number> {
  const { from, owner, cents } = decision
  if (cents <= 0n) throw new ColophonError('invalid_input', 'nothing, or less, cannot be disbursed')
  return inLedger(db, async (queries) => {
    const entry = disburseEntry(decision, isoTime(now).slice(0, 10))
    const before = await queries
      .selectFrom('levy_entry')
      .select('number')
      .where('booking', '=', entry.booking)
      .executeTakeFirst()
    const [held] = await readBalances(queries, `Liabilities:${from}`, { owner })
    if (!before && -(held?.cents ?? 0n) < cents)
      throw new ColophonError(
        'state_not_allowed',
        `${from} has ${-(held?.cents ?? 0n)} cents, and ${cents} are asked for`,
        { where: owner },
      )
    return bookWithin(queries, [entry], isoTime(now))
  })
}

import type { JournalEntry } from '../payments/index.ts'
import type { Entry } from './entry.ts'

/** Entries as the journals of accounting tools take them: in the order of their days, those of a day as they were booked. */
export async function* toJournal(entries: AsyncIterable<Entry>): AsyncGenerator<JournalEntry> {
  const all = await Array.fromAsync(entries)
  all.sort((a, b) => (a.bookedOn === b.bookedOn ? Number(a.number - b.number) : a.bookedOn < b.bookedOn ? -1 : 1))
  for (const { booking, bookedOn, description, postings, details = {} } of all) {
    yield {
      id: booking,
      date: bookedOn,
      description,
      meta: details,
      postings: postings.map(({ account, owner, cents }) => {
        const [root, ...rest] = account.split(':')
        const names = [root, ...rest, ...(owner === '' ? [] : [owner])]
        return { account: names as unknown as JournalEntry['postings'][number]['account'], amountCents: cents }
      }),
    }
  }
}

import { createHash } from 'node:crypto'
import { ColophonError, canonicalJson } from '../../foundation/index.ts'

/** Accounts of the fund. Debits are positive: what the fund owns, or has spent; credits negative: what it owes, or has earned. */
export const accounts = [
  'Assets:Receivable',
  'Assets:Bank',
  'Assets:InTransit',
  'Liabilities:Pool',
  'Liabilities:Reserve',
  'Liabilities:Heritage',
  'Liabilities:CreatorSupport',
  'Liabilities:Awards',
  'Liabilities:Social',
  'Liabilities:Payees',
  'Liabilities:Held',
  'Liabilities:Tax',
  'Income:Administration',
  'Income:Interest',
] as const
export type Account = (typeof accounts)[number]

export interface Posting {
  account: string
  /** Whose account it is; empty for those of the fund. */
  owner: string
  cents: bigint
}

export const entryKinds = [
  'assessment',
  'receipt',
  'refund',
  'interest',
  'run',
  'correction',
  'award',
  'payment',
  'execution',
  'return',
  'tax',
  'release',
  'transfer',
  'disbursement',
  'reserve',
  'reversal',
] as const

export interface NewEntry {
  /** What makes it the same entry, however often it is booked: `run:<root>`, `payment:<end-to-end id>`. */
  booking: string
  kind: (typeof entryKinds)[number]
  /** A day. */
  bookedOn: string
  description: string
  details?: Record<string, string>
  postings: readonly Posting[]
}

export interface Entry extends NewEntry {
  number: bigint
  recordedAt: string
  previous: string
  digest: string
}

/** The digest that stands before the first entry. */
export const NO_PREVIOUS = '0'.repeat(64)
const CENTS_BOUND = 2n ** 53n

/** An entry sums to zero, has two sides, and only known accounts. Errors: `invalid_input` with the booking. */
export function checkEntry({ booking, postings, bookedOn }: NewEntry): void {
  const refuse = (message: string) => {
    throw new ColophonError('invalid_input', message, { where: booking, remedy: 'Nothing was booked.' })
  }
  if (postings.length < 2) refuse('an entry has at least two postings')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(bookedOn)) refuse('an entry has a day')
  let sum = 0n
  for (const { account, cents } of postings) {
    if (!(accounts as readonly string[]).includes(account)) refuse(`there is no account ${account}`)
    if (cents === 0n) refuse('a posting of 0 says nothing')
    if (cents >= CENTS_BOUND || cents <= -CENTS_BOUND) refuse('a posting exceeds 2^53 cents')
    sum += cents
  }
  if (sum !== 0n) refuse(`an entry sums to ${sum}, not to 0`)
}

/** What an entry is known by: SHA-256 over its head, the digest of the entry before it, and its postings, line by line. */
export function digestEntry(
  { booking, kind, bookedOn, description, details = {}, postings }: NewEntry,
  number: bigint,
  previous: string,
): string {
  const hash = createHash('sha256')
  hash.update(`${canonicalJson({ booking, kind, bookedOn, description, details, number: String(number), previous })}\n`)
  for (const { account, owner, cents } of postings) hash.update(`${canonicalJson([account, owner, String(cents)])}\n`)
  return hash.digest('hex')
}

/** The entry that takes another back: the same postings with the other sign, on the day on which it is taken back. */
export function reversalOf(entry: Pick<NewEntry, 'booking' | 'postings'>, bookedOn: string, reason: string): NewEntry {
  return {
    booking: `reversal:${entry.booking}`,
    kind: 'reversal',
    bookedOn,
    description: reason,
    details: { reverses: entry.booking },
    postings: entry.postings.map((posting) => ({ ...posting, cents: -posting.cents })),
  }
}

import { ColophonError, insertChunked, type Database, type Queries } from '../../foundation/index.ts'
import { NO_PREVIOUS, checkEntry, digestEntry, type Entry, type NewEntry, type Posting } from './entry.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_entry: {
      number: bigint
      booking: string
      kind: string
      booked_on: string
      description: string
      details: string
      recorded_at: string
      previous: string
      digest: string
    }
    levy_lock: { id: string; taken: bigint }
    levy_posting: { entry: bigint; line: bigint; account: string; owner: string; cents: bigint }
  }
}

/**
 * Books entries together: all of them or none. One that is booked already, word for word, is left as it is; under the same
 * name with other words it is refused. Returns how many were new. Errors: `invalid_input`, `state_not_allowed`.
 */
export async function bookEntries(db: Database, entries: readonly NewEntry[], recordedAt: string): Promise<number> {
  return inLedger(db, (queries) => bookWithin(queries, entries, recordedAt))
}

/**
 * Does something with the ledger alone: whoever else wants to book waits, and then sees what was booked. Everything that is
 * decided by what the ledger says is decided within.
 */
export async function inLedger<Result>(db: Database, run: (queries: Queries) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (queries) => {
    await queries
      .insertInto('levy_lock')
      .values({ id: 'ledger', taken: 1n })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ eb, ref }) => ({ taken: eb(ref('levy_lock.taken'), '+', 1n) })),
      )
      .execute()
    return run(queries)
  })
}

/** The same within `inLedger`. */
export async function bookWithin(queries: Queries, entries: readonly NewEntry[], recordedAt: string): Promise<number> {
  let last = await findLast(queries)
  let booked = 0
  for (const entry of entries) {
    checkEntry(entry)
    if (await isBooked(queries, entry)) continue
    const number = last.number + 1n
    const digest = digestEntry(entry, number, last.digest)
    const { booking, kind, bookedOn, description, details = {} } = entry
    await queries
      .insertInto('levy_entry')
      .values({
        number,
        booking,
        kind,
        booked_on: bookedOn,
        description,
        details: JSON.stringify(details),
        recorded_at: recordedAt,
        previous: last.digest,
        digest,
      })
      .execute()
    const rows = entry.postings.map((posting, line) => ({ entry: number, line: BigInt(line), ...posting }))
    await insertChunked(queries, 'levy_posting', rows)
    last = { number, digest }
    booked++
  }
  return booked
}

async function findLast(queries: Queries): Promise<{ number: bigint; digest: string }> {
  const row = await queries
    .selectFrom('levy_entry')
    .select(['number', 'digest'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? { number: 0n, digest: NO_PREVIOUS }
}

async function isBooked(queries: Queries, entry: NewEntry): Promise<boolean> {
  const row = await queries
    .selectFrom('levy_entry')
    .select(['number', 'previous', 'digest'])
    .where('booking', '=', entry.booking)
    .executeTakeFirst()
  if (!row) return false
  if (digestEntry(entry, row.number, row.previous) === row.digest) return true
  throw new ColophonError('state_not_allowed', 'this is booked already, with other words or amounts', {
    where: entry.booking,
    remedy: 'Entries are never changed: book a correction, or take it back by a reversal.',
  })
}

/** An entry with its postings. */
export async function findEntry(queries: Queries, booking: string): Promise<Entry | undefined> {
  const row = await queries.selectFrom('levy_entry').selectAll().where('booking', '=', booking).executeTakeFirst()
  return row && { ...entryOf(row), postings: await listPostings(queries, row.number) }
}

type EntryRow = Awaited<ReturnType<typeof listEntryRows>>[number]

function entryOf(row: EntryRow): Omit<Entry, 'postings'> {
  return {
    number: row.number,
    booking: row.booking,
    kind: row.kind as Entry['kind'],
    bookedOn: row.booked_on,
    description: row.description,
    details: JSON.parse(row.details) as Record<string, string>,
    recordedAt: row.recorded_at,
    previous: row.previous,
    digest: row.digest,
  }
}

async function listPostings(queries: Queries, entry: bigint): Promise<Posting[]> {
  return queries
    .selectFrom('levy_posting')
    .select(['account', 'owner', 'cents'])
    .where('entry', '=', entry)
    .orderBy('line')
    .execute()
}

const ENTRIES_AT_ONCE = 500

async function listEntryRows(queries: Queries, after: bigint) {
  return queries
    .selectFrom('levy_entry')
    .selectAll()
    .where('number', '>', after)
    .orderBy('number')
    .limit(ENTRIES_AT_ONCE)
    .execute()
}

/** Every entry in the order in which it was booked. */
export async function* readEntries(queries: Queries): AsyncGenerator<Entry> {
  let after = 0n
  for (;;) {
    const rows = await listEntryRows(queries, after)
    for (const row of rows) yield { ...entryOf(row), postings: await listPostings(queries, row.number) }
    if (rows.length < ENTRIES_AT_ONCE) return
    after = rows.at(-1)!.number
  }
}

export interface LedgerVerdict {
  entries: number
  /** What does not hold, with the entry. */
  findings: string[]
  /** The digest of the last entry: whoever knows it can tell later that nothing before it was changed. */
  digest: string
}

/** Reads the whole ledger and checks it again: sums, known accounts, the chain of digests, numbers without a gap. */
export async function checkLedger(queries: Queries): Promise<LedgerVerdict> {
  const findings: string[] = []
  let [entries, previous] = [0, NO_PREVIOUS]
  for await (const entry of readEntries(queries)) {
    entries++
    if (entry.number !== BigInt(entries)) findings.push(`entry ${entry.number} stands in place ${entries}`)
    if (entry.previous !== previous) findings.push(`entry ${entry.number} does not follow the one before it`)
    if (digestEntry(entry, entry.number, entry.previous) !== entry.digest)
      findings.push(`entry ${entry.number} (${entry.booking}) is not what was booked`)
    try {
      checkEntry(entry)
    } catch (error) {
      findings.push(`entry ${entry.number} (${entry.booking}): ${(error as Error).message}`)
    }
    previous = entry.digest
  }
  return { entries, findings, digest: previous }
}

/** Checks the whole ledger before something is told or paid from it. Errors: `log_corrupt` with the first thing that does not hold. */
export async function requireSound(queries: Queries): Promise<void> {
  const { findings } = await checkLedger(queries)
  if (findings.length > 0)
    throw new ColophonError('log_corrupt', `the ledger does not hold: ${findings[0]}`, {
      remedy: 'colophon levy ledger check says all of it. Nothing was done.',
    })
}

/** What stands on an account, by owner; zero balances are left out. Credits are negative. Owners by code points. */
export async function readBalances(
  queries: Queries,
  account: string,
  { owner, until }: { owner?: string; until?: string } = {},
): Promise<{ owner: string; cents: bigint }[]> {
  let query = queries
    .selectFrom('levy_posting')
    .innerJoin('levy_entry', 'levy_entry.number', 'levy_posting.entry')
    .select(({ fn }) => ['owner', fn.sum<bigint | number | string>('cents').as('cents')])
    .where('account', '=', account)
    .groupBy('owner')
    .orderBy('owner')
  if (owner !== undefined) query = query.where('owner', '=', owner)
  if (until !== undefined) query = query.where('booked_on', '<=', until)
  const rows = await query.execute()
  return rows.map((row) => ({ owner: row.owner, cents: BigInt(row.cents) })).filter(({ cents }) => cents !== 0n)
}

/** What was booked on one account, in order. */
export async function listMovements(queries: Queries, account: string, owner: string) {
  return queries
    .selectFrom('levy_posting')
    .innerJoin('levy_entry', 'levy_entry.number', 'levy_posting.entry')
    .select(['number', 'booking', 'kind', 'booked_on', 'description', 'details', 'cents'])
    .where('account', '=', account)
    .where('owner', '=', owner)
    .orderBy('number')
    .execute()
}

/** What each developer paid in a time, less what went back. */
export async function listReceipts(
  queries: Queries,
  { from, to }: { from: string; to: string },
): Promise<{ provider: string; cents: bigint }[]> {
  const rows = await queries
    .selectFrom('levy_posting')
    .innerJoin('levy_entry', 'levy_entry.number', 'levy_posting.entry')
    .select(({ fn }) => ['owner', fn.sum<bigint | number | string>('cents').as('cents')])
    .where('account', '=', 'Assets:Receivable')
    .where('kind', 'in', ['receipt', 'refund'])
    .where('booked_on', '>=', from)
    .where('booked_on', '<=', to)
    .groupBy('owner')
    .orderBy('owner')
    .execute()
  return rows.map(({ owner, cents }) => ({ provider: owner, cents: -BigInt(cents) })).filter(({ cents }) => cents > 0n)
}

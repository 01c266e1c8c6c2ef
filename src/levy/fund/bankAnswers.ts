import { isoTime, type Database, type Queries, type Tables } from '../../foundation/index.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { bookWithin, findEntry, inLedger } from '../ledger/store.ts'
import type { BankAnswer, PaymentOutcome } from '../payments/index.ts'

type PaymentRow = Tables['levy_payment']

/** What an answer of the bank changed. */
export interface MatchedAnswer {
  executed: number
  rejected: number
  returned: number
  pending: number
  /** Outcomes that were booked before. */
  known: number
  /** What fits no payment, or not its state, or not its amount; nothing was booked for it. */
  unmatched: { reference: string; endToEndId?: string; message: string }[]
}

/**
 * Books what a bank says of payments, each outcome once, however often its file is read. Executed: from “in transit” out
 * of the bank account. Rejected or returned: the payee has it again, with the tax that was kept back. One that is said of
 * a payment goes before one that is said of its message.
 */
export async function bookAnswer(db: Database, answer: BankAnswer, now: number): Promise<MatchedAnswer> {
  const matched: MatchedAnswer = { executed: 0, rejected: 0, returned: 0, pending: 0, known: 0, unmatched: [] }
  const ordered = answer.outcomes.toSorted((a, b) => scopes.indexOf(a.scope) - scopes.indexOf(b.scope))
  await inLedger(db, async (queries) => {
    for (const outcome of ordered) await bookOutcome(queries, outcome, isoTime(now), matched)
  })
  return matched
}

const scopes: PaymentOutcome['scope'][] = ['payment', 'batch', 'message']

async function bookOutcome(
  queries: Queries,
  outcome: PaymentOutcome,
  at: string,
  matched: MatchedAnswer,
): Promise<void> {
  const { reference, endToEndId } = outcome
  if (outcome.state === 'pending') {
    matched.pending++
    return
  }
  const payments = await findPayments(queries, outcome)
  if (payments.length === 0) {
    matched.unmatched.push({ reference, ...(endToEndId ? { endToEndId } : {}), message: 'no payment fits' })
    return
  }
  for (const payment of payments) {
    const booking = `outcome:${reference}:${payment.id}`
    if (await findEntry(queries, booking)) {
      matched.known++
      continue
    }
    const entry = entryOf(booking, payment, outcome, at)
    if (typeof entry === 'string') {
      matched.unmatched.push({ reference, endToEndId: payment.id, message: entry })
      continue
    }
    await bookWithin(queries, [entry], at)
    await queries
      .updateTable('levy_payment')
      .set({ state: outcome.state, reason: outcome.reasonCode ?? null })
      .where('id', '=', payment.id)
      .execute()
    matched[outcome.state]++
  }
}

/** The payment that is named, or all of a message that have no outcome yet. */
async function findPayments(
  queries: Queries,
  { scope, endToEndId, originalMessageId, originalBatchId }: PaymentOutcome,
): Promise<PaymentRow[]> {
  const query = queries.selectFrom('levy_payment').selectAll()
  if (endToEndId !== undefined) return query.where('id', '=', endToEndId).execute()
  const message = originalMessageId ?? originalBatchId
  if (scope === 'payment' || message === undefined) return []
  return query.where('message', '=', message).where('state', '=', 'sent').orderBy('id').execute()
}

/** The entry of an outcome, or why there is none. */
function entryOf(booking: string, payment: PaymentRow, outcome: PaymentOutcome, at: string): NewEntry | string {
  const { cents, tax_cents: tax, tax_country: country, account, payee, state } = payment
  if (outcome.scope === 'payment' && outcome.amountCents !== undefined && outcome.amountCents !== cents)
    return `the bank says ${outcome.amountCents} cents, and ${cents} were sent`
  const isBack = outcome.state !== 'executed'
  if (isBack ? !['sent', 'executed'].includes(state) : state !== 'sent') return `the payment is ${state} already`
  if (outcome.state === 'rejected' && state === 'executed')
    return 'the payment was executed, and cannot be rejected any more'
  const from = state === 'executed' ? 'Assets:Bank' : 'Assets:InTransit'
  return {
    booking,
    kind: isBack ? 'return' : 'execution',
    bookedOn: outcome.bookedOn ?? at.slice(0, 10),
    description: isBack ? `Payment ${outcome.state}${outcome.reason ? `: ${outcome.reason}` : ''}` : 'Payment executed',
    details: {
      payment: payment.id,
      reference: outcome.reference,
      ...(outcome.reasonCode ? { reason: outcome.reasonCode } : {}),
    },
    postings: isBack
      ? [
          { account, owner: payee, cents: -(cents + tax) },
          { account: from, owner: '', cents },
          ...(tax > 0n ? [{ account: 'Liabilities:Tax', owner: country!, cents: tax }] : []),
        ]
      : [
          { account: 'Assets:InTransit', owner: '', cents },
          { account: 'Assets:Bank', owner: '', cents: -cents },
        ],
  }
}

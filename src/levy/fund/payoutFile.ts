import { createHash } from 'node:crypto'
import { ColophonError, canonicalJson, type Queries, type Tables } from '../../foundation/index.ts'
import { findEntry } from '../ledger/store.ts'
import {
  writePain001File,
  type CreditTransfer,
  type PaymentAccount,
  type PaymentBatch,
  type WrittenPayments,
} from '../payments/index.ts'

const PAYMENTS_AT_ONCE = 5000

type PaymentRow = Pick<Tables['levy_payment'], 'id' | 'account' | 'payee' | 'cents' | 'tax_cents' | 'creditor'>

/** What is paid to whom, into which account: the entry in the ledger holds it, so that nobody changes it later. */
export function paymentsDigest(rows: readonly PaymentRow[]): string {
  const hash = createHash('sha256')
  for (const { id, account, payee, cents, tax_cents, creditor } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    hash.update(`${canonicalJson([id, account, payee, String(cents), String(tax_cents), creditor])}\n`)
  return hash.digest('hex')
}

/**
 * Writes the file of a payout, pain.001.001.09. Written again it has the same bytes and the same message identifier, by
 * which a bank refuses it the second time. Errors: `not_found`; those of the writer.
 */
export async function writePayout(
  queries: Queries,
  message: string,
  path: string,
  remittance: string,
): Promise<WrittenPayments> {
  const payout = await queries.selectFrom('levy_payout').selectAll().where('message', '=', message).executeTakeFirst()
  if (!payout) throw new ColophonError('not_found', 'there is no such payment file', { where: message })
  const rows = await queries.selectFrom('levy_payment').selectAll().where('message', '=', message).execute()
  const booked = await findEntry(queries, `payment:${message}`)
  if (booked?.details?.payments !== paymentsDigest(rows))
    throw new ColophonError('log_corrupt', 'the payments are not those that were booked', {
      where: message,
      remedy: 'Do not pay; find out who changed them.',
    })
  const debtor = JSON.parse(payout.debtor) as PaymentBatch['debtor']
  const batch: PaymentBatch = {
    id: message,
    executionDate: payout.execution_date,
    debtor,
    payments: () => readTransfers(queries, message, remittance),
    totals: { payments: rows.length, cents: rows.reduce((sum, { cents }) => sum + cents, 0n) },
  }
  return writePain001File(
    { id: message, createdAt: new Date(payout.created_at), initiatingParty: debtor.name, batches: [batch] },
    path,
  )
}

/** Payment files, latest first: what each came to, and how its payments stand. */
export async function listPayouts(queries: Queries) {
  const payouts = await queries.selectFrom('levy_payout').selectAll().orderBy('created_at', 'desc').limit(500).execute()
  const states = await queries
    .selectFrom('levy_payment')
    .select(({ fn }) => [
      'message',
      'state',
      fn.countAll<bigint>().as('count'),
      fn.sum<bigint | number | string>('cents').as('cents'),
    ])
    .groupBy(['message', 'state'])
    .orderBy('state')
    .execute()
  const byMessage = Map.groupBy(states, ({ message }) => message)
  return payouts.map(({ message, execution_date: executionDate, created_at: createdAt }) => ({
    message,
    executionDate,
    createdAt,
    states: (byMessage.get(message) ?? []).map(({ state, count, cents }) => ({
      state,
      payments: Number(count),
      cents: BigInt(cents),
    })),
  }))
}

async function* readTransfers(queries: Queries, message: string, remittance: string): AsyncGenerator<CreditTransfer> {
  for (let after = ''; ;) {
    const rows = await queries
      .selectFrom('levy_payment')
      .select(['id', 'cents', 'creditor'])
      .where('message', '=', message)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAYMENTS_AT_ONCE)
      .execute()
    for (const { id, cents, creditor } of rows)
      yield { endToEndId: id, amountCents: cents, creditor: JSON.parse(creditor) as PaymentAccount, remittance }
    if (rows.length < PAYMENTS_AT_ONCE) return
    after = rows.at(-1)!.id
  }
}

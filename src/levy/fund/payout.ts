import {
  ColophonError,
  canonicalJson,
  insertChunked,
  isoTime,
  sha256Hex,
  type Database,
  type Queries,
} from '../../foundation/index.ts'
import type { NewEntry, Posting } from '../ledger/entry.ts'
import { bookWithin, checkLedger, inLedger, readBalances, requireSound } from '../ledger/store.ts'
import {
  ACCOUNT_REASONS,
  TRANSFER_CENTS_MAX,
  checkAccount,
  type PaymentAccount,
  type PaymentBatch,
} from '../payments/index.ts'
import type { Distribution } from '../plans/schema.ts'
import { roundedQuotient } from '../assessment/facts.ts'
import { transferEntry } from './bookings.ts'
import { paymentsDigest } from './payoutFile.ts'
import { accountOf, listPayees, type Payee } from './payees.ts'

declare module '../../foundation/tables.ts' {
  interface Tables {
    levy_payout: { message: string; execution_date: string; debtor: string; created_at: string }
    levy_payment: {
      id: string
      message: string
      account: string
      payee: string
      cents: bigint
      tax_cents: bigint
      tax_country: string | null
      creditor: string
      state: string
      reason: string | null
    }
  }
}

/** Whom the fund owes money that it pays out. */
const PAID_ACCOUNTS = ['Liabilities:Payees', 'Liabilities:Heritage', 'Liabilities:Awards'] as const

export interface PayoutOptions {
  rules: Pick<Distribution, 'minimumPayoutCents' | 'withholding'>
  /** The account of the fund. */
  debtor: PaymentBatch['debtor']
  executionDate: string
  now: number
}

/** What is owed and not paid now, and why; it stays on the account. */
export interface NotPaid {
  account: string
  payee: string
  cents: bigint
  reason:
    | 'below-minimum'
    | 'unknown'
    | 'unlocated'
    | 'deceased'
    | 'merged'
    | 'no-account'
    | 'account-refused'
    | 'account-failed'
    | 'owes'
    | 'too-large'
}

export interface Payout {
  message: string
  payments: number
  cents: bigint
  taxCents: bigint
  notPaid: NotPaid[]
}

interface Payment {
  account: string
  payee: string
  cents: bigint
  taxCents: bigint
  taxCountry: string | null
  creditor: PaymentAccount
}

/**
 * Takes what is owed to payees, institutions and awarded applicants into one payment file. It is booked as on its way
 * before the file is written, so that no second call pays it again. Without anything to pay, `message` is empty. Errors:
 * `log_corrupt` when the ledger does not hold.
 */
export async function preparePayout(db: Database, options: PayoutOptions): Promise<Payout> {
  await requireSound(db)
  return inLedger(db, async (queries) => {
    for (const account of PAID_ACCOUNTS) await passOn(queries, account, isoTime(options.now))
    const notPaid: NotPaid[] = []
    const payments: Payment[] = []
    for (const account of PAID_ACCOUNTS) payments.push(...(await chooseOf(queries, account, options, notPaid)))
    const [cents, taxCents] = [sum(payments.map((each) => each.cents)), sum(payments.map((each) => each.taxCents))]
    if (payments.length === 0) return { message: '', payments: 0, cents, taxCents, notPaid }
    const message = await keepPayout(queries, payments, options)
    return { message, payments: payments.length, cents, taxCents, notPaid }
  })
}

/** What is owed to somebody who died or merged goes to who follows, one after another. */
async function passOn(queries: Queries, account: string, at: string): Promise<void> {
  for (let round = 0; round < SUCCESSIONS_MAX; round++) {
    const owed = new Map((await readBalances(queries, account)).map(({ owner, cents }) => [owner, cents]))
    const gone = (await listPayees(queries, {})).filter(
      ({ id, status, successor }) => owed.has(id) && successor !== null && GONE.has(status),
    )
    if (gone.length === 0) return
    const { entries } = await checkLedger(queries)
    const moves = gone.map(({ id, successor }, i) =>
      transferEntry({ account, from: id, to: successor!, cents: -owed.get(id)!, number: entries + i }, at.slice(0, 10)),
    )
    await bookWithin(queries, moves, at)
  }
  throw new ColophonError('invalid_input', 'payees follow one another in a circle, or too often', { where: account })
}

const SUCCESSIONS_MAX = 10
const GONE = new Set(['deceased', 'merged'])

const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n)
const PAYEES_AT_ONCE = 5000

async function chooseOf(
  queries: Queries,
  account: string,
  options: PayoutOptions,
  notPaid: NotPaid[],
): Promise<Payment[]> {
  const balances = await readBalances(queries, account)
  const payments: Payment[] = []
  for (let start = 0; start < balances.length; start += PAYEES_AT_ONCE) {
    const part = balances.slice(start, start + PAYEES_AT_ONCE)
    const known = new Map(
      (await listPayees(queries, { ids: part.map(({ owner }) => owner) })).map((payee) => [payee.id, payee]),
    )
    const failed = await findFailedAccounts(queries, [...known.keys()])
    for (const { owner, cents } of part) {
      const chosen = choose(known.get(owner), account, -cents, options, failed)
      if (typeof chosen === 'string') notPaid.push({ account, payee: owner, cents: -cents, reason: chosen })
      else payments.push(chosen)
    }
  }
  return payments
}

/** The payment of one payee, or why there is none. */
function choose(
  payee: Payee | undefined,
  account: string,
  owed: bigint,
  { rules, executionDate }: PayoutOptions,
  failed: ReadonlySet<string>,
): Payment | NotPaid['reason'] {
  if (owed < 0n) return 'owes'
  if (account === 'Liabilities:Payees' && owed < BigInt(rules.minimumPayoutCents)) return 'below-minimum'
  if (!payee) return 'unknown'
  if (payee.status !== 'located') return payee.status as 'unlocated' | 'deceased' | 'merged'
  const given = accountOf(payee)
  if (!given) return 'no-account'
  const { account: creditor } = checkAccount(given, payee.id)
  if (!creditor) return 'account-refused'
  if (failed.has(`${payee.id} ${creditor.iban}`)) return 'account-failed'
  const { taxCents, taxCountry } = account === 'Liabilities:Payees' ? taxOf(payee, owed, rules, executionDate) : NO_TAX
  if (owed - taxCents > TRANSFER_CENTS_MAX) return 'too-large'
  if (owed - taxCents <= 0n) return 'below-minimum'
  return { account, payee: payee.id, cents: owed - taxCents, taxCents, taxCountry, creditor }
}

/**
 * Accounts from which a bank sent money back because of the account itself, by payee and IBAN: another one has to be given.
 */
async function findFailedAccounts(queries: Queries, payees: readonly string[]): Promise<Set<string>> {
  if (payees.length === 0) return new Set()
  const rows = await queries
    .selectFrom('levy_payment')
    .select(['payee', 'creditor'])
    .where('payee', 'in', payees)
    .where('state', 'in', ['rejected', 'returned'])
    .where('reason', 'in', ACCOUNT_REASONS)
    .execute()
  return new Set(rows.map(({ payee, creditor }) => `${payee} ${(JSON.parse(creditor) as PaymentAccount).iban}`))
}

const NO_TAX = { taxCents: 0n, taxCountry: null }

/** Tax by residence; the lower rate while a certificate is in force. Rounded half up. */
function taxOf(
  { residence, certificate_until: until }: Payee,
  owed: bigint,
  { withholding }: PayoutOptions['rules'],
  day: string,
) {
  const rule =
    withholding.find(({ country }) => country === residence) ?? withholding.find(({ country }) => country === '*')
  if (!rule) return NO_TAX
  const ppm = until !== null && until >= day ? rule.certifiedPpm : rule.ppm
  return { taxCents: roundedQuotient(owed * BigInt(ppm), 1_000_000n), taxCountry: residence ?? 'unknown' }
}

async function keepPayout(queries: Queries, payments: readonly Payment[], options: PayoutOptions): Promise<string> {
  const createdAt = isoTime(options.now)
  const listed = payments.map(({ account, payee, cents }) => `${account} ${payee} ${cents}`).join('\n')
  const message = `COL-${sha256Hex(Buffer.from(`${createdAt}\n${canonicalJson(options.debtor)}\n${listed}`)).slice(0, 30)}`
  await queries
    .insertInto('levy_payout')
    .values({
      message,
      execution_date: options.executionDate,
      debtor: JSON.stringify(options.debtor),
      created_at: createdAt,
    })
    .execute()
  const rows = payments.map(({ account, payee, cents, taxCents, taxCountry, creditor }) => ({
    id: sha256Hex(Buffer.from(`${message}\n${account}\n${payee}`)).slice(0, 34),
    message,
    account,
    payee,
    cents,
    tax_cents: taxCents,
    tax_country: taxCountry,
    creditor: JSON.stringify(creditor),
    state: 'sent',
    reason: null,
  }))
  await insertChunked(queries, 'levy_payment', rows)
  await bookWithin(queries, [paymentEntry(message, payments, paymentsDigest(rows), createdAt)], createdAt)
  return message
}

function paymentEntry(message: string, payments: readonly Payment[], digest: string, at: string): NewEntry {
  const taxes = Map.groupBy(
    payments.filter(({ taxCents }) => taxCents > 0n),
    ({ taxCountry }) => taxCountry!,
  )
  const postings: Posting[] = payments.map(({ account, payee, cents, taxCents }) => ({
    account,
    owner: payee,
    cents: cents + taxCents,
  }))
  postings.push({ account: 'Assets:InTransit', owner: '', cents: -sum(payments.map(({ cents }) => cents)) })
  for (const [country, taxed] of taxes)
    postings.push({ account: 'Liabilities:Tax', owner: country, cents: -sum(taxed.map(({ taxCents }) => taxCents)) })
  return {
    booking: `payment:${message}`,
    kind: 'payment',
    bookedOn: at.slice(0, 10),
    description: 'Payment file',
    details: { message, payments: digest },
    postings,
  }
}

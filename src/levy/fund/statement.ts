import { ColophonError, assertInvariant, type Queries } from '../../foundation/index.ts'
import { listMovements } from '../ledger/store.ts'

/** What became of a payee's money in a time. All amounts are cents; what the payee has is positive. */
export interface AccountStatement {
  payee: string
  from: string
  to: string
  openingCents: bigint
  /** From runs and corrections, after the fee and the reserve of the fund. */
  netCents: bigint
  /** What was taken from this account for costs: nothing is; the fee is taken before anything is divided. */
  costsCents: bigint
  /** What came back from reserves, or was held back in them. */
  netReservesCents: bigint
  /** Paid out, less what came back from the bank. */
  paymentsCents: bigint
  taxCents: bigint
  /** Released by a vote after years in which nobody was found. */
  releasedCents: bigint
  closingCents: bigint
  lines: StatementLine[]
}

export interface StatementLine {
  day: string
  kind: string
  description: string
  cents: bigint
  /** Of a run: its root, by which the payee proves the line, and its period. */
  run?: { root: string; from: string; to: string }
}

/**
 * The statement of an account: closing = opening + net − costs + net reserves − payments − tax (− what was released).
 * Errors: `not_found` when nothing was ever booked for the payee.
 */
export async function stateAccount(
  queries: Queries,
  payee: string,
  from: string,
  to: string,
): Promise<AccountStatement> {
  const movements: Movement[] = []
  for (const account of ['Liabilities:Payees', 'Liabilities:Heritage', 'Liabilities:Awards'])
    for (const each of await listMovements(queries, account, payee)) movements.push({ ...each, account })
  movements.sort((a, b) => Number(a.number - b.number))
  if (movements.length === 0)
    throw new ColophonError('not_found', 'nothing was ever booked for this payee', { where: payee })
  const before = movements.filter((each) => each.booked_on < from)
  const within = movements.filter((each) => each.booked_on >= from && each.booked_on <= to)
  const sumOf = (rows: Movement[]) => rows.reduce((sum, { cents }) => sum - cents, 0n)
  const taxCents = await taxOf(queries, within, payee)
  const credits = sumOf(within.filter(({ kind }) => CREDITS.has(kind)))
  const outgoing = sumOf(within.filter(({ kind }) => kind === 'payment' || kind === 'return'))
  const releasedCents = -sumOf(within.filter(({ kind }) => kind === 'release'))
  const statement = {
    payee,
    from,
    to,
    openingCents: sumOf(before),
    netCents: credits,
    costsCents: 0n,
    netReservesCents: sumOf(within.filter(({ kind }) => kind === 'reserve')),
    paymentsCents: -outgoing - taxCents,
    taxCents,
    releasedCents,
    closingCents: sumOf(before) + sumOf(within),
    lines: within.map(lineOf),
  }
  checkStatement(statement)
  return statement
}

type Movement = Awaited<ReturnType<typeof listMovements>>[number] & { account: string }

const CREDITS = new Set(['run', 'correction', 'award', 'reversal', 'transfer', 'disbursement'])

function lineOf({ booked_on: day, kind, description, cents, details }: Movement): StatementLine {
  const { root, from, to } = JSON.parse(details) as Record<string, string>
  return { day, kind, description, cents: -cents, ...(root ? { run: { root, from: from ?? '', to: to ?? '' } } : {}) }
}

/** The tax in the payments of these movements; what came back is taken off again. */
async function taxOf(queries: Queries, movements: Movement[], payee: string): Promise<bigint> {
  let tax = 0n
  for (const { kind, details, account } of movements) {
    if (kind !== 'payment' && kind !== 'return') continue
    const { message, payment } = JSON.parse(details) as { message?: string; payment?: string }
    let query = queries
      .selectFrom('levy_payment')
      .select('tax_cents')
      .where('payee', '=', payee)
      .where('account', '=', account)
    query = payment ? query.where('id', '=', payment) : query.where('message', '=', message ?? '')
    for (const row of await query.execute()) tax += kind === 'payment' ? row.tax_cents : -row.tax_cents
  }
  return tax
}

function checkStatement(each: AccountStatement): void {
  const closing =
    each.openingCents +
    each.netCents -
    each.costsCents +
    each.netReservesCents -
    each.paymentsCents -
    each.taxCents -
    each.releasedCents
  assertInvariant(closing === each.closingCents, 'a statement of account closes at what its lines come to')
}

import { readBalances, readEntries } from '../ledger/store.ts'
import type { Queries } from '../../foundation/index.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { listRuns } from '../runs/kind.ts'
import { listUnlocated } from './unlocated.ts'

/** The yearly transparency report of a fund. Directive 2014/26/EU, Article 22 and its annex. Cents. */
export interface FundReport {
  year: number
  /** What developers owe, paid, and got back. */
  assessedCents: bigint
  receivedCents: bigint
  interestCents: bigint
  /** By run: what was distributed, and what became of it. */
  runs: {
    id: string
    root: string
    from: string
    to: string
    grossCents: bigint
    feeCents: bigint
    reserveCents: bigint
    groups: [string, bigint][]
    sectors: [string, bigint][]
    held: [string, bigint][]
  }[]
  administrationCents: bigint
  /** Of what came in, in ten-thousandths. */
  administrationShare: number
  paid: { group: string; cents: bigint; payments: number }[]
  returnedCents: bigint
  taxCents: bigint
  /** At the end of the year. */
  outstanding: { account: string; accounts: number; cents: bigint }[]
  unlocated: { count: number; cents: bigint; releasedCents: bigint }
}

/** Adds up a year from the ledger and the published runs, with `fund` those of that party alone. */
export async function writeReport(
  queries: Queries,
  year: number,
  plan: LevyPlan,
  fund: string | undefined,
): Promise<FundReport> {
  const [from, to] = [`${year}-01-01`, `${year}-12-31`]
  const sums = new Map<string, bigint>()
  const paid = new Map<string, { cents: bigint; payments: number }>()
  const booked = new Set<string>()
  for await (const { kind, bookedOn, postings, details = {} } of readEntries(queries)) {
    if (bookedOn < from || bookedOn > to) continue
    if (kind === 'run' && details.root) booked.add(details.root)
    if (kind === 'reversal' && details.reverses?.startsWith('run:'))
      booked.delete(details.reverses.slice('run:'.length))
    for (const { account, cents } of postings) {
      const key = `${kind} ${account}`
      sums.set(key, (sums.get(key) ?? 0n) + cents)
      if (kind !== 'payment' || !account.startsWith('Liabilities:') || account === 'Liabilities:Tax') continue
      const group = paid.get(account) ?? { cents: 0n, payments: 0 }
      paid.set(account, { cents: group.cents + cents, payments: group.payments + 1 })
    }
  }
  const sum = (...keys: string[]) => keys.reduce((total, key) => total + (sums.get(key) ?? 0n), 0n)
  const receivedCents = sum('receipt Assets:Bank', 'refund Assets:Bank')
  const administrationCents = -sum('run Income:Administration', 'reversal Income:Administration')
  return {
    year,
    assessedCents: sum('assessment Assets:Receivable', 'correction Assets:Receivable'),
    receivedCents,
    interestCents: sum('interest Assets:Receivable'),
    runs: await runsOf(queries, booked, fund),
    administrationCents,
    administrationShare: receivedCents > 0n ? Number((administrationCents * 10_000n) / receivedCents) : 0,
    paid: Array.from(paid, ([account, group]) => ({ group: account.slice('Liabilities:'.length), ...group })),
    returnedCents: sum('return Assets:Bank', 'return Assets:InTransit'),
    taxCents: -sum('payment Liabilities:Tax', 'return Liabilities:Tax'),
    outstanding: await outstandingAt(queries, to),
    unlocated: await unlocatedAt(queries, plan, to, sum('release Liabilities:Payees')),
  }
}

async function runsOf(
  queries: Queries,
  booked: ReadonlySet<string>,
  fund: string | undefined,
): Promise<FundReport['runs']> {
  const seen = new Set<string>()
  const runs = (await listRuns(queries, fund ? { party: fund } : {})).filter(({ report }) => {
    const isFirst = booked.has(report.root) && !seen.has(report.root)
    seen.add(report.root)
    return isFirst
  })
  return runs.map(({ id, report }) => ({
    id,
    root: report.root,
    from: report.period.from,
    to: report.period.to,
    grossCents: BigInt(report.grossCents),
    feeCents: BigInt(report.feeCents),
    reserveCents: BigInt(report.reserveCents),
    groups: Object.entries(report.groups).map(([name, cents]) => [name, BigInt(cents)]),
    sectors: report.sectors.map(({ sector, cents }) => [sector, BigInt(cents)]),
    held: report.held.map(({ reason, cents }) => [reason, BigInt(cents)]),
  }))
}

const OWED = ['Pool', 'Reserve', 'Heritage', 'CreatorSupport', 'Awards', 'Social', 'Payees', 'Held', 'Tax']

async function outstandingAt(queries: Queries, until: string): Promise<FundReport['outstanding']> {
  const rows = []
  for (const name of OWED) {
    const balances = await readBalances(queries, `Liabilities:${name}`, { until })
    if (balances.length > 0)
      rows.push({
        account: name,
        accounts: balances.length,
        cents: -balances.reduce((total, { cents }) => total + cents, 0n),
      })
  }
  return rows
}

async function unlocatedAt(
  queries: Queries,
  plan: LevyPlan,
  day: string,
  releasedCents: bigint,
): Promise<FundReport['unlocated']> {
  const found = await listUnlocated(queries, plan.distribution.unlocated, day)
  return { count: found.length, cents: found.reduce((total, { cents }) => total + cents, 0n), releasedCents }
}

import type { LevyFacts } from '../assessment/facts.ts'

/** Five developers that do not exist: FLOP, and what they earn in the EU in a year, in whole units of a currency. */
const INVENTED = [
  { name: 'Example A', flop: '2e26', revenue: 4_000_000_000n, users: 60_000_000n },
  { name: 'Example B', flop: '6e25', revenue: 900_000_000n, users: 21_000_000n },
  { name: 'Example C', flop: '1e25', revenue: 250_000_000n, users: 5_000_000n },
  { name: 'Example D', flop: '4e24', revenue: 40_000_000n, users: 900_000n },
  { name: 'Example E', flop: '3e23', revenue: 3_000_000n, users: 40_000n },
] as const

const LAG_YEARS_MAX = 10

/**
 * Facts that are invented, for a year, in the currency of whichever plan measures them. They have every figure that a plan
 * can ask for.
 */
export function inventedFacts(year: number): LevyFacts[] {
  return INVENTED.map(({ name, flop, revenue, users }, i) => {
    const cents = revenue * 100n
    const amounts = {
      euRevenue: cents,
      globalRevenue: cents * 4n,
      netIncome: cents / 5n,
      directInvestment: cents / 100n,
      users,
      protectedWorks: users / 10n,
      tokens: revenue * 1000n,
      hours: users / 100n,
      outputs: users * 50n,
      units: users / 20n,
    }
    const years = Array.from({ length: LAG_YEARS_MAX + 1 }, (_, back) => year - back)
    return {
      type: 'LevyFacts',
      provider: `did:example:invented-${i + 1}`,
      name,
      address: [],
      group: [],
      period: { from: `${year}-01-01`, to: `${year}-12-31` },
      isCommercial: true,
      isOnEuMarket: true,
      models: [{ name, flop: wholeOf(flop), level: 'estimated' }],
      figures: years.flatMap((each) =>
        Object.entries(amounts).map(([figure, amount]) => ({
          name: figure as keyof typeof amounts,
          year: each,
          amount: String(amount),
          level: 'estimated' as const,
        })),
      ),
      euSharePpm: 250_000,
      licences: [],
      exemptions: [],
    }
  })
}

function wholeOf(text: string): string {
  const [digit, zeros] = text.split('e') as [string, string]
  return digit + '0'.repeat(Number(zeros))
}

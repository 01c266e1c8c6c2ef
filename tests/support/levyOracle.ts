import type { Distribution } from '../../src/levy/plans/schema.ts'

/** A levy run as plain rows. */
export interface LevyRows {
  rules: Distribution
  contributions: { developer: string; cents: bigint }[]
  institutions: { id: string; objects: bigint; accessible: bigint; openLicence: bigint; ownCost: bigint }[]
  works: { id: string; sector: string }[]
  shares: { work: string; payee: string; share: number }[]
  uses: {
    work: string
    developer: string
    uses: bigint
    evidence: 'reported' | 'listed' | 'presumed'
    measure: 'use' | 'attribution'
  }[]
  confidencePpm: number
}

/** An exact fraction that is not negative. */
type Fraction = [bigint, bigint]

const of = (numerator: bigint | number, denominator: bigint | number = 1n): Fraction => {
  const [n, d] = [BigInt(numerator), BigInt(denominator)]
  const divisor = gcd(n, d) || 1n
  return [n / divisor, d / divisor]
}
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
const times = ([a, b]: Fraction, [c, d]: Fraction) => of(a * c, b * d)
const plus = ([a, b]: Fraction, [c, d]: Fraction) => of(a * d + c * b, b * d)
const minus = ([a, b]: Fraction, [c, d]: Fraction) => of(a * d - c * b, b * d)
const isMore = ([a, b]: Fraction, [c, d]: Fraction) => a * d > c * b
const floor = ([a, b]: Fraction) => a / b
const sum = (fractions: Fraction[]) => fractions.reduce(plus, of(0n))

/** Largest remainder on exact fractions: seats one after another to whoever lacks most; ids in code point order. */
function apportion(cents: bigint, weights: Record<string, Fraction>): Record<string, bigint> {
  const total = sum(Object.values(weights))
  const quotas = Object.entries(weights).map(([id, weight]): [string, Fraction] => [
    id,
    total[0] === 0n ? of(0n) : times(of(cents), times(weight, [total[1], total[0]])),
  ])
  const given: Record<string, bigint> = Object.fromEntries(quotas.map(([id, quota]) => [id, floor(quota)]))
  let left = cents - Object.values(given).reduce((a, b) => a + b, 0n)
  while (left > 0n) {
    let best: { id: string; lack: Fraction } | undefined
    for (const [id, quota] of quotas) {
      if (given[id]! > floor(quota) || quota[0] === 0n) continue
      const lack = minus(quota, of(given[id]!))
      const isFirst =
        best &&
        !isMore(best.lack, lack) &&
        !isMore(lack, best.lack) &&
        Buffer.from(id).compare(Buffer.from(best.id)) < 0
      if (!best || isMore(lack, best.lack) || isFirst) best = { id, lack }
    }
    given[best!.id]! += 1n
    left -= 1n
  }
  return given
}

const ppm = (part: number) => of(part, 1_000_000)

/** Where every cent goes, by account; zero amounts are left out. Written from the rules in words, apart from the product. */
export function oracle(rows: LevyRows): Map<string, bigint> {
  const { rules } = rows
  const accounts = new Map<string, bigint>()
  const book = (account: string, cents: bigint) => {
    if (cents !== 0n) accounts.set(account, (accounts.get(account) ?? 0n) + cents)
  }
  const gross = rows.contributions.reduce((total, { cents }) => total + cents, 0n)
  const inTwo = (cents: bigint, part: number) => apportion(cents, { part: ppm(part), rest: minus(of(1n), ppm(part)) })
  const reserve = inTwo(gross, rules.reserve.ppm).part!
  let fee = inTwo(gross, rules.fee.ppm).part!
  if (fee > BigInt(rules.fee.capCents)) fee = BigInt(rules.fee.capCents)
  if (fee > gross - reserve) fee = gross - reserve
  book('reserve', reserve)
  book('fee', fee)
  const { heritage, creatorSupport, rightsholders, social } = rules.groups
  const byGroup = apportion(gross - reserve - fee, {
    heritage: ppm(heritage),
    creatorSupport: ppm(creatorSupport),
    rightsholders: ppm(rightsholders),
    social: ppm(social),
  })
  book('creatorSupport', byGroup.creatorSupport!)
  book('social', byGroup.social!)
  divideHeritage(rows, byGroup.heritage!, book)
  if (byGroup.rightsholders! > 0n) dividePool(rows, byGroup.rightsholders!, book)
  return accounts
}

type Book = (account: string, cents: bigint) => void

function divideHeritage({ rules, institutions }: LevyRows, cents: bigint, book: Book): void {
  const criteria = (['objects', 'accessible', 'openLicence', 'ownCost'] as const).filter((name) =>
    institutions.some((each) => each[name] !== 0n),
  )
  if (criteria.every((name) => rules.heritage[name] === 0)) return book('heritage:none', cents)
  const parts = apportion(cents, Object.fromEntries(criteria.map((name) => [name, ppm(rules.heritage[name])])))
  for (const name of criteria) {
    const weights = Object.fromEntries(institutions.map((each) => [each.id, of(each[name])]))
    for (const [id, amount] of Object.entries(apportion(parts[name]!, weights))) book(`heritage:${id}`, amount)
  }
}

function dividePool(rows: LevyRows, pool: bigint, book: Book): void {
  const { weights, fallback, perDeveloper, presumption } = rows.rules.rightsholders
  const kinds = apportion(pool, {
    equal: ppm(weights.equal),
    use: ppm(weights.use),
    attribution: ppm(weights.attribution),
  })
  const works: Record<string, bigint> = {}
  const give = (amounts: Record<string, bigint>) => {
    for (const [work, cents] of Object.entries(amounts)) works[work] = (works[work] ?? 0n) + cents
  }
  const contributions = rows.contributions.filter(({ cents }) => cents > 0n)
  const isApart = perDeveloper && contributions.length > 0
  const inParts = (cents: bigint): Record<string, bigint> =>
    isApart
      ? apportion(cents, Object.fromEntries(contributions.map(({ developer, cents: paid }) => [developer, of(paid)])))
      : { '': cents }
  const known = (measure: 'use' | 'attribution', developer: string) => {
    const own = weigh(rows, measure, isApart ? developer : undefined)
    return isApart && Object.keys(own).length === 0 && presumption === 'as-reported' ? weigh(rows, measure) : own
  }
  const useParts = inParts(kinds.use!)
  let equal = kinds.equal!
  for (const [developer, part] of Object.entries(inParts(kinds.attribution!))) {
    const attributed = known('attribution', developer)
    const sure = inTwoNamed(part, Object.keys(attributed).length > 0 ? rows.confidencePpm : 0)
    if (sure.attribution! > 0n) give(bySectors(rows, sure.attribution!, attributed, book))
    if (fallback === 'use') useParts[developer] = (useParts[developer] ?? 0n) + sure.fallback!
    else equal += sure.fallback!
  }
  for (const [developer, part] of Object.entries(useParts)) {
    const uses = known('use', developer)
    if (part === 0n) continue
    if (Object.keys(uses).length > 0) give(bySectors(rows, part, uses, book))
    else if (isApart && presumption === 'none') book(`held:not-reported:${developer}`, part)
    else equal += part
  }
  if (equal > 0n) give(bySectors(rows, equal, Object.fromEntries(rows.works.map(({ id }) => [id, of(1n)])), book))
  for (const [work, cents] of Object.entries(works)) divideWork(rows, work, cents, book)
}

const inTwoNamed = (cents: bigint, part: number) =>
  apportion(cents, { attribution: ppm(part), fallback: minus(of(1n), ppm(part)) })

/** The weight of each work that has any. */
function weigh({ uses, rules }: LevyRows, measure: string, developer?: string): Record<string, Fraction> {
  const weights: Record<string, Fraction> = {}
  for (const line of uses) {
    if (line.measure !== measure || (developer !== undefined && line.developer !== developer)) continue
    const counts = measure === 'use' ? ppm(rules.rightsholders.evidence[line.evidence]) : of(1n)
    const weight = times(of(line.uses), counts)
    if (weight[0] > 0n) weights[line.work] = plus(weights[line.work] ?? of(0n), weight)
  }
  return weights
}

function bySectors(
  rows: LevyRows,
  cents: bigint,
  weights: Record<string, Fraction>,
  book: Book,
): Record<string, bigint> {
  const bySector = Object.groupBy(rows.works, ({ sector }) => sector)
  const fixed = rows.rules.rightsholders.sectors
  const parts: Record<string, Fraction> = fixed
    ? Object.fromEntries(Object.entries(fixed).map(([name, part]) => [name, ppm(part)]))
    : Object.fromEntries(
        Object.entries(bySector).map(([name, works]) => [name, sum(works!.map(({ id }) => weights[id] ?? of(0n)))]),
      )
  if (Object.values(parts).every(([n]) => n === 0n)) {
    book('held:no-works:', cents)
    return {}
  }
  const amounts: Record<string, bigint> = {}
  for (const [sector, amount] of Object.entries(apportion(cents, parts))) {
    const works = bySector[sector]
    if (!works) {
      book(`held:no-works:${sector}`, amount)
      continue
    }
    const isUsed = works.some(({ id }) => weights[id])
    const own = works.map(({ id }): [string, Fraction] => [id, isUsed ? (weights[id] ?? of(0n)) : of(1n)])
    Object.assign(amounts, apportion(amount, Object.fromEntries(own)))
  }
  return amounts
}

/** What nobody else's claim can take is yours; the rest waits. */
function divideWork({ shares }: LevyRows, work: string, cents: bigint, book: Book): void {
  const own = shares.filter((each) => each.work === work)
  const total = own.reduce((all, { share }) => all + share, 0)
  const safe = own.map(({ payee, share }): [string, number] => [
    `payee:${payee}`,
    total <= 10_000 ? share : Math.max(0, 10_000 - (total - share)),
  ])
  const contested = 10_000 - safe.reduce((all, [, part]) => all + part, 0)
  const name = `~held:${total > 10_000 ? 'over' : 'under'}-claimed:${work}`
  const parts = Object.fromEntries([...safe, [name, contested] as [string, number]].map(([id, part]) => [id, of(part)]))
  for (const [account, amount] of Object.entries(apportion(cents, parts))) book(account.replace('~', ''), amount)
}

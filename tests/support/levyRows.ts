import { distribute, type DistributionResult } from '../../src/levy/distribution/distribute.ts'
import type { WorkColumns } from '../../src/levy/distribution/rightsholders.ts'
import { readPlan, readPreset } from '../../src/levy/plans/readPlan.ts'
import type { LevyRows } from './levyOracle.ts'

const byId = (a: string, b: string) => Buffer.from(a).compare(Buffer.from(b))

/** Plain rows as the columns that the distribution takes. */
export function columnsOf(rows: LevyRows): { columns: WorkColumns; works: string[]; payees: string[] } {
  const ordered = rows.works.toSorted((a, b) => byId(a.sector, b.sector) || byId(a.id, b.id))
  const works = ordered.map(({ id }) => id)
  const payees = [...new Set(rows.shares.map(({ payee }) => payee))].sort(byId)
  const place = new Map(works.map((id, i) => [id, i]))
  const shares = rows.shares.toSorted((a, b) => place.get(a.work)! - place.get(b.work)! || byId(a.payee, b.payee))
  const start = new Uint32Array(works.length + 1)
  for (const { work } of shares) start[place.get(work)! + 1]!++
  for (let i = 0; i < works.length; i++) start[i + 1]! += start[i]!
  const sectors = new Map<string, { from: number; to: number }>()
  ordered.forEach(({ sector }, i) => {
    const range = sectors.get(sector)
    if (range) range.to = i + 1
    else sectors.set(sector, { from: i, to: i + 1 })
  })
  const columns: WorkColumns = {
    count: works.length,
    sectors,
    shares: {
      start,
      payee: Uint32Array.from(shares, ({ payee }) => payees.indexOf(payee)),
      share: Uint16Array.from(shares, ({ share }) => share),
    },
    payeeCount: payees.length,
    async fillUses(weights, measure, developer) {
      for (const line of rows.uses) {
        if (line.measure !== measure || (developer !== undefined && line.developer !== developer)) continue
        const each = measure === 'use' ? BigInt(rows.rules.rightsholders.evidence[line.evidence]) : 1n
        weights[place.get(line.work)!]! += line.uses * each
      }
      return weights.some((weight) => weight > 0n)
    },
  }
  return { columns, works, payees }
}

/** Distributes rows by the product, and names every account as the oracle does. */
export async function distributeRows(
  rows: LevyRows,
): Promise<{ accounts: Map<string, bigint>; works: Map<string, bigint> }> {
  const { columns, works, payees } = columnsOf(rows)
  const plan = { ...readPlan(readPreset('blank'), 'blank'), distribution: rows.rules }
  const { contributions, institutions, confidencePpm } = rows
  const result = await distribute({
    plan,
    contributions,
    institutions,
    works: columns,
    attributionConfidencePpm: confidencePpm,
  })
  return { accounts: accountsOf(result, works, payees), works: worksOf(result, works) }
}

function worksOf({ rightsholders }: DistributionResult, works: string[]): Map<string, bigint> {
  return new Map(works.map((id, i) => [id, BigInt(rightsholders?.works[i] ?? 0)]))
}

function accountsOf(result: DistributionResult, works: string[], payees: string[]): Map<string, bigint> {
  const accounts = new Map<string, bigint>()
  const book = (account: string, cents: bigint) => {
    if (cents !== 0n) accounts.set(account, (accounts.get(account) ?? 0n) + cents)
  }
  const { waterfall, heritage, rightsholders } = result
  book('reserve', waterfall.reserveCents)
  book('fee', waterfall.feeCents)
  book('creatorSupport', waterfall.groups.creatorSupport)
  book('social', waterfall.groups.social)
  if (!heritage) book('heritage:none', waterfall.groups.heritage)
  for (const [id, parts] of heritage ?? []) for (const cents of Object.values(parts)) book(`heritage:${id}`, cents)
  rightsholders?.payees.forEach((cents, i) => book(`payee:${payees[i]}`, BigInt(cents)))
  for (const { work, reason, cents } of rightsholders?.heldOfWorks ?? [])
    book(`held:${reason}:${works[work]}`, BigInt(cents))
  for (const { reason, where, cents } of rightsholders?.held ?? []) book(`held:${reason}:${where}`, cents)
  return accounts
}

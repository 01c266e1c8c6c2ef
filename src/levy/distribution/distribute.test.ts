import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { oracle, type LevyRows } from '../../../tests/support/levyOracle.ts'
import { distributeRows } from '../../../tests/support/levyRows.ts'
import { readPlan, readPreset } from '../plans/readPlan.ts'

const RUNS = { numRuns: 1500 }
const blank = readPlan(readPreset('blank'), 'blank').distribution

/** Millionths that sum to the whole. */
const parts = (count: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: count - 1, maxLength: count - 1 })
    .map((cuts) =>
      [0, ...cuts.toSorted((a, b) => a - b), 1_000_000].map((cut, i, all) => cut - (all[i - 1] ?? 0)).slice(1),
    )

const names = ['a', 'b', 'c', 'd', 'é', '𝔸', 'Z'] as const
const cents = fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 100_000_000_000n))
const count = fc.oneof(fc.constant(0n), fc.bigInt(0n, 5n), fc.bigInt(0n, 1_000_000n))

const rules = fc
  .record({
    groups: parts(4),
    heritage: parts(4),
    weights: parts(3),
    fixed: fc.option(parts(3), { nil: undefined }),
    reserve: fc.integer({ min: 0, max: 999_999 }),
    fee: fc.integer({ min: 0, max: 1_000_000 }),
    feeCap: fc.integer({ min: 0, max: 10_000 }),
    evidence: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 3, maxLength: 3 }),
    fallback: fc.constantFrom('equal' as const, 'use' as const),
    perDeveloper: fc.boolean(),
    presumption: fc.constantFrom('registered' as const, 'as-reported' as const, 'none' as const),
  })
  .map((drawn) => {
    const rules = structuredClone(blank)
    const [heritage, creatorSupport, rightsholders, social] = drawn.groups as [number, number, number, number]
    Object.assign(rules.groups, { heritage, creatorSupport, rightsholders, social })
    const [objects, accessible, openLicence, ownCost] = drawn.heritage as [number, number, number, number]
    Object.assign(rules.heritage, { objects, accessible, openLicence, ownCost })
    const [equal, use, attribution] = drawn.weights as [number, number, number]
    Object.assign(rules.rightsholders.weights, { equal, use, attribution })
    const [reported, listed, presumed] = drawn.evidence as [number, number, number]
    Object.assign(rules.rightsholders.evidence, { reported, listed, presumed })
    const { fallback, perDeveloper, presumption, fixed } = drawn
    Object.assign(rules.rightsholders, { fallback, perDeveloper, presumption })
    if (fixed) rules.rightsholders.sectors = { music: fixed[0]!, press: fixed[1]!, film: fixed[2]! }
    rules.reserve.ppm = drawn.reserve
    Object.assign(rules.fee, { ppm: drawn.fee, capCents: drawn.feeCap })
    return rules
  })

const rows: fc.Arbitrary<LevyRows> = fc
  .record({
    rules,
    contributions: fc.uniqueArray(fc.record({ developer: fc.constantFrom(...names), cents }), {
      selector: ({ developer }) => developer,
      maxLength: 4,
    }),
    institutions: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...names),
        objects: count,
        accessible: count,
        openLicence: count,
        ownCost: count,
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    ),
    works: fc.uniqueArray(fc.record({ id: fc.constantFrom(...names), sector: fc.constantFrom('music', 'press') }), {
      selector: ({ id }) => id,
      minLength: 1,
    }),
    shares: fc.uniqueArray(
      fc.record({
        work: fc.constantFrom(...names),
        payee: fc.constantFrom(...names),
        share: fc.oneof(fc.constantFrom(0, 3333, 5000, 10_000), fc.integer({ min: 0, max: 10_000 })),
      }),
      { selector: ({ work, payee }) => `${work} ${payee}`, maxLength: 14 },
    ),
    uses: fc.array(
      fc.record({
        work: fc.constantFrom(...names),
        developer: fc.constantFrom(...names),
        uses: count,
        evidence: fc.constantFrom('reported' as const, 'listed' as const, 'presumed' as const),
        measure: fc.constantFrom('use' as const, 'use' as const, 'attribution' as const),
      }),
      { maxLength: 12 },
    ),
    confidencePpm: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map((drawn) => {
    const known = new Set(drawn.works.map(({ id }) => id))
    const inWorks = ({ work }: { work: (typeof names)[number] }) => known.has(work)
    return { ...drawn, shares: drawn.shares.filter(inWorks), uses: drawn.uses.filter(inWorks) }
  })

const sorted = (accounts: Map<string, bigint>) => [...accounts].sort(([a], [b]) => (a < b ? -1 : 1))
const sum = (accounts: Map<string, bigint>) => [...accounts.values()].reduce((a, b) => a + b, 0n)
const grossOf = ({ contributions }: LevyRows) => contributions.reduce((total, { cents }) => total + cents, 0n)

test('an oracle in exact fractions agrees on every account, and every cent is somewhere', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const { accounts } = await distributeRows(given)
      assert.deepEqual(sorted(accounts), sorted(oracle(given)))
      assert.equal(sum(accounts), grossOf(given))
    }),
    RUNS,
  )
})

test('the order of what is given says nothing', async () => {
  const shuffled = rows.chain((given) =>
    fc.record({
      given: fc.constant(given),
      contributions: fc.shuffledSubarray(given.contributions, { minLength: given.contributions.length }),
      institutions: fc.shuffledSubarray(given.institutions, { minLength: given.institutions.length }),
      works: fc.shuffledSubarray(given.works, { minLength: given.works.length }),
      shares: fc.shuffledSubarray(given.shares, { minLength: given.shares.length }),
      uses: fc.shuffledSubarray(given.uses, { minLength: given.uses.length }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ given, ...others }) => {
      const [a, b] = [await distributeRows(given), await distributeRows({ ...given, ...others })]
      assert.deepEqual(sorted(a.accounts), sorted(b.accounts))
    }),
    { numRuns: 300 },
  )
})

test('whoever says no to AI loses nothing of the equal part, of heritage or of the support scheme', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...names), async (given, party) => {
      // A no keeps works out of training: no use of them is left. The equal part is looked at alone.
      const rules = structuredClone(given.rules)
      Object.assign(rules.rightsholders.weights, { equal: 1_000_000, use: 0, attribution: 0 })
      const own = new Set(given.shares.filter(({ payee }) => payee === party).map(({ work }) => work))
      const yes = await distributeRows({ ...given, rules })
      const no = await distributeRows({ ...given, rules, uses: given.uses.filter(({ work }) => !own.has(work)) })
      for (const account of [`payee:${party}`, `heritage:${party}`, 'creatorSupport'])
        assert.ok((no.accounts.get(account) ?? 0n) >= (yes.accounts.get(account) ?? 0n), account)
    }),
    { numRuns: 300 },
  )
})

test('heritage and the support scheme stay as they are when uses are taken away', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      const used = await distributeRows(given)
      const unused = await distributeRows({ ...given, uses: [] })
      for (const account of used.accounts.keys())
        if (account.startsWith('heritage:')) assert.equal(unused.accounts.get(account), used.accounts.get(account))
      assert.equal(unused.accounts.get('creatorSupport'), used.accounts.get('creatorSupport'))
    }),
    { numRuns: 200 },
  )
})

test('one more use of a work never lowers what it gets, and a work without weight gets nothing', async () => {
  const byUse = rows.map((given) => {
    const rules = structuredClone(given.rules)
    Object.assign(rules.groups, { heritage: 0, creatorSupport: 0, rightsholders: 1_000_000, social: 0 })
    Object.assign(rules.rightsholders.weights, { equal: 0, use: 1_000_000, attribution: 0 })
    rules.rightsholders.perDeveloper = false
    rules.rightsholders.evidence.reported = 1_000_000
    return { ...given, rules, works: given.works.map((work) => ({ ...work, sector: 'music' })) }
  })
  await fc.assert(
    fc.asyncProperty(byUse, fc.bigInt(1n, 1000n), async (given, more) => {
      const { id } = given.works[0]!
      const line = { work: id, developer: 'a', uses: more, evidence: 'reported' as const, measure: 'use' as const }
      const rules = structuredClone(given.rules)
      delete rules.rightsholders.sectors
      const before = await distributeRows({ ...given, rules })
      const after = await distributeRows({ ...given, rules, uses: [...given.uses, line] })
      const hadUses =
        oracle({ ...given, rules }).size > 0 &&
        given.uses.some(
          ({ measure, uses, evidence }) => measure === 'use' && uses > 0n && rules.rightsholders.evidence[evidence] > 0,
        )
      if (!hadUses) return
      assert.ok(after.works.get(id)! >= before.works.get(id)!)
      for (const { id: other } of given.works) {
        const weight = given.uses.some(
          ({ work, uses, measure, evidence }) =>
            work === other && uses > 0n && measure === 'use' && rules.rightsholders.evidence[evidence] > 0,
        )
        if (!weight) assert.equal(before.works.get(other), 0n)
      }
    }),
    { numRuns: 400 },
  )
})

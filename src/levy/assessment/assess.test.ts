import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPlan, readPreset, listPresets } from '../plans/readPlan.ts'
import { lintPlan } from '../plans/lintPlan.ts'
import type { LevyPlan } from '../plans/schema.ts'
import { assess } from './assess.ts'
import { readFacts } from './facts.ts'
import { lateInterest } from './lateInterest.ts'

const preset = (name: string) => readPlan(readPreset(name), name)
const figure = (name: string, amount: string, more: object = {}) => ({
  name,
  year: 2027,
  amount,
  level: 'declared',
  ...more,
})

function facts(more: object = {}) {
  return readFacts(
    {
      type: 'LevyFacts',
      provider: 'did:web:a.example',
      name: 'A',
      period: { from: '2027-01-01', to: '2027-12-31' },
      isCommercial: true,
      isOnEuMarket: true,
      models: [
        { name: 'small', flop: '9', level: 'declared' },
        { name: 'large', flop: '10000000000000000000000001', level: 'evidenced' },
      ],
      figures: [figure('euRevenue', '250000000001'), figure('users', '9'), figure('directInvestment', '0')],
      ...more,
    },
    'facts',
  )
}

test('every preset can be read, and none has an error', () => {
  assert.ok(listPresets().length >= 9)
  for (const name of listPresets())
    assert.deepEqual(
      lintPlan(preset(name)).filter(({ severity }) => severity === 'error'),
      [],
      name,
    )
})

test('the paper’s own plan gives rightsholders nothing, and heritage and creators everything', () => {
  assert.deepEqual(Object.values(preset('action-group-2026').distribution.groups).slice(0, 4), [500_000, 500_000, 0, 0])
})

test('FLOP beyond 2^53 are compared to the last unit', () => {
  const plan = preset('action-group-2026')
  assert.equal(assess(plan, facts(), '2027-12-31').isInScope, true)
  const one = facts({ models: [{ name: 'l', flop: '9999999999999999999999999', level: 'declared' }] })
  assert.equal(assess(plan, one, '2027-12-31').isInScope, false)
})

test('Denmark’s pattern: 2 %, and 3 % more below 5 % of local investment', () => {
  const plan = preset('denmark-streaming')
  const due = (invested: string) =>
    assess(
      plan,
      facts({ figures: [figure('euRevenue', '100000'), figure('directInvestment', invested)] }),
      '2027-12-31',
    ).dueCents
  assert.deepEqual([due('4999'), due('5000')], [5000n, 2000n])
})

test('Australia’s pattern: revenue of three years before, deals offset with 150 %', () => {
  const plan = preset('australia-draft-2026')
  const given = facts({
    period: { from: '2028-01-01', to: '2028-12-31' },
    figures: [
      { ...figure('euRevenue', '100000000000'), year: 2025 },
      { ...figure('euRevenue', '25000000000'), year: 2028 },
      { ...figure('users', '5000000'), year: 2028 },
    ],
    licences: [
      { licensor: 'a', amount: '100000000', isVerified: true },
      { licensor: 'b', amount: '100000000', isVerified: false },
    ],
  })
  assert.equal(assess(plan, given, '2028-12-31').dueCents, 2_250_000_000n - 150_000_000n)
})

test('half a year counts by its days, and instalments sum to what is due', () => {
  const plan = {
    ...preset('mistral-2026'),
    instalments: [
      { afterDays: 30, ppm: 333_333 },
      { afterDays: 60, ppm: 333_333 },
      { afterDays: 90, ppm: 333_334 },
    ],
  }
  const half = assess(plan, facts({ onMarket: { from: '2027-07-01', to: '2027-12-31' } }), '2027-12-31')
  const whole = 3_750_000_000n
  assert.equal(half.dueCents, (whole * 184n * 2n + 365n) / (365n * 2n))
  assert.equal(
    half.instalments.reduce((sum, { cents }) => sum + cents, 0n),
    half.dueCents,
  )
  assert.deepEqual(
    half.instalments.map(({ dueOn }) => dueOn),
    ['2028-01-30', '2028-02-29', '2028-03-30'],
  )
})

test('a figure in another currency needs a rate with its source and date', () => {
  const plan = preset('mistral-2026')
  const dollars = (more: object) => facts({ figures: [figure('euRevenue', '100', { currency: 'USD', ...more })] })
  assert.throws(() => assess(plan, dollars({}), '2027-12-31'), /no exchange rate to EUR/)
  const exchange = { rate: '0.915', source: 'ECB', date: '2027-12-31' }
  const lines = assess(plan, dollars({ exchange }), '2027-12-31').lines
  assert.match(lines.map(({ text }) => text).join('\n'), /is 92;/)
})

test('what is missing, twice, or not in force is refused', () => {
  const plan = preset('mistral-2026')
  assert.throws(() => assess(plan, facts({ figures: [] }), '2027-12-31'), /nothing says euRevenue of 2027/)
  const twice = [figure('euRevenue', '1'), figure('euRevenue', '2')]
  assert.throws(() => assess(plan, facts({ figures: twice }), '2027-12-31'), /twice for one company/)
  const before = { period: { from: '2026-01-01', to: '2026-12-31' } }
  assert.throws(() => assess(plan, facts(before), '2027-12-31'), /not in force/)
  for (const amount of ['-1', '1.5', 'NaN', '1e9', '01'])
    assert.throws(() => facts({ figures: [figure('users', amount)] }), /decimal digits/)
})

test('a claimed exemption counts only when it is verified', () => {
  const plan = preset('action-group-2026')
  const due = (isVerified: boolean) =>
    assess(plan, facts({ exemptions: [{ kind: 'sme', isVerified }] }), '2027-12-31').isInScope
  assert.deepEqual([due(true), due(false)], [false, true])
})

test('marginal bands never jump, slabs may, and more revenue never costs less', () => {
  const bands = fc
    .uniqueArray(fc.bigInt(1n, 1_000_000n), { maxLength: 4 })
    .map((cuts) => [0n, ...cuts.toSorted((a, b) => (a < b ? -1 : 1))])
    .chain((cuts) =>
      fc.tuple(
        fc.constant(cuts),
        fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: cuts.length, maxLength: cuts.length }),
      ),
    )
  fc.assert(
    fc.property(bands, fc.bigInt(0n, 2_000_000n), ([cuts, rates], revenue) => {
      const plan: LevyPlan = structuredClone(preset('mistral-2026'))
      plan.components[0]!.bands = cuts.map((from, i) => ({
        from: String(from),
        rate: String(rates[i]),
        legalBasis: 'x',
        status: 'assumed',
      }))
      const due = (amount: bigint) =>
        assess(plan, facts({ figures: [figure('euRevenue', String(amount))] }), '2027-12-31').dueCents
      // Computed apart: cent by cent of the base would be slow, band by band from above is not.
      let exact = 0n
      let left = revenue
      for (const [i, from] of [...cuts.entries()].toReversed())
        if (left > from) {
          exact += (left - from) * BigInt(rates[i]!)
          left = from
        }
      assert.equal(due(revenue), (exact * 2n + 1_000_000n) / 2_000_000n)
      assert.ok(due(revenue + 1n) >= due(revenue))
      assert.ok(due(revenue + 1n) - due(revenue) <= 1n)
    }),
    { numRuns: 200 },
  )
})

test('interest: simple, over a change of the reference rate, and by whole months', () => {
  const rule = preset('mistral-2026').interest!
  const rates = [
    { from: '2027-07-01', ppm: 20_000 },
    { from: '2027-01-01', ppm: 30_000 },
  ]
  // 1000.00 EUR: 30 days at 11 %, 31 days at 10 %, and 40 EUR.
  assert.equal(
    lateInterest(rule, 100_000n, '2027-06-01', '2027-08-01', rates),
    4000n + (100_000n * (30n * 110_000n + 31n * 100_000n) * 2n + 365_000_000n) / 730_000_000n,
  )
  assert.equal(lateInterest(rule, 100_000n, '2027-06-01', '2027-06-01', rates), 0n)
  assert.throws(() => lateInterest(rule, 1n, '2026-12-31', '2027-06-01', rates), /no reference rate/)
  const monthly = { kind: 'monthly' as const, ppm: 15_000, legalBasis: 'x', status: 'assumed' as const }
  assert.deepEqual(
    ['2027-02-27', '2027-02-28', '2027-03-31'].map((day) => lateInterest(monthly, 100_000n, '2027-01-28', day)),
    [0n, 1500n, 3000n],
  )
})

test('plans that cannot be put in force are told why', () => {
  const codes = (change: (plan: LevyPlan) => void, others: LevyPlan[] = []) => {
    const plan = structuredClone(preset('blank'))
    change(plan)
    return lintPlan(plan, others)
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code)
  }
  assert.deepEqual(
    codes((plan) => (plan.distribution.groups.heritage += 1)),
    ['does-not-sum'],
  )
  assert.deepEqual(
    codes((plan) => plan.components[0]!.bands.reverse()),
    ['bands-not-ascending'],
  )
  assert.deepEqual(
    codes((plan) => (plan.validUntil = '2026-01-01')),
    ['ends-before-it-begins'],
  )
  assert.deepEqual(
    codes(() => {}, [preset('blank')]),
    ['version-taken'],
  )
  assert.deepEqual(
    codes((plan) => (plan.version = 2), [preset('blank')]),
    ['two-in-force'],
  )
  assert.deepEqual(
    codes((plan) => Object.assign(plan, { version: 2, validFrom: '2028-01-01' }), [preset('blank')]),
    [],
  )
  const changed = codes(
    (plan) => Object.assign(plan, { version: 2, validFrom: '2028-01-01' }),
    [{ ...preset('blank'), validUntil: '2028-06-30' }],
  )
  assert.deepEqual(changed, ['two-in-force'])
})

test('a hostile plan is refused', () => {
  assert.throws(() => readPlan('a: &a [1]\nb: [*a, *a]', 'plan'), /alias|Excessive|Unresolved/i)
  assert.throws(() => readPlan('x'.repeat(200_001), 'plan'), /at most/)
  assert.throws(
    () => readPlan(readPreset('blank').replace('grantsLicence: false', 'grantsLicence: true'), 'plan'),
    /false/,
  )
  assert.throws(() => readPlan('[', 'plan'))
})

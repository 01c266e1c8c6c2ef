import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocate, leftFor, rankCandidates, type Candidate } from './allocate.ts'
import { groupsOf } from './statistics.ts'
import { readCents } from './schema.ts'
import { APPLICATION_STATES, daysAfter, requireStep } from './states.ts'

const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 3 }),
  points: fc.bigInt(0n, 40n),
  scores: fc.bigInt(1n, 4n),
  sentAt: fc.constantFrom('2026-11-24T00:00:00.000Z', '2026-11-25T00:00:00.000Z'),
  askedCents: fc.bigInt(1n, 2000n),
  acceptsLess: fc.boolean(),
})
const candidates = fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 12 })
const bounds = fc.record({
  leftCents: fc.bigInt(0n, 6000n),
  capCents: fc.bigInt(1n, 2000n),
  pointsMin: fc.bigInt(0n, 20n),
})

test('awards never exceed what is left, the cap or what was asked; who wants all or nothing gets one of the two', () => {
  fc.assert(
    fc.property(candidates, bounds, (drawn, limits) => {
      const ranked = rankCandidates(drawn)
      const allocations = allocate(ranked, limits)
      assert.ok(allocations.reduce((sum, { cents }) => sum + cents, 0n) <= limits.leftCents)
      for (const [i, { cents, outcome }] of allocations.entries()) {
        const { askedCents, acceptsLess, points, scores } = ranked[i]!
        assert.ok(cents <= limits.capCents && cents <= askedCents && cents >= 0n)
        if (!acceptsLess) assert.ok(cents === 0n || cents === askedCents || cents === limits.capCents)
        if (points < limits.pointsMin * scores) assert.deepEqual([cents, outcome], [0n, 'points'])
        assert.equal(cents === 0n, outcome === 'points' || outcome === 'money')
      }
      // Whoever gets nothing for want of money could not have been paid from what those before left.
      let left = limits.leftCents
      for (const [i, { cents, outcome }] of allocations.entries()) {
        const { askedCents } = ranked[i]!
        if (outcome === 'money') assert.ok((askedCents < limits.capCents ? askedCents : limits.capCents) > left)
        left -= cents
      }
    }),
  )
})

test('the ranking is by the mean, whatever the order of the applications', () => {
  fc.assert(
    fc.property(candidates, fc.array(fc.nat(), { maxLength: 12 }), bounds, (drawn, keys, limits) => {
      const shuffled = drawn
        .map((one, i) => ({ one, key: keys[i] ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ one }) => one)
      const ranked = rankCandidates(drawn)
      assert.deepEqual(rankCandidates(shuffled), ranked)
      assert.deepEqual(allocate(rankCandidates(shuffled), limits), allocate(ranked, limits))
      for (const [i, one] of ranked.entries()) {
        const next = ranked[i + 1]
        if (next) assert.ok(one.points * next.scores >= next.points * one.scores)
      }
    }),
  )
  const third = (id: string, points: bigint, scores: bigint): Candidate => {
    return { id, points, scores, sentAt: '', askedCents: 1n, acceptsLess: false }
  }
  assert.deepEqual(
    rankCandidates([third('b', 10n, 3n), third('c', 7n, 2n), third('a', 20n, 6n)]).map(({ id }) => id),
    ['c', 'a', 'b'],
  )
})

test('until a call closes its urgent part is spent on nobody else, and never more than the budget on all', () => {
  const spending = fc.array(fc.record({ isUrgent: fc.boolean(), wanted: fc.bigInt(1n, 3000n), closes: fc.boolean() }), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(
      spending,
      fc.record({ budget: fc.bigInt(1n, 10_000n), owed: fc.bigInt(0n, 3000n), ppm: fc.bigInt(0n, 1_000_000n) }),
      (asked, { budget, owed, ppm }) => {
        const owedCents = owed < budget ? owed : budget
        const spent = { budgetCents: budget, owedCents, urgentCents: 0n, otherCents: 0n, urgentPpm: ppm }
        const part = ((budget - owedCents) * ppm) / 1_000_000n
        let isClosed = false
        for (const { isUrgent, wanted, closes } of asked) {
          isClosed ||= closes
          const left = leftFor(isUrgent, spent, isClosed)
          const cents = wanted <= left ? wanted : left
          spent[isUrgent ? 'urgentCents' : 'otherCents'] += cents
          assert.ok(spent.urgentCents + spent.otherCents + owedCents <= budget)
          if (!isClosed) assert.ok(spent.otherCents <= budget - owedCents - part)
        }
      },
    ),
  )
})

test('figures tell no group of fewer than five, nor let one be had by subtraction', () => {
  const rows = fc.array(fc.record({ name: fc.constantFrom('AT', 'DE', 'FR', 'MT'), isAwarded: fc.boolean() }), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(rows, (drawn) => {
      const groups = groupsOf(drawn)
      for (const { applications } of groups) assert.ok(applications >= 5)
      const told = groups.reduce((sum, { applications }) => sum + applications, 0)
      assert.ok(told === drawn.length || (told === 0 && drawn.length < 5))
    }),
  )
})

test('an application goes from state to state as it should, and nowhere else', () => {
  const steps = []
  for (const from of APPLICATION_STATES)
    for (const to of APPLICATION_STATES) {
      try {
        requireStep(from, to)
        steps.push(`${from} ${to}`)
      } catch (error) {
        assert.equal((error as { code: string }).code, 'state_not_allowed')
      }
    }
  assert.deepEqual(steps, [
    'draft sent',
    'sent withdrawn',
    'sent awarded',
    'sent rejected',
    'awarded appealed',
    'rejected appealed',
    'appealed upheld',
    'appealed dismissed',
  ])
  assert.equal(daysAfter('2027-02-27', 3), '2027-03-02')
})

test('money is read as people write it, and never guessed', () => {
  const read = ['1200', '1200.5', '1 200,05', '1\u202f200', "1'200", '0.01'].map(readCents)
  assert.deepEqual(read, [120_000, 120_050, 120_005, 120_000, 120_000, 1])
  for (const text of ['1.200', '1.200,50', '-5', '1e3', '', '٣', '1200.', '99999999999999', 'NaN'])
    assert.equal(readCents(text), undefined, text)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openColumn } from './columns.ts'
import { compareIds, splitCents } from './splitCents.ts'

test('largest remainder on a case that is often got wrong', () => {
  const parts = [61n, 25n, 9n, 5n].map((weight, i) => ({ id: 'abcd'[i]!, weight }))
  assert.deepEqual([...splitCents(10n, parts).values()], [6n, 3n, 1n, 0n])
})

test('ties go to the smaller id by code points, whatever the order', () => {
  const parts = ['é', 'z', '𝔸', '｡'].map((id) => ({ id, weight: 1n }))
  const amounts = splitCents(6n, parts.toReversed())
  assert.deepEqual(
    [...amounts].sort(([a], [b]) => compareIds(a, b)),
    [
      ['z', 2n],
      ['é', 2n],
      ['｡', 1n],
      ['𝔸', 1n],
    ],
  )
})

test('columns divide as the plain division does, up to the bounds of both', () => {
  const weight = fc.oneof(
    fc.constantFrom(0n, 1n, 1_000_000n),
    fc.bigInt(0n, 1n << 20n),
    fc.bigInt(0n, (1n << 55n) - 1n),
  )
  const cents = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, 900_000_000_000n))
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 30 }), cents, (weights, pool) => {
      fc.pre(weights.some((each) => each > 0n))
      const column = openColumn(weights.length)
      column.weights.set(weights)
      const parts = weights.map((each, i) => ({ id: String(i).padStart(3, '0'), weight: each }))
      assert.deepEqual(Array.from(column.split(pool), BigInt), [...splitCents(pool, parts).values()])
    }),
    { numRuns: 3000 },
  )
})

test('what cannot be divided is refused', () => {
  const one = [{ id: 'a', weight: 1n }]
  assert.throws(() => splitCents(-1n, one), /cannot be divided/)
  assert.throws(() => splitCents(1n, []), /nobody to go to/)
  assert.throws(() => splitCents(1n, [...one, ...one]), /twice/)
  assert.throws(() => splitCents(1n, [{ id: 'a', weight: -1n }]), /negative/)
  const column = openColumn(2)
  assert.throws(() => column.split(1n), /nobody to go to/)
  column.weights.set([1n << 59n, 1n << 59n])
  assert.throws(() => column.split(1n), /exceed 2\^60/)
  column.weights.set([(1n << 64n) - 1n, 1n])
  assert.throws(() => column.split(1n), /exceed 2\^60/)
  column.weights.set([1n, 1n])
  assert.throws(() => column.split(900_000_000_001n), /not between/)
})

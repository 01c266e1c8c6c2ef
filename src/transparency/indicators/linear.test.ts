import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrap, randomNumbers, type Group } from './bootstrap.ts'
import { giniError, hillError, topShareError } from './linear.ts'
import { gini, hill, topShare } from './measures.ts'

const next = randomNumbers(7)
const groupsOf = (rows: () => number): Group[] =>
  Array.from({ length: 400 }, () => {
    const [count, each] = [rows(), 1 + 20 * next() ** 4]
    return { rows: count, weight: count * each, squares: count * each * each }
  })

const FIGURES = [
  { of: (weights: ArrayLike<number>) => topShare(weights, 40), error: topShareError(40), isOfUnits: true },
  { of: gini, error: giniError, isOfUnits: true },
  { of: (weights: ArrayLike<number>) => hill(weights, 1), error: hillError(1), isOfUnits: false },
  { of: (weights: ArrayLike<number>) => hill(weights, 2), error: hillError(2), isOfUnits: false },
]

test('standard errors without draws agree with those of a bootstrap, for rows and for whole groups', () => {
  for (const areUnits of [false, true]) {
    const groups = groupsOf(() => (areUnits ? 1 : Math.ceil(200 * next())))
    const [weights, squares] = [
      Float64Array.from(groups, ({ weight }) => weight),
      Float64Array.from(groups, (group) => group.squares),
    ]
    const figures = FIGURES.filter(({ isOfUnits }) => isOfUnits || !areUnits)
    const intervals = bootstrap(groups, figures, areUnits)
    for (const [i, { error }] of figures.entries()) {
      const ratio = (3.92 * error(weights, squares, areUnits)!) / (intervals[i]!.high - intervals[i]!.low)
      assert.ok(ratio > 0.85 && ratio < 1.18, `${areUnits} ${i}: ${ratio}`)
    }
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openPassageFilter } from './passageFilter.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéγ '), maxLength: 150 })
const shared = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéγ '), minLength: 10, maxLength: 130 })

/** All maximal shared runs of at least 50 bytes, by comparing everything with everything. */
function sharedRuns(work: Uint8Array, row: Uint8Array) {
  const runs: { workOffset: number; rowOffset: number; length: number }[] = []
  for (let diagonal = -work.length; diagonal <= row.length; diagonal++) {
    let length = 0
    for (let at = Math.max(0, -diagonal); at <= work.length; at++) {
      if (at < work.length && at + diagonal < row.length && work[at] === row[at + diagonal]) length++
      else {
        if (length >= 50) runs.push({ workOffset: at - length, rowOffset: at + diagonal - length, length })
        length = 0
      }
    }
  }
  return runs
}

test('the filter tells exactly the shared runs of fifty bytes, wherever they stand', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), text, text, text, text, shared, (others, a, b, c, d, run) => {
      const works = [...others.slice(0, 2), a + run + b].map(bytes)
      const rows = [...others.slice(2), c + run + d, run].map(bytes)
      const expected = rows.flatMap((row, j) =>
        works.flatMap((work, i) => sharedRuns(work, row).map((found) => ({ work: i, row: j, ...found }))),
      )
      const written = (list: object[]) => list.map((item) => JSON.stringify(item, Object.keys(item).sort())).sort()
      assert.deepEqual(written(openPassageFilter(works).scan(rows)), written(expected))
    }),
    { numRuns: 200 },
  )
})

test('works that repeat each other or themselves cost no more, and are told', () => {
  const notice = 'all rights reserved no part of this publication may be reproduced or transmitted in any form'
  const filter = openPassageFilter([...Array.from({ length: 30 }, () => bytes(notice)), bytes('z'.repeat(100_000))])
  const matches = filter.scan([bytes(`before ${notice} after`), bytes('z'.repeat(500))])
  assert.ok(matches.some(({ row, length }) => row === 0 && length >= notice.length))
  assert.ok(matches.some(({ row }) => row === 1))
  assert.throws(() => filter.scan([new Uint8Array(5_000_000)]), { code: 'too_large' })
  assert.deepEqual(openPassageFilter([]).scan([bytes(notice)]), [])
})

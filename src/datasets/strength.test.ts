import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DatasetInfo } from './datasetInfo.ts'
import type { FoundPlace } from './check.ts'
import { CHANCE_HITS_MAX, binomialTail, judgeHits } from './strength.ts'

const place = (found: Partial<FoundPlace>): FoundPlace => ({
  dataset: 'set-1',
  datasetName: 'Set',
  datasetVersion: '1',
  row: 0,
  url: null,
  rowCodes: { sha256: null, pdq: null },
  match: 'exact-file',
  measure: 0,
  excerpt: null,
  alignment: null,
  outline: null,
  stretch: null,
  preview: null,
  ...found,
})

/** A data set with so many rows of every kind. */
const datasetOf = (rows: number): DatasetInfo => ({
  id: 'set-1',
  name: 'Set',
  version: '1',
  source: null,
  contact: null,
  isExample: false,
  rowCount: rows,
  counts: { url: rows, text: rows, sha256: rows, pdq: rows, unreadable: 0, parts: rows, sounds: rows },
  indexedAt: '2026-01-01T00:00:00Z',
  parts: [],
  nextPart: 2,
})

const judge = (found: Partial<FoundPlace>, rows: number) => judgeHits([place(found)], [datasetOf(rows)])[0]!
const statusOf = (found: Partial<FoundPlace>, rows: number) => judge(found, rows).status

test('the tail of a binomial distribution is what tables say', () => {
  assert.ok(Math.abs(binomialTail(10, 0.5, 3) - 176 / 1024) < 1e-12)
  assert.ok(Math.abs(binomialTail(5, 0.4, 0) - 0.6 ** 5) < 1e-12)
  assert.equal(binomialTail(0, 0.4, 0), 1)
  assert.ok(Math.abs(binomialTail(8, 0.3, 8) - 1) < 1e-12)
})

test('files and addresses need no estimate; whole pictures keep theirs among billions', () => {
  for (const match of ['exact-file', 'url', 'domain'] as const)
    assert.deepEqual([statusOf({ match }, 1e10), judge({ match }, 1e10).expectedByChance], ['exact', null])
  assert.equal(statusOf({ match: 'near-picture', measure: 31 }, 6e9), 'aligned')
  assert.equal(statusOf({ match: 'near-picture', measure: 90 }, 1000), 'candidate')
})

test('the more is searched, the more must agree', () => {
  const cases: [Partial<FoundPlace>, Partial<FoundPlace>][] = [
    [
      { match: 'part-of-picture', measure: 19 },
      { match: 'part-of-picture', measure: 150 },
    ],
    [
      { match: 'sound', measure: 5, stretch: { queryStart: 0, rowStart: 0, seconds: 5, bitErrorRate: 0.2 } },
      { match: 'sound', measure: 90, stretch: { queryStart: 0, rowStart: 0, seconds: 90, bitErrorRate: 0.08 } },
    ],
    [
      { match: 'passage', measure: 50 },
      { match: 'passage', measure: 140 },
    ],
  ]
  for (const [weak, strong] of cases) {
    assert.equal(statusOf(weak, 1e6), 'candidate', `${weak.match}, weak`)
    assert.equal(statusOf(strong, 1e6), 'aligned', `${strong.match}, strong`)
    const expected = [10, 1e3, 1e6, 1e9].map((rows) => judge(strong, rows).expectedByChance!)
    assert.deepEqual(
      [...expected].sort((a, b) => a - b),
      expected,
    )
  }
  assert.equal(statusOf({ match: 'part-of-picture', measure: 19 }, 20), 'aligned')
})

test('the limit itself is a candidate', () => {
  const expected = judge({ match: 'part-of-picture', measure: 18 }, 1).expectedByChance!
  assert.equal(statusOf({ match: 'part-of-picture', measure: 18 }, Math.ceil(CHANCE_HITS_MAX / expected)), 'candidate')
})

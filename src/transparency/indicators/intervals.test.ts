import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EU_LANGUAGES, LANGUAGES } from '../../languages/index.ts'
import type { Dimension, Totals } from './aggregate.ts'
import type { Group } from './bootstrap.ts'
import { TOTALS_NOTE, type Figure } from './indicator.ts'
import { indicatorsOf } from './indicators.ts'

function totalsOf(groups: Partial<Record<Dimension, Record<string, Group>>>): Totals {
  const all = Object.values(Object.values(groups)[0] ?? {})
  const sum = (of: (group: Group) => number) => all.reduce((total, group) => total + of(group), 0)
  return {
    rows: sum(({ rows }) => rows),
    counted: sum(({ rows }) => rows),
    weight: sum(({ weight }) => weight),
    squares: sum(({ squares }) => squares),
    groups: Object.fromEntries(Object.entries(groups).map(([name, each]) => [name, new Map(Object.entries(each))])),
  }
}

const group = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.01, max: 1e4, noNaN: true }))
  .map(([rows, each]): Group => ({ rows, weight: rows * each, squares: rows * each * each }))

const groupsBy = (values: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...values), group, { minKeys: 1, maxKeys: 30 })

const totals = fc
  .record({
    language: groupsBy(['', ...LANGUAGES.keys()]),
    country: groupsBy(['', 'DE', 'FR', 'IT', 'PL', 'MT', 'US', 'BR']),
    gender: groupsBy(['', 'women', 'men', 'other']),
    creator: groupsBy(['', ...'abcdefghijklmnop']),
    domain: groupsBy(['', ...'abcdefghijklmnopqrstuvw']),
    culturalDomain: groupsBy(['', ...'abcd']),
    origin: groupsBy(['', 'licensed', 'synthetic', 'crawled']),
    year: groupsBy(['', '1800', '1990', '2000']),
  })
  .map(totalsOf)

const mostOf = ({ id, unit }: Figure, kinds: number) =>
  unit === 'effective number'
    ? kinds
    : unit === 'count'
      ? EU_LANGUAGES.length
      : unit === 'share' || unit === 'coefficient' || unit === 'bit' || id === 'evenness'
        ? 1
        : Infinity

test('property: every interval holds its figure, and nothing that the figure cannot be', () => {
  fc.assert(
    fc.property(totals, (each) => {
      // A reference names only what the column has.
      const genders = [...(each.groups.gender?.keys() ?? [])].filter((value) => value !== '')
      const genderReference = new Map(genders.map((value) => [value, 1]))
      const options = { weightBasis: 'rows', threshold: 0.01 }
      const list = indicatorsOf(each, genders.length > 0 ? { ...options, genderReference } : options)
      for (const { id: indicator, figures } of list)
        for (const figure of figures) {
          const { id, value, low = value, high = value, unit } = figure
          if (value === null) continue
          const said = `${indicator} ${id}: ${low} ≤ ${value} ≤ ${high}`
          assert.ok(low! <= value && value <= high!, said)
          const kinds = Math.max(1, ...Object.values(each.groups).map((groups) => groups.size))
          assert.ok(low! >= (unit === 'effective number' ? 1 : 0) && high! <= mostOf(figure, kinds), said)
          if (unit === 'count') assert.ok([low, value, high].every(Number.isInteger), said)
        }
    }),
    { numRuns: 60 },
  )
})

test('a table with one row for each value: figures of its values have no interval and a note says why', () => {
  const total = (weight: number): Group => ({ rows: 1, weight, squares: weight * weight })
  const each = totalsOf({
    language: { eng: total(5000), deu: total(300), mlt: total(2) },
    country: { DE: total(10), FR: total(5) },
    gender: { women: total(20), men: total(40) },
    origin: { licensed: total(1), crawled: total(9) },
    domain: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`site-${i}.example`, total(i + 1)])),
  })
  const list = indicatorsOf(each, { weightBasis: 'count', threshold: 0.01 })
  for (const { id, status, figures, note } of list) {
    if (status !== 'measured') continue
    assert.ok(note?.includes(TOTALS_NOTE), id)
    // Whatever the sites are called, their sizes vary.
    if (id === 'sourceConcentration') assert.ok(figures.every(({ low }) => low !== undefined))
    else
      assert.ok(
        figures.every(({ low, high }) => low === undefined && high === undefined),
        id,
      )
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyRelease, exampleRelease, hostileRelease } from '../../../../tests/support/indicatorReleases.ts'
import { toJsonStat } from './jsonStat.ts'
import { codeOf, type IndicatorRelease } from './release.ts'

interface Category {
  index: string[]
  label: Record<string, string>
  unit?: Record<string, { label: string }>
}
interface Dataset {
  version: string
  class: string
  label: string
  source: string
  updated: string
  note?: string[]
  id: string[]
  size: number[]
  role: { metric: string[] }
  dimension: Record<string, { label: string; category: Category }>
  value: (number | null)[]
  status: Record<string, string>
  extension: { indicators?: Record<string, { unknownShare: number | null }>; suppressed?: number }
}
interface Collection {
  version: string
  class: string
  link: { item: Dataset[] }
}

/** As a reader gets it: written and read again. */
const read = (release: IndicatorRelease) => JSON.parse(JSON.stringify(toJsonStat(release))) as Collection

/** What json-stat.org/full asks of a dataset, asked again without the code that wrote it. */
function assertDataset(dataset: Dataset): void {
  assert.deepEqual([dataset.version, dataset.class], ['2.0', 'dataset'])
  assert.equal(typeof dataset.label, 'string')
  assert.equal(typeof dataset.source, 'string')
  assert.ok(!Number.isNaN(Date.parse(dataset.updated)))
  assert.deepEqual(Object.keys(dataset.dimension), dataset.id)
  dataset.id.forEach((id, i) => {
    const { index, label, unit = {} } = dataset.dimension[id]!.category
    assert.equal(index.length, dataset.size[i])
    assert.equal(new Set(index).size, index.length, 'each category once')
    assert.deepEqual(new Set(Object.keys(label)), new Set(index))
    for (const code of Object.keys(unit)) assert.ok(index.includes(code))
    for (const code of index) assert.match(code, /^[A-Za-z0-9_@$-]+$/)
  })
  for (const metric of dataset.role.metric) assert.ok(dataset.id.includes(metric))
  const cells = dataset.size.reduce((product, size) => product * size, 1)
  assert.equal(dataset.value.length, cells)
  for (const value of dataset.value) assert.ok(value === null || Number.isFinite(value))
  for (const [at, status] of Object.entries(dataset.status)) {
    assert.ok(Number(at) < cells && dataset.value[Number(at)] === null)
    assert.match(status, /^[OQ]$/)
  }
}

/** A cell by the codes of its categories. */
function cell(dataset: Dataset, ...codes: string[]): number | null | undefined {
  const at = codes.reduce((place, code, i) => {
    const category = dataset.dimension[dataset.id[i]!]!.category.index.indexOf(code)
    assert.ok(category >= 0, `${dataset.id[i]} has no ${code}`)
    return place * dataset.size[i]! + category
  }, 0)
  return dataset.value[at]
}

test('a release is a collection of cubes that readers of JSON-stat 2.0 can read', () => {
  const release = exampleRelease()
  const collection = read(release)
  assert.deepEqual([collection.version, collection.class], ['2.0', 'collection'])
  const [figures, ...tables] = collection.link.item
  assert.equal(tables.length, release.indicators.filter(({ table }) => table).length)
  collection.link.item.forEach(assertDataset)
  for (const { id, unknownShare, figures: all } of release.indicators) {
    assert.equal(figures!.extension.indicators![id]!.unknownShare, unknownShare)
    for (const figure of all) {
      const code = codeOf(figure.id)
      assert.equal(cell(figures!, id, code, 'value'), figure.value)
      assert.equal(cell(figures!, id, code, 'low'), figure.low ?? null)
      assert.equal(cell(figures!, id, code, 'high'), figure.high ?? null)
    }
  }
})

test('a table keeps its cells, says their unit, and that some were left out', () => {
  const release = exampleRelease()
  const tables = read(release).link.item.slice(1)
  const parity = tables.find(({ label }) => label.startsWith('Parity with speakers'))!
  const row = release.indicators[3]!.table!.rows.find(([code]) => code === 'gle')!
  assert.equal(cell(parity, 'gle', 'parity'), row[5])
  assert.equal(parity.dimension.row!.category.label.gle, 'Irish')
  assert.equal(parity.dimension.column!.category.unit!.shareOfSpeakers!.label, 'share')
  const gender = tables.find(({ label }) => label.startsWith('Parity of creators'))!
  assert.equal(gender.extension.suppressed, 2)
  assert.equal(cell(gender, '_O', 'rows'), null)
  assert.ok(Object.values(gender.status).includes('Q'))
  assert.ok(!JSON.stringify(gender).includes('script'))
})

test('what was not provided is listed without a figure', () => {
  const { item } = read(emptyRelease()).link
  assert.equal(item.length, 1)
  assertDataset(item[0]!)
  assert.deepEqual(item[0]!.size, [21, 0, 3])
})

test('whatever a data set calls its parts, the cubes stay consistent and keep the names', () => {
  fc.assert(
    fc.property(hostileRelease, (release) => {
      const { item } = read(release).link
      item.forEach(assertDataset)
      const names = item.flatMap(({ dimension }) => Object.values(dimension.row?.category.label ?? {}))
      for (const { table } of release.indicators)
        for (const [name] of table?.rows ?? []) assert.ok(names.includes(String(name).toWellFormed()))
    }),
    { numRuns: 50 },
  )
})

test('codes are of SDMX’s characters, and different texts have different ones', () => {
  const texts = ['', ' ', 'a', 'A', '_T', '$5F$T', 'a-b', 'x'.repeat(200), 'x'.repeat(201), '\uD800', '\uD801', '€']
  const codes = texts.map(codeOf)
  assert.equal(new Set(codes).size, texts.length)
  for (const code of codes) assert.match(code, /^[A-Za-z0-9$][A-Za-z0-9_@$-]{0,99}$/)
  assert.equal(codeOf('share:male'), 'share$3A$male')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emptyRelease, exampleRelease, hostileRelease } from '../../../../tests/support/indicatorReleases.ts'
import { codeOf, type IndicatorRelease } from './release.ts'
import { DATAFLOW, toSdmxCsv } from './sdmxCsv.ts'

/** Reads CSV by the grammar of RFC 4180, character by character. */
function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const record: string[] = []
    for (;;) {
      let field = ''
      if (text[at] === '"') {
        for (at++; ; at++) {
          assert.ok(at < text.length, 'a quote is closed')
          if (text[at] !== '"') field += text[at]
          else if (text[at + 1] === '"') field += text[++at]!
          else break
        }
        at++
      } else for (; at < text.length && !',\r\n'.includes(text[at]!); at++) field += text[at]!
      record.push(field)
      if (text[at] !== ',') break
      at++
    }
    assert.equal(text.slice(at, at + 2), '\r\n')
    at += 2
    records.push(record)
  }
  return records
}

function read(release: IndicatorRelease): Record<string, string>[] {
  const [header, ...records] = readCsv(toSdmxCsv(release))
  return records.map((record) => {
    assert.equal(record.length, header!.length)
    return Object.fromEntries(header!.map((name, i) => [name, record[i]!]))
  })
}

const KEY = ['DATASET', 'INDICATOR', 'FIGURE', 'CATEGORY', 'TIME_PERIOD']

/** What the field guide of SDMX-CSV 2.0.0 and the code list of statuses ask of each row. */
function assertRows(rows: Record<string, string>[]): void {
  for (const row of rows) {
    assert.deepEqual([row.STRUCTURE, row.STRUCTURE_ID, row.ACTION], ['dataflow', DATAFLOW, 'I'])
    for (const name of KEY.slice(0, 4)) assert.match(row[name]!, /^[A-Za-z0-9_@$-]+$/)
    assert.match(row.OBS_STATUS!, /^[AOQ]$/)
    assert.equal(row.OBS_STATUS === 'A', row.OBS_VALUE !== '', 'a value or a reason')
    if (row.OBS_VALUE) assert.ok(Number.isFinite(Number(row.OBS_VALUE)))
  }
  const keys = rows.map((row) => KEY.map((name) => row[name]).join('|'))
  assert.equal(new Set(keys).size, keys.length, 'each observation once')
}

test('the header is that of SDMX-CSV 2.0: structure, its id, action, dimensions, value, attributes', () => {
  const [header] = readCsv(toSdmxCsv(exampleRelease()))
  assert.equal(
    header!.join(),
    'STRUCTURE,STRUCTURE_ID,ACTION,DATASET,INDICATOR,FIGURE,CATEGORY,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,LOWER_BOUND,UPPER_BOUND,TITLE,COMMENT_OBS',
  )
  assert.match(DATAFLOW, /^[A-Z]+:[A-Z_]+\(\d+\.\d+\.\d+\)$/)
})

test('every figure, unknown share and cell is an observation, with its interval', () => {
  const release = exampleRelease()
  const rows = read(release)
  assertRows(rows)
  const find = (indicator: string, figure: string, category: string) => {
    const found = rows.find((row) => row.INDICATOR === indicator && row.FIGURE === figure && row.CATEGORY === category)
    assert.ok(found, `${indicator} ${figure} ${category}`)
    return found
  }
  for (const { id, figures, unknownShare, formula } of release.indicators) {
    for (const { id: figure, value, low, unit } of figures) {
      const row = find(id, codeOf(figure), '_T')
      assert.equal(row.OBS_VALUE, value === null ? '' : String(value))
      assert.equal(row.LOWER_BOUND, low === undefined ? '' : String(low))
      assert.equal(row.UNIT_MEASURE, unit.toUpperCase().replace(' ', '_'))
      assert.ok(row.COMMENT_OBS!.includes(formula))
    }
    if (unknownShare !== null) assert.equal(find(id, 'unknownShare', '_T').OBS_VALUE, String(unknownShare))
  }
  assert.equal(find('culturalDomains', 'rows', codeOf('visual arts')).OBS_VALUE, '30000')
  assert.equal(find('creatorParity', 'rows', '_O').OBS_STATUS, 'Q')
  assert.equal(find('_Z', 'counted', '_T').OBS_VALUE, '1000000')
})

test('an indicator that nothing was given for is a missing value with what it needs', () => {
  const rows = read(emptyRelease())
  assertRows(rows)
  const missing = rows.filter(({ FIGURE }) => FIGURE === '_Z')
  assert.equal(missing.length, 21)
  for (const row of missing) {
    assert.equal(row.OBS_STATUS, 'O')
    assert.match(row.COMMENT_OBS!, /It needs --/)
  }
})

test('whatever a data set calls its parts, the file reads back, and no cell begins like a formula', () => {
  fc.assert(
    fc.property(hostileRelease, (release) => {
      const rows = read(release)
      assertRows(rows)
      const places = new Set(rows.map(({ INDICATOR, CATEGORY }) => `${INDICATOR} ${CATEGORY}`))
      for (const { id, table } of release.indicators)
        for (const [name] of table?.rows ?? []) assert.ok(places.has(`${id} ${codeOf(String(name))}`))
      // Also where a spreadsheet splits at semicolons, tabs or quotes instead of reading the file as it is.
      const text = toSdmxCsv(release)
      assert.ok(text.isWellFormed())
      for (const piece of text.split(/[,;|\t\r\n"]/))
        if (/^\s*[=+\-@＝＋－＠]/.test(piece)) assert.ok(Number.isFinite(Number(piece)), JSON.stringify(piece))
    }),
    { numRuns: 50 },
  )
})

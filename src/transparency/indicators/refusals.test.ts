import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { indicators } from '../../cli/indicators.ts'
import { aggregate, type Totals } from './aggregate.ts'
import { indicatorsOf } from './indicators.ts'

const OPTIONS = { weightBasis: 'rows', threshold: 0.01 }

async function withCsv(text: string, run: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-refusals-test-'))
  try {
    const path = join(folder, 'rows.csv')
    writeFileSync(path, text)
    await run(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const refused = (code: string, says: RegExp) => (error: { code?: string; message?: string; remedy?: string }) => {
  assert.equal(error.code, code)
  assert.match(`${error.message} ${error.remedy}`, says)
  return true
}

const totalsOf = (dimension: 'gender' | 'language', counts: Record<string, number>): Totals => {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const groups = new Map(Object.entries(counts).map(([value, n]) => [value, { rows: n, weight: n, squares: n }]))
  return { rows, counted: rows, weight: rows, squares: rows, groups: { [dimension]: groups } }
}

test('without a column the options that exist are listed', async () => {
  await withCsv('a,b\n1,2\n', async (path) => {
    await assert.rejects(aggregate([path], {}), refused('usage', /--language-column.*--cultural-domain-column/))
    await assert.rejects(aggregate([path], { weight: 'a' }), refused('usage', /--language-column/))
  })
})

test('weights that cannot be summed up are refused', () =>
  withCsv('l,w\nde,1e308\nde,1e308\nfr,1\n', async (path) => {
    await assert.rejects(aggregate([path], { language: 'l', weight: 'w' }), refused('dataset_invalid', /weights/))
  }))

test('a reference for a gender that the column does not have is refused, with what it has', () => {
  const genderReference = new Map([
    ['female', 0.5],
    ['male', 0.5],
  ])
  assert.throws(
    () => indicatorsOf(totalsOf('gender', { women: 20, men: 30 }), { ...OPTIONS, genderReference }),
    refused('usage', /female.*men, women/),
  )
})

test('a reference of some official languages: least and below are of the same languages', () => {
  const speakers = new Map([
    ['deu', 80],
    ['mlt', 20],
  ])
  const list = indicatorsOf(totalsOf('language', { deu: 95, mlt: 5, fra: 50 }), {
    ...OPTIONS,
    reference: { speakers, source: 'invented' },
  })
  const { figures, formula } = list[3]!
  const value = (id: string) => figures.find((each) => each.id === id)!.value
  assert.ok(Math.abs(value('least')! - 5 / 150 / 0.2) < 1e-9)
  assert.deepEqual([value('below'), /2 of 24/.test(formula)], [2, true])
})

test('what lineage closure needs is an option that exists, and a file is no folder to write into', async () => {
  const list = indicatorsOf(totalsOf('gender', { women: 20 }), OPTIONS)
  assert.match(list.find(({ id }) => id === 'lineageClosure')!.note!, /--trail TRAIL --entity ENTITY/)
  await withCsv('l\nde\n', (path) =>
    assert.rejects(indicators.run([path, '--language-column', 'l', '-o', path]), refused('usage', /folder/)),
  )
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError } from '../foundation/index.ts'
import { addToDataset, buildDatasetIndex } from './buildIndex.ts'
import { readDatasetInfo } from './datasetInfo.ts'
import { datasetIdOf, hashedIdOf } from './datasetId.ts'

test('plain names keep the ids that they always had', () => {
  assert.equal(datasetIdOf('My set', '2026-01'), 'my-set-2026-01')
  assert.equal(datasetIdOf('LAION 5B (aesthetic)', 'v1.2'), 'laion-5b-aesthetic-v1.2')
  assert.equal(datasetIdOf('.../etc/passwd', '1'), 'etc-passwd-1')
  assert.equal(datasetIdOf('a'.repeat(80), '1'), `${'a'.repeat(80)}-1`)
})

test('other names are readable as far as Latin letters go, and each has an id of its own', () => {
  assert.match(datasetIdOf('Möbel aus Córdoba', '1'), /^mobel-aus-cordoba-1-[0-9a-f]{10}$/)
  assert.match(datasetIdOf('Σύνολο εικόνων', '2026-01'), /^2026-01-[0-9a-f]{10}$/)
  assert.match(datasetIdOf('Набор данных', 'первая'), /^[0-9a-f]{10}$/)
  const alike = 'the same eighty characters '.repeat(3)
  const names = ['Σύνολο εικόνων', 'Σύνολο ήχων', 'Набор', 'Mobel ö', 'Mobel ø', `${alike} one`, `${alike} two`]
  const ids = names.flatMap((name) => [datasetIdOf(name, '1'), datasetIdOf(name, '2'), datasetIdOf(name, 'β')])
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(datasetIdOf('Mo\u0308bel', '1'), datasetIdOf('M\u00f6bel', '1'))
  for (const text of ['…', '', ' - ', '\u0301'])
    assert.throws(
      () => datasetIdOf(text, '1'),
      (error: ColophonError) => error.code === 'usage',
    )
})

test('whatever a data set is called, its id is the name of a folder that can be asked for', () => {
  const named = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => /[\p{L}\p{N}]/u.test(text))
  fc.assert(
    fc.property(named, named, (name, version) => {
      for (const id of [datasetIdOf(name, version), hashedIdOf(name, version)]) {
        assert.match(id, /^[a-z0-9][a-z0-9.-]*$/)
        assert.ok(id.length <= 172)
      }
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('names that read alike stand beside each other, and the same name and version is told to be there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-ids-'))
  const csv = join(directory, 'rows.csv')
  writeFileSync(csv, 'address\nhttps://a.example/1\n')
  const indexes = join(directory, 'indexes')
  const rows = { inputs: [csv], columns: { url: 'address' }, directory: indexes, now: 0 }
  const build = (name: string, version = '1') => buildDatasetIndex({ ...rows, name, version })
  const [spaced, hyphened] = [await build('My set'), await build('my-set')]
  assert.equal(spaced.id, 'my-set-1')
  assert.match(hyphened.id, /^my-set-1-[0-9a-f]{10}$/)
  const greek = await build('Σύνολο')
  assert.equal((await addToDataset({ ...rows, dataset: greek.id })).rowCount, 2)
  assert.equal(readDatasetInfo(indexes, greek.id).name, 'Σύνολο')
  for (const name of ['My set', 'my-set', 'Σύνολο'])
    await assert.rejects(build(name), (error: ColophonError) => error.code === 'dataset_exists')
  rmSync(directory, { recursive: true, force: true })
})

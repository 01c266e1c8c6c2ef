import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DatasetInfo } from './datasetInfo.ts'
import { partsExpectedByChance, soundsExpectedByChance } from './chance.ts'

const dataset = (counts: Partial<DatasetInfo['counts']>) => ({ counts }) as DatasetInfo

test('what chance would find grows with what is searched, of the same medium only', () => {
  const sets = [dataset({ parts: 10_000, sounds: 500 }), dataset({ parts: 20_000 }), dataset({ sounds: 1500 })]
  const [parts, sounds] = [partsExpectedByChance(sets), soundsExpectedByChance(sets)]
  assert.ok(parts > 0 && parts < 30_000 && sounds > 0 && sounds < 2000, 'rates lie between none and all')
  assert.ok(Math.abs(partsExpectedByChance([...sets, ...sets]) - 2 * parts) < 1e-9)
  assert.ok(Math.abs(soundsExpectedByChance([...sets, ...sets]) - 2 * sounds) < 1e-9)
  assert.equal(partsExpectedByChance([dataset({ sounds: 500 })]), 0)
  assert.equal(soundsExpectedByChance([dataset({ parts: 500 }), dataset({})]), 0)
  assert.equal(soundsExpectedByChance([]), 0)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { normalisePassageText, passageCodes } from '../fingerprints/index.ts'
import { openAudioIndex } from './audioIndex.ts'
import { openPassageIndex } from './passageIndex.ts'

/** More than any search looks at of what is all alike. */
const CROWD = 120

async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-hidden-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a text is found behind a crowd of hidden ones that share its passage', () =>
  inFolder(async (folder) => {
    const shared = 'It was the best of times, it was the worst of times, it was the age of wisdom, and so on for long.'
    const text = normalisePassageText(shared)
    const index = openPassageIndex(folder)
    await index.add(Array.from({ length: CROWD }, (_, row) => ({ row, text })))
    const query = { codes: passageCodes(text), text }
    const last = CROWD - 1
    assert.ok(!index.search(query).some(({ row }) => row === last), 'the crowd is too small to hide anybody')
    const rows = index.search(query, (row) => row !== last).map(({ row }) => row)
    assert.deepEqual([...new Set(rows)], [last])
    assert.deepEqual(
      index.search(query, () => true),
      [],
    )
  }))

test('a sound is found behind a crowd of hidden ones that are the same', () =>
  inFolder((folder) => {
    let seed = 5
    const items = Uint32Array.from({ length: 80 }, () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0))
    const index = openAudioIndex(folder)
    index.add(Array.from({ length: CROWD }, (_, row) => ({ row, items })))
    const last = CROWD - 1
    assert.ok(!index.search(items).some(({ row }) => row === last), 'the crowd is too small to hide anybody')
    assert.deepEqual(
      index.search(items, (row) => row !== last).map(({ row }) => row),
      [last],
    )
  }))

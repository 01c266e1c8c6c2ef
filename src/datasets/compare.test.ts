import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { exampleWorks } from '../../tests/support/exampleWorks.ts'
import { identifyBytes, mirrored } from '../fingerprints/index.ts'
import { openFeatureIndex } from '../similarity/index.ts'
import { findParts } from './compare.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-compare-'))
after(() => rmSync(directory, { recursive: true, force: true }))

test('a mirrored crop is found, is called mirrored, and its outline is that of the file as it is', async () => {
  const pictures = []
  for (const { medium, fileName, bytes } of await exampleWorks())
    if (medium === 'picture') pictures.push({ fileName, bytes, features: (await identifyBytes(bytes, 'x')).features! })
  const index = openFeatureIndex(directory)
  index.add(pictures.map(({ features }, row) => ({ row, features })))
  const row = pictures.findIndex(({ fileName }) => fileName === 'nagasaki-boats.jpg')
  const { width, height } = await sharp(pictures[row]!.bytes).metadata()
  // The left two thirds of a mirrored picture, and beside it nothing: in the row that is its right two thirds.
  const part = await sharp(pictures[row]!.bytes).flop().toBuffer()
  const file = await sharp(part)
    .extract({ left: 0, top: 0, width: Math.round((width * 2) / 3), height })
    .extend({ right: Math.round(width / 3), background: '#888' })
    .jpeg({ quality: 80 })
    .toBuffer()
  const own = (await identifyBytes(new Uint8Array(file), 'x')).features!
  const hits = findParts(index, own)
  assert.deepEqual(
    hits.map((hit) => [hit.row, hit.isMirrored]),
    [[row, true]],
  )
  const [hit] = hits
  const at = hit!.outlineInQuery.map(([x]) => x)
  assert.ok(Math.min(...at) < 0.03 && Math.max(...at) > 0.97, 'the frames coincide')
  assert.deepEqual(
    findParts(index, pictures[row]!.features).map((found) => [found.row, found.isMirrored]),
    [[row, false]],
    'a picture as it is',
  )
  const { codesMirrored: _, ...withoutMirror } = own
  assert.equal(mirrored(withoutMirror), undefined)
  assert.deepEqual(findParts(index, withoutMirror), [])
})

test('the mirror of a mirror is the picture', async () => {
  const [work] = (await exampleWorks()).filter(({ fileName }) => fileName === 'black-canyon.jpg')
  const { features } = await identifyBytes(work!.bytes, 'x')
  const twice = mirrored({ ...mirrored(features!)!, codesMirrored: features!.codes })!
  assert.deepEqual(twice.codes, features!.codes)
  const furthest = twice.points.reduce((most, value, i) => Math.max(most, Math.abs(value - features!.points[i]!)), 0)
  assert.ok(furthest < 1e-3)
})

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp from 'sharp'
import { makePreview } from './makePreview.ts'
import { buildDatasetIndex, openDatasetChecker, openWorkshop } from './index.ts'
import { notePreview, openPreviewStore, type Preview } from './previews.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-previews-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const picture = (bytes: number[]): Preview => ({
  kind: 'picture',
  measures: [bytes.length, 2],
  bytes: Uint8Array.from(bytes),
})

test('each preview is read alone, from whichever batch it came, and only what was kept is there', () => {
  const folder = join(directory, 'store')
  const store = openPreviewStore(folder)
  assert.equal(store.read(0), undefined)
  assert.ok(!existsSync(folder), 'nothing is made where nothing was kept')
  store.add([])
  store.add([
    { row: 7, preview: picture([1, 2, 3]) },
    { row: 2, preview: { kind: 'sound', measures: [12.5, 0], bytes: Uint8Array.of(9) } },
  ])
  store.add([{ row: 4, preview: picture([5]) }])
  const again = openPreviewStore(folder)
  for (const opened of [store, again]) {
    assert.deepEqual(opened.read(7), picture([1, 2, 3]))
    assert.deepEqual(opened.read(2), { kind: 'sound', measures: [12.5, 0], bytes: Uint8Array.of(9) })
    assert.deepEqual(opened.read(4), picture([5]))
    for (const row of [0, 3, 5, 8]) assert.equal(opened.read(row), undefined)
    assert.equal(opened.info().rows, 3)
  }
  assert.deepEqual(notePreview(again, 2), { kind: 'sound', seconds: 12.5, peaks: 'CQ==' })
})

test('a preview that is damaged on the disk is not shown, and the hit stands without it', () => {
  const folder = join(directory, 'damaged')
  openPreviewStore(folder).add([{ row: 1, preview: picture([10, 20, 30]) }])
  const path = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.segment'))!,
  )
  const bytes = readFileSync(path)
  bytes[bytes.lastIndexOf(Buffer.from([10, 20, 30]))] = 11
  writeFileSync(path, bytes)
  const store = openPreviewStore(folder)
  assert.throws(() => store.read(1), { code: 'dataset_invalid' })
  assert.equal(notePreview(store, 1), null)
})

test('a sound becomes two hundred peaks; a text nothing', async () => {
  const samples = Float32Array.from({ length: 11_025 * 4 }, (_, i) => (i < 22_050 ? 0.1 : -1))
  const preview = (await makePreview({ samples }))!
  assert.deepEqual([preview.kind, preview.measures, preview.bytes.length], ['sound', [4, 0], 200])
  assert.deepEqual([preview.bytes[0], preview.bytes[199]], [26, 255])
  assert.equal(await makePreview({}), undefined)
})

test('a folder keeps upright previews of its pictures, unless it is told not to', async () => {
  const folder = join(directory, 'folder')
  const indexes = join(directory, 'indexes')
  mkdirSync(folder)
  // Six times as wide as high as it lies in the file, and to be turned when it is shown.
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="100"><rect width="600" height="100" fill="#fff"/><circle cx="90" cy="40" r="30"/><rect x="300" y="10" width="220" height="50" fill="#963"/></svg>`
  const lying = await sharp(Buffer.from(svg)).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  writeFileSync(join(folder, 'a.jpg'), lying)
  writeFileSync(join(folder, 'b.txt'), 'Only words. '.repeat(20))
  const build = (name: string, withPreviews?: boolean) =>
    buildDatasetIndex({
      name,
      version: '1',
      inputs: [folder],
      columns: {},
      directory: indexes,
      now: 0,
      ...(withPreviews === undefined ? {} : { withPreviews }),
    })
  const [kept, without] = [await build('Kept'), await build('Without', false)]
  assert.deepEqual([kept.counts.previews, without.counts.previews], [1, 0])
  assert.ok(!existsSync(join(indexes, without.id, 'previews')))
  const sha256 = (await openDatasetChecker(indexes).readRow(kept.id, 0))!.sha256!
  const workshop = openWorkshop(indexes)
  const { hits } = await workshop.check({ sha256 })
  assert.deepEqual(
    hits.map(({ dataset, preview }) => [dataset, preview]),
    [
      [kept.id, { kind: 'picture', width: 32, height: 192 }],
      [without.id, null],
    ],
  )
  const { format, width, height } = await sharp((await workshop.readPreview(kept.id, 0))!).metadata()
  assert.deepEqual([format, width, height], ['webp', 32, 192])
  assert.equal(await workshop.readPreview(kept.id, 1), undefined)
  assert.equal(await workshop.readPreview('none', 0), undefined)
  await workshop.close()
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { exampleWorks } from '../../tests/support/exampleWorks.ts'
import { identifyBytes, type LocalFeatures } from '../fingerprints/index.ts'
import { ColophonError } from '../foundation/index.ts'
import { openFeatureIndex, type FeatureIndex } from './featureIndex.ts'
import { alignFeatures, mapPoint } from './geometry.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-features-'))
let pictures: { name: string; bytes: Uint8Array; features: LocalFeatures }[]
let index: FeatureIndex

const featuresOf = async (bytes: Uint8Array) => (await identifyBytes(new Uint8Array(bytes), 'x')).features!

before(async () => {
  pictures = []
  for (const { medium, fileName, bytes } of await exampleWorks())
    if (medium === 'picture') pictures.push({ name: fileName, bytes, features: await featuresOf(bytes) })
  index = openFeatureIndex(directory)
  index.add(pictures.map(({ features }, row) => ({ row, features })))
})
after(() => rmSync(directory, { recursive: true, force: true }))

/** What is done to pictures before they end up in a data set. */
const attacks: Record<string, (image: Uint8Array) => Promise<Buffer>> = {
  async 'a quarter of the area'(image) {
    const { width, height } = await sharp(image).metadata()
    const area = { left: width >> 2, top: height >> 2, width: width >> 1, height: height >> 1 }
    return sharp(image).extract(area).jpeg({ quality: 75 }).toBuffer()
  },
  'turned by 17 degrees': (image) => sharp(image).rotate(17, { background: '#fff' }).jpeg({ quality: 75 }).toBuffer(),
  'a wide border': (image) =>
    sharp(image).extend({ top: 150, bottom: 50, left: 200, right: 90, background: '#234' }).jpeg().toBuffer(),
}

test('cropped, turned and framed pictures are found among all others, and no others', async () => {
  const photographs = pictures.filter(({ name }) => /black-canyon|nagasaki|dust-bowl|alpine|acanthus|march/.test(name))
  assert.ok(photographs.length >= 6)
  for (const [attack, change] of Object.entries(attacks)) {
    let found = 0
    for (const { name, bytes } of photographs) {
      const hits = index.search(await featuresOf(await change(bytes)))
      const others = hits.filter(({ row }) => pictures[row]!.name !== name)
      assert.deepEqual(others, [], `${attack}: ${name}`)
      if (hits.length > 0) found++
    }
    assert.ok(found >= photographs.length - 1, `${attack}: ${found} of ${photographs.length}`)
  }
})

test('the outline says which part it is', async () => {
  const row = pictures.findIndex(({ name }) => name.startsWith('nagasaki-boats'))
  const { width, height } = await sharp(pictures[row]!.bytes).metadata()
  const part = { left: Math.round(width * 0.5), top: Math.round(height * 0.2), width: width >> 1, height: height >> 1 }
  const [hit] = index.search(await featuresOf(await sharp(pictures[row]!.bytes).extract(part).jpeg().toBuffer()))
  assert.equal(hit!.row, row)
  const range = (corners: [number, number][], axis: 0 | 1) => {
    const values = corners.map((corner) => corner[axis])
    return [Math.min(...values), Math.max(...values)]
  }
  const near = (found: number[], wanted: number[]) =>
    found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]!) < 0.03, `${found} is not near ${wanted}`))
  near(range(hit!.outlineInRow, 0), [0.5, 1])
  near(range(hit!.outlineInRow, 1), [0.2, 0.7])
  near(range(hit!.outlineInQuery, 0), [0, 1])
  near(range(hit!.outlineInQuery, 1), [0, 1])
})

test('a map is found again from features of which most are wrong', () => {
  // Points turned by 30°, scaled by 1.5 and moved; two thirds of the pairs are made up.
  let seed = 7
  const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff
  const [cosine, sine] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
  const map = [1.5 * cosine, -1.5 * sine, 40, 1.5 * sine, 1.5 * cosine, -25] as const
  const [a, b] = [new Float32Array(90 * 5), new Float32Array(90 * 5)]
  const pairs = Array.from({ length: 90 }, (_, i) => {
    const [x, y, turn] = [next() * 400, next() * 300, next() * 6]
    a.set([x, y, 1, Math.cos(turn), Math.sin(turn)], i * 5)
    if (i < 30) b.set([...mapPoint(map, x, y), 1.44, Math.cos(turn + Math.PI / 6), Math.sin(turn + Math.PI / 6)], i * 5)
    else b.set([next() * 400, next() * 300, 1, Math.cos(next() * 6), Math.sin(next() * 6)], i * 5)
    return { a: i, b: i }
  })
  const { map: found, inliers } = alignFeatures(a, b, pairs)!
  assert.ok(inliers.filter((pair) => pair.a < 30).length === 30 && inliers.length <= 33)
  const [x, y] = mapPoint(found, 200, 150)
  const [wantedX, wantedY] = mapPoint(map, 200, 150)
  assert.ok(Math.hypot(x - wantedX, y - wantedY) < 3)
})

test('features of many sizes at few places are one edge, and no part of a picture', () => {
  const features = (places: number): LocalFeatures => {
    const [codes, points] = [new Uint8Array(36 * 32), new Float32Array(36 * 5)]
    for (let i = 0; i < 36; i++) {
      const place = i % places
      codes.set(createHash('sha256').update(`feature ${i}`).digest(), i * 32)
      points.set([60 + 60 * (place % 6), 50 + 45 * Math.floor(place / 6), 1 + Math.floor(i / places) / 5, 1, 0], i * 5)
    }
    return { width: 512, height: 384, codes, points }
  }
  for (const [places, isFound] of [
    [36, true],
    [9, false],
  ] as const) {
    const other = openFeatureIndex(mkdtempSync(join(directory, 'places-')))
    other.add([{ row: 0, features: features(places) }])
    assert.equal(other.search(features(places)).length === 1, isFound, `${places} places`)
  }
})

test('flat pictures have no features and match nothing', async () => {
  const flat = await featuresOf(
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#888' } })
      .png()
      .toBuffer(),
  )
  assert.equal(flat.codes.length, 0)
  assert.deepEqual(index.search(flat), [])
  const pixel = await featuresOf(
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#888' } })
      .png()
      .toBuffer(),
  )
  assert.deepEqual(index.search(pixel), [])
})

test('a damaged index of features is named', () => {
  const path = join(
    directory,
    readdirSync(directory).find((file) => file.endsWith('.segment'))!,
  )
  const whole = readFileSync(path)
  const broken = Uint8Array.from(whole)
  broken[whole.length >> 1]! ^= 1
  writeFileSync(path, broken)
  assert.throws(
    () => openFeatureIndex(directory).search(pictures[0]!.features),
    (error: ColophonError) => error.code === 'dataset_invalid' && error.where === path,
  )
  writeFileSync(path, whole)
})

test('pictures without a single feature are indexed, and nothing is found in them', () => {
  const empty = openFeatureIndex(join(directory, 'plain'))
  const plain = { width: 300, height: 200, codes: new Uint8Array(), points: new Float32Array() }
  empty.add([{ row: 0, features: plain }])
  assert.deepEqual(empty.search(pictures[0]!.features), [])
  empty.add([{ row: 1, features: pictures[0]!.features }])
  assert.deepEqual(
    empty.search(pictures[0]!.features).map(({ row }) => row),
    [1],
  )
})

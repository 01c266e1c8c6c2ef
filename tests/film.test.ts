import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { exampleWorks } from './support/exampleWorks.ts'
import { buildDatasetIndex } from '../src/datasets/index.ts'
import { dataPath } from '../src/foundation/index.ts'
import { axeViolations, openBrowser } from './support/browser.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-film-'))
let served: ServedNode
let browser: Browser
let scenes: Buffer[]

before(async () => {
  const pictures = (await exampleWorks()).filter(({ medium }) => medium === 'picture').slice(0, 4)
  scenes = await Promise.all(
    pictures.map(({ bytes }) => sharp(bytes).resize(320, 240, { fit: 'fill' }).png().toBuffer()),
  )
  const animated = await sharp(scenes, { join: { animated: true } })
    .webp({ delay: [1500, 1500, 1500, 1500] })
    .toBuffer()
  const folder = mkdtempSync(join(directory, 'set-'))
  writeFileSync(join(folder, 'moving.webp'), animated)
  served = await serveTestNode({ withExample: false })
  await buildDatasetIndex({
    name: 'Clips',
    version: '1',
    inputs: [folder],
    columns: {},
    directory: dataPath(served.config, 'datasets'),
    now: Date.now(),
  })
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await served?.stop()
  rmSync(directory, { recursive: true, force: true })
})

test('a film is looked at on the device, and found by its scenes; nothing but codes leaves it', async () => {
  const page = await browser.newPage()
  await page.goto(served.url)
  const recorded = await page.evaluate(
    recordFilm,
    scenes.map((scene) => scene.toString('base64')),
  )
  const film = Buffer.from(recorded, 'base64')
  assert.deepEqual([...film.subarray(0, 4)], [0x1a, 0x45, 0xdf, 0xa3], 'the browser recorded WebM')
  const sent: string[] = []
  page.on('request', (request) => void sent.push(request.postData() ?? ''))
  await page.locator('input[type=file]').setInputFiles({ name: 'film.webm', mimeType: 'video/webm', buffer: film })
  await page.getByRole('button', { name: 'Check this file' }).click()
  await page.waitForURL(/results/)
  assert.equal(await page.getByRole('heading', { name: 'Scenes of a film are the same' }).count(), 1)
  assert.match((await page.locator('main').textContent())!, /In your file: from 0:0\d to 0:0\d\./)
  const [codes] = sent.filter((body) => body.startsWith('{'))
  const { frames, medium } = JSON.parse(codes!) as { medium: string; frames: { times: number[] } }
  assert.equal(medium, 'video')
  assert.ok(frames.times.length >= 3)
  assert.ok(codes!.length < 20_000)
  assert.deepEqual(await axeViolations(page), [])
})

/** Runs in the page: shows each picture for a second and a half, and records what is shown. */
async function recordFilm(pictures: string[]): Promise<string> {
  const canvas = document.createElement('canvas')
  canvas.width = 320
  canvas.height = 240
  const context = canvas.getContext('2d')!
  const stream = canvas.captureStream(10)
  const recorder = new MediaRecorder(stream, { mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 2_000_000 })
  const chunks: Blob[] = []
  recorder.ondataavailable = ({ data }) => chunks.push(data)
  const bitmaps = await Promise.all(
    pictures.map((picture) =>
      createImageBitmap(
        new Blob([Uint8Array.from(atob(picture), (character) => character.charCodeAt(0))], { type: 'image/png' }),
      ),
    ),
  )
  recorder.start()
  for (const bitmap of bitmaps) {
    for (let frame = 0; frame < 15; frame++) {
      context.drawImage(bitmap, 0, 0)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const stopped = new Promise((resolve) => (recorder.onstop = resolve))
  recorder.stop()
  await stopped
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

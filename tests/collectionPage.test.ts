import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { zipSync } from 'fflate'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { differingBits, identifyBytes } from '../src/fingerprints/index.ts'
import { fromHex } from '../src/foundation/index.ts'
import { exampleWorks } from './support/exampleWorks.ts'
import { isSound, openPeople } from './support/people.ts'

const people = openPeople()
const directory = mkdtempSync(join(tmpdir(), 'colophon-collection-'))
const folder = join(directory, 'photos')

before(async () => {
  await people.open()
  mkdirSync(join(folder, 'summer'), { recursive: true })
  for (let i = 0; i < 6; i++) writeFileSync(join(folder, 'summer', `bay ${i}.jpg`), await drawn(i))
  writeFileSync(join(folder, 'copy.jpg'), await drawn(0))
  writeFileSync(join(folder, 'broken.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))
  writeFileSync(join(folder, '.hidden'), 'of the system')
})
after(async () => {
  await people.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A picture that is like no other. */
function drawn(seed: number): Promise<Buffer> {
  const data = Buffer.from(
    Array.from({ length: 96 * 96 * 3 }, (_, i) => 128 + 127 * Math.sin((i * (seed + 3)) / 71 + seed)),
  )
  return sharp(data, { raw: { width: 96, height: 96, channels: 3 } })
    .resize(900)
    .jpeg()
    .toBuffer()
}

const counts = async (page: Page) => {
  await page.getByText('All codes are computed.').first().waitFor()
  return (await page.locator('#counts').textContent())!.match(/\d+/g)!.slice(0, 5).map(Number)
}

async function fill(page: Page): Promise<void> {
  await page.getByLabel('Your name, or the name you publish under').fill('Studio Muster')
  await page.getByLabel('Title of the collection').fill('Bays')
  await page.getByLabel(/all of these works are mine/).check()
}

test('a folder: codes in workers as on the server, copies and broken files named, a second visit goes on', async () => {
  const { page, errors } = await people.person()
  const workers: string[] = []
  page.on('worker', (worker) => workers.push(worker.url()))
  await page.goto(`${people.served.url}/collection`)
  await page.getByLabel('Or a whole folder').setInputFiles(folder)
  assert.deepEqual(await counts(page), [6, 1, 0, 1, 0])
  assert.ok(workers.length > 0 && workers.every((url) => url.endsWith('/modules/web/client/worker.ts')))
  const lines = await page.locator('#lines li').allTextContents()
  assert.match(lines[0]!, /^photos\/broken\.jpg: could not be read and is left out: ./)
  assert.match(lines[1]!, /: the same file as photos\/.*, counted once$/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /Save all outcomes/ }).click(),
  ])
  await download.saveAs(join(directory, 'outcomes.csv'))
  const table = readFileSync(join(directory, 'outcomes.csv'), 'utf8').split('\r\n')
  assert.equal(table.length, 9)
  const { codes } = await identifyBytes(new Uint8Array(await drawn(4)), 'drawn')
  assert.match(
    table.find((row) => row.includes('bay 4'))!,
    new RegExp(`"new","","${codes.sha256}"`),
  )
  assert.ok(!(await page.locator('#pause').isVisible()), 'there is nothing left to pause')
  await isSound({ page, errors })

  await page.reload()
  writeFileSync(join(folder, 'summer', 'bay 6.jpg'), await drawn(6))
  await page.getByLabel('Or a whole folder').setInputFiles(folder)
  assert.deepEqual(await counts(page), [7, 1, 0, 1, 7], 'all but the new and the broken file are kept')
  await fill(page)
  await page.getByRole('button', { name: 'Sign with a passkey' }).click()
  await page.waitForURL(/receipts/)
  const { db } = people.served.node.register.database
  const [collection] = await db.selectFrom('collection').selectAll().execute()
  assert.equal(collection!.item_count, 7n)
  const rows = await db.selectFrom('fingerprint').selectAll().where('algorithm', '=', 'pdq').execute()
  assert.ok(rows.length >= 7, 'pictures are known by what they show')

  writeFileSync(join(folder, 'summer', 'bay 7.jpg'), await drawn(7))
  await page.goto(`${people.served.url}/collection`)
  await page.getByLabel('Or a whole folder').setInputFiles(folder)
  assert.deepEqual(await counts(page), [8, 1, 0, 1, 8])
  await fill(page)
  await page.getByRole('button', { name: 'Sign with a passkey' }).click()
  await page.waitForURL(/receipts/)
  const all = await db.selectFrom('collection').selectAll().execute()
  assert.deepEqual(all.map(({ item_count }) => Number(item_count)).sort(), [1, 7], 'only what is new is declared')

  await page.goto(`${people.served.url}/collection`)
  await page.getByRole('button', { name: /Delete the codes/ }).click()
  await page.getByText('are deleted.').waitFor()
  await page.getByLabel('Or a whole folder').setInputFiles(folder)
  assert.equal((await counts(page))[4], 0)
})

test('a large photograph, upright or turned by its tag, has the same codes here as on the server', async () => {
  const photograph = (await exampleWorks()).find(({ fileName }) => fileName === 'black-canyon.jpg')!
  const { page } = await people.person()
  await page.goto(`${people.served.url}/collection`)
  const codes = new Set<string>()
  for (const orientation of [1, 6, 8]) {
    const large = sharp(photograph.bytes).resize(3001, 2003, { fit: 'fill' }).withMetadata({ orientation })
    const bytes = await large.jpeg({ quality: 90 }).toBuffer()
    const here = await page.evaluate(async (base64) => {
      const path = '/modules/web/client/identify.ts'
      const { identifyToDeclare } = (await import(path)) as typeof import('../src/web/client/identify.ts')
      const file = new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'large.jpg')
      return (await identifyToDeclare(file)).codes
    }, bytes.toString('base64'))
    const { codes: there } = await identifyBytes(new Uint8Array(bytes), 'large.jpg')
    assert.equal(here.sha256, there.sha256)
    for (const name of ['pdq', 'iscc-image-v0'] as const) {
      const bits = differingBits(fromHex(here[name]!), fromHex(there[name]!))
      assert.ok(bits <= 8, `${name} differs in ${bits} bits, orientation ${orientation}`)
    }
    codes.add(here.pdq!)
  }
  assert.equal(codes.size, 3, 'a turned picture has other codes')
})

test('an archive is read file by file; what is locked, damaged or a bomb is named and stops nothing', async () => {
  const { page, errors } = await people.person()
  const files = {
    'a/one.txt': Buffer.from('One heron. '.repeat(60)),
    'two.jpg': await drawn(20),
    '__MACOSX/x': Buffer.of(1),
  }
  const good = zipSync(files)
  const deep = zipSync({ 'zeros.bin': new Uint8Array(20 * 1024 * 1024) }, { level: 9 })
  const stored = zipSync({ 'three.txt': Buffer.from('Three herons at the water. '.repeat(40)) }, { level: 0 })
  stored[60]! ^= 1
  await page.goto(`${people.served.url}/collection`)
  await page.getByLabel('Files of your works').setInputFiles(
    Object.entries({ good, deep, changed: stored, cut: good.subarray(0, 200) }).map(([name, bytes]) => ({
      name: `${name}.zip`,
      mimeType: 'application/zip',
      buffer: Buffer.from(bytes),
    })),
  )
  assert.deepEqual(await counts(page), [2, 0, 0, 3, 0])
  const lines = (await page.locator('#lines li').allTextContents()).join('\n')
  assert.match(lines, /deep\.zip\/zeros\.bin: .*> 200 : 1/)
  assert.match(lines, /changed\.zip\/three\.txt: .*damaged/)
  assert.match(lines, /cut\.zip: .*damaged/)
  assert.match(lines, /good\.zip\/a\/one\.txt: new/)
  await isSound({ page, errors })
})

test('by keyboard alone at 320 pixels: pause, go on, and two signatures where one statement cannot hold all', async () => {
  const { page, errors } = await people.person({ width: 320 })
  await page.goto(`${people.served.url}/collection`)
  // As if a statement held three works; what is tested is that there are more than it holds.
  await page.evaluate(() => (document.querySelector<HTMLElement>('#collection')!.dataset.most = '3'))
  const sketches = Array.from({ length: 5 }, (_, i) => ({
    name: `sketch ${i}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`A heron drawn ${i} times looks at ${i * 7} fish. `.repeat(5)),
  }))
  await page.getByLabel('Files of your works').setInputFiles(sketches)
  await page.getByText('you will be asked to sign 2 times').waitFor()
  await page.getByLabel('Your name, or the name you publish under').focus()
  await page.keyboard.type('Studio Muster')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Sketches')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  assert.ok(await page.getByLabel(/all of these works are mine/).isChecked())
  await page.keyboard.press('Tab')
  await isSound({ page, errors }, 320)
  await page.keyboard.press('Enter')
  await page.getByText('Everything is recorded').waitFor()
  assert.equal(await page.locator('[role=status] a').count(), 2)
  const { db } = people.served.node.register.database
  const parts = await db.selectFrom('collection').select(['item_count']).where('title', 'like', 'Sketches (%').execute()
  assert.deepEqual(parts.map(({ item_count }) => Number(item_count)).sort(), [2, 3])
})

test('where there are no workers the page computes the same; it can be paused', async () => {
  const { page, errors } = await people.person()
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Worker'))
  await page.goto(`${people.served.url}/collection`)
  await page.getByLabel('Or a whole folder').setInputFiles(folder)
  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await page.getByText('Paused.').first().waitFor()
  await page.getByRole('button', { name: 'Go on' }).press('Enter')
  const [fresh, same] = await counts(page)
  assert.ok(fresh! >= 6 && same === 1)
  assert.deepEqual(errors, [])
})

test('without JavaScript the page says what to do for a whole folder', async () => {
  const { page } = await people.person({ javaScriptEnabled: false })
  await page.goto(`${people.served.url}/collection`)
  assert.ok(await page.getByText('npx colophon declare').isVisible())
  assert.ok(!(await page.getByLabel('Or a whole folder').isVisible()))
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { crop } from '../examples/loadExample.ts'
import type { CheckResult } from '../src/api/index.ts'
import { languageIdentifier } from '../src/languages/index.ts'
import { verifyItem, type ItemProof } from '../src/register/index.ts'
import { exampleWorks } from './support/exampleWorks.ts'
import { addAuthenticator, axeViolations, fitsInLightAndDark, openBrowser } from './support/browser.ts'
import { makeEpub, makeHtml, makePdf } from './support/makeDocuments.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-browser-'))
const picture = join(directory, 'my-cat.jpg')
let served: ServedNode
let browser: Browser

before(async () => {
  served = await serveTestNode({ withExample: true })
  browser = await openBrowser()
  const cat = (await exampleWorks()).find(({ fileName }) => fileName === 'locomotion-house-cat.jpg')!
  writeFileSync(
    picture,
    await sharp(await crop(cat.bytes, 0.8))
      .resize(700)
      .jpeg({ quality: 55 })
      .toBuffer(),
  )
})

after(async () => {
  await browser?.close()
  await served?.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Collects what the page did that it must not do: errors in scripts, and requests that leave the node. */
function watch(page: Page): { errors: string[]; sent: string[] } {
  const seen = { errors: [] as string[], sent: [] as string[] }
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && seen.errors.push(message.text()))
  page.on('request', (request) => {
    if (!request.url().startsWith(served.url) && !request.url().startsWith('blob:'))
      seen.errors.push(`left the node: ${request.url()}`)
    seen.sent.push(request.postData() ?? '')
  })
  return seen
}

async function verifyReceipt(page: Page): Promise<void> {
  const vkey = (await page.locator('#vkey').textContent())!
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Download the receipt/ }).click(),
  ])
  const path = join(directory, download.suggestedFilename())
  await download.saveAs(path)
  const run = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/colophon.ts', 'log', 'verify', path, '--vkey', vkey, '--json'],
    { encoding: 'utf8', env: { ...process.env, DATA_DIR: directory } },
  )
  assert.equal(run.status, 0, run.stdout + run.stderr)
  assert.equal(JSON.parse(run.stdout).isSound, true)
  const damaged = join(directory, 'damaged.tlog-proof')
  writeFileSync(damaged, (await import('node:fs')).readFileSync(path, 'utf8').replace(/index (\d+)/, 'index 0'))
  const refused = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      'src/cli/colophon.ts',
      'log',
      'verify',
      damaged,
      '--vkey',
      vkey,
      '--json',
    ],
    { encoding: 'utf8' },
  )
  assert.equal(refused.status, 1)
}

async function fillReservation(page: Page): Promise<void> {
  await page.getByLabel('Your name, or the name you publish under').fill('Maria <b>Muster</b>')
  await page.getByLabel('Title of the work').fill('My cat')
  await page.getByLabel('Only the training of generative AI').check()
  await page.getByLabel(/The rights are mine/).check()
}

describe('in a real browser', () => {
  test('a cropped, recompressed picture is found without leaving the device, and reserved with a passkey', async () => {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    const seen = watch(page)
    await addAuthenticator(context, page)
    await page.goto(served.url)
    await page.locator('input[type=file]').setInputFiles(picture)
    await page.getByRole('button', { name: 'Check this file' }).click()
    await page.waitForURL(/results/)
    assert.match((await page.locator('h1').textContent())!, /stands in 1 data set/)
    const hit = page.locator('.hit').first()
    assert.match((await hit.textContent())!, /looks alike/)
    assert.equal(await hit.getByRole('link', { name: 'What does this mean?' }).getAttribute('href'), '/lessons/4')
    assert.ok(
      seen.sent.every((body) => body.length < 60_000 && !body.includes('JFIF')),
      'only codes were sent',
    )
    await page.getByRole('link', { name: 'Reserve rights in this work' }).click()
    await fillReservation(page)
    await page.getByRole('button', { name: 'Sign with a passkey' }).click()
    await page.waitForURL(/receipts/)
    assert.match((await page.locator('main').textContent())!, /webauthn-jcs-v1/)
    await verifyReceipt(page)
    await page.locator('dd a').first().click()
    await page.getByRole('link', { name: 'My cat' }).click()
    assert.match((await page.locator('main').textContent())!, /Training generative AI\s*reserved/)
    assert.deepEqual(seen.errors, [])
    await context.close()
  })

  test('the same way without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true })
    const page = await context.newPage()
    await page.goto(served.url)
    assert.ok(await page.getByText('it is deleted at once').isVisible())
    await page.locator('input[type=file]').setInputFiles(picture)
    await page.getByRole('button', { name: 'Check this file' }).click()
    assert.match((await page.locator('h1').textContent())!, /stands in 1 data set/)
    await page.getByRole('link', { name: 'Reserve rights in this work' }).click()
    await fillReservation(page)
    await page.getByRole('button', { name: 'Sign with a key made for you' }).click()
    assert.match((await page.locator('pre').textContent())!, /BEGIN PRIVATE KEY/)
    await page.getByRole('link', { name: 'See and keep the receipt' }).click()
    await verifyReceipt(page)
    await context.close()
  })

  test('one passkey gesture declares a collection, and each work has its proof', async () => {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    const seen = watch(page)
    await addAuthenticator(context, page)
    await page.goto(served.url)
    await page.getByRole('link', { name: /Many works/ }).click()
    await page.getByLabel('Files of your works').setInputFiles(collectionFiles())
    await page.getByLabel('Your name, or the name you publish under').fill('Studio Muster')
    await page.getByLabel('Title of the collection').fill('Sketches')
    await page.getByLabel(/all of these works are mine/).check()
    await page.getByRole('button', { name: 'Sign with a passkey' }).click()
    await page.waitForURL(/receipts/)
    await verifyReceipt(page)
    assert.ok(
      seen.sent.every((body) => !body.includes('heron')),
      'only codes were sent',
    )
    assert.deepEqual(seen.errors, [])
    const logIndex = page.url().split('/').at(-1)
    const { db } = served.node.register.database
    const collection = await db
      .selectFrom('collection')
      .selectAll()
      .where('log_index', '=', BigInt(logIndex!))
      .executeTakeFirstOrThrow()
    assert.equal(collection.item_count, 12n)
    const signed = { root: collection.root, count: Number(collection.item_count) }
    const answer = await page.request.get(`${served.url}/api/collections/${collection.id}/items/7/proof`)
    const { item } = (await answer.json()) as { item: ItemProof }
    assert.ok(verifyItem(item, signed))
    assert.match(item.line, /sketch 7/)
    assert.ok(!verifyItem({ ...item, position: 6 }, signed))
    await context.close()
  })

  test('a collection is declared without JavaScript, too', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true })
    const page = await context.newPage()
    await page.goto(`${served.url}/collection`)
    await page.getByLabel('Files of your works').setInputFiles(collectionFiles().slice(0, 3))
    await page.getByLabel('Your name, or the name you publish under').fill('Studio Muster')
    await page.getByLabel('Title of the collection').fill('Sketches on paper')
    await page.getByLabel(/all of these works are mine/).check()
    await page.getByRole('button', { name: 'Sign with a key made for you' }).click()
    assert.match((await page.locator('pre').textContent())!, /BEGIN PRIVATE KEY/)
    await page.getByRole('link', { name: 'See and keep the receipt' }).click()
    await verifyReceipt(page)
    await context.close()
  })

  test('texts in documents are read on the device and found', async () => {
    // Every second text of the example is quoted in its data set.
    const texts = (await exampleWorks()).filter(({ medium }) => medium === 'text')
    const declaration = texts.find(({ fileName }, i) => i % 2 === 0 && fileName.startsWith('udhr-'))!
    const paragraphs = new TextDecoder()
      .decode(declaration.bytes)
      .split('\n')
      .filter((line) => line.length > 0)
    const files = [
      { name: 'book.epub', mimeType: '', buffer: Buffer.from(makeEpub([paragraphs])) },
      { name: 'page.html', mimeType: '', buffer: Buffer.from(makeHtml(paragraphs)) },
      { name: 'paper.pdf', mimeType: '', buffer: Buffer.from(await makePdf(paragraphs)) },
    ]
    for (const file of files) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const seen = watch(page)
      await page.goto(served.url)
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByRole('button', { name: 'Check this file' }).click()
      await page.waitForURL(/results/)
      assert.match((await page.locator('main').textContent())!, /same passage of text/i, file.name)
      assert.deepEqual(seen.errors, [], file.name)
      await context.close()
    }
  })

  test('the language of a text is told in the browser as on the server', async () => {
    const page = await browser.newPage()
    const seen = watch(page)
    await page.goto(served.url)
    const texts = ['Morgen früh gehen wir auf den Markt.', 'Maidin amárach beimid ag dul chuig an margadh.', '12 345']
    const found = await page.evaluate(async (given) => {
      const load = (name: string) => import(`/modules/languages/${name}.ts`)
      const [{ readModel }, { openLanguageIdentifier }] = await Promise.all([load('model'), load('identify')])
      const bytes = await (await fetch('/modules/languages/model.bin')).arrayBuffer()
      const identifier = openLanguageIdentifier(readModel(new Uint8Array(bytes)))
      return given.map((text) => identifier.identify(text))
    }, texts)
    assert.deepEqual(
      found,
      texts.map((text) => languageIdentifier().identify(text)),
    )
    assert.deepEqual(
      found.map(({ code }) => code),
      ['deu', 'gle', 'und'],
    )
    assert.deepEqual(seen.errors, [])
    await page.close()
  })

  test('a clip of a sound and a detail of a picture are found on the device, with the part that is the same', async () => {
    const works = await exampleWorks()
    // Every second sound and picture of the example stands in its data set.
    const sound = works.filter(({ medium }) => medium === 'sound')[0]!
    const boats = works.find(({ fileName }) => fileName === 'nagasaki-boats.jpg')!
    const detail = await sharp(boats.bytes)
      .resize(1200)
      .extract({ left: 500, top: 250, width: 560, height: 380 })
      .jpeg()
      .toBuffer()
    const files = [
      {
        name: 'clip.wav',
        mimeType: 'audio/wav',
        buffer: Buffer.from(sound.bytes),
        heading: /A stretch of sound is the same/,
        part: /Chance alone would be expected[^]*from 0:0\d to/,
      },
      {
        name: 'detail.jpg',
        mimeType: 'image/jpeg',
        buffer: detail,
        heading: /A part of the picture is the same/,
        part: /Chance alone would be expected[^]*% of the width/,
      },
      {
        name: 'mirrored.jpg',
        mimeType: 'image/jpeg',
        buffer: await sharp(detail).flop().toBuffer(),
        heading: /A part of the picture is the same/,
        part: /left and right are swapped/,
      },
    ]
    for (const { heading, part, ...file } of files) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const seen = watch(page)
      await page.goto(served.url)
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByRole('button', { name: 'Check this file' }).click()
      await page.waitForURL(/results/)
      const text = (await page.locator('main').textContent())!
      assert.match(text, heading)
      assert.match(text, part)
      const own = page.locator('[data-own-picture] image, [data-own-sound] path.loudness').first()
      await own.waitFor({ state: 'attached' })
      assert.ok(
        seen.sent.every((body) => !body.includes('loudness') && !body.includes('/9j/')),
        'what is drawn of one’s own file stays here',
      )
      assert.deepEqual(await axeViolations(page), [])
      assert.deepEqual(seen.errors, [])
      await context.close()
    }
  })

  test('a case is opened from a hit, with its letter', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await openResult(page)
    await page
      .getByRole('link', { name: /Ask for removal/ })
      .first()
      .click()
    assert.equal(await page.getByRole('radio', { name: 'I do not know' }).count(), 4)
    assert.equal(await page.locator('input[type=radio]:checked').count(), 1, 'no answer is given beforehand')
    await fillRequest(page)
    await page.getByRole('button', { name: 'Open the case' }).click()
    assert.ok(page.url().includes('/requests/new'), 'a question without an answer keeps the form here')
    await answerQuestions(page, { licensed: 'Yes' })
    await page.getByRole('button', { name: 'Open the case' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /this use is licensed/)
    assert.deepEqual(await axeViolations(page), [])
    await page.goBack()
    assert.equal(await page.getByLabel('Title of the work').inputValue(), 'My cat', 'going back keeps what was written')
    await answerQuestions(page, { quotation: 'I do not know' })
    await page.getByRole('button', { name: 'Open the case' }).click()
    const text = (await page.locator('main').textContent())!
    assert.match(text, /appears in Example web crawl/)
    assert.match(text, /does not by itself show that a model was trained/)
    assert.match(text, /Committed on the log/)
    assert.match(text, /In fairness: I do not know whether it is a quotation/)
    assert.match(text, /Is this use licensed\?\s*No/)
    assert.deepEqual(await axeViolations(page), [])
    const pdf = await page.request.get(
      served.url + (await page.getByRole('link', { name: 'as PDF' }).getAttribute('href')),
    )
    assert.equal((await pdf.body()).subarray(0, 5).toString(), '%PDF-')
    const withoutKey = await page.request.get(page.url().replace(/key=.*/, 'key=wrong'))
    assert.equal(withoutKey.status(), 404)
    await context.close()
  })

  test('an answer that speaks against it opens no case, and kindly says why, without JavaScript and by keyboard', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    await openResult(page)
    const request = page.getByRole('link', { name: /Ask for removal/ }).first()
    await request.click()
    await fillRequest(page)
    await answerQuestions(page, {})
    const group = page.getByRole('group', { name: 'Do both only have the same subject?' })
    await group.getByRole('radio', { name: 'No', exact: true }).focus()
    await page.keyboard.press('ArrowLeft')
    assert.ok(await group.getByRole('radio', { name: 'Yes' }).isChecked())
    const cases = () => served.node.register.database.db.selectFrom('request_case').select('id').execute()
    const before = await cases()
    await page.getByRole('button', { name: 'Open the case' }).click()
    assert.equal(await page.locator('h1').textContent(), 'No letter this time')
    assert.match((await page.getByRole('alert').textContent())!, /two photographs of one painting are two works/)
    assert.equal((await cases()).length, before.length)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
    await page.getByRole('link', { name: 'Back to what was found' }).click()
    assert.match(page.url(), /results/)
    await context.close()
  })

  test('the data set’s own picture and sound stand beside one’s own, with what matched, without JavaScript too', async () => {
    const works = await exampleWorks()
    const sound = works.filter(({ medium }) => medium === 'sound')[0]!
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ javaScriptEnabled })
      const page = await context.newPage()
      const seen = watch(page)
      await openResult(page)
      const theirs = page.getByRole('img', {
        name: /^Small picture of row [\d,]+\. In the picture of the data set: \d+% to/,
      })
      assert.equal(await theirs.first().locator('polygon.part').count(), 1)
      const preview = served.url + (await theirs.first().locator('image').getAttribute('href'))
      const answer = await page.request.get(preview)
      assert.deepEqual([answer.status(), answer.headers()['content-type']], [200, 'image/webp'])
      assert.equal(answer.headers()['x-content-type-options'], 'nosniff')
      assert.match(answer.headers()['content-security-policy']!, /default-src 'none'/)
      const { format, width, height } = await sharp(await answer.body()).metadata()
      assert.deepEqual([format, Math.max(width, height)], ['webp', 192])
      for (const wrong of ['99', 'x', '-1'])
        assert.equal((await page.request.get(preview.replace(/\d+$/, wrong))).status(), 404)
      assert.equal((await page.request.get(preview.replace(/checks\/[^/]+/, 'checks/none'))).status(), 404)
      const missing = page.getByText('Your own file is not kept here')
      if (javaScriptEnabled) await missing.first().waitFor({ state: 'hidden' })
      assert.equal((await missing.count()) > 0, !javaScriptEnabled)
      await page.goto(served.url)
      const buffer = Buffer.from(sound.bytes)
      await page.locator('input[type=file]').setInputFiles({ name: 'clip.wav', mimeType: 'audio/wav', buffer })
      await page.getByRole('button', { name: 'Check this file' }).click()
      await page.waitForURL(/results/)
      const wave = page.getByRole('img', {
        name: /^Loudness of row [\d,]+ over time\. In the data set’s file: from 0:/,
      })
      assert.equal(await wave.locator('path.loudness').count(), 1)
      assert.ok(Number(await wave.locator('rect.part').getAttribute('width')) > 10)
      assert.deepEqual(seen.errors, [])
      await context.close()
    }
  })

  test('every page passes axe, in light and dark, and fits 320 pixels', async () => {
    const paths = await pagePaths()
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    for (const path of paths) {
      await page.goto(served.url + path)
      await fitsInLightAndDark(page, path)
    }
    await context.close()
  })

  test('the whole check can be done with the keyboard', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(served.url)
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'file')
    await page.locator('input[type=file]').setInputFiles(picture)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/results/)
    await context.close()
  })

  test('a broken file says what is wrong and what to do', async () => {
    const broken = join(directory, 'broken.jpg')
    writeFileSync(broken, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]))
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(served.url)
    await page.locator('input[type=file]').setInputFiles(broken)
    await page.getByRole('button', { name: 'Check this file' }).click()
    await page.getByText('That did not work').waitFor()
    assert.ok(await page.getByRole('button', { name: 'Check this file' }).isEnabled())
    await context.close()
  })
})

/** Twelve texts that nobody else has written. */
function collectionFiles() {
  return Array.from({ length: 12 }, (_, i) => ({
    name: `sketch ${i}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from(`A heron, drawn ${i} times over, looks at the water and thinks of ${i * 7} fish. `.repeat(3)),
  }))
}

async function openResult(page: Page): Promise<void> {
  await page.goto(served.url)
  await page.locator('input[type=file]').setInputFiles(picture)
  await page.getByRole('button', { name: 'Check this file' }).click()
  await page.waitForURL(/results/)
}

async function fillRequest(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill('Maria Muster')
  await page.getByLabel(/Where an answer reaches you/).fill('maria@example.org')
  await page.getByLabel('Title of the work').fill('My cat')
  await page.getByLabel(/I have compared them/).check()
  await page.getByLabel(/What I state is accurate/).check()
}

const QUESTIONS = {
  licensed: 'Is this use licensed?',
  publicDomain: 'Is your work in the public domain?',
  sameSubject: 'Do both only have the same subject?',
  quotation: 'Is it only a quotation?',
}

/** Answers all four questions with no, but for those that are given. */
async function answerQuestions(page: Page, given: Partial<Record<keyof typeof QUESTIONS, string>>): Promise<void> {
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const answer = given[name as keyof typeof QUESTIONS] ?? 'No'
    await page.getByRole('group', { name: question }).getByRole('radio', { name: answer, exact: true }).check()
  }
}

async function pagePaths(): Promise<string[]> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await openResult(page)
  const result = new URL(page.url()).pathname
  await page.goto(`${served.url}/works`)
  const work = await page.locator('main li a').first().getAttribute('href')
  await page.goto(served.url + work)
  const party = await page.locator('dd a').first().getAttribute('href')
  await context.close()
  const id = result.split('/')[2]!
  await keepWeakResult(id)
  return [
    '/',
    result,
    work!,
    party!,
    `/reserve?result=${id}`,
    `/requests/new?result=${id}&hit=0`,
    '/results/weak',
    '/requests/new?result=weak&hit=0',
    '/collection',
    '/receipts/3',
    '/works',
    '/log',
    '/datasets',
    '/about',
    '/lessons',
    '/lessons/4',
    '/openapi',
    '/no-such-page',
  ]
}

/** The same result as if chance alone might have found it, and as if no preview had been kept. */
async function keepWeakResult(id: string): Promise<void> {
  const { db } = served.node.register.database
  const { body, created_at } = await db
    .selectFrom('check_result')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const result = JSON.parse(body) as CheckResult
  const hits = result.hits.map((hit) => ({ ...hit, status: 'candidate', expectedByChance: 0.4, preview: null }))
  const weak = JSON.stringify({ ...result, id: 'weak', hits })
  await db.insertInto('check_result').values({ id: 'weak', created_at, body: weak }).execute()
}

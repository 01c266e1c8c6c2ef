import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { extractText } from 'unpdf'
import { watchOnce } from '../src/watching/index.ts'
import { axeViolations, openBrowser } from './support/browser.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const codes = Object.keys(JSON.parse(readFileSync('locales/languages.json', 'utf8')) as object)
/** One of each alphabet, and what has long words. */
const LOOKED_AT = ['de', 'el', 'fi', 'bg', 'ka']

let served: ServedNode
let browser: Browser
let paths: string[]
before(async () => {
  served = await serveTestNode({ withExample: true })
  browser = await openBrowser()
  const { register, datasets } = served.node
  await watchOnce(register, datasets)
  const { work, party } = await register.database.db.selectFrom('watch_finding').selectAll().executeTakeFirstOrThrow()
  paths = [
    '/',
    '/rights/new',
    '/languages',
    '/about',
    '/lessons/5',
    `/works/${work}`,
    `/works/${work}/visible`,
    `/parties/${party}/found`,
  ]
})
after(async () => {
  await browser?.close()
  await served?.stop()
})

test('in every language pages fit 320 pixels, whatever its words are like', async () => {
  const page = await browser.newPage({ viewport: { width: 320, height: 800 } })
  for (const code of codes)
    for (const path of LOOKED_AT.includes(code) ? paths : paths.slice(0, 2)) {
      const response = await page.goto(`${served.url}${path}?lang=${code}`)
      assert.equal(response?.status(), 200, `${code} ${path}`)
      const [width, language] = await page.evaluate<[number, string]>(
        '[document.documentElement.scrollWidth, document.documentElement.lang]',
      )
      assert.deepEqual([width, language], [320, code], `${code} ${path}`)
    }
  await page.close()
})

test('in several alphabets axe finds nothing', async () => {
  const page = await browser.newPage()
  for (const code of LOOKED_AT)
    for (const path of paths) {
      await page.goto(`${served.url}${path}?lang=${code}`)
      assert.deepEqual(await axeViolations(page), [], `${code} ${path}`)
    }
  await page.close()
})

test('printed, every lesson has one sheet to itself, whatever its words are like', async () => {
  const page = await browser.newPage()
  for (const code of ['en', ...LOOKED_AT]) {
    await page.goto(`${served.url}/lessons/print?lang=${code}`)
    const margin = { top: '15mm', right: '15mm', bottom: '15mm', left: '15mm' }
    const pdf = await page.pdf({ format: 'A4', margin })
    const { text } = await extractText(new Uint8Array(pdf), { mergePages: false })
    const starts = text.map((sheet) => /^\s*(\d+)\s*\./.exec(sheet)?.[1])
    // The first sheet says what a workshop needs.
    assert.deepEqual(starts, [undefined, ...Array.from({ length: 10 }, (_, i) => String(i + 1))], code)
  }
  await page.close()
})

test('a language is chosen with the keyboard, and stays while one goes on', async () => {
  const page = await browser.newPage()
  await page.goto(`${served.url}/about`)
  await page.getByRole('link', { name: /^Language/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'polski' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/about?lang=pl')
  assert.equal(await page.locator('html').getAttribute('lang'), 'pl')
  await page.getByRole('navigation').getByRole('link').first().click()
  assert.equal(await page.locator('html').getAttribute('lang'), 'pl')
  await page.close()
})

test('what went wrong is said in the reader’s language, and as the program puts it; of a defect nothing else', async () => {
  const texts = (code: string) => JSON.parse(readFileSync(`locales/${code}.json`, 'utf8')) as Record<string, string>
  const ask = async (path: string, code: string, more: RequestInit = {}) => {
    const response = await fetch(served.url + path, { ...more, headers: { 'accept-language': code, ...more.headers } })
    return { status: response.status, text: await response.text() }
  }
  for (const code of ['de', 'uk', 'mt']) {
    const missing = await ask('/works/nothing', code)
    assert.equal(missing.status, 404)
    assert.ok(missing.text.includes(texts(code)['error.not_found']!), code)
    const wrong = await ask('/sign', code, { method: 'POST', body: new URLSearchParams({ kind: 'nonsense' }) })
    assert.equal(wrong.status, 400)
    assert.ok(wrong.text.includes(texts(code)['error.invalid_input']!), code)
    assert.match(wrong.text, /<span lang="en">/)
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    const refused = JSON.parse((await ask('/api/drafts/prepare', code, json)).text) as { error: Record<string, string> }
    assert.equal(refused.error.says, texts(code)['error.invalid_input'], code)
    assert.ok(refused.error.message)
  }
  const english = await ask('/sign', 'en', { method: 'POST', body: new URLSearchParams({ kind: 'nonsense' }) })
  assert.doesNotMatch(english.text, /In the words of the program/)
  const readPart = served.node.datasets.list
  served.node.datasets.list = () => {
    throw new Error('a secret of this machine')
  }
  try {
    const defect = await ask('/datasets', 'de')
    assert.equal(defect.status, 500)
    assert.ok(defect.text.includes(texts('de')['error.internal']!))
    assert.doesNotMatch(defect.text, /secret of this machine/)
    assert.match(defect.text, /^<!doctype html>/i)
  } finally {
    served.node.datasets.list = readPart
  }
})

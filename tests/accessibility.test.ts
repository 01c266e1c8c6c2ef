import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { readConfig, systemEffects } from '../src/foundation/index.ts'
import { createWeb } from '../src/web/index.ts'
import { makePaperCode, readPaperCode } from '../src/web/paperCode.ts'
import { COLOUR_RULES, axeViolations, openBrowser, sidewaysPixels } from './support/browser.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const PAGE_BYTES_MAX = 30_000
const KINDS = {
  'forced colours': { forcedColors: 'active' },
  'forced colours, dark': { forcedColors: 'active', colorScheme: 'dark' },
  'reduced motion': { reducedMotion: 'reduce' },
} as const
/** WCAG 1.4.12, and letters of twice the size (1.4.4). */
const LARGE = `html { font-size: 200% !important }
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-bottom: 2em !important }`

let served: ServedNode
let browser: Browser
let paths: string[]
before(async () => {
  served = await serveTestNode({ withExample: true })
  browser = await openBrowser()
  paths = await findPaths()
})
after(async () => {
  await browser?.close()
  await served?.stop()
})

/** Every page that is linked from the navigation or the foot of a page, and one of each kind behind them. */
async function findPaths(): Promise<string[]> {
  const page = await browser.newPage()
  await page.goto(served.url)
  const linked = await page
    .locator('nav a, footer a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')!))
  await page.goto(`${served.url}/works`)
  const work = (await page.locator('main li a').first().getAttribute('href'))!
  await page.close()
  assert.ok(linked.includes('/accessibility'), 'the statement is linked from every page')
  return [
    ...new Set([
      ...linked,
      '/collection',
      '/rights/no',
      '/consents',
      '/lessons/4',
      '/lessons/print',
      '/catalog',
      '/paper/enter',
      '/paper/enter?code=R000-0000-0',
      work,
      '/receipts/3',
    ]),
  ]
}

test('every page of the navigation in forced colours, light and dark, and in reduced motion at 320 pixels: nothing that axe finds, nothing to scroll sideways', async () => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
  const page = await context.newPage()
  assert.ok(paths.length > 8)
  for (const path of paths) {
    await page.goto(served.url + path)
    for (const [i, [name, settings]] of Object.entries(KINDS).entries()) {
      await page.emulateMedia({ forcedColors: null, colorScheme: null, reducedMotion: null, ...settings })
      assert.deepEqual(await axeViolations(page, i === 0 ? undefined : COLOUR_RULES), [], `${path} in ${name}`)
      assert.equal(await sidewaysPixels(page), 0, `${path} in ${name}`)
    }
  }
  await context.close()
})

test('every page with letters of twice the size and wide spacing: nothing is cut off or has to be scrolled sideways', async () => {
  const context = await browser.newContext({ viewport: { width: 640, height: 900 }, bypassCSP: true })
  const page = await context.newPage()
  for (const path of paths) {
    await page.goto(served.url + path)
    await page.addStyleTag({ content: LARGE })
    assert.equal(await sidewaysPixels(page), 0, path)
    assert.deepEqual(await axeViolations(page), [], path)
  }
  await context.close()
})

test('what is pressed is at least 24 pixels, and what has the focus is seen', async () => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, forcedColors: 'active' })
  const page = await context.newPage()
  for (const path of paths) {
    await page.goto(served.url + path)
    // Links within a sentence are as high as its line (WCAG 2.5.8, inline).
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          'button, select, summary, input:not([type=hidden]), nav a, footer a, .button',
        ),
      ]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ target: element.closest('label') ?? element, element }))
        .filter(({ target }) => target.getBoundingClientRect().height < 24 || target.getBoundingClientRect().width < 24)
        .map(({ element }) => element.outerHTML.slice(0, 90)),
    )
    assert.deepEqual(small, [], path)
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement
        const { top, bottom } = element.getBoundingClientRect()
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return {
          isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
          isThere: bottom > 0 && top < innerHeight,
          tag: element.tagName,
        }
      })
      if (focus.tag !== 'BODY') assert.ok(focus.isSeen && focus.isThere, `${path}: ${JSON.stringify(focus)}`)
    }
  }
  await context.close()
})

test('every page with its style and drawings is at most 30 kB over the wire, packed by gzip, and asks no other host', async () => {
  const context = await browser.newContext()
  const waiting = [...paths]
  // Waiting until a page asks for nothing more takes half a second: four are looked at side by side.
  const look = async () => {
    const page = await context.newPage()
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await assertLight(page, path)
  }
  await Promise.all(Array.from({ length: 4 }, look))
  await context.close()
})

async function assertLight(page: Page, path: string): Promise<void> {
  const answers: { url: string; body: Promise<Buffer> }[] = []
  page.on('response', (response) => answers.push({ url: response.url(), body: response.body() }))
  await page.goto(served.url + path, { waitUntil: 'networkidle' })
  page.removeAllListeners('response')
  const sizes = await Promise.all(
    answers
      .filter(({ url }) => !url.includes('/modules/'))
      .map(async ({ url, body }) => ({ url, bytes: gzipSync(await body).length })),
  )
  assert.ok(sizes.length > 1, path)
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0)
  assert.ok(bytes <= PAGE_BYTES_MAX, `${path}: ${bytes} bytes`)
  assert.deepEqual(
    answers.filter(({ url }) => !url.startsWith(served.url) && !url.startsWith('blob:')),
    [],
    path,
  )
}

test('the statement says how the operator is reached, and that it is not known where it is not', async () => {
  assert.match(await (await fetch(`${served.url}/accessibility`)).text(), /has not named a contact yet/)
  for (const [contact, link] of [
    ['access@example.org', 'mailto:access@example.org'],
    ['https://example.org/contact', 'https://example.org/contact'],
  ]) {
    const config = { ...served.node.config, operatorContact: readConfig({ OPERATOR_CONTACT: contact }).operatorContact }
    const answer = await createWeb({ ...served.node, config }).request('/accessibility')
    assert.ok((await answer.text()).includes(`<a href="${link}">${contact}</a>`))
  }
  assert.throws(() => readConfig({ OPERATOR_CONTACT: 'javascript:alert(1)' }), /neither a mail address/)
})

test('a form is printed with a code, by which a help desk finds where to enter it; a misread code is told', async () => {
  for (const kind of ['reserve', 'check', 'removal'] as const) {
    for (let i = 0; i < 50; i++) {
      const code = makePaperCode(kind, systemEffects)
      assert.match(code, /^[RCD][0-9A-HJKMNP-TV-Z]{3} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]$/)
      assert.equal(
        readPaperCode(code.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll(' ', '-')),
        kind,
      )
      const place = 1 + (i % 3)
      const misread = code.slice(0, place) + (code[place] === '7' ? '4' : '7') + code.slice(place + 1)
      assert.equal(readPaperCode(misread), undefined, `${code} ${misread}`)
    }
  }
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${served.url}/paper`)
  const code = (await page.locator('.paper .code').first().textContent())!
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.paper:visible').count(), 3)
  assert.ok(!(await page.locator('nav').isVisible()) && !(await page.getByText('For help desks').isVisible()))
  await page.emulateMedia({ media: 'screen' })
  await page.getByRole('link', { name: /For help desks/ }).press('Enter')
  await page.getByLabel('Code of this form').focus()
  await page.keyboard.type(code.replace(/.$/, code.endsWith('3') ? '4' : '3'))
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Code of this form').fill(code)
  await page.getByLabel('Code of this form').press('Enter')
  await page.getByRole('link', { name: 'Enter what stands on the form' }).press('Enter')
  await page.waitForURL(/rights\/no/)
  await context.close()
})

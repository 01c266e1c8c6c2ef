import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import type { Browser, Page } from 'playwright-core'
import { axeViolations, fitsInLightAndDark, openBrowser } from '../../../../../tests/support/browser.ts'
import { emptyRelease, exampleRelease, hostileRelease } from '../../../../../tests/support/indicatorReleases.ts'
import { toPage } from './page.ts'

const VOID = new Set(['meta', 'line', 'circle', 'rect', 'br'])

interface Seen {
  names: Set<string>
  attributes: Set<string>
  ids: string[]
  references: string[]
  text: string
}

/** Reads a page strictly: every element is closed where it must be, and nothing is in it that could run or fetch. */
function readPage(page: string): Seen {
  const seen: Seen = { names: new Set(), attributes: new Set(), ids: [], references: [], text: '' }
  const open: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      seen.names.add(name)
      for (const [key, value] of Object.entries(attributes)) {
        seen.attributes.add(key)
        if (key === 'id') seen.ids.push(value)
        if (key === 'href') seen.references.push(value.slice(1))
        if (key === 'href') assert.match(value, /^#[a-z0-9-]+$/)
        if (key === 'aria-labelledby') seen.references.push(value)
      }
      if (!VOID.has(name)) open.push(name)
    },
    onclosetag(name, isImplied) {
      if (VOID.has(name)) return
      assert.ok(!isImplied, `${name} is closed by its own tag`)
      assert.equal(open.pop(), name)
    },
    ontext(text) {
      if (open.at(-1) !== 'style') seen.text += text
    },
  })
  parser.end(page)
  assert.deepEqual(open, [])
  return seen
}

const NAMES =
  'html head meta title style body a header p h1 h2 h3 bdi span nav ul li main section figure figcaption svg text line circle rect table caption thead tbody tr th td div dl dt dd strong footer'.split(
    ' ',
  )
const ATTRIBUTES =
  'lang charset name content http-equiv class id href aria-label aria-labelledby tabindex role scope viewbox viewBox x y x1 y1 x2 y2 cx cy r width height'.split(
    ' ',
  )

function assertSafe({ names, attributes, ids, references }: Seen): void {
  for (const name of names) assert.ok(NAMES.includes(name), name)
  for (const attribute of attributes) assert.ok(ATTRIBUTES.includes(attribute), attribute)
  assert.equal(new Set(ids).size, ids.length, 'each id once')
  for (const reference of references) assert.ok(ids.includes(reference), reference)
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ')

test('every indicator has its place, says its figures in plain words, and where they come from', () => {
  const release = exampleRelease()
  const seen = readPage(toPage(release))
  assertSafe(seen)
  const text = inOneLine(seen.text)
  for (const { number, name, formula } of release.indicators) {
    assert.ok(seen.ids.includes(`indicator-${number}`))
    assert.ok(text.includes(name) && text.includes(formula), name)
  }
  for (const sentence of [
    'As diverse as if 6.11 languages were equally common.',
    'The one that is furthest behind (Maltese) is at 0.',
    '6.0% of the whole, counted by tokens, was reserved when it was collected.',
    'There is no overall score',
    'Groups left out of the table: 2.',
    'Not known 3.1% of the weight',
    'United States (US)',
  ])
    assert.ok(text.includes(sentence), sentence)
  assert.ok(!/undefined|NaN|\[object|null/.test(text))
})

test('what was not measured is listed with what it needs, and no number stands for it', () => {
  const seen = readPage(toPage(emptyRelease()))
  assertSafe(seen)
  assert.equal(seen.text.match(/It needs --/g)?.length, 21)
  assert.ok(!seen.names.has('svg') && !seen.names.has('table'))
})

test('whatever a data set calls its parts, it stays text, is cut, and keeps its direction to itself', () => {
  fc.assert(
    fc.property(hostileRelease, (release) => {
      const page = toPage(release)
      const seen = readPage(page)
      assertSafe(seen)
      assert.ok(page.isWellFormed())
      assert.doesNotMatch(page.replaceAll('\n', ' '), /\p{Cc}|[\u202A-\u202E\u2066\u2067]/u)
      assert.doesNotMatch(seen.text.replace(/\p{M}/gu, ''), /[xZ]{601}/, 'the longest, a source, is cut')
      for (const { name } of release.indicators) assert.ok(seen.text.includes(name))
    }),
    { numRuns: 50 },
  )
})

let browser: Browser
before(async () => (browser = await openBrowser()))
after(() => browser.close())

async function show<T>(page: string, look: { width?: number }, inspect: (page: Page) => Promise<T>) {
  const context = await browser.newContext({ viewport: { width: look.width ?? 1000, height: 800 } })
  try {
    const opened = await context.newPage()
    await opened.setContent(page)
    return await inspect(opened)
  } finally {
    await context.close()
  }
}

/** Something of everything that is hard to set: wide, tall, bidirectional, endless. */
function hardRelease() {
  const release = exampleRelease()
  const names = [
    'W'.repeat(10_000),
    'שלום عليكم '.repeat(30),
    '漢'.repeat(200),
    '<b>bold</b>',
    '',
    'Z̵̡̧̛̛̖̭̹'.repeat(100),
    '\u202Egnp.exe',
  ]
  const creators = release.indicators.at(-1)!
  creators.table!.rows = names.map((name, i) => [name, 10 ** (i * 2), 1.5 ** (i * 90), 0.5 ** i])
  return { ...release, dataset: 'W'.repeat(10_000), weightBasis: '漢'.repeat(10_000) }
}

for (const [name, release] of [
  ['measured', exampleRelease],
  ['not measured', emptyRelease],
  ['hard to set', hardRelease],
] as const) {
  test(`in a browser, ${name}: WCAG 2.2 AA in light and dark, and nothing to push aside at 320 pixels`, async () => {
    const page = toPage(release())
    await show(page, {}, async (opened) => {
      await fitsInLightAndDark(opened, name)
      await opened.emulateMedia({ colorScheme: 'light' })
      await opened.setViewportSize({ width: 320, height: 800 })
      assert.deepEqual(await axeViolations(opened), [], name)
      assert.equal(await opened.evaluate<number>('document.documentElement.scrollWidth'), 320)
    })
  })
}

test('tables that are larger than their place are reached and moved by keys', async () => {
  await show(toPage(exampleRelease()), { width: 320 }, async (page) => {
    const region = page.getByRole('region', { name: 'Table: Parity with speakers' })
    await region.focus()
    await page.keyboard.press('ArrowDown')
    // Scrolling by a key is smooth: it takes some frames. Asked again and again from here, for the page lets no script ask.
    while ((await region.evaluate((element) => element.scrollTop)) === 0) await page.waitForTimeout(20)
    assert.equal(await page.getByRole('img').count(), await page.locator('svg').count())
  })
})

test('names of a data set run nothing, and nothing is fetched', async () => {
  const release = exampleRelease()
  const attack = '</title></style></svg>"\'><script>globalThis.ran = 1</script><img src=x onerror="globalThis.ran = 1">'
  release.dataset = attack
  for (const { figures, table } of release.indicators) {
    for (const figure of figures) figure.label = attack
    for (const row of table?.rows ?? []) row[0] = attack
  }
  await show('', {}, async (page) => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.setContent(toPage(release))
    assert.equal(await page.evaluate('globalThis.ran'), undefined)
    assert.equal(await page.locator('script, img').count(), 0)
    assert.deepEqual(asked, [])
  })
})

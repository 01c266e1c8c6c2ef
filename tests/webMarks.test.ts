import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeTextOf, disclosureFrom } from '../src/disclosure/index.ts'
import { markHtml, readHtml } from '../src/marking/web/index.ts'
import { numbersFrom } from '../src/marking/watermark/random.ts'
import { openBrowser } from './support/browser.ts'
import { HOSTILE_PAGES } from './support/hostilePages.ts'

const disclosure = disclosureFrom({ phases: { production: 3 }, review: 'reviewed' })
const code = codeTextOf(disclosure)

/** What a browser finds of one page: codes in its head, and the body without what we cannot have touched. */
interface Seen {
  codes: (string | null)[]
  body: string
}

const WRITTEN = 'AID1-0-0000000-R-V'
const TOKENS =
  `<meta name="ai-disclosure" content="${WRITTEN}">|<head>|</head>|<html>|<title>|</title>|<!--|-->|<script>|</script>|<style>|</style>|<meta charset=utf-8>|<body>|</body>|<noscript>|</noscript>|<template>|</template>|<img>|<link>|<noframes>|</noframes>|<svg>|</p>|x| |&nbsp;|<p>|<a b="`.split(
    '|',
  )

/**
 * Pages made of tokens by chance, the same each time. Where a head has `noscript`, readers with and without scripts see
 * two different heads, so a code that is written already stands in none of these.
 */
function pagesByChance(count: number): string[] {
  const next = numbersFrom(7)
  const pages = Array.from({ length: count }, () =>
    Array.from({ length: next() % 12 }, () => TOKENS[next() % TOKENS.length]).join(''),
  )
  return pages.map((html) => (html.includes('<noscript>') ? html.replaceAll(WRITTEN, '') : html))
}

test('a browser finds the mark in the head, and the page is otherwise as it was', async () => {
  const pages = [...Object.values(HOSTILE_PAGES), ...pagesByChance(2000)]
  const marked = pages.flatMap((html) => {
    try {
      return [{ html, marked: markHtml(html, { disclosure }) }]
    } catch {
      return []
    }
  })
  assert.ok(marked.length > pages.length * 0.8, `${marked.length} of ${pages.length} pages were marked`)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    // As a text, for what the browser runs has no types.
    const seen = (await page.evaluate(`((pages) => pages.map(({ html, marked }) => [html, marked].map((text) => {
      const parsed = new DOMParser().parseFromString(text.replace(/^\\ufeff/, ''), 'text/html')
      const metas = [...parsed.head.querySelectorAll(':scope > meta[name="ai-disclosure"]')]
      return { codes: metas.map((meta) => meta.getAttribute('content')), body: parsed.body?.outerHTML ?? '' }
    })))(${JSON.stringify(marked)})`)) as [Seen, Seen][]
    const wrong = seen.flatMap(([before, after], i) => {
      const { html } = marked[i]!
      // What is read stands where a browser has it, too.
      const isRead = readHtml(html).code === undefined || before.codes.includes(WRITTEN)
      return after.codes.includes(code) && before.body === after.body && isRead ? [] : [{ html, before, after }]
    })
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} pages`)
    for (const { marked: text } of marked) assert.equal(readHtml(text).code, code)
  } finally {
    await browser.close()
  }
})

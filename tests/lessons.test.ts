import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { LESSONS, PARAGRAPHS, QUESTIONS } from '../src/web/lessons/lessons.ts'
import { readTexts } from '../tools/localeFlaws.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const PARTS = ['title', 'aim', ...PARAGRAPHS, 'activity', ...QUESTIONS, 'wrong', 'drawing']
const WORDS_MAX: Record<string, number> = { p1: 45, p2: 45, p3: 45, activity: 50, aim: 20, q1: 20, q2: 20, wrong: 30 }
/** Makers of models and platforms, and their products: none of them is to be taken for an example. */
const VENDORS =
  /openai|chatgpt|\bgpt|google|gemini|microsoft|copilot|anthropic|claude|\bmeta ai|\bllama ?\d|mistral|midjourney|stability|stable diffusion|dall[-·]e\b|adobe|firefly|amazon|nvidia|hugging ?face|\bsuno\b|\budio\b|spotify|deepseek|\bgrok\b|perplexity|getty/i
const PAGES = ['/lessons', '/lessons/print', ...LESSONS.map(({ number }) => `/lessons/${number}`)]
const english = readTexts('en')

let served: ServedNode
const pages = new Map<string, string>()
before(async () => {
  served = await serveTestNode({ withExample: false })
  for (const path of PAGES) {
    const response = await fetch(served.url + path)
    assert.equal(response.status, 200, path)
    pages.set(path, await response.text())
  }
})
after(() => served?.stop())

/** A text as it stands in a page. */
const inPage = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
const keysOf = (texts: Record<string, string>) => Object.keys(texts).filter((key) => /^lesson\.\d/.test(key))

test('there are ten lessons, each with all its parts, in every language that has any of them', () => {
  assert.equal(LESSONS.length, 10)
  const expected = LESSONS.flatMap(({ number }) => PARTS.map((part) => `lesson.${number}.${part}`)).sort()
  assert.deepEqual(keysOf(english).sort(), expected)
  const codes = Object.keys(JSON.parse(readFileSync('locales/languages.json', 'utf8')) as object)
  assert.ok(readdirSync('locales').length > codes.length)
  for (const code of codes) {
    const keys = keysOf(readTexts(code))
    assert.ok(keys.length === 0 || keys.length === expected.length, `${code} has ${keys.length} texts of lessons`)
  }
})

test('every part stands on the page of its lesson and on its sheet, short enough to be read aloud', () => {
  for (const { number } of LESSONS)
    for (const part of PARTS) {
      const text = english[`lesson.${number}.${part}`]!
      for (const path of [`/lessons/${number}`, '/lessons/print'])
        assert.ok(pages.get(path)!.includes(inPage(text)), `${path}: ${part}`)
      const words = text.split(/\s+/).length
      assert.ok(words <= (WORDS_MAX[part] ?? 20), `lesson ${number}, ${part}: ${words} words`)
    }
  for (const { number } of LESSONS)
    assert.ok(pages.get('/lessons')!.includes(`<a href="/lessons/${number}">${english[`lesson.${number}.title`]}</a>`))
})

test('headings follow one another without a gap, under one title', () => {
  for (const [path, page] of pages) {
    const levels = [...page.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level))
    assert.equal(levels[0], 1, path)
    assert.equal(levels.filter((level) => level === 1).length, 1, path)
    levels.slice(1).forEach((level, i) => assert.ok(level <= levels[i]! + 1, `${path}: ${levels.join(' ')}`))
    assert.ok(levels.length >= (path === '/lessons' ? 2 : 4), path)
  }
})

test('each drawing is said in words, and has neither words nor styles in it', () => {
  const drawings = new Set<string>()
  for (const { number } of LESSONS) {
    const [drawing, ...others] = pages.get(`/lessons/${number}`)!.match(/<svg class="drawing".*?<\/svg>/gs)!
    assert.equal(others.length, 0)
    assert.ok(drawing!.includes(`role="img" aria-label="${inPage(english[`lesson.${number}.drawing`]!)}"`))
    assert.doesNotMatch(drawing!, /<text|<title|<image|style=|NaN|undefined/)
    drawings.add(drawing!.replace(/aria-label="[^"]*"/, ''))
  }
  assert.equal(drawings.size, LESSONS.length)
  assert.equal(pages.get('/lessons/print')!.match(/<svg class="drawing"/g)!.length, LESSONS.length)
})

test('the sheets have lines for notes, and whole addresses for whoever reads them on paper', () => {
  const sheets = pages.get('/lessons/print')!.split('<section class="paper lesson"').slice(1)
  assert.equal(sheets.length, LESSONS.length)
  for (const sheet of sheets) {
    assert.ok(sheet.match(/<p class="line"><\/p>/g)!.length >= 5)
    assert.match(sheet, /data-address="http:\/\/localhost\/[^"]*"/)
  }
})

test('every link in the lessons leads somewhere, and what is no lesson is said to be none', async () => {
  const links = new Set<string>()
  for (const page of pages.values())
    for (const [, href] of /<main[\s\S]*<\/main>/.exec(page)![0].matchAll(/href="([^"]+)"/g)) links.add(href!)
  assert.ok(links.size >= PAGES.length + 5, [...links].join(' '))
  for (const link of links) {
    assert.match(link, /^\//)
    assert.equal((await fetch(served.url + link)).status, 200, link)
  }
  for (const none of ['0', '11', '01', 'x', '1.0', '%00'])
    assert.equal((await fetch(`${served.url}/lessons/${none}`)).status, 404, none)
})

test('no vendor stands in a lesson, in any language', () => {
  assert.match('as ChatGPT does', VENDORS)
  let read = 0
  for (const file of readdirSync('locales').filter((name) => /^[a-z]{2,3}\.json$/.test(name)))
    for (const [key, text] of Object.entries(readTexts(file.replace('.json', '')))) {
      if (!key.startsWith('lesson.')) continue
      read++
      assert.doesNotMatch(text, VENDORS, `${file} ${key}`)
    }
  assert.ok(read >= LESSONS.length * PARTS.length)
})

test('from a result, from a report on a file and from every page one gets to the lessons', async () => {
  const send = async (path: string) => {
    const form = new FormData()
    form.append('file', new File(['The river keeps the names of those who crossed it. '.repeat(8)], 'river.txt'))
    const response = await fetch(served.url + path, { method: 'POST', body: form })
    assert.equal(response.status, 200, path)
    return response.text()
  }
  assert.match(await send('/check'), /<a href="\/lessons\/4">What does this mean\?<\/a>/)
  const report = await send('/verify')
  assert.match(report, /<a href="\/lessons\/8">What does this mean\?<\/a>/)
  assert.match(report, /<a href="\/lessons\/7">How to question an AI output<\/a>/)
  assert.match(await (await fetch(served.url)).text(), /<footer>[\s\S]*<a href="\/lessons">Lessons<\/a>/)
})

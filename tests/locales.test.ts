import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { languageIdentifier, toIso3 } from '../src/languages/index.ts'
import { localeFlaws, readTexts } from '../tools/localeFlaws.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const languages = JSON.parse(readFileSync('locales/languages.json', 'utf8')) as Record<
  string,
  { name: string; format?: string; reviewed?: string }
>
const EU = 'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv'.split(' ')
const NEIGHBOURS = 'bs cnr is ka mk nb sq sr tr uk'.split(' ')
const english = readTexts('en')

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served.stop())

test('there are the official languages of the Union, and those of candidates and neighbours, each with its texts', () => {
  assert.deepEqual(Object.keys(languages).sort(), [...EU, ...NEIGHBOURS].sort())
  const files = readdirSync('locales').map((name) => name.replace('.json', ''))
  assert.deepEqual(files.sort(), [...Object.keys(languages), 'languages', 'disclosure'].sort())
})

for (const [code, { format }] of Object.entries(languages)) {
  test(`${code}: every text, placeholder and plural is there, and it is that language`, () => {
    const texts = readTexts(code)
    assert.deepEqual(localeFlaws(code, format ?? code, texts, english), [])
    const sentences = Object.keys(english)
      .filter((key) => !english[key]!.includes('{') && english[key]!.length > 60)
      .map((key) => texts[key]!)
    const read = languageIdentifier().identify(sentences.join('\n').slice(0, 6000))
    const near = read.candidates.map(({ code: candidate }) => candidate)
    // Montenegrin without its two letters of its own is nobody's but its writer's: it is read as a near standard.
    const expected = code === 'cnr' ? ['cnr', 'srp', 'bos', 'hrv'] : [toIso3(code) ?? code]
    assert.ok(
      expected.some((each) => near.includes(each)),
      `read as ${near.join(', ')}`,
    )
  })
}

test('what is wrong with a translation is told', () => {
  const original = {
    a: '{count, plural, one {# work} other {# works}} of {name}',
    b: 'These are only some plain words.',
    c: 'Before </head>',
    d: 'Two',
  }
  const flaws = localeFlaws(
    'pl',
    'pl',
    {
      a: '{count, plural, one {# dzieło} few {# dzieła} other {# dzieł}} {nazwa}',
      b: 'These are only some plain words.',
      c: ' Przed',
      e: 'x',
    },
    original,
  )
  const said = (part: string) =>
    assert.ok(
      flaws.some((flaw) => flaw.includes(part)),
      `${part} in\n${flaws.join('\n')}`,
    )
  said('d: is missing')
  said('e: English has no such text')
  said('a: has {count (6), nazwa (1)}, not {count (6), name (1)}')
  said('b: is the English text')
  said('c: differs in the spaces around it')
  said('c: < stands there more or less often')
  const plural = { a: '{count, plural, one {# dzieło} other {# dzieł}} {name}' }
  assert.match(localeFlaws('pl', 'pl', plural, { a: original.a }).join('\n'), /no plural form “few”/)
  assert.match(localeFlaws('pl', 'pl', { a: '{count, plural, one {# dz' }, { a: original.a }).join(), /EXPECT|UNCLOSED/)
})

/** The page as somebody gets it. */
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(served.url + path, { headers })
  const page = await response.text()
  return { page, response, language: /<html lang="([^"]+)"/.exec(page)?.[1] }
}

test('the browser’s language is taken, as near as there is one; a choice counts more and lasts as long as the browser', async () => {
  for (const [asked, expected] of [
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['ja,pl;q=0.5', 'pl'],
    ['nn-NO', 'nb'],
    ['sr-ME', 'cnr'],
    ['ja', 'en'],
    ['*', 'en'],
    ['x'.repeat(5000), 'en'],
  ] as const)
    assert.equal((await get('/', { 'accept-language': asked })).language, expected, asked)
  const { response, language } = await get('/about?lang=mt', { 'accept-language': 'de' })
  assert.equal(language, 'mt')
  assert.equal(response.headers.get('content-language'), 'mt')
  const cookie = response.headers.get('set-cookie')!
  assert.match(cookie, /^language=mt;/)
  assert.doesNotMatch(cookie, /max-age|expires/i)
  assert.equal((await get('/', { cookie: 'language=mt', 'accept-language': 'de' })).language, 'mt')
  assert.equal((await get('/?lang=%22><script>', { 'accept-language': 'de' })).language, 'de')
  assert.equal((await get('/', { 'accept-language': 'de' })).response.headers.get('set-cookie'), null)
})

test('the list of languages leads back to the page that was left, never elsewhere, and says who has read them', async () => {
  const { page } = await get('/languages?to=%2Fworks%3Fbefore%3D3')
  for (const [code, { name }] of Object.entries(languages)) {
    assert.ok(page.includes(name), code)
    assert.ok(page.includes(`href="/works?before=3&amp;lang=${code}" lang="${code}"`), code)
  }
  assert.equal(page.match(/not yet read by a speaker/g)?.length, Object.keys(languages).length - 1)
  for (const to of [
    '//evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
  ])
    assert.doesNotMatch((await get(`/languages?to=${encodeURIComponent(to)}`)).page, /href="(?!\/[^/\\]|\/"|#)/)
})

test('numbers and plurals are written as the language does', async () => {
  assert.match((await get('/', { 'accept-language': 'pl' })).page, /0 zbior/i)
})

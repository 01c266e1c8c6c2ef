import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { deflatedSpaces, makeBombPdf, makePdf } from '../../../tests/support/makeDocuments.ts'
import { GOOD, LAYOUTS, ownForm } from '../../../tests/support/summaries.ts'
import { ColophonError } from '../../foundation/index.ts'
import { FIELDS, SECTIONS } from '../template.ts'
import { readColumns } from './columns.ts'
import { readDates } from './dates.ts'
import { answersOf } from './fallbacks.ts'
import { languageOf } from './language.ts'
import { readSizes } from './sizes.ts'
import { readSummary } from './readSummary.ts'
import { readChoice, readDomains, readItems, readLinks, readModalities, readStatement } from './values.ts'

const squeezed = (text: string) => text.replaceAll(/\s+/g, '')
const read = (text: string, name = 'summary.txt') => readSummary(strToU8(text), name)

test('every layout gives the same answers, word for word', async () => {
  const plain = answersOf(await readSummary(...file(await LAYOUTS.lines!(GOOD))))
  for (const [layout, make] of Object.entries(LAYOUTS)) {
    const answers = answersOf(await readSummary(...file(await make(GOOD))))
    for (const id of Object.keys(GOOD)) {
      const found = squeezed(answers.get(id)?.text ?? '')
      assert.ok(found.includes(squeezed(plain.get(id)!.text).slice(-40)), `${layout}, ${id}: ${found}`)
    }
  }
})

function file({ bytes, name }: { bytes: Uint8Array; name: string }) {
  return [bytes, name] as const
}

test('boxes: ticked, empty, behind their option, in symbol fonts, lost', () => {
  const cases: [string, string][] = [
    ['☐ Yes ☒ No', 'no'],
    ['☑ Yes □ No', 'yes'],
    ['Yes ☐ No ☒', 'no'],
    ['Yes ☒ No ☐', 'yes'],
    ['\uf0fe Yes \uf0a8 No', 'yes'],
    ['[ ] Yes [x] No', 'no'],
    ['- [x] ☒ Yes\n- [ ] ☐ No', 'yes'],
    ['Yes ✓ No', 'no'],
    ['x Yes  No', 'yes'],
    ['Yes', 'yes'],
    ['No. Nothing was crawled.', 'no'],
    ['true', 'yes'],
    ['Yes No', 'unmarked'],
    ['Yes / No', 'unmarked'],
    ['☐ Yes ☐ No', 'unmarked'],
    ['☒ Yes ☒ No', 'both'],
    ['☐ Yes ☐ No ☒ Other: partnerships', 'outside'],
    ['Acme follows all applicable laws.', 'outside'],
    ['Nobody knows', 'outside'],
    ['We have not used any such data.', 'no'],
    ['', 'none'],
  ]
  for (const [text, answer] of cases) assert.equal(readChoice(text).answer, answer, text)
  assert.equal(readChoice('☐ No').isOnlyOption, true)
})

test('a sentence under a heading says yes or no; a question says nothing', () => {
  assert.equal(readStatement('We have not crawled or scraped any site ourselves.'), 'no')
  assert.equal(readStatement('A part of the data consists of texts that we generated.'), 'yes')
  assert.equal(readStatement('Which crawlers were used by the provider?'), 'none')
  assert.equal(readStatement('Were crawlers used? No.'), 'no')
  assert.equal(readStatement('We used only licensed films.'), 'none')
  assert.equal(readStatement('This is about synthetic data.'), 'none')
})

test('kinds of content', () => {
  assert.deepEqual(readModalities('☒ Text ☐ Image ☐ Video ☐ Audio ☐ Other'), ['text'])
  assert.deepEqual(readModalities('Text, images, video and audio'), ['text', 'image', 'video', 'audio'])
  assert.deepEqual(readModalities('☐ Text ☐ Image'), [])
  assert.equal(readModalities('Text Image Video Audio Other'), 'unmarked')
})

test('dates as Europeans and Americans write them', () => {
  const at = Date.UTC(2026, 10, 27)
  const days = (text: string, withYears = false) =>
    readDates(text, at, withYears).map(({ from }) => new Date(from).toISOString().slice(0, 10))
  assert.deepEqual(days('Sept 2nd, 2025'), ['2025-09-02'])
  assert.deepEqual(days('01/09/2025'), ['2025-09-01'])
  assert.deepEqual(days('2/19/2025'), ['2025-02-19'])
  assert.deepEqual(days('04-Dec-2025 and 20 May 2026'), ['2025-12-04', '2026-05-20'])
  assert.deepEqual(days('From 02/2024 to May 2026'), ['2024-02-01', '2026-05-01'])
  assert.deepEqual(days('2026-02-30, 31/31/2025, MM/YYYY, None'), [])
  assert.deepEqual(days('08/12/2026'), ['2026-08-12'], 'not after the time of reading, where both are possible')
  assert.deepEqual(days('2018 to December 2025', true), ['2018-01-01', '2025-12-01'])
})

test('sizes: boxes, sentences, tables, two bands, lost marks', () => {
  const sizes = (text: string) =>
    readSizes(text).map(({ modality, bands, isUnmarked, amounts }) => ({
      modality,
      bands,
      isUnmarked,
      amount: amounts[0]?.amount,
    }))
  const [high] = sizes(
    '☒ Text ☐ Less than 1 billion tokens ☐ 1billion to 10 trillions tokens ☒ More than 10 trillions tokens 15 trillion tokens ☐ Image ☐ Less than 1 million images ☐ More than 1 billion images',
  )
  assert.deepEqual(high, { modality: 'text', bands: ['high'], isUnmarked: false, amount: 15e12 })
  assert.deepEqual(sizes('TEXT\n◦ Size: [more than 10 trillion tokens]')[0]!.bands, ['high'])
  assert.deepEqual(
    sizes(
      'Modality Image and Video\nTraining data size • More than 1 billion images • 10,000 to 1 million hours of video',
    ).map(({ modality, bands }) => [modality, ...bands]),
    [
      ['image', 'high'],
      ['video', 'mid'],
    ],
  )
  assert.deepEqual(
    sizes('| Text | 4.2 trillion tokens | laws |\n| Image | 5 million images | maps |').map(({ amount }) => amount),
    [4.2e12, 5e6],
  )
  assert.equal(
    sizes('Text Less than 1 billion tokens 1 billion to 10 trillion tokens More than 10 trillion tokens')[0]!
      .isUnmarked,
    true,
  )
  assert.deepEqual(sizes('Image training data size: Not applicable. Audio training data size: N/A'), [])
  assert.deepEqual(sizes('☒ Text ☒ Less than 1 billion tokens ☒ 1 billion to 10 trillion tokens')[0]!.bands, [
    'low',
    'mid',
  ])
})

test('domains, links over line ends, items', () => {
  assert.deepEqual(readDomains('kb.example, https://www.dr.example/x and robots.txt; mail a@b.example'), [
    'kb.example',
    'www.dr.example',
  ])
  assert.deepEqual(readLinks('https://data.example/nordic-\nweb and https://\nx.example/y.'), [
    'https://data.example/nordic-web',
    'https://x.example/y',
  ])
  assert.deepEqual(readItems('- one\n- two\n  lines\n3. three'), ['one', 'two lines', 'three'])
})

test('columns are read row by row, and other texts as they are', () => {
  const table = [
    '                           Acme GmbH',
    ' Provider name and         Hauptstr. 1',
    ' contact details:          10115 Berlin',
    '                           acme.example',
    ' Model dependencies:       None',
    ' Last update:              01/02/2026',
    ' Model names:              Acme-1',
    ' Version:                  2',
  ].join('\n')
  assert.equal(
    readColumns(table).split('\n').slice(0, 7).join('|'),
    'Provider name and contact details:|Acme GmbH|Hauptstr. 1|10115 Berlin|acme.example|Model dependencies:|None',
  )
  const prose = 'One line.\nAnother   one.'
  assert.equal(readColumns(prose), prose)
})

test('every label of the template is read as what it asks, wherever the template prints it', async () => {
  for (const [at, { id, section, label }] of FIELDS.entries()) {
    const next = FIELDS[at + 1]
    const headed = (field: string) => (field === '0' ? '' : `${field}. ${SECTIONS[field]}`)
    const text = `${headed(section)}\n${label}\nsaid about ${id}\n${next ? `${headed(next.section)}\n${next.label}\nmore` : ''}`
    const { answers } = await read(text)
    assert.match(answers.get(id)?.text ?? '', new RegExp(`said about ${id}$`), text)
  }
})

test('forms in JSON of others: keys are labels, under the keys that they stand in', async () => {
  const { answers } = await read(
    JSON.stringify({
      version: '1.1',
      last_update: '2026-03-01',
      general: { provider_name_and_contact: 'Acme, a@acme.example', versionedModelNames: ['Acme-1', 'Acme-2'] },
      data_sources: {
        crawled_data: {
          crawlers_used: true,
          crawler_names: ['AcmeBot'],
          modalities_covered: ['text'],
          top_domains: ['a.example', 'b.example'],
        },
        synthetic_data: { used: false, modalities_covered: [] },
      },
      cookie_policy: 'none of this',
    }),
    'form.json',
  )
  const said = Object.fromEntries([...answers].map(([id, { text }]) => [id, text]))
  assert.equal(said.lastUpdate, '2026-03-01')
  assert.equal(said.crawled, 'Yes')
  assert.equal(said.crawlModalities, '- text')
  assert.equal(said.synthetic, 'No')
  assert.deepEqual(readDomains(said.domains!), ['a.example', 'b.example'])
  assert.ok(!Object.values(said).some((text) => text.includes('none of this')))
})

test('our own form: what is not provided is asked and not answered', async () => {
  const { answers, isOwn } = await read(ownForm({ version: '2', crawled: undefined, publicUsed: false }), 'own.json')
  assert.equal(isOwn, true)
  assert.deepEqual(
    [...answers].map(([id, { text }]) => [id, text]),
    [
      ['version', '2'],
      ['crawled', ''],
      ['publicUsed', 'No'],
    ],
  )
  const broken = await read('{"template":"C(2025) 8311","answers":{"none":{"known":"attested"}}}', 'own.json')
  assert.match(broken.issues.join(), /no such field/)
})

test('pages: nothing that is not seen, boxes, fields and links as text', async () => {
  const { text } = await read(
    '<html lang="en"><style>p{}</style><script>"Last update: 1"</script><p hidden>hidden</p><p style="display:none">gone</p><label>Yes<input type="checkbox" CHECKED></label><input value="typed"><select><option>one<option selected>two</select><a href="https://a.example/x">here</a>',
    'x.html',
  )
  assert.equal(text.replaceAll(/[\s\uFDD0]+/g, ' ').trim(), 'Yes ☒ typed two here https://a.example/x')
})

test('the language of a text', () => {
  assert.equal(
    languageOf(
      'Die Anbieter haben für das Training der Modelle nur Daten von den Bibliotheken und aus den Archiven genutzt, die nicht mit dem Netz verbunden sind und ein eigenes Recht der Nutzung haben.',
    ),
    'German',
  )
  assert.equal(
    languageOf(
      'The data that is used for the training of this model is from the libraries and archives of the country and has not been sold or given to others, and it is not on the web.',
    ),
    'English',
  )
  assert.equal(languageOf('short'), undefined)
})

test('what cannot be read is refused with what to do', async () => {
  const refused = async (bytes: Uint8Array, name: string, code: string) =>
    assert.rejects(
      readSummary(bytes, name),
      (error) =>
        error instanceof ColophonError && error.code === code && error.where === name && error.remedy !== undefined,
    )
  await refused(new Uint8Array(), 'empty.txt', 'empty_file')
  await refused(strToU8('%PDF-1.7 no more'), 'broken.pdf', 'unreadable_file')
  await refused((await makePdf(['Last update: 2026'])).slice(0, 300), 'cut.pdf', 'unreadable_file')
  await refused(makeBombPdf(deflatedSpaces(2048)), 'bomb.pdf', 'too_large')
  await refused(zipSync({ 'a.txt': strToU8('x') }), 'a.zip', 'unsupported_media')
  await refused(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'a.jpg', 'unsupported_media')
  await refused(strToU8('{"a": '), 'a.json', 'invalid_json')
  await refused(strToU8(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`), 'deep.json', 'too_large')
  await refused(strToU8(`<html>${'<div>'.repeat(20_000)}`), 'deep.html', 'too_large')
  await refused(strToU8('a '.repeat(13_000_000)), 'long.txt', 'too_large')
})

test('property: any text gives answers to known fields only, and each stands in it', async () => {
  const ids = new Set(FIELDS.map(({ id }) => id))
  const piece = fc.oneof(
    fc.constantFrom(
      'Last update:',
      'Version of the Summary',
      '☒ Yes ☐ No',
      '2.3',
      'Were crawlers used by the provider or on behalf of?',
      'Synthetic data',
      'N/A',
      '\n',
      '\n\n',
      '   ',
      '☐',
      '| a | b |',
      '01/02/2025',
      '\uFDD0',
      '\uFFFD',
      'If so, please specify…',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 60 }), async (pieces) => {
      const bytes = strToU8(pieces.join(' '))
      const found = await readSummary(bytes, 'x.txt').catch((error: unknown) => {
        assert.ok(error instanceof ColophonError, String(error))
        return undefined
      })
      for (const [id, { text }] of found?.answers ?? []) {
        assert.ok(ids.has(id))
        const lines = text.split('\n').map(squeezed)
        assert.ok(lines.every((line) => squeezed(found!.text).includes(line.slice(0, 10))))
      }
    }),
    { numRuns: 200 },
  )
})

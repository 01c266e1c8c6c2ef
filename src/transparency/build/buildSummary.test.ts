import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { axeViolations, openBrowser } from '../../../tests/support/browser.ts'
import { ColophonError } from '../../foundation/index.ts'
import { LINEAGE, source, step } from '../../../tests/support/summaryLineage.ts'
import { buildLineage } from '../../lineage/index.ts'
import { lintSummary } from '../lint/lintSummary.ts'
import { FIELDS, summarySchema } from '../template.ts'
import { attestedSchema, buildSummary } from './buildSummary.ts'
import { modelFormDocument, summaryDocument } from './document.ts'
import { toHtml, toPdf } from './writeDocument.ts'

const NONE = { indicators: [], about: '' }
const AT = Date.parse('2026-11-27T12:00:00Z')

const ATTESTED = {
  version: '1.0',
  lastUpdate: '2026-11-20',
  provider: 'Example AI, Rue Haute 1, Brussels; legal@example.eu',
  models: 'Example-7B 1.0',
  marketDate: '2026-10-01',
  interactions: false,
  otherServices: false,
  signatory: true,
  crawlerPurposes: 'To collect text for training.',
  sizes: [{ modality: 'text', contentTypes: 'letters, poems, press and pages of the web' }],
}
const build = (answers: object = ATTESTED, isSme = false) =>
  buildSummary(LINEAGE, 'model', attestedSchema.parse({ answers }), NONE, { isSme })

let browser: Browser
before(async () => (browser = await openBrowser()))
after(() => browser?.close())

test('what the lineage shows stands in the summary, with how it is known', () => {
  const { summary, missing } = build()
  const value = (id: string) => summary.answers[id]?.value
  assert.deepEqual(value('sizes'), [
    {
      modality: 'text',
      band: 'mid',
      approximate: '700,000,000,000 tokens',
      contentTypes: 'letters, poems, press and pages of the web',
    },
  ])
  assert.equal(value('latestAcquisition'), '2026-05-30')
  assert.deepEqual(value('publicModalities'), ['text'])
  assert.deepEqual(
    (value('publicLarge') as { name: string; version?: string; share: number }[]).map(({ name, version }) => [
      name,
      version,
    ]),
    [['letters', '2.0']],
  )
  assert.match(value('publicOthers') as string, /1 further data sets: poems, in Polish, CC0-1\.0/)
  assert.equal(value('licensedUsed'), true)
  assert.equal(value('crawlerNames'), 'ExampleBot/1.2')
  assert.equal(value('crawlPeriod'), '01/2026 to 05/2026')
  assert.deepEqual(value('domains'), [
    'site00.example',
    'site01.example',
    'site02.example',
    'site03.example',
    'site04.example',
    'site05.example',
  ])
  assert.match(summary.answers.domains!.basis!, /6 of 57 registrable domains.*10%, rounded up/)
  assert.match(
    value('languages') as string,
    /^3 languages, 3 of them official in the Union: German 57\.1%, Maltese 14\.3%, Polish 1\.43%\. Not identified: 27\.1%\.$/,
  )
  assert.match(value('dependencies') as string, /^Base-3B, https/)
  assert.match(
    value('measures') as string,
    /gate, opt-out: rows were left out by reservations as of 2026-06-01, by register snapshot/,
  )
  assert.ok(summarySchema.safeParse(summary).success)
  for (const id of ['crawlerBehaviour', 'illegalContent', 'synthetic', 'others', 'characteristics', 'privateUsed'])
    assert.ok(missing.includes(id), id)
})

test('a small enterprise lists fewer domains, by the rule that is stated', () => {
  const { value, basis } = build(ATTESTED, true).summary.answers.domains!
  assert.equal((value as string[]).length, 3)
  assert.match(basis!, /the lower of 5%/)
})

test('nothing is attested by itself: what neither says is not provided, and no “no” is made from silence', () => {
  const { summary } = build({})
  for (const { id, kind } of FIELDS) {
    const { value, known } = summary.answers[id]!
    if (kind === 'choice') assert.notEqual(value, false, id)
    if (known !== 'not provided') assert.ok(summary.answers[id]!.basis, id)
  }
  for (const id of ['provider', 'signatory', 'synthetic', 'interactions', 'version'])
    assert.deepEqual(summary.answers[id], { known: 'not provided' })
})

test('what was attested against the lineage is named, and the lineage stands', () => {
  const { conflicts, summary } = build({ ...ATTESTED, crawled: false })
  assert.deepEqual(
    conflicts.map(({ field }) => field),
    ['crawled'],
  )
  assert.equal(summary.answers.crawled!.value, true)
  assert.equal(build({ ...ATTESTED, crawled: true }).conflicts.length, 0)
  const band = build({
    ...ATTESTED,
    sizes: [
      { modality: 'text', band: 'low' },
      { modality: 'image', band: 'low' },
    ],
  })
  assert.match(band.conflicts[0]!.message, /attested the low band, and the lineage shows the mid one/)
  assert.equal((band.summary.answers.sizes!.value as object[]).length, 2)
})

test('what differs is told for every kind of answer; what was counted stands, narratives stand beside each other', () => {
  const { conflicts, summary } = build({
    ...ATTESTED,
    latestAcquisition: '2020-01',
    crawlPeriod: '01/2010 to 02/2010',
    dependencies: 'None',
    domains: ['nice.example'],
    crawlModalities: ['image'],
    measures: 'None were taken.',
    crawled: true,
  })
  assert.deepEqual(conflicts.map(({ field }) => field).sort(), [
    'crawlModalities',
    'crawlPeriod',
    'dependencies',
    'domains',
    'latestAcquisition',
  ])
  assert.equal(summary.answers.latestAcquisition!.value, '2020-01')
  assert.ok((summary.answers.domains!.value as string[]).includes('site00.example'))
  assert.match(summary.answers.measures!.value as string, /^None were taken\.\nAlong the pipeline/)
  assert.match(summary.answers.measures!.basis!, /the second from the lineage/)
})

test('what only the trail says is never called attested by the provider', () => {
  const { summary } = build({ sizes: [{ modality: 'image', band: 'low', contentTypes: 'drawings' }] })
  for (const [id, { known }] of Object.entries(summary.answers)) assert.equal(known === 'attested', id === 'sizes', id)
  assert.match(summary.answers.sizes!.basis!, /^text from the lineage.*; image attested by the provider alone$/)
})

test('the data, crawlers and filters of a model that it was made from, and of others in the trail, are not its own', () => {
  const foreign = buildLineage([
    ...LINEAGE.steps,
    step('theirs', {
      activity: 'crawl',
      agent: { id: 'urn:bot2', name: 'OtherBot', role: 'crawler' },
      entities: [
        source('their-crawl', 1e9, {
          origin: 'crawled',
          collected: { from: '2001-01-01', to: '2026-10-30' },
          domains: { 'other.example': 1e6 },
        }),
      ],
    }),
    step('base training', { activity: 'train', edges: [{ to: 'base', from: 'their-crawl', known: 'attested' }] }),
    step('another filter', {
      activity: 'filter',
      name: 'gate of another',
      entities: [{ id: 'another', type: 'Dataset', weights: { tokens: 1 } }],
      edges: [
        {
          to: 'another',
          from: 'letters',
          known: 'measured',
          reservations: { at: '2026-01-01T00:00:00.000Z', method: 'x' },
        },
      ],
    }),
  ])
  const own = build()
  const built = buildSummary(foreign, 'model', attestedSchema.parse({ answers: ATTESTED }), NONE, { isSme: false })
  assert.deepEqual(built.summary, own.summary)
  assert.deepEqual(built.modelDocumentation, own.modelDocumentation)
})

test('data whose amount nobody gave was used all the same: an attested no is a conflict', () => {
  const rowsOnly = buildLineage([
    step('get', { entities: [{ id: 'pages', type: 'Source', origin: 'crawled', weights: { rows: 100 } }] }),
    step('train', {
      activity: 'train',
      entities: [{ id: 'm', type: 'Model' }],
      edges: [{ to: 'm', from: 'pages', known: 'measured' }],
    }),
  ])
  const { conflicts, open } = buildSummary(rowsOnly, 'm', attestedSchema.parse({ answers: { crawled: false } }), NONE, {
    isSme: false,
  })
  assert.deepEqual(
    conflicts.map(({ field }) => field),
    ['crawled'],
  )
  assert.ok(open.some((each) => /no tokens, images or hours/.test(each)) && open.some((each) => /pages/.test(each)))
})

test('sites are put together by registrable domain, sizes are not rounded into another band, and one data set is listed once', () => {
  const lineage = buildLineage([
    step('get', {
      entities: [
        source('c', 999_999_999, {
          origin: 'crawled',
          domains: { 'WWW.mine.com': 1, 'mine.com': 1, 'a.mine.com': 1, 'b.blogspot.com': 2 },
        }),
        { ...source('p', 0, { origin: 'public' }), weights: { images: 5, audioHours: 2 } },
      ],
    }),
    step('mix', {
      entities: [{ id: 'mix', type: 'Dataset', weights: { tokens: 999_999_999, images: 5, audioHours: 2 } }],
      edges: [
        { to: 'mix', from: 'c', known: 'measured', weights: { tokens: 999_999_999, images: 0, audioHours: 0 } },
        { to: 'mix', from: 'p', known: 'measured', weights: { tokens: 0, images: 5, audioHours: 2 } },
      ],
    }),
  ])
  const { answers } = buildSummary(lineage, 'mix', attestedSchema.parse({}), NONE, { isSme: false }).summary
  assert.deepEqual(answers.domains!.value, ['mine.com'])
  assert.match(answers.domains!.basis!, /1 of 2 registrable domains/)
  assert.equal((answers.sizes!.value as { approximate: string }[])[0]!.approximate, '999,999,999 tokens')
  assert.deepEqual(answers.publicLarge!.value, [
    {
      name: 'p',
      link: 'https://data.example/p',
      selection: '100% of the public image, 100% of the public audio',
      share: 1,
    },
  ])
})

test('documents take only texts that they have a place for', () => {
  for (const wrong of [
    { modelDocumentation: { typo: 'x' } },
    { addedChapter: { linguisticFigures: 'perfect' } },
    { modelDocumentation: { energy: ['x'] } },
  ])
    assert.equal(attestedSchema.safeParse(wrong).success, false, JSON.stringify(wrong))
  assert.equal(attestedSchema.parse({ modelDocumentation: { energy: 12.5 } }).modelDocumentation.energy, '12.5')
})

test('what the template does not take is refused with its place', () => {
  const refused = (answers: object, where: string) =>
    assert.throws(
      () => build(answers),
      (error: ColophonError) => error.code === 'invalid_input' && error.where === where,
    )
  refused({ price: '1' }, 'answers.price')
  refused({ crawled: 'no' }, 'answers.crawled')
  refused({ lastUpdate: 'yesterday' }, 'answers.lastUpdate')
  refused({ sizes: [{ modality: 'smell' }] }, 'answers.sizes.0.modality')
  assert.throws(
    () => buildSummary(LINEAGE, 'nothing', attestedSchema.parse({}), NONE, { isSme: false }),
    (error: ColophonError) => error.code === 'not_found',
  )
})

test('what has no origin or no root is told as open', () => {
  const lineage = buildLineage([
    step('get', { entities: [source('mystery', 10, {}), { id: 'file', type: 'File', weights: { tokens: 30 } }] }),
    step('mix', {
      entities: [{ id: 'mix', type: 'Dataset', weights: { tokens: 40 } }],
      edges: [
        { to: 'mix', from: 'mystery', weights: { tokens: 10 }, known: 'measured' },
        { to: 'mix', from: 'file', weights: { tokens: 30 }, known: 'measured' },
      ],
    }),
  ])
  const { open, summary } = buildSummary(lineage, 'mix', attestedSchema.parse({}), NONE, { isSme: false })
  assert.deepEqual(open, [
    '75% of the tokens have no known root',
    'mystery has no origin: it is in no section of the list of data sources',
  ])
  assert.equal(summary.answers.sizes!.known, 'inferred')
})

test('our own linter reads each of its forms, and finds in them what was answered', async () => {
  const { summary, addedChapter } = build()
  const document = summaryDocument(summary, addedChapter)
  const forms: [string, Uint8Array][] = [
    ['summary.html', new TextEncoder().encode(toHtml(document))],
    ['summary.pdf', await toPdf(document, new Date(AT).toISOString())],
    ['summary.json', new TextEncoder().encode(JSON.stringify(summary))],
  ]
  for (const [name, bytes] of forms) {
    const { fields } = await lintSummary(bytes, name, { at: AT })
    const verdict = (id: string) => fields.find((each) => each.id === id)?.verdict
    for (const id of [
      'provider',
      'sizes',
      'publicUsed',
      'publicLarge',
      'licensedUsed',
      'crawled',
      'domains',
      'crawlPeriod',
      'signatory',
      'languages',
    ])
      assert.equal(verdict(id), 'useful', `${name} ${id}`)
    for (const id of ['synthetic', 'illegalContent', 'crawlerBehaviour'])
      assert.equal(verdict(id), 'missing', `${name} ${id}`)
  }
})

test('the pages hold what others wrote as text, pass axe in light and dark, and fit 320 pixels', async () => {
  const evil = '<script>alert(1)</script> & "https://x.example/?a=1&b=2" \u200f'
  const { summary, addedChapter, modelDocumentation } = build({ ...ATTESTED, characteristics: evil })
  for (const document of [summaryDocument(summary, addedChapter), modelFormDocument(modelDocumentation)]) {
    const html = toHtml(document)
    assert.ok(!html.includes('<script'))
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 320, height: 800 } })
      await page.setContent(html)
      assert.deepEqual(await axeViolations(page), [])
      assert.ok((await page.evaluate(() => globalThis.document.documentElement.scrollWidth)) <= 320)
      await page.close()
    }
  }
})

test('the Model Documentation Form takes over what is known, and leaves the rest open', () => {
  const attested = attestedSchema.parse({ answers: ATTESTED, modelDocumentation: { legalName: 'Example AI SA' } })
  const { modelDocumentation } = buildSummary(LINEAGE, 'model', attested, NONE, { isSme: false })
  assert.deepEqual(modelDocumentation.legalName, { value: 'Example AI SA', known: 'attested' })
  assert.equal(modelDocumentation.modelName!.value, 'Example-7B 1.0')
  assert.equal(
    modelDocumentation.dataProvenance!.value,
    'publicly available data sets; data licensed by rightsholders; web crawling',
  )
  assert.deepEqual(modelDocumentation.energy, { known: 'not provided' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LINEAGE, step } from '../../../tests/support/summaryLineage.ts'
import { buildLineage } from '../../lineage/index.ts'
import { diffSummaries } from '../diffSummary.ts'
import { lintSummary } from '../lint/lintSummary.ts'
import { readSummary } from '../lint/readSummary.ts'
import { FIELDS } from '../template.ts'
import { attestedSchema, buildSummary } from './buildSummary.ts'
import { summaryDocument } from './document.ts'
import { toHtml, toPdf } from './writeDocument.ts'

const AT = Date.parse('2026-11-27T12:00:00Z')

/** A model of which the lineage knows nothing. */
const UNKNOWN = buildLineage([step('train', { activity: 'train', entities: [{ id: 'model', type: 'Model' }] })])

const FULL = {
  version: '1.0',
  earlier: 'https://ai.example/summary-0.9.pdf',
  lastUpdate: '2026-11-20',
  provider: 'Example AI, Rue Haute 1, Brussels; legal@example.eu',
  representative: 'Not applicable: the provider is established in the Union.',
  models: 'Example-7B 1.0',
  marketDate: '2026-10-01',
  sizes: [
    { modality: 'text', contentTypes: 'letters, poems, press and pages of the web' },
    { modality: 'image', band: 'low', approximate: '20,000 images', contentTypes: 'scans of the letters' },
  ],
  continuous: false,
  characteristics: 'Letters and poems from Central Europe, mostly from Austria and Malta, 1850 to 2024.',
  overallComments: 'Tokens were counted with the tokenizer of Base-3B.',
  publicComments: 'The letters are one collection of the Royal Library.',
  licensedModalities: ['text'],
  privateUsed: true,
  privateModalities: ['text', 'image'],
  privateList: [
    { name: 'Fjord Archive', link: 'https://fjord.example/archive', version: '3', selection: 'the letters only' },
    { name: 'Harbour Books', link: 'https://harbour.example/books' },
  ],
  privateDescription: 'Norwegian court decisions from 1990 to 2020, about 2 million documents.',
  privateComments:
    'Both were obtained in 2025, in the long-established, peer-reviewed, well-documented way of machine-readable archives.',
  crawlerPurposes: 'To collect text for training.',
  crawlerBehaviour:
    'ExampleBot follows robots.txt (RFC 9309) and stops at paywalls and passwords.\nIt solves no captchas.',
  crawlContent: 'News sites and museum catalogues in German and Polish.',
  crawlComments: 'Pages were read once.',
  interactions: false,
  otherServices: true,
  userDescription: 'Example Mail and Example Notes: drafts of users who agreed to it.',
  userModalities: ['text'],
  userComments: 'Consent can be withdrawn.',
  synthetic: true,
  syntheticModalities: ['text'],
  syntheticMarketed: 'Otter-2 by Lontra, https://lontra.example/otter-2/summary',
  syntheticOthers: 'None',
  syntheticComments: 'Translations only.',
  others: true,
  othersDescription: 'Scans of 400 books that Example AI owns, in Maltese.',
  othersComments: 'They were scanned in 2024.',
  signatory: true,
  measures: 'Before each crawl robots.txt and tdmrep.json were read again.',
  measuresComments:
    'The policy is at https://ai.example/policies/copyright/reservations-of-rights/machine-readable/protocols-that-are-honoured/2026.html',
  illegalContent: 'Hash matching against the NCMEC list and block lists of domains.',
  otherProcessing: 'Documents were deduplicated by their paragraphs.',
}
/** All that can be answered with no is. */
const DENIED = Object.fromEntries(FIELDS.filter(({ kind }) => kind === 'choice').map(({ id }) => [id, false]))

const BUILDS: Record<string, ReturnType<typeof buildSummary>> = {
  full: build(LINEAGE, FULL),
  'from the lineage alone': build(LINEAGE, {}),
  'with a no wherever there can be one': build(UNKNOWN, DENIED),
  empty: build(UNKNOWN, {}),
}

function build(lineage: typeof LINEAGE, answers: object) {
  const addedChapter = answers === FULL ? { veracity: 'Each letter was compared with its scan.' } : {}
  return buildSummary(
    lineage,
    'model',
    attestedSchema.parse({ answers, addedChapter }),
    { indicators: [], about: '' },
    { isSme: false },
  )
}

export type Form = { name: string; bytes: Uint8Array }

async function formsOf({ summary, addedChapter }: ReturnType<typeof buildSummary>): Promise<Form[]> {
  const document = summaryDocument(summary, addedChapter)
  return [
    { name: 'summary.json', bytes: new TextEncoder().encode(JSON.stringify(summary)) },
    { name: 'summary.html', bytes: new TextEncoder().encode(toHtml(document)) },
    { name: 'summary.pdf', bytes: await toPdf(document, new Date(AT).toISOString()) },
  ]
}

for (const [what, built] of Object.entries(BUILDS)) {
  test(`a summary ${what} gets the same verdicts in each of its forms`, async () => {
    const [own, ...others] = await formsOf(built)
    const expected = await lintSummary(own!.bytes, own!.name, { at: AT })
    const verdicts = ({ fields }: typeof expected) => fields.map(({ id, verdict }) => `${id}: ${verdict}`)
    const kinds = ({ findings }: typeof expected) => findings.map(({ kind, field }) => `${kind} ${field}`)
    for (const { name, bytes } of others) {
      const lint = await lintSummary(bytes, name, { at: AT })
      assert.deepEqual(verdicts(lint), verdicts(expected), name)
      assert.equal(lint.quality, expected.quality, name)
      assert.deepEqual(kinds(lint), kinds(expected), name)
    }
  })

  test(`forms of one summary ${what} differ in nothing`, async () => {
    const [own, page, paper] = (await formsOf(built)) as [Form, Form, Form]
    for (const [older, newer] of [
      [own, page],
      [own, paper],
      [paper, page],
    ] as const) {
      const { changes, warnings } = await diffSummaries(older, newer, { at: AT })
      assert.deepEqual([changes, warnings], [[], []], `${older.name} and ${newer.name}`)
    }
  })
}

test('how an answer is known is no part of it, and no answer is taken from the heading behind it', async () => {
  for (const { name, bytes } of await formsOf(BUILDS.full!)) {
    const { answers } = await readSummary(bytes, name)
    assert.equal(answers.get('version')?.text, '1.0', name)
    assert.equal(answers.get('otherProcessing')?.text, FULL.otherProcessing, name)
    for (const [id, { text }] of answers) assert.doesNotMatch(text, /Attested|Measured|Inferred|Added chapter/, id)
  }
})

test('our words for no answer are none, also where a page was copied without its marks', async () => {
  for (const what of ['empty', 'with a no wherever there can be one']) {
    const [own, page] = (await formsOf(BUILDS[what]!)) as [Form, Form]
    const markup = new TextDecoder().decode(page.bytes).replaceAll(' class="known"', '')
    const copy = { name: 'copy.html', bytes: new TextEncoder().encode(markup) }
    const [expected, lint] = await Promise.all(
      [own, copy].map(({ bytes, name }) => lintSummary(bytes, name, { at: AT })),
    )
    assert.deepEqual(lint!.counts, expected!.counts, what)
    assert.equal(lint!.quality, expected!.quality)
    assert.deepEqual((await diffSummaries(own, copy, { at: AT })).changes, [])
  }
})

test('a line of another page under the same class is read, unless it says only what our line says', async () => {
  const page = (line: string) =>
    new TextEncoder().encode(`<html><dl><dt>Last update:</dt><dd><p class="known">${line}</p></dd></dl></html>`)
  const said = async (line: string) => (await readSummary(page(line), 'x.html')).answers.get('lastUpdate')?.text
  assert.equal(await said('20/11/2026'), '20/11/2026')
  assert.equal(await said('<b>Measured along the pipeline</b>: 20/11/2026'), '')
})

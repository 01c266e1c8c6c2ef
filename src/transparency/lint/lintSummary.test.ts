import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { strToU8 } from 'fflate'
import { GOOD, LAYOUTS, QUESTIONS, lines, ownForm, type Said } from '../../../tests/support/summaries.ts'
import { ColophonError } from '../../foundation/index.ts'
import { FIELDS } from '../template.ts'
import { lintSummary, type SummaryLint } from './lintSummary.ts'
import { disclosureQuality, qualityWeight } from './quality.ts'
import type { Verdict } from './verdict.ts'

const at = Date.UTC(2026, 10, 27)
const lintText = (text: string, name = 'summary.txt') => lintSummary(strToU8(text), name, { at })
/** A good summary with other answers; an empty one leaves the question without an answer. */
const lintWith = (said: Said) => lintText(lines({ ...GOOD, ...said }).join('\n'))
const fieldOf = ({ fields }: SummaryLint, id: string) => fields.find((field) => field.id === id)!
const kinds = ({ findings }: SummaryLint) => findings.map(({ kind }) => kind)

test('a good summary is found good in every layout', async () => {
  for (const [layout, make] of Object.entries(LAYOUTS)) {
    const { bytes, name } = await make(GOOD)
    const lint = await lintSummary(bytes, name, { at })
    assert.deepEqual(lint.findings, [], layout)
    assert.deepEqual(lint.counts, { useful: 37, vague: 0, missing: 0, contradictory: 0, 'not applicable': 16 }, layout)
    assert.equal(lint.quality, 1)
    assert.equal(fieldOf(lint, 'crawlPeriod').sentence, 'From 02/2024 to 05/2026', layout)
    assert.equal(fieldOf(lint, 'representative').verdict, 'not applicable')
  }
})

test('verdicts on single answers, with the sentence that was judged', async () => {
  const cases: [id: string, said: string, verdict: Verdict, sentence?: RegExp][] = [
    ['lastUpdate', 'None', 'missing', /^None$/],
    ['lastUpdate', 'last spring', 'vague'],
    ['lastUpdate', '14/09/2031', 'contradictory'],
    ['lastUpdate', '01/02/1999', 'contradictory'],
    ['version', 'final', 'vague'],
    ['provider', 'Skerry Language Lab AB', 'vague'],
    ['marketDate', 'Coming soon.', 'missing', /Coming soon/],
    ['marketDate', 'N/A', 'missing'],
    ['models', 'N/A', 'missing'],
    ['dependencies', 'Fjord-70B, https://fjord.example/summary', 'useful'],
    ['latestAcquisition', 'The cutoff is 03/2024, while some parts have a later date.', 'vague'],
    ['languages', 'Multilingual, with broad coverage of official EU languages.', 'vague', /^Multilingual/],
    ['languages', 'English only', 'useful'],
    ['characteristics', 'N/A', 'not applicable'],
    ['publicLarge', 'The datasets used to train the model include Common Crawl.', 'vague'],
    ['publicLarge', 'Large datasets of public web content and science.', 'vague'],
    ['publicOthers', 'Various publicly available data from a wide range of sources.', 'vague', /^Various/],
    ['licensedUsed', '☐ Yes ☐ No ☒ Other: we have partnerships', 'vague'],
    ['licensedUsed', 'Not applicable', 'vague'],
    ['licensedUsed', '☒ Yes ☒ No', 'contradictory'],
    ['privateList', 'N/A', 'not applicable'],
    ['privateList', 'Bound by confidentiality.', 'vague'],
    ['crawlerNames', 'N/A', 'missing'],
    ['crawlerPurposes', 'Crawlers were used to collect public sources.', 'vague'],
    ['crawlPeriod', 'Up to July 2025.', 'vague'],
    ['crawlContent', 'A wide range of publicly accessible content.', 'vague'],
    [
      'domains',
      'The most relevant domains are reference and educational sites, government portals, and region-specific sites with codes such as .fr, co.jp and .de, in many languages of the world and of all kinds, blogs and forums.',
      'vague',
    ],
    ['domains', 'The list can be downloaded as a file: https://skerry.example/domains.csv', 'useful'],
    ['domains', 'domains.csv', 'useful'],
    ['provider', '[OPEN: to be filled in by legal]', 'missing'],
    ['dependencies', 'Not provided.', 'missing'],
    ['syntheticMarketed', 'Internal models', 'vague'],
    ['measures', 'Skerry follows all applicable laws and best practices.', 'vague', /applicable laws/],
    ['measures', 'N/A', 'missing'],
    ['measures', 'N/A. The exception was not relied on.', 'vague'],
    ['illegalContent', 'Appropriate measures are taken.', 'vague'],
    ['sizes', '☒ Text ☒ Less than 1 billion tokens ☒ 1 billion to 10 trillion tokens laws and novels', 'contradictory'],
    [
      'sizes',
      '☒ Text ☐ Less than 1 billion tokens ☒ 1 billion to 10 trillion tokens ☐ More than 10 trillion tokens 15 trillion tokens of laws and novels',
      'contradictory',
      /15 trillion tokens/,
    ],
    [
      'sizes',
      '☒ Text ☒ More than 10 trillion tokens, of which 2 trillion tokens are source code, laws and novels',
      'useful',
    ],
    [
      'sizes',
      'Text Less than 1 billion tokens 1 billion to 10 trillion tokens More than 10 trillion tokens',
      'missing',
    ],
    ['sizes', '☒ Text ☒ More than 10 trillion tokens', 'vague'],
    ['crawlModalities', '☐ Text ☐ Image ☐ Video ☐ Audio ☐ Other', 'missing'],
    ['crawled', 'Yes No', 'missing'],
  ]
  for (const [id, said, verdict, sentence] of cases) {
    const field = fieldOf(await lintWith({ [id]: said }), id)
    assert.equal(field.verdict, verdict, `${id}: ${said} (${field.why})`)
    if (sentence) assert.match(field.sentence!, sentence)
    if (field.sentence)
      assert.ok(
        lines({ ...GOOD, [id]: said })
          .join(' ')
          .includes(field.sentence),
        field.sentence,
      )
    assert.notEqual(field.why, '')
  }
})

test('failures of real summaries are named', async () => {
  const cases: [Said, string][] = [
    [{ lastUpdate: 'None' }, 'date'],
    [{ lastUpdate: '01/03/2026', latestAcquisition: '02/2026' }, 'out of date'],
    [
      {
        domains:
          'Reference sites, educational sources and technical repositories in a wide variety of languages and regions of the world.',
      },
      'narrative instead of a list',
    ],
    [{ crawled: 'No' }, 'contradiction'],
    [{ licensedUsed: '☐ Yes ☐ No ☒ Other' }, 'outside the choices'],
    [
      {
        synthetic: 'No',
        syntheticModalities: '',
        syntheticMarketed: '',
        publicLarge: '- Blocks-SFT-Synthetic https://data.example/blocks-sft-synthetic',
      },
      'synthetic data',
    ],
    [{ measures: 'N/A' }, 'no answer'],
    [{ crawlModalities: 'text image' }, 'modality'],
    [{ publicLarge: 'Common Crawl' }, 'no link'],
    [{ latestAcquisition: '10/2026' }, 'date'],
    [{ crawled: 'Yes No' }, 'marks not readable'],
    [{ otherProcessing: 'Replace this with your response…' }, 'instruction left in'],
  ]
  for (const [said, kind] of cases)
    assert.ok(kinds(await lintWith(said)).includes(kind as never), `${kind}: ${JSON.stringify(said)}`)
})

test('a contradiction is held against the answer that it makes doubtful', async () => {
  const crawled = await lintWith({ crawled: 'No' })
  assert.equal(fieldOf(crawled, 'crawled').verdict, 'contradictory')
  assert.match(fieldOf(crawled, 'crawled').why, /Period of data collection/)
  assert.equal(fieldOf(crawled, 'crawlPeriod').verdict, 'useful')
  const again = await lintWith({
    crawled: 'No',
    crawlerNames: 'N/A',
    crawlerPurposes: 'N/A',
    crawlerBehaviour: 'N/A',
    crawlPeriod: 'N/A',
    crawlContent: 'We did not crawl any site.',
    crawlModalities: '',
    domains: 'N/A',
  })
  assert.equal(
    fieldOf(again, 'crawled').verdict,
    'useful',
    'saying once more that there is nothing contradicts nothing',
  )
  const kinds = await lintWith({ syntheticModalities: 'text video' })
  assert.equal(fieldOf(kinds, 'syntheticModalities').verdict, 'contradictory')
  const synthetic = await lintWith({
    synthetic: 'No',
    syntheticModalities: '',
    syntheticMarketed: '',
    syntheticOthers: '',
    publicOthers: 'Blocks-SFT-Synthetic, 40 million pairs',
  })
  assert.deepEqual(
    [fieldOf(synthetic, 'synthetic').verdict, fieldOf(synthetic, 'synthetic').severity],
    ['useful', 'warning'],
  )
})

test('silence is no no: what depends on an open question stays open', async () => {
  const open = await lintWith({ crawled: '', crawlerNames: '', domains: '' })
  assert.deepEqual([fieldOf(open, 'crawled').verdict, fieldOf(open, 'crawled').severity], ['missing', 'error'])
  assert.deepEqual([fieldOf(open, 'domains').verdict, fieldOf(open, 'domains').severity], ['missing', 'warning'])
  assert.equal(fieldOf(open, 'crawlPeriod').verdict, 'useful')
  const denied = await lintWith({ privateUsed: 'No', privateModalities: '', privateList: '', privateDescription: '' })
  assert.equal(fieldOf(denied, 'privateDescription').verdict, 'not applicable')
  const only = await lintText(
    '2.3 Data crawled and scraped from online sources\nWere crawlers used by the provider or on behalf of?\n☐ No\nLast update: 01/10/2026',
  )
  assert.deepEqual([fieldOf(only, 'crawled').verdict, fieldOf(only, 'crawled').severity], ['useful', 'warning'])
})

test('headings that are renumbered, without numbers, or not there', async () => {
  const text = lines(GOOD).join('\n')
  const renumbered = await lintText(
    text.replace('2.5. Synthetic data', '2.4. Synthetic data').replace('2.4. User data', '2.3.9 Personal data'),
  )
  const said = renumbered.findings.filter(({ kind }) => kind === 'heading').map(({ message }) => message)
  assert.match(said.join('|'), /not found: 2\.4 User data/)
  assert.match(said.join('|'), /2\.5 is printed as 2\.4/)
  assert.equal(fieldOf(renumbered, 'syntheticModalities').verdict, 'useful')
  const bare = await lintText(text.replaceAll(/^\d(?:\.\d)+\. /gm, ''))
  assert.match(bare.findings.map(({ message }) => message).join(), /without their numbers/)
  assert.equal(bare.quality, 1)
  const none = await lintText(
    text
      .split('\n')
      .filter((line) => !/^\d(?:\.\d)+\. /.test(line))
      .join('\n'),
  )
  assert.ok(none.counts.useful >= 35, 'questions are found without any heading')
})

test('questions that the template does not have end the answer before them', async () => {
  const lint = await lintText(
    [
      '# Data summary for Otter-3',
      '**1.0.2 Last update:** 4-Nov-2026',
      '**1.1.1 Model Developer name and contact details:** Lontra SL, Calle Mayor 1, 28013 Madrid',
      '**1.2.1 Versioned model name(s):** Otter-3',
      '**1.2.2 Model release date:** 16-Jan-2026',
      '**1.3.2 Latest date of data acquisition/collection for model training:** 18-Aug-2025',
      '**1.3.4 Date the training dataset was first used to train the model:** 18-Aug-2031',
      '**2.1.1 Have you used publicly available datasets to train the model?** Yes',
      '## 2.3 Personal Information',
      '**2.3.1 Was personal data used to train the model?** Lontra follows all laws.',
      '## 2.4 Synthetic data',
      '**2.4.1 Was any synthetic AI-generated data used to train the model?** No',
      '**3.1.1 Does this dataset include any data protected by copyright?** Lontra follows all laws.',
    ].join('\n\n'),
    'card.md',
  )
  assert.equal(fieldOf(lint, 'models').sentence, 'Otter-3')
  assert.equal(fieldOf(lint, 'latestAcquisition').verdict, 'useful')
  assert.deepEqual([fieldOf(lint, 'publicUsed').sentence, fieldOf(lint, 'synthetic').sentence], ['Yes', 'No'])
  for (const id of ['crawled', 'signatory', 'measures', 'marketDate', 'licensedUsed'])
    assert.equal(fieldOf(lint, id).verdict, 'missing', id)
})

test('sentences under headings answer questions that were not asked', async () => {
  const lint = await lintText(
    [
      'Summary of training data',
      'Version of the Summary: v1 - Last update: 19 October 2026',
      '1.1 Provider identification',
      'Provider name and contact:',
      'Lontra SL, info@lontra.example',
      '1.2 Model identification',
      'Versioned Model Name(s):',
      'Otter-3',
      '2.2 Private non-publicly available datasets obtained from third parties',
      'We have not used private datasets of third parties.',
      '2.3 Data crawled and scraped from online sources',
      'We have not crawled, scraped, or otherwise compiled data ourselves.',
      '2.5 Synthetic data',
      'A portion of the training data consists of texts that were generated for us.',
      '3.1 Respect of reservation of rights from text and data mining exception or limitation',
      'We are a Signatory to the Code of Practice for general-purpose AI models that includes commitments to respect reservations.',
    ].join('\n'),
  )
  assert.equal(fieldOf(lint, 'version').sentence, 'v1')
  for (const [id, why] of [
    ['licensedUsed', /says no/],
    ['privateUsed', /says no/],
    ['crawled', /says no/],
    ['synthetic', /says yes/],
    ['signatory', /says yes/],
  ] as const)
    assert.match(fieldOf(lint, id).why, why, id)
  assert.equal(fieldOf(lint, 'interactions').verdict, 'missing')
})

test('the empty template says nothing at all', async () => {
  const lint = await lintText(
    [
      'Version of the Summary:',
      'Version of the summary, with link(s) to previous versions where applicable',
      'Last update:',
      'Click or tap to enter a date.',
      '1.1. Provider identification',
      'Provider name and contact details:',
      'Replace this with your response…',
      '1.2. Model identification',
      'Versioned model name(s):',
      'Provide the unique identifier(s) for the model(s) or model version(s) covered by this Summary (e.g. Llama 3.1-405B).',
      '2.1. Publicly available datasets',
      QUESTIONS.publicUsed,
      '☐ Yes     ☐ No',
      QUESTIONS.publicModalities,
      '☐ Text ☐ Image ☐ Video ☐ Audio',
      '☐ Other If so, please specify…',
      '2.3 Data crawled and scraped from online sources',
      QUESTIONS.crawlPeriod,
      'From MM/YYYY to MM/YYYY',
    ].join('\n'),
  )
  assert.equal(lint.counts.useful, 0, JSON.stringify(lint.fields.filter(({ verdict }) => verdict === 'useful')))
  assert.equal(lint.quality, 0)
  assert.match(fieldOf(lint, 'provider').why, /instruction/)
})

test('documents in other languages, and other documents, are named as such', async () => {
  const german = await lintText(
    'Zusammenfassung der Trainingsinhalte. Die Anbieter haben für das Training der Modelle nur Daten von den Bibliotheken und aus den Archiven genutzt, die nicht mit dem Netz verbunden sind und ein eigenes Recht haben. Letzte Aktualisierung: 01.02.2026',
  )
  assert.deepEqual([german.fields.length, german.quality, kinds(german)], [0, undefined, ['language']])
  assert.match(german.findings[0]!.message, /German/)
  const whale = await lintText(
    'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, I thought that I would sail about a little and see the watery part of the world. It is a way that I have of driving off the spleen.',
  )
  assert.deepEqual(kinds(whale), ['no summary'])
  assert.equal(whale.counts.useful, 0)
})

test('our own form in JSON is judged alike', async () => {
  const lint = await lintText(
    ownForm({
      version: '2 (https://a.example/1)',
      lastUpdate: '2026-09-14',
      crawled: true,
      crawlPeriod: '02/2024 to 05/2026',
      domains: ['kb.example', 'dr.example'],
      synthetic: undefined,
      sizes: [
        {
          modality: 'text',
          band: 'mid',
          approximate: '4.2 trillion tokens',
          contentTypes: 'laws, debates and source code',
        },
      ],
      publicUsed: true,
      publicModalities: ['text', 'image'],
      publicLarge: [{ name: 'Nordic Web', link: 'https://a.example/web', version: '3' }],
    }),
    'own.json',
  )
  const verdicts = Object.fromEntries(lint.fields.map(({ id, verdict }) => [id, verdict]))
  assert.deepEqual(
    ['version', 'lastUpdate', 'crawled', 'crawlPeriod', 'domains', 'sizes', 'publicUsed', 'publicLarge'].map(
      (id) => verdicts[id],
    ),
    Array.from({ length: 8 }, () => 'useful'),
  )
  assert.deepEqual([verdicts.publicModalities, verdicts.synthetic], ['contradictory', 'missing'])
  assert.deepEqual(kinds(lint), ['modality'])
})

test('disclosure quality is the weighted share of what applies', () => {
  assert.equal(disclosureQuality([]), undefined)
  assert.equal(disclosureQuality([{ id: 'domains', verdict: 'not applicable' }]), undefined)
  const share = disclosureQuality([
    { id: 'domains', verdict: 'useful' },
    { id: 'models', verdict: 'vague' },
    { id: 'others', verdict: 'not applicable' },
    { id: 'crawlComments', verdict: 'useful' },
  ])
  assert.equal(share, qualityWeight('domains') / (qualityWeight('domains') + qualityWeight('models')))
  assert.equal(qualityWeight('crawlComments'), 0)
})

const RANK: Record<Verdict, number> = { contradictory: 0, missing: 1, vague: 2, useful: 3, 'not applicable': 3 }

test('property: an answer where there was none makes no other field worse', async () => {
  const ids = Object.keys(GOOD)
  const layouts = ['lines', 'inline', 'bullets', 'markdown', 'spaced', 'columns', 'html table', 'html definitions']
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(ids, { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.constantFrom(...layouts),
      async (left, which, layout) => {
        const added = left[which % left.length]!
        const said = { ...GOOD, ...Object.fromEntries(left.map((id) => [id, ''])) }
        const lint = async (answers: Said) => {
          const { bytes, name } = await LAYOUTS[layout]!(answers)
          return lintSummary(bytes, name, { at })
        }
        const [before, after] = [await lint(said), await lint({ ...said, [added]: GOOD[added]! })]
        for (const { id, verdict } of before.fields) {
          const now = fieldOf(after, id)
          assert.ok(
            id === added || RANK[now.verdict] >= RANK[verdict],
            `${layout}: ${added} made ${id} ${now.verdict} (${now.why})`,
          )
        }
        assert.ok(RANK[fieldOf(after, added).verdict] >= RANK[fieldOf(before, added).verdict])
      },
    ),
    { numRuns: 150 },
  )
})

test('property: any bytes are judged, field by field, or refused', async () => {
  const start = fc.constantFrom('', '%PDF-1.4\n', 'PK\x03\x04', '<!doctype html>', '{"', '<p>', 'Last update: ')
  const body = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary-ascii', maxLength: 200 }),
  )
  await fc.assert(
    fc.asyncProperty(start, body, fc.constantFrom('a.pdf', 'a.html', 'a.json', 'a.txt'), async (head, rest, name) => {
      try {
        const lint = await lintSummary(Buffer.from(head + rest, 'utf8'), name, { at })
        assert.ok(lint.fields.length === FIELDS.length || lint.findings.some(({ kind }) => kind === 'language'))
      } catch (error) {
        assert.ok(error instanceof ColophonError && error.code !== 'internal', String(error))
        assert.ok(error.where && error.remedy, error.code)
      }
    }),
    { numRuns: 60 },
  )
})

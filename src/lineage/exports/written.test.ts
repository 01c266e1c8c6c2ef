import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from 'yaml'
import { exampleLineage } from '../../../tests/support/exampleLineage.ts'
import { buildLineage } from '../graph.ts'
import { sizeCategory } from './huggingFace.ts'
import { exportLineage, type LineageFormat } from './index.ts'
import { iso6393Of, shortCodeOf } from './languages.ts'
import { isSpdxExpression } from '../../rights/index.ts'
import { uuidOf } from './openLineage.ts'

const AT = '2026-11-01T00:00:00.250Z'
const PRODUCER = 'https://lab.example/colophon'
type Node = { [key: string]: Node } & Node[] & string

const written = (format: LineageFormat, id = 'corpus-2') =>
  exportLineage(exampleLineage(), id, format, { at: AT, producer: PRODUCER })
const json = (format: LineageFormat, id?: string) => JSON.parse(written(format, id).text) as Node
const graph = (format: LineageFormat, id?: string) => [...json(format, id)['@graph']!] as Node[]

test('Croissant 1.1 says both versions that it conforms to, what is required, and its sources one below the other', () => {
  const document = json('croissant')
  assert.deepEqual(document.conformsTo, [
    'http://mlcommons.org/croissant/1.1',
    'http://mlcommons.org/croissant/RAI/1.0',
  ])
  assert.equal(document['@type'], 'sc:Dataset')
  assert.equal(document.license, 'https://spdx.org/licenses/ODbL-1.0')
  assert.equal(document.datePublished, '2026-04-01T00:00:00.000Z')
  const [content, ...others] = document.distribution as Node[]
  assert.deepEqual([content!.sha256, content!.contentSize], ['b'.repeat(64), '4000000 B'])
  assert.deepEqual(others, [], 'a file that it was made from is a source of it')
  const sources = document['prov:wasDerivedFrom'] as Node[]
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['Crawl 1', 'Letters', 'index.csv'],
  )
  assert.equal((document['prov:wasInfluencedBy'] as Node[])[0]!.name, 'News sites')
  assert.equal(document['rai:dataCollectionTimeframe'], '2025-12-01/2026-02-01')
  assert.equal(document['rai:dataCollectionType'], 'Web Scraping')
  assert.equal(document['rai:dataBiases'], undefined)
  assert.ok(written('croissant').missing.some((each) => each.startsWith('encodingFormat')))
})

test('OpenLineage: one complete event for each step, the edges in a facet with producer and schema', () => {
  const lines = written('openlineage', 'model-x').text.trimEnd().split('\n')
  const events = lines.map((line) => JSON.parse(line) as Node)
  assert.deepEqual(
    events.map(({ eventType }) => eventType),
    ['COMPLETE', 'COMPLETE', 'COMPLETE', 'COMPLETE'],
  )
  const filter = events[1]!
  assert.equal(filter.run!.runId, '22222222-2222-4222-8222-222222222222')
  assert.equal(filter.producer, PRODUCER)
  const facet = filter.run!.facets!.colophon_lineage!
  assert.equal(facet._producer, PRODUCER)
  assert.match(facet._schemaURL as string, /^https:/)
  assert.deepEqual((facet.edges as Node[])[0]!.weights, { rows: 900 })
  const [corpus] = filter.outputs as Node[]
  assert.deepEqual(corpus!.facets!.lineage!.inputs, [
    { namespace: 'colophon', name: 'crawl-1', type: 'DATASET' },
    { namespace: 'https://archive.example', name: 'letters', type: 'DATASET' },
  ])
  assert.equal(corpus!.facets!.version!.datasetVersion, '2.0')
  assert.deepEqual([corpus!.outputFacets!.outputStatistics!.rowCount], [1500])
  assert.equal((filter.inputs as Node[])[0]!.inputFacets!.inputStatistics!.rowCount, 900)
  assert.match(uuidOf('any name'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(uuidOf('any name'), uuidOf('any name'))
  assert.notEqual(uuidOf('any name'), uuidOf('another'))
})

test('SPDX 3.0.1: every reference resolves, moments are to the second, two licence relationships for each thing', () => {
  const elements = graph('spdx', 'model-x')
  const names = new Set(elements.map((element) => element.spdxId ?? element['@id']))
  for (const { from, to, creationInfo, type } of elements) {
    if (type !== 'CreationInfo') assert.equal(creationInfo, '_:creationInfo')
    for (const name of [...(from ? [from] : []), ...((to ?? []) as Node[])])
      assert.ok(names.has(name) || (name as string) === 'expandedlicensing_NoAssertionLicense', name)
  }
  for (const moment of JSON.stringify(elements).matchAll(/"\d{4}-\d\d-\d\dT[^"]*"/g))
    assert.match(moment[0], /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/)
  const corpus = elements.find(({ spdxId }) => (spdxId as string) === 'urn:colophon:entity:corpus-2')!
  assert.equal(corpus.type, 'dataset_DatasetPackage')
  assert.deepEqual(corpus.dataset_datasetType, ['text'])
  assert.equal(corpus.software_primaryPurpose, 'data')
  assert.deepEqual(corpus.verifiedUsing, [{ type: 'Hash', algorithm: 'sha256', hashValue: 'b'.repeat(64) }])
  const of = (type: string) => elements.filter(({ relationshipType }) => (relationshipType as string) === type)
  assert.deepEqual(of('trainedOn')[0]!.to, ['urn:colophon:entity:corpus-2'])
  assert.equal(of('hasDeclaredLicense').length, 6)
  assert.equal(of('hasConcludedLicense').length, 6)
  assert.equal(elements.filter(({ type }) => (type as string) === 'build_Build').length, 4)
  const document = elements.find(({ type }) => (type as string) === 'SpdxDocument')!
  assert.deepEqual(document.rootElement, ['urn:colophon:entity:model-x'])
  const profiles = document.profileConformance as unknown as string[]
  assert.ok(
    !profiles.includes('dataset') && !profiles.includes('ai'),
    'nothing is claimed that something is missing of',
  )
})

test('SPDX: the profile of data sets is claimed where all that it asks for is there; other licences get a reference', () => {
  const owner = { id: 'urn:x:o', name: 'O' }
  const entity = { type: 'Dataset' as const, url: 'https://x.example/', owner, licence: 'https://x.example/terms' }
  const step = { type: 'LineageStep' as const, edges: [], entities: [] }
  const lineage = buildLineage([
    {
      ...step,
      id: 'make',
      activity: 'filter',
      endedAt: AT,
      entities: [
        { ...entity, id: 'a' },
        { id: 'w', type: 'Work' },
      ],
      edges: [{ to: 'a', from: 'w', known: 'attested' }],
    },
    { ...step, id: 'out', activity: 'publish', endedAt: AT, edges: [{ to: 'a', from: 'w', known: 'attested' }] },
  ])
  const { text, missing, lost } = exportLineage(lineage, 'a', 'spdx', { at: AT })
  const elements = (JSON.parse(text) as { '@graph': Node[] })['@graph']
  assert.deepEqual(missing, [])
  assert.ok(lost.includes('fractions of seconds'))
  const document = elements.find(({ type }) => (type as string) === 'SpdxDocument')!
  assert.ok((document.profileConformance as unknown as string[]).includes('dataset'))
  const licence = elements.find(({ type }) => (type as string) === 'simplelicensing_LicenseExpression')!
  const reference = licence.simplelicensing_licenseExpression as string
  assert.match(reference, /^LicenseRef-/)
  assert.deepEqual(licence.simplelicensing_customIdToUri, [
    { type: 'DictionaryEntry', key: reference, value: 'https://x.example/terms' },
  ])
})

test('DCAT-AP 3: languages of the EU, checksum of the distribution, a statement of provenance', () => {
  const corpus = graph('dcat-ap')[0]!
  assert.deepEqual(corpus['dct:language'], [{ '@id': 'http://publications.europa.eu/resource/authority/language/DEU' }])
  const distribution = corpus['dcat:distribution']!
  assert.deepEqual(distribution['spdx:checksum']!['spdx:algorithm'], { '@id': 'spdx:checksumAlgorithm_sha256' })
  assert.equal((distribution['spdx:checksum']!['spdx:checksumValue'] as Node)['@type'], 'xsd:hexBinary')
  assert.equal((corpus['dct:provenance'] as Node[])[0]!['rdfs:label'], 'Opt-outs removed')
  assert.ok(written('dcat-ap').missing.some((each) => each.startsWith('dct:description of crawl-1')))
})

test('Data Provenance Standards: all fields are there, null where nobody said anything', () => {
  const document = json('data-provenance-standards')
  const fields = ['source', 'provenance', 'use'].flatMap((group) => Object.keys(document[group]!))
  assert.equal(fields.length, 26, '22 fields, three of which the schema divides')
  assert.equal(document.use!.classification, null)
  assert.equal(document.provenance!['origin-geography'], null)
  assert.deepEqual(document.provenance!.origin, [{ name: 'Stadtarchiv' }])
  assert.ok(written('data-provenance-standards').missing.some((each) => each.startsWith('use.intended-purpose')))
})

test('a card: front matter that YAML reads, words of others that stay words, no task that nobody named', () => {
  const hostile = buildLineage([
    {
      type: 'LineageStep',
      id: 's',
      activity: 'merge',
      endedAt: AT,
      entities: [
        {
          id: 'd',
          type: 'Dataset',
          name: '--- license: mit # <img src=x> *',
          description: '# Heading <script>',
          licence: 'GPL-3.0-only',
          weights: { rows: 1000 },
        },
        { id: 'https://huggingface.co/datasets/laion/a', type: 'Dataset', name: '![x](y)' },
        { id: 'owner/name', type: 'Dataset' },
      ],
      edges: [
        { to: 'd', from: 'https://huggingface.co/datasets/laion/a', known: 'attested' },
        { to: 'd', from: 'owner/name', known: 'attested' },
      ],
    },
  ])
  const { text } = exportLineage(hostile, 'd', 'huggingface', { at: AT })
  const [, front, body] = text.split(/^---$/m)
  assert.deepEqual(parseDocument(front!).toJS(), {
    pretty_name: '--- license: mit # <img src=x> *',
    license: 'other',
    license_name: 'GPL-3.0-only',
    size_categories: ['1K<n<10K'],
    source_datasets: ['laion/a', 'urn:colophon:entity:owner%2Fname'],
    colophon_id: 'd',
  })
  assert.ok(!/(^|[^\\])<(script|img)|^# Heading|(^|[^\\])!\[/m.test(body!), body)
})

test('sizes, languages and licences in the words of others', () => {
  assert.deepEqual([0, 999, 1000, 999_999, 1e12, undefined].map(sizeCategory), [
    'n<1K',
    'n<1K',
    '1K<n<10K',
    '100K<n<1M',
    'n>1T',
    undefined,
  ])
  assert.deepEqual(['deu', 'gle', 'sme', 'gsw'].map(shortCodeOf), ['de', 'ga', 'se', 'gsw'])
  assert.deepEqual(['de', 'de-CH', 'GLE', 'en_GB', 'Deutsch', ''].map(iso6393Of), [
    'deu',
    'deu',
    'gle',
    'eng',
    undefined,
    undefined,
  ])
  assert.deepEqual(
    ['MIT', 'mit OR (Apache-2.0 AND BSD-3-Clause)', 'GPL-2.0-only WITH Classpath-exception-2.0'].map((text) =>
      isSpdxExpression(text),
    ),
    [true, true, true],
  )
  assert.deepEqual(
    ['by agreement', 'MIT Apache-2.0', 'MIT OR', 'MIT)', '(MIT'].map((text) => isSpdxExpression(text)),
    [false, false, false, false, false],
  )
})

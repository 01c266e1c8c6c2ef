import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildLineage } from '../graph.ts'
import { importLineage } from './index.ts'

const AT = '2026-11-01T00:00:00.000Z'
const read = (document: unknown, format?: Parameters<typeof importLineage>[1]) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const { steps, lost } = importLineage(text, format, { at: AT })
  const { entities, made } = buildLineage(steps)
  const links = [...made.values()].flat().map(({ edge, step }) => [edge.to, edge.from, edge.known, step.activity])
  return { steps, lost, entities, links }
}

test('Croissant 1.0 with @vocab https://schema.org/, files in an archive, and a placeholder for a digest', () => {
  const { entities, links, lost } = read({
    '@context': {
      '@vocab': 'https://schema.org/',
      cr: 'http://mlcommons.org/croissant/',
      dct: 'http://purl.org/dc/terms/',
      conformsTo: 'dct:conformsTo',
      recordSet: 'cr:recordSet',
      citeAs: 'cr:citeAs',
      data: { '@id': 'cr:data', '@type': '@json' },
    },
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'Letters',
    description: 'Two lines\nof text',
    url: 'https://archive.example/letters',
    license: ['https://creativecommons.org/licenses/by/4.0/'],
    citeAs: '@misc{}',
    datePublished: '2025-05-01',
    inLanguage: ['de', 'gle'],
    distribution: [
      { '@type': 'cr:FileObject', '@id': 'a.zip', contentUrl: 'https://archive.example/a.zip', sha256: 'E'.repeat(64) },
      {
        '@type': 'cr:FileObject',
        '@id': 'b.csv',
        contentUrl: 'b.csv',
        containedIn: { '@id': 'a.zip' },
        sha256: 'soon',
      },
      { '@type': 'cr:FileSet', '@id': 'images', containedIn: { '@id': 'a.zip' }, includes: '*.jpg' },
    ],
    recordSet: [{ '@type': 'cr:RecordSet', '@id': 'r', data: [{ '@type': 'sc:Dataset', name: 'not a data set' }] }],
  })
  const id = 'https://archive.example/letters'
  assert.deepEqual(entities.get(id), {
    id,
    type: 'Dataset',
    name: 'Letters',
    description: 'Two lines of text',
    url: id,
    licence: 'https://creativecommons.org/licenses/by/4.0/',
  })
  assert.equal(entities.get(`${id}#a.zip`)?.sha256, 'e'.repeat(64))
  assert.equal(entities.get(`${id}#b.csv`)?.sha256, undefined)
  assert.deepEqual(
    links.map(([to, from]) => [to, from]),
    [
      [`${id}#a.zip`, id],
      [`${id}#b.csv`, `${id}#a.zip`],
    ],
  )
  assert.equal(entities.size, 3)
  for (const words of ['citeAs', 'deu, gle', 'records', 'sets of files', 'SHA-256'])
    assert.ok(
      lost.some((each) => each.includes(words)),
      words,
    )
  assert.ok(!lost.some((each) => each.startsWith('when ')), 'the day of publication is the time of the step')
})

test('OpenLineage of others: events of a run go together, failed runs and changes in place are named', () => {
  const event = (eventType: string, runId: string, more: object) => ({
    eventType,
    eventTime: eventType === 'START' ? '2026-01-01T00:00:00Z' : '2026-01-01T01:00:00+01:00',
    producer: 'https://airflow.example/',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId },
    job: { namespace: 'etl', name: 'nightly' },
    ...more,
  })
  const table = (name: string, facets = {}) => ({ namespace: 'postgres://db:5432', name, facets })
  const columns = { columnLineage: { fields: { x: { inputFields: [{ ...table('b'), field: 'y' }] } } } }
  const events = [
    event('START', '3f5e83fa-3480-44ff-99c5-ff943904e5e8', { inputs: [table('a'), table('b'), table('c')] }),
    event('COMPLETE', '3f5e83fa-3480-44ff-99c5-ff943904e5e8', {
      outputs: [table('c', { schema: {} }), table('d', columns)],
    }),
    event('FAIL', '00000000-0000-4000-8000-000000000000', { outputs: [table('never')] }),
  ]
  for (const text of [events.map((each) => JSON.stringify(each)).join('\n'), JSON.stringify(events, null, 2)]) {
    const { steps, links, entities, lost } = read(text)
    const id = (name: string) => `postgres://db:5432/${name}`
    assert.deepEqual(
      links.map(([to, from]) => [to, from]),
      [
        [id('c'), id('a')],
        [id('c'), id('b')],
        [id('d'), id('b')],
      ],
    )
    assert.equal(entities.has(id('never')), false)
    const [{ startedAt, endedAt, id: step } = steps[0]!] = steps
    assert.deepEqual([startedAt, endedAt], ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])
    assert.equal(step, 'urn:uuid:3f5e83fa-3480-44ff-99c5-ff943904e5e8')
    for (const words of ['failed', 'made from itself', 'columns', 'what kind of step'])
      assert.ok(
        lost.some((each) => each.includes(words)),
        words,
      )
  }
})

test('SPDX 3 of others: what a model was trained on, parts of a data set, licences in either relationship', () => {
  const relation = (relationshipType: string, from: string, to: string | string[]) => ({
    type: 'Relationship',
    spdxId: `https://x.example/${relationshipType}`,
    relationshipType,
    from,
    to,
  })
  const { entities, links, lost } = read({
    '@context': 'https://spdx.org/rdf/3.0.0/spdx-context.jsonld',
    '@graph': [
      { type: 'CreationInfo', '@id': '_:c', created: '2024-05-31T00:00:00Z' },
      { type: 'Organization', spdxId: 'https://x.example/org', name: 'Our World' },
      {
        type: 'dataset_DatasetPackage',
        '@id': 'https://x.example/data',
        name: 'Emissions',
        originatedBy: ['https://x.example/org'],
        dataset_datasetSize: 2689,
        dataset_knownBias: ['few'],
        verifiedUsing: [{ type: 'Hash', algorithm: 'md5', hashValue: 'x' }],
      },
      { type: 'software_File', spdxId: 'https://x.example/file', name: 'data.csv', software_primaryPurpose: 'data' },
      { type: 'ai_AIPackage', spdxId: 'https://x.example/model', name: 'M' },
      relation('contains', 'https://x.example/data', 'https://x.example/file'),
      relation('trainedOn', 'https://x.example/model', ['https://x.example/data']),
      relation('hasDeclaredLicense', 'https://x.example/data', 'expandedlicensing_NoAssertionLicense'),
      relation('hasConcludedLicense', 'https://x.example/data', 'CC-BY-4.0'),
      relation('dependsOn', 'https://x.example/model', 'https://x.example/file'),
    ],
  })
  assert.deepEqual(entities.get('https://x.example/data'), {
    id: 'https://x.example/data',
    type: 'Dataset',
    name: 'Emissions',
    owner: { id: 'https://x.example/org', name: 'Our World' },
    licence: 'CC-BY-4.0',
    weights: { bytes: 2689 },
  })
  assert.equal(entities.get('https://x.example/model')?.type, 'Model')
  assert.deepEqual(links, [
    ['https://x.example/model', 'https://x.example/data', 'attested', 'publish'],
    ['https://x.example/data', 'https://x.example/file', 'attested', 'publish'],
  ])
  assert.ok(lost.some((each) => each.includes('knownBias')))
})

test('DCAT of others: EU languages, a checksum in capitals, sources in Dublin Core', () => {
  const { entities, links } = read({
    '@context': { dcat: 'http://www.w3.org/ns/dcat#', d: 'http://purl.org/dc/terms/', s: 'http://spdx.org/rdf/terms#' },
    '@id': 'https://data.example/a',
    '@type': 'dcat:Dataset',
    'd:title': { '@value': 'Archiv', '@language': 'de' },
    'd:language': { '@id': 'http://publications.europa.eu/resource/authority/language/GLE' },
    'd:source': { '@id': 'https://data.example/b' },
    'd:license': { '@id': 'https://spdx.org/licenses/CC0-1.0.html' },
    'dcat:distribution': {
      'dcat:accessURL': { '@id': 'https://data.example/a.csv' },
      's:checksum': {
        's:algorithm': { '@id': 's:checksumAlgorithm_sha256' },
        's:checksumValue': { '@value': 'AB'.repeat(32), '@type': 'http://www.w3.org/2001/XMLSchema#hexBinary' },
      },
    },
  })
  assert.deepEqual(entities.get('https://data.example/a'), {
    id: 'https://data.example/a',
    type: 'Dataset',
    name: 'Archiv',
    url: 'https://data.example/a.csv',
    sha256: 'ab'.repeat(32),
    licence: 'CC0-1.0',
    languages: { gle: 1 },
  })
  assert.deepEqual(links[0]!.slice(0, 3), ['https://data.example/a', 'https://data.example/b', 'attested'])
})

test('PROV of others: a derivation is attested, use and generation alone are inferred, and nobody is surer than he says', () => {
  const { links, entities } = read({
    '@context': { p: 'http://www.w3.org/ns/prov#', rdfs: 'http://www.w3.org/2000/01/rdf-schema#' },
    '@graph': [
      { '@id': 'urn:x:a', '@type': 'p:Entity', 'rdfs:label': 'A' },
      { '@id': 'urn:x:act', '@type': 'p:Activity', 'p:used': { '@id': 'urn:x:a' }, 'rdfs:label': 'merge' },
      { '@id': 'urn:x:b', '@type': 'p:Entity', 'p:wasGeneratedBy': { '@id': 'urn:x:act' } },
      {
        '@id': 'urn:x:c',
        '@type': 'p:Entity',
        'p:qualifiedDerivation': {
          'p:entity': { '@id': 'urn:x:b' },
          'https://colophon.example/ns/v1#known': 'measured',
        },
        'p:wasDerivedFrom': { '@id': 'urn:x:b' },
      },
    ],
  })
  assert.deepEqual(links, [
    ['urn:x:b', 'urn:x:a', 'inferred', 'merge'],
    ['urn:x:c', 'urn:x:b', 'attested', 'publish'],
  ])
  assert.equal(entities.get('urn:x:a')?.name, 'A')
})

test('what the gate writes of a run is read', () => {
  const source = `urn:sha256:${'a'.repeat(64)}`
  const kept = `urn:sha256:${'b'.repeat(64)}`
  const { entities, links } = read({
    '@context': { prov: 'http://www.w3.org/ns/prov#', '@vocab': 'https://colophon.example/ns/v1#' },
    '@graph': [
      { '@id': source, '@type': 'prov:Entity', 'prov:label': 'pages.parquet', bytes: 12 },
      { '@id': 'urn:x:run', '@type': 'prov:Activity', 'prov:label': 'gate, opt-out', 'prov:endedAtTime': AT },
      {
        '@id': kept,
        '@type': 'prov:Entity',
        rows: 7,
        'prov:wasGeneratedBy': { '@id': 'urn:x:run' },
        'prov:wasDerivedFrom': [{ '@id': source }],
      },
    ],
  })
  assert.deepEqual(entities.get(kept), { id: kept, type: 'Dataset', sha256: 'b'.repeat(64), weights: { rows: 7 } })
  assert.deepEqual(links[0]!.slice(0, 2), [kept, source])
})

test('cards of the Hub: licences in its own words, sources by owner and name, and no front matter at all', () => {
  const card = (front: string) => read(`---\n${front}\n---\n# Words for people\n`)
  const { entities, links, lost } = card(
    'license: cc-by-sa-4.0\nlanguage:\n- de\n- fr\npretty_name: Mix\nsource_datasets:\n- original\n- extended|squad\n- laion/laion-2b\ntags: [x]',
  )
  const [set] = [...entities.values()].filter(({ name }) => name === 'Mix')
  assert.equal(set!.licence, 'CC-BY-SA-4.0')
  assert.deepEqual(
    links.map(([, from]) => from),
    ['squad', 'https://huggingface.co/datasets/laion/laion-2b'],
  )
  assert.ok(lost.some((each) => each.includes('tags')))
  const licence = (front: string) => [...card(`${front}\npretty_name: x`).entities.values()][0]!.licence
  assert.equal(licence('license: unknown'), undefined)
  assert.equal(licence('license: odc-by'), 'ODC-By-1.0')
  assert.equal(licence('license: other\nlicense_name: own'), 'own')
  assert.equal(licence('license: [mit, apache-2.0]'), undefined)
  const model = card('base_model: meta-llama/Llama-3.2-1B\ndatasets: [squad]\nmodel_name: M')
  assert.deepEqual(
    model.links.map(([, from, , activity]) => [from, activity]),
    [
      ['squad', 'train'],
      ['https://huggingface.co/meta-llama/Llama-3.2-1B', 'train'],
    ],
  )
  assert.throws(() => read('# No front matter', 'huggingface'), { code: 'invalid_input', where: 'line 1' })
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}`
  assert.throws(() => card(bomb), { code: 'invalid_input', where: 'front matter' })
})

test('Data Provenance Standards of others: null is not provided, and what the model has no place for is named', () => {
  const { entities, lost } = read({
    source: { version: '1.0.0', title: 'T', id: 'uuid-1', issuer: [{ name: 'I' }, { name: 'J' }], description: null },
    provenance: { source: null, date: '2024-01-01', 'origin-geography': [{ country: 'IE' }] },
    use: { license: ['https://spdx.org/licenses/MIT', 'https://own.example/terms'], copyright: null },
  })
  assert.deepEqual(entities.get('uuid-1'), { id: 'uuid-1', type: 'Dataset', name: 'T', owner: { id: 'I', name: 'I' } })
  for (const words of ['issuers', 'several licences', 'origin-geography'])
    assert.ok(
      lost.some((each) => each.includes(words)),
      words,
    )
})

test('a document of none of the formats is refused with what to give', () => {
  for (const text of ['{}', '[]', '{"a":1}', 'words', '', '<html>'])
    assert.throws(() => read(text), { code: 'invalid_input' }, text)
})

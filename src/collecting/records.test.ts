import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { after, test } from 'node:test'
import { listed } from '../../tests/support/loopbackServer.ts'
import { openJsonFile } from './records/jsonRecords.ts'
import type { SourceRecord } from './record.ts'
import { describeRecord } from './toWork.ts'
import { openXmlFile } from './records/xmlRecords.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-records-'))
after(() => rmSync(directory, { recursive: true, force: true }))

let files = 0
async function json(content: unknown, language?: string): Promise<SourceRecord[]> {
  const path = join(directory, `${files++}.json`)
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  return listed((await openJsonFile(path, language)).records)
}

async function xml(content: string, language?: string): Promise<SourceRecord[]> {
  const path = join(directory, `${files++}.xml`)
  writeFileSync(path, content)
  return listed(openXmlFile(path, language).records)
}

function works(records: SourceRecord[]) {
  return records.map((record) => {
    const described = describeRecord(record, { role: 'custodian' })
    assert.ok(!('problem' in described), JSON.stringify(described))
    return { ...described.work, ...described.standing }
  })
}

test('a museum’s JSON: lines, lists and lists in objects give the same records', async () => {
  const one = {
    objectID: 7,
    title: 'Wheat Field',
    artistDisplayName: 'V. Gogh',
    medium: 'Oil on canvas',
    isPublicDomain: true,
    primaryImage: 'https://m.example.org/7.jpg',
  }
  const two = { objectID: 8, title: 'A "quoted", [odd] {title}', medium: 'Ink' }
  const expected = await json([one, two])
  for (const content of [
    `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`,
    { records: [one, two] },
    gzipSync(`${JSON.stringify(one)}\n${JSON.stringify(two)}`),
  ]) {
    const records = await json(content)
    assert.deepEqual(
      records.map((record) => ({ ...record, place: '' })),
      expected.map((record) => ({ ...record, place: '' })),
    )
  }
  const [work] = works(expected)
  assert.deepEqual([work!.medium, work!.mayBeReserved, work!.creators![0]!.name], ['picture', false, 'V. Gogh'])
  assert.equal(expected[0]!.id, '7')
})

test('a broken line costs itself, a list that is cut is told, and a huge element is passed over', async () => {
  const lines = await json('{"title":"A","id":1}\n{"title":\n[1]\n{"title":"B","id":2}')
  assert.deepEqual(
    lines.map(({ title, problem }) => title ?? problem?.field),
    ['A', 'record', 'record', 'B'],
  )
  await assert.rejects(json('[{"title":"A"},{"title":"B"'), /not closed/)
  const large = await json(`[{"title":"A"},{"title":"${'x'.repeat(3_000_000)}"},{"title":"C"}]`)
  assert.deepEqual(
    large.map(({ title, problem }) => title ?? problem?.field),
    ['A', 'record', 'C'],
  )
})

test('EDM as JSON-LD and schema.org', async () => {
  const graph = {
    '@graph': [
      {
        '@id': '#cho',
        '@type': 'edm:ProvidedCHO',
        'dc:title': [
          { '@value': 'Brug', '@language': 'nl' },
          { '@value': 'Bridge', '@language': 'en' },
        ],
        'dc:creator': { '@id': '#agent' },
        'edm:type': 'IMAGE',
        'dc:identifier': 'inv. 3',
      },
      {
        '@id': '#agg',
        '@type': 'ore:Aggregation',
        'edm:aggregatedCHO': { '@id': '#cho' },
        'edm:isShownAt': { '@id': 'https://m.example.org/3' },
        'edm:rights': { '@id': 'http://creativecommons.org/publicdomain/mark/1.0/' },
      },
      { '@id': '#agent', '@type': 'edm:Agent', 'skos:prefLabel': 'Maria Muster' },
    ],
  }
  const [edm] = works(await json(graph, 'en'))
  assert.deepEqual(
    [edm!.title, edm!.medium, edm!.creators![0]!.name, edm!.urls, edm!.mayBeReserved],
    ['Bridge', 'picture', 'Maria Muster', ['https://m.example.org/3'], false],
  )
  const thing = {
    '@context': 'https://schema.org',
    '@type': 'Book',
    '@id': 'https://p.example.org/b',
    name: 'Buch',
    isbn: '9780306406157',
    inLanguage: 'de',
    author: [{ '@type': 'Person', givenName: 'Ada', familyName: 'Lovelace' }],
    license: 'https://creativecommons.org/licenses/by/4.0/',
  }
  const [book] = works(await json([thing]))
  assert.deepEqual(
    [book!.title, book!.medium, book!.identifiers, book!.language, book!.creators![0]!.name, book!.rightsStatement],
    [
      'Buch',
      'text',
      [{ scheme: 'isbn', value: '9780306406157' }],
      'de',
      'Ada Lovelace',
      'https://creativecommons.org/licenses/by/4.0/',
    ],
  )
})

test('Dublin Core, EDM in RDF/XML, and LIDO', async () => {
  const dc = `<oai_dc:dc xmlns:oai_dc="o" xmlns:dc="d"><dc:title xml:lang="fr">Le pont</dc:title><dc:title xml:lang="de">Die Brücke</dc:title><dc:creator>Muster, Maria (1901-1980)</dc:creator><dc:type>Image</dc:type><dc:identifier>https://m.example.org/1</dc:identifier><dc:identifier>doi:10.1234/abc</dc:identifier><dc:rights>In Copyright</dc:rights></oai_dc:dc>`
  const [core] = works(await xml(`<records>${dc}</records>`, 'de'))
  assert.deepEqual(
    [core!.title, core!.creators![0]!.name, core!.medium, core!.urls, core!.identifiers, core!.rightsStatement],
    [
      'Die Brücke',
      'Muster, Maria',
      'picture',
      ['https://m.example.org/1'],
      [{ scheme: 'doi', value: '10.1234/abc' }],
      'http://rightsstatements.org/vocab/InC/1.0/',
    ],
  )
  const edm = `<rdf:RDF xmlns:rdf="r" xmlns:edm="e" xmlns:dc="d" xmlns:ore="o" xmlns:skos="s"><edm:ProvidedCHO rdf:about="#1"><dc:title>One</dc:title><dc:creator rdf:resource="#a"/><edm:type>SOUND</edm:type></edm:ProvidedCHO><edm:ProvidedCHO rdf:about="#2"><dc:title>Two</dc:title></edm:ProvidedCHO><edm:Agent rdf:about="#a"><skos:prefLabel>Ada</skos:prefLabel></edm:Agent><ore:Aggregation rdf:about="#g1"><edm:aggregatedCHO rdf:resource="#1"/><edm:isShownBy rdf:resource="https://m.example.org/1.mp3"/><edm:rights rdf:resource="http://creativecommons.org/publicdomain/mark/1.0/"/></ore:Aggregation><ore:Aggregation rdf:about="#g2"><edm:aggregatedCHO rdf:resource="#2"/><edm:rights rdf:resource="http://rightsstatements.org/vocab/InC/1.0/"/></ore:Aggregation></rdf:RDF>`
  const [one, two] = works(await xml(edm))
  assert.deepEqual(
    [one!.title, one!.medium, one!.creators![0]!.name, one!.mayBeReserved, two!.title, two!.mayBeReserved],
    ['One', 'sound', 'Ada', false, 'Two', true],
  )
  const lido = `<lido:lidoWrap xmlns:lido="l"><lido:lido><lido:lidoRecID>DE-1/7</lido:lidoRecID><lido:objectWorkType><lido:term>Radierung</lido:term></lido:objectWorkType><lido:titleSet><lido:appellationValue>Ansicht</lido:appellationValue></lido:titleSet><lido:event><lido:eventType><lido:term>Herstellung</lido:term></lido:eventType><lido:actorInRole><lido:actor><lido:nameActorSet><lido:appellationValue>Merian</lido:appellationValue></lido:nameActorSet></lido:actor><lido:roleActor><lido:term>Stecher</lido:term></lido:roleActor></lido:actorInRole></lido:event><lido:event><lido:eventType><lido:term>Erwerb</lido:term></lido:eventType><lido:actorInRole><lido:nameActorSet><lido:appellationValue>A buyer</lido:appellationValue></lido:nameActorSet></lido:actorInRole></lido:event><lido:rightsType><lido:conceptID>https://creativecommons.org/publicdomain/mark/1.0/</lido:conceptID></lido:rightsType><lido:resourceRepresentation><lido:linkResource>https://m.example.org/7.jpg</lido:linkResource></lido:resourceRepresentation></lido:lido></lido:lidoWrap>`
  const [sheet] = works(await xml(lido))
  assert.deepEqual(
    [
      sheet!.title,
      sheet!.medium,
      sheet!.creators!.map(({ name, role }) => [name, role]),
      sheet!.urls,
      sheet!.mayBeReserved,
    ],
    ['Ansicht', 'picture', [['Merian', 'stecher']], ['https://m.example.org/7.jpg'], false],
  )
})

test('XML that defines entities, is too deep, or is none', async () => {
  const bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r><dc><title>&b;</title></dc></r>'
  await assert.rejects(xml(bomb), /defines entities/)
  await assert.rejects(xml('no markup'), /no XML/)
  const deep = `<r><dc>${'<x>'.repeat(5000)}${'</x>'.repeat(5000)}</dc><dc><title>After</title></dc></r>`
  assert.deepEqual(
    (await xml(deep)).map(({ title, problem }) => title ?? problem?.field),
    ['record', 'After'],
  )
})

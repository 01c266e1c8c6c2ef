import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openSource, type SourceFormat } from '../src/collecting/index.ts'
import { describeRecord } from '../src/collecting/toWork.ts'
import type { SourceRecord } from '../src/collecting/record.ts'
import { isoTime } from '../src/foundation/index.ts'
import { exportWorks, parseWorkFormat } from '../src/offering/index.ts'
import { readXml } from '../src/rights/index.ts'
import { words } from '../src/web/index.ts'
import { listed, testReach } from './support/loopbackServer.ts'
import { WORKS, newSigner, state, stateCollection, stateSealed, urn } from './support/offeredWorks.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const PLATES = urn(500)
const KEPT_SET = urn(501)
const [museum, elders, other] = [newSigner(), newSigner(), newSigner()]
let served: ServedNode
let folder: string

before(async () => {
  served = await serveTestNode({ withExample: false })
  folder = mkdtempSync(join(tmpdir(), 'colophon-out-'))
  Object.assign(served.node.config, { publicUrl: 'https://register.example.org' })
  const { register } = served.node
  await state(register, museum, {
    type: 'Party',
    id: museum.issuer,
    kind: 'organisation',
    name: 'The <Museum>',
  } as never)
  for (const [i, work] of WORKS.entries())
    await state(register, museum, { type: 'Work', id: urn(i + 1), role: 'rightsholder', ...work } as never)
  await state(register, museum, terms('work', urn(3)))
  await stateSealed(register, museum, { ...named(urn(90), 'Sealed diary'), access: 'unpublished' } as never)
  await stateCollection(
    served.node,
    museum,
    PLATES,
    'Plates',
    Array.from({ length: 205 }, (_, i) => ({ title: `Plate ${i + 1}`, medium: 'picture' as const })),
  )
  await state(register, museum, terms('set', PLATES))
  // What a community keeps: one work, and a whole collection.
  const work = named(urn(91), 'Secret song')
  const community = { type: 'Party', id: elders.issuer, kind: 'community', name: 'Elders' }
  await state(register, elders, community as never, work)
  await state(register, elders, label('work', urn(91)))
  await stateCollection(served.node, elders, KEPT_SET, 'Secret rites', [{ title: 'Secret rite', medium: 'video' }])
  await state(register, elders, label('set', KEPT_SET))
  // What was declared and taken back.
  const taken = await state(register, museum, named(urn(92), 'Taken back'))
  await state(register, museum, { type: 'Revocation', target: taken, effectiveFrom: isoTime(Date.now()) } as never)
})
after(async () => {
  await served?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const terms = (kind: string, id: string) =>
  ({ type: 'Terms', target: { kind, id }, rules: [{ action: 'col:trainAI', decision: 'deny' }] }) as never
const label = (kind: string, id: string) => ({ type: 'Label', target: { kind, id }, code: 'tkss' }) as never
const named = (id: string, title: string) =>
  ({ type: 'Work', id, role: 'creator', title, medium: 'text' }) as { type: string }

/** What must never stand in anything that goes out. */
const HIDDEN = /Secret|Sealed|Taken back|urn:uuid:018f0000-0000-7000-8000-00000000009[012]/
const HIDDEN_WORDS = /Secret|Sealed|Taken back/

const oai = async (query: string, init?: RequestInit) => {
  const response = await fetch(`${served.url}/oai${query}`, init)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  assert.equal(response.headers.get('content-type'), 'text/xml; charset=utf-8')
  const { root, findings } = readXml(text, query)
  assert.deepEqual(findings, [], text.slice(0, 500))
  assert.equal(root!.namespace, 'http://www.openarchives.org/OAI/2.0/')
  const error = root!.children.find(({ name }) => name === 'error')?.attributes.get('code')
  const request = root!.children.find(({ name }) => name === 'request')!
  return { text, error, request, token: /<resumptionToken[^>]*>([^<]*)</.exec(text)?.[1] }
}

/** What a record would be declared as, without what the register adds: its own page for works without an address. */
function comparable(record: SourceRecord) {
  const described = describeRecord(record, { role: 'rightsholder' })
  assert.ok('work' in described, JSON.stringify(described))
  const { title, medium, language, creators = [], identifiers = [], urls = [] } = described.work
  return {
    title,
    medium,
    language,
    creators: creators.map(({ name }) => name),
    identifiers: identifiers.map(({ scheme, value }) => `${scheme} ${value}`).sort(),
    urls: urls.filter((url) => !url.startsWith('https://register.example.org/')).sort(),
    rights: described.standing.rightsStatement,
  }
}

const expected = (work: (typeof WORKS)[number]) => ({
  title: work.title,
  medium: work.medium,
  language: work.language,
  creators: (work.creators ?? []).map(({ name }) => name),
  identifiers: (work.identifiers ?? []).map(({ scheme, value }) => `${scheme} ${value}`).sort(),
  urls: [...(work.urls ?? [])].sort(),
  rights: work.rightsStatement,
})
const plate = (number: number) => ({
  title: `Plate ${number}`,
  medium: 'picture',
  language: undefined,
  creators: [],
  identifiers: [],
  urls: [],
  // Reserved by whoever says that he owns it, and nothing else is known.
  rights: 'http://rightsstatements.org/vocab/InC/1.0/',
})
/** EDM cannot be silent: where nothing is known it says that nobody has evaluated it. */
const saidIn = (format: string) => {
  const unknown = format === 'edm' ? 'http://rightsstatements.org/vocab/CNE/1.0/' : undefined
  return all().map((work) => ({ ...work, rights: work.rights ?? unknown }))
}
const byTitle = (a: { title: string }, b: { title: string }) => (a.title < b.title ? -1 : 1)
const all = () => [...WORKS.map(expected), ...Array.from({ length: 205 }, (_, i) => plate(i + 1))].sort(byTitle)

describe('OAI-PMH', () => {
  for (const metadataPrefix of ['oai_dc', 'edm'])
    test(`our own reader harvests it whole, record for record, as ${metadataPrefix}`, async () => {
      const source = await openSource('oai', `${served.url}/oai`, { ...testReach(), metadataPrefix })
      const records = await listed(source.records)
      const kept = records.filter(({ isDeleted }) => !isDeleted)
      assert.deepEqual(kept.map(comparable).sort(byTitle), saidIn(metadataPrefix))
      assert.deepEqual(
        records.filter(({ isDeleted }) => isDeleted).map(({ id }) => id),
        [`urn:colophon:item:${KEPT_SET.slice(9)}:0`, urn(91), urn(92)],
        'those that were given out before are told as deleted, by nothing but their ids',
      )
      assert.doesNotMatch(JSON.stringify(records), HIDDEN_WORDS)
      assert.equal(new Set(records.map(({ id }) => id)).size, records.length)
      const reserved = kept.find(({ title }) => title === 'Song')!
      assert.ok(
        reserved.rights!.some((text) => /Training any AI: no/.test(text)),
        'terms go along in words',
      )
      assert.ok(source.remember!().since)
    })

  test('sets are collections and parties; of those that a community keeps there is none', async () => {
    const { text } = await oai('?verb=ListSets')
    assert.deepEqual(
      Array.from(text.matchAll(/<setName>([^<]*)/g), ([, name]) => name),
      ['Plates', 'The &lt;Museum&gt;'],
    )
    const plates = `collection-${PLATES.slice(9)}`
    assert.match(text, new RegExp(`<setSpec>${plates}</setSpec>`))
    const source = await openSource('oai', `${served.url}/oai`, { ...testReach(), set: plates })
    assert.equal((await listed(source.records)).length, 205)
    for (const set of ['collection-x', 'party-%00', 'nothing'])
      assert.equal((await oai(`?verb=ListRecords&metadataPrefix=edm&set=${set}`)).error, 'badArgument', set)
    const unknown = `collection-${urn(777).slice(9)}`
    assert.equal((await oai(`?verb=ListRecords&metadataPrefix=edm&set=${unknown}`)).error, 'noRecordsMatch')
  })

  test('tokens say by themselves where a list goes on, and give the same answer each time', async () => {
    const first = await oai('?verb=ListIdentifiers&metadataPrefix=oai_dc')
    assert.equal(first.text.match(/<header/g)!.length, 100)
    const [second, again] = [
      await oai(`?verb=ListIdentifiers&resumptionToken=${first.token}`),
      await oai(`?verb=ListIdentifiers&resumptionToken=${first.token}`),
    ]
    const headers = (text: string) => text.match(/<header.*?<\/header>/g)!
    assert.deepEqual(headers(second.text), headers(again.text))
    assert.ok(headers(second.text).every((each) => !first.text.includes(each)))
    assert.match(second.text, /<resumptionToken cursor="100">/)
    const last = await oai(`?verb=ListIdentifiers&resumptionToken=${second.token}`)
    assert.equal(last.token, '', 'the last part ends with an empty token')
    const forge = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const token of [
      'x',
      '%00',
      `${first.token}x%`,
      forge({}),
      forge(['oai_dc', null, null, null, 'a'.repeat(500), 0]),
      forge(['html', null, null, null, '', 0]),
      forge(['oai_dc', null, 'yesterday', null, '', 0]),
      forge(['oai_dc', null, null, null, 'zzz', 100]),
      forge(['sets', '', 0]),
    ])
      assert.equal((await oai(`?verb=ListIdentifiers&resumptionToken=${token}`)).error, 'badResumptionToken', token)
    assert.equal((await oai(`?verb=ListSets&resumptionToken=${first.token}`)).error, 'badResumptionToken')
  })

  test('what cannot be answered has its code, and nothing of a wrong request is repeated', async () => {
    const list = '?verb=ListRecords&metadataPrefix=oai_dc'
    const cases: [string, string][] = [
      ['', 'badVerb'],
      ['?verb=Steal', 'badVerb'],
      ['?verb=Identify&verb=Identify', 'badVerb'],
      ['?verb=__proto__', 'badVerb'],
      ['?verb=Identify&x=1', 'badArgument'],
      ['?verb=ListRecords', 'badArgument'],
      ['?verb=GetRecord&metadataPrefix=edm', 'badArgument'],
      [`${list}&metadataPrefix=edm`, 'badArgument'],
      [`${list}&resumptionToken=x`, 'badArgument'],
      [`${list}&set=`, 'badArgument'],
      [`${list}&set=${'x'.repeat(3000)}`, 'badArgument'],
      [`${list}&from=2026`, 'badArgument'],
      [`${list}&from=2026-02-30`, 'badArgument'],
      [`${list}&from=2026-01-01T00:00:00.000Z`, 'badArgument'],
      [`${list}&from=2026-01-01&until=2026-01-01T00:00:00Z`, 'badArgument'],
      [`${list}&from=2026-01-02&until=2026-01-01`, 'badArgument'],
      [`${list}&until=1999-01-01`, 'noRecordsMatch'],
      [`${list}&from=2999-01-01`, 'noRecordsMatch'],
      ['?verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
      [`?verb=GetRecord&metadataPrefix=marc&identifier=${urn(1)}`, 'cannotDisseminateFormat'],
      ['?verb=GetRecord&metadataPrefix=edm&identifier=urn:x', 'idDoesNotExist'],
      [`?verb=GetRecord&metadataPrefix=edm&identifier=${urn(90)}`, 'idDoesNotExist'],
      ['?verb=GetRecord&metadataPrefix=edm&identifier=%27%3B--%00', 'idDoesNotExist'],
      ['?verb=ListMetadataFormats&identifier=urn:x', 'idDoesNotExist'],
    ]
    for (const [query, code] of cases) {
      const { error, request } = await oai(query)
      assert.equal(error, code, query)
      const isRepeated = code !== 'badVerb' && code !== 'badArgument'
      assert.equal(request.attributes.size, isRepeated ? new URLSearchParams(query).size : 0, query)
    }
    const { text, error } = await oai(`?verb=GetRecord&metadataPrefix=edm&identifier=${urn(92)}`)
    assert.equal(error, undefined)
    assert.match(text, /<header status="deleted">/)
    assert.doesNotMatch(text, /metadata>/)
  })

  test('it says what it is, by form too, and which forms its records have', async () => {
    const { text } = await oai('', { method: 'POST', body: new URLSearchParams({ verb: 'Identify' }) })
    for (const said of [
      '<protocolVersion>2.0</protocolVersion>',
      '<baseURL>https://register.example.org/oai</baseURL>',
      '<deletedRecord>persistent</deletedRecord>',
      '<granularity>YYYY-MM-DDThh:mm:ssZ</granularity>',
    ])
      assert.ok(text.includes(said), said)
    const formats = await oai(`?verb=ListMetadataFormats&identifier=${urn(1)}`)
    assert.deepEqual(formats.text.match(/(?<=<metadataPrefix>)\w+/g), ['oai_dc', 'edm'])
    const long = await fetch(`${served.url}/oai`, { method: 'POST', body: `verb=Identify&x=${'x'.repeat(20_000)}` })
    assert.equal(long.status, 413)
    assert.equal((await fetch(`${served.url}/oai?verb=Identify`, { method: 'HEAD' })).status, 200)
  })
})

describe('files', () => {
  const write = async (id: string, format: string): Promise<string> => {
    const { register, config } = served.node
    const node = { base: config.publicUrl, words, now: register.effects.now() }
    return (await listed(exportWorks(register.database.db, id, parseWorkFormat(format), node))).join('')
  }
  const readBack = async (text: string, format: SourceFormat, name: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return listed((await openSource(format, path, testReach())).records)
  }
  const FILES: [string, SourceFormat, string][] = [
    ['edm', 'xml', 'edm.xml'],
    ['oai-dc', 'xml', 'dc.xml'],
    ['iiif', 'iiif', 'collection.json'],
    ['schema-org', 'json-records', 'works.json'],
  ]
  for (const [format, reader, name] of FILES)
    test(`what goes out as ${format} comes in again with the same titles, creators, numbers and rights`, async () => {
      const text = await write(museum.issuer, format)
      assert.doesNotMatch(text, HIDDEN)
      assert.deepEqual((await readBack(text, reader, name)).map(comparable).sort(byTitle), saidIn(format))
      assert.match(text, /Training any AI: no/)
      assert.doesNotMatch(await write(PLATES, format), /Bridge|Secret/)
    })

  test('Europeana gets one of its own statements, never a wider one, and the declared one beside it', async () => {
    const text = await write(museum.issuer, 'edm')
    const records = text.split('<rdf:RDF').slice(1)
    const statements = WORKS.map(({ title }) => {
      const record = records.find((each) =>
        each.includes(`>${title.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}<`),
      )!
      return /<edm:provider>.*?<edm:rights rdf:resource="([^"]*)/.exec(record)![1]
    })
    assert.deepEqual(statements, [
      'http://creativecommons.org/licenses/by/4.0/',
      'http://rightsstatements.org/vocab/CNE/1.0/',
      'http://rightsstatements.org/vocab/InC/1.0/',
      'http://rightsstatements.org/vocab/CNE/1.0/',
      'http://creativecommons.org/publicdomain/mark/1.0/',
      'http://rightsstatements.org/vocab/CNE/1.0/',
    ])
    assert.match(text, /<dc:rights rdf:resource="http:\/\/rightsstatements.org\/vocab\/InC-NC\/1.0\/"\/>/)
  })

  test('what is hidden, sealed, taken back or not there cannot be written', async () => {
    for (const id of [KEPT_SET, elders.issuer, newSigner().issuer, urn(1), urn(999), 'x', "' OR 1=1"])
      await assert.rejects(write(id, 'edm'), /no such collection or party/, id)
    await assert.rejects(async () => write(museum.issuer, 'marc'), /no format marc/)
    assert.match(await write(PLATES, 'dcat'), /"dct:description": "Plates \(The <Museum>\): 205 works\."/)
  })
})

describe('addresses', () => {
  const read = async (path: string) => {
    const response = await fetch(served.url + path)
    const text = await response.text()
    return { status: response.status, text, open: response.headers.get('access-control-allow-origin') }
  }

  test('IIIF: a collection of parts, each of manifests, and a manifest with its terms', async () => {
    const top = JSON.parse((await read(`/iiif/collections/${encodeURIComponent(museum.issuer)}.json`)).text)
    assert.deepEqual([top.type, top.label.none[0], top.items.length], ['Collection', 'The <Museum>', 2])
    const parts = []
    for (const { id, type } of top.items) {
      assert.equal(type, 'Collection')
      parts.push(JSON.parse((await read(id.replace('https://register.example.org', ''))).text))
    }
    const manifests = parts.flatMap(({ items }) => items)
    assert.equal(manifests.length, WORKS.length + 205)
    const { text, open } = await read(
      manifests.find(({ label }) => label.none[0] === WORKS[2]!.title).id.replace('https://register.example.org', ''),
    )
    assert.equal(open, '*')
    const manifest = JSON.parse(text)
    assert.equal(manifest.rights, 'http://rightsstatements.org/vocab/InC-NC/1.0/')
    assert.match(manifest.requiredStatement.value.en[0], /Training any AI: no/)
    assert.deepEqual(
      manifest.homepage.map(({ id }: { id: string }) => id),
      WORKS[2]!.urls,
    )
    assert.match(manifest.seeAlso[0].id, /format=odrl$/)
    assert.equal(manifest.items[0].type, 'Canvas')
    assert.doesNotMatch(manifest.items[0].id, /#/)
    const pictured = JSON.parse((await read(`/iiif/works/${urn(1)}/manifest.json`)).text)
    assert.deepEqual(
      pictured.homepage.map(({ type, format }: Record<string, string>) => [type, format]),
      [
        ['Text', 'text/html'],
        ['Image', 'image/jpeg'],
      ],
    )
  })

  test('schema.org: a work with its licence, its terms and where one asks', async () => {
    const licensed = JSON.parse((await read(`/works/${urn(1)}/work.jsonld`)).text)
    assert.equal(licensed.license, 'http://creativecommons.org/licenses/by/4.0/')
    const work = JSON.parse((await read(`/works/${urn(3)}/work.jsonld`)).text)
    assert.equal(work.license, 'http://rightsstatements.org/vocab/InC-NC/1.0/')
    assert.equal(work.copyrightHolder.name, 'The <Museum>')
    assert.equal(work.usageInfo, `https://register.example.org/works/${urn(3)}`)
    assert.match(work.conditionsOfAccess, /Training any AI: no/)
  })

  test('what is hidden, sealed or taken back has none, and hostile addresses none either', async () => {
    for (const id of [
      urn(90),
      urn(91),
      urn(92),
      `urn:colophon:item:${KEPT_SET.slice(9)}:0`,
      '%00',
      '..%2f..%2fetc%2fpasswd',
      'x'.repeat(2000),
    ])
      for (const path of [`/works/${id}/work.jsonld`, `/iiif/works/${id}/manifest.json`])
        assert.equal((await read(path)).status, 404, path)
    for (const id of [KEPT_SET, encodeURIComponent(elders.issuer), 'x', '%27--'])
      assert.equal((await read(`/iiif/collections/${id}.json`)).status, 404, id)
    const past = await read(`/iiif/collections/${PLATES}.json?after=%27%20OR%201`)
    assert.equal(past.status, 200)
    assert.doesNotMatch((await read('/catalog.jsonld?before=x')).text, HIDDEN)
  })
})

describe('as time goes on', () => {
  const identifiers = async (query: string) => {
    const found: string[] = []
    let asked = `&metadataPrefix=oai_dc${query}`
    for (;;) {
      const { text, token } = await oai(`?verb=ListIdentifiers${asked}`)
      found.push(...text.match(/(?<=<identifier>)[^<]*/g)!)
      if (!token) return found
      asked = `&resumptionToken=${token}`
    }
  }

  test('a later harvest gets what changed since: new works, new terms, and what is taken back', async () => {
    const { register } = served.node
    const since = isoTime(Date.now())
    await new Promise((done) => {
      setTimeout(done, 1100)
    })
    const from = `${isoTime(Date.now()).slice(0, 19)}Z`
    await state(register, other, named(urn(200), 'New one'))
    await state(register, other, named(urn(201), 'New and taken back'))
    await state(register, museum, terms('work', urn(3)))
    const harvest = async (memory: object) => {
      const source = await openSource('oai', `${served.url}/oai`, { ...testReach(), memory } as never)
      return (await listed(source.records)).map(({ id, isDeleted }) => [id, isDeleted === true])
    }
    const wanted = [
      [urn(3), false],
      [urn(200), false],
      [urn(201), false],
    ]
    assert.deepEqual(await harvest({ since: from }), wanted)
    const before = await identifiers(`&until=${since.slice(0, 19)}Z`)
    assert.ok(before.includes(urn(2)) && !before.includes(urn(3)) && !before.includes(urn(200)))
    const statement = await register.database.db
      .selectFrom('work')
      .innerJoin('statement', 'statement.log_index', 'work.log_index')
      .select('statement.id')
      .where('work.id', '=', urn(201))
      .executeTakeFirstOrThrow()
    await state(register, other, {
      type: 'Revocation',
      target: statement.id,
      effectiveFrom: isoTime(Date.now()),
    } as never)
    assert.deepEqual((await harvest({ since: from }))[2], [urn(201), true])
  })
})

describe('what is no licence', () => {
  const BY = ['odrl:reproduce', 'odrl:distribute', 'odrl:display', 'odrl:present', 'odrl:derive'].map((action) => ({
    action,
    decision: 'allow',
    duties: [{ action: 'odrl:attribute' }],
  }))
  const said = (id: string, rules: object[], more: object = {}) =>
    ({ type: 'Terms', target: { kind: 'work', id }, rules, ...more }) as { type: string }
  const declared = (id: string, more: object) => ({ ...named(id, 'Leaf'), role: 'rightsholder', ...more })
  /** What each form says of the rights in a work. */
  const forms = async (id: string) => {
    const text = async (path: string) => (await fetch(served.url + path)).text()
    const [edm, work, manifest, odrl] = [
      await text(`/oai?verb=GetRecord&metadataPrefix=edm&identifier=${id}`),
      await text(`/works/${id}/work.jsonld`),
      await text(`/iiif/works/${id}/manifest.json`),
      await text(`/api/works/${id}/exports?format=odrl`),
    ]
    const cc = await text(`/api/works/${id}/exports?format=creative-commons`)
    return { edm, work, manifest, odrl, cc }
  }

  test('a permission that ends is no deed, and its end stands in every form and in ODRL', async () => {
    const { register } = served.node
    await state(register, other, declared(urn(300), {}))
    await state(register, other, said(urn(300), BY, { validUntil: '2990-12-31T00:00:00Z' }))
    const { edm, work, manifest, odrl, cc } = await forms(urn(300))
    assert.doesNotMatch(edm + work + manifest + cc, /creativecommons\.org\/licenses/)
    for (const text of [edm, work, manifest]) assert.match(text, /30 December 2990/)
    assert.equal(odrl.match(/2990-12-31T00:00:00/g)!.length, 2 * BY.length, 'in the rules and in ODRL')
    assert.match(await (await fetch(`${served.url}/works/${urn(300)}`)).text(), /30 December 2990/)
  })

  test('a custodian licenses nothing and holds no copyright', async () => {
    const { register } = served.node
    await state(register, museum, declared(urn(301), { role: 'custodian' }), said(urn(301), BY))
    const { edm, work, manifest, cc } = await forms(urn(301))
    assert.doesNotMatch(edm + work + manifest + cc, /creativecommons\.org\/licenses|copyrightHolder|©/)
    assert.match(work, /name who made it/)
    const mine = { role: 'custodian', rightsStatement: 'https://creativecommons.org/licenses/by/4.0/' }
    await state(register, museum, declared(urn(302), mine))
    assert.match((await forms(urn(302))).edm, /creativecommons\.org\/licenses\/by/, 'what was declared is told')
  })

  test('a licence that the terms narrow does not go out as that licence', async () => {
    const { register } = served.node
    const licence = (parts: string) => ({ rightsStatement: `https://creativecommons.org/licenses/${parts}/4.0/` })
    await state(
      register,
      other,
      declared(urn(303), licence('by')),
      said(urn(303), [{ action: 'col:trainAI', decision: 'deny' }]),
    )
    const { edm, work, manifest } = await forms(urn(303))
    assert.doesNotMatch(edm + work + manifest, /creativecommons\.org\/licenses/)
    assert.match(edm, /rightsstatements\.org\/vocab\/InC\/1\.0/)
    const commercial = [{ action: 'col:trainAI', decision: 'deny', purposes: ['col:commercial'] }]
    await state(register, other, declared(urn(304), licence('by-nc')), said(urn(304), commercial))
    assert.match((await forms(urn(304))).edm, /licenses\/by-nc/, 'what the licence does not permit narrows nothing')
  })
})

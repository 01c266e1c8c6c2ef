import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { listed, serveLoopback, testReach, type Answerer, type Loopback } from '../../tests/support/loopbackServer.ts'
import { openIiif } from './records/iiif.ts'
import { openOai } from './records/oai.ts'
import { openOrcid } from './records/orcid.ts'
import type { SourceRecord } from './record.ts'
import { openSitemap } from './sites/sitemap.ts'

const servers: Loopback[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function serve(answer: Answerer): Promise<Loopback> {
  const server = await serveLoopback(answer)
  servers.push(server)
  return server
}

/** Titles of records, and the fields of those that are refused. */
const short = (records: SourceRecord[]) =>
  records.map(({ title, otherTitle, problem }) => (problem ? `! ${problem.field}` : (title ?? otherTitle)))

test('IIIF 3 and 2: labels in the wanted language, rights, pictures; a manifest elsewhere inside is refused', async () => {
  const server: Loopback = await serve((path, response) => {
    const here = `http://${server.host}`
    const canvas = (url: string) => ({
      type: 'Canvas',
      items: [{ items: [{ body: { type: 'Choice', items: [{ id: url, type: 'Image' }] } }] }],
    })
    const things: Record<string, unknown> = {
      '/top': {
        type: 'Collection',
        items: [
          { id: `${here}/m3`, type: 'Manifest' },
          { id: `${here}/top`, type: 'Collection' },
          { id: 'http://10.0.0.7/inside', type: 'Manifest' },
          { id: 'http://169.254.169.254/latest', type: 'Manifest' },
          { id: `${here}/c2`, type: 'Collection' },
          { id: `${here}/none`, type: 'Manifest' },
        ],
      },
      '/m3': {
        id: 'https://iiif.example.org/m3',
        type: 'Manifest',
        label: { en: ['Bridge'], de: ['Brücke'] },
        rights: 'http://creativecommons.org/publicdomain/mark/1.0/',
        requiredStatement: { label: { en: ['Credit'] }, value: { en: ['<b>Museum</b>'] } },
        metadata: [{ label: { de: ['Künstler'] }, value: { de: ['Maria Muster'] } }],
        items: Array.from({ length: 100 }, (_, i) => canvas(`https://iiif.example.org/${i}/full/max/0/default.jpg`)),
      },
      '/c2': { '@type': 'sc:Collection', manifests: [{ '@id': `${here}/m2`, '@type': 'sc:Manifest' }] },
      '/m2': {
        '@id': 'https://iiif.example.org/m2',
        '@type': 'sc:Manifest',
        label: [
          { '@value': 'Tower', '@language': 'en' },
          { '@value': 'Turm', '@language': 'de' },
        ],
        license: 'https://creativecommons.org/licenses/by/4.0/',
        sequences: [
          { canvases: [{ images: [{ resource: { '@id': 'http://192.168.0.9/t.jpg', '@type': 'dctypes:Image' } }] }] },
        ],
      },
    }
    response.statusCode = things[path] ? 200 : 404
    return JSON.stringify(things[path] ?? {})
  })
  const records = await listed(openIiif(`${server.url}/top`, { ...testReach(), language: 'de' }).records)
  assert.deepEqual(short(records), [
    'Brücke',
    'Brücke [46–90]',
    'Brücke [91–100]',
    '! manifest',
    '! manifest',
    '! manifest',
    'Turm',
  ])
  assert.deepEqual(records[0]!.creators, [{ name: 'Maria Muster' }])
  assert.equal(
    records
      .slice(0, 3)
      .flatMap(({ urls }) => urls!)
      .filter((url) => url.endsWith('default.jpg')).length,
    100,
  )
  assert.match(records[3]!.problem!.what, /not public/)
  const { describeRecord } = await import('./toWork.ts')
  const inside = describeRecord(records.at(-1)!, { role: 'custodian' })
  assert.ok(
    'problem' in inside && inside.problem.field === 'url',
    'a picture inside is nothing that anybody could look at',
  )
})

const IDENTIFY =
  '<OAI-PMH><Identify><deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>'
const oaiRecord = (id: string, title: string) =>
  `<record><header><identifier>${id}</identifier></header><metadata><oai_dc:dc><dc:title>${title}</dc:title></oai_dc:dc></metadata></record>`
const oaiPage = (records: string, token = '') =>
  `<OAI-PMH><responseDate>2026-11-20T10:00:00Z</responseDate><ListRecords>${records}<resumptionToken>${token}</resumptionToken></ListRecords></OAI-PMH>`

test('OAI-PMH: pages, deleted records, and a second run that asks for what changed', async () => {
  let busy = 1
  const server = await serve((path, response) => {
    const query = new URL(path, 'http://x').searchParams
    if (query.get('verb') === 'Identify') return IDENTIFY
    if (query.get('resumptionToken') === 'two') {
      if (busy-- > 0) {
        response.writeHead(503, { 'retry-after': '7' })
        return 'busy'
      }
      return oaiPage(
        `${oaiRecord('oai:2', 'Two')}<record><header status="deleted"><identifier>oai:3</identifier></header></record>`,
      )
    }
    return query.has('from')
      ? '<OAI-PMH><responseDate>2026-11-21T10:00:00Z</responseDate><error code="noRecordsMatch"/></OAI-PMH>'
      : oaiPage(oaiRecord('oai:1', 'One'), 'two')
  })
  const reach = testReach()
  const source = await openOai(`${server.url}/oai`, { ...reach, set: 'art' })
  const records = await listed(source.records)
  assert.deepEqual(
    records.map(({ id, title, isDeleted }) => [id, title, isDeleted ?? false]),
    [
      ['oai:1', 'One', false],
      ['oai:2', 'Two', false],
      ['oai:3', undefined, true],
    ],
  )
  assert.deepEqual([reach.waited, source.isPartial], [[100, 7000], false])
  const memory = source.remember!()
  assert.deepEqual(memory, { since: '2026-11-20T10:00:00Z' })
  const again = await openOai(`${server.url}/oai`, { ...reach, memory })
  assert.deepEqual([await listed(again.records), again.isPartial], [[], true])
  assert.match(server.asked.at(-1)!, /from=2026-11-20$|from=2026-11-20&/)
  assert.deepEqual(again.remember!(), { since: '2026-11-21T10:00:00Z' })
})

test('a server that stalls or goes in circles is an error after what came, and the next run goes on', async () => {
  let stalls = true
  const server = await serve((path) => {
    const query = new URL(path, 'http://x').searchParams
    if (query.get('verb') === 'Identify') return IDENTIFY
    if (!query.has('resumptionToken')) return oaiPage(oaiRecord('oai:1', 'One'), 'two')
    return stalls ? undefined : oaiPage(oaiRecord('oai:2', 'Two'))
  })
  const source = await openOai(server.url, testReach(60))
  const came: SourceRecord[] = []
  await assert.rejects(async () => {
    for await (const record of source.records) came.push(record)
  }, /no complete answer within 60 ms/)
  assert.deepEqual(short(came), ['One'])
  const memory = source.remember!()
  assert.deepEqual(memory, { resume: 'two' })
  stalls = false
  const next = await openOai(server.url, { ...testReach(), memory })
  assert.deepEqual([short(await listed(next.records)), next.isPartial], [['Two'], true])

  const circle = await serve((path) =>
    path.includes('Identify') ? IDENTIFY : oaiPage(oaiRecord('oai:1', 'One'), 'same'),
  )
  await assert.rejects(async () => listed((await openOai(circle.url, testReach())).records), /goes in circles/)
  let count = 0
  const endless = await serve((path) =>
    path.includes('Identify') ? IDENTIFY : oaiPage(oaiRecord('oai:1', 'One'), `t${count++}`),
  )
  await assert.rejects(async () => listed((await openOai(endless.url, testReach())).records), /goes in circles/)
  assert.ok(endless.asked.length < 30)
  const none = await serve(() => '<html><body>Welcome</body></html>')
  await assert.rejects(openOai(none.url, testReach()), /no OAI-PMH server/)
  const other = await serve((path) =>
    path.includes('Identify') ? IDENTIFY : '<OAI-PMH><error code="cannotDisseminateFormat">no</error></OAI-PMH>',
  )
  await assert.rejects(
    async () => listed((await openOai(other.url, { ...testReach(), metadataPrefix: 'edm' })).records),
    /cannotDisseminateFormat/,
  )
})

test('nothing that comes from elsewhere leads to a file of this machine', async () => {
  const secret = new URL(import.meta.url).pathname
  const server: Loopback = await serve((path) => {
    if (path === '/index.xml')
      return `<sitemapindex><sitemap><loc>${secret}</loc></sitemap><sitemap><loc>file://${secret}</loc></sitemap></sitemapindex>`
    return JSON.stringify({
      type: 'Collection',
      items: [{ id: secret, type: 'Manifest' }, { id: `file://${secret}`, type: 'Manifest' }, secret],
    })
  })
  const manifests = await listed(openIiif(`${server.url}/top`, testReach()).records)
  assert.deepEqual(
    manifests.map(({ problem }) => problem?.what),
    Array(3).fill('it is no address of the web'),
  )
  assert.deepEqual(short(await listed(openSitemap(`${server.url}/index.xml`, testReach()).records)), [
    '! sitemap',
    '! sitemap',
  ])
  const saved = join(mkdtempSync(join(tmpdir(), 'colophon-sitemap-')), 'index.xml')
  writeFileSync(saved, `<sitemapindex><sitemap><loc>${secret}</loc></sitemap></sitemapindex>`)
  assert.deepEqual(short(await listed(openSitemap(saved, testReach()).records)), ['! sitemap'])
  rmSync(dirname(saved), { recursive: true })
})

test('manifests that are not there, or that nobody may ask for, are told one by one and end nothing', async () => {
  const server = await serve((path, response) => {
    if (path === '/top')
      return JSON.stringify({
        type: 'Collection',
        items: [
          ...Array.from({ length: 8 }, (_, i) => ({ id: `${server.url}/gone-${i}`, type: 'Manifest' })),
          ...Array.from({ length: 8 }, (_, i) => ({ id: `http://10.0.0.${i + 1}/m`, type: 'Manifest' })),
          { id: `${server.url}/there`, type: 'Manifest' },
        ],
      })
    if (path === '/there')
      return JSON.stringify({ type: 'Manifest', id: 'there', label: { en: ['A picture'] }, items: [] })
    response.statusCode = 404
    return ''
  })
  const source = openIiif(`${server.url}/top`, testReach())
  const records = await listed(source.records)
  assert.equal(records.filter(({ problem }) => problem !== undefined).length, 16)
  assert.equal(records.at(-1)!.title, 'A picture')
  assert.equal(source.isPartial, false)
  const cut = openIiif(`${server.url}/top`, { ...testReach(), minutesMax: 0 })
  assert.deepEqual([await listed(cut.records), cut.isPartial], [[], true])
})

test('an OAI-PMH server is left when the time is over, and the next run goes on with the next page', async () => {
  const page = (n: number) =>
    `<OAI-PMH><responseDate>2026-01-01T00:00:00Z</responseDate><ListRecords><record><header><identifier>oai:x:${n}</identifier></header><metadata><dc><title>Work ${n}</title></dc></metadata></record>${n < 3 ? `<resumptionToken>${n + 1}</resumptionToken>` : ''}</ListRecords></OAI-PMH>`
  const server = await serve((path) => {
    const query = new URL(path, 'http://x').searchParams
    if (query.get('verb') === 'Identify')
      return '<OAI-PMH><Identify><deletedRecord>no</deletedRecord><granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>'
    return page(Number(query.get('resumptionToken') ?? 1))
  })
  const first = await openOai(server.url, { ...testReach(), minutesMax: 0 })
  assert.equal((await listed(first.records)).length, 1)
  assert.equal(first.isPartial, true)
  const next = await openOai(server.url, { ...testReach(), memory: first.remember!() })
  assert.equal((await listed(next.records)).length, 2)
})

test('ORCID: one work of each group, with its own numbers only', async () => {
  const ids = (...list: [string, string, string][]) => ({
    'external-id': list.map(([type, value, relationship]) => ({
      'external-id-type': type,
      'external-id-value': value,
      'external-id-relationship': relationship,
    })),
  })
  const works = {
    group: [
      {
        'work-summary': [
          {
            'put-code': 1,
            title: { title: { value: 'A paper' }, subtitle: { value: 'in parts' } },
            type: 'journal-article',
            url: { value: 'https://doi.org/10.1234/x' },
            'external-ids': ids(['doi', '10.1234/X', 'self'], ['issn', '0317-8471', 'part-of']),
          },
          { 'put-code': 9, title: { title: { value: 'A paper, again' } } },
        ],
      },
      {
        'work-summary': [
          {
            'put-code': 2,
            title: { title: { value: 'A photograph' } },
            type: 'artistic-performance',
            'external-ids': null,
          },
        ],
      },
    ],
  }
  const server = await serve(() => JSON.stringify(works))
  const records = await listed((await openOrcid(`${server.url}/works`, testReach())).records)
  assert.deepEqual(
    records.map(({ id, title, identifiers }) => [id, title, identifiers]),
    [
      ['orcid 1', 'A paper: in parts', [{ scheme: 'doi', value: '10.1234/X' }]],
      ['orcid 2', 'A photograph', []],
    ],
  )
  const other = await serve(() => '{"people":[]}')
  await assert.rejects(openOrcid(other.url, testReach()), /no works of ORCID/)
  await assert.rejects(openOrcid('0000-0002-1825-0098', testReach()), /check digit/)
})

test('what lies inside is not asked for unless that was allowed', async () => {
  const server = await serve(() => '{}')
  const closed = { timeoutMs: 500, sleep: async () => {} }
  await assert.rejects(listed(openSitemap(`${server.url}/s.xml`, closed).records), /not public/)
  await assert.rejects(listed(openIiif(`${server.url}/m`, closed).records), /not public/)
  await assert.rejects(openOai(server.url, closed), /not public/)
  assert.deepEqual(server.asked, [])
})

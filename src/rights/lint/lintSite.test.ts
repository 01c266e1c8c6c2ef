import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { documentOf, NOW } from '../../../tests/support/rightsOracle.ts'
import { exportFormats, exportRights } from '../exports/index.ts'
import type { RightsRule } from '../rules.ts'
import { lintSite, openFolderSource, openUrlSource, type SiteReport } from './lintSite.ts'
import { readLinkHeader, readPage } from './page.ts'

type Files = Record<string, string | Uint8Array>
interface Served {
  headers?: Record<string, string>
  status?: number
  body?: string | Buffer
}

function folder(t: TestContext, files: Files): string {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-lint-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

async function serve(t: TestContext, answers: Record<string, Served | undefined>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? '/']
    if (!answer) response.writeHead(404).end()
    else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const lintUrl = (url: string) => lintSite(openUrlSource(url, { allowPrivate: true, timeoutMs: 3000 }))
const codes = ({ findings }: SiteReport, least: 'note' | 'warning' = 'warning') =>
  findings.filter(({ severity }) => least === 'note' || severity !== 'note').map(({ code }) => code)

test('vectors: what folders say, and what is found in them', async (t) => {
  const { cases } = JSON.parse(readFileSync('vectors/rights-lint.json', 'utf8')) as {
    cases: { name: string; input: Files; output: { decisions: Record<string, string>; codes: string[] } }[]
  }
  assert.ok(cases.length >= 12)
  for (const { name, input, output } of cases) {
    const report = await lintSite(openFolderSource(folder(t, input)))
    assert.deepEqual(codes(report), output.codes, name)
    for (const [action, decision] of Object.entries(output.decisions)) {
      assert.equal(report.decisions[action], decision, `${name}: ${action}`)
    }
    for (const { where, what, remedy } of report.findings) assert.ok(where && what && remedy, name)
  }
})

test('a site that carries our own exports is sound and says what the rules say', async (t) => {
  const rules: RightsRule[] = [
    { action: 'tdm:mine', decision: 'deny' },
    { action: 'col:aiInput', decision: 'deny' },
    { action: 'odrl:index', decision: 'allow' },
  ]
  const written = exportFormats.map((format) => exportRights(documentOf(rules), format, NOW))
  const snippets = (place: string) =>
    written.flatMap((each) => each.snippets.filter((snippet) => snippet.place === place).map(({ text }) => text))
  const robots = snippets('robots.txt').map((text) => text.replace('https://publisher.example', 'ORIGIN'))
  const headers = Object.fromEntries(
    snippets('http-header')
      .flatMap((text) => text.split('\n'))
      .filter((line) => !line.startsWith('Link'))
      .map((line) => line.split(': ', 2) as [string, string]),
  )
  const head = snippets('html-head').filter((text) => !text.includes('rsl+xml'))
  const answers: Record<string, Served> = {
    '/': { headers, body: `<!doctype html><html><head>${head.join('\n')}</head><body></body></html>` },
    '/.well-known/tdmrep.json': { body: fileOf('tdmrep.json') },
    '/rsl.xml': { headers: { 'content-type': 'application/rsl+xml' }, body: fileOf('rsl.xml') },
  }
  const url = await serve(t, answers)
  answers['/robots.txt'] = { body: robots.join('\n\n').replace('ORIGIN', url) }
  const report = await lintUrl(url)
  assert.deepEqual(codes(report), [])
  assert.ok(report.isSound && report.wasRead)
  const { decisions } = report
  assert.deepEqual(decisions, {
    'tdm:mine': 'deny',
    'col:trainAI': 'deny',
    'col:trainGenAI': 'deny',
    'col:aiInput': 'deny',
    'odrl:index': 'allow',
  })
  const speaking = report.places.filter((place) => place.rules.length > 0).map(({ place }) => place)
  assert.equal(speaking.length, 8, speaking.join())

  function fileOf(end: string): string {
    return String(written.flatMap(({ files }) => files).find(({ path }) => path.endsWith(end))!.content)
  }
})

const lintFiles = (t: TestContext, files: Files) => lintSite(openFolderSource(folder(t, files)))
const RESERVED_NOT = '<meta name="tdm-reservation" content="0">'

test('a member of JSON that is written twice is unknown, however it is written', async (t) => {
  for (const members of [
    '"tdm-reservation":1,"tdm-reservation":0',
    '"tdm-reservation":0,"tdm\\u002dreservation":1',
    `"tdm-reservation" :1,"x":["tdm-reservation",{"a":"\\"{"}],"tdm-reservation"${' '.repeat(5000)}:0`,
  ]) {
    const report = await lintFiles(t, { '.well-known/tdmrep.json': `[{"location":"/",${members}}]` })
    assert.equal(report.decisions['tdm:mine'], 'unknown', members)
    assert.deepEqual(codes(report), ['repeated_word'])
  }
  const twoEntries = '[{"location":"/a","tdm-reservation":0},{"location":"/","tdm-reservation":0}]'
  assert.deepEqual(codes(await lintFiles(t, { '.well-known/tdmrep.json': twoEntries })), [])
})

test('robots.txt: what cannot be understood and may be a no makes the place uncertain', async (t) => {
  const line = 'User-agent: *\nContent-Signal: ai-train=no\n'
  const cases: [string | Uint8Array, string][] = [
    [Buffer.from(`\ufeff${line}`, 'utf16le'), 'unreadable'],
    [Buffer.from(line, 'utf16le'), 'unreadable'],
    ['User-agent: *\nContent-Signal ai-train=no', 'malformed_line'],
    ['User-agent: *\ntdm-reservation = 1', 'malformed_line'],
    ['User-agent *\nContent-Signal: ai-train=no', 'malformed_line'],
    ['Content-Signal: ai-train=no\nUser-agent: *\nAllow: /', 'malformed_line'],
    ['Content-Usage: train-ai=n', 'malformed_line'],
    ['User-agent: *\nContent-Signals: ai-train=no', 'unknown_word'],
    ['User-agent: *\nContent-Usages: train-ai=n', 'unknown_word'],
    ['User-agent: *\nContent Signal: ai-train=no', 'unknown_word'],
    ['User-agent: *\nTDM-Reservation: 1', 'unknown_word'],
    ['User-agents: *\nContent-Signal: ai-train=no', 'unknown_word'],
  ]
  for (const [robots, code] of cases) {
    const report = await lintFiles(t, { 'robots.txt': robots, 'index.html': RESERVED_NOT })
    assert.equal(report.decisions['col:trainAI'], 'unknown', String(robots))
    assert.ok(codes(report).includes(code as never), `${String(robots)} ${codes(report).join()}`)
  }
  const harmless = 'User-agent: *\nCrawl-delay: 3\nHost: a.example\nAllow: /\nrubbish\nSitemap: https://a.example/s'
  const report = await lintFiles(t, { 'robots.txt': harmless, 'index.html': RESERVED_NOT })
  assert.deepEqual([report.decisions['col:trainAI'], codes(report)], ['allow', ['malformed_line']])
  const page = Buffer.from('<meta name="tdm-reservation" content="1">', 'utf16le')
  const unread = await lintFiles(t, { 'index.html': page, 'robots.txt': 'User-agent: *\nContent-Signal: ai-train=yes' })
  assert.equal(unread.decisions['col:trainAI'], 'unknown')
})

test('one place that says yes and no: the no counts, and it is named', async (t) => {
  const cases: [Files, string, string, string][] = [
    [{ 'index.html': `${RESERVED_NOT}<meta name="tdm-reservation" content="1">` }, 'tdm:mine', 'deny', 'said_both'],
    [
      { 'robots.txt': 'User-agent: *\nContent-Signal: ai-train=yes\n\nUser-agent: *\nContent-Signal: ai-train=no' },
      'col:trainAI',
      'deny',
      'said_both',
    ],
    [
      { 'robots.txt': 'User-agent: Googlebot\nDisallow: /\n\nUser-agent: *\nContent-Signal: search=yes' },
      'odrl:index',
      'unknown',
      'contradiction',
    ],
    [
      { 'robots.txt': 'User-agent: GPTBot\nDisallow: /', 'index.html': RESERVED_NOT },
      'col:trainGenAI',
      'unknown',
      'contradiction',
    ],
  ]
  for (const [files, action, decision, code] of cases) {
    const report = await lintFiles(t, files)
    assert.deepEqual([report.decisions[action], codes(report)], [decision, [code]], JSON.stringify(files))
  }
  const named = 'User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nContent-Signal: search=yes, ai-train=no'
  assert.deepEqual(codes(await lintFiles(t, { 'robots.txt': named })), [])
})

test('licences of links in the text count; a deed beside a reservation is named', async (t) => {
  const reserved = '<meta name="tdm-reservation" content="1">'
  const link = (element: string, deed: string) =>
    `${reserved}<${element} rel="license" href="https://creativecommons.org/${deed}/">x</${element}>`
  for (const element of ['a', 'area', 'link']) {
    const zero = await lintFiles(t, { 'index.html': link(element, 'publicdomain/zero/1.0') })
    assert.deepEqual([zero.decisions['tdm:mine'], codes(zero)], ['deny', ['contradiction']], element)
    const by = await lintFiles(t, { 'index.html': link(element, 'licenses/by/4.0') })
    assert.deepEqual([by.decisions['tdm:mine'], codes(by, 'note')], ['deny', ['contradiction', 'missing_place']])
  }
})

test('a tag that a browser does not take for a part of the page allows nothing', async (t) => {
  for (const [start, end] of [
    ['<template>', '</template>'],
    ['<p><template></p>', '</template>'],
    ['<template><template></template>', '</template>'],
    ['<noscript>', '</noscript>'],
    ['<svg>', '</svg>'],
    ['<!--', '-->'],
    ['<textarea>', '</textarea>'],
    ['<script>', '</script>'],
    ['<title>', '</title>'],
    ['<iframe>', '</iframe>'],
    ['<style>', '</style>'],
  ]) {
    const deed = '<link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">'
    const { decisions } = await lintFiles(t, { 'index.html': `${start}${RESERVED_NOT}${deed}${end}` })
    assert.match(decisions['tdm:mine']!, /unset|unknown/, start)
    const live = await lintFiles(t, { 'index.html': `${start}${end}${RESERVED_NOT}` })
    assert.match(live.decisions['tdm:mine']!, start === '<p><template></p>' ? /unknown/ : /allow/, start)
  }
  const inert = await lintFiles(t, { 'index.html': '<template><meta name="tdm-reservation" content="1"></template>' })
  assert.deepEqual([inert.decisions['tdm:mine'], codes(inert)], ['unknown', ['condition_not_read']])
})

const PLUS = 'http://ns.useplus.org/ldf/vocab/'
const xmp = (value: string) => `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
  ${Array.from({ length: 200 }, (_, index) => `crs:a${index}="1"`).join(' ')}
  xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:crs="urn:crs">${value}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
const dataMining = (key: string) => xmp(`<plus:DataMining>${PLUS}${key}</plus:DataMining>`)
const pdf = (dictionary: string, content: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`%PDF-1.7\n4 0 obj\n<< /Subtype /XML /Type /Metadata ${dictionary} >>\nstream\n`),
    content,
    Buffer.from('\nendstream\nendobj\n%%EOF'),
  ])
const epub = (meta: string, root = '') =>
  zipSync({
    mimetype: Buffer.from('application/epub+zip'),
    'META-INF/container.xml': Buffer.from(
      '<container xmlns="urn:c"><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>',
    ),
    'O/p.opf': Buffer.from(`<package ${root}><metadata>${meta}</metadata></package>`),
  })

test('a mark in a file of a folder counts, whatever the file is', async (t) => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  const denied = dataMining('DMI-PROHIBITED')
  const inPicture = (format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif') =>
    picture.clone().withXmp(denied).toFormat(format).toBuffer()
  const files: Files = {
    'deep/er/a.JPG': await inPicture('jpeg'),
    'a.png': await inPicture('png'),
    'a.webp': await inPicture('webp'),
    'a.tiff': await inPicture('tiff'),
    'a.avif': await inPicture('avif'),
    'a.svg': `<svg xmlns="http://www.w3.org/2000/svg"><metadata>${denied}</metadata></svg>`,
    'plain.pdf': pdf('', Buffer.from(denied)),
    'packed.pdf': pdf('/Filter /FlateDecode', deflateSync(denied)),
    'two.epub': epub('<meta name="tdm:reservation" content="1"/>'),
    'three.epub': epub('<meta property="tdm:reservation">1</meta>'),
    'own.epub': epub('<meta property="x:reservation">1</meta>', 'prefix="x: http://www.w3.org/ns/tdmrep#"'),
  }
  for (const [path, content] of Object.entries(files)) {
    const report = await lintFiles(t, { 'index.html': RESERVED_NOT, [path]: content })
    assert.deepEqual([report.decisions['col:trainAI'], codes(report)], ['deny', ['contradiction']], path)
    assert.ok(report.findings.some(({ where }) => where.startsWith('HTML tdm-reservation, file ')))
  }
  const all = await lintFiles(t, { 'index.html': RESERVED_NOT, ...files })
  assert.deepEqual(codes(all), ['contradiction', 'contradiction'], 'files that say the same are one place')
})

test('a mark in a file that cannot be read is unknown; one that allows speaks for its file only', async (t) => {
  const denied = dataMining('DMI-PROHIBITED')
  const unread: Files = {
    'locked.pdf': pdf('/Filter /Crypt', Buffer.from('nothing that can be read')),
    'wide.jpg': Buffer.from(denied, 'utf16le'),
    'manifest.jpg': Buffer.from('\xff\xd8…cawg.training-mining…'),
    'packed.png': Buffer.from('iTXtXML:com.adobe.xmp\0\x01\0\0\0xyz'),
    'cut.jpg': Buffer.from(denied.slice(0, 300)),
    'no.epub': 'no archive',
    'broken.webp': Buffer.from(denied.replace('</plus:DataMining>', '')),
    'more.jpg': Buffer.from(dataMining('DMI-WHATEVER')),
  }
  for (const [path, content] of Object.entries(unread)) {
    const { decisions, isSound } = await lintFiles(t, { 'index.html': RESERVED_NOT, [path]: content })
    assert.deepEqual([decisions['tdm:mine'], isSound], ['unknown', false], path)
  }
  const allowing = await lintFiles(t, { 'a.jpg': Buffer.from(dataMining('DMI-ALLOWED')), 'robots.txt': '' })
  assert.equal(allowing.decisions['tdm:mine'], 'unset')
  const reserved = '<meta name="tdm-reservation" content="1">'
  const both = await lintFiles(t, { 'a.jpg': Buffer.from(dataMining('DMI-ALLOWED')), 'index.html': reserved })
  assert.deepEqual([both.decisions['tdm:mine'], codes(both)], ['deny', ['contradiction']])
})

test('what was not looked at is told', async (t) => {
  const files = {
    'index.html': RESERVED_NOT,
    'b.html': '',
    'c.html': '',
    'd.mp4': '',
    'e.jpg': '',
    'f.pdf': '%PDF-1.7',
  }
  const report = await lintFiles(t, files)
  const told = report.findings.find(({ code }) => code === 'not_read')!.what
  assert.match(told, /marks in 2 pictures, PDF and EPUB were read; not read: 2 × \.html, 1 × \.mp4/)
  assert.equal(report.isSound, true)
  const url = await serve(t, { '/': { body: RESERVED_NOT } })
  assert.ok((await lintUrl(url)).findings.some(({ code }) => code === 'not_read'))
})

test('headers and tags of a page are places of their own', async (t) => {
  const url = await serve(t, {
    '/': {
      headers: {
        'tdm-reservation': '0',
        'content-usage': 'train-ai=y, search=y',
        link: '</l.xml>; type="application/rsl+xml"; rel="license"',
      },
      body: '<meta name="TDM-Reservation" content="1"><link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">',
    },
    '/l.xml': {
      body: '<rsl xmlns="https://rslstandard.org/rsl"><content url="/other/"><license><prohibits type="usage">all</prohibits></license></content></rsl>',
    },
  })
  const report = await lintUrl(url)
  assert.ok(codes(report).filter((code) => code === 'contradiction').length >= 3)
  assert.equal(report.decisions['col:trainGenAI'], 'deny')
  assert.deepEqual(report.places.find(({ place }) => place === 'RSL')!.rules, [], 'it is about another path')
})

test('a page that another host answers is named: its robots.txt is another one', async () => {
  const source = {
    target: 'https://a.example/',
    path: '/',
    host: 'a.example',
    hasHeaders: true,
    read: async (place: string) =>
      place === 'page' ? { file: { where: 'https://www.a.example/', text: '', headers: {} } } : undefined,
  }
  assert.deepEqual(codes(await lintSite(source)), ['link_not_followed', 'nothing_said'])
})

test('nothing is fetched inside the network, whatever names it', async (t) => {
  const inside = await serve(t, { '/rsl.xml': { body: 'never' }, '/robots.txt': { body: 'never' } })
  const url = await serve(t, { '/robots.txt': { body: `License: ${inside}/rsl.xml` } })
  const report = await lintUrl(url)
  assert.ok(codes(report).includes('unreadable'))
  assert.match(report.findings.find(({ code }) => code === 'unreadable')!.what, /not public/)
  const refused = await lintSite(openUrlSource(url))
  assert.equal(refused.wasRead, false)
  assert.ok(Object.values(refused.decisions).every((decision) => decision === 'unknown'))
})

test('hostile sites: large files, bombs, circles, failing servers', async (t) => {
  const large = Buffer.alloc(10_000_000, 'a')
  const bomb = `<!DOCTYPE rsl [<!ENTITY a "aaaaaaaaaa">${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(500)}]><rsl>&b;</rsl>`
  const url = await serve(t, {
    '/': { body: large },
    '/robots.txt': { body: large },
    '/.well-known/tdmrep.json': { body: large },
    '/rsl.xml': { body: bomb },
  })
  const report = await lintUrl(url)
  assert.deepEqual(codes(report), ['too_large', 'too_large', 'too_large', 'doctype_refused'])
  assert.equal(report.decisions['col:trainAI'], 'unknown')
  const answers: Record<string, Served> = { '/a': { status: 302, headers: { location: '/a' } } }
  const circle = await serve(t, answers)
  const page = `<link rel="license" type="application/rsl+xml" href="/a"><link rel="license" type="application/rsl+xml" href="/robots.txt">`
  answers['/'] = { body: page }
  answers['/robots.txt'] = { body: `License: ${circle}/robots.txt\nLicense: ${circle}/\nLicense: ${circle}/x` }
  const circled = await lintUrl(circle)
  assert.ok(codes(circled).includes('link_not_followed'))
  assert.ok(codes(circled).includes('malformed_xml'))
  const failing = await serve(t, { '/robots.txt': { status: 503 }, '/': { body: 'x' } })
  assert.ok(codes(await lintUrl(failing)).includes('unreadable'))
})

test('hostile pages and headers are read in bounded time', () => {
  for (const html of [
    '<i>'.repeat(600_000) + '</b>'.repeat(600_000),
    '<meta name="tdm-reservation" content="1">'.repeat(50_000),
    `<script type="application/ld+json">${'['.repeat(2_000_000)}`,
    '<'.repeat(5_000_000),
    '<a '.repeat(1_000_000),
  ]) {
    readPage(html, 'page')
  }
  readLinkHeader('<a>; rel="'.repeat(1_000_000))
  readLinkHeader(`<a>;${' '.repeat(1_000_000)}`)
  assert.equal(readPage('<i>'.repeat(1000), 'page').findings[0]!.code, 'too_large')
  fc.assert(fc.property(fc.string(), (text) => void readLinkHeader(text)))
})

test('a place with thousands of faults is reported in bounded length', async (t) => {
  const entries = Array.from({ length: 9000 }, (_, index) => ({ location: `/${index}`, 'tdm-reservation': 'x' }))
  const licence = '<license><prohibits type="usage">ai-train</prohibits><permits type="usage">x</permits></license>'
  const report = await lintSite(
    openFolderSource(
      folder(t, {
        '.well-known/tdmrep.json': JSON.stringify(entries),
        'rsl.xml': `<rsl xmlns="https://rslstandard.org/rsl"><content url="/">${licence.repeat(5000)}</content></rsl>`,
      }),
    ),
  )
  assert.ok(report.findings.length < 500)
  assert.equal(report.decisions['col:trainAI'], 'deny')
})

test('a folder never leads outside itself', async (t) => {
  const outside = folder(t, { 'secret.xml': 'secret' })
  const directory = folder(t, {
    'robots.txt': 'License: https://a.example/../../secret.xml\nLicense: https://a.example/%2e%2e/secret.xml',
  })
  symlinkSync(join(outside, 'secret.xml'), join(directory, 'rsl.xml'))
  symlinkSync(join(outside, 'secret.xml'), join(directory, 'index.html'))
  const report = await lintSite(openFolderSource(directory))
  assert.ok(!JSON.stringify(report).includes('malformed_xml'))
  assert.ok(codes(report).includes('unreadable'))
})

test('Link headers', () => {
  const header =
    '<https://a.example/1>; rel="next", <https://a.example/2,3>; title="a, b; rel=x"; REL=License; type=application/rsl+xml'
  assert.deepEqual(readLinkHeader(header), [
    { href: 'https://a.example/2,3', rel: ['license'], type: 'application/rsl+xml' },
  ])
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { LruMap, readConfig } from '../../foundation/index.ts'
import { TELLING, lookAt, testAdapter } from '../../../tests/support/adapterContract.ts'
import { listed, serveLoopback } from '../../../tests/support/loopbackServer.ts'
import { playRecordedAnswers } from '../../../tests/support/recordedAnswers.ts'
import type { FurtherQuestion } from './adapter.ts'
import { commonCrawl } from './commonCrawl.ts'
import { datasetViewer } from './datasetViewer.ts'
import { hashDump } from './hashDump.ts'
import { infiniGram } from './infiniGram.ts'
import { ADAPTERS, enabledAdapters, lookFurther } from './lookFurther.ts'

const folder = mkdtempSync(join(tmpdir(), 'colophon-dumps-'))
after(() => rmSync(folder, { recursive: true, force: true }))

testAdapter(commonCrawl, { recorded: 'common-crawl', hits: 2 })
testAdapter(datasetViewer, { recorded: 'dataset-viewer', hits: 3 })
testAdapter(infiniGram, { recorded: 'infini-gram', hits: 4 })
testAdapter(hashDump, {
  recorded: 'hash-dump',
  hits: 2,
  harmless: ['answers ten megabytes', 'answers JSON of another shape'],
})

test('none is on by default, each is switched on by its id, and asks elsewhere when the operator says so', () => {
  assert.deepEqual(enabledAdapters(readConfig({}).adapters), [])
  const { adapters } = readConfig({
    ADAPTERS: 'infini-gram=http://10.0.0.5:8000/, common-crawl,hash-dump=/srv/dump.gz',
  })
  assert.deepEqual(
    enabledAdapters(adapters).map(({ adapter, address, isOwnAddress }) => [adapter.id, address, isOwnAddress]),
    [
      ['common-crawl', 'https://index.commoncrawl.org', false],
      ['infini-gram', 'http://10.0.0.5:8000/', true],
      ['hash-dump', '/srv/dump.gz', true],
    ],
  )
  for (const [id, { id: own }] of Object.entries(ADAPTERS)) assert.equal(id, own)
})

test('the guide tells of each adapter what leaves', () => {
  const guide = readFileSync('docs/adapters.md', 'utf8')
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` \|[^|]*\| ([^|]*) \|/gm)]
  assert.deepEqual(
    rows.map(([, id, leaves]) => [id, [...leaves!.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind)]),
    Object.values(ADAPTERS).map(({ id, leaves }) => [id, [...leaves]]),
  )
})

test('a capture says when it was made, and what was asked for and not captured is no hit', async () => {
  const played = await playRecordedAnswers('common-crawl')
  const { hits, searched, waited } = await lookAt(commonCrawl, played.url, TELLING)
  await played.finish()
  assert.deepEqual(
    hits.map(({ where, at, url }) => [where, at, url]),
    ['2026-09-14T11:23:08Z', '2026-09-21T08:00:00Z'].map((at) => ['CC-MAIN-2026-38', at, TELLING.addresses[0]!.value]),
  )
  const both = ['CC-MAIN-2026-38', 'CC-MAIN-2026-34'].map((where) => ({ where, isPartial: false }))
  assert.deepEqual(searched, both)
  assert.deepEqual(waited, [1000, 1000], 'a shared index is asked with a pause')
})

test('below an address one page of captures after the other is read, and lines that are none are told', async () => {
  const line = (n: number, status = '200') =>
    `${JSON.stringify({ url: `https://a.example/${n}`, timestamp: '20260914112308', status })}\n`
  const server = await serveLoopback((path) => {
    const { searchParams } = new URL(path, 'http://x.invalid')
    return searchParams.get('page') === '0' ? `${line(1)}{"torn": \n${line(2, '404')}` : line(3)
  })
  const question = {
    ...TELLING,
    addresses: [{ value: 'https://a.example/', scope: 'prefix' as const }],
    indexes: ['CC-MAIN-2026-38', 'v4_not-a-crawl'],
  }
  const { hits, problems, sends } = await lookAt(commonCrawl, server.url, question)
  await server.close()
  assert.deepEqual(
    hits.map(({ url }) => url),
    ['https://a.example/1', 'https://a.example/3'],
  )
  assert.match(problems[0]!.what, /1 lines of 3/)
  assert.equal(server.asked.length, 2)
  assert.deepEqual(
    sends.map(({ what, value }) => [what, value]),
    [
      ['address', 'https://a.example/'],
      ['index', 'CC-MAIN-2026-38'],
    ],
  )
})

test('rows with the whole phrase are told, and those that are cut off; a set that cannot be searched is looked at here', async () => {
  const played = await playRecordedAnswers('dataset-viewer')
  const { hits, searched } = await lookAt(datasetViewer, played.url, TELLING)
  await played.finish()
  assert.deepEqual(
    hits.map(({ match, place }) => [match, place]),
    [
      ['phrase', 'row 4102'],
      ['words', 'row 9'],
      ['phrase', 'row 1'],
    ],
  )
  assert.ok(searched.every(({ isPartial }) => isPartial))
})

test('of many data sets one that is barred is told, and the next is asked', async () => {
  const server = await serveLoopback((path, response) => {
    if (path.includes('barred')) return void response.writeHead(401).end('{"error": "The dataset is gated."}')
    const row = { row_idx: 7, row: { text: TELLING.words }, truncated_cells: [] }
    return JSON.stringify({ rows: [row], partial: false })
  })
  const question = { ...TELLING, datasets: ['a/barred:default:train', 'b/open:default:train', '../../etc', 'c d'] }
  const { hits, problems, sends } = await lookAt(datasetViewer, server.url, question)
  await server.close()
  assert.deepEqual([hits.length, problems.length], [1, 1])
  assert.match(problems[0]!.what, /401: The dataset is gated/)
  assert.deepEqual(
    sends.map(({ value }) => value),
    [TELLING.words, 'a/barred:default:train', 'b/open:default:train'],
  )
})

test('a passage is counted and a few documents are shown; one that the service would take apart is not sent', async () => {
  const played = await playRecordedAnswers('infini-gram')
  const { hits } = await lookAt(infiniGram, played.url, TELLING)
  await played.finish()
  assert.deepEqual([hits[0]!.count, hits[0]!.isApproximate], [3, false])
  assert.deepEqual(
    hits.slice(1).map(({ place, url }) => [place, url]),
    [47865, 98, 99].map((document) => [`document ${document}`, 'https://harbour-lights.example/boats.html']),
  )
  for (const passage of ['too short', 'lanterns AND boats, all over the harbour', 'x'.repeat(1001)])
    assert.equal(infiniGram.lacks({ ...TELLING, passage }, infiniGram.address), 'passage')
})

const BLOB = 'Forty lanterns.\n'
const SHA1_GIT = createHash('sha1').update(`blob ${BLOB.length}\0${BLOB}`).digest('hex')

function dump(name: string, content: string | Uint8Array): FurtherQuestion {
  writeFileSync(join(folder, name), content)
  return { ...TELLING, hashes: [{ algorithm: 'sha1_git', value: SHA1_GIT }], dump: join(folder, name) }
}

const filler = Array.from({ length: 40_000 }, (_, i) => createHash('sha1').update(String(i)).digest('hex'))

test('dumps in any layout are matched on this machine: lines, JSON in one line, packed in parts, and nothing is sent', async () => {
  const lines = [...filler.slice(0, 20_000), `swh:1:cnt:${SHA1_GIT.toUpperCase()}`, ...filler.slice(20_000)]
  const packed = Buffer.concat([
    gzipSync(`${lines.slice(0, 20_000).join('\n')}\n`),
    gzipSync(lines.slice(20_000).join('\n')),
  ])
  for (const [name, content, place] of [
    ['lines.txt', lines.join('\n'), 'line 20001'],
    ['lines.txt.gz', packed, 'line 20001'],
    ['one.json', JSON.stringify(lines), 'line 1'],
    ['one-line.csv', lines.join(','), 'line 1'],
  ] as const) {
    const { hits, searched, sends, requests } = await lookAt(hashDump, '', dump(name, content))
    assert.deepEqual(
      [hits.map((hit) => [hit.match, hit.place, hit.asked]), sends, requests],
      [[['hash', place, `sha1_git:${SHA1_GIT}`]], [], 0],
      name,
    )
    assert.deepEqual(searched, [{ where: name, isPartial: false }])
  }
})

test('addresses in a dump are found with and without https, at the end of a cell, and not as a part of others', async () => {
  const rows = [
    'http://harbour-lights.example/boats.html,200',
    '"https://harbour-lights.example/boats.html","x"',
    'https://harbour-lights.example/boats.html.bak',
    'https://archive.example/https://harbour-lights.example/boats.html',
  ]
  const { hits } = await lookAt(hashDump, '', dump('urls.csv', rows.join('\n')))
  assert.deepEqual(
    hits.map(({ match, place }) => [match, place]),
    [
      ['address', 'line 1'],
      ['address', 'line 2'],
    ],
  )
})

test('a dump that is no text, is damaged or is not there is told as such, with what was found before', async () => {
  const problemOf = async (question: FurtherQuestion) => {
    const { problems, hits, searched } = await lookAt(hashDump, '', question)
    return [problems.map(({ code, what }) => `${code}: ${what}`).join(), hits.length, searched.map((s) => s.isPartial)]
  }
  assert.deepEqual(await problemOf(dump('table.parquet', 'PAR1\0\0\0')), [
    'unreadable_file: it is no text of hashes or addresses',
    0,
    [],
  ])
  const torn = gzipSync([SHA1_GIT, ...filler].join('\n')).subarray(0, -20_000)
  assert.deepEqual(await problemOf(dump('torn.gz', torn)), ['unreadable_file: it cannot be unpacked', 1, [true]])
  const missing = { ...dump('x', ''), dump: join(folder, 'missing') }
  assert.deepEqual(await problemOf(missing), ['unreadable_file: there is no such file', 0, []])
})

test('a dump elsewhere is read as it comes, up to a bound, and what came before the bound counts', async () => {
  const server = await serveLoopback((_, response) => {
    response.writeHead(200)
    response.write(`${SHA1_GIT}\n`)
    for (const part of [0, 1, 2, 3]) response.write(`${filler.slice(part * 10_000, (part + 1) * 10_000).join('\n')}\n`)
    response.end()
  })
  const small = { ...hashDump, bounds: { ...hashDump.bounds, bytesMax: 500_000 } }
  const question = { ...dump('x', ''), dump: undefined } as unknown as FurtherQuestion
  const answer = await lookAt(small, server.url, question)
  await server.close()
  assert.deepEqual([answer.hits.length, answer.problems.map(({ code }) => code)], [1, ['too_large']])
  assert.deepEqual(
    answer.searched.map(({ isPartial }) => isPartial),
    [true],
  )
})

test('a server that is busy is asked again when it says so, left alone by the next look, too, and others go on', async () => {
  let isBusy = true
  const server = await serveLoopback((_, response) => {
    if (isBusy) return void response.writeHead(429, { 'retry-after': '7' }).end()
    return '{"count": 0, "approx": false}'
  })
  const restingUntil = new LruMap<string, number>(10)
  const first = await lookAt(infiniGram, server.url, TELLING, { restingUntil, secondsMax: 10 })
  assert.deepEqual([first.outcome, first.problems[0]!.code, server.asked.length], ['unanswered', 'too_busy', 2])
  assert.ok(first.waited.some((milliseconds) => milliseconds > 6000))
  isBusy = false
  const soon = await lookAt(infiniGram, server.url, TELLING, { restingUntil, secondsMax: 1 })
  assert.deepEqual([soon.problems[0]!.code, server.asked.length], ['too_busy', 2], 'nobody is asked before that')
  const played = await playRecordedAnswers('common-crawl')
  const both = await lookFurther(
    [
      { adapter: infiniGram, address: server.url, isOwnAddress: true },
      { adapter: commonCrawl, address: played.url, isOwnAddress: true },
    ],
    TELLING,
    { now: () => Date.now(), sleep: async () => {}, restingUntil, secondsMax: 3 },
  )
  await played.finish()
  await server.close()
  assert.deepEqual(
    both.map(({ outcome }) => outcome),
    ['unanswered', 'found'],
  )
})

test('addresses inside the network are asked only where the operator named them', async () => {
  const server = await serveLoopback(() => '[]')
  const options = { now: () => Date.now(), restingUntil: new LruMap<string, number>(10) }
  const ask = (question: FurtherQuestion, isOwnAddress: boolean) =>
    lookFurther([{ adapter: hashDump, address: server.url, isOwnAddress }], question, options)
  const [refused] = await ask(TELLING, false)
  assert.equal(refused!.problems[0]!.code, 'url_refused')
  const [named] = await ask({ ...TELLING, dump: `${server.url}/list` }, true)
  assert.equal(named!.problems[0]!.code, 'url_refused')
  assert.deepEqual(server.asked, [])
  assert.equal((await ask(TELLING, true))[0]!.outcome, 'nothing')
  await server.close()
})

test('what comes from elsewhere cannot fill a page without end', async () => {
  const lines = Array.from({ length: 150 }, () =>
    JSON.stringify({ url: `https://a.example/${'y'.repeat(5000)}`, timestamp: '20260914112308', status: '200' }),
  )
  const server = await serveLoopback(() => lines.join('\n'))
  const { hits, isCut } = await lookAt(commonCrawl, server.url, { ...TELLING, indexes: ['CC-MAIN-2026-38'] })
  await server.close()
  assert.deepEqual([hits.length, isCut], [commonCrawl.bounds.hitsMax, true])
  assert.ok(hits.every(({ url }) => url!.length <= 2000))
})

test('a dump is unpacked however small its first piece is', async () => {
  const bytes = gzipSync(`${SHA1_GIT}\n`)
  const read = async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  const question = {
    ...TELLING,
    hashes: [{ algorithm: 'sha1_git' as const, value: SHA1_GIT }],
    dump: 'https://a.example/d.gz',
  }
  const found = await listed(
    hashDump.look(question, { address: undefined, ask: () => Promise.reject(new Error()), read }),
  )
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['hit', 'searched'],
  )
})

test('only the index itself says that there is no capture; another page that is missing is a problem', async () => {
  const answered = async (body: string) => {
    const server = await serveLoopback((path, response) =>
      path.includes('collinfo') ? '[{"id":"CC-MAIN-2026-40"}]' : void response.writeHead(404).end(body),
    )
    const { outcome } = await lookAt(commonCrawl, server.url, TELLING)
    await server.close()
    return outcome
  }
  assert.equal(await answered('{"message": "No Captures found for: a.example"}'), 'nothing')
  assert.equal(await answered('No Captures found for: a.example'), 'nothing')
  assert.equal(await answered('<html>nginx: 404 Not Found'), 'unanswered')
  assert.equal(await answered(''), 'unanswered')
})

test('first rows of a set that cannot be searched are hits only where they show the words', async () => {
  const row = (row_idx: number, text: string) => ({ row_idx, row: { text }, truncated_cells: ['text'] })
  const rows = [row(1, 'tax law of 1911'), row(2, `harbour: the ${TELLING.words!.split(' ').toReversed().join(', ')}`)]
  const server = await serveLoopback((path, response) =>
    path.includes('search') ? void response.writeHead(500).end('{"error":"not indexed"}') : JSON.stringify({ rows }),
  )
  const { hits, searched } = await lookAt(datasetViewer, server.url, { ...TELLING, datasets: ['a/b:c:d'] })
  await server.close()
  assert.deepEqual(
    [hits.map(({ place, match }) => [place, match]), searched.map(({ isPartial }) => isPartial)],
    [[['row 2', 'words']], [true]],
  )
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { loadExampleWorks, type ExampleWork } from '../../examples/works/index.ts'
import {
  buildDatasetIndex,
  openDatasetChecker,
  openEngineChecker,
  pushToEngine,
  queryOf,
  type CheckQuery,
  type DatasetHit,
} from '../../src/datasets/index.ts'
import { openClickHouse } from '../../src/datasets/clickhouse/client.ts'
import { readEngineUrl } from '../../src/datasets/clickhouse/engineUrl.ts'
import { selectNearCodes } from '../../src/datasets/clickhouse/queries.ts'
import { identifyBytes } from '../../src/fingerprints/index.ts'
import { ColophonError } from '../../src/foundation/index.ts'
import type { ChdbServer } from './chdbServer.ts'

/** Addresses that would end a statement if one were put together from them. */
const ADDRESSES = [
  "https://pictures.example.org/o'hara.jpg",
  'https://example.org/a\\b\tc',
  "https://example.org/' OR 1=1 --",
  'https://notexample.org/x',
  'https://a.b.example.org/{dataset:String}',
  'https://example.org/ünïcödé?q=1&r=%27',
]

/** Wrong addresses, credentials and values: each refused with its code, and no message holds the password. */
export async function checkBadInput(server: ChdbServer, engine: string): Promise<number> {
  let checks = 0
  const refuses = async (code: string, run: () => Promise<unknown>) => {
    await assert.rejects(run, (error: ColophonError) => {
      assert.ok(error instanceof ColophonError, String(error))
      assert.equal(error.code, code, error.toLine())
      const shown = `${error.toLine()} ${JSON.stringify(error.toJSON())} ${error.stack}`
      for (const secret of [server.password, encodeURIComponent(server.password)]) assert.ok(!shown.includes(secret))
      return true
    })
    checks++
  }
  const open = (url: string) => openEngineChecker([url], {})
  const client = openClickHouse(readEngineUrl(engine, {}))
  await refuses('not_authorised', () => open(engine.replace(/\/\/tester:[^@]*@/, '//tester:wrong@')))
  await refuses('not_authorised', () => open(engine.replace(/\/\/[^@]*@/, '//')))
  await refuses('not_found', () => open(engine.replace(/\w+$/, 'no_such_database')))
  await refuses('not_found', () => open(engine))
  await refuses('fetch_failed', () => open(engine.replace(/:\d+\//, ':9/')))
  await refuses('fetch_failed', () => client.select('SELECT FROM'))
  await refuses('fetch_failed', () => client.select('SELECT {missing:String}'))
  await refuses('fetch_failed', () => client.select('SELECT {n:UInt8}', { n: "1'; DROP TABLE x" }))
  for (const url of [
    'http://host/x',
    'clickhouse://',
    'clickhouse://h/a-b',
    'clickhouse://h/x?y=1',
    'clickhouse://%zz@h/x',
  ])
    await refuses('usage', async () => open(url))
  for (const code of ['', 'zz', `${'0'.repeat(63)}'`, '0'.repeat(63), '0'.repeat(65)])
    await refuses('invalid_input', () => selectNearCodes(client, [code], 31))
  for (const radius of [32, -1, 1.5, Number.NaN])
    await refuses('invalid_input', () => selectNearCodes(client, ['0'.repeat(64)], radius))
  for (const dataset of ['../x', 'no-such-data-set', ''])
    await refuses('not_found', () => pushToEngine(engine, {}, { directory: tmpdir(), dataset }))
  const text = 'a\tb\\c\nd\'e"f\0g\r{x:String} ü'
  assert.deepEqual(await client.select('SELECT {text:String}, length({text:String})', { text }), [
    [text, Buffer.byteLength(text)],
  ])
  return checks + 1
}

/** A data set is indexed here and pushed; every question must get the same answer from both, and so on the command line. */
export async function checkPushedDataset(server: ChdbServer, engine: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-cluster-check-'))
  const data = join(directory, 'data')
  const target = engine.replace(/\w+$/, 'colophon_push')
  server.query('CREATE DATABASE colophon_push')
  try {
    const works = await loadExampleWorks()
    const ids = [await indexFolder(directory, data, works), await indexTable(directory, data, works)]
    for (const dataset of ids) {
      const push = () => pushToEngine(target, {}, { directory: join(data, 'datasets'), dataset })
      assert.equal((await push()).isNew, true)
      assert.equal((await push()).isNew, false)
    }
    const queries = await makeQueries(works)
    let checks = await compare(join(data, 'datasets'), [target], queries, 60, EVERY_KIND)
    // An index that was built anew replaces what was pushed: nothing doubles, nothing old stays.
    rmSync(join(data, 'datasets', ids[0]!), { recursive: true })
    await indexFolder(directory, data, works.slice(0, 6))
    const again = await pushToEngine(target, {}, { directory: join(data, 'datasets'), dataset: ids[0]! })
    assert.deepEqual([again.isNew, again.info.id], [true, ids[0]])
    checks += await compare(join(data, 'datasets'), [target], queries, 20)
    checks += await checkTwoEngines(server, engine, join(data, 'datasets'), ids, queries)
    return checks + (await checkCommandLine(directory, data, target, server, works[0]!))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function indexFolder(directory: string, data: string, works: ExampleWork[]): Promise<string> {
  const folder = mkdtempSync(join(directory, 'folder-'))
  const pictures = works.filter(({ medium }) => medium === 'picture')
  writeFileSync(join(folder, 'moving.webp'), await movingPicture(pictures))
  writeFileSync(join(folder, 'other-way.webp'), await movingPicture(pictures.toReversed(), true))
  for (const { fileName, bytes, medium } of works) {
    writeFileSync(join(folder, fileName), bytes)
    if (medium === 'picture')
      writeFileSync(join(folder, `turned-${fileName}`), await sharp(bytes).rotate(90).resize(300).jpeg().toBuffer())
  }
  const at = { directory: join(data, 'datasets'), now: Date.now() }
  return (await buildDatasetIndex({ name: 'Folder', version: '1', inputs: [folder], columns: {}, ...at })).id
}

/** A picture that moves: a scene of each, half a second long; mirrored where that is asked for. */
async function movingPicture(pictures: readonly ExampleWork[], isMirrored = false): Promise<Uint8Array> {
  const scenes = await Promise.all(
    pictures.map(({ bytes }) => {
      const scene = sharp(bytes).resize(256, 192, { fit: 'fill' })
      return (isMirrored ? scene.flop() : scene).png().toBuffer()
    }),
  )
  const film = sharp(scenes, { join: { animated: true } }).webp({ delay: scenes.map(() => 500), loop: 0 })
  return new Uint8Array(await film.toBuffer())
}

/** A table of addresses, and of quotations: the first part of each text, once among other words. */
async function indexTable(directory: string, data: string, works: ExampleWork[]): Promise<string> {
  const texts = works.filter(({ medium }) => medium === 'text').map(({ bytes }) => new TextDecoder().decode(bytes))
  const rows = ADDRESSES.map((url, i) => {
    const quoted = texts[i % texts.length]!.slice(500, 800 + i * 50)
    return {
      url,
      text: `Number ${i} begins. ${quoted} And it ends.`,
      sha256: createHash('sha256').update(url).digest('hex'),
    }
  })
  const path = join(directory, 'rows.jsonl')
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'))
  const columns = { url: 'url', text: 'text', sha256: 'sha256' }
  const at = { directory: join(data, 'datasets'), now: Date.now() }
  return (await buildDatasetIndex({ name: 'Table', version: '1', inputs: [path], columns, ...at })).id
}

async function makeQueries(works: ExampleWork[]): Promise<CheckQuery[]> {
  const queries: CheckQuery[] = []
  for (const { bytes, fileName } of works) {
    // The text itself stays here: both are asked by its codes. Local features are not kept there.
    const { features: _, passageText: __, ...query } = queryOf(await identifyBytes(bytes, fileName))
    const { sha256: ___, ...alike } = query
    queries.push(query, alike)
  }
  const pictures = works.filter(({ medium }) => medium === 'picture')
  for (const film of [await movingPicture(pictures.slice(1)), await movingPicture(pictures.slice(0, 3), true)])
    queries.push(queryOf(await identifyBytes(film, 'film.webp')))
  // Most of a text, with another end: alike as a whole.
  for (const { bytes } of works.filter(({ medium }) => medium === 'text')) {
    const text = new TextDecoder().decode(bytes)
    const changed = text.slice(0, Math.floor(text.length * 0.93)) + text.slice(0, Math.floor(text.length * 0.07))
    const { textCode } = queryOf(await identifyBytes(new TextEncoder().encode(changed), 'text.txt'))
    queries.push({ textCode: textCode! })
  }
  for (const url of ADDRESSES) queries.push({ url }, { url: `${url}'` })
  for (const domain of ['example.org', 'ample.org', 'b.example.org', 'pictures.example.org', 'org', 'nowhere.example'])
    queries.push({ domain })
  for (const url of ADDRESSES) queries.push({ sha256: createHash('sha256').update(url).digest('hex') })
  return queries
}

/** What is searched there. */
const EVERY_KIND = ['exact-file', 'url', 'domain', 'near-picture', 'film', 'sound', 'near-text', 'passage']

async function compare(
  directory: string,
  engines: string[],
  queries: CheckQuery[],
  hitsMin: number,
  kindsMin: readonly string[] = [],
): Promise<number> {
  const here = openDatasetChecker(directory)
  const there = await openEngineChecker(engines, {})
  let hits = 0
  const kinds = new Set<string>()
  try {
    assert.deepEqual(there.list(), here.list())
    for (const query of queries) {
      const { hits: expected } = await here.check(query)
      assert.deepEqual(
        (await there.check(query)).hits.map(comparable),
        expected.map(comparable),
        JSON.stringify(query).slice(0, 200),
      )
      hits += expected.length
      for (const { match } of expected) kinds.add(match)
    }
    for (const { id, rowCount } of here.list())
      for (let row = 0; row <= rowCount; row++)
        assert.deepEqual(await there.readRow(id, row), await here.readRow(id, row), `row ${row} of ${id}`)
    assert.ok(hits >= hitsMin, `only ${hits} hits were compared`)
    for (const kind of kindsMin) assert.ok(kinds.has(kind), `no ${kind} was compared`)
  } finally {
    await here.close()
  }
  return queries.length
}

/** The engine gives codes, not the text around them; how long a passage is at least depends on the codes at its ends. */
function comparable({ dataset, datasetName, row, url, match, measure, stretch }: DatasetHit) {
  const about = { dataset, datasetName, row, url, match, stretch }
  return { ...about, measure: match === 'passage' ? Math.round(measure / 100) : measure }
}

/** Each data set in a database of its own: together they answer like one. */
async function checkTwoEngines(
  server: ChdbServer,
  engine: string,
  directory: string,
  ids: string[],
  queries: CheckQuery[],
): Promise<number> {
  const engines = ids.map((_, i) => engine.replace(/\w+$/, `colophon_part_${i}`))
  for (const [i, dataset] of ids.entries()) {
    server.query(`CREATE DATABASE colophon_part_${i}`)
    await pushToEngine(engines[i]!, {}, { directory, dataset })
  }
  return compare(directory, engines, queries, 20)
}

async function checkCommandLine(
  directory: string,
  data: string,
  engine: string,
  server: ChdbServer,
  work: ExampleWork,
) {
  const path = join(directory, work.fileName)
  writeFileSync(path, work.bytes)
  const run = (args: string[]) => colophon(data, args)
  const here = await run(['check', path, '--json'])
  const there = await run(['check', path, '--json', '--engine', engine])
  assert.equal(there.status, 0, there.output)
  // On one machine the text is at hand and lengths are exact; what is found, and where, is the same.
  const places = ({ output }: typeof here) =>
    (JSON.parse(output) as { hits: DatasetHit[] }).hits
      .filter(({ match }) => match !== 'part-of-picture')
      .map(({ dataset, row, match }) => ({ dataset, row, match }))
  assert.deepEqual(places(there), places(here))
  const pushed = await run(['index', 'push', 'folder-1', '--engine', engine])
  assert.match(pushed.output, /nothing was changed/)
  const wrong = await run(['check', path, '--engine', engine.replace(/tester:/, 'tester:x')])
  assert.equal(wrong.status, 2)
  assert.match(wrong.output, /not_authorised/)
  assert.ok(!wrong.output.includes(server.password) && !wrong.output.includes(encodeURIComponent(server.password)))
  assert.equal((await run(['check', path, '--engine', engine, '--index', directory])).status, 2)
  return 4
}

function colophon(data: string, args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['bin/colophon.mjs', ...args], { env: { ...process.env, DATA_DIR: data } })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, output })))
}

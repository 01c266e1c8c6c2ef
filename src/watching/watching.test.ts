import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addToDataset, buildDatasetIndex, deleteFromDataset, mergeDataset } from '../datasets/index.ts'
import { dataPath, sha256Hex, systemEffects, uuidV7 } from '../foundation/index.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../statements/index.ts'
import { state, stateCollection } from '../../tests/support/offeredWorks.ts'
import { caseInput } from '../../tests/support/caseInput.ts'
import { serveTestNode, type ServedNode } from '../../tests/support/testNode.ts'
import { findCase, listEvents, moveCase, openCase } from '../requests/index.ts'
import sharp from 'sharp'
import { exampleWorks } from '../../tests/support/exampleWorks.ts'
import { identifyBytes } from '../fingerprints/index.ts'
import { dropCodes, keepCodes } from './keptCodes.ts'
import { findFound } from './findFound.ts'
import { subscribe, tellSubscribers, type Digest } from './tell.ts'
import { watchOnce } from './watch.ts'

let served: ServedNode
const folder = mkdtempSync(join(tmpdir(), 'colophon-watch-'))
before(async () => (served = await serveTestNode({ withExample: false })))
after(async () => {
  await served.stop()
  rmSync(folder, { recursive: true, force: true })
})

const ann = newSigner()
const digestOf = (name: string) => sha256Hex(new TextEncoder().encode(name))

async function declare(title: string, fields: object): Promise<string> {
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const work = { type: 'Work', id, role: 'creator', title, medium: 'picture', access: 'public', ...fields }
  await appendStatement(served.node.register, signStatement(makeStatement(ann.issuer, [work], systemEffects), ann))
  return id
}

function table(name: string, rows: readonly { url: string; sha256: string; pdq: string }[]): string {
  const path = join(folder, name)
  writeFileSync(path, `url,sha256,pdq\n${rows.map(({ url, sha256, pdq }) => `${url},${sha256},${pdq}\n`).join('')}`)
  return path
}

const OTHER = { url: 'https://elsewhere.example/z', sha256: digestOf('z'), pdq: '0f'.repeat(32) }
const CODE = '3c5a'.repeat(16)

const COLUMNS = { url: 'url', sha256: 'sha256', pdq: 'pdq' }
const DAY = Date.UTC(2026, 10, 28)

async function index(name: string, path: string): Promise<string> {
  const directory = dataPath(served.config, 'datasets')
  return (await buildDatasetIndex({ directory, inputs: [path], name, version: '1', columns: COLUMNS, now: DAY })).id
}

let second: string
const look = () => watchOnce(served.node.register, served.node.datasets)
const findings = async () =>
  (await served.node.register.database.db.selectFrom('watch_finding').selectAll().orderBy('row_number').execute()).map(
    ({ work, dataset, row_number: row, kind, status }) => [work, dataset, Number(row), kind, status],
  )

test('works are found by file, address and picture, in new data sets and when they are new, each pair once', async () => {
  const one = await declare('One', { fingerprints: { sha256: digestOf('a') } })
  const first = await index(
    'first',
    table('first.csv', [
      { ...OTHER, sha256: digestOf('a') },
      OTHER,
      { ...OTHER, url: 'https://ann.example/b.jpg' },
      { ...OTHER, pdq: `${CODE.slice(0, 62)}5b` },
    ]),
  )
  assert.deepEqual(await look(), { compared: 1, parts: 0, found: 1, reopened: 0, damaged: [] })
  assert.deepEqual(await findings(), [[one, first, 0, 'exact-file', 'exact']])
  assert.deepEqual(await look(), { compared: 0, parts: 0, found: 0, reopened: 0, damaged: [] })
  const two = await declare('Two', { urls: ['https://ann.example/b.jpg'], fingerprints: { pdq: CODE } })
  assert.deepEqual(await look(), { compared: 1, parts: 0, found: 2, reopened: 0, damaged: [] })
  assert.deepEqual((await findings()).slice(1), [
    [two, first, 2, 'url', 'exact'],
    [two, first, 3, 'near-picture', 'aligned'],
  ])
  second = await index('second', table('second.csv', [OTHER, { ...OTHER, sha256: digestOf('a') }]))
  assert.deepEqual(await look(), { compared: 2, parts: 0, found: 1, reopened: 0, damaged: [] })
})

test('rows that are added are looked through alone, and what is deleted is not found', async () => {
  const datasets = dataPath(served.config, 'datasets')
  await declare('Three', { fingerprints: { sha256: digestOf('c') } })
  const more = table('more.csv', [
    { ...OTHER, sha256: digestOf('c') },
    { ...OTHER, sha256: digestOf('a') },
  ])
  await addToDataset({ directory: datasets, dataset: second, inputs: [more], columns: COLUMNS, now: DAY })
  await deleteFromDataset(datasets, second, [3])
  const run = await look()
  // Three works in the new part, and the new work in both old ones.
  assert.deepEqual([run.compared, run.found], [5, 1])
})

test('an address is told once a run, signed, of what is new; one that fails is told again', async () => {
  const told: { body: string; signature: string | undefined }[] = []
  let status = 500
  const site = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    told.push({ body, signature: request.headers['x-colophon-signature'] as string | undefined })
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => site.once('listening', ready))
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/hook`
  const { register } = served.node
  const tell = () => tellSubscribers(register, 'https://node.example', { allowPrivate: true })
  try {
    const { secret } = await subscribe(register, { party: ann.issuer, url }, { allowPrivate: true })
    assert.deepEqual(await tell(), { told: 0, failed: 0 })
    await declare('Four', { fingerprints: { sha256: digestOf('z') } })
    assert.equal((await look()).found, 4)
    assert.deepEqual(await tell(), { told: 0, failed: 1 })
    status = 204
    assert.deepEqual(await tell(), { told: 1, failed: 0 })
    assert.deepEqual(await tell(), { told: 0, failed: 0 })
    assert.equal(told.length, 2)
    const digest = JSON.parse(told[1]!.body) as Digest
    assert.deepEqual([digest.works, digest.places, digest.found.length], [1, 4, 4])
    assert.match(digest.says, /never “trained”/)
    assert.equal(told[1]!.signature, `sha256=${createHmac('sha256', secret).update(told[1]!.body).digest('hex')}`)
    // Nothing inside the network of the node is reached unless its operator says so.
    await declare('Five', { fingerprints: { sha256: digestOf('a') } })
    await look()
    assert.deepEqual(await tellSubscribers(register, 'https://node.example'), { told: 0, failed: 1 })
    assert.equal(told.length, 2)
  } finally {
    site.close()
  }
  for (const url of ['file:///etc/passwd', 'http://127.0.0.1:8080/', 'http://[::1]/', 'https://a:b@example.org/'])
    await assert.rejects(subscribe(register, { party: ann.issuer, url }), { code: 'url_refused' }, url)
})

test('a case that ended is opened again when its row stands in another version, and by nothing else', async () => {
  const { register } = served.node
  const { db } = register.database
  const codes = { sha256: digestOf('a') }
  const { hits } = await served.node.datasets.check(codes)
  const hit = hits.find(({ datasetName }) => datasetName === 'first')!
  const { id } = await openCase(register, served.node.signer, caseInput, {
    hit,
    row: null,
    codes,
    foundAt: '2026-11-28T00:00:00.000Z',
  })
  const stateOf = async () => (await findCase(db, id))!.state
  await index('other', table('other.csv', [{ ...OTHER, sha256: digestOf('a') }]))
  for (const state of ['sent', 'removed'] as const) await moveCase(register, id, state, '')
  assert.equal((await look()).reopened, 0)
  assert.equal(await stateOf(), 'removed')
  const directory = dataPath(served.config, 'datasets')
  const later = table('later.csv', [OTHER, { ...OTHER, sha256: digestOf('a') }])
  await buildDatasetIndex({ directory, inputs: [later], name: 'first', version: '2', columns: COLUMNS, now: DAY })
  assert.equal((await look()).reopened, 1)
  assert.equal(await stateOf(), 'reopened')
  assert.equal((await look()).reopened, 0)
})

test('a case is opened again for a changed copy, and in the same data set for rows that came later, and for no others', async () => {
  const { register } = served.node
  const directory = dataPath(served.config, 'datasets')
  const build = (version: string, pdq: string) =>
    buildDatasetIndex({
      directory,
      inputs: [
        table(`again-${version}.csv`, [OTHER, { url: 'https://again.example/p', sha256: digestOf(version), pdq }]),
      ],
      name: 'again',
      version,
      columns: COLUMNS,
      now: DAY,
    })
  const first = await build('1', CODE)
  const rowOf = async () => (await served.node.datasets.check({ sha256: digestOf('1') })).hits[0]!
  const endedCase = async () => {
    const codes = { sha256: digestOf('1'), pdq: CODE }
    const found = { hit: await rowOf(), row: null, codes, foundAt: '2026-11-28T00:00:00.000Z' }
    const { id } = await openCase(register, served.node.signer, caseInput, found, [], 2)
    for (const state of ['sent', 'removed'] as const) await moveCase(register, id, state, '')
    return id
  }
  const lastNote = async (id: string) => (await listEvents(register.database.db, id)).at(-1)!.note
  const id = await endedCase()
  await look()
  assert.equal((await findCase(register.database.db, id))!.state, 'removed', 'the row that the case is about')
  const more = table('again-more.csv', [{ url: 'https://again.example/q', sha256: digestOf('q'), pdq: OTHER.pdq }])
  const adding = { directory, dataset: first.id, columns: COLUMNS, now: DAY }
  await addToDataset({ ...adding, inputs: [more] })
  await mergeDataset(directory, first.id)
  assert.equal((await look()).reopened, 0, 'the row that it is about, in a part that is merged')
  const changed = `${CODE.slice(0, 62)}5b`
  const back = table('again-back.csv', [{ url: 'https://again.example/r', sha256: digestOf('r'), pdq: changed }])
  await addToDataset({ ...adding, inputs: [back] })
  assert.equal((await look()).reopened, 1)
  assert.match(await lastNote(id), /again, version 1, row 3: a picture that differs in 1 of 256 bits; compare them/)
  await moveCase(register, id, 'closed', '')
  await mergeDataset(directory, first.id)
  assert.equal((await look()).reopened, 0, 'whoever has closed it is not asked again for the same row')
  await build('2', changed)
  assert.equal((await look()).reopened, 1)
  assert.match(await lastNote(id), /again, version 2, row 1: the same address$/)
})

test('parts of works are looked for where their codes are kept, in what comes later too, and not once they are dropped', async () => {
  const { register, datasets } = served.node
  const { db } = register.database
  const whole = (await exampleWorks()).find(({ fileName }) => fileName === 'allium-oreophilum.jpg')!
  const found = await identifyBytes(whole.bytes, whole.fileName)
  const { width, height } = await sharp(whole.bytes).metadata()
  const files = mkdtempSync(join(folder, 'crops-'))
  const crop = { left: Math.floor(width / 5), top: Math.floor(height / 5) }
  const size = { width: Math.floor(width * 0.7), height: Math.floor(height * 0.7) }
  await sharp(whole.bytes)
    .extract({ ...crop, ...size })
    .jpeg({ quality: 90 })
    .toFile(join(files, 'crop.jpg'))
  await assert.rejects(keepCodes(register, ann.issuer, found), { code: 'not_found' }, 'nobody has declared it')
  const work = await declare('Allium', { fingerprints: { sha256: found.codes.sha256 } })
  await assert.rejects(keepCodes(register, newSigner().issuer, found), { code: 'not_found' }, 'it is somebody else’s')
  const directory = dataPath(served.config, 'datasets')
  const set = { directory, inputs: [files], name: 'crops', columns: {}, now: DAY }
  const first = await buildDatasetIndex({ ...set, version: '1' })
  const places = async () => (await findings()).filter(([id]) => id === work).map(([, id, , kind]) => [id, kind])
  await look()
  assert.deepEqual(await places(), [])
  assert.equal(await keepCodes(register, ann.issuer, found), 1)
  assert.equal((await look()).found, 1)
  assert.deepEqual(await places(), [[first.id, 'part-of-picture']])
  const [kept] = await db.selectFrom('watch_kept').select('codes').execute()
  assert.ok(kept!.codes.length < 200_000)
  const check = datasets.check
  let asked = 0
  datasets.check = (query) => (asked++, check(query))
  try {
    await look()
    assert.equal(asked, 0, 'what was looked through is not looked through again')
    const second = await buildDatasetIndex({ ...set, version: '2' })
    await look()
    assert.deepEqual(new Set((await places()).map(([id]) => id)), new Set([first.id, second.id]))
    await dropCodes(db, ann.issuer)
    await buildDatasetIndex({ ...set, version: '3' })
    await look()
    assert.deepEqual([asked, (await places()).length], [1, 2])
  } finally {
    datasets.check = check
  }
  const words = await identifyBytes(new Uint8Array([0, 1, 2, 254]), 'data.bin')
  await assert.rejects(keepCodes(register, ann.issuer, words), { code: 'invalid_input' })
})

test('a damaged data set stops the watching of no other, and is asked again', async () => {
  const hurt = await index('hurt', table('hurt.csv', [{ ...OTHER, sha256: digestOf('d') }]))
  const well = await index('well', table('well.csv', [{ ...OTHER, sha256: digestOf('d') }]))
  const work = await declare('Dawn', { fingerprints: { sha256: digestOf('d') } })
  const path = join(dataPath(served.config, 'datasets'), hurt, 'part-000001', 'rows.parquet')
  const sound = readFileSync(path)
  writeFileSync(path, sound.subarray(0, sound.length - 9))
  assert.deepEqual((await look()).damaged, [hurt])
  const places = async () => (await findings()).filter(([id]) => id === work).map(([, set]) => set)
  assert.deepEqual(await places(), [well])
  writeFileSync(path, sound)
  assert.deepEqual((await look()).damaged, [])
  assert.deepEqual((await places()).sort(), [hurt, well])
})

test('what a community keeps is shown to nobody while it keeps it, whenever it was found', async () => {
  const { register } = served.node
  const people = newSigner()
  const say = (...subjects: object[]) =>
    appendStatement(register, signStatement(makeStatement(people.issuer, subjects as never, systemEffects), people))
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  await say(
    { type: 'Party', id: people.issuer, kind: 'community', name: 'People of the harbour', keys: [] },
    {
      type: 'Work',
      id,
      role: 'custodian',
      title: 'Song',
      medium: 'text',
      access: 'public',
      fingerprints: { sha256: digestOf('a') },
    },
  )
  await look()
  const shown = () => findFound(register, { party: people.issuer, limit: 10 })
  const before = await shown()
  assert.ok(before.places > 0 && before.found.length === before.places)
  const { statement } = await say({ type: 'Label', target: { kind: 'work', id }, code: 'tkss' })
  assert.deepEqual(await shown(), { works: 0, places: 0, found: [] })
  assert.doesNotMatch(await (await fetch(`${served.url}/parties/${people.issuer}/found.atom`)).text(), /Song/)
  const tomorrow = Date.now() + 86_400_000
  await say({ type: 'Revocation', target: statement.id, effectiveFrom: new Date(tomorrow).toISOString() })
  const later = { ...register, effects: { ...register.effects, now: () => tomorrow + 1000 } }
  assert.equal((await findFound(later, { party: people.issuer, limit: 10 })).places, before.places)
})

test('what is taken back, an item of a collection too, is looked for no more, and what was found is not shown', async () => {
  const { node } = served
  const gil = newSigner()
  const [set, at] = [`urn:uuid:${uuidV7(systemEffects)}`, new Date().toISOString()]
  const works = ['a', 'a'].map((name, i) => ({
    title: `Item ${i}`,
    medium: 'picture' as const,
    fingerprints: { sha256: digestOf(name) },
  }))
  const declared = await stateCollection(node, gil, set, 'Set', works)
  const shown = async () =>
    [
      ...new Set((await findFound(node.register, { party: gil.issuer, limit: 50 })).found.map(({ title }) => title)),
    ].sort()
  await look()
  assert.deepEqual(await shown(), ['Item 0', 'Item 1'])
  await state(node.register, gil, { type: 'ItemWithdrawal', collection: set, items: [0] } as { type: string })
  assert.deepEqual(await shown(), ['Item 1'])
  const all = (await node.register.database.db.selectFrom('work').select('id').execute()).length
  await index('third', table('third.csv', [{ ...OTHER, sha256: digestOf('a') }]))
  assert.equal((await look()).compared, all - 1)
  await state(node.register, gil, { type: 'Revocation', target: declared, effectiveFrom: at } as { type: string })
  assert.deepEqual(await shown(), [])
})

test('a page and a feed show it, and say that it proves no training', async () => {
  const who = { type: 'Party', id: ann.issuer, kind: 'person', name: 'Ann <b>', keys: [] }
  await appendStatement(served.node.register, signStatement(makeStatement(ann.issuer, [who], systemEffects), ann))
  const page = await (await fetch(`${served.url}/parties/${ann.issuer}/found`)).text()
  assert.match(page, /works found in \d+ places of data sets/)
  assert.match(page, /first, version 1, row 0/)
  const feed = await fetch(`${served.url}/parties/${ann.issuer}/found.atom`)
  assert.match(feed.headers.get('content-type')!, /^application\/atom\+xml/)
  const xml = await feed.text()
  const { found } = await findFound(served.node.register, { party: ann.issuer, limit: 200 })
  assert.equal(xml.match(/<entry>/g)?.length, new Set(found.map(({ run }) => run)).size)
  assert.equal((await fetch(`${served.url}/parties/did:key:zNobody/found`)).status, 404)
})

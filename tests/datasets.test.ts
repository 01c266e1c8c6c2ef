import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import sharp from 'sharp'
import type { ExampleWork } from '../examples/works/index.ts'
import { exampleWorks } from './support/exampleWorks.ts'
import {
  addToDataset,
  buildDatasetIndex,
  mergeDataset,
  openDatasetChecker,
  queryOf,
  repairDataset,
  type IndexOptions,
} from '../src/datasets/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { ColophonError } from '../src/foundation/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-datasets-'))
const indexes = join(directory, 'indexes')
let works: ExampleWork[]
before(async () => (works = await exampleWorks()))
after(() => rmSync(directory, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const build = (options: Partial<IndexOptions>) =>
  buildDatasetIndex({ name: 'Set', version: '1', inputs: [], columns: {}, directory: indexes, now: 0, ...options })

test('a folder of files is indexed, and exact, near and quoted copies are found and nothing else', async () => {
  const picture = works.find(({ fileName }) => fileName === 'march-pastoral.jpg')!
  const text = works.find(({ fileName }) => fileName === 'udhr-el.txt')!
  const folder = mkdtempSync(join(directory, 'folder-'))
  writeFileSync(join(folder, 'same.jpg'), picture.bytes)
  writeFileSync(
    join(folder, 'turned.jpg'),
    await sharp(picture.bytes).rotate(90).resize(400).jpeg({ quality: 60 }).toBuffer(),
  )
  writeFileSync(join(folder, 'other.jpg'), works.find(({ fileName }) => fileName === 'black-canyon.jpg')!.bytes)
  const greek = new TextDecoder().decode(text.bytes)
  writeFileSync(join(folder, 'quote.txt'), `Ένας ${greek.slice(900, 1200).toUpperCase()} τέλος`)
  writeFileSync(join(folder, 'broken.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0]))
  const info = await build({ name: 'Folder', inputs: [folder] })
  assert.deepEqual([info.rowCount, info.counts.unreadable], [4, 1])
  const checker = openDatasetChecker(indexes)
  const { hits: pictures } = await checker.check(queryOf(await identifyBytes(picture.bytes, 'x')))
  assert.deepEqual(
    pictures.map(({ match, url }) => [match, url]),
    [
      ['exact-file', 'same.jpg'],
      ['near-picture', 'turned.jpg'],
    ],
  )
  const { hits: quotes } = await checker.check(queryOf(await identifyBytes(text.bytes, 'x')))
  assert.deepEqual(
    quotes.map(({ match, url }) => [match, url]),
    [['passage', 'quote.txt']],
  )
  assert.ok(quotes[0]!.measure > 200 && quotes[0]!.excerpt!.length > 50)
  assert.deepEqual((await checker.check(queryOf(await identifyBytes(works.at(-1)!.bytes, 'x')))).hits, [])
  await checker.close()
})

test('CSV, JSONL and Parquet give the same rows, whatever stands in the cells', async () => {
  const rows = [
    { address: 'https://a.example/x', words: '=HYPERLINK("https://evil.example")' },
    { address: 'https://b.a.example/y', words: 'it\'s "quoted", with commas\nand lines' },
    { address: 'https://other.example/z', words: '' },
  ]
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const csv = file(
    'rows.csv',
    `address,words\n${rows.map(({ address, words }) => `${cell(address)},${cell(words)}`).join('\n')}\n`,
  )
  const jsonl = file('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'))
  const columns = { url: 'address', text: 'words' }
  await build({ name: 'As CSV', inputs: [csv], columns })
  const { id } = await build({ name: 'As JSONL', inputs: [jsonl], columns })
  await build({
    name: 'As Parquet',
    inputs: [join(indexes, id, 'part-000001', 'rows.parquet')],
    columns: { url: 'url', text: 'text' },
  })
  const checker = openDatasetChecker(indexes)
  const { hits } = await checker.check({ domain: 'a.example', url: 'https://other.example/z' })
  for (const name of ['As CSV', 'As JSONL', 'As Parquet']) {
    const own = hits.filter(({ datasetName }) => datasetName === name)
    assert.deepEqual(
      own.map(({ match, row, measure }) => [match, row, measure]),
      [
        ['url', 2, 0],
        ['domain', 0, 2],
      ],
      name,
    )
    assert.equal((await checker.readRow(own[0]!.dataset, 0))!.text, rows[0]!.words)
  }
  await checker.close()
})

test('hashes kept as bytes are found, and a table with an irregular line says which', async () => {
  const parquet = join(directory, 'hashes.parquet')
  const duckdb = await DuckDBInstance.create()
  const connection = await duckdb.connect()
  const sha256 = 'ab'.repeat(32)
  await connection.run(`COPY (SELECT unhex('${sha256}') AS digest, 'https://b.example/1' AS address) TO '${parquet}'`)
  connection.closeSync()
  await build({ name: 'Bytes', inputs: [parquet], columns: { url: 'address', sha256: 'digest' } })
  const checker = openDatasetChecker(indexes)
  const { hits } = await checker.check({ sha256 })
  assert.deepEqual(
    hits.map(({ match, url }) => [match, url]),
    [['exact-file', 'https://b.example/1']],
  )
  await checker.close()
  const ragged = file('ragged.csv', `a,b\n${'1,2\n'.repeat(40)}1,2,3\n`)
  await assert.rejects(
    build({ name: 'Ragged', inputs: [ragged], columns: { url: 'a' } }),
    (error: ColophonError) => error.code === 'dataset_invalid' && /line/i.test(error.message),
  )
})

test('wrong input is refused with its code and leaves nothing behind', async () => {
  const csv = file('plain.csv', 'a,b\n1,2\n')
  const refuses = (code: string, options: Partial<IndexOptions>) =>
    assert.rejects(build(options), (error: ColophonError) => error.code === code)
  await refuses('unreadable_file', { inputs: [join(directory, 'missing.csv')], columns: { url: 'a' } })
  await refuses('usage', { inputs: [csv] })
  await refuses('usage', { inputs: [file('x.xlsx', 'x')], columns: { url: 'a' } })
  await refuses('usage', { inputs: [csv], columns: { url: 'a' }, name: '…' })
  await refuses('dataset_invalid', { inputs: [csv], columns: { url: 'no such" column' } })
  await refuses('dataset_invalid', { inputs: [file('broken.parquet', 'PAR1 no')], columns: { url: 'a' } })
  await build({ name: 'Once', inputs: [csv], columns: { url: 'a' } })
  await refuses('dataset_exists', { name: 'Once', inputs: [csv], columns: { url: 'a' } })
  assert.ok(
    readdirSync(indexes)
      .filter((name) => name !== '.locks')
      .every((name) => !name.startsWith('.')),
  )
})

test('rows that are added are found beside the old ones, and merging changes nothing that is found', async () => {
  const pictures = works.filter(({ medium }) => medium === 'picture').slice(0, 4)
  const [greek, sound] = ['text', 'sound'].map((medium) => works.find((work) => work.medium === medium)!)
  const frames = await Promise.all(
    pictures.map(({ bytes }) => sharp(bytes).resize(200, 150, { fit: 'fill' }).toBuffer()),
  )
  const animated = await sharp(frames, { join: { animated: true } })
    .webp({ delay: [500, 500, 500, 500], loop: 0 })
    .toBuffer()
  const folderOf = (files: Record<string, Uint8Array>) => {
    const folder = mkdtempSync(join(directory, 'part-'))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    return folder
  }
  const first = folderOf({ 'a.jpg': pictures[0]!.bytes, 'b.txt': greek!.bytes })
  const { id } = await build({ name: 'Grown', inputs: [first] })
  const checker = openDatasetChecker(indexes)
  const found = async () => {
    const answers = []
    for (const work of [...pictures, greek!, sound!]) {
      const { hits } = await checker.check(queryOf(await identifyBytes(work.bytes, work.fileName)))
      answers.push(hits.filter(({ dataset }) => dataset === id).map(({ match, row, url }) => [match, row, url]))
    }
    const { hits } = await checker.check({
      ...queryOf(await identifyBytes(new Uint8Array(animated), 'x')),
      sha256: '0'.repeat(64),
    })
    answers.push(
      hits.filter(({ dataset }) => dataset === id).map(({ match, row, url, stretch }) => [match, row, url, stretch]),
    )
    return answers
  }
  const before = await found()
  assert.deepEqual(before[0], [['exact-file', 0, 'a.jpg']])
  assert.deepEqual(before[1], [])
  const second = folderOf({ 'c.webp': animated, 'd.wav': sound!.bytes, 'e.jpg': pictures[1]!.bytes })
  const adding = { dataset: id, inputs: [second], columns: {}, directory: indexes, now: 1 }
  const both = [addToDataset(adding), addToDataset(adding)]
  await assert.rejects(both[1]!, (error: ColophonError) => error.code === 'dataset_locked')
  assert.equal((await both[0]!).rowCount, 5)
  const grown = await found()
  assert.deepEqual(grown[1], [
    ['exact-file', 4, 'e.jpg'],
    ['near-picture', 2, 'c.webp'],
  ])
  assert.deepEqual(grown[5], [['exact-file', 3, 'd.wav']])
  assert.deepEqual(grown[6]!.find(([match]) => match === 'film')!.slice(0, 3), ['film', 2, 'c.webp'])
  const merged = await mergeDataset(indexes, id)
  assert.deepEqual([merged.rowCount, merged.parts.length], [5, 1])
  assert.deepEqual(await found(), grown)
  await assert.rejects(
    addToDataset({ ...adding, dataset: 'nowhere-1' }),
    (error: ColophonError) => error.code === 'not_found',
  )
  await checker.close()
})

test('damage is found and written anew from the rows; what needs the files is named as lost', async () => {
  const picture = works.find(({ medium }) => medium === 'picture')!
  const text = works.find(({ fileName }) => fileName === 'udhr-el.txt')!
  const folder = mkdtempSync(join(directory, 'damaged-'))
  writeFileSync(join(folder, 'a.jpg'), picture.bytes)
  writeFileSync(join(folder, 'b.txt'), text.bytes)
  const { id } = await build({ name: 'Hurt', inputs: [folder] })
  const query = queryOf(
    await identifyBytes(new TextEncoder().encode(new TextDecoder().decode(text.bytes).slice(300, 900)), 'x'),
  )
  const found = async () => {
    const checker = openDatasetChecker(indexes)
    const { hits } = await checker.check(query).finally(() => checker.close())
    return hits.filter(({ dataset }) => dataset === id).map(({ match, row }) => [match, row])
  }
  const unasked = async () => {
    const checker = openDatasetChecker(indexes)
    return (await checker.check(query).finally(() => checker.close())).unasked.map(({ dataset }) => dataset)
  }
  const before = await found()
  assert.deepEqual(before, [['passage', 1]])
  assert.deepEqual((await repairDataset(indexes, id)).rebuilt, [])
  for (const [name, harm] of [
    ['passages', (path: string) => truncateSync(path, 100)],
    ['pdq', (path: string) => rmSync(path)],
    ['features', (path: string) => truncateSync(path, 10)],
  ] as const)
    harm(join(indexes, id, 'part-000001', name, '000001.segment'))
  assert.deepEqual(await found(), [])
  assert.deepEqual(await unasked(), [id])
  const { rebuilt, lost } = await repairDataset(indexes, id)
  assert.deepEqual(rebuilt.sort(), ['part-000001/passages', 'part-000001/pdq', 'part-000001/texts'])
  assert.deepEqual(lost, ['part-000001/features'])
  assert.deepEqual(await found(), before)
  assert.deepEqual((await repairDataset(indexes, id)).lost, [])
  assert.deepEqual(await unasked(), [])
})

test('a data set that is damaged is named, and all others answer', async () => {
  const picture = works.find(({ medium }) => medium === 'picture')!
  const folder = mkdtempSync(join(directory, 'torn-'))
  writeFileSync(join(folder, 'a.jpg'), picture.bytes)
  const { id, parts } = await build({ name: 'Torn', inputs: [folder] })
  const { id: other } = await build({ name: 'Whole', inputs: [folder] })
  const query = queryOf(await identifyBytes(picture.bytes, 'x'))
  const ask = async () => {
    const checker = openDatasetChecker(indexes)
    const { hits, unasked } = await checker.check(query).finally(() => checker.close())
    const sets = new Set(hits.map(({ dataset }) => dataset))
    return [sets.has(id), sets.has(other), unasked.filter(({ dataset }) => dataset === id)] as const
  }
  assert.deepEqual(await ask(), [true, true, []])
  const rows = join(indexes, id, parts[0]!.directory, 'rows.parquet')
  const sound = readFileSync(rows)
  truncateSync(rows, sound.length - 20)
  const [isFound, isOtherFound, [named]] = await ask()
  assert.deepEqual([isFound, isOtherFound], [false, true])
  assert.match(named!.why, /rows cannot be read/)
  assert.deepEqual((await repairDataset(indexes, id)).lost, [`${parts[0]!.directory}/rows.parquet`])
  writeFileSync(rows, sound)
  assert.deepEqual(await ask(), [true, true, []])
  const info = join(indexes, id, 'dataset.json')
  const text = readFileSync(info)
  truncateSync(info, 30)
  utimesSync(indexes, new Date(), new Date())
  const [, stillFound, [unread]] = await ask()
  assert.deepEqual([stillFound, unread?.name], [true, id])
  await assert.rejects(repairDataset(indexes, id), { code: 'dataset_invalid' })
  writeFileSync(info, text)
  rmSync(join(indexes, id), { recursive: true })
  rmSync(join(indexes, other), { recursive: true })
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { exampleWorks } from './support/exampleWorks.ts'
import {
  addToDataset,
  buildDatasetIndex,
  deleteFromDataset,
  mergeDataset,
  openDatasetChecker,
  queryOf,
  repairDataset,
  type CheckQuery,
  type DatasetChecker,
  type DatasetInfo,
} from '../src/datasets/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { ColophonError } from '../src/foundation/index.ts'
import { seededRandom } from './support/faultyFiles.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-deleted-'))
const indexes = join(directory, 'indexes')
let files: Record<'picture' | 'text' | 'sound' | 'film', Uint8Array>

before(async () => {
  const works = await exampleWorks()
  const bytesOf = (named: string) => works.find(({ fileName }) => fileName === named)!.bytes
  const pictures = works.filter(({ medium }) => medium === 'picture').slice(0, 4)
  const frames = await Promise.all(
    pictures.map(({ bytes }) => sharp(bytes).resize(200, 150, { fit: 'fill' }).toBuffer()),
  )
  const film = sharp(frames, { join: { animated: true } }).webp({ delay: [500, 500, 500, 500], loop: 0 })
  files = {
    picture: bytesOf('march-pastoral.jpg'),
    text: bytesOf('udhr-el.txt'),
    sound: works.find(({ medium }) => medium === 'sound')!.bytes,
    film: new Uint8Array(await film.toBuffer()),
  }
})
after(() => rmSync(directory, { recursive: true, force: true }))

/** What is asked of each kind of index, and whether the exact hash is asked for. */
async function questions(): Promise<Record<string, CheckQuery>> {
  const asked: Record<string, CheckQuery> = {}
  for (const [name, bytes] of Object.entries(files)) {
    const { sha256, ...content } = queryOf(await identifyBytes(bytes, name))
    asked[`hash of ${name}`] = { sha256: sha256! }
    asked[name] = content
  }
  const { width, height } = await sharp(files.picture).metadata()
  const part = { left: width >> 2, top: height >> 2, width: width >> 1, height: height >> 1 }
  const crop = new Uint8Array(await sharp(files.picture).extract(part).jpeg().toBuffer())
  const { features } = queryOf(await identifyBytes(crop, 'crop'))
  asked.crop = { features: features! }
  asked.address = { url: 'a.jpg' }
  return asked
}

test('rows that were deleted are found by no kind of index any more, before and after a merge; all others are', async () => {
  const folderOf = (contents: Record<string, Uint8Array>) => {
    const folder = mkdtempSync(join(directory, 'folder-'))
    for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(folder, name), bytes)
    return folder
  }
  const first = folderOf({ 'a.jpg': files.picture, 'b.jpg': files.picture, 'c.txt': files.text, 'd.txt': files.text })
  const second = folderOf({ 'e.wav': files.sound, 'f.wav': files.sound, 'g.webp': files.film, 'h.webp': files.film })
  const rest = { columns: {}, directory: indexes, now: 0 }
  const { id } = await buildDatasetIndex({ ...rest, name: 'Doubled', version: '1', inputs: [first] })
  await addToDataset({ ...rest, dataset: id, inputs: [second] })
  const checker = openDatasetChecker(indexes)
  const asked = await questions()
  const found = async () => {
    const answers: Record<string, [string, number][]> = {}
    for (const [name, query] of Object.entries(asked))
      answers[name] = (await checker.check(query)).hits.map(({ match, row }) => [match, row])
    const { passages } = asked.text!
    const few = {
      high: passages!.high.slice(0, 1),
      low: passages!.low.slice(0, 1),
      offset: passages!.offset.slice(0, 1),
    }
    answers.seeds = (await checker.passageSeeds(few)).map(({ row }) => ['seed', row])
    return answers
  }
  const all = await found()
  const kinds = new Set(Object.values(all).flatMap((hits) => hits.map(([match]) => match)))
  for (const kind of [
    'exact-file',
    'near-picture',
    'part-of-picture',
    'film',
    'sound',
    'passage',
    'near-text',
    'url',
    'seed',
  ])
    assert.ok(kinds.has(kind), `nothing was found as ${kind}`)
  const gone = [0, 2, 4, 6]
  const { info, deletedNow, unknown } = await deleteFromDataset(indexes, id, gone)
  assert.deepEqual([deletedNow, unknown, info.rowCount, info.deletedCount], [4, [], 4, 4])
  assert.deepEqual([info.counts.sha256, info.counts.text, info.counts.pdq], [4, 1, 2])
  const kept = Object.fromEntries(
    Object.entries(all).map(([name, hits]) => [name, hits.filter(([, row]) => !gone.includes(row))]),
  )
  assert.notDeepEqual(kept, all)
  const noneIsThere = async () => {
    assert.deepEqual(await found(), kept)
    for (let row = 0; row < 8; row++) {
      assert.equal((await checker.readRow(id, row)) !== undefined, !gone.includes(row), `row ${row}`)
      assert.equal((await checker.readPreview(id, row)) !== undefined, [1, 7].includes(row), `preview of row ${row}`)
    }
  }
  await noneIsThere()
  rmSync(join(indexes, id, 'part-000001', 'pdq', '000001.segment'))
  await repairDataset(indexes, id)
  await noneIsThere()
  const merged = await mergeDataset(indexes, id)
  assert.deepEqual([merged.rowCount, merged.parts.length, merged.deleted, merged.deletedCount], [4, 1, undefined, 4])
  assert.deepEqual(merged.counts, { ...info.counts, parts: 2, sounds: 1, films: 1, previews: 3 })
  await noneIsThere()
  await checker.close()
})

function table(name: string, numbers: readonly number[]): string {
  const path = join(directory, name)
  writeFileSync(path, `address\n${numbers.map((number) => `https://h${number % 2}.example/${number}`).join('\n')}\n`)
  return path
}

const rowsOf = (inputs: string[]) => ({ inputs, columns: { url: 'address' }, directory: indexes, now: 0 })

async function domainCount(checker: DatasetChecker, dataset: string, domain: string): Promise<number> {
  const { hits } = await checker.check({ domain })
  return hits.find((hit) => hit.dataset === dataset)?.measure ?? 0
}

test('unknown rows are told, numbers are not used again, and all rows of a data set can be deleted', async () => {
  const { id } = await buildDatasetIndex({
    ...rowsOf([table('ten.csv', [...Array(10).keys()])]),
    name: 'Ten',
    version: '1',
  })
  const checker = openDatasetChecker(indexes)
  assert.equal(await domainCount(checker, id, 'h1.example'), 5)
  const nothing = await deleteFromDataset(indexes, id, [10, 1e12])
  assert.deepEqual([nothing.deletedNow, nothing.unknown, nothing.unknownCount], [0, [10, 1e12], 2])
  assert.deepEqual(
    nothing.info,
    checker.list().find((info) => info.id === id),
  )
  const some = await deleteFromDataset(indexes, id, [9, 9, 7, 99])
  assert.deepEqual([some.deletedNow, some.unknown, some.info.rowCount], [2, [99], 8])
  const again = await deleteFromDataset(indexes, id, [9, 5])
  assert.deepEqual([again.deletedNow, again.unknown, again.info.deletedCount], [1, [9], 3])
  assert.equal(await domainCount(checker, id, 'h1.example'), 2)
  await mergeDataset(indexes, id)
  const grown = await addToDataset({ ...rowsOf([table('more.csv', [11, 13])]), dataset: id })
  assert.deepEqual([grown.rowCount, grown.parts.map(({ base }) => base)], [9, [0, 10]])
  assert.equal((await checker.readRow(id, 10))!.url, 'https://h1.example/11')
  assert.deepEqual((await deleteFromDataset(indexes, id, [9])).unknown, [9])
  const empty = await deleteFromDataset(indexes, id, [...Array(12).keys()])
  assert.deepEqual([empty.deletedNow, empty.info.rowCount, empty.info.counts.url], [9, 0, 0])
  const merged = await mergeDataset(indexes, id)
  assert.deepEqual([merged.rowCount, merged.counts.url], [0, 0])
  assert.equal(await domainCount(checker, id, 'h0.example'), 0)
  assert.deepEqual((await addToDataset({ ...rowsOf([table('last.csv', [2])]), dataset: id })).parts.at(-1)!.base, 12)
  assert.equal(await domainCount(checker, id, 'h0.example'), 1)
  await assert.rejects(
    deleteFromDataset(indexes, 'nowhere-1', [1]),
    (error: ColophonError) => error.code === 'not_found',
  )
  await checker.close()
})

test('whoever asks while rows are deleted gets the answer of before or after, at once', async () => {
  const numbers = [...Array(2000).keys()]
  const { id } = await buildDatasetIndex({ ...rowsOf([table('many.csv', numbers)]), name: 'Asked', version: '1' })
  const checker = openDatasetChecker(indexes)
  const counts = new Set<number>()
  let isDone = false
  const asking = (async () => {
    while (!isDone) counts.add(await domainCount(checker, id, 'h1.example'))
  })()
  for (let step = 0; step < 5; step++) {
    const rows = numbers.filter(
      (number) => number % 2 === 1 && number >> 1 >= step * 100 && number >> 1 < step * 100 + 100,
    )
    assert.equal((await deleteFromDataset(indexes, id, rows)).deletedNow, 100)
    assert.equal(await domainCount(checker, id, 'h1.example'), 900 - step * 100)
  }
  await mergeDataset(indexes, id)
  isDone = true
  await asking
  for (const count of counts) assert.ok(count % 100 === 0 && count >= 500, `${count} rows are no state of the data set`)
  assert.ok(counts.size > 1)
  await checker.close()
})

/** Deletes one row after the other and says each out loud when it is deleted. */
const DELETER = `
import { deleteFromDataset, mergeDataset } from ${JSON.stringify(new URL('../src/datasets/index.ts', import.meta.url).href)}
const [folder, id, from] = process.env.WHERE.split('|')
for (let row = Number(from); row < 2000; row++) {
  await deleteFromDataset(folder, id, [row])
  process.stdout.write(row + '\\n')
  if (row % 5 === 4) await mergeDataset(folder, id)
}
`

test('kill -9 while rows are deleted and merged leaves the last complete state', async () => {
  const numbers = [...Array(2000).keys()]
  const { id } = await buildDatasetIndex({ ...rowsOf([table('killed.csv', numbers)]), name: 'Killed', version: '1' })
  const random = seededRandom(7)
  let next = 0
  for (let run = 0; run < 6; run++) {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', DELETER],
      { env: { ...process.env, WHERE: [indexes, id, next].join('|') }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let said = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), random() * 400)
      said += text
    })
    await new Promise((resolve) => child.once('close', resolve))
    const acknowledged = Number(said.split('\n').at(-2))
    const checker = openDatasetChecker(indexes)
    const info: DatasetInfo = checker.list().find((each) => each.id === id)!
    const remaining = (await domainCount(checker, id, 'h0.example')) + (await domainCount(checker, id, 'h1.example'))
    assert.equal(remaining, info.rowCount)
    assert.equal(info.rowCount + info.deletedCount!, 2000)
    assert.equal(await checker.readRow(id, acknowledged), undefined)
    // One more may be deleted than was said out loud.
    assert.ok([acknowledged + 1, acknowledged + 2].includes(info.deletedCount!))
    next = info.deletedCount!
    await checker.close()
  }
  assert.ok(next >= 6)
})

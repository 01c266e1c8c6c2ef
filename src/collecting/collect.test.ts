import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ColophonError } from '../foundation/index.ts'
import { collect, type Batch } from './collect.ts'
import { openTableFile } from './tables/openTableFile.ts'
import { OutcomeSink } from './outcomes.ts'
import type { OpenSource, SourceRecord } from './record.ts'
import { DeclaredState } from './state.ts'
import type { Defaults } from './toWork.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-collect-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const PARTY = 'did:key:zMe'

async function run(
  source: OpenSource,
  options: {
    state?: string
    outcomes?: string
    defaults?: Partial<Defaults>
    record?: (batch: Batch) => Promise<string>
    works?: number
  } = {},
) {
  const state = new DeclaredState(options.state, PARTY)
  const outcomes = new OutcomeSink(options.outcomes)
  const batches: Batch[] = []
  try {
    const report = await collect(source, {
      defaults: { role: 'rightsholder', party: PARTY, ...options.defaults },
      state,
      outcomes,
      worksPerStatement: options.works ?? 1000,
      record: async (batch) => {
        const id = (await options.record?.(batch)) ?? `urn:uuid:${batches.length}`
        batches.push(batch)
        return id
      },
    })
    return { ...report, batches, counts: outcomes.counts, examples: outcomes.examples }
  } finally {
    outcomes.close()
    state.close()
  }
}

function source(records: Partial<SourceRecord>[], more: Partial<OpenSource> = {}): OpenSource {
  async function* all() {
    for (const [i, record] of records.entries()) yield { place: `line ${i + 1}`, ...record }
  }
  return { format: 'test', records: all(), ...more }
}

const none = { new: 0, changed: 0, unchanged: 0, duplicate: 0, refused: 0, gone: 0 }

test('a long table with rubbish in it: every line has its outcome, and the counts add up', async () => {
  const path = join(directory, 'long.csv')
  const lines = ['id,title,url,isbn,rights']
  const count = 20_000
  const rubbish = [
    (i: number) => `${i},"never closed,https://m.example.org/${i},,`,
    (i: number) => `${i},Wrong digit,https://m.example.org/${i},9780306406150,`,
    (i: number) => `${i},,https://m.example.org/${i},,`,
    (i: number) => `${i},Too,many,cells,here,${i},x`,
  ]
  let broken = 0
  for (let i = 0; i < count; i++) {
    const isRubbish = i % 33 === 5
    if (isRubbish) lines.push(rubbish[broken++ % rubbish.length]!(i))
    else lines.push(`${i},"Work, number ${i}",https://m.example.org/${i},,${i % 2 ? 'InC' : 'public domain'}`)
  }
  writeFileSync(path, `${lines.join('\r\n')}\r\n`)
  const outcomes = join(directory, 'long.outcomes.csv')
  const { counts, batches, statements } = await run(await openTableFile(path, new Map()), { outcomes })
  assert.deepEqual(counts, { ...none, new: count - broken, refused: broken })
  assert.equal(readFileSync(outcomes, 'utf8').split('\r\n').length, count + 2)
  assert.equal(statements, batches.length)
  assert.equal(
    batches.reduce((sum, { works }) => sum + works.length, 0),
    count - broken,
  )
  assert.ok(batches.every(({ works }) => works.length <= 1000))
  for (const { mayBeReserved, role } of batches) assert.equal(role, mayBeReserved ? 'rightsholder' : 'custodian')
  assert.equal(new Set(batches.map(({ rightsStatement }) => rightsStatement)).size, 2)
})

test('a second run declares what is new or changed, and names what is gone', async () => {
  const state = join(directory, 'again.state')
  const first = [
    { id: 'a', title: 'A' },
    { id: 'b', title: 'B' },
    { id: 'c', title: 'C' },
  ]
  assert.deepEqual((await run(source(first), { state })).counts, { ...none, new: 3 })
  const second = [
    { id: 'c', title: 'C' },
    { id: 'a', title: 'A, revised' },
    { id: 'd', title: 'D' },
  ]
  const { counts, batches, examples } = await run(source(second), { state })
  assert.deepEqual(counts, { ...none, new: 1, changed: 1, unchanged: 1, gone: 1 })
  assert.deepEqual(
    batches.map(({ works }) => works.map(({ title }) => title)),
    [['A, revised', 'D']],
  )
  assert.deepEqual(
    examples.map(({ key, outcome }) => [key, outcome]),
    [['id:b', 'gone']],
  )
  const third = await run(source(second), { state })
  assert.deepEqual([third.counts, third.statements], [{ ...none, unchanged: 3 }, 0])
  const part = await run(
    source(
      [
        { id: 'c', isDeleted: true },
        { id: 'e', title: 'E' },
      ],
      { isPartial: true },
    ),
    { state },
  )
  assert.deepEqual(part.counts, { ...none, new: 1, gone: 1 })
  // Reserved or not is a part of what is declared: it changes with the rights.
  const freed = await run(source([{ id: 'e', title: 'E', rights: ['public domain'] }], { isPartial: true }), { state })
  assert.deepEqual([freed.counts, freed.batches[0]!.mayBeReserved], [{ ...none, changed: 1 }, false])
})

test('duplicates are merged: one work, with what each of its lines says', async () => {
  const outcomes = join(directory, 'duplicates.csv')
  const { counts, batches } = await run(
    source([
      { id: '1', title: 'Song', identifiers: [{ scheme: 'isrc', value: 'USRC17607839' }] },
      { id: '2', title: 'Untitled' },
      { id: '3', title: 'Untitled' },
      {
        id: '4',
        title: 'SONG',
        identifiers: [{ scheme: 'isrc', value: 'US-RC1-76-07839' }],
        urls: ['https://l.example.org/song'],
      },
      { title: 'No number' },
      { title: 'No number' },
      { id: '1', title: 'Song', rights: ['public domain'] },
    ]),
    { outcomes },
  )
  assert.deepEqual(counts, { ...none, new: 4, duplicate: 3 })
  const song = batches.flatMap(({ works }) => works).find(({ title }) => title === 'Song')!
  assert.deepEqual(song.urls, ['https://l.example.org/song'])
  const holding = batches.find(({ works }) => works.includes(song))!
  assert.equal(holding.mayBeReserved, false, 'one of its lines says that it is free')
  assert.match(readFileSync(outcomes, 'utf8'), /line 4,duplicate,id:4,SONG,line 1,/)
})

test('a source that breaks off is declared as far as it came, and nothing is called gone', async () => {
  const state = join(directory, 'broken.state')
  await run(
    source([
      { id: 'a', title: 'A' },
      { id: 'b', title: 'B' },
    ]),
    { state },
  )
  async function* breaking() {
    yield { place: '1', id: 'c', title: 'C' }
    throw new ColophonError('fetch_failed', 'the server stalls')
  }
  const memory = { resume: 'token' }
  const broken = await run({ format: 'test', records: breaking(), remember: () => memory }, { state })
  assert.deepEqual([broken.counts, broken.interrupted?.message], [{ ...none, new: 1 }, 'the server stalls'])
  const reopened = new DeclaredState(state, PARTY)
  assert.deepEqual([reopened.memory, reopened.declared.size], [memory, 3])
  reopened.close()
  async function* bomb() {
    yield { place: '1', id: 'd', title: 'D' }
    throw new ColophonError('too_large', 'it becomes too large')
  }
  await assert.rejects(run({ format: 'test', records: bomb() }, { state }), /too large/)
})

test('one work that may not be reserved keeps no other from it', async () => {
  const record = async ({ works }: Batch) => {
    if (works.some(({ title }) => title === 'Free'))
      throw new ColophonError('public_domain_cannot_be_reserved', 'it is free')
    return 'urn:uuid:1'
  }
  const records = Array.from({ length: 20 }, (_, i) => ({ id: `${i}`, title: i === 13 ? 'Free' : `W${i}` }))
  const { counts, examples } = await run(source(records), { record })
  assert.deepEqual([counts, examples[0]!.field], [{ ...none, new: 19, refused: 1 }, 'rights'])
})

test('a run that was killed is gone on with: what was recorded is not declared again', async () => {
  const state = join(directory, 'killed.state')
  const records = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, title: `W${i}` }))
  let left = 2
  const dying = async () => {
    if (left-- === 0) throw new Error('killed')
    return 'urn:uuid:1'
  }
  await assert.rejects(run(source(records), { state, works: 3, record: dying }), /killed/)
  appendFileSync(state, '{"pending":"urn:uuid:0000')
  const asked: string[] = []
  const settled = new DeclaredState(state, PARTY)
  assert.equal(settled.declared.size, 6)
  await settled.settle(async (collection) => {
    asked.push(collection)
    return true
  })
  assert.deepEqual([settled.declared.size, asked.length], [9, 1], 'the third batch was on the log after all')
  settled.close()
  const rest = await run(source(records), { state, works: 3 })
  assert.deepEqual(rest.counts, { ...none, new: 1, unchanged: 9 })
})

test('a state of another party, or one that is damaged, is refused', async () => {
  const state = join(directory, 'mine.state')
  await run(source([{ id: 'a', title: 'A' }]), { state })
  assert.throws(() => new DeclaredState(state, 'did:key:zOther'), /another key/)
  const held = new DeclaredState(state, PARTY)
  assert.throws(() => new DeclaredState(state, PARTY), /another run uses/)
  held.close()
  writeFileSync(state, readFileSync(state, 'utf8').replace('"recorded"', '"rekorded"'))
  assert.throws(() => new DeclaredState(state, PARTY), /damaged/)
  const other = join(directory, 'notes.txt')
  writeFileSync(other, 'my notes\n')
  assert.throws(() => new DeclaredState(other, PARTY), /no record of what/)
  assert.ok(existsSync(other) && readFileSync(other, 'utf8') === 'my notes\n')
})

test('outcomes open harmlessly in a spreadsheet', async () => {
  const outcomes = join(directory, 'formula.csv')
  await run(source([{ id: '1', title: '=HYPERLINK("https://evil.example.org")' }]), { outcomes })
  assert.match(readFileSync(outcomes, 'utf8'), /"'=HYPERLINK\(""/)
})

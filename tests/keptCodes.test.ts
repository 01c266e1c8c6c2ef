import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { CheckQuery, DatasetAnswer, DatasetHit } from '../src/datasets/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { countKept, dropCodes, keepCodes, watchOnce } from '../src/watching/index.ts'
import { caseHit } from './support/caseInput.ts'
import { newSigner, state, urn } from './support/offeredWorks.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { openTestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const HIT = { ...caseHit, row: 4, match: 'passage', measure: 180.5, alignment: null, stretch: null } as DatasetHit

for (const { name, open } of testDatabases(postgres.url)) {
  test(`${name}: codes of parts come back as they were kept, are asked for once for each state of the data sets, and again where one could not be asked`, async () => {
    const database = await open()
    const { register } = await openTestRegister(database)
    const [writer, text] = [
      newSigner(),
      'A boat leaves the harbour before anybody is awake, and comes back late. '.repeat(6),
    ]
    const found = await identifyBytes(new TextEncoder().encode(text), 'boat.txt')
    const work = {
      type: 'Work',
      id: urn(950),
      role: 'creator',
      title: 'Boat',
      medium: 'text',
      fingerprints: found.codes,
    }
    await state(register, writer, work as never)
    assert.equal(await keepCodes(register, writer.issuer, found), 1)
    assert.equal(await keepCodes(register, writer.issuer, found), 1, 'once more replaces them')
    const asked: CheckQuery[] = []
    let answer: DatasetAnswer = { hits: [HIT], unasked: [{ dataset: 'set-2', name: 'Other', why: 'torn' }] }
    const sets = [
      {
        id: 'set-1',
        name: 'Set',
        version: '1',
        counts: { text: 10 },
        parts: [{ directory: 'p1', base: 0, rowCount: 9 }],
      },
    ]
    const datasets = {
      list: () => sets as never,
      check: async (query: CheckQuery) => (asked.push(query), answer),
      checkMany: async () => [],
    }
    assert.equal((await watchOnce(register, datasets)).found, 1)
    assert.deepEqual(asked[0]!.passages, found.passages)
    assert.equal(asked[0]!.passageText, undefined)
    answer = { ...answer, unasked: [] }
    assert.equal((await watchOnce(register, datasets)).found, 0)
    await watchOnce(register, datasets)
    assert.equal(asked.length, 2, 'one could not be asked the first time')
    const [row] = await database.db.selectFrom('watch_finding').selectAll().execute()
    assert.deepEqual([row!.work, row!.kind, row!.measure, row!.row_number], [urn(950), 'passage', 181n, 4n])
    await dropCodes(database.db, writer.issuer)
    assert.equal(await countKept(database.db), 0)
    await database.close()
  })
}

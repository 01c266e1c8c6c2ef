import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { diffLines } from '../src/gate/index.ts'
import { rulingOf } from '../src/gate/gateIndex.ts'
import { snapshotLines, type SnapshotPolicy } from '../src/gate/snapshotLines.ts'
import { isoTime, type OpenDatabase } from '../src/foundation/index.ts'
import { describedWorks } from '../src/offering/describe.ts'
import { answerOai, readOffer } from '../src/offering/index.ts'
import { itemId, listDescribedWorks } from '../src/register/index.ts'
import { decide, findGoneWorks, listPublicDomain, readEffectiveTerms, readTermsOfWorks } from '../src/rights/index.ts'
import { replayLog } from '../src/statements/index.ts'
import { words } from '../src/web/index.ts'
import { newSigner, state, stateCollection, stateSealed, urn } from './support/offeredWorks.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { openTestRegister, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const [SET, FREE, WHOLE] = [urn(700), urn(701), urn(702)]
const [museum, agent, stranger] = [newSigner(), newSigner(), newSigner()]
const item = (position: number, set = SET) => itemId(set, position)
const back = (items: number[], more: object = {}) =>
  ({ type: 'ItemWithdrawal', collection: SET, items, ...more }) as { type: string }
const terms = (kind: string, id: string, decision: string, more: object = {}) =>
  ({ type: 'Terms', target: { kind, id }, rules: [{ action: 'col:trainAI', decision }], ...more }) as { type: string }
const digest = (position: number) => String(position).padStart(64, '0')

async function* each<Value>(values: readonly Value[]) {
  yield* values
}

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`single items of a collection, on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    const tick = () => (node.clock.now += 60_000)
    const now = () => isoTime(node.clock.now)
    const decision = async (work: string, at = node.clock.now) =>
      (await decide(database.db, { work, action: 'col:trainAI', at }))!.decision

    /** What a gate decides on an item by a snapshot; undefined when nothing is said of it. */
    function ruledBy(lines: readonly string[], work: string) {
      const line = lines.find((each) => each.startsWith(`work ${work} `))
      if (line === undefined) return undefined
      const hash = line.split(' ')[3]!
      const policy = lines.find((each) => each.startsWith(`policy ${hash} `))!
      const read = JSON.parse(policy.slice(`policy ${hash} `.length)) as SnapshotPolicy
      return rulingOf(read, { action: 'col:trainAI', at: node.clock.now })
    }

    async function harvested(from: number) {
      const query = { verb: 'ListRecords', metadataPrefix: 'oai_dc', from: `${isoTime(from).slice(0, 19)}Z` }
      const node = { base: 'https://register.example.org', words, now: from, contact: undefined }
      const text = await answerOai(database.db, new URLSearchParams(query), node)
      return Array.from(
        text.matchAll(/<header( status="deleted")?><identifier>([^<]*)/g),
        ([, deleted, id]) => `${deleted ? '-' : ''}${id}`,
      )
    }

    async function refuses(code: string, signer: typeof museum, ...subjects: { type: string }[]) {
      await assert.rejects(state(node.register, signer, ...subjects), { code })
    }

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
      const works = Array.from({ length: 5 }, (_, position) => ({
        title: `Plate ${position}`,
        medium: 'picture' as const,
        fingerprints: { sha256: digest(position) },
      }))
      await stateCollection(node, museum, SET, 'Plates', works)
      await state(node.register, museum, terms('set', SET, 'deny'))
      const mark = 'https://creativecommons.org/publicdomain/mark/1.0/'
      const free = [0, 1].map((place) => ({ ...works[place]!, fingerprints: { sha256: digest(50 + place) } }))
      await stateCollection(node, museum, FREE, 'Prints', free, { role: 'custodian', rightsStatement: mark })
    })
    after(() => database.close())

    test('only who declared the collection takes back what stands in it, once', async () => {
      await refuses('not_authorised', stranger, back([1]))
      await refuses('not_authorised', agent, back([1], { onBehalfOf: museum.issuer }))
      await refuses('invalid_statement', museum, back([5]))
      await refuses('invalid_statement', museum, back([1, 1]))
      await refuses('invalid_statement', museum, back([]))
      await refuses('invalid_statement', museum, back(Array.from({ length: 51 }, (_, position) => position)))
      await refuses('duplicate_statement', museum, back([1]), back([1]))
      await refuses('not_found', museum, back([0], { collection: urn(999) }))
      await assert.rejects(stateSealed(node.register, museum, back([1])), { code: 'invalid_statement' })
      assert.deepEqual(
        [
          ...(await findGoneWorks(
            database.db,
            [0, 1, 2, 3, 4].map((n) => item(n)),
            now(),
          )),
        ],
        [],
      )
    })

    test('what is taken back goes out no more, is reserved no more, and the rest stands', async () => {
      const { db } = database
      const before = await snapshotLines(db, now())
      assert.deepEqual([ruledBy(before, item(1))?.decision, await decision(item(1))], ['deny', 'deny'])
      const declared = node.clock.now
      const from = tick()
      await state(node.register, museum, back([1]))
      assert.deepEqual(await harvested(from), [`-${item(1)}`])
      const out = []
      for await (const { id } of describedWorks(db, { collection: SET }, now())) out.push(id)
      assert.deepEqual(
        out,
        [0, 2, 3, 4].map((n) => item(n)),
      )
      assert.deepEqual([await decision(item(1)), await decision(item(2))], ['unset', 'deny'])
      assert.equal(await decision(item(1), declared), 'deny', 'what was said until then was said')
      const later = await snapshotLines(db, now())
      assert.equal(ruledBy(later, item(1)), undefined)
      assert.equal(ruledBy(later, item(2))?.decision, 'deny')
      const changed = []
      for await (const { sign, line } of diffLines(each(before), each(later)))
        changed.push(`${sign}${line.split(' ', 2).join(' ')}`)
      assert.deepEqual(changed, [`-work ${item(1)}`], 'a delta tells nothing else')
      assert.deepEqual([...(await findGoneWorks(db, [item(1), item(2)], now()))], [item(1)])
      await refuses('duplicate_statement', museum, back([0, 1]))
    })

    test('a representative with a mandate takes back for the party; offers count what is left', async () => {
      const { register } = node
      const mandate = { representative: agent.issuer, powers: ['declare'], validFrom: '2026-01-01T00:00:00Z' }
      await state(register, museum, { type: 'Mandate', ...mandate } as { type: string })
      const rules = [{ action: 'tdm:mine', decision: 'allow' }]
      const offer = { type: 'Offer', title: 'Plates', target: { kind: 'set', id: SET }, rules, audience: ['anyone'] }
      const id = await state(register, museum, offer)
      const works = async () => (await readOffer(database.db, id, now()))?.works
      assert.equal(await works(), 4)
      tick()
      await state(register, agent, back([4], { onBehalfOf: museum.issuer }))
      assert.equal(await works(), 3)
      assert.deepEqual([...(await findGoneWorks(database.db, [item(4)], now()))], [item(4)])
    })

    test('a mark of the public domain that is taken back frees nothing and keeps nobody from declaring', async () => {
      const [kept, taken] = [item(0, FREE), item(1, FREE)]
      assert.equal((await listPublicDomain(database.db, [digest(51)], now()))[0]?.marks[0]?.id, taken)
      assert.equal(ruledBy(await snapshotLines(database.db, now()), taken)?.isFree, true)
      tick()
      await state(node.register, museum, back([1], { collection: FREE }))
      assert.deepEqual(await listPublicDomain(database.db, [digest(51)], now()), [])
      assert.equal((await listPublicDomain(database.db, [digest(50)], now()))[0]?.marks[0]?.id, kept)
      const lines = await snapshotLines(database.db, now())
      assert.deepEqual([ruledBy(lines, kept)?.isFree, ruledBy(lines, taken)], [true, undefined])
    })

    test('terms of one item stand before those of its collection, here and in a snapshot', async () => {
      tick()
      await state(node.register, museum, terms('work', item(2), 'allow'))
      assert.deepEqual([await decision(item(2)), await decision(item(3))], ['allow', 'deny'])
      const lines = await snapshotLines(database.db, now())
      assert.deepEqual([ruledBy(lines, item(2))?.decision, ruledBy(lines, item(3))?.decision], ['allow', 'deny'])
      await refuses('not_found', museum, terms('work', item(9), 'allow'))
    })

    test('who took a whole collection back takes nothing out of it any more', async () => {
      const declared = await stateCollection(node, museum, WHOLE, 'Whole', [{ title: 'One', medium: 'text' }])
      await state(node.register, museum, terms('set', WHOLE, 'deny'))
      tick()
      await state(node.register, museum, { type: 'Revocation', target: declared, effectiveFrom: now() } as {
        type: string
      })
      await refuses('duplicate_statement', museum, back([0], { collection: WHOLE }))
      assert.equal(await decision(item(0, WHOLE)), 'deny', 'what was said apart stands until it is taken back itself')
    })

    test('many works are told as one by one, and a replay gives the same tables', async () => {
      const { db } = database
      const rows = await listDescribedWorks(db, {}, { after: '', limit: 100 })
      const many = await readTermsOfWorks(db, rows, now())
      for (const { id } of rows) assert.deepEqual(many.get(id)!.inForce, await readEffectiveTerms(db, id, now()), id)
      const all = () => db.selectFrom('item_withdrawal').selectAll().orderBy('work').execute()
      const [tables, lines] = [await all(), await snapshotLines(db, now())]
      assert.equal(tables.length, 3)
      await replayLog(node.register)
      assert.deepEqual(await all(), tables)
      assert.deepEqual(await snapshotLines(db, now()), lines)
    })
  })
}

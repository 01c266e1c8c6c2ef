import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isoTime, type OpenDatabase } from '../src/foundation/index.ts'
import { answerOai, findScope, iiifCollection, listOffers, readOffer } from '../src/offering/index.ts'
import { listCollections, listDeclarers, listDescribedWorks, makeManifest } from '../src/register/index.ts'
import { readEffectiveTerms, readTermsOfWorks } from '../src/rights/index.ts'
import { words } from '../src/web/index.ts'
import { newSigner, state, stateCollection, urn } from './support/offeredWorks.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { openTestRegister, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const SET = urn(500)
const [maker, partner, agent, elders, stranger] = [newSigner(), newSigner(), newSigner(), newSigner(), newSigner()]
const work = (number: number, more: object = {}) =>
  ({ type: 'Work', id: urn(number), role: 'creator', title: `Work ${number}`, medium: 'picture', ...more }) as {
    type: string
  }
const terms = (kind: string, id: string, more: object = {}) =>
  ({ type: 'Terms', target: { kind, id }, rules: [{ action: 'tdm:mine', decision: 'deny' }], ...more }) as {
    type: string
  }
const item = (position: number) => `urn:colophon:item:${SET.slice(9)}:${position}`

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`what goes out, on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    const offering = () => ({ base: 'https://register.example.org', words, now: node.clock.now, contact: undefined })
    const tick = () => (node.clock.now += 60_000)
    const second = (time: number) => `${isoTime(time).slice(0, 19)}Z`

    /** Ids and datestamps between two moments, and whether each is told as deleted. */
    async function changed(from: number, until?: number): Promise<string[]> {
      const query = new URLSearchParams({ verb: 'ListIdentifiers', metadataPrefix: 'oai_dc', from: second(from) })
      if (until !== undefined) query.set('until', second(until))
      const text = await answerOai(database.db, query, offering())
      const headers = Array.from(
        text.matchAll(/<header( status="deleted")?><identifier>([^<]*)<\/identifier><datestamp>([^<]*)/g),
        ([, deleted, id, datestamp]) => ({ deleted, id: id!, datestamp: datestamp! }),
      )
      for (const { id, datestamp } of headers) {
        assert.ok(datestamp >= second(from) && (until === undefined || datestamp <= second(until)), id)
      }
      return headers.map(({ deleted, id }) => `${deleted ? '-' : ''}${id}`)
    }

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
      const { register } = node
      const creators = [
        { party: maker.issuer, role: 'artist', share: 5000 },
        { party: partner.issuer, role: 'artist', share: 5000, mustConsent: true },
      ]
      await state(
        register,
        maker,
        work(1),
        work(2, { urls: ['https://www.site.example.org/2'] }),
        work(3, { creators }),
      )
      await state(register, stranger, work(4))
      await stateCollection(
        node,
        maker,
        SET,
        'Set',
        Array.from({ length: 5 }, (_, i) => ({ title: `Item ${i}`, medium: 'text' as const })),
      )
    })
    after(() => database.close())

    test('a record changes with whatever reaches it, and with nothing else', async () => {
      const { register } = node
      const begin = tick()
      const steps: [() => Promise<unknown>, string[]][] = [
        [() => state(register, maker, terms('work', urn(1))), [urn(1)]],
        [() => state(register, maker, terms('set', SET)), [0, 1, 2, 3, 4].map(item)],
        [() => state(register, maker, terms('domain', 'site.example.org')), [urn(2)]],
        [() => state(register, partner, terms('party', partner.issuer)), [urn(3)]],
        [() => state(register, stranger, terms('party', stranger.issuer)), [urn(4)]],
        [() => state(register, agent, work(5)), [urn(5)]],
      ]
      const times: number[] = []
      for (const [step, expected] of steps) {
        times.push(tick())
        await step()
        assert.deepEqual(await changed(node.clock.now), expected)
      }
      tick()
      await state(register, maker, terms('party', maker.issuer))
      const [first] = times
      assert.deepEqual(
        await changed(begin, first),
        [],
        'what changed again since stands at its last change, and not before',
      )
      assert.deepEqual(await changed(times[4]!, times[5]), [urn(4), urn(5)])
      assert.equal((await changed(node.clock.now)).length, 8)
    })

    test('terms that end or are replaced change the record when they do', async () => {
      const { register } = node
      const until = isoTime(tick() + 600_000)
      await state(register, stranger, terms('work', urn(4), { validUntil: until }))
      node.clock.now = Date.parse(until) + 1000
      assert.deepEqual(await changed(Date.parse(until)), [urn(4)])
      tick()
      const later = isoTime(node.clock.now + 600_000)
      const said = await state(register, stranger, terms('work', urn(4), { validFrom: later }))
      assert.deepEqual(await changed(node.clock.now), [], 'not before they begin')
      node.clock.now = Date.parse(later)
      assert.deepEqual(await changed(Date.parse(later)), [urn(4)])
      tick()
      await state(register, stranger, {
        type: 'Revocation',
        target: said,
        effectiveFrom: isoTime(node.clock.now),
      } as never)
      assert.deepEqual(await changed(node.clock.now), [urn(4)])
    })

    test('many works are told the same as one by one', async () => {
      const at = isoTime(node.clock.now)
      const rows = await listDescribedWorks(database.db, {}, { after: '', limit: 100 })
      assert.equal(rows.length, 10)
      const many = await readTermsOfWorks(database.db, rows, at)
      for (const { id } of rows)
        assert.deepEqual(many.get(id)!.inForce, await readEffectiveTerms(database.db, id, at), id)
    })

    test('what a representative stated for others is taken back for each of them alone', async () => {
      const { register } = node
      const mandate = {
        type: 'Mandate',
        representative: agent.issuer,
        powers: ['declare'],
        validFrom: '2026-01-01T00:00:00Z',
      }
      await state(register, maker, mandate as never)
      await state(register, partner, mandate as never)
      tick()
      const both = await state(
        register,
        agent,
        work(6, { onBehalfOf: maker.issuer }),
        work(7, { onBehalfOf: partner.issuer }),
      )
      const [declared, from] = [node.clock.now, tick()]
      await state(register, partner, { type: 'Revocation', target: both, effectiveFrom: isoTime(from) } as never)
      assert.deepEqual(await changed(from), [`-${urn(7)}`])
      assert.deepEqual(await changed(declared, declared + 30_000), [urn(6)], 'the other stands where it was')
    })

    test('what a community keeps is deleted for whoever has it, and is in no other form', async () => {
      const { register } = node
      const at = () => isoTime(node.clock.now)
      await state(register, elders, { type: 'Party', id: elders.issuer, kind: 'community', name: 'Elders' } as never)
      const label = { type: 'Label', target: { kind: 'work', id: item(2) }, code: 'tkss' }
      const said = await state(register, elders, label as never)
      assert.deepEqual(await changed(tick()), [], 'a stranger’s label hides nothing')
      const from = tick()
      const claim = { type: 'Claim', target: elders.issuer, claims: 'vouches', evidence: [] }
      await state(register, maker, claim as never)
      assert.deepEqual(await changed(from), [`-${item(2)}`], 'one that the declarer vouches for does')
      const scope = (await findScope(database.db, SET, at()))!
      const asked = { after: undefined, at: at() }
      const titles = async () =>
        JSON.stringify(await iiifCollection(database.db, scope, offering(), asked)).match(/Item \d/g)
      assert.deepEqual(await titles(), ['Item 0', 'Item 1', 'Item 3', 'Item 4'])
      const back = tick()
      await state(register, elders, { type: 'Revocation', target: said, effectiveFrom: isoTime(back) } as never)
      assert.deepEqual(await changed(back), [item(2)], 'and comes again when the label is taken back')
    })

    test('offers come in pages; what was stated together stays together', async () => {
      const { register } = node
      const offer = (title: string) =>
        ({
          type: 'Offer',
          title,
          target: { kind: 'set', id: SET },
          rules: [{ action: 'tdm:mine', decision: 'allow' }],
          audience: ['research', 'anyone'],
        }) as { type: string }
      for (const number of [1, 2, 3]) await state(register, maker, offer(`${number}a`), offer(`${number}b`))
      const at = isoTime(node.clock.now)
      const pages: string[][] = []
      for (let before: number | undefined; ;) {
        const { offers, next } = await listOffers(database.db, { before, limit: 1, at })
        pages.push(offers.map(({ title }) => title))
        if (next === undefined) break
        before = next
      }
      assert.deepEqual(pages, [
        ['3a', '3b'],
        ['2a', '2b'],
        ['1a', '1b'],
      ])
    })

    test('one work behind many that are taken back is found, and counts follow what is taken back', async () => {
      const { register } = node
      const many = newSigner()
      const taken = []
      for (const start of [2000, 2020, 2040, 2060, 2080, 2100])
        taken.push(await state(register, many, ...Array.from({ length: 20 }, (_, i) => work(start + i))))
      await state(register, many, work(2200))
      for (const target of taken)
        await state(register, many, { type: 'Revocation', target, effectiveFrom: isoTime(node.clock.now) } as never)
      assert.equal((await findScope(database.db, many.issuer, isoTime(node.clock.now)))?.id, many.issuer)
      const subject = {
        type: 'Offer',
        title: 'All',
        target: { kind: 'party', id: many.issuer },
        rules: [{ action: 'tdm:mine', decision: 'allow' }],
        audience: ['anyone'],
      }
      const id = await state(register, many, subject)
      const works = async () => (await readOffer(database.db, id, isoTime(node.clock.now)))?.works
      assert.equal(await works(), 1)
      await state(register, elders, { type: 'Label', target: { kind: 'work', id: urn(2200) }, code: 'tkss' } as never)
      const claim = { type: 'Claim', target: elders.issuer, claims: 'vouches', evidence: [] }
      await state(register, many, claim as never, work(2201))
      tick()
      assert.equal(await works(), 1, 'one came, and one is kept now')
      await state(register, many, { type: 'Revocation', target: id, effectiveFrom: isoTime(node.clock.now) } as never)
    })

    test('a rule that begins or ends, and a new name of the party, change the record', async () => {
      const { register } = node
      const late = newSigner()
      const begins = isoTime(tick() + 600_000)
      await state(register, late, work(2300))
      const rules = [{ action: 'tdm:mine', decision: 'allow', from: begins }]
      await state(register, late, terms('work', urn(2300), { rules }))
      node.clock.now = Date.parse(begins) - 1000
      assert.deepEqual(await changed(node.clock.now), [])
      node.clock.now += 60_000
      assert.deepEqual(await changed(Date.parse(begins), Date.parse(begins)), [urn(2300)])
      const ends = isoTime(tick() + 600_000)
      const open = [{ action: 'tdm:mine', decision: 'allow', until: ends }]
      await state(register, late, work(2301), terms('work', urn(2301), { rules: open }))
      node.clock.now = Date.parse(ends) - 1000
      assert.deepEqual(await changed(node.clock.now), [], 'not before it ends')
      node.clock.now += 60_000
      assert.deepEqual(await changed(Date.parse(ends), Date.parse(ends)), [urn(2301)])
      const from = tick()
      await state(register, late, { type: 'Party', id: late.issuer, kind: 'person', name: 'New name' } as never)
      assert.deepEqual(await changed(from), [urn(2300), urn(2301)])
    })

    test('whoever runs the node is reached by a mail address, or by one that is none of anybody’s', async () => {
      const asked = async (contact: string | undefined, base = 'https://register.example.org') => {
        const answer = await answerOai(database.db, new URLSearchParams({ verb: 'Identify' }), {
          ...offering(),
          base,
          contact,
        })
        return /<adminEmail>([^<]*)/.exec(answer)![1]
      }
      assert.equal(await asked('mailto:me@museum.example'), 'me@museum.example')
      for (const contact of ['https://social.example/@museum', 'https://museum.example/contact', undefined])
        assert.equal(await asked(contact), 'operator@register.example.org')
      assert.equal(await asked(undefined, 'http://localhost:8080'), 'operator@host.invalid')
    })

    test('sets of which everything is taken back are no sets', async () => {
      const { register } = node
      const gone = newSigner()
      const id = await state(register, gone, work(2400))
      await state(register, gone, { type: 'Revocation', target: id, effectiveFrom: isoTime(node.clock.now) } as never)
      const at = isoTime(node.clock.now)
      assert.ok(!(await listDeclarers(database.db, '', 1000, at)).includes(gone.issuer))
      assert.ok((await listDeclarers(database.db, '', 1000, at)).includes(maker.issuer))
      assert.deepEqual(
        (await listCollections(database.db, '', 10, at)).map((each) => each.id),
        [SET],
      )
    })

    test('sets behind many that a community keeps are found, in answers that each look at so many only', async () => {
      const { register, manifests } = node
      const kept = newSigner()
      await state(register, kept, { type: 'Party', id: kept.issuer, kind: 'community', name: 'Keepers' } as never)
      const { bytes, ...signed } = await makeManifest([{ title: 'Rite', medium: 'text' }])
      manifests.write(bytes)
      for (let start = 100; start < 340; start += 40)
        await state(
          register,
          kept,
          ...Array.from({ length: 40 }, (_, i) => {
            const set = { type: 'Collection', id: urn(start + i), title: 'Kept', role: 'custodian', ...signed }
            return set as { type: string }
          }),
        )
      const target = { kind: 'party', id: kept.issuer }
      await state(register, kept, { type: 'Label', target, code: 'tkss' } as never)
      const answers: string[] = []
      for (let token = ''; ;) {
        const query = new URLSearchParams({ verb: 'ListSets', ...(token ? { resumptionToken: token } : {}) })
        const text = await answerOai(database.db, query, offering())
        assert.doesNotMatch(text, /<error|Kept|Keepers/)
        answers.push(text)
        token = /<resumptionToken[^>]*>([^<]+)/.exec(text)?.[1] ?? ''
        if (token === '') break
        assert.ok(answers.length < 20)
      }
      const named = answers.map((text) => Array.from(text.matchAll(/<setName>([^<]*)/g), ([, set]) => set))
      assert.deepEqual(named.slice(0, 2), [[], []], 'no answer goes through all of them')
      assert.equal(named.flat()[0], 'Set')
      assert.equal(new Set(answers.join('').match(/<setSpec>[^<]*/g)).size, named.flat().length, 'each is told once')
    })
  })
}

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { isoTime, type ColophonError, type ErrorCode, type OpenDatabase } from '../src/foundation/index.ts'
import { parseVkey } from '../src/log/index.ts'
import {
  decide,
  decideTerms,
  findHiddenWorks,
  listAuditTrail,
  openRightsIndex,
  type RightsRule,
  type UseRequest,
} from '../src/rights/index.ts'
import {
  appendStatement,
  makeReceipt,
  verifyReceipt,
  type Statement,
  type StatementSigner,
} from '../src/statements/index.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, signed, testLogSigner, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

let nextWork = 0
const workId = () => `urn:uuid:018f0000-0000-7000-9000-${String(nextWork++).padStart(12, '0')}`
const work = (id: string, more: object = {}) => ({
  type: 'Work',
  id,
  role: 'creator',
  title: 'Harbour',
  medium: 'picture',
  ...more,
})
const terms = (id: string, rules: object[], more: object = {}) => ({
  type: 'Terms',
  target: { kind: 'work', id },
  rules,
  ...more,
})

async function refuses(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: ColophonError) => {
    assert.equal(error.code, code, error.message)
    return true
  })
}

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`rights on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    const say = (signer: StatementSigner, ...subjects: Statement['credentialSubject']) =>
      appendStatement(node.register, signed(node.register, signer, ...subjects))
    const answerTo = async (id: string, action: UseRequest['action'], more: Partial<UseRequest> = {}) =>
      (await decide(database.db, { work: id, action, at: node.clock.now, ...more }))!
    const ask = async (...request: Parameters<typeof answerTo>) => (await answerTo(...request)).decision
    const on = async <Result>(day: string, run: () => Promise<Result>): Promise<Result> => {
      const now = node.clock.now
      node.clock.now = Date.parse(day)
      try {
        return await run()
      } finally {
        node.clock.now = now
      }
    }

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
    })
    after(() => database.close())

    test('a promotion window, a place, a season and a price decide as they say', async () => {
      const artist = newSigner()
      const id = workId()
      await say(
        artist,
        work(id),
        terms(id, [
          {
            action: 'odrl:display',
            decision: 'allow',
            purposes: ['col:promotion'],
            territory: ['EU', 'CH'],
            from: '2026-11-01T00:00:00Z',
            until: '2026-12-01T00:00:00Z',
            duties: [{ action: 'odrl:attribute', text: 'Photograph: A. Artist' }],
          },
          { action: 'odrl:present', decision: 'allow', seasons: [{ from: '11-15', until: '02-28' }] },
          { action: 'odrl:derive', decision: 'allow', duties: [{ action: 'odrl:obtainConsent' }] },
        ]),
      )
      const promoting = { purposes: ['col:promotion' as const], territory: 'DE' }
      const allowed = await answerTo(id, 'odrl:display', promoting)
      assert.equal(allowed.decision, 'allow')
      assert.deepEqual(
        allowed.reasons[0]!.duties!.map(({ state }) => state),
        ['open'],
      )
      assert.match(allowed.legalNotes.map(({ provision }) => provision).join(), /quotation/)
      assert.equal(await ask(id, 'odrl:display', { ...promoting, territory: 'US' }), 'unset')
      assert.equal(await ask(id, 'odrl:display', { ...promoting, purposes: ['col:commercial'] }), 'unset')
      assert.equal(await ask(id, 'odrl:display'), 'unset', 'what is not said is not assumed')
      assert.equal(await on('2026-12-01T00:00:00Z', () => ask(id, 'odrl:display', promoting)), 'unset')
      assert.equal(await ask(id, 'odrl:present'), 'allow')
      assert.equal(await on('2027-03-01T00:00:00Z', () => ask(id, 'odrl:present')), 'unset')
      assert.equal(await ask(id, 'odrl:translate'), 'unset', 'consent has to be there first')
      const consented = { performed: [{ action: 'http://www.w3.org/ns/odrl/2/obtainConsent' }], dutyStates: new Map() }
      assert.equal(await ask(id, 'odrl:translate', { world: consented }), 'allow')
      assert.equal(await ask(id, 'odrl:index'), 'unset', 'nothing broad reaches search')
    })

    test('a no under a condition that nobody spoke of holds; exceptions win where the terms say so', async () => {
      const artist = newSigner()
      const [strict, lenient] = [workId(), workId()]
      const rules = [
        { action: 'tdm:mine', decision: 'deny' },
        { action: 'tdm:mine', decision: 'allow', purposes: ['col:research'] },
      ]
      await say(artist, work(strict), work(lenient), terms(strict, rules), terms(lenient, rules, { conflict: 'perm' }))
      assert.equal(await ask(strict, 'col:trainAI', { purposes: ['col:research'] }), 'deny')
      assert.equal(await ask(lenient, 'col:trainAI', { purposes: ['col:research'] }), 'allow')
      assert.equal(await ask(lenient, 'col:trainAI', { purposes: ['col:commercial'] }), 'deny')
      assert.equal(await ask(lenient, 'col:trainAI'), 'deny')
      const conditional = workId()
      await say(
        artist,
        work(conditional),
        terms(conditional, [{ action: 'col:trainAI', decision: 'deny', purposes: ['col:commercial'] }]),
      )
      assert.equal(await ask(conditional, 'col:trainAI'), 'deny')
      assert.equal(await ask(conditional, 'col:trainAI', { purposes: ['col:education'] }), 'unset')
    })

    test('equal terms that contradict each other are a no and are reported; terms replace others by name', async () => {
      const artist = newSigner()
      const id = workId()
      const first = await say(artist, work(id), terms(id, [{ action: 'col:trainAI', decision: 'deny' }]))
      await say(artist, terms(id, [{ action: 'col:trainAI', decision: 'allow' }]))
      const answer = await answerTo(id, 'col:trainAI')
      assert.deepEqual([answer.decision, answer.conflicts.length, answer.conflicts[0]!.terms.length], ['deny', 1, 2])
      await refuses(
        'not_authorised',
        say(newSigner(), terms(id, [{ action: 'col:trainAI', decision: 'deny' }], { replaces: [first.statement.id] })),
      )
      await say(artist, terms(id, [{ action: 'col:trainAI', decision: 'allow' }], { replaces: [first.statement.id] }))
      const now = await answerTo(id, 'col:trainAI')
      assert.deepEqual([now.decision, now.conflicts], ['allow', []])
    })

    test('one co-author’s grant never overrides another’s no, and required consent is required', async () => {
      const [composer, poet, singer, lab] = [newSigner(), newSigner(), newSigner(), newSigner()]
      const id = workId()
      const creators = [
        { party: composer.issuer, role: 'composer', share: 10_000, layer: 'composition' },
        { party: poet.issuer, role: 'author', share: 10_000, layer: 'text', mustConsent: true },
        { party: singer.issuer, role: 'performer', share: 10_000, layer: 'performance' },
      ]
      await say(composer, work(id, { medium: 'sound', creators }))
      const grant = { type: 'Grant', licensee: lab.issuer, target: { kind: 'work', id }, actions: ['col:trainAI'] }
      await say(composer, grant)
      const waiting = await answerTo(id, 'col:trainAI', { licensee: lab.issuer })
      assert.deepEqual([waiting.decision, waiting.missingConsent], ['unset', [poet.issuer]])
      await say(poet, grant)
      assert.equal(await ask(id, 'col:trainAI', { licensee: lab.issuer }), 'allow')
      await say(singer, terms(id, [{ action: 'col:trainGenAI', decision: 'deny' }]))
      assert.equal(await ask(id, 'col:trainGenAI', { licensee: lab.issuer }), 'deny')
      assert.equal(await ask(id, 'col:trainAI', { licensee: lab.issuer }), 'allow')
      await refuses(
        'shares_do_not_sum',
        say(composer, work(workId(), { creators: [{ ...creators[0]!, share: 9999 }, creators[1]!] })),
      )
    })

    test('consent: asked for, countered, accepted, proved offline, revoked, and decided before and after', async () => {
      const [artist, lab, stranger] = [newSigner(), newSigner(), newSigner()]
      const id = workId()
      await say(artist, work(id), terms(id, [{ action: 'tdm:mine', decision: 'deny' }]))
      const proposal = (more: object = {}) => ({
        type: 'Proposal',
        licensor: artist.issuer,
        licensee: lab.issuer,
        target: { kind: 'work', id },
        purpose: 'a small model for museum captions',
        benefit: 'captions for blind visitors',
        harm: 'captions may be wrong',
        rules: [{ action: 'col:trainAI', decision: 'allow', purposes: ['col:education'], modelFlopExponentMax: 22 }],
        ...more,
      })
      await refuses('not_authorised', say(stranger, proposal()))
      const asked = await say(lab, proposal())
      await refuses('not_authorised', say(lab, { type: 'Answer', proposal: asked.statement.id, answer: 'accept' }))
      const use = { licensee: lab.issuer, purposes: ['col:education' as const], modelFlopExponent: 21 }
      assert.equal(await ask(id, 'col:trainAI', use), 'deny', 'no answer is a no')
      const countered = await say(
        artist,
        proposal({
          inReplyTo: asked.statement.id,
          validUntil: '2027-06-01T00:00:00Z',
          rules: [
            {
              action: 'col:trainAI',
              decision: 'allow',
              purposes: ['col:education'],
              modelFlopExponentMax: 22,
              duties: [{ action: 'odrl:compensate', pay: { amount: '250.00', currency: 'EUR' } }],
            },
          ],
        }),
      )
      await refuses(
        'state_not_allowed',
        say(artist, { type: 'Answer', proposal: asked.statement.id, answer: 'accept' }),
      )
      const accepted = await say(lab, { type: 'Answer', proposal: countered.statement.id, answer: 'accept' })
      await refuses(
        'state_not_allowed',
        say(lab, { type: 'Answer', proposal: countered.statement.id, answer: 'refuse' }),
      )
      for (const { logIndex } of [countered, accepted]) {
        const receipt = await makeReceipt(node.register, logIndex)
        const verdict = verifyReceipt(receipt, { log: parseVkey(testLogSigner.vkey) })
        assert.equal(verdict.isSound, true)
        assert.ok(verdict.findings.some(({ code }) => code === 'statement_signature_verified'))
      }
      const granted = await answerTo(id, 'col:trainAI', use)
      assert.equal(granted.decision, 'allow')
      assert.deepEqual(
        granted.reasons.flatMap(({ duties }) => duties ?? []).map(({ state }) => state),
        ['open'],
      )
      assert.equal(await ask(id, 'col:trainAI', { ...use, modelFlopExponent: 23 }), 'deny')
      assert.equal(await ask(id, 'col:trainAI', { ...use, purposes: ['col:commercial'] }), 'deny')
      assert.equal(await ask(id, 'col:trainAI', { ...use, licensee: stranger.issuer }), 'deny')
      assert.equal(await on('2027-06-01T00:00:00Z', () => ask(id, 'col:trainAI', use)), 'deny')
      await say(artist, { type: 'Revocation', target: countered.statement.id, effectiveFrom: '2026-12-24T00:00:00Z' })
      assert.equal(await ask(id, 'col:trainAI', use), 'allow')
      assert.equal(await on('2026-12-24T00:00:00Z', () => ask(id, 'col:trainAI', use)), 'deny')
    })

    test('an answer that comes too late, or after the proposal was taken back, makes no grant', async () => {
      const [artist, lab] = [newSigner(), newSigner()]
      const id = workId()
      await say(artist, work(id))
      const proposal = {
        type: 'Proposal',
        licensor: artist.issuer,
        licensee: lab.issuer,
        target: { kind: 'work', id },
        rules: [{ action: 'odrl:reproduce', decision: 'allow' }],
      }
      const short = await say(lab, { ...proposal, answerBy: '2026-11-25T00:00:00Z' })
      const accept = ({ statement }: typeof short) =>
        say(artist, { type: 'Answer', proposal: statement.id, answer: 'accept' })
      await on('2026-11-25T00:00:00Z', () => refuses('state_not_allowed', accept(short)))
      const taken = await say(lab, proposal)
      await say(lab, { type: 'Revocation', target: taken.statement.id, effectiveFrom: isoTime(node.clock.now) })
      await refuses('state_not_allowed', accept(taken))
      const refused = await say(lab, proposal)
      await say(artist, { type: 'Answer', proposal: refused.statement.id, answer: 'refuse' })
      assert.equal(await ask(id, 'odrl:reproduce', { licensee: lab.issuer }), 'unset')
    })

    test('rules that cannot be meant are refused', async () => {
      const artist = newSigner()
      const id = workId()
      await say(artist, work(id))
      for (const rule of [
        { action: 'odrl:display', decision: 'allow', from: '2027-01-01T00:00:00Z', until: '2026-01-01T00:00:00Z' },
        {
          action: 'tdm:mine',
          decision: 'deny',
          duties: [{ action: 'odrl:compensate', pay: { amount: '1', currency: 'EUR' } }],
        },
        { action: 'odrl:use', decision: 'deny' },
        { action: 'odrl:display', decision: 'allow', territory: ['Europe'] },
        {
          action: 'odrl:display',
          decision: 'allow',
          duties: [{ action: 'odrl:compensate', pay: { amount: '1e3', currency: 'EUR' } }],
        },
      ])
        await refuses('invalid_statement', say(artist, terms(id, [rule])))
    })

    describe('communities', () => {
      const community = () => newSigner()
      const party = (signer: StatementSigner, more: object = {}) => ({
        type: 'Party',
        id: signer.issuer,
        kind: 'community',
        name: 'People of the harbour',
        ...more,
      })
      const label = (id: string, code: string, more: object = {}) => ({
        type: 'Label',
        target: { kind: 'work', id },
        code,
        ...more,
      })

      test('labels are a community’s alone, notices an institution’s, and both travel with the answer', async () => {
        const [people, museum] = [community(), newSigner()]
        const id = workId()
        await say(
          museum,
          { type: 'Party', id: museum.issuer, kind: 'organisation', name: 'Museum' },
          work(id, { role: 'custodian' }),
        )
        await refuses('not_authorised', say(museum, label(id, 'tkss')))
        await say(museum, label(id, 'traditional_knowledge', { text: 'We ask the people of the harbour.' }))
        await say(
          people,
          party(people),
          label(id, 'tknc', { text: 'Not to be sold.', language: 'en', benefitSharing: 'A tenth to the school.' }),
        )
        await refuses('invalid_statement', say(people, label(id, 'biocultural')))
        const answer = await answerTo(id, 'odrl:display', { purposes: ['col:commercial'] })
        assert.deepEqual(
          [answer.decision, answer.labels.map(({ code }) => code)],
          ['deny', ['traditional_knowledge', 'tknc']],
        )
        assert.deepEqual(
          answer.labels.map(({ vouchedBy }) => vouchedBy),
          [0, 0],
        )
        assert.equal(await ask(id, 'odrl:display', { purposes: ['col:education'] }), 'unset')
        assert.equal(await ask(id, 'odrl:index'), 'unset')
        await say(museum, { type: 'Claim', target: people.issuer, claims: 'vouches', evidence: [] })
        assert.equal((await answerTo(id, 'odrl:display')).labels[1]!.vouchedBy, 1)
      })

      test('a label counts when as many approvers agree as the community asks for, and until it is taken back', async () => {
        const [people, elder, speaker, stranger] = [community(), newSigner(), newSigner(), newSigner()]
        const id = workId()
        await say(people, work(id))
        const approvers = { parties: [elder.issuer, speaker.issuer], threshold: 2 }
        await refuses('invalid_statement', say(people, party(people, { approvers: { ...approvers, threshold: 3 } })))
        await say(people, party(people, { approvers }))
        const { statement } = await say(people, label(id, 'tkss'))
        const approve = (signer: StatementSigner) => say(signer, { type: 'Approval', label: statement.id })
        await approve(elder)
        assert.equal(await ask(id, 'col:trainAI'), 'unset')
        await refuses('not_authorised', approve(stranger))
        await refuses('duplicate_statement', approve(elder))
        await approve(speaker)
        assert.equal(await ask(id, 'col:trainAI'), 'deny')
        assert.equal(await ask(id, 'odrl:index'), 'deny', 'what is secret is not to be found either')
        assert.deepEqual([...(await findHiddenWorks(database.db, [id], isoTime(node.clock.now)))], [id])
        await say(people, { type: 'Revocation', target: statement.id, effectiveFrom: isoTime(node.clock.now) })
        assert.equal(await ask(id, 'col:trainAI'), 'unset')
        assert.deepEqual(
          (await listAuditTrail(database.db, people.issuer)).map(({ what, by }) => [what, by]),
          [
            ['withdrawal', people.issuer],
            ['approval', speaker.issuer],
            ['approval', elder.issuer],
            ['label', people.issuer],
          ],
        )
      })

      test('a restricted work is declared sealed, and a stranger’s label hides nothing', async () => {
        const [people, artist] = [community(), newSigner()]
        const [secret, own] = [workId(), workId()]
        await say(people, party(people))
        await refuses('invalid_statement', say(people, work(secret), label(secret, 'tkmr')))
        await say(artist, work(own, { fingerprints: { sha256: 'ab'.repeat(32) } }))
        await say(people, label(own, 'tkss'))
        assert.equal((await findHiddenWorks(database.db, [own], isoTime(node.clock.now))).size, 0)
        await say(artist, { type: 'Claim', target: people.issuer, claims: 'vouches', evidence: [] })
        assert.equal((await findHiddenWorks(database.db, [own], isoTime(node.clock.now))).size, 1)
      })

      test('seasons open and close, a grant lifts the community’s own no, and reports come back', async () => {
        const [people, lab] = [community(), newSigner()]
        const id = workId()
        await say(people, party(people), work(id), label(id, 'tks', { seasons: [{ from: '12-01', until: '02-29' }] }))
        await refuses('invalid_statement', say(people, label(id, 'tks')))
        assert.equal(await ask(id, 'odrl:display'), 'deny')
        assert.equal(await on('2026-12-01T00:00:00Z', () => ask(id, 'odrl:display')), 'unset')
        assert.equal(await on('2027-02-28T12:00:00Z', () => ask(id, 'odrl:display')), 'unset')
        assert.equal(await on('2027-03-01T00:00:00Z', () => ask(id, 'odrl:display')), 'deny')
        const { statement } = await say(people, {
          type: 'Grant',
          licensee: lab.issuer,
          target: { kind: 'work', id },
          actions: ['odrl:display'],
        })
        assert.equal(await ask(id, 'odrl:display', { licensee: lab.issuer }), 'allow')
        await refuses(
          'not_authorised',
          say(newSigner(), { type: 'UseReport', grant: statement.id, report: 'seen by ten' }),
        )
        await say(lab, { type: 'UseReport', grant: statement.id, report: 'shown to ten classes' })
        const sealed = { type: 'UseReport', grant: statement.id, report: 'what is told under a seal' }
        await appendStatement(node.register, signed(node.register, lab, sealed), { isSealed: true })
        assert.deepEqual((await listAuditTrail(database.db, people.issuer)).map(({ what }) => what).sort(), [
          'grant',
          'label',
          'report',
        ])
      })
    })

    test('an index of everything decides as the register does', async () => {
      const index = await openRightsIndex(database.db, isoTime(node.clock.now))
      const works = await database.db.selectFrom('work').select(['id', 'party']).execute()
      assert.ok(index.count > 10 && works.length > 5)
      const creators = await database.db.selectFrom('work_creator').selectAll().execute()
      for (const { id, party } of works) {
        const own = creators.filter((creator) => creator.work === id)
        const authority = {
          parties: new Set([party, ...own.flatMap((creator) => creator.party ?? [])]),
          mustConsent: own.flatMap((creator) => (creator.must_consent === 1n ? [creator.party!] : [])),
          isPublicDomain: false,
        }
        for (const action of ['col:trainAI', 'odrl:display'] as const) {
          const request = { work: id, action, at: node.clock.now }
          assert.equal(index.decide({ id, authority }, request).decision, await ask(id, action))
        }
      }
    })
  })
}

const drawnRule = fc.record(
  {
    action: fc.constantFrom('tdm:mine', 'col:trainAI', 'col:trainGenAI'),
    decision: fc.constantFrom('allow', 'deny'),
    purposes: fc.subarray(['col:commercial', 'col:research'], { minLength: 1 }),
    territory: fc.subarray(['DE', 'EU', 'US'], { minLength: 1 }),
    until: fc.constantFrom('2026-06-01T00:00:00Z', '2027-06-01T00:00:00Z'),
  },
  { requiredKeys: ['action', 'decision'] },
) as unknown as fc.Arbitrary<RightsRule>
const WIDTH = { deny: 0, unset: 1, allow: 2 }

test('a no more never widens an answer; a wider place or a longer time never narrows a permission', () => {
  const entry = (id: string, rules: RightsRule[]) => ({
    id,
    party: 'did:a',
    targetKind: 'work',
    rules: JSON.stringify(rules),
    conflict: null,
    validFrom: '2026-01-01T00:00:00Z',
    endsAt: null,
  })
  const authority = { parties: new Set(['did:a']), mustConsent: [], isPublicDomain: false }
  const width = (rules: RightsRule[], request: UseRequest) =>
    WIDTH[decideTerms([entry('t', rules)], [], authority, request).decision]
  const asks = fc.record(
    {
      purposes: fc.subarray(['col:commercial', 'col:research'] as const, { minLength: 1 }),
      territory: fc.constantFrom('DE', 'FR', 'US', 'JP'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(drawnRule, { maxLength: 4 }), drawnRule, asks, (rules, more, asked) => {
      const request = {
        work: 'w',
        action: 'col:trainGenAI',
        at: Date.parse('2026-11-24T12:00:00Z'),
        ...asked,
      } as UseRequest
      const before = width(rules, request)
      assert.ok(width([...rules, { ...more, decision: 'deny' }], request) <= before)
      const { territory: _, until: __, ...wider } = more
      const allow = { ...more, decision: 'allow' as const }
      assert.ok(width([{ ...wider, decision: 'allow' }], request) >= width([allow], request))
      assert.ok(width([{ ...wider, decision: 'deny' }], request) <= width([{ ...more, decision: 'deny' }], request))
    }),
  )
})

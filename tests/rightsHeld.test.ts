import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { isoTime, type ColophonError, type OpenDatabase } from '../src/foundation/index.ts'
import { decide, findHiddenWorks, listAuditTrail, readLabel, type UseRequest } from '../src/rights/index.ts'
import { appendStatement, type Statement, type StatementSigner } from '../src/statements/index.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, signed, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

type Subject = Statement['credentialSubject'][number]
const party = (signer: StatementSigner, kind = 'community', more: object = {}): Subject => ({
  type: 'Party',
  id: signer.issuer,
  kind,
  name: 'Somebody',
  keys: [],
  ...more,
})
const mandate = (representative: StatementSigner, power: string): Subject => ({
  type: 'Mandate',
  representative: representative.issuer,
  powers: [power],
  validFrom: '2026-01-01T00:00:00Z',
})
const terms = (target: object, action: string, decision: string, more: object = {}): Subject => ({
  type: 'Terms',
  target,
  rules: [{ action, decision }],
  ...more,
})
const label = (target: object, code: string, more: object = {}): Subject => ({ type: 'Label', target, code, ...more })

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`what was said is held to, on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    let works = 0
    const now = () => isoTime(node.clock.now)
    const say = async (signer: StatementSigner, ...subjects: Subject[]) =>
      (await appendStatement(node.register, signed(node.register, signer, ...subjects))).statement.id
    const seal = async (signer: StatementSigner, ...subjects: Subject[]) =>
      (await appendStatement(node.register, signed(node.register, signer, ...subjects), { isSealed: true })).statement
        .id
    const takeBack = (signer: StatementSigner, target: string, effectiveFrom = now()) =>
      say(signer, { type: 'Revocation', target, effectiveFrom })
    const refused = (promise: Promise<unknown>, message: RegExp) =>
      assert.rejects(promise, (error: ColophonError) => message.test(error.message) || assert.fail(error.message))
    const ask = async (id: string, action: UseRequest['action'], more: Partial<UseRequest> = {}) =>
      (await decide(database.db, { work: id, action, at: node.clock.now, ...more }))!.decision
    const declare = async (signer: StatementSigner, more: object = {}, ...subjects: Subject[]) => {
      const id = `urn:uuid:018f0000-0000-7000-9${String(++works).padStart(3, '0')}-${name.length.toString().padStart(12, '0')}`
      const work = { type: 'Work', id, role: 'creator', title: 'Song', medium: 'sound', ...more }
      await say(signer, work as Subject, ...subjects)
      return { id, target: { kind: 'work', id } }
    }

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
    })
    after(() => database.close())

    test('who represents a community passes by neither its approvers nor that it is one', async () => {
      const [people, agent, elder, person] = [newSigner(), newSigner(), newSigner(), newSigner()]
      const approvers = { parties: [elder.issuer], threshold: 1 }
      await say(people, party(people, 'community', { approvers }), mandate(agent, 'reserve'))
      const { id, target } = await declare(people)
      const own = party(agent, 'community')
      await say(agent, own, label(target, 'tkss', { onBehalfOf: people.issuer }))
      assert.equal(await ask(id, 'tdm:mine'), 'unset', 'it waits for the elder')
      await say(person, party(person, 'person'), mandate(agent, 'reserve'))
      await refused(say(agent, own, label(target, 'tka', { onBehalfOf: person.issuer })), /only a community/)
      await refused(say(newSigner(), label(target, 'biocultural')), /a notice is for institutions/)
    })

    test('a label stands until it is taken back, and an approval that is taken back counts no more', async () => {
      const [people, elder] = [newSigner(), newSigner()]
      const approvers = { parties: [elder.issuer], threshold: 1 }
      await say(people, party(people, 'community', { approvers }))
      const { id, target } = await declare(people)
      const labelId = await say(people, label(target, 'tkss'))
      const hidden = async (at = now()) => (await findHiddenWorks(database.db, [id], at)).size
      assert.equal(await hidden(), 0)
      const approval = await say(elder, { type: 'Approval', label: labelId })
      assert.deepEqual([await hidden(), await ask(id, 'odrl:index')], [1, 'deny'])
      await takeBack(people, labelId, '2030-01-01T00:00:00Z')
      assert.equal(await hidden(), 1, 'from a later day on only')
      assert.equal(await hidden('2030-01-01T00:00:00.000Z'), 0)
      await takeBack(elder, approval)
      assert.deepEqual([await hidden(), await ask(id, 'odrl:index')], [0, 'unset'])
      assert.equal((await readLabel(database.db, labelId, now()))!.state, 'waiting')
      assert.deepEqual(
        (await listAuditTrail(database.db, people.issuer)).map(({ what, by }) => [what, by]),
        [
          ['withdrawal', elder.issuer],
          ['withdrawal', people.issuer],
          ['approval', elder.issuer],
          ['label', people.issuer],
        ],
      )
    })

    test('labels on a domain and on everything of a party hide, too; a voucher who takes it back later still vouches', async () => {
      const [people, museum] = [newSigner(), newSigner()]
      await say(people, party(people))
      const site = await declare(people, { urls: ['https://songs.example/1'] })
      await say(people, label({ kind: 'domain', id: 'songs.example' }, 'tkss'))
      const everything = await declare(people)
      const hidden = async (id: string) => (await findHiddenWorks(database.db, [id], now())).size
      assert.deepEqual([await hidden(site.id), await hidden(everything.id)], [1, 0])
      await say(people, label({ kind: 'party', id: people.issuer }, 'tkco'))
      assert.equal(await hidden(everything.id), 1)
      const { id, target } = await declare(museum)
      await say(people, label(target, 'tkss'))
      assert.equal(await hidden(id), 0)
      const claim = await say(museum, { type: 'Claim', target: people.issuer, claims: 'vouches', evidence: [] })
      await takeBack(museum, claim, '2030-01-01T00:00:00Z')
      assert.equal(await hidden(id), 1)
    })

    test('the label of a community that a public-domain work names holds; a stranger’s does not', async () => {
      const [people, archive] = [newSigner(), newSigner()]
      await say(people, party(people))
      const rightsStatement = 'https://creativecommons.org/publicdomain/mark/1.0/'
      const creators = [{ party: people.issuer, name: 'People', role: 'author', share: 10_000 }]
      const named = await declare(archive, { role: 'custodian', rightsStatement, creators })
      const other = await declare(archive, { role: 'custodian', rightsStatement })
      for (const { target } of [named, other]) await say(people, label(target, 'tkss'))
      assert.deepEqual([await ask(named.id, 'odrl:display'), await ask(other.id, 'odrl:display')], ['deny', 'unset'])
    })

    test('a mandate that is over takes nothing back, and the party ends what was said for it, and only that', async () => {
      const [owner, other, agent] = [newSigner(), newSigner(), newSigner()]
      const given = await say(owner, party(owner, 'person'), mandate(agent, 'reserve'))
      await say(other, party(other, 'person'), mandate(agent, 'reserve'))
      const [one, two] = [await declare(owner), await declare(other)]
      await say(owner, terms({ kind: 'party', id: owner.issuer }, 'tdm:mine', 'allow'))
      const denial = await say(agent, terms(one.target, 'tdm:mine', 'deny', { onBehalfOf: owner.issuer }))
      await takeBack(owner, given)
      await refused(takeBack(agent, denial), /the mandate of .* is over/)
      assert.equal(await ask(one.id, 'tdm:mine'), 'deny')
      await takeBack(owner, denial)
      assert.equal(await ask(one.id, 'tdm:mine'), 'allow')

      await say(owner, mandate(agent, 'reserve'))
      const both = await say(
        agent,
        party(agent, 'representative'),
        terms(one.target, 'odrl:display', 'allow', { onBehalfOf: owner.issuer }),
        terms(two.target, 'odrl:display', 'allow', { onBehalfOf: other.issuer }),
      )
      await takeBack(owner, both)
      assert.deepEqual([await ask(one.id, 'odrl:display'), await ask(two.id, 'odrl:display')], ['unset', 'allow'])
      const sealed = await seal(agent, terms(one.target, 'odrl:present', 'allow', { onBehalfOf: owner.issuer }))
      assert.equal(await ask(one.id, 'odrl:present'), 'allow')
      await takeBack(owner, sealed)
      assert.equal(await ask(one.id, 'odrl:present'), 'unset')
      await refused(takeBack(newSigner(), both), /only its issuer/)
    })

    test('whoever may ask for somebody may not grant for him, and the other way round', async () => {
      const [owner, label, asker, granter] = [newSigner(), newSigner(), newSigner(), newSigner()]
      await say(label, mandate(asker, 'request'), mandate(granter, 'grant'))
      const { target } = await declare(owner)
      const rules = [{ action: 'odrl:display', decision: 'allow' }]
      const asked = { type: 'Proposal', licensor: owner.issuer, licensee: label.issuer, target, rules }
      const forLabel = { onBehalfOf: label.issuer }
      await refused(say(granter, { ...asked, ...forLabel }), /no mandate in force to request/)
      await say(asker, { ...asked, ...forLabel })
      const own = await declare(label)
      const wanted = { ...asked, licensor: label.issuer, licensee: owner.issuer, target: own.target }
      const proposal = await say(owner, wanted)
      const answer = { type: 'Answer', proposal, answer: 'accept', ...forLabel }
      await refused(say(asker, answer), /no mandate in force to grant/)
      await say(granter, answer)
      assert.equal(await ask(own.id, 'odrl:display', { licensee: owner.issuer }), 'allow')
    })

    test('terms that were taken back before they began replaced nothing', async () => {
      const owner = newSigner()
      await say(owner, party(owner, 'person'), terms({ kind: 'party', id: owner.issuer }, 'tdm:mine', 'allow'))
      const { id, target } = await declare(owner)
      const first = await say(owner, terms(target, 'tdm:mine', 'deny'))
      const more = { replaces: [first], validFrom: '2027-01-01T00:00:00Z' }
      const second = await say(owner, terms(target, 'odrl:display', 'deny', more))
      await takeBack(owner, second)
      assert.equal(await ask(id, 'tdm:mine', { at: Date.parse('2027-06-01T00:00:00Z') }), 'deny')
    })

    test('a use for two purposes needs a yes for both; days and places that do not exist decide nothing', async () => {
      const owner = newSigner()
      const { id, target } = await declare(owner)
      const research = { action: 'tdm:mine', decision: 'allow', purposes: ['col:research', 'col:education'] }
      const rules = [{ action: 'tdm:mine', decision: 'deny' }, research]
      await say(owner, { type: 'Terms', target, rules, conflict: 'perm' })
      const forPurposes = (...purposes: NonNullable<UseRequest['purposes']>) => ask(id, 'tdm:mine', { purposes })
      assert.equal(await forPurposes('col:research', 'col:education'), 'allow')
      assert.equal(await forPurposes('col:research', 'col:commercial'), 'deny')
      const never = { action: 'odrl:display', decision: 'allow', seasons: [{ from: '02-31', until: '02-30' }] }
      const places = [
        { action: 'odrl:present', decision: 'deny', territory: ['UK'] },
        { action: 'odrl:translate', decision: 'deny', territory: ['EU'] },
      ]
      await say(owner, { type: 'Terms', target, rules: [never, ...places] })
      assert.equal(await ask(id, 'odrl:display'), 'unset')
      assert.equal(await ask(id, 'odrl:present', { territory: 'GB' }), 'deny')
      for (const territory of ['RE', 'GF', 'AX', 'GR'])
        assert.equal(await ask(id, 'odrl:translate', { territory }), 'deny', territory)
      assert.equal(await ask(id, 'odrl:translate', { territory: 'CH' }), 'unset')
    })
  })
}

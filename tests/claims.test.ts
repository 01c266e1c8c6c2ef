import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { rulingOf } from '../src/gate/gateIndex.ts'
import { snapshotLines, type SnapshotPolicy } from '../src/gate/snapshotLines.ts'
import { isoTime, type OpenDatabase } from '../src/foundation/index.ts'
import { admitNoPublicDomain, decide } from '../src/rights/index.ts'
import { describeWork } from '../src/offering/describe.ts'
import { answerOai } from '../src/offering/index.ts'
import { replayLog, type StatementSigner } from '../src/statements/index.ts'
import { words } from '../src/web/index.ts'
import { newSigner, state, stateCollection, stateSealed, urn } from './support/offeredWorks.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'
import { openTestRegister, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const PDM = 'https://creativecommons.org/publicdomain/mark/1.0/'
const UNDETERMINED = 'http://rightsstatements.org/vocab/UND/1.0/'
const FILE = 'ab'.repeat(32)
const [stranger, author, third] = [newSigner(), newSigner(), newSigner()]

const declared = (id: string, more: object = {}) => ({
  type: 'Work',
  id,
  role: 'rightsholder',
  title: 'Boat',
  medium: 'picture',
  fingerprints: { sha256: FILE },
  ...more,
})
const marked = (id: string) => declared(id, { role: 'custodian', rightsStatement: PDM })
const dispute = (target: string, evidence: object[] = [{ description: 'I took it in 2019.' }]) => ({
  type: 'Claim',
  target,
  claims: 'disputes',
  evidence,
})
const refused = { code: 'public_domain_cannot_be_reserved' }

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`disputed marks of the public domain, on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    const now = () => isoTime(node.clock.now)
    const say = async (signer: StatementSigner, ...subjects: object[]) => {
      node.clock.now += 60_000
      return state(node.register, signer, ...(subjects as never[]))
    }
    const takeBack = (signer: StatementSigner, target: string) =>
      say(signer, { type: 'Revocation', target, effectiveFrom: now() })
    async function isFree(work: string): Promise<boolean> {
      const lines = await snapshotLines(database.db, now())
      const hash = lines.find((each) => each.startsWith(`work ${work} `))?.split(' ')[3]
      if (hash === undefined) return false
      const policy = lines.find((each) => each.startsWith(`policy ${hash} `))!.slice(`policy ${hash} `.length)
      const use = { action: 'col:trainAI', at: node.clock.now } as const
      return rulingOf(JSON.parse(policy) as SnapshotPolicy, use).isFree
    }

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
      node.register.admit.push(admitNoPublicDomain(node.manifests))
    })
    after(() => database.close())

    test('a mark keeps others from declaring the file; a dispute with a reason frees whoever makes it, and nobody else', async () => {
      await say(stranger, marked(urn(800)))
      await assert.rejects(say(author, declared(urn(801))), refused)
      await say(author, dispute(urn(800), []))
      await assert.rejects(say(author, declared(urn(801))), refused, 'a dispute without a reason changes nothing')
      assert.equal(await isFree(urn(800)), true)
      await say(author, dispute(urn(800)))
      await assert.rejects(say(third, declared(urn(802))), refused)
      await say(author, declared(urn(801)))
      await say(author, {
        type: 'Terms',
        target: { kind: 'work', id: urn(801) },
        rules: [{ action: 'col:trainAI', decision: 'deny' }],
      })
      const answer = await decide(database.db, { work: urn(801), action: 'col:trainAI', at: node.clock.now })
      assert.equal(answer!.decision, 'deny')
    })

    test('one statement may dispute and declare', async () => {
      await say(third, dispute(urn(800)), declared(urn(803)))
    })

    test('what is disputed is free for nobody, goes out as undetermined, and harvesters are told', async () => {
      assert.equal(await isFree(urn(800)), false)
      assert.equal((await describeWork(database.db, urn(800), now()))?.rightsStatement, UNDETERMINED)
      const from = node.clock.now + 30_000
      const claim = await say(third, dispute(urn(800)))
      const query = { verb: 'ListRecords', metadataPrefix: 'oai_dc', from: `${isoTime(from).slice(0, 19)}Z` }
      const harvest = () =>
        answerOai(database.db, new URLSearchParams(query), {
          base: 'https://register.example.org',
          words,
          now: node.clock.now,
          contact: undefined,
        })
      assert.match(await harvest(), new RegExp(urn(800)))
      await takeBack(third, claim)
      assert.equal(await isFree(urn(800)), false, 'others dispute it still')
    })

    test('a dispute that is taken back, or that nobody may see, ends', async () => {
      await say(
        stranger,
        declared(urn(810), { role: 'custodian', rightsStatement: PDM, fingerprints: { sha256: 'cd'.repeat(32) } }),
      )
      const mine = declared(urn(811), { fingerprints: { sha256: 'cd'.repeat(32) } })
      await stateSealed(node.register, author, dispute(urn(810)) as never)
      node.clock.now += 60_000
      assert.equal(await isFree(urn(810)), true)
      const claim = await say(author, dispute(urn(810)))
      assert.equal(await isFree(urn(810)), false)
      await takeBack(author, claim)
      assert.equal(await isFree(urn(810)), true)
      await assert.rejects(say(author, mine), refused)
    })

    test('a dispute of a collection reaches its works; of several marks on a file one is enough', async () => {
      const other = 'ef'.repeat(32)
      const works = [{ title: 'Boat', medium: 'picture' as const, fingerprints: { sha256: other } }]
      await stateCollection(node, stranger, urn(820), 'All free', works, { role: 'custodian', rightsStatement: PDM })
      await say(
        newSigner(),
        declared(urn(821), { role: 'custodian', rightsStatement: PDM, fingerprints: { sha256: other } }),
      )
      const mine = declared(urn(822), { fingerprints: { sha256: other } })
      await assert.rejects(say(author, mine), refused)
      await say(author, dispute(urn(820)), mine)
      assert.deepEqual(
        [await isFree(`urn:colophon:item:${urn(820).slice(9)}:0`), await isFree(urn(821))],
        [false, false],
      )
    })

    test('a file that is disputed is not freed by marking it once more', async () => {
      await say(stranger, marked(urn(805)))
      assert.deepEqual([await isFree(urn(800)), await isFree(urn(805))], [false, false])
    })

    test('a custodian reserves nothing that is marked, with the declaration, for everything or afterwards, unless it is disputed', async () => {
      const file = { fingerprints: { sha256: '12'.repeat(32) }, role: 'custodian' }
      await say(stranger, declared(urn(860), { ...file, rightsStatement: PDM }))
      const no = (kind: string, id: string) => ({
        type: 'Terms',
        target: { kind, id },
        rules: [{ action: 'col:trainAI', decision: 'deny' }],
      })
      const keeper = newSigner()
      await assert.rejects(say(keeper, declared(urn(861), file), no('work', urn(861))), refused)
      await say(keeper, declared(urn(862), file))
      await assert.rejects(say(keeper, no('work', urn(862))), refused)
      const all = newSigner()
      await say(all, no('party', all.issuer))
      await assert.rejects(say(all, declared(urn(863), file)), refused)
      await say(keeper, dispute(urn(860)), no('work', urn(862)))
    })

    test('a dispute counts for whom it was made, and only where it can be read', async () => {
      const [agent, principal] = [newSigner(), newSigner()]
      const file = { fingerprints: { sha256: '34'.repeat(32) } }
      await say(stranger, declared(urn(870), { ...file, role: 'custodian', rightsStatement: PDM }))
      const mandate = {
        type: 'Mandate',
        representative: agent.issuer,
        powers: ['declare'],
        validFrom: '2026-01-01T00:00:00.000Z',
      }
      await say(principal, mandate)
      const mine = declared(urn(871), file)
      const behalf = { onBehalfOf: principal.issuer }
      await assert.rejects(say(agent, dispute(urn(870)), { ...mine, ...behalf }), refused)
      await assert.rejects(say(agent, { ...dispute(urn(870)), ...behalf }, mine), refused)
      await assert.rejects(stateSealed(node.register, principal, ...([dispute(urn(870)), mine] as never[])), refused)
      await say(agent, { ...dispute(urn(870)), ...behalf }, { ...mine, ...behalf })
    })

    test('a replay of the log comes to the same', async () => {
      const rows = () => database.db.selectFrom('claim').selectAll().orderBy('id').execute()
      const before = await rows()
      assert.equal(before.length, 8)
      await replayLog(node.register)
      assert.deepEqual(await rows(), before)
    })
  })
}

describe('claims on pages', () => {
  let served: ServedNode
  before(async () => {
    served = await serveTestNode({ withExample: false })
    const { register } = served.node
    await state(
      register,
      stranger,
      ...([{ type: 'Party', id: stranger.issuer, kind: 'person', name: 'Free <b>Culture</b>', keys: [] }] as never[]),
    )
    await state(register, stranger, marked(urn(830)) as never)
  })
  after(() => served?.stop())
  const read = async (path: string) => (await fetch(served.url + path)).text()
  const post = async (path: string, form: Record<string, string>) => {
    const response = await fetch(served.url + path, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    return { status: response.status, location: response.headers.get('location'), text: await response.text() }
  }
  const pem = ({ privateKey }: StatementSigner) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

  test('a dispute is made from the work’s page, shown there with its reason, and taken back from its own', async () => {
    assert.match(await read(`/works/${urn(830)}`), /nobody has to be asked[^]*\/claims\/new\?work=/)
    assert.match(await read(`/claims/new?work=${urn(830)}`), /name="work" value="urn:uuid/)
    assert.equal((await fetch(`${served.url}/claims/new?work=${urn(999)}`)).status, 404)
    const form = { kind: 'claim', work: urn(830), claims: 'disputes', name: 'Ada', isEntitled: 'yes', pem: pem(author) }
    const empty = await post('/sign', form)
    assert.deepEqual([empty.status, /a dispute without a reason/.test(empty.text)], [400, true])
    const sent = await post('/sign', { ...form, evidence: 'I took <i>it</i> in 2019.' })
    assert.equal(sent.status, 303, sent.text)
    const work = await read(`/works/${urn(830)}`)
    assert.match(work, /that is disputed/)
    assert.match(work, /Dispute: what is declared is wrong: <a[^>]*>Ada<\/a>[^]*I took &lt;i&gt;it/)
    const claim = await read(sent.location!)
    assert.match(claim, /<a href="\/works\/urn:uuid[^"]*">Boat/)
    const id = /name="claim" value="([^"]*)"/.exec(claim)![1]!
    assert.equal((await post('/sign', { kind: 'claimBack', claim: id, pem: pem(third) })).status, 403)
    assert.equal((await post('/sign', { kind: 'claimBack', claim: id, pem: pem(author) })).status, 303)
    assert.match(await read(`/works/${urn(830)}`), /nobody has to be asked[^]*Taken back from/)
    assert.doesNotMatch(await read(sent.location!), /claimBack/)
  })

  test('a party is vouched for on its page', async () => {
    const path = `/parties/${stranger.issuer}`
    assert.match(await read(path), /\/claims\/new\?party=/)
    const form = { kind: 'claim', party: stranger.issuer, claims: 'vouches', name: 'Ada', isEntitled: 'yes' }
    const sent = await post('/sign', { ...form, pem: pem(author), evidence: 'We have met.' })
    assert.equal(sent.status, 303, sent.text)
    assert.match(await read(path), /Free &lt;b&gt;Culture[^]*We have met\./)
  })

  test('a party that has said nothing of itself has its page, its found works and its feed, by its key', async () => {
    const quiet = newSigner()
    await state(served.node.register, quiet, declared(urn(850), { fingerprints: {} }) as never)
    const path = `/parties/${quiet.issuer}`
    assert.match(await read(path), /it has said nothing of itself[^]*>Boat</)
    assert.doesNotMatch(await read(path), /claims\/new\?party/)
    assert.match(await read(`${path}/found`), /found\.atom/)
    assert.match(await read(`${path}/found.atom`), /^<\?xml/)
    for (const rest of ['', '/found', '/found.atom'])
      assert.equal((await fetch(`${served.url}/parties/${newSigner().issuer}${rest}`)).status, 404)
  })

  test('whoever reserves a file that is declared free is asked why that is wrong, and says it in the same form', async () => {
    const bytes = new TextEncoder().encode('A poem of my own, of some length, so that it is one.\n'.repeat(4))
    const body = new FormData()
    body.append('file', new Blob([bytes]), 'poem.txt')
    const checked = await fetch(`${served.url}/check`, { method: 'POST', body, redirect: 'manual' })
    const result = /results\/([\w-]+)/.exec(checked.headers.get('location') ?? '')![1]!
    const path = `/reserve?result=${result}`
    assert.doesNotMatch(await read(path), /name="dispute"/)
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const free = { ...marked(urn(840)), medium: 'text', title: 'Poem', fingerprints: { sha256 } }
    await state(served.node.register, stranger, free as never)
    assert.match(await read(path), /name="dispute"[^]*>Poem</)
    const form = { name: 'Bo', title: 'Poem', role: 'creator', reserve: 'all-mining', isEntitled: 'yes' }
    assert.equal((await post(path, form)).status, 422)
    const reserved = await post(path, { ...form, dispute: 'I wrote it in May.' })
    assert.equal(reserved.status, 200)
    const key = /<pre>([^<]*)/.exec(reserved.text)![1]!
    const work = await read(`/works/${urn(840)}`)
    assert.match(work, /that is disputed[^]*I wrote it in May\./)
    // One statement disputes and reserves: taking back the one takes back the other, so it is said first.
    const path2 = /href="(\/claims\/urn:uuid[^"]*)"/.exec(work)![1]!
    assert.doesNotMatch(await read(path2), /claimBack/)
    const { statement } = await served.node.register.database.db
      .selectFrom('claim')
      .innerJoin('statement', 'statement.log_index', 'claim.log_index')
      .select('statement.id as statement')
      .where('target', '=', urn(840))
      .executeTakeFirstOrThrow()
    const asked = await post('/sign', { kind: 'claimBack', claim: `${statement}#1`, pem: key })
    assert.match(asked.text, /stated together with Work, Terms/)
    const told = JSON.parse(await read(`/api/works/${urn(840)}`)) as { isFree: boolean }
    assert.equal(told.isFree, false)
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ColophonError, isoTime, type ErrorCode, type OpenDatabase } from '../src/foundation/index.ts'
import { parseVkey } from '../src/log/index.ts'
import { findParty, findWork, makeManifest, proveItem, readWorkDetails, verifyItem } from '../src/register/index.ts'
import { decide, type Action } from '../src/rights/index.ts'
import {
  appendStatement,
  eraseSealed,
  makeReceipt,
  projectionTables,
  replayLog,
  verifyReceipt,
  type Register,
  type Statement,
  type StatementSigner,
} from '../src/statements/index.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, signed, testLogSigner, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())

let nextWork = 0
function workId(): string {
  return `urn:uuid:018f0000-0000-7000-8000-${String(nextWork++).padStart(12, '0')}`
}

function work(id: string, more: object = {}) {
  return { type: 'Work', id, role: 'creator', title: 'Harbour', medium: 'picture', ...more }
}

function reserve(target: object, action = 'tdm:mine', decision = 'deny', more: object = {}) {
  return { type: 'Terms', target, rules: [{ action, decision }], ...more }
}

async function refuses(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: ColophonError) => {
    assert.equal(error.code, code, error.message)
    return true
  })
}

async function dumpTables(register: Register): Promise<string> {
  const tables: Record<string, string[]> = {}
  for (const table of projectionTables(register)) {
    const rows = await register.database.db.selectFrom(table).selectAll().execute()
    tables[table] = rows
      .map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
      .sort()
  }
  return JSON.stringify(tables)
}

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`register on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    let artist: StatementSigner
    const say = (signer: StatementSigner, ...subjects: Statement['credentialSubject']) =>
      appendStatement(node.register, signed(node.register, signer, ...subjects))
    const ask = async (id: string, action: Action, licensee?: string) =>
      (await decide(node.register.database.db, {
        work: id,
        action,
        at: node.clock.now,
        ...(licensee ? { licensee } : {}),
      }))!.decision

    before(async () => {
      database = await open()
      node = await openTestRegister(database)
      artist = newSigner()
    })
    after(async () => {
      await node.register.log.close()
      await database.close()
    })

    test('one statement declares a party, a work and its terms, and the receipt verifies offline', async () => {
      const id = workId()
      const { logIndex } = await say(
        artist,
        { type: 'Party', id: artist.issuer, kind: 'person', name: 'A. Painter' },
        work(id, {
          creators: [{ name: 'A. Painter', role: 'painter', share: 10_000 }],
          fingerprints: { sha256: 'ab'.repeat(32) },
          identifiers: [{ scheme: 'isbn', value: '0-306-40615-2' }],
          urls: ['https://art.example/harbour.jpg'],
        }),
        reserve({ kind: 'work', id }, 'col:trainAI'),
      )
      assert.equal((await findParty(database.db, artist.issuer))!.name, 'A. Painter')
      const details = await readWorkDetails(database.db, id)
      assert.equal(details.identifiers[0]!.value, '9780306406157')
      assert.equal(details.urls[0]!.host, 'art.example')
      const verdict = verifyReceipt(await makeReceipt(node.register, logIndex), { log: parseVkey(testLogSigner.vkey) })
      assert.deepEqual(
        verdict.findings.map(({ code }) => code),
        ['inclusion_verified', 'log_signature_verified', 'statement_signature_verified'],
      )
      assert.equal(await ask(id, 'col:trainAI'), 'deny')
      assert.equal(await ask(id, 'col:trainGenAI'), 'deny')
      assert.equal(await ask(id, 'tdm:mine'), 'unset')
    })

    test('what does not fit is refused with its code, and nothing of it is kept', async () => {
      const size = node.register.log.size
      const stranger = newSigner()
      const id = workId()
      await refuses(
        'shares_do_not_sum',
        say(artist, work(workId(), { creators: [{ name: 'A', role: 'author', share: 9999 }] })),
      )
      await refuses(
        'invalid_identifier',
        say(artist, work(workId(), { identifiers: [{ scheme: 'isbn', value: '9783161484101' }] })),
      )
      await refuses('invalid_statement', say(artist, work(workId(), { access: 'restricted' })))
      await refuses('invalid_statement', say(artist, { type: 'Nonsense' }))
      await refuses('invalid_statement', say(artist, work(workId(), { title: 'a\u202eb' })))
      await refuses('not_authorised', say(artist, { type: 'Party', id: stranger.issuer, kind: 'person', name: 'x' }))
      await refuses('not_authorised', say(artist, work(id, { onBehalfOf: stranger.issuer })))
      await refuses(
        'public_domain_cannot_be_reserved',
        say(
          artist,
          work(id, { role: 'custodian', rightsStatement: 'https://creativecommons.org/publicdomain/mark/1.0/' }),
          reserve({ kind: 'work', id }),
        ),
      )
      await refuses(
        'unknown_key',
        appendStatement(node.register, signed(node.register, { ...stranger, issuer: artist.issuer }, work(id))),
      )
      const once = signed(node.register, artist, work(id))
      await refuses('invalid_signature', appendStatement(node.register, { ...once, validFrom: '2020-01-01T00:00:00Z' }))
      assert.equal(node.register.log.size, size)
      await appendStatement(node.register, once)
      await refuses('duplicate_statement', appendStatement(node.register, once))
      await refuses('duplicate_statement', say(artist, work(id)))
      assert.equal(node.register.log.size, size + 1)
    })

    test('a statement sent twice at once is recorded once', async () => {
      const statement = signed(node.register, artist, work(workId()))
      const outcomes = await Promise.allSettled([
        appendStatement(node.register, statement),
        appendStatement(node.register, statement),
      ])
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    })

    test('terms: specific over general, every authority counts, dates and revocations hold', async () => {
      const party = newSigner()
      const other = newSigner()
      const first = workId()
      const second = workId()
      await say(party, reserve({ kind: 'party', id: party.issuer }))
      await say(party, work(first), work(second, { urls: ['https://images.party.example/2.png'] }))
      assert.equal(await ask(first, 'col:trainGenAI'), 'deny', 'terms of a party cover what it declares later')
      await say(party, reserve({ kind: 'work', id: first }, 'tdm:mine', 'allow'))
      assert.equal(await ask(first, 'col:trainAI'), 'allow')
      const foreign = await say(other, reserve({ kind: 'work', id: first }, 'col:trainGenAI'))
      assert.equal(await ask(first, 'col:trainGenAI'), 'deny', 'terms of another authority must hold too')
      assert.equal(await ask(first, 'col:trainAI'), 'allow')
      await refuses(
        'not_authorised',
        say(party, { type: 'Revocation', target: foreign.statement.id, effectiveFrom: '2026-12-01T00:00:00Z' }),
      )
      await say(other, { type: 'Revocation', target: foreign.statement.id, effectiveFrom: '2026-12-01T00:00:00Z' })
      assert.equal(await ask(first, 'col:trainGenAI'), 'deny')
      const now = node.clock.now
      node.clock.now = Date.parse('2026-12-01T00:00:00Z')
      assert.equal(await ask(first, 'col:trainGenAI'), 'allow')
      node.clock.now = now
      await say(
        party,
        reserve({ kind: 'domain', id: 'party.example' }, 'tdm:mine', 'allow', { validUntil: '2026-11-30T00:00:00Z' }),
      )
      assert.equal(await ask(second, 'tdm:mine'), 'allow', 'terms of a domain cover its subdomains')
      node.clock.now = Date.parse('2026-11-30T00:00:00Z')
      assert.equal(await ask(second, 'tdm:mine'), 'deny')
      node.clock.now = now
      await say(party, {
        type: 'Grant',
        licensee: other.issuer,
        target: { kind: 'work', id: second },
        actions: ['col:trainAI'],
        validUntil: '2027-01-01T00:00:00Z',
      })
      assert.equal(await ask(second, 'col:trainGenAI', other.issuer), 'allow')
      node.clock.now = Date.parse('2027-01-01T00:00:00Z')
      assert.equal(await ask(second, 'col:trainGenAI', other.issuer), 'deny')
      node.clock.now = now
    })

    test('a representative acts within its mandate only, and a revoked key no more', async () => {
      const principal = newSigner()
      const agent = newSigner()
      const id = workId()
      const mandate = await say(principal, {
        type: 'Mandate',
        representative: agent.issuer,
        powers: ['declare'],
        validFrom: '2026-01-01T00:00:00Z',
      })
      await say(agent, work(id, { onBehalfOf: principal.issuer }))
      assert.deepEqual(
        [(await findWork(database.db, id))!.party, (await findWork(database.db, id))!.declared_by],
        [principal.issuer, agent.issuer],
      )
      await refuses(
        'not_authorised',
        say(agent, reserve({ kind: 'work', id }, 'tdm:mine', 'deny', { onBehalfOf: principal.issuer })),
      )
      await say(principal, { type: 'Revocation', target: mandate.statement.id, effectiveFrom: isoTime(node.clock.now) })
      await refuses('not_authorised', say(agent, work(workId(), { onBehalfOf: principal.issuer })))
      await say(agent, { type: 'Revocation', target: agent.didKey, effectiveFrom: isoTime(node.clock.now) })
      await refuses('revoked_key', say(agent, work(workId())))
    })

    test('a second key speaks for a party once the party has named it', async () => {
      const first = newSigner()
      const second = newSigner()
      const speaker = { ...second, issuer: first.issuer }
      await refuses('unknown_key', say(speaker, work(workId())))
      await say(first, {
        type: 'Party',
        id: first.issuer,
        kind: 'organisation',
        name: 'Archive',
        keys: [second.didKey],
      })
      await say(speaker, work(workId()))
      await say(speaker, { type: 'Party', id: first.issuer, kind: 'organisation', name: 'New name of the archive' })
      assert.equal((await findParty(database.db, first.issuer))!.name, 'New name of the archive')
      await say(speaker, work(workId()))
    })

    test('twins in one statement are refused and the node goes on', async () => {
      const id = workId()
      await refuses('duplicate_statement', say(artist, work(id), work(id)))
      await say(artist, work(id))
      const commitment = 'ef'.repeat(32)
      const anchor = { type: 'Anchor', commitment, purpose: 'case' }
      await refuses('duplicate_statement', say(artist, anchor, anchor))
    })

    test('nobody can end another party’s key by naming it', async () => {
      const victim = newSigner()
      const attacker = newSigner()
      await say(attacker, { type: 'Party', id: attacker.issuer, kind: 'person', name: 'x', keys: [victim.didKey] })
      await say(attacker, { type: 'Revocation', target: victim.didKey, effectiveFrom: isoTime(node.clock.now) })
      await say(victim, work(workId()))
      await refuses('revoked_key', say({ ...victim, issuer: attacker.issuer }, work(workId())))
    })

    test('a reservation inside a larger statement can be taken back, and an earlier date wins', async () => {
      const id = workId()
      const { statement } = await say(artist, work(id), reserve({ kind: 'work', id }))
      assert.equal(await ask(id, 'tdm:mine'), 'deny')
      await say(artist, { type: 'Revocation', target: statement.id, effectiveFrom: '2099-01-01T00:00:00Z' })
      assert.equal(await ask(id, 'tdm:mine'), 'deny')
      await say(artist, { type: 'Revocation', target: statement.id, effectiveFrom: isoTime(node.clock.now) })
      assert.equal(await ask(id, 'tdm:mine'), 'unset')
    })

    test('a stranger’s yes decides nothing, nor does a stranger’s no for a whole domain', async () => {
      const id = workId()
      const stranger = newSigner()
      await say(artist, work(id, { urls: ['https://pictures.example.co.uk/1.png'] }))
      await say(stranger, reserve({ kind: 'work', id }, 'tdm:mine', 'allow'))
      await say(stranger, {
        type: 'Grant',
        licensee: stranger.issuer,
        target: { kind: 'work', id },
        actions: ['tdm:mine'],
      })
      await say(stranger, reserve({ kind: 'domain', id: 'co.uk' }))
      assert.equal(await ask(id, 'tdm:mine', stranger.issuer), 'unset')
    })

    test('claims stand side by side', async () => {
      const id = workId()
      const other = newSigner()
      const declared = await say(artist, work(id))
      await say(other, {
        type: 'Claim',
        target: id,
        claims: 'disputes',
        contradicts: declared.statement.id,
        evidence: [{ description: 'The negative is in my possession.' }],
      })
      assert.deepEqual(
        (await readWorkDetails(database.db, id)).claims.map(({ claims }) => claims),
        ['disputes'],
      )
      assert.equal((await findWork(database.db, id))!.party, artist.issuer)
    })

    test('one signature declares a collection, and each item has its own proof', async () => {
      const works = Array.from({ length: 1500 }, (_, i) => ({ title: `Plate ${i}`, medium: 'picture' as const }))
      const { bytes, manifest, root, count } = await makeManifest(works)
      node.manifests.write(bytes)
      const id = workId()
      await say(
        artist,
        { type: 'Collection', id, title: 'Plates', role: 'creator', manifest, root, count },
        reserve({ kind: 'set', id }),
      )
      const item = `urn:colophon:item:${id.slice(9)}:777`
      assert.equal((await findWork(database.db, item))!.title, 'Plate 777')
      assert.equal(await ask(item, 'col:trainGenAI'), 'deny')
      const proof = await proveItem(bytes, 777)
      assert.ok(verifyItem(proof, { root, count }))
      assert.ok(!verifyItem({ ...proof, position: 778 }, { root, count }))
      assert.ok(!verifyItem({ ...proof, line: proof.line.replace('777', '778') }, { root, count }))
      assert.ok(!verifyItem(proof, { root, count: count + 1 }))
      await refuses(
        'invalid_statement',
        say(artist, {
          type: 'Collection',
          id: workId(),
          title: 'x',
          role: 'creator',
          manifest,
          root,
          count: count - 1,
        }),
      )
      await say(artist, reserve({ kind: 'work', id: item }, 'tdm:mine', 'allow'))
      assert.equal(await ask(item, 'col:trainGenAI'), 'allow', 'a later statement makes an exception')
    })

    test('a replay gives the same tables, sealed ones from the vault and erased ones as erased', async () => {
      const id = workId()
      const sealed = signed(
        node.register,
        artist,
        work(id, { access: 'unpublished', title: 'Unpublished', fingerprints: { sha256: 'cd'.repeat(32) } }),
      )
      await appendStatement(node.register, sealed, { isSealed: true })
      await say(artist, reserve({ kind: 'work', id }))
      assert.equal(
        (await readWorkDetails(database.db, id)).fingerprints.length,
        0,
        'no codes of an unpublished work are shown',
      )
      const text = Buffer.concat(await node.register.log.entries(0, node.register.log.size)).toString()
      assert.ok(!text.includes('Unpublished'), 'the log holds no word of it')
      const beforeReplay = await dumpTables(node.register)
      await replayLog(node.register)
      assert.ok((await dumpTables(node.register)) === beforeReplay, 'the tables differ after a replay')
      assert.ok(await eraseSealed(node.register, sealed.id))
      assert.equal(await findWork(database.db, id), undefined)
      const afterErasure = await dumpTables(node.register)
      assert.ok(afterErasure !== beforeReplay)
      await replayLog(node.register)
      assert.ok((await dumpTables(node.register)) === afterErasure, 'the tables differ after an erasure and a replay')
      for (const isSealed of [true, false])
        await refuses('erased', appendStatement(node.register, sealed, { isSealed }))
    })

    test('an entry that does not fit the tables is refused by itself, and those beside it are not', async () => {
      const [one, two] = [workId(), workId()]
      const bad = work(workId(), { urls: ['https://a.example/x'] })
      // A row that only a defect or a restored database could have left there.
      await database.db
        .insertInto('work_url')
        .values({ work: bad.id, url: 'https://a.example/x', host: 'a.example', log_index: 0n })
        .execute()
      const outcomes = await Promise.allSettled([say(artist, work(one)), say(artist, bad), say(artist, work(two))])
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      await database.db.deleteFrom('work_url').where('work', '=', bad.id).execute()
      assert.ok(await findWork(database.db, one))
      assert.equal(await findWork(database.db, bad.id), undefined)
    })
  })
}

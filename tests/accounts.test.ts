import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, createHash, type KeyObject } from 'node:crypto'
import { after, test } from 'node:test'
import {
  askForMail,
  challenges,
  checkSitesAgain,
  closeSession,
  confirmMail,
  deleteMail,
  findMail,
  keepCase,
  listKept,
  listSites,
  openSession,
  proveSite,
  readSession,
  signIn,
  stopMail,
  tellByMail,
} from '../src/accounts/index.ts'
import type { ColophonError } from '../src/foundation/index.ts'
import { moveCase, openCase, runDeadlines, smtpMailer } from '../src/requests/index.ts'
import { appendStatement, toDidKey } from '../src/statements/index.ts'
import { speak } from '../src/web/index.ts'
import { caseInput } from './support/caseInput.ts'
import { startSmtpServer } from './support/smtpServer.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { newSigner, openTestRegister, signed, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())
const HOUR = 3_600_000
const refusal = (code: string) => ({ code })

/** The body of a mail with other letters than ASCII is wrapped and encoded; its head is as it is read. */
function readable(mail: string): string {
  const end = mail.indexOf('\r\n\r\n')
  const [head, body] = [mail.slice(0, end), mail.slice(end)]
  if (!/^Content-Transfer-Encoding: quoted-printable/im.test(head)) return mail
  const whole = body.replaceAll('=\r\n', '')
  const decoded = whole.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return head + Buffer.from(decoded, 'latin1').toString('utf8')
}

async function found({ register }: TestRegister, party: string, title: string, run: number): Promise<void> {
  const work = `urn:uuid:018f0000-0000-7000-9000-${String(run).padStart(12, '0')}`
  const subject = { type: 'Work', id: work, role: 'creator', title, medium: 'text' } as never
  const signer = signers.get(party)!
  await appendStatement(register, signed(register, signer, subject))
  await register.database.db
    .insertInto('watch_finding')
    .values({
      work,
      dataset: 'set-1',
      row_number: BigInt(run),
      dataset_name: 'Set\nTwo',
      dataset_version: '1',
      party,
      kind: 'exact-file',
      measure: 0n,
      status: 'exact',
      url: null,
      found_at: '2026-11-28T12:00:00.000Z',
      run: BigInt(run),
    })
    .execute()
}

const signers = new Map<string, ReturnType<typeof newSigner>>()
function newParty() {
  const signer = newSigner()
  signers.set(signer.issuer, signer)
  return signer.issuer
}

async function openOne({ register }: TestRegister, isIntimate = false) {
  const hit = { dataset: 'set-1', datasetName: 'Set', datasetVersion: '1', row: 7, url: null, rowCodes: {} }
  const evidence = { hit: { ...hit, match: 'exact-file', measure: 0, status: 'exact' }, row: null, codes: {} }
  const input = { ...caseInput, workTitle: 'Sky', isIntimate }
  return openCase(register, newSigner(), input, { ...evidence, foundAt: '2026-11-24T12:00:00.000Z' } as never)
}

for (const { name, open } of testDatabases(postgres.url)) {
  test(`${name}: one mail a day tells what is new, to an address that has said yes, until it says no`, async (t) => {
    const database = await open()
    t.after(() => database.close())
    const there = await openTestRegister(database)
    const { register, clock } = there
    let isFull = false
    const smtp = await startSmtpServer(() => isFull)
    t.after(smtp.stop)
    const means = { mailer: smtpMailer(smtp.url, 'node@example.org'), publicUrl: 'https://node.example', speak }
    const party = newParty()
    await found(there, party, 'Before', 1)
    const ask = { party, address: 'ann@example.org', language: 'en' }
    await askForMail(register, means, ask)
    const { token } = (await findMail(database.db, { party }))!
    assert.ok(readable(smtp.mails[0]!).includes(`https://node.example/account/mail/link?token=${token}`))
    await assert.rejects(askForMail(register, means, ask), refusal('too_many_requests'))
    await assert.rejects(askForMail(register, means, { ...ask, address: 'ann' }), refusal('invalid_input'))

    await found(there, party, 'After', 2)
    clock.now += 21 * HOUR
    assert.deepEqual(await tellByMail(register, means), { told: 0, failed: 0 }, 'nobody has said yes')
    await assert.rejects(confirmMail(register, 'guessed'), refusal('not_found'))
    await assert.rejects(confirmMail(register, ''), refusal('not_found'))
    await confirmMail(register, token)
    assert.deepEqual(await tellByMail(register, means), { told: 1, failed: 0 })
    const news = readable(smtp.mails.at(-1)!)
    assert.match(news, /“After” stands in Set Two/)
    assert.doesNotMatch(news, /“Before”/, 'what was found before is on the page')
    assert.match(news, /^List-Unsubscribe:\s+<https:\/\/node\.example\/account\/mail\/link\?token=/im)
    assert.match(news, /^Auto-Submitted: auto-generated/im)

    const { id, accessKey } = await openOne(there)
    await keepCase(register, party, id, accessKey)
    await moveCase(register, id, 'sent', 'by hand')
    const mails = smtp.mails.length
    for (let day = 0; day < 40; day++) {
      clock.now += 24 * HOUR
      await runDeadlines(register, clock.now)
      for (let again = 0; again < 3; again++) await tellByMail(register, means)
    }
    const later = smtp.mails.slice(mails).map(readable)
    assert.equal(later.length, 2, 'a reminder and no answer, each told once')
    assert.match(later[0]!, /Sky: no answer after 14 days/)
    assert.match(later[1]!, /Sky: no decision after 30 days/)
    for (const mail of later) assert.ok(!mail.includes(accessKey), 'the key to a case goes into no mail')

    await found(there, party, 'Lost', 3)
    isFull = true
    clock.now += 24 * HOUR
    assert.deepEqual(await tellByMail(register, means), { told: 0, failed: 1 })
    isFull = false
    assert.deepEqual(await tellByMail(register, means), { told: 1, failed: 0 }, 'told again')
    await stopMail(register, token)
    await found(there, party, 'Last', 4)
    clock.now += 48 * HOUR
    assert.deepEqual(await tellByMail(register, means), { told: 0, failed: 0 })

    for (const other of [newParty(), newParty(), newParty()])
      await askForMail(register, means, { ...ask, party: other, address: 'bea@example.org' })
    const flood = askForMail(register, means, { ...ask, party: newParty(), address: 'bea@example.org' })
    await assert.rejects(flood, refusal('too_many_requests'), 'nobody is asked by a crowd of accounts')

    const bomber = newParty()
    await askForMail(register, means, { ...ask, party: bomber, address: 'Victim@example.org' })
    const asked = (await findMail(database.db, { party: bomber }))!
    await deleteMail(database.db, bomber)
    clock.now += 60_000
    const again = () => askForMail(register, means, { ...ask, party: bomber, address: 'victim@example.org' })
    await assert.rejects(again(), refusal('too_many_requests'), 'taking an address off asks no more often')
    clock.now += 24 * HOUR
    await again()
    await stopMail(register, (await findMail(database.db, { party: bomber }))!.token)
    clock.now += 24 * HOUR
    const other = askForMail(register, means, { ...ask, party: newParty(), address: 'VICTIM@example.org' })
    await assert.rejects(other, refusal('too_many_requests'), 'who has said no is not asked again')
    await assert.rejects(confirmMail(register, asked.token), refusal('not_found'))
    isFull = true
    const refused = askForMail(register, means, { ...ask, party: newParty(), address: 'full@example.org' })
    await assert.rejects(refused, refusal('fetch_failed'))
  })

  test(`${name}: a session ends by time, by its end, and with its key`, async (t) => {
    const database = await open()
    t.after(() => database.close())
    const there = await openTestRegister(database)
    const { register, clock } = there
    const ann = newSigner()
    const session = { party: ann.issuer, didKey: ann.didKey }
    const token = await openSession(register, session)
    assert.deepEqual(await readSession(register, token), session)
    assert.equal(await readSession(register, `${token}x`), undefined)
    assert.equal(await readSession(register, ''), undefined)
    await closeSession(database.db, token)
    assert.equal(await readSession(register, token), undefined)
    const late = await openSession(register, session)
    clock.now += 7 * HOUR
    assert.equal(await readSession(register, late), undefined)
    const stolen = await openSession(register, session)
    await appendStatement(
      register,
      signed(register, ann, {
        type: 'Revocation',
        target: ann.didKey,
        effectiveFrom: new Date(clock.now).toISOString(),
      } as never),
    )
    clock.now += 1
    assert.equal(await readSession(register, stolen), undefined)
    await assert.rejects(openSession(register, session), refusal('not_authorised'))
    const other = newSigner()
    await assert.rejects(openSession(register, { party: ann.issuer, didKey: other.didKey }), refusal('not_authorised'))
    const hidden = await openOne(there, true)
    await assert.rejects(keepCase(register, other.issuer, hidden.id, hidden.accessKey), refusal('not_authorised'))
    const plain = await openOne(there)
    await assert.rejects(keepCase(register, other.issuer, plain.id, 'wrong'), refusal('not_found'))
    assert.deepEqual(await listKept(register, other.issuer), [])
  })
}

test('a site says itself whose it is, and is asked again', async (t) => {
  const database = await testDatabases(postgres.url)[0]!.open()
  t.after(() => database.close())
  const { register, clock } = await openTestRegister(database)
  const [ann, ben] = [newParty(), newParty()]
  let says = [`colophon=${ann}`]
  // Nothing is fetched from an address of this machine; the domain name system is played.
  const reach = { readTxt: async () => says }
  assert.deepEqual(await proveSite(register, ann, '127.0.0.1', reach), { host: '127.0.0.1', way: 'dns' })
  await assert.rejects(proveSite(register, ben, 'https://127.0.0.1/page', reach), (error: ColophonError) => {
    assert.equal(error.code, 'not_authorised')
    return error.remedy!.includes(`Put the line ${ben} into https://127.0.0.1/.well-known/colophon.txt`)
  })
  for (const wrong of ['', 'localhost', 'javascript:alert(1)', 'https://'])
    await assert.rejects(proveSite(register, ann, wrong, reach), refusal('invalid_input'), wrong)
  assert.equal(await checkSitesAgain(register, 10, reach), 0)
  clock.now += 8 * 24 * HOUR
  says = []
  assert.equal(await checkSitesAgain(register, 10, reach), 1)
  const [site] = await listSites(database.db, { party: ann })
  assert.equal(site!.way, 'none')
  assert.deepEqual(await listSites(database.db, { host: '127.0.0.1' }), [site])
})

/** What an authenticator answers for a site. */
function assertion(privateKey: KeyObject, challenge: string, origin = 'https://node.example') {
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin }))
  const rpId = createHash('sha256').update(new URL(origin).hostname).digest()
  const authenticatorData = Buffer.concat([rpId, Buffer.from([5, 0, 0, 0, 1])])
  const hash = createHash('sha256').update(clientDataJSON).digest()
  const signature = sign('sha256', Buffer.concat([authenticatorData, hash]), privateKey)
  return { authenticatorData, clientDataJSON, signature }
}

test('a passkey signs in here, now, and once; its key is known by its name from then on', async (t) => {
  const database = await testDatabases(postgres.url)[0]!.open()
  t.after(() => database.close())
  const { register, clock } = await openTestRegister(database)
  const { make, use } = challenges(() => clock.now)
  const means = { use, isOurs: (origin: string) => origin === 'https://node.example' }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const didKey = toDidKey(publicKey)
  const challenge = make()
  const first = { credential: 'one', answer: assertion(privateKey, challenge) }
  await assert.rejects(signIn(register, first, means), refusal('not_found'), 'a key that nobody has named')
  const token = await signIn(register, { ...first, didKey }, means)
  assert.deepEqual(await readSession(register, token), { party: didKey, didKey })
  await assert.rejects(signIn(register, { ...first, didKey }, means), refusal('not_authorised'), 'used before')
  await signIn(register, { credential: 'one', answer: assertion(privateKey, make()) }, means)

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const taken = { credential: 'one', didKey: toDidKey(stranger.publicKey) }
  await signIn(register, { ...taken, answer: assertion(stranger.privateKey, make()) }, means)
  const again = await signIn(register, { credential: 'one', answer: assertion(privateKey, make()) }, means)
  assert.equal((await readSession(register, again))!.didKey, didKey, 'whoever takes a name locks nobody out')
  const forged = signIn(register, { ...first, didKey, answer: assertion(stranger.privateKey, make()) }, means)
  await assert.rejects(forged, refusal('invalid_signature'))
  const elsewhere = signIn(register, { ...first, answer: assertion(privateKey, make(), 'https://evil.example') }, means)
  await assert.rejects(elsewhere, refusal('not_authorised'), 'another site passes our question on')
  const old = make()
  clock.now += 6 * 60_000
  await assert.rejects(
    signIn(register, { ...first, answer: assertion(privateKey, old) }, means),
    refusal('not_authorised'),
  )
  for (const wrong of ['', 'AAAA', challenges(() => clock.now).make()])
    await assert.rejects(
      signIn(register, { ...first, answer: assertion(privateKey, wrong) }, means),
      refusal('not_authorised'),
    )
  const asOther = { ...first, party: newSigner().issuer, answer: assertion(privateKey, make()) }
  await assert.rejects(signIn(register, asOther, means), refusal('not_authorised'))
})

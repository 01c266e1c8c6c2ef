import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { unzipSync } from 'fflate'
import { escalateCase } from '../src/api/index.ts'
import type { DatasetHit } from '../src/datasets/index.ts'
import {
  INBOX_LIMITS,
  admitInbox,
  findCase,
  handOver,
  inboxOf,
  listAnswers,
  moveCase,
  openCase,
  verifyBundle,
  type RequestInput,
  casesFor,
  findGiven,
} from '../src/requests/index.ts'
import {
  makeStatement,
  newSigner,
  parseStatement,
  signStatement,
  verifyStatement,
  type StatementSigner,
} from '../src/statements/index.ts'
import { speak, words } from '../src/web/index.ts'
import { caseHit, caseInput } from './support/caseInput.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
const provider = newSigner()
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served.stop())

const INPUT: RequestInput = { ...caseInput, senderName: 'Maria', workTitle: 'Sky' }

async function open(row: number, more: Partial<RequestInput> = {}) {
  const hit = { ...caseHit, row }
  const found = { hit, row: null, codes: { sha256: 'a'.repeat(64) }, foundAt: '2026-11-24T12:00:00.000Z' }
  const { id } = await openCase(served.node.register, served.node.signer, { ...INPUT, ...more }, found)
  return (await findCase(served.node.register.database.db, id))!
}

function sign(subject: { type: string } & Record<string, unknown>, signer: StatementSigner = provider, lateMs = 0) {
  const effects = { ...served.node.register.effects, now: () => Date.now() - lateMs }
  const { origin: log } = served.node.register.log
  return signStatement(makeStatement(signer.issuer, [{ log, ...subject }], effects), signer)
}

async function post(path: string, body: object) {
  const response = await fetch(served.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const json = (await response.json()) as { id: string; state: string; error?: { code: string } }
  return { status: response.status, code: json.error?.code, ...json }
}

async function list(signer: StatementSigner, path = '/api/inbox', lateMs = 0) {
  const token = Buffer.from(JSON.stringify(sign({ type: 'InboxRequest', method: 'GET', path }, signer, lateMs)))
  const response = await fetch(`${served.url}/api/inbox`, {
    headers: { authorization: `Colophon ${token.toString('base64url')}` },
  })
  return (await response.json()) as { cases: { id: string; letter: string; evidenceHash: string }[]; error?: unknown }
}

test('an inbox takes cases once the operator has opened it, and shows them to its key alone', async () => {
  const { register } = served.node
  const { id, state } = await post('/api/inbox', sign({ type: 'Inbox', about: 'set-1', name: 'Set Ltd' }))
  assert.equal(state, 'waiting')
  assert.equal((await post('/api/inbox', sign({ type: 'Inbox', about: 'set-1', name: 'Set Ltd' }))).status, 409)
  const found = await open(1)
  assert.equal(await inboxOf(register, 'set-1'), undefined)
  await assert.rejects(handOver(register, found.id, id), { code: 'not_found' })
  await admitInbox(register, id, 'open')
  await handOver(register, found.id, id)
  assert.equal((await findCase(register.database.db, found.id))!.state, 'sent')
  const { cases } = await list(provider)
  assert.deepEqual(
    cases.map((each) => each.id),
    [found.id],
  )
  assert.match(cases[0]!.letter, /appears in Set/)
  assert.deepEqual((await list(newSigner())).cases, [])
  assert.equal((await casesFor(register, provider.issuer, '2000-01-01T00:00:00.000Z')).length, 0)
  assert.equal((await findGiven(register, provider.issuer, found.id))?.id, found.id)
  assert.ok((await list(provider, '/api/other')).error)
  const elsewhere = sign({ type: 'Inbox', log: 'other.example/log', about: 'set-9', name: 'Set Ltd' })
  assert.equal((await post('/api/inbox', elsewhere)).code, 'not_authorised', 'signed for another node')
  assert.ok((await list(provider, '/api/inbox', 10 * 60_000)).error)
  assert.equal((await fetch(`${served.url}/api/inbox`)).status, 403)
})

test('answers are kept as they were signed; forged, late, repeated and impossible ones are refused', async () => {
  const { register } = served.node
  const inbox = (await inboxOf(register, 'set-1'))!
  const found = await open(2)
  const answer = (status: string, more: object = {}) =>
    sign({ type: 'CaseAnswer', case: found.id, evidenceHash: found.evidence_hash, status, ...more })
  const send = (statement: object) => post('/api/inbox/answers', statement)
  assert.equal((await send(answer('removed'))).status, 404)
  await handOver(register, found.id, inbox.id)
  assert.equal((await send(answer('received'))).state, 'sent')
  assert.equal((await send(answer('received'))).code, 'duplicate_statement')
  assert.equal((await send(answer('refused'))).code, 'invalid_statement')
  const forged = answer('removed')
  forged.credentialSubject[0]!.status = 'refused'
  forged.credentialSubject[0]!.reason = 'no'
  assert.equal((await send(forged)).code, 'invalid_signature')
  const stranger = { type: 'CaseAnswer', case: found.id, evidenceHash: found.evidence_hash, status: 'removed' }
  assert.equal((await send(sign(stranger, newSigner()))).status, 404)
  assert.equal((await send(sign(stranger, provider, 10 * 60_000))).code, 'not_authorised')
  assert.equal((await send(answer('removed', { evidenceHash: 'b'.repeat(64) }))).status, 404)
  assert.equal((await send(answer('refused', { reason: 'We hold a licence.' }))).state, 'refused')
  assert.equal((await send(answer('removed'))).code, 'state_not_allowed')
  const kept = await listAnswers(register.database.db, found.id)
  assert.deepEqual(
    kept.map(({ status }) => status),
    ['received', 'refused'],
  )
  for (const { statement } of kept)
    assert.equal(verifyStatement(parseStatement(JSON.parse(statement))).didKey, provider.didKey)
})

test('an inbox is not drowned: the same request once, so many a day, and nothing private', async () => {
  const { register } = served.node
  const inbox = (await inboxOf(register, 'set-1'))!
  const again = await open(1)
  await assert.rejects(handOver(register, again.id, inbox.id), { code: 'duplicate_statement' })
  const intimate = await open(3, { isIntimate: true })
  await assert.rejects(handOver(register, intimate.id, inbox.id), { code: 'not_authorised' })
  const limit = INBOX_LIMITS.casesADay
  INBOX_LIMITS.casesADay = 2
  try {
    await assert.rejects(handOver(register, (await open(4)).id, inbox.id), { code: 'too_many_requests' })
  } finally {
    INBOX_LIMITS.casesADay = limit
  }
  const first = (await casesFor(register, provider.issuer)).find(({ state }) => state === 'sent')
  const place = () => register.database.db.selectFrom('inbox_place').selectAll().orderBy('place').execute()
  const before = await place()
  if (first) await assert.rejects(handOver(register, first.id, inbox.id), { code: 'state_not_allowed' })
  assert.deepEqual(await place(), before, 'handing over twice frees no place')
  const seats = INBOX_LIMITS.sendersOfRows
  const named = async (name: string) => (await open(9, { senderName: name })).id
  for (let i = 0; i < seats; i++) await handOver(register, await named(`Invented ${i}`), inbox.id)
  const one = await named('One more')
  await assert.rejects(handOver(register, one, inbox.id), { code: 'too_many_requests' })
  const given = (await casesFor(register, provider.issuer)).find(({ sender }) => sender.includes('Invented 0'))!
  await moveCase(register, given.id, 'refused', '')
  await handOver(register, one, inbox.id)
})

test('a case is taken to a body with its letter and evidence, only where that body can do anything about it', async () => {
  const { node } = served
  const options = { isCaptured: false, words, speak }
  const found = await open(5)
  await moveCase(node.register, found.id, 'sent', '')
  await moveCase(node.register, found.id, 'no-reply', 'no decision')
  const sent = (await findCase(node.register.database.db, found.id))!
  await assert.rejects(escalateCase(node, sent, { to: 'dpa', name: 'X' }, options), { code: 'invalid_input' })
  await assert.rejects(escalateCase(node, sent, { to: 'ai-office' }, options), { code: 'invalid_input' })
  await assert.rejects(escalateCase(node, sent, { to: 'dsc', country: 'DE' }, options), { code: 'invalid_input' })
  const { zip, name } = await escalateCase(node, sent, { to: 'dsc', country: 'NL' }, options)
  assert.equal(name, 'Autoriteit Consument en Markt')
  const parts = unzipSync(zip)
  const letter = new TextDecoder().decode(parts['letter-to-body.txt'])
  assert.match(letter, /no-reply no decision/)
  assert.match(letter, /you do not decide on copyright/)
  assert.doesNotMatch(letter, /infring/i)
  assert.ok(verifyBundle(parts[`evidence-${found.id}.zip`]!).isSound)
  assert.equal((await findCase(node.register.database.db, found.id))!.state, 'escalated')
  const model = await open(6, { kind: 'complaint', model: 'M 1' })
  const office = unzipSync((await escalateCase(node, model, { to: 'ai-office' }, options)).zip)
  assert.match(new TextDecoder().decode(office['letter-to-body.txt']), /belongs to downstream providers only/)
  const intimate = await open(7, { isIntimate: true })
  await assert.rejects(escalateCase(node, intimate, { to: 'dsc', country: 'NL' }, options), { code: 'not_authorised' })
})

test('the page of a case offers what can be done, records the post, and figures hide small counts', async () => {
  const hit = { dataset: 'set-1', datasetName: 'Set', datasetVersion: '1', row: 9, url: null, rowCodes: {} }
  const found = {
    hit: { ...hit, match: 'exact-file', measure: 0, status: 'exact' } as unknown as DatasetHit,
    row: null,
    codes: {},
    foundAt: '2026-11-24T12:00:00.000Z',
  }
  const { id, accessKey } = await openCase(served.node.register, served.node.signer, INPUT, found)
  const address = `${served.url}/requests/${id}`
  const page = async () => (await fetch(`${address}?key=${accessKey}`)).text()
  const send = (form: Record<string, string>) =>
    fetch(`${address}/send?key=${accessKey}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
  assert.match(await page(), /Hand over to the inbox of Set Ltd/)
  assert.equal((await send({ way: 'mail', to: 'anybody@example.org' })).status, 400)
  assert.equal(
    (await send({ way: 'post', sentOn: new Date().toISOString().slice(0, 10), tracking: '<b>' })).status,
    303,
  )
  assert.match(await page(), /tracking number &lt;b&gt;/)
  assert.match(await (await fetch(`${served.url}/statistics/requests`)).text(), /fewer than 5/)
  assert.equal(((await (await fetch(`${served.url}/api/statistics/requests`)).json()) as { least: number }).least, 5)
})

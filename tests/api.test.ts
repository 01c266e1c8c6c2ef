import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { systemEffects, uuidV7 } from '../src/foundation/index.ts'
import { askWitnesses } from '../src/main.ts'
import { formatAddCheckpoint, parseCheckpoint, parseVkey, verifyLog } from '../src/log/index.ts'
import { makeManifest, verifyItem } from '../src/register/index.ts'
import { makeStatement, newSigner, signStatement, verifyReceipt, type Statement } from '../src/statements/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served.stop())

const signer = newSigner()
const sign = (...subjects: Statement['credentialSubject']) =>
  signStatement(makeStatement(signer.issuer, subjects, systemEffects), signer)
const work = (more: object = {}) => ({
  type: 'Work',
  id: `urn:uuid:${uuidV7(systemEffects)}`,
  role: 'creator',
  title: 'Work',
  medium: 'picture',
  ...more,
})

async function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const response = await fetch(served.url + path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }
}

async function get(path: string) {
  const response = await fetch(served.url + path, { redirect: 'manual' })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

test('a statement is recorded once, with a receipt that verifies under the published key', async () => {
  const statement = sign(work())
  const first = await post('/api/statements', statement)
  assert.equal(first.status, 201)
  const vkey = parseVkey((await get('/log/vkey')).text)
  assert.ok(verifyReceipt(first.json.receipt, { log: vkey }).isSound)
  const again = await post('/api/statements', statement)
  assert.deepEqual([again.status, again.json.error.code], [409, 'duplicate_statement'])
  const read = JSON.parse((await get(`/api/statements/${statement.id}`)).text)
  assert.deepEqual([read.id, read.proof], [statement.id, statement.proof])
  const verdict = await verifyLog(
    async (path) => {
      const response = await fetch(`${served.url}/log/${path}`)
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
    },
    { log: vkey },
  )
  assert.ok(verdict.isSound, JSON.stringify(verdict.findings))
})

test('hostile bodies get a coded error, and nothing is recorded', async () => {
  const size = served.node.register.log.size
  const deep = `${'['.repeat(3000)}${']'.repeat(3000)}`
  const cases: [string, unknown, number][] = [
    ['/api/statements', '{', 400],
    ['/api/statements', { ...sign(work()), issuer: newSigner().issuer }, 400],
    ['/api/statements', JSON.stringify(sign(work())).replace('"Work"', `"Work","x":${deep}`), 400],
    ['/api/statements', sign(work({ title: 'x'.repeat(501) })), 400],
    ['/api/statements', sign(work({ urls: ['javascript:alert(1)'] })), 400],
    ['/api/statements', sign(work({ creators: [{ name: 'A', role: 'author', share: 1 }] })), 422],
    ['/api/checks', { medium: 'picture', mediaType: 'x', byteLength: 1, codes: { sha256: 'xyz' } }, 400],
    [
      '/api/checks',
      { medium: 'picture', mediaType: 'x', byteLength: 1, codes: {}, passages: { high: [1], low: [], offset: [] } },
      400,
    ],
    ['/api/reservations/prepare', { publicKey: 'AAAA', input: {} }, 400],
    [
      '/api/reservations/passkey',
      { statement: {}, didKey: 'x', authenticatorData: 'AA', clientDataJSON: 'AA', signature: 'AA' },
      400,
    ],
  ]
  for (const [path, body, status] of cases) {
    const answer = await post(path, body)
    assert.equal(answer.status, status, `${path} ${answer.text.slice(0, 200)}`)
    assert.ok(answer.json.error.code && answer.json.error.message)
  }
  const large = await post('/api/statements', JSON.stringify({ filler: 'x'.repeat(9 * 1024 * 1024) }))
  assert.equal(large.status, 413)
  assert.equal(served.node.register.log.size, size)
})

test('no path leads out of the log or out of what the browser may have', async () => {
  for (const path of [
    '/log/tile/../../keys/log.pem',
    '/log/tile/%2e%2e/%2e%2e/keys/log.pem',
    '/log/tile/0/..%2f..%2fkeys',
    '/modules/foundation/config.ts',
    '/modules/../main.ts',
    '/modules/web/client/../app.ts',
    '/modules/fingerprints/identify.ts',
    '/assets/../app.ts',
  ]) {
    assert.equal((await get(path)).status, 404, path)
  }
  assert.equal((await get('/modules/fingerprints/pdq.ts')).status, 200)
})

test('pages escape what others wrote, and forbid foreign scripts', async () => {
  const title = '<script>alert(1)</script>"\'&'
  const id = work({ title })
  await post(
    '/api/statements',
    sign({ type: 'Party', id: signer.issuer, kind: 'person', name: '<img src=x onerror=alert(1)>', keys: [] }, id),
  )
  for (const path of [
    `/works/${id.id}`,
    '/works',
    `/parties/${signer.issuer}`,
    `/receipts/${served.node.register.log.size - 1}`,
  ]) {
    const { text, headers, status } = await get(path)
    assert.equal(status, 200, path)
    assert.ok(!text.includes('<script>alert') && !text.includes('<img src=x'), path)
    assert.match(headers.get('content-security-policy')!, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/)
  }
})

test('uploads that are broken or missing say so; the page stays a page', async () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer> | undefined) => {
    const form = new FormData()
    if (bytes) form.set('file', new File([bytes], '../../x.jpg'))
    const response = await fetch(`${served.url}/check`, { method: 'POST', body: form, redirect: 'manual' })
    return { status: response.status, text: await response.text() }
  }
  for (const [bytes, status] of [
    [undefined, 400],
    [new Uint8Array(), 422],
    [Uint8Array.of(0xff, 0xd8, 0xff, 1), 422],
    [new TextEncoder().encode('<svg onload=alert(1)>'), 303],
  ] as const) {
    const answer = await upload(bytes as Uint8Array<ArrayBuffer> | undefined)
    assert.equal(answer.status, status, answer.text.slice(0, 300))
  }
})

test('what is declared as public domain cannot be reserved by declaring it anew', async () => {
  const sha256 = 'a1'.repeat(32)
  await post(
    '/api/statements',
    sign(
      work({
        role: 'custodian',
        rightsStatement: 'https://creativecommons.org/publicdomain/zero/1.0/',
        fingerprints: { sha256 },
      }),
    ),
  )
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64url')
  const input = {
    name: 'A',
    title: 'B',
    role: 'creator',
    reserve: 'all-mining',
    isEntitled: true,
    medium: 'picture',
    codes: { sha256 },
  }
  const answer = await post('/api/reservations/prepare', { publicKey: key, input })
  assert.deepEqual([answer.status, answer.json.error.code], [422, 'public_domain_cannot_be_reserved'])
  assert.equal(
    (await post('/api/reservations/prepare', { publicKey: key, input: { ...input, codes: {} } })).status,
    200,
  )
  const { title: _, medium, codes, ...who } = input
  const items = [
    { title: 'Mine', medium, codes: {} },
    { title: 'Everybody’s', medium, codes },
  ]
  const collection = { ...who, title: 'All', items }
  const prepared = await post('/api/collections/prepare', { publicKey: key, input: collection })
  assert.deepEqual([prepared.status, prepared.json.error.code], [422, 'public_domain_cannot_be_reserved'])
  // Not by hand, either: neither as a work nor within a collection.
  const direct = await post('/api/statements', sign(work({ fingerprints: { sha256 } })))
  assert.deepEqual([direct.status, direct.json.error.code], [422, 'public_domain_cannot_be_reserved'])
  const { bytes, ...signed } = await makeManifest([{ title: 'B', medium: 'picture', fingerprints: { sha256 } }])
  const subject = { type: 'Collection', id: work().id, title: 'All', role: 'creator', ...signed }
  const manifest = new TextDecoder().decode(bytes)
  const whole = await post('/api/collections', { statement: sign(subject), manifest })
  assert.deepEqual([whole.status, whole.json.error.code], [422, 'public_domain_cannot_be_reserved'])
})

test('a collection is recorded with its manifest, or refused with a code', async () => {
  const { bytes, ...signed } = await makeManifest([
    { title: 'One', medium: 'text' },
    { title: 'Two', medium: 'text' },
  ])
  const manifest = new TextDecoder().decode(bytes)
  const subject = { type: 'Collection', id: work().id, title: 'Two texts', role: 'creator', ...signed }
  const other = await post('/api/collections', { statement: sign(subject), manifest: manifest.replace('Two', 'Six') })
  assert.deepEqual([other.status, other.json.error.code], [400, 'invalid_statement'])
  const forged = await post('/api/collections', {
    statement: { ...sign(subject), issuer: newSigner().issuer },
    manifest,
  })
  assert.equal(forged.status, 400)
  assert.equal((await post('/api/collections', { statement: sign(subject), manifest })).status, 201)
  const proof = JSON.parse((await get(`/api/collections/${subject.id}/items/1/proof`)).text)
  assert.ok(verifyItem(proof.item, signed))
  assert.equal((await get(`/api/collections/${subject.id}/items/2/proof`)).status, 404)
  const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64url')
  const input = { name: 'A', title: 'B', role: 'creator', reserve: 'all-mining', isEntitled: true }
  const item = { title: 'C', medium: 'text', codes: {} }
  for (const items of [
    [{ ...item, title: 'evil\u202etxt' }],
    [{ ...item, codes: { unknown: 'ab'.repeat(32) } }],
    Array.from({ length: 10_001 }, () => item),
  ]) {
    const refused = await post('/api/collections/prepare', { publicKey, input: { ...input, items } })
    assert.deepEqual([refused.status, refused.json.error.code], [400, 'invalid_input'])
  }
})

test('codes of another shape are refused, and do not get into the way of others', async () => {
  const odd = await post('/api/statements', sign(work({ fingerprints: { pdq: '0123456789abcdef' } })))
  assert.deepEqual([odd.status, odd.json.error.code], [400, 'invalid_statement'])
  const check = { medium: 'picture', mediaType: 'image/png', byteLength: 1, codes: {}, pdqQuality: 90 }
  const answer = await post('/api/checks', { ...check, pdqDihedral: Array.from({ length: 8 }, () => 'ab'.repeat(32)) })
  assert.equal(answer.status, 201)
  const bits = (count: number) => Buffer.alloc(32 * count, 7).toString('base64')
  const features = { width: 512, height: 400, codes: bits(2), points: Array.from({ length: 10 }, (_, i) => i / 10) }
  for (const [codesMirrored, status] of [
    [undefined, 201],
    [bits(2), 201],
    [bits(1), 400],
    ['§', 400],
  ] as const) {
    const parts = await post('/api/checks', { ...check, features: { ...features, codesMirrored } })
    assert.deepEqual([status, parts.json.error?.code], [parts.status, status === 400 ? 'invalid_input' : undefined])
  }
})

test('the OpenAPI document describes what is there', async () => {
  const document = JSON.parse((await get('/openapi.json')).text)
  assert.equal(document.openapi, '3.1.0')
  for (const path of ['/api/checks', '/api/statements', '/api/decisions', '/api/works/{id}'])
    assert.ok(document.paths[path], path)
  assert.match((await get('/openapi')).text, /Look codes up in every indexed data set/)
})

test('the vocabulary names every kind of statement and every field that the schemas know', async () => {
  const { '@context': terms } = JSON.parse((await get('/ns/v1')).text)
  const kinds = [...served.node.register.kinds.values()] as unknown as { type: string; schema: { shape: object } }[]
  assert.ok(kinds.length >= 9)
  for (const { type, schema } of kinds) {
    assert.ok(terms[type], type)
    for (const field of Object.keys(schema.shape)) {
      assert.ok(terms[field] || terms[type]['@context']?.[field], `${type}.${field}`)
    }
  }
  // The terms are protected: JSON-LD refuses a document whose contexts give one of them a second meaning. The credentials
  // context gives these a meaning at the top of a statement, so ours must be the same.
  const shared = {
    validFrom: 'https://www.w3.org/2018/credentials#validFrom',
    validUntil: 'https://www.w3.org/2018/credentials#validUntil',
  }
  for (const [term, iri] of Object.entries(shared)) assert.equal(terms[term]['@id'], iri)
  assert.deepEqual([terms.name, terms.description], ['schema:name', 'schema:description'])
  for (const [name, term] of Object.entries(terms) as [string, { '@context'?: object }][])
    for (const inner of Object.keys(term['@context'] ?? {})) assert.ok(!terms[inner], `${name} redefines ${inner}`)
})

test('a node asks another for cosignatures, again as it grows, and its receipts carry them', async () => {
  const other = await serveTestNode({ withExample: false })
  try {
    const vkey = await (await fetch(`${other.url}/log/witness-vkey`)).text()
    const witness = parseVkey(vkey)
    served.node.config.witnesses.push({ url: other.url, vkey: vkey.trim() })
    assert.equal(await askWitnesses(served.node), 0, 'the other does not know this log yet')
    other.node.config.witnessedLogs.push(served.node.register.log.vkey)
    assert.equal(await askWitnesses(served.node), 1)
    await post('/api/statements', sign(work()))
    assert.equal(await askWitnesses(served.node), 1, 'it proves that it has only grown')
    const receipt = (await get('/receipts/0.tlog-proof')).text
    const { findings } = verifyReceipt(receipt, { log: parseVkey(served.node.register.log.vkey), witnesses: [witness] })
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['inclusion_verified', 'log_signature_verified', 'witnessed', 'statement_signature_verified'],
    )
    assert.equal(parseCheckpoint((await get('/log/checkpoint')).text).note.signatures.length, 2)
  } finally {
    served.node.config.witnesses.pop()
    await other.stop()
  }
})

test('a node witnesses the logs it was told to, and no other', async () => {
  const checkpoint = parseCheckpoint((await get('/log/checkpoint')).text)
  const body = formatAddCheckpoint(0, [], checkpoint)
  assert.equal((await post('/add-checkpoint', body)).status, 404)
  served.node.config.witnessedLogs.push((await get('/log/vkey')).text.trim())
  const answer = await post('/add-checkpoint', body)
  assert.deepEqual([answer.status, answer.text.startsWith('— localhost/log/')], [200, true])
  assert.equal((await post('/add-checkpoint', body)).status, 409)
  assert.equal((await post('/add-checkpoint', 'nonsense')).status, 400)
})

import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, before, test } from 'node:test'
import { makeManifest } from '../src/register/index.ts'
import type { Statement, StatementSigner } from '../src/statements/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'
import { newSigner, signed } from './support/testRegister.ts'

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served.stop())

async function post(path: string, body: object): Promise<{ status: number; json: Record<string, unknown> }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(served.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

const sign = (signer: StatementSigner, ...subjects: Statement['credentialSubject']) =>
  signed(served.node.register, signer, ...subjects)
const people = newSigner()
const introduced = { type: 'Party', id: people.issuer, kind: 'community', name: 'People', keys: [] }
const codes = { sha256: 'ab'.repeat(32) }

test('a community that reserves from the page stays a community', async () => {
  assert.equal((await post('/api/statements', sign(people, introduced))).status, 201)
  const publicKey = createPublicKey(people.privateKey).export({ type: 'spki', format: 'der' }).toString('base64url')
  const entitled = { name: 'P', title: 'Chant', role: 'creator', reserve: 'all-mining', isEntitled: true }
  const input = { ...entitled, medium: 'sound', codes }
  const { status, json } = await post('/api/reservations/prepare', { publicKey, input })
  assert.equal(status, 200, JSON.stringify(json))
  const { credentialSubject } = json.statement as Statement
  assert.deepEqual(
    credentialSubject.map(({ type }) => type),
    ['Work', 'Terms'],
  )
})

test('the proof of an item tells no code that a community keeps', async () => {
  const id = 'urn:uuid:018f0000-0000-7000-9000-00000000c0de'
  const { bytes, ...root } = await makeManifest([{ title: 'One', medium: 'sound', fingerprints: codes }] as never)
  const statement = sign(people, { type: 'Collection', id, title: 'Chants', role: 'creator', ...root })
  const manifest = new TextDecoder().decode(bytes)
  assert.equal((await post('/api/collections', { statement, manifest })).status, 201)
  const proof = () => fetch(`${served.url}/api/collections/${id}/items/0/proof`)
  assert.match(await (await proof()).text(), new RegExp(codes.sha256))
  const label = { type: 'Label', target: { kind: 'set', id }, code: 'tkss' }
  assert.equal((await post('/api/statements', sign(people, label))).status, 201)
  const refused = await proof()
  assert.equal(refused.status, 403)
  assert.doesNotMatch(await refused.text(), new RegExp(codes.sha256))
})

test('nothing is no number, and a place that is none is not asked about', async () => {
  const id = 'urn:uuid:018f0000-0000-7000-9000-00000000ca5e'
  const work = { type: 'Work', id, role: 'creator', title: 'Case', medium: 'text' }
  assert.equal((await post('/api/statements', sign(newSigner(), work))).status, 201)
  const ask = async (more: string) =>
    (await fetch(`${served.url}/api/decisions?work=${id}&action=tdm:mine${more}`)).status
  assert.deepEqual([await ask('&modelFlopExponent='), await ask('&modelFlopExponent=%20')], [400, 400])
  assert.equal(await ask('&territory=ZZ'), 400)
  assert.equal(await ask('&modelFlopExponent=23&territory=RE'), 200)
})

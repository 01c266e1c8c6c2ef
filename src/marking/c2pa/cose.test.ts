import assert from 'node:assert/strict'
import { createHash, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestTimeAuthority } from '../../../tests/support/timeAuthority.ts'
import { CborTag, decodeCbor, encodeCbor, type Cbor } from './cbor.ts'
import { generateKey, makeCertificate } from './certificates.ts'
import { signClaim, signatureBytes } from './cose.ts'
import type { TimeAuthority } from './signer.ts'
import { openTimeAuthority } from './timeStamp.ts'
import { readTimeStamp } from './timeStampToken.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const key = generateKey()
const certificate = makeCertificate({
  subject: { organisation: 'Test', commonName: 'Test' },
  publicKey: key.publicKey,
  use: 'sign',
  serial: Uint8Array.of(7),
  notBeforeMs: NOW - 1000,
  notAfterMs: NOW + 1000,
  issuerKey: generateKey().privateKey,
})
const signer = { certificates: [certificate], privateKey: key.privateKey }

function parts(cose: Uint8Array): [Uint8Array, Map<string, Cbor>, null, Uint8Array] {
  const tagged = decodeCbor(cose)
  assert.ok(tagged instanceof CborTag && tagged.tag === 18)
  return tagged.value as [Uint8Array, Map<string, Cbor>, null, Uint8Array]
}

test('a signature verifies and has exactly the length that was kept for it', async () => {
  const claim = new TextEncoder().encode('claim')
  const shortest = (await signClaim(claim, signer, signatureBytes(signer))).length
  // Around every length at which a padding takes another byte to say how long it is.
  for (const length of [...range(700, 960), ...range(66_000, 66_400), shortest]) {
    const cose = await signClaim(claim, signer, length)
    assert.equal(cose.length, length)
    const [header, , payload, signature] = parts(cose)
    assert.equal(payload, null)
    const signed = encodeCbor(['Signature1', header, new Uint8Array(), claim])
    assert.ok(verify('sha256', signed, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature))
  }
})

test('a time-stamp attests the signature, and one that has no room is an error', async () => {
  const timeAuthority = openTestTimeAuthority(() => NOW)
  const stamped = { ...signer, timeAuthority }
  const [header, unprotected, , signature] = parts(await signClaim(new Uint8Array(5), stamped, signatureBytes(stamped)))
  const [token] = (unprotected.get('sigTst2') as Map<string, Map<string, Uint8Array>[]>).get('tstTokens')!
  const said = readTimeStamp(token!.get('val')!)!
  assert.equal(said.epochMs, NOW)
  const counterSigned = encodeCbor(['CounterSignature', header, new Uint8Array(), encodeCbor(signature)])
  assert.deepEqual(said.digest, new Uint8Array(createHash('sha256').update(counterSigned).digest()))
  await assert.rejects(signClaim(new Uint8Array(5), stamped, 1000), { code: 'too_large' })
})

test('an authority that refuses, or answers something else, is an error', async () => {
  const honest = openTestTimeAuthority(() => NOW)
  const answers = [
    new Uint8Array(),
    Uint8Array.of(0x30, 5, 0x30, 3, 2, 1, 2),
    Uint8Array.of(0x30, 0x84, 255, 255, 255, 255),
  ]
  for (const answer of answers) {
    const stamped = { ...signer, timeAuthority: { stamp: async () => answer } }
    await assert.rejects(signClaim(new Uint8Array(5), stamped, signatureBytes(stamped)), { code: 'fetch_failed' })
  }
  let kept: Uint8Array | undefined
  const replaying = { stamp: async (request: Uint8Array) => (kept ??= await honest.stamp(request)) }
  const stamped = { ...signer, timeAuthority: replaying }
  await signClaim(new Uint8Array(5), stamped, signatureBytes(stamped))
  await assert.rejects(signClaim(new Uint8Array(6), stamped, signatureBytes(stamped)), { code: 'fetch_failed' })
})

test('an authority is asked over HTTP; one that fails, or lies in a private network, is an error', async (t) => {
  const authority = openTestTimeAuthority(() => NOW)
  const server = createServer(async (request, response) => {
    if (request.url === '/broken') return response.writeHead(500).end()
    const isQuery = request.method === 'POST' && request.headers['content-type'] === 'application/timestamp-query'
    response.writeHead(isQuery ? 200 : 400, { 'content-type': 'application/timestamp-reply' })
    response.end(await authority.stamp(new Uint8Array(await buffer(request))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const signWith = (timeAuthority: TimeAuthority) => {
    const stamped = { ...signer, timeAuthority }
    return signClaim(new Uint8Array(5), stamped, signatureBytes(stamped))
  }
  const [, unprotected] = parts(await signWith(openTimeAuthority(url, { allowPrivate: true })))
  assert.ok(unprotected.has('sigTst2'))
  await assert.rejects(signWith(openTimeAuthority(`${url}broken`, { allowPrivate: true })), { code: 'fetch_failed' })
  await assert.rejects(signWith(openTimeAuthority(url)), { code: 'url_refused' })
})

test('CBOR comes back as it was written; anything else is nothing, and never an error', () => {
  const value = fc.letrec<{ any: Cbor }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: -(2 ** 32), max: 2 ** 32 - 1 }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(tie('any'), { maxLength: 5 }),
      fc.array(fc.tuple(fc.oneof(fc.string(), fc.nat()), tie('any')), { maxLength: 5 }).map((pairs) => new Map(pairs)),
      tie('any').map((inner) => new CborTag(18, inner)),
    ),
  })).any
  fc.assert(fc.property(value, (each) => assert.deepEqual(decodeCbor(encodeCbor(each)), each)))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeCbor(bytes)))
  assert.equal(decodeCbor(new Uint8Array(10_000).fill(0x81)), undefined)
  assert.equal(decodeCbor(Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff)), undefined)
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

import assert from 'node:assert/strict'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColophonError, canonicalJson, fromBase58, sha256, toBase58, toHex } from '../foundation/index.ts'
import { parseDidKey, toDidKey } from './didKey.ts'
import {
  attachPasskeyProof,
  eddsaHashData,
  makeStatement,
  newSigner,
  passkeyChallenge,
  passkeyProofOptions,
  signStatement,
} from './sign.ts'
import { parseStatement, verifyStatement } from './verify.ts'

const effects = {
  now: () => Date.parse('2026-11-24T12:00:00Z'),
  randomBytes: (length: number) => new Uint8Array(length).fill(7),
}
const subject = { type: 'Work', title: 'Ünïcode ✓', nested: { b: 2, a: [1, null] } }

test('eddsa-jcs-2022 gives the hashes and the signature of the W3C test vector', () => {
  const context = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2']
  const document = {
    '@context': context,
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    type: ['VerifiableCredential', 'AlumniCredential'],
    name: 'Alumni Credential',
    description: 'A minimum viable example of an Alumni Credential.',
    issuer: 'https://vc.example/issuers/5678',
    validFrom: '2023-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
  }
  const key = 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2'
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    created: '2023-02-24T23:36:38Z',
    verificationMethod: `did:key:${key}#${key}`,
    proofPurpose: 'assertionMethod',
    '@context': context,
  }
  const hashData = eddsaHashData(document, options)
  assert.equal(
    toHex(hashData),
    '66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19',
  )
  const seed = fromBase58('3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq').subarray(2)
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
  assert.equal(toDidKey(createPublicKey(privateKey)), `did:key:${key}`)
  const signature = sign(null, hashData, privateKey)
  assert.equal(
    `z${toBase58(signature)}`,
    'z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX',
  )
})

test('canonical JSON follows RFC 8785, and is the same whatever the order of members', () => {
  assert.equal(
    canonicalJson({
      // oxlint-disable-next-line no-loss-of-precision -- the vector of RFC 8785 is about exactly this.
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  assert.equal(
    canonicalJson({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\ufb33': 5 }),
    '{"\\r":2,"1":3,"€":1,"😀":4,"\ufb33":5}',
  )
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      assert.equal(canonicalJson(JSON.parse(text)), text)
    }),
  )
})

test('a signed statement verifies, and any change to it does not', () => {
  const statement = signStatement(makeStatement(newSigner().issuer, [subject], effects), newSigner())
  assert.equal(verifyStatement(parseStatement(statement)).didKey, statement.proof.verificationMethod.split('#')[0])
  const changed = [
    { ...statement, issuer: newSigner().issuer },
    { ...statement, validFrom: '2026-11-24T12:00:01Z' },
    { ...statement, credentialSubject: [{ ...subject, title: 'other' }] },
    { ...statement, proof: { ...statement.proof, created: '2026-11-24T12:00:01Z' } },
    { ...statement, proof: { ...statement.proof, proofValue: `${statement.proof.proofValue.slice(0, -1)}1` } },
    { ...statement, proof: { ...statement.proof, proofValue: 'z' } },
  ]
  for (const document of changed) {
    assert.throws(
      () => verifyStatement(parseStatement(document)),
      (error: ColophonError) => error.code === 'invalid_signature',
    )
  }
  for (const document of [
    null,
    [],
    {},
    { ...statement, extra: 1 },
    { ...statement, type: ['VerifiableCredential'] },
    { ...statement, credentialSubject: [] },
  ]) {
    assert.throws(
      () => parseStatement(document),
      (error: ColophonError) => error.code === 'invalid_statement',
    )
  }
})

/** What an authenticator does, written apart from the code under test. */
function passkeyOf(origin: string, rpId: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    didKey: toDidKey(publicKey),
    answer(challenge: Uint8Array, flags = 0x05, type = 'webauthn.get') {
      const clientDataJSON = Buffer.from(
        JSON.stringify({ type, challenge: Buffer.from(challenge).toString('base64url'), origin, crossOrigin: false }),
      )
      const authenticatorData = Buffer.concat([
        createHash('sha256').update(rpId).digest(),
        Buffer.from([flags, 0, 0, 0, 1]),
      ])
      const signature = sign(
        'sha256',
        Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()]),
        privateKey,
      )
      return { authenticatorData, clientDataJSON, signature }
    },
  }
}

test('a passkey statement verifies from what is archived in it alone', () => {
  const passkey = passkeyOf('https://colophon.museum.example', 'museum.example')
  const unsigned = makeStatement(passkey.didKey, [subject], effects)
  const challenge = passkeyChallenge(unsigned, passkeyProofOptions(unsigned, passkey.didKey))
  const statement = parseStatement(
    JSON.parse(JSON.stringify(attachPasskeyProof(unsigned, passkey.didKey, passkey.answer(challenge)))),
  )
  assert.deepEqual(verifyStatement(statement), {
    didKey: passkey.didKey,
    passkeyOrigin: 'https://colophon.museum.example',
  })
  const bad = [
    attachPasskeyProof(unsigned, passkey.didKey, passkey.answer(sha256(challenge))),
    attachPasskeyProof(unsigned, passkey.didKey, passkey.answer(challenge, 0x04)),
    attachPasskeyProof(unsigned, passkey.didKey, passkey.answer(challenge, 0x05, 'webauthn.create')),
    attachPasskeyProof(unsigned, passkeyOf('https://a.example', 'a.example').didKey, passkey.answer(challenge)),
    attachPasskeyProof({ ...unsigned, validFrom: '2026-11-24T12:00:01Z' }, passkey.didKey, passkey.answer(challenge)),
  ]
  const elsewhere = passkeyOf('https://evil.example', 'museum.example')
  const evil = makeStatement(elsewhere.didKey, [subject], effects)
  bad.push(
    attachPasskeyProof(
      evil,
      elsewhere.didKey,
      elsewhere.answer(passkeyChallenge(evil, passkeyProofOptions(evil, elsewhere.didKey))),
    ),
  )
  for (const document of bad)
    assert.throws(
      () => verifyStatement(parseStatement(document)),
      (error: ColophonError) => error.code === 'invalid_signature',
    )
})

test('did:key round-trips for both curves and refuses what is no key', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.ok(parseDidKey(toDidKey(publicKey)).publicKey.equals(publicKey))
  // The P-256 key of the W3C vc-di-ecdsa test vectors.
  assert.equal(parseDidKey('did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP').curve, 'P-256')
  const offCurve = `did:key:z${toBase58(Buffer.concat([Uint8Array.of(0x80, 0x24, 2), new Uint8Array(32).fill(0xff)]))}`
  for (const did of ['did:key:z6Mk', offCurve, `did:key:z${'1'.repeat(50)}`, 'did:web:example.org']) {
    assert.throws(() => parseDidKey(did), ColophonError)
  }
})

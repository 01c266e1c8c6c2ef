import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ColophonError } from '../foundation/index.ts'
import { newSigner, type StatedSubject } from '../statements/index.ts'
import { admitDidWeb, didWebUrl } from './didWeb.ts'

const { didKey } = newSigner()
const issuer = 'did:web:museum.example'
const stated = { subject: { type: 'Party' }, issuer, didKey } as unknown as StatedSubject<never>
const documentOf = (value: unknown) => async () => new TextEncoder().encode(JSON.stringify(value))

test('a did:web names the address of its document', () => {
  assert.equal(didWebUrl(issuer), 'https://museum.example/.well-known/did.json')
  assert.equal(didWebUrl('did:web:example.org%3A8443:archives:one'), 'https://example.org:8443/archives/one/did.json')
})

test('an organisation is let in when its domain names the key, and only then', async () => {
  const key = {
    id: `${issuer}#key-1`,
    type: 'Multikey',
    controller: issuer,
    publicKeyMultibase: didKey.slice('did:key:'.length),
  }
  await admitDidWeb(documentOf({ id: issuer, verificationMethod: [key] }))(stated)
  for (const document of [
    null,
    {},
    { id: issuer },
    { id: issuer, verificationMethod: [{}, null] },
    { id: 'did:web:other.example', verificationMethod: [key] },
    { id: issuer, verificationMethod: [{ ...key, publicKeyMultibase: 'z6Mk' }] },
  ]) {
    await assert.rejects(
      admitDidWeb(documentOf(document))(stated),
      (error: ColophonError) => error.code === 'unknown_key',
    )
  }
  await assert.rejects(
    admitDidWeb(async () => Buffer.from('<html>'))(stated),
    (error: ColophonError) => error.code === 'invalid_json',
  )
  await admitDidWeb(async () => assert.fail('nobody else is asked'))({
    ...stated,
    issuer: didKey,
  } as StatedSubject<never>)
})

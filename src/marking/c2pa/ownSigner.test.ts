import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openNodeCertificates } from './nodeCertificates.ts'
import { ownSigner } from './ownSigner.ts'

const NOW = Date.UTC(2026, 10, 24)
const pem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
const keyPem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  String(key.export({ type: 'pkcs8', format: 'pem' }))

test('certificates and a key of one’s own sign, and what does not belong together is refused', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-signer-'))
  try {
    const { certificates, privateKey } = await openNodeCertificates(directory, 'Studio', () => NOW)
    const chain = certificates.map(pem).join('')
    const own = ownSigner(chain, keyPem(privateKey), NOW)
    assert.deepEqual(own.certificates, certificates)
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    const edwards = generateKeyPairSync('ed25519').privateKey
    const refused = (chainPem: string, key: string, now: number, code: string) =>
      assert.throws(() => ownSigner(chainPem, key, now), { code })
    refused(chain, keyPem(other), NOW, 'invalid_input')
    refused(chain, keyPem(edwards), NOW, 'invalid_input')
    refused(chain, keyPem(privateKey), NOW + 6 * 365 * 86_400_000, 'invalid_input')
    refused(certificates.toReversed().map(pem).join(''), keyPem(privateKey), NOW, 'invalid_input')
    refused('', keyPem(privateKey), NOW, 'invalid_input')
    refused(chain, 'no key', NOW, 'unreadable_file')
    refused('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', keyPem(privateKey), NOW, 'unreadable_file')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

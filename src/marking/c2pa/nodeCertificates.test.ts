import assert from 'node:assert/strict'
import { X509Certificate, createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { nodeTrustAnchors, openNodeCertificates } from './index.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const YEAR_MS = 365 * 86_400_000

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-certificates-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

test('a node makes a root and a signer once, and keeps them to itself', async (t) => {
  const directory = folder(t)
  assert.deepEqual(nodeTrustAnchors(directory), [])
  const first = await openNodeCertificates(directory, 'Museum of Łódź', () => NOW)
  const again = await openNodeCertificates(directory, 'Museum of Łódź', () => NOW + YEAR_MS)
  assert.deepEqual(again.certificates, first.certificates)
  assert.ok(again.privateKey.equals(first.privateKey))
  for (const name of ['c2pa-root.pem', 'c2pa-signer.pem'])
    assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
  const [leaf, root] = first.certificates.map((der) => new X509Certificate(der)) as [X509Certificate, X509Certificate]
  assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root) && root.checkIssued(root))
  assert.ok(root.ca && !leaf.ca)
  assert.ok(leaf.publicKey.equals(createPublicKey(first.privateKey)))
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.4'])
  assert.match(leaf.subject, /CN=Museum of Łódź/)
  assert.equal(nodeTrustAnchors(directory).length, 1)
  assert.doesNotMatch(nodeTrustAnchors(directory).join(''), /PRIVATE/)
})

test('a signer is renewed long before it expires, and a root while it outlives its signers', async (t) => {
  const directory = folder(t)
  const first = await openNodeCertificates(directory, 'Museum', () => NOW)
  const renewed = await openNodeCertificates(directory, 'Museum', () => NOW + 4 * YEAR_MS)
  assert.notDeepEqual(renewed.certificates[0], first.certificates[0])
  assert.deepEqual(renewed.certificates[1], first.certificates[1])
  const late = await openNodeCertificates(directory, 'Museum', () => NOW + 20 * YEAR_MS)
  assert.notDeepEqual(late.certificates[1], first.certificates[1])
  const anchors = nodeTrustAnchors(directory)
  assert.deepEqual(
    anchors.map((pem) => new Uint8Array(new X509Certificate(pem).raw)),
    [late.certificates[1], first.certificates[1]],
  )
})

test('another name is another signer, of the same root; a clock that was set back gives new ones', async (t) => {
  const directory = folder(t)
  const first = await openNodeCertificates(directory, 'Museum', () => NOW)
  const renamed = await openNodeCertificates(directory, 'Archive', () => NOW)
  assert.match(new X509Certificate(renamed.certificates[0]!).subject, /O=Archive/)
  assert.deepEqual(renamed.certificates[1], first.certificates[1])
  const earlier = await openNodeCertificates(directory, 'Archive', () => NOW - YEAR_MS)
  assert.ok(new X509Certificate(earlier.certificates[0]!).validFromDate.getTime() < NOW - YEAR_MS)
  assert.equal(nodeTrustAnchors(directory).length, 2)
})

test('names are cut to what a certificate may hold, and a damaged file is never replaced', async (t) => {
  const directory = folder(t)
  const { certificates } = await openNodeCertificates(directory, `A\n${'b'.repeat(100)}`, () => NOW)
  assert.match(new X509Certificate(certificates[0]!).subject, /^O=A b{62}\nCN=A b{62}$/)
  const path = join(directory, 'c2pa-root.pem')
  const damaged = readFileSync(path, 'latin1').slice(0, 200)
  writeFileSync(path, damaged)
  await assert.rejects(
    openNodeCertificates(directory, 'A', () => NOW),
    { code: 'unreadable_file', where: path },
  )
  assert.equal(readFileSync(path, 'latin1'), damaged)
})

import assert from 'node:assert/strict'
import { X509Certificate, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { unzipSync, zipSync, type Unzipped } from 'fflate'
import { bundleOf, openRequest, runCheck } from '../../api/index.ts'
import { exampleWorks } from '../../../tests/support/exampleWorks.ts'
import { identifyBytes } from '../../fingerprints/index.ts'
import { systemEffects, uuidV7 } from '../../foundation/index.ts'
import { makeSigner } from '../../log/index.ts'
import { appendStatement, makeStatement, newSigner, signStatement } from '../../statements/index.ts'
import { caseInput } from '../../../tests/support/caseInput.ts'
import { openTestTimeAuthority } from '../../../tests/support/timeAuthority.ts'
import { serveTestNode, type ServedNode } from '../../../tests/support/testNode.ts'
import { speak, words } from '../../web/index.ts'
import { letterOf } from '../letter.ts'
import type { RequestInput } from '../openCase.ts'
import { findCase } from '../store.ts'
import { makeBundle } from './makeBundle.ts'
import { recheckMatch } from './recheckMatch.ts'
import { verifyBundle } from './verifyBundle.ts'
import { readWarc, writeWarc } from './warc.ts'

let served: ServedNode
let whole: Uint8Array
let vkey: string
let codes: Record<string, string>
before(async () => {
  served = await serveTestNode({ withExample: true })
  vkey = served.node.logSigner.vkey
  whole = (await makeBundleOf({})).zip
})
after(() => served.stop())

async function openBoats(more: Partial<RequestInput> = {}, name = 'nagasaki-boats.jpg') {
  const work = (await exampleWorks()).find(({ fileName }) => fileName === name)!
  const found = await identifyBytes(work.bytes, work.fileName)
  codes = found.codes as Record<string, string>
  const { id } = await openRequest(served.node, await runCheck(served.node, found), 0, { ...caseInput, ...more })
  return (await findCase(served.node.register.database.db, id))!
}

async function makeBundleOf(more: Partial<RequestInput>, isCaptured = false) {
  return bundleOf(served.node, await openBoats(more), { isCaptured, words, speak, allowPrivate: true })
}

/** What a bundle of a new case is made of. */
async function partsOf() {
  const found = await openBoats()
  const letter = letterOf(found, served.node.datasets.list())
  const { logSigner } = served.node
  const parts = { letter, isPrivate: false, evidence: found.evidence, salt: found.salt, events: [], declared: [] }
  return { parts: { ...parts, speak, logSigner, isQualified: false } }
}

const codesOf = (bytes: Uint8Array, trust = {}) =>
  verifyBundle(bytes, trust).findings.map(({ code, severity }) => `${severity} ${code}`)

/** The bundle with some of its parts changed. */
function changed(change: (parts: Unzipped) => void): Uint8Array {
  const parts = unzipSync(whole)
  change(parts)
  return zipSync(parts)
}

test('a bundle shows what was declared, what was found, and when, with nothing but its bytes', () => {
  const verdict = verifyBundle(whole, { vkey, workCodes: codes })
  assert.equal(verdict.isSound, true, JSON.stringify(verdict.findings, null, 1))
  assert.deepEqual(
    verdict.findings.filter(({ severity }) => severity === 'good').map(({ code }) => code),
    [
      'files_verified',
      'log_key_trusted',
      'list_signed',
      'receipt_verified',
      'list_committed',
      'receipt_verified',
      'evidence_committed',
      'receipt_verified',
      'declared_before',
      'match_recomputed',
      'work_is_the_one',
    ],
  )
  assert.deepEqual(
    verdict.findings.filter(({ severity }) => severity === 'open').map(({ code }) => code),
    ['no_time_stamp', 'nothing_captured'],
  )
})

test('the key that a bundle brings proves nothing by itself, and another key refutes it', () => {
  assert.ok(codesOf(whole).includes('open log_key_from_bundle'))
  const other = vkey.replace(/\+[0-9a-f]{8}\+.*/, '+00000000+AAAA')
  assert.equal(verifyBundle(whole, { vkey: other }).isSound, false)
})

test('whatever is changed, added, left out or moved is told', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const utf8 = (said: string) => new TextEncoder().encode(said)
  const cases: [string, (parts: Unzipped) => void][] = [
    ['bad file_changed', (parts) => (parts['letter.txt'] = utf8('I demand money.'))],
    ['bad file_missing', (parts) => delete parts['report.pdf']],
    ['bad file_not_listed', (parts) => (parts['found/more.jpg'] = utf8('?'))],
    [
      'bad file_changed',
      (parts) => (parts['evidence.json'] = utf8(text(parts['evidence.json']!).replace('Boats', 'B'))),
    ],
    ['bad evidence_not_committed', (parts) => (parts['evidence.salt'] = utf8('00'.repeat(32)))],
    ['bad list_not_committed', (parts) => (parts['bundle.tlog-proof'] = parts['evidence.tlog-proof']!)],
    ['bad evidence_not_committed', (parts) => (parts['evidence.tlog-proof'] = parts['bundle.tlog-proof']!)],
    [
      'bad list_not_committed',
      (parts) => (parts['bundle.json'] = utf8(text(parts['bundle.json']!).replace('“', '"').replace('Boats', 'Ships'))),
    ],
    ['bad declaration_not_proved', (parts) => delete parts['declared/1-work.tlog-proof']],
  ]
  for (const [expected, change] of cases) {
    const found = codesOf(changed(change), { vkey })
    assert.ok(found.includes(expected), `${expected}: ${found.join(', ')}`)
  }
  assert.equal(verifyBundle(whole, { vkey, workCodes: { ...codes, sha256: 'f'.repeat(64) } }).isSound, true)
  assert.equal(verifyBundle(whole, { vkey, workCodes: { sha256: 'f'.repeat(64) } }).isSound, false)
})

test('who does not run the log cannot make a bundle, though everybody may put commitments on the log', async () => {
  const { register, signer } = served.node
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const stranger = makeSigner(served.node.logSigner.name, key)
  const { parts } = await partsOf()
  const words = { language: 'en', t: (name: string) => name }
  const { zip } = await makeBundle(register, newSigner(), { ...parts, logSigner: stranger }, words)
  const found = codesOf(zip, { vkey })
  assert.ok(found.includes('bad log_key_differs') && found.includes('bad list_not_signed'), found.join())
  // The same with the right key lying in it, of which the stranger has only the public half.
  const posing = { ...stranger, vkey }
  const posed = await makeBundle(register, newSigner(), { ...parts, logSigner: posing }, words)
  const answers = codesOf(posed.zip, { vkey })
  assert.ok(answers.includes('bad list_not_signed') && answers.includes('bad evidence_of_another'), answers.join())
  const later = { ...parts, letter: { ...parts.letter, createdAt: '2001-01-01T00:00:00.000Z' } }
  const dated = await makeBundle(register, signer, later, words)
  assert.ok(codesOf(dated.zip, { vkey }).includes('bad times_differ'))
})

test('what is declared after the evidence does not count as before it', async () => {
  const title = 'Declared too late'
  const work = { type: 'Work', id: `urn:uuid:${uuidV7(systemEffects)}`, role: 'creator', title, medium: 'picture' }
  const found = await openBoats({}, 'map-of-an-invented-sky.png')
  const copycat = newSigner()
  const subject = { ...work, access: 'public', fingerprints: { sha256: codes.sha256! } }
  const { register } = served.node
  await appendStatement(register, signStatement(makeStatement(copycat.issuer, [subject], systemEffects), copycat))
  const { zip } = await bundleOf(served.node, found, { isCaptured: false, words, speak })
  const told = verifyBundle(zip, { vkey }).findings.filter(({ detail }) => detail.includes(title))
  assert.deepEqual(
    told.map(({ code, severity }) => [code, severity]),
    [['declared_after', 'open']],
  )
})

test('an archive that other programs may read otherwise is no sound bundle', () => {
  const end = whole.subarray(-22)
  const gap = Buffer.concat([Buffer.from('more'), whole])
  const comment = Buffer.concat([whole.subarray(0, -2), Uint8Array.of(22, 0), end])
  const behind = Buffer.concat([whole, Buffer.from('more')])
  const header = Uint8Array.from(whole)
  // The name in the header of the first file is another than in the directory.
  header[30]! ^= 1
  for (const bytes of [gap, comment, behind, header].map((each) => new Uint8Array(each))) {
    try {
      assert.ok(codesOf(bytes, { vkey }).includes('bad archive_ambiguous'))
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'unreadable_file', String(error))
    }
  }
})

test('names in a bundle move no cursor and turn no letters round', () => {
  const name = 'a\u001b[2J\u202e\u001b[H Sound.'
  const { findings } = verifyBundle(changed((parts) => (parts[name] = new Uint8Array(1))))
  assert.ok(findings.some(({ code }) => code === 'file_not_listed'))
  for (const { detail } of findings) assert.doesNotMatch(detail, /[\p{Cc}\p{Cf}]/u)
})

test('what any two pictures or texts have in common is no match', () => {
  const hit = { match: 'near-picture', measure: 128, rowCodes: { pdq: '00'.repeat(32), sha256: null } }
  const own = { pdq: '0f'.repeat(32) }
  assert.equal(recheckMatch({ hit, codes: own, row: null } as never).code, 'match_differs')
  const passage = { match: 'passage', measure: 60, alignment: { shared: '...' }, rowCodes: {} }
  const { severity } = recheckMatch({ hit: passage, codes: {}, row: { text: 'anything' } } as never)
  assert.equal(severity, 'open')
})

test('a byte that is changed anywhere in any part makes a bundle unsound', () => {
  const names = Object.keys(unzipSync(whole))
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 0.999999, noNaN: true }), (name, where) => {
      const bytes = changed((parts) => {
        const part = Uint8Array.from(parts[name]!)
        part[Math.floor(where * part.length)]! ^= 1
        parts[name] = part
      })
      try {
        assert.equal(verifyBundle(bytes, { vkey }).isSound, false, name)
      } catch (error) {
        // The list itself may no longer be one.
        assert.ok(['unreadable_file', 'invalid_json'].includes(String((error as { code?: string }).code)))
        assert.equal(name, 'bundle.json')
      }
    }),
    { numRuns: 60 },
  )
})

test('what is no bundle is refused, and a bomb before it is unpacked', () => {
  const isRefusal = { name: 'ColophonError', code: 'unreadable_file' }
  assert.throws(() => verifyBundle(new TextEncoder().encode('PK')), isRefusal)
  assert.throws(() => verifyBundle(zipSync({ 'a.txt': new Uint8Array(3) })), { code: 'unreadable_file' })
  const bomb = zipSync({ 'bundle.json': new Uint8Array(64 * 1024 * 1024) }, { level: 9 })
  assert.throws(() => verifyBundle(bomb), { code: 'unreadable_file' })
})

test('pages are kept as they answered, and so is that one did not', async () => {
  const site = createServer((request, response) => {
    if (request.url === '/gone') return void request.socket.destroy()
    response.writeHead(200, { 'content-type': 'text/html', 'x-robots-tag': 'noai' }).end('<p>Boats</p>')
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => site.once('listening', ready))
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/page`
  try {
    const found = await openBoats()
    const evidence = JSON.parse(found.evidence) as { hit: { url: string | null } }
    evidence.hit.url = url
    // The case as it would be if the row had that address: the commitment is another then, and is told.
    const { zip } = await bundleOf(
      served.node,
      { ...found, evidence: JSON.stringify(evidence) },
      { isCaptured: true, words, speak, allowPrivate: true },
    )
    const records = readWarc(unzipSync(zip)['captured/pages.warc']!)
    assert.deepEqual(
      records.map(({ type, url: of }) => [type, of]),
      [
        ['warcinfo', undefined],
        ['request', url],
        ['response', url],
      ],
    )
    assert.match(
      new TextDecoder().decode(records[2]!.block),
      /^HTTP\/1\.1 200 [^]*x-robots-tag: noai\r\n[^]*<p>Boats<\/p>$/,
    )
    assert.ok(codesOf(zip, { vkey }).includes('good captured_verified'))
    assert.ok(codesOf(zip, { vkey }).includes('bad evidence_not_committed'))
  } finally {
    site.close()
  }
  const failed = writeWarc([{ url: 'http://gone.example/', at: 0, failure: 'no answer\r\nWARC/1.1' }], 'x', 0)
  const [, failure] = readWarc(failed)
  assert.equal(failure!.type, 'metadata')
  const torn = failed.slice()
  torn[torn.length - 8]! ^= 1
  assert.throws(() => readWarc(torn), /record 2 is not what its digest says/)
})

test('a time-stamp is over the list, and its kind is said as it is', async () => {
  const authority = openTestTimeAuthority(() => Date.now())
  const clock = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    response.end(await authority.stamp(new Uint8Array(Buffer.concat(chunks))))
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => clock.once('listening', ready))
  const { config } = served.node
  const url = `http://127.0.0.1:${(clock.address() as AddressInfo).port}/`
  try {
    config.timeAuthority = { url, isQualified: true }
    const { zip } = await makeBundleOf({})
    const anchor = new X509Certificate(authority.anchor)
    const said = verifyBundle(zip, { vkey }).findings.find(({ code }) => code === 'time_stamp_kind')!
    assert.equal(said.severity, 'open')
    assert.match(said.detail, /said to be a qualified time-stamp .* trusted list/)
    assert.ok(codesOf(zip, { vkey, timeAnchors: [anchor] }).includes('good time_stamp_kind'))
    const other = unzipSync(zip)
    other['time-stamp.tst'] = unzipSync((await makeBundleOf({})).zip)['time-stamp.tst']!
    assert.ok(codesOf(zipSync(other), { vkey }).includes('bad time_stamp_invalid'))
  } finally {
    config.timeAuthority = undefined
    clock.close()
  }
})

test('nothing of a private case is bundled', async () => {
  await assert.rejects(makeBundleOf({ isIntimate: true }), { code: 'not_authorised' })
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf'
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest'
import fc from 'fast-check'
import { disclosureFrom } from '../src/disclosure/index.ts'
import {
  markFile,
  nodeTrustAnchors,
  openNodeCertificates,
  readTextManifest,
  verifyFile,
  wrapTextManifest,
  type FileReport,
  type MarkRequest,
} from '../src/marking/index.ts'
import { signFile, signStore } from '../src/marking/c2pa/index.ts'
import { sniffFormat } from '../src/marking/sniffFormat.ts'
import { wrapperLength } from '../src/marking/web/index.ts'
import { sniff } from '../src/fingerprints/index.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { declaration } from './support/makeDocuments.ts'
import { openTestTimeAuthority } from './support/timeAuthority.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-texts-'))
after(() => rmSync(directory, { recursive: true }))
const NOW = Date.now()
const DAY_MS = 86_400_000
const node = (name: string) => openNodeCertificates(join(directory, name), name, () => NOW)
const signer = await node('Studio')
const timeAuthority = openTestTimeAuthority(() => NOW)
const trustAnchors = [...nodeTrustAnchors(join(directory, 'Studio')), timeAuthority.anchor]

const disclosure = disclosureFrom({
  profile: 'visualArtAndPhotography',
  phases: { ideation: 0, production: 0, postProduction: 2 },
  review: 'reviewed',
  systems: [{ name: 'Painter', version: '3', phase: 'postProduction', role: 'inpainting' }],
  uses: [{ action: 'col:trainGenAI', decision: 'deny' }],
})
const request: MarkRequest = {
  disclosure,
  title: 'Οικουμενική διακήρυξη',
  watermark: true,
  textManifest: true,
  signer,
  now: NOW,
}

/** Greek with its marks apart from their letters, Vietnamese, and emoji that end with a selector of their own. */
const original = ['\ufeff☂\ufe0f ❤\ufe0f\u200d🔥', ...declaration('ell_polytonic'), ...declaration('vie')]
  .join('\n')
  .normalize('NFD')
const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const mark = async (text: string, asked: Partial<MarkRequest> = {}) =>
  textOf((await markFile(bytesOf(text), { ...request, ...asked })).bytes)
const verify = (text: string, { anchors = trustAnchors, now = NOW } = {}) =>
  verifyFile(bytesOf(text), 'text.txt', { trustAnchors: anchors, now })
const codes = ({ findings }: FileReport) => findings.map(({ code }) => code)
const wrapperOf = (text: string) => {
  const { exclusion } = readTextManifest(text).found!
  return Buffer.from(text).subarray(exclusion.start).toString()
}
const marked = await mark(original)
const visible = original.normalize('NFC')

test('a text says who signed it and how it was made, and looks as before', async () => {
  assert.equal(marked, visible + wrapperOf(marked))
  assert.match(wrapperOf(marked), /^\ufeff[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+$/u)
  const report = await verify(marked)
  assert.deepEqual([report.verdict, report.manifest.state], ['unconfirmed', 'valid-trusted'])
  const { title, claimGenerator, timeStamp, assertions, actions } = report.manifest.active!
  assert.deepEqual([title, claimGenerator, timeStamp], [request.title, 'Colophon 0.1.0', 'none'])
  assert.ok(assertions.some(({ label }) => label === 'cawg.training-mining'))
  assert.ok(assertions.some(({ label }) => label === 'c2pa.soft-binding'))
  assert.equal((actions[0] as { action: string }).action, 'c2pa.created')
  assert.deepEqual(
    report.words.map(({ source, degree, isSigned, by }) => ({ source, degree, isSigned, by })),
    [{ source: 'manifest', degree: 2, isSigned: true, by: 'Studio' }],
  )
})

test('nothing is put into a text unasked, or unsigned', async () => {
  const { signer: _, ...unsigned } = request
  for (const said of [unsigned, { ...request, textManifest: false }])
    await assert.rejects(markFile(bytesOf(original), said), (error: { code: string; remedy: string }) => {
      assert.equal(error.code, 'unsupported_media')
      assert.match(error.remedy, /--text-manifest/)
      return true
    })
})

test('that letters and marks were put together is told, and a text that is so already is not called changed', async () => {
  const findings = async (text: string) => (await markFile(bytesOf(text), request)).findings.map(({ code }) => code)
  assert.deepEqual(await findings('cafe\u0301'), ['text_normalised'])
  assert.deepEqual(await findings('café'), [])
  // On its way it may be put into another form: it is the same text (C2PA 2.4, A.8.7.2).
  assert.equal((await verify(marked.normalize('NFD'))).manifest.state, 'valid-trusted')
})

test('trusted, untrusted and invalid are three words', async () => {
  assert.equal((await verify(marked, { anchors: [] })).manifest.state, 'valid-untrusted')
  const foreign = await mark(original, { signer: await node('Stranger') })
  const report = await verify(foreign)
  assert.equal(report.manifest.state, 'valid-untrusted')
  assert.ok(codes(report).includes('issuer_untrusted'))
  const expired = await verify(marked, { now: NOW + 3000 * DAY_MS })
  assert.equal(expired.manifest.state, 'invalid')
  assert.ok(codes(expired).includes('certificate_expired'))
  // Nothing was altered: it is too late to be sure who signed it.
  assert.notEqual(expired.verdict, 'altered')
  assert.ok(codes(expired).includes('manifest_out_of_time'))
})

test('with a time-stamp it holds when the certificate has ended', async () => {
  const stamped = await mark(original, { signer: { ...signer, timeAuthority } })
  const report = await verify(stamped, { now: NOW + 1990 * DAY_MS })
  assert.deepEqual([report.manifest.state, report.manifest.active?.timeStamp], ['valid-trusted', 'trusted'])
})

test('one letter changed, added or taken away anywhere is seen', async () => {
  const end = visible.length
  const changes = [
    `Χ${marked}`,
    marked.slice(1),
    marked.replace('ἀ', 'ά'),
    marked.replace('\n', '\r\n'),
    `${marked}\n`,
    `${marked.slice(0, end)} ${marked.slice(end)}`,
    marked.slice(end) + marked.slice(0, end),
  ]
  for (const [i, changed] of changes.entries()) {
    assert.notEqual(changed, marked, `${i}`)
    const report = await verify(changed)
    assert.deepEqual([report.verdict, report.manifest.state], ['altered', 'invalid'], `${i}`)
    assert.ok(codes(report).includes('content_changed'), `${i}`)
  }
})

test('a wrapper that is moved to another text says nothing of it', async () => {
  const report = await verify(`${'x'.repeat(Buffer.byteLength(visible))}${wrapperOf(marked)}`)
  assert.equal(report.verdict, 'altered')
})

test('a text whose wrapper was taken off says nothing any more', async () => {
  const report = await verify(visible)
  assert.deepEqual([report.verdict, report.manifest.state, report.manifest.findings], ['nothing', 'none', []])
})

test('two wrappers, damaged ones and cut ones are findings', async () => {
  const other = await mark('Another text')
  const points = [...marked]
  const several = await verify(marked + wrapperOf(other))
  assert.deepEqual([several.verdict, several.manifest.state], ['altered', 'invalid'])
  assert.ok(codes(several).includes('text_wrappers_several'))
  const end = points.length
  for (const cut of [end - 1, end - 1000, end - 3000, [...visible].length + 10]) {
    const report = await verify(points.slice(0, cut).join(''))
    assert.equal(report.manifest.state, 'invalid')
    // Without a part of its padding it is whole, and not as long as what was signed says.
    assert.ok(codes(report).includes(cut === end - 1 ? 'content_changed' : 'text_wrapper_corrupted'), `${cut}`)
  }
})

test('no byte of a manifest can be changed so that it says something else', async () => {
  const { manifest } = readTextManifest(marked).found!
  const read = async (store: Uint8Array) => (await verify(wrapTextManifest(visible, store).text)).manifest
  const { active } = await read(manifest)
  for (let at = 0; at < manifest.length; at += 89) {
    const changed = Uint8Array.from(manifest)
    changed[at]! ^= 0x21
    const report = await read(changed)
    // Types of boxes are not signed; they say nothing.
    if (report.state !== 'invalid') assert.deepEqual(report.active, active, `${at}`)
  }
  for (const store of [new Uint8Array(), new Uint8Array(100), manifest.subarray(0, 700), Buffer.from('{"a":1}')])
    assert.equal((await read(store)).state, 'invalid')
})

test('an exclusion that leaves text out of the hash is a lie, whoever signed it', async () => {
  const said = { assertions: [], actions: [{ action: 'c2pa.edited.metadata' }] }
  const body = 'Sold for one euro.'
  const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
  const sign = async (before: string, covered: string, start: number, more: number) => {
    const lengthOf = (storeBytes: number) => wrapperLength(storeBytes) + more
    const target = { mediaType: 'text/plain', digest: sha256(covered), start, lengthOf }
    return wrapTextManifest(before, await signStore(said, signer, target)).text
  }
  const honest = await sign(body, body, body.length, 0)
  assert.equal((await verify(honest)).manifest.state, 'valid-trusted')
  const lies = [
    await sign(body, '', 0, body.length),
    await sign(body, 'Sold', 4, body.length - 4),
    `${await sign(body, body, body.length, 7)} Always`,
    await sign(body, body, body.length + 3, -3),
  ]
  for (const lie of lies) {
    const report = await verify(lie)
    assert.deepEqual([report.verdict, report.manifest.state], ['altered', 'invalid'])
    assert.ok(codes(report).includes('content_changed'))
  }
})

test('the manifest of a file of another kind binds no text', async () => {
  const said = { assertions: [], actions: [{ action: 'c2pa.edited.metadata' }] }
  for (const format of ['png', 'm4a'] as const) {
    const file = Buffer.from(await signFile(await makeMarkFile(format), format, said, signer))
    const at = file.indexOf('jumb') - 4
    const store = file.subarray(at, at + file.readUInt32BE(at))
    const report = await verify(wrapTextManifest('text', new Uint8Array(store)).text)
    assert.equal(report.manifest.state, 'invalid', format)
    assert.ok(codes(report).includes('content_changed'))
  }
})

test('a manifest that a text carries becomes the parent of the next; one that does not verify is refused', async () => {
  const again = await mark(marked, { signer: await node('Publisher') })
  assert.ok(again.startsWith(visible))
  const report = await verify(again, { anchors: nodeTrustAnchors(join(directory, 'Publisher')) })
  assert.equal(report.manifest.state, 'valid-trusted', JSON.stringify(report.findings))
  const [parent] = report.manifest.active!.ingredients
  assert.deepEqual(
    [parent!.relationship, parent!.state, parent!.manifest?.organisation],
    ['parentOf', 'valid', 'Studio'],
  )
  assert.deepEqual(report.manifest.active!.actions.map((entry) => (entry as { action: string }).action).slice(0, 2), [
    'c2pa.opened',
    'c2pa.edited.metadata',
  ])
  assert.equal((await verify(await mark(again))).manifest.state, 'valid-trusted')
  for (const broken of [`x${marked}`, marked + wrapperOf(marked), [...marked].slice(0, -1).join('')])
    await assert.rejects(mark(broken), { code: 'state_not_allowed' })
  // The history is covered, too.
  const { manifest, exclusion } = readTextManifest(again).found!
  const text = Buffer.from(again).subarray(0, exclusion.start).toString()
  const changed = Uint8Array.from(manifest)
  changed[Buffer.from(manifest).indexOf('Οικουμενική') + 1]! ^= 1
  assert.equal((await verify(wrapTextManifest(text, changed).text)).manifest.state, 'invalid')
})

test('another reader finds the same store sound, and the same changes', async () => {
  for (const text of [marked, await mark(marked)]) {
    const { manifest, exclusion } = readTextManifest(text).found!
    const judge = async (changed: string) => {
      const bytes = bytesOf(changed)
      const asset = {
        mimeType: 'text/plain',
        getDataLength: () => bytes.length,
        getDataRange: async (start = 0, length = bytes.length - start) => bytes.subarray(start, start + length),
        getManifestJUMBF: () => manifest,
        getHashExclusionRange: () => exclusion,
        dumpInfo: () => '',
      }
      return ManifestStore.read(SuperBox.fromBuffer(manifest as never)).validate(asset as never)
    }
    const result = await judge(text)
    assert.ok(result.isValid, JSON.stringify(result))
    assert.ok(!(await judge(text.replace('ἀ', 'ά'))).isValid)
  }
})

test('any text comes back as it was, in NFC, and verifies', async () => {
  const isPlain = (text: string) => sniff(bytesOf(text)).mediaType === 'text/plain' && !sniffFormat(bytesOf(text))
  const unit = fc.constantFrom('grapheme', 'binary')
  const texts = unit.chain((each) => fc.string({ unit: each, minLength: 1, maxLength: 60 })).filter(isPlain)
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const signed = await mark(text)
      assert.equal(signed, text.normalize('NFC') + wrapperOf(signed))
      assert.equal((await verify(signed)).manifest.state, 'valid-trusted')
    }),
    { numRuns: 25 },
  )
})

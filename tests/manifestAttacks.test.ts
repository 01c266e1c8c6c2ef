import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { unzipSync, zipSync } from 'fflate'
import sharp from 'sharp'
import {
  AI_DISCLOSURE_LABEL,
  nodeTrustAnchors,
  openNodeCertificates,
  readManifests,
  signFile,
  type C2paReport,
  type ManifestContent,
  type Signer,
} from '../src/marking/c2pa/index.ts'
import { generateKey } from '../src/marking/c2pa/certificates.ts'
import { markFormats, type MarkFormat } from '../src/marking/formats.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { openTestTimeAuthority } from './support/timeAuthority.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-attacks-'))
after(() => rmSync(directory, { recursive: true }))
const NOW = Date.now()
const DAY_MS = 86_400_000
const node = (name: string, now = NOW) => openNodeCertificates(join(directory, name, `${now}`), name, () => now)
const signer = await node('Studio')
const trustAnchors = nodeTrustAnchors(join(directory, 'Studio', `${NOW}`))
const content: ManifestContent = {
  title: 'A picture',
  assertions: [{ label: AI_DISCLOSURE_LABEL, data: { overall: 1 } }],
  actions: [{ action: 'c2pa.created', digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits' }],
}
const read = (bytes: Uint8Array, format: MarkFormat, options: { trustAnchors?: string[]; now?: number } = {}) =>
  readManifests(bytes, format, { trustAnchors, now: NOW, ...options })
const codes = ({ findings }: C2paReport) =>
  findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code)
const signed = Object.fromEntries(
  await Promise.all(
    markFormats.map(async (format) => [format, await signFile(await makeMarkFile(format), format, content, signer)]),
  ),
) as Record<MarkFormat, Uint8Array>

const ARCHIVES: MarkFormat[] = ['epub', 'docx', 'odt']

test('an archive that was changed and packed anew, or that is damaged anywhere, is never taken for one that was not signed', async () => {
  for (const format of ARCHIVES) {
    const entries = unzipSync(signed[format])
    for (const [name, bytes] of Object.entries(entries))
      if (/\.(xml|xhtml)$/.test(name) && !name.startsWith('META-INF'))
        entries[name] = Buffer.from(Buffer.from(bytes).toString().replaceAll('e', 'a'))
    const packed = await read(zipSync(entries), format)
    assert.equal(packed.state, 'invalid', `${format}: ${codes(packed)}`)
    for (let part = 1; part < 16; part++) {
      const changed = Uint8Array.from(signed[format])
      changed[Math.floor((changed.length * part) / 16)]! ^= 1
      const { state } = await read(changed, format)
      // A byte that nobody reads, such as a date of an entry, changes nothing.
      assert.ok(state === 'invalid' || state === 'valid-trusted', `${format} at ${part}/16: ${state}`)
    }
  }
  // What was never signed stays so, packed as it may be.
  for (const format of ARCHIVES) {
    const plain = unzipSync(await makeMarkFile(format))
    assert.notEqual((await read(zipSync(plain), format)).state, 'invalid', format)
  }
})

test('one changed byte of the content makes a manifest invalid, in every format', async () => {
  for (const format of markFormats) {
    const original = Buffer.from(await makeMarkFile(format))
    // The content of an archive is looked for by what stands in all of them, as its entries are stored when signed.
    const middle = ARCHIVES.includes(format)
      ? Buffer.from('</')
      : original.subarray(original.length >> 1).subarray(0, 12)
    const at = Buffer.from(signed[format]).indexOf(format === 'svg' ? Buffer.from('Grüße') : middle)
    assert.ok(at > 0, format)
    const changed = Uint8Array.from(signed[format])
    changed[at + 1]! ^= 1
    const report = await read(changed, format)
    assert.equal(report.state, 'invalid', format)
    assert.ok(codes(report).includes('content_changed'), `${format}: ${codes(report)}`)
  }
})

test('a manifest that was taken off leaves nothing, and one that was moved is invalid', async () => {
  const stripped = new Uint8Array(await sharp(signed.jpeg).jpeg().toBuffer())
  assert.deepEqual(await read(stripped, 'jpeg'), { state: 'none', findings: [] })
  const segments = manifestSegments(signed.jpeg)
  assert.ok(segments.length > 1000)
  const other = await sharp(signed.jpeg).flop().jpeg().toBuffer()
  const moved = new Uint8Array(Buffer.concat([other.subarray(0, 2), segments, other.subarray(2)]))
  const report = await read(moved, 'jpeg')
  assert.equal(report.state, 'invalid')
  assert.ok(codes(report).includes('content_changed'))
})

test('another signer is untrusted, even of the same name; a key that is not the certificate’s is invalid', async () => {
  const original = await makeMarkFile('jpeg')
  const impostor = await openNodeCertificates(join(directory, 'impostor'), 'Studio', () => NOW)
  for (const other of [await node('Somebody'), impostor]) {
    const report = await read(await signFile(original, 'jpeg', content, other), 'jpeg')
    assert.equal(report.state, 'valid-untrusted')
    assert.deepEqual(codes(report), ['issuer_untrusted'])
  }
  // The impostor shows the true root beside a certificate that it did not issue.
  const mixed: Signer = { ...impostor, certificates: [impostor.certificates[0]!, signer.certificates[1]!] }
  assert.equal((await read(await signFile(original, 'jpeg', content, mixed), 'jpeg')).state, 'valid-untrusted')
  const stolen: Signer = { ...signer, privateKey: generateKey().privateKey }
  const report = await read(await signFile(original, 'jpeg', content, stolen), 'jpeg')
  assert.equal(report.state, 'invalid')
  assert.ok(codes(report).includes('signature_invalid'))
})

test('an expired certificate is invalid, and so is one of the future', async () => {
  const late = await read(signed.png, 'png', { now: NOW + 5 * 366 * DAY_MS })
  assert.deepEqual([late.state, codes(late)], ['invalid', ['certificate_expired']])
  const early = await read(signed.png, 'png', { now: NOW - 2 * DAY_MS })
  assert.deepEqual([early.state, codes(early)], ['invalid', ['certificate_not_yet_valid']])
  // A clock that is a few hours late finds nothing wrong.
  assert.equal((await read(signed.png, 'png', { now: NOW - DAY_MS / 2 })).state, 'valid-trusted')
})

test('a time-stamp is trusted, of an untrusted authority, or invalid: three different words', async () => {
  const original = await makeMarkFile('webp')
  const stamp = async (now: number, spoil = false) => {
    const timeAuthority = openTestTimeAuthority(() => now, spoil)
    const bytes = await signFile(original, 'webp', content, { ...signer, timeAuthority })
    return { bytes, trustAnchors: [...trustAnchors, timeAuthority.anchor] }
  }
  const sound = await stamp(NOW)
  const decades = NOW + 5 * 366 * DAY_MS
  const trusted = await read(sound.bytes, 'webp', { trustAnchors: sound.trustAnchors, now: decades })
  assert.deepEqual([trusted.state, trusted.active!.timeStamp, codes(trusted)], ['valid-trusted', 'trusted', []])
  const untrusted = await read(sound.bytes, 'webp')
  assert.deepEqual(
    [untrusted.state, untrusted.active!.timeStamp, codes(untrusted)],
    ['valid-trusted', 'untrusted', ['time_stamp_untrusted']],
  )
  // Nobody known attests that it was signed while the certificate was valid.
  assert.equal((await read(sound.bytes, 'webp', { now: decades })).state, 'invalid')
  for (const [bad, code] of [
    [await stamp(NOW, true), 'time_stamp_invalid'],
    [await stamp(NOW + DAY_MS), 'time_stamp_in_future'],
  ] as const) {
    const report = await read(bad.bytes, 'webp', { trustAnchors: bad.trustAnchors })
    assert.deepEqual([report.active!.timeStamp, codes(report)], ['invalid', [code]])
    assert.equal(report.active!.signedAt, undefined)
  }
  const before = await stamp(NOW - 100 * DAY_MS)
  const backdated = await read(before.bytes, 'webp', { trustAnchors: before.trustAnchors })
  assert.deepEqual([backdated.state, codes(backdated)], ['invalid', ['certificate_not_yet_valid']])
})

test('no address in a file is fetched, whether it is read or signed', async (t) => {
  let requests = 0
  const server = createServer((_request, response) => {
    requests++
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/manifest.c2pa`
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${address}"> </rdf:Description></rdf:RDF></x:xmpmeta>`
  for (const format of ['jpeg', 'webp', 'tiff'] as const) {
    const luring = new Uint8Array(
      await sharp(await makeMarkFile(format))
        .withXmp(xmp)
        .toFormat(format)
        .toBuffer(),
    )
    const report = await read(luring, format)
    assert.equal(report.state, 'none')
    assert.deepEqual(report.findings, [
      {
        code: 'manifest_remote',
        severity: 'note',
        message: 'the file names an address of a manifest; it was not fetched',
        where: address,
      },
    ])
    for (const actions of [content.actions, [{ action: 'c2pa.edited' }]]) {
      const own = await signFile(luring, format, { ...content, actions }, signer)
      assert.equal((await read(own, format)).state, 'valid-trusted')
    }
  }
  assert.equal(requests, 0)
  await fetch(address)
  assert.equal(requests, 1, 'the server counts')
})

test('what is no file of its kind is unreadable, and costs nothing', async () => {
  const wrong: [MarkFormat, Uint8Array][] = [
    ['jpeg', signed.png],
    ['png', signed.jpeg],
    ['pdf', signed.gif],
    ['mp4', signed.wav],
    ['docx', signed.flac],
    ['svg', signed.mp3],
    ['gif', new Uint8Array()],
  ]
  for (const [format, bytes] of wrong) {
    const report = await read(bytes, format)
    assert.deepEqual([report.state, codes(report)], ['unreadable', ['file_wrong_type']], format)
    await assert.rejects(signFile(bytes, format, content, signer), { code: 'unreadable_file' })
  }
})

test('files that are cut off, or whose bytes were changed anywhere, give a report in bounded time', async () => {
  const random = seeded(7)
  let slowestMs = 0
  const states = new Set<string>()
  const judge = async (bytes: Uint8Array, format: MarkFormat) => {
    // The time of its own threads: what else runs on the machine makes no report late.
    const start = process.cpuUsage()
    const { state, findings } = await read(bytes, format)
    const { user, system } = process.cpuUsage(start)
    slowestMs = Math.max(slowestMs, (user + system) / 1000)
    states.add(state)
    if (state === 'invalid' || state === 'unreadable') assert.ok(findings.some(({ severity }) => severity === 'error'))
  }
  for (const format of markFormats) {
    const bytes = signed[format]
    for (let i = 0; i < 12; i++) await judge(bytes.subarray(0, Math.floor(random() * bytes.length)), format)
    const manifestAt = Math.max(0, Buffer.from(bytes).indexOf('jumb'))
    for (let i = 0; i < 25; i++) {
      const changed = Uint8Array.from(bytes)
      // Lengths of boxes stand near the start of the manifest, and of the file.
      const at = i < 15 ? manifestAt - 40 + Math.floor(random() * 1500) : Math.floor(random() * 200)
      changed.set([0xff, 0xff, 0xff, Math.floor(random() * 256)], Math.max(0, Math.min(at, changed.length - 4)))
      await judge(changed, format)
    }
  }
  assert.ok(slowestMs < 5000, `${slowestMs} ms`)
  assert.ok(states.has('invalid') && states.has('unreadable'))
  assert.equal((await read(signed.jpeg, 'jpeg')).state, 'valid-trusted')
})

test('boxes that claim to be huge are refused', async () => {
  const mp4 = Buffer.from(signed.mp4)
  const uuid = mp4.indexOf('uuid') - 4
  for (const size of [0xffff_ffff, 0x7fff_ffff, 1, 0]) {
    const changed = Uint8Array.from(signed.mp4)
    new DataView(changed.buffer).setUint32(uuid, size)
    assert.notEqual((await read(changed, 'mp4')).state, 'valid-trusted')
  }
  const png = Uint8Array.from(signed.png)
  new DataView(png.buffer).setUint32(Buffer.from(png).indexOf('caBX') - 4, 0x7fff_ffff)
  assert.notEqual((await read(png, 'png')).state, 'valid-trusted')
})

test('titles with scripts are cleaned; what is said at length is cut, and said to be', async () => {
  const long = { label: AI_DISCLOSURE_LABEL, data: { note: 'x'.repeat(10_000), more: { __proto__: 1 } } }
  const title = `<script>alert(1)</script>A <b>title</b>\u202e${'y'.repeat(300)}`
  const bytes = await signFile(await makeMarkFile('gif'), 'gif', { ...content, title, assertions: [long] }, signer)
  const report = await read(bytes, 'gif')
  assert.equal(report.state, 'valid-trusted')
  assert.match(report.active!.title!, /^A title y+$/)
  assert.ok(report.active!.title!.length <= 200)
  const { note } = report.active!.assertions.at(-1)!.data as { note: string }
  assert.equal(note.length, 4096)
  assert.deepEqual(codes(report).sort(), ['assertion_cut', 'markup_removed'])
})

test('signing a changed file does not wash it clean', async () => {
  const changed = Uint8Array.from(signed.jpeg)
  changed[changed.length - 100]! ^= 1
  const report = await read(await signFile(changed, 'jpeg', content, signer), 'jpeg')
  assert.equal(report.state, 'valid-trusted')
  assert.equal(report.active!.ingredients[0]!.state, 'invalid')
  assert.deepEqual(codes(report), ['ingredient_invalid'])
})

test('a long history is followed as far as anyone reads, and stays valid', async () => {
  let bytes = await makeMarkFile('gif')
  for (let i = 0; i < 24; i++) bytes = await signFile(bytes, 'gif', { ...content, title: `Version ${i}` }, signer)
  const report = await read(bytes, 'gif')
  assert.equal(report.state, 'valid-trusted')
  assert.deepEqual(codes(report), ['ingredients_cut'])
  let depth = 0
  for (let [next] = report.active!.ingredients; next?.manifest; [next] = next.manifest.ingredients) depth++
  assert.equal(depth, 16)
})

/** The segments of a JPEG that carry its manifest. */
function manifestSegments(jpeg: Uint8Array): Buffer {
  const bytes = Buffer.from(jpeg)
  const segments: Buffer[] = []
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== 0xda; at += 2 + bytes.readUInt16BE(at + 2))
    if (bytes[at + 1] === 0xeb) segments.push(bytes.subarray(at, at + 2 + bytes.readUInt16BE(at + 2)))
  return Buffer.concat(segments)
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

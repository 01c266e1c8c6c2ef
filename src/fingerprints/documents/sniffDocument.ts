import { archiveEntries } from './archive.ts'
import { byteOrderMark } from './markup.ts'
import { DocumentRefusal } from './refusal.ts'

/** Text that comes in a document: its media type, by what the bytes are; undefined for everything else. */
export function sniffDocument(bytes: Uint8Array): string | undefined {
  if (asText(bytes.subarray(0, 5)) === '%PDF-') return 'application/pdf'
  if (asText(bytes.subarray(0, 4)) === 'PK\x03\x04') return archiveType(bytes)
  return isHtml(bytes) ? 'text/html' : undefined
}

function asText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

const EPUB = 'application/epub+zip'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const ODT = 'application/vnd.oasis.opendocument.text'
const SELF_SAID = [EPUB, ODT]

function archiveType(bytes: Uint8Array): string | undefined {
  return SELF_SAID.find((type) => says(bytes, type)) ?? typeByNames(bytes)
}

/**
 * An e-book and an OpenDocument text say what they are in their first file, which is not packed (EPUB OCF 3.3, 4.3;
 * OpenDocument 1.3 part 2, 3.3).
 */
function says(bytes: Uint8Array, type: string): boolean {
  if (bytes.length < 30) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, 30)
  const nameEnd = 30 + view.getUint16(26, true)
  const contentStart = nameEnd + view.getUint16(28, true)
  return (
    asText(bytes.subarray(30, nameEnd)) === 'mimetype' &&
    asText(bytes.subarray(contentStart, contentStart + type.length)) === type
  )
}

/** E-books that were packed again have their files in another order, and readers open them all the same. */
function typeByNames(bytes: Uint8Array): string | undefined {
  const names = new Set<string>()
  try {
    for (const { name } of archiveEntries(bytes)) {
      if (/^(mimetype|META-INF\/container\.xml|\[Content_Types\]\.xml)$/.test(name)) names.add(name)
      else if (/^word\/document\d*\.xml$/.test(name)) names.add('word/document.xml')
    }
  } catch (error) {
    // An archive whose directory is damaged is some archive, no more.
    if (!(error instanceof DocumentRefusal)) throw error
    return undefined
  }
  if (names.has('mimetype') && names.has('META-INF/container.xml')) return EPUB
  return names.has('[Content_Types].xml') && names.has('word/document.xml') ? DOCX : undefined
}

const HEAD_BYTES = 65_536
/** What may stand before the document type: white space, a comment, an XML declaration or instruction. */
const BEFORE = /\s+|<!--[^]*?-->|<\?[^]*?>/y
const START = /<(?:!doctype\s+html|html)(?=[\s>])/iy

function isHtml(bytes: Uint8Array): boolean {
  const charset = byteOrderMark(bytes) ?? 'latin1'
  const head = new TextDecoder(charset).decode(bytes.subarray(0, HEAD_BYTES))
  let at = 0
  BEFORE.lastIndex = 0
  while (BEFORE.test(head)) at = BEFORE.lastIndex
  START.lastIndex = at
  // oxlint-disable-next-line no-control-regex -- what holds control characters is not text.
  return START.test(head) && !/[\x00-\x08\x0b\x0e-\x1f]/.test(head)
}

import { docxText } from './docx.ts'
import { epubText } from './epub.ts'
import { addHtmlText } from './html.ts'
import type { DocumentLibraries, DocumentLimits } from './libraries.ts'
import { decodeMarkup } from './markup.ts'
import { odtText } from './odt.ts'
import { pdfText } from './pdf.ts'
import { DocumentRefusal } from './refusal.ts'
import { TextCollector } from './textCollector.ts'

type Reader = (bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits) => Promise<string>

const READERS: Record<string, Reader> = {
  'application/pdf': pdfText,
  'application/epub+zip': epubText,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': docxText,
  'application/vnd.oasis.opendocument.text': odtText,
  'text/html': htmlText,
}

/** Whether a file of this media type is read as a document, not as the text that it is. */
export function isDocument(mediaType: string): boolean {
  return Object.hasOwn(READERS, mediaType)
}

/**
 * The text of a document in the order in which it is read. It runs in the browser as it is.
 *
 * Errors: `DocumentRefusal` with `unreadable_file` or `too_large`.
 *
 * @example await readDocument(bytes, 'text/html', libraries, most) // 'Chapter 1\nCall me Ishmael.'
 */
export async function readDocument(
  bytes: Uint8Array,
  mediaType: string,
  libraries: DocumentLibraries,
  most: DocumentLimits,
): Promise<string> {
  const text = await READERS[mediaType]!(bytes, libraries, most)
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw new DocumentRefusal(
      'unreadable_file',
      'the document holds no text',
      mediaType === 'application/pdf'
        ? 'Pages that are pictures, as from a scanner, need text recognition first.'
        : 'Check that it is the right file.',
    )
  }
  return text
}

async function htmlText(bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits): Promise<string> {
  const { Parser } = await libraries.htmlparser2()
  const collector = new TextCollector(most.textLength)
  addHtmlText(decodeMarkup(bytes, 'html'), 'html', collector, { Parser, most })
  return collector.toString()
}

import type { DocumentLibraries, DocumentLimits, PdfDocument } from './libraries.ts'
import { damaged, DocumentRefusal, tooLarge } from './refusal.ts'
import { TextCollector } from './textCollector.ts'

/** Nothing of the file is executed, nothing is fetched, no font of the machine is asked, no error is passed over. */
const CAREFUL = {
  isEvalSupported: false,
  enableXfa: false,
  useSystemFonts: false,
  disableFontFace: true,
  useWorkerFetch: false,
  useWasm: false,
  stopAtErrors: true,
  verbosity: 0,
}

/** The text of a PDF, page after page, in the order in which it is set. Errors: `unreadable_file`, `too_large`. */
export async function pdfText(bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits): Promise<string> {
  const { getDocument } = await libraries.pdfjs()
  // PDF.js keeps the bytes that it is given; the caller's stay the caller's.
  const task = getDocument({ data: bytes.slice(), ...CAREFUL })
  try {
    const pdf = await task.promise
    if (pdf.numPages > most.pages) throw tooLarge(`documents of more than ${most.pages} pages are not read`)
    const collector = new TextCollector(most.textLength)
    for (let number = 1; number <= pdf.numPages; number++) {
      for (const line of joinHyphenated(await pageText(pdf, number)).split('\n')) {
        collector.add(line)
        collector.line()
      }
    }
    return collector.toString()
  } catch (error) {
    throw asRefusal(error)
  } finally {
    await task.destroy()
  }
}

async function pageText(pdf: PdfDocument, number: number): Promise<string> {
  const page = await pdf.getPage(number)
  const { items } = await page.getTextContent()
  page.cleanup()
  let text = ''
  for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str
  return text
}

/** A word that a line's end divides is one word. */
function joinHyphenated(text: string): string {
  return text.replaceAll(/(?<=\p{Ll})[-\u00ad\u2010]\n(?=\p{Ll})/gu, '')
}

function asRefusal(error: unknown): DocumentRefusal {
  if (error instanceof DocumentRefusal) return error
  if ((error as Error)?.name === 'PasswordException') {
    return new DocumentRefusal('unreadable_file', 'the PDF needs a password', 'Save a copy without one.', error)
  }
  return damaged('the PDF cannot be read', error)
}

/**
 * The libraries that read documents, described by what is used of them. They are handed in, so that the server loads
 * them as packages and the browser as modules at an address, and each only when a document needs it.
 */
export interface DocumentLibraries {
  /** `fflate`: inflates what archives hold. */
  fflate(): Promise<{ Inflate: InflateClass }>
  /** `htmlparser2`: reads HTML and XML as a stream of events. */
  htmlparser2(): Promise<{ Parser: ParserClass }>
  /** PDF.js, for instance as `unpdf/pdfjs`. */
  pdfjs(): Promise<PdfLibrary>
}

export type InflateClass = new (onData: (bytes: Uint8Array) => void) => {
  push(bytes: Uint8Array, isLast: boolean): void
}

export type ParserClass = new (
  handler: {
    onopentag(name: string, attributes: Record<string, string>): void
    onclosetag(name: string): void
    ontext(text: string): void
    onprocessinginstruction(name: string, text: string): void
  },
  options: { xmlMode: boolean; recognizeSelfClosing: boolean; recognizeCDATA: boolean },
) => { end(markup: string): void }

interface PdfLibrary {
  getDocument(source: Record<string, unknown>): { promise: Promise<PdfDocument>; destroy(): Promise<void> }
}

export interface PdfDocument {
  numPages: number
  getPage(number: number): Promise<{
    getTextContent(): Promise<{ items: ({ str: string; hasEOL: boolean } | { type: string })[] }>
    cleanup(): unknown
  }>
}

/** What a document may at most be and become. */
export interface DocumentLimits {
  /** UTF-16 units of extracted text; never more than its bytes in UTF-8. */
  textLength: number
  pages: number
  archiveEntries: number
  inflatedBytes: number
  markupDepth: number
}

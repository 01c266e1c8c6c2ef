import type { DocumentLimits, ParserClass } from './libraries.ts'
import { damaged, DocumentRefusal, tooLarge } from './refusal.ts'

/** `html` as on the web, `xhtml` as in e-books, `xml` for everything else. */
export type MarkupKind = 'html' | 'xhtml' | 'xml'

export interface MarkupHandler {
  open?(name: string, attributes: Record<string, string>): void
  close?(name: string): void
  text?(text: string): void
}

/**
 * Walks through markup. Only the entities that XML and HTML themselves name are decoded; a document that declares its
 * own is refused, as XML, and nothing is ever fetched. Errors: `unreadable_file`, `too_large` for depth.
 */
export function walkMarkup(
  markup: string,
  kind: MarkupKind,
  handler: MarkupHandler,
  { Parser, most }: { Parser: ParserClass; most: DocumentLimits },
): void {
  let depth = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > most.markupDepth) throw tooLarge('the document is nested too deeply')
        handler.open?.(name, attributes)
      },
      onclosetag(name) {
        depth--
        handler.close?.(name)
      },
      ontext: (text) => handler.text?.(text),
      onprocessinginstruction(name, text) {
        if (kind !== 'html' && name.toLowerCase() === '!doctype' && text.includes('[')) throw ownEntities()
      },
    },
    { xmlMode: kind === 'xml', recognizeSelfClosing: kind !== 'html', recognizeCDATA: kind !== 'html' },
  )
  parser.end(markup)
}

function ownEntities(): DocumentRefusal {
  return new DocumentRefusal(
    'unreadable_file',
    'the document declares entities of its own',
    'Such documents can be made to grow without end; save it again without a document type.',
  )
}

/**
 * Markup as text: by its byte order mark, else by what it says of itself, else as UTF-8; HTML that is not UTF-8 is
 * read as Windows-1252, as browsers do. Errors: `unreadable_file`.
 */
export function decodeMarkup(bytes: Uint8Array, kind: MarkupKind): string {
  const label = byteOrderMark(bytes) ?? statedCharset(bytes, kind)
  if (label) return decode(bytes, label)
  if (kind !== 'html') return decode(bytes, 'utf-8')
  try {
    return decode(bytes, 'utf-8')
  } catch {
    return decode(bytes, 'windows-1252')
  }
}

/** The charset that a byte order mark stands for. */
export function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** Where in HTML a `meta` element with the charset is looked for. */
const PRESCAN_BYTES = 4096

function statedCharset(bytes: Uint8Array, kind: MarkupKind): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES))
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/.exec(head)
  const meta = kind === 'html' ? /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head) : undefined
  const label = (declared ?? meta)?.[1]
  // Who could read that far did not read UTF-16.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label
}

function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch (error) {
    throw damaged(`the document is not written in ${label.toLowerCase()} as it says`, error)
  }
}

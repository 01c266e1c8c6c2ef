import { Archive, locked } from './archive.ts'
import { addHtmlText } from './html.ts'
import type { DocumentLibraries, DocumentLimits, ParserClass } from './libraries.ts'
import { decodeMarkup, walkMarkup } from './markup.ts'
import { resolvePart } from './paths.ts'
import { damaged } from './refusal.ts'
import { TextCollector } from './textCollector.ts'

const CHAPTERS = new Set(['application/xhtml+xml', 'text/html', 'application/x-dtbook+xml'])
const CONTAINER = 'META-INF/container.xml'
const ENCRYPTION = 'META-INF/encryption.xml'

interface Reading {
  archive: Archive
  Parser: ParserClass
  most: DocumentLimits
}

/**
 * The text of an e-book (EPUB 2 and 3) in the order of its spine, without the generated table of contents.
 * Errors: `unreadable_file`, `too_large`.
 */
export async function epubText(bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits): Promise<string> {
  const [{ Inflate }, { Parser }] = await Promise.all([libraries.fflate(), libraries.htmlparser2()])
  const reading = { archive: new Archive(bytes, Inflate, most), Parser, most }
  const encrypted = encryptedParts(reading)
  const collector = new TextCollector(most.textLength)
  for (const chapter of spine(reading, packagePart(reading))) {
    if (encrypted.has(chapter)) throw locked()
    addHtmlText(decodeMarkup(reading.archive.read(chapter), 'xhtml'), 'xhtml', collector, reading)
  }
  return collector.toString()
}

/** Calls `open` for each element of an XML part, by its name without prefix. */
function eachElement(
  reading: Reading,
  part: string,
  open: (name: string, attributes: Record<string, string>) => void,
): void {
  const handler = {
    open: (name: string, attributes: Record<string, string>) => open(name.slice(name.indexOf(':') + 1), attributes),
  }
  walkMarkup(decodeMarkup(reading.archive.read(part), 'xml'), 'xml', handler, reading)
}

/** Parts that are encrypted; books often encrypt nothing but their fonts. */
function encryptedParts(reading: Reading): Set<string> {
  const parts = new Set<string>()
  if (!reading.archive.has(ENCRYPTION)) return parts
  eachElement(reading, ENCRYPTION, (name, { URI }) => {
    if (name === 'CipherReference' && URI) parts.add(resolvePart('', URI))
  })
  return parts
}

function packagePart(reading: Reading): string {
  let part: string | undefined
  eachElement(reading, CONTAINER, (name, attributes) => {
    if (name === 'rootfile' && attributes['full-path']) part ??= resolvePart('', attributes['full-path'])
  })
  if (part === undefined) throw damaged('the e-book does not say where its contents are')
  return part
}

function spine(reading: Reading, part: string): string[] {
  const items = new Map<string, Record<string, string>>()
  const order: string[] = []
  eachElement(reading, part, (name, attributes) => {
    if (name === 'item' && attributes.id) items.set(attributes.id, attributes)
    if (name === 'itemref' && attributes.idref) order.push(attributes.idref)
  })
  return order.flatMap((id) => {
    const item = items.get(id)
    if (!item?.href) throw damaged('the e-book names a chapter that it does not hold')
    const isContents = item.properties?.split(/\s+/).includes('nav')
    return isContents || !CHAPTERS.has(item['media-type'] ?? '') ? [] : [resolvePart(part, item.href)]
  })
}

import { escapeXml, readXml, xmlTag, type XmlElement } from '../../../rights/index.ts'
import type { Container } from '../container.ts'
import { notWritable, unreadable, type MetadataFinding } from '../findings.ts'
import { Package } from './zip.ts'

const XMP_MARK = 'adobe:ns:meta/'
const PART_LIMITS = { charactersMax: 16 * 1024 * 1024, depthMax: 100, elementsMax: 500_000, attributesMax: 1000 }

const SIGNED: MetadataFinding = {
  code: 'signed_document',
  severity: 'note',
  message: 'The document is signed; nothing can be added.',
}

function refuseSigned(isSigned: boolean): void {
  if (isSigned) throw notWritable('the document is signed, and a change would break it', 'Mark it before it is signed.')
}

const EPUB_METADATA = 'META-INF/metadata.xml'
const EPUB = 'application/epub+zip'

/** EPUB 3.3, 4.2.6.3.4: metadata of the whole container stands in this file, whatever the book's own package says. */
export const epub: Container = {
  find(bytes) {
    const book = openPackage(bytes, EPUB, 'META-INF/container.xml')
    const packet = book.read(EPUB_METADATA)
    const isOurs = packet !== undefined && Buffer.from(packet).includes(XMP_MARK)
    return { packets: isOurs ? [packet] : [], findings: isSignedBook(book) ? [SIGNED] : [] }
  },

  embed(bytes, packet) {
    const book = openPackage(bytes, EPUB, 'META-INF/container.xml')
    refuseSigned(isSignedBook(book))
    const old = book.read(EPUB_METADATA)
    if (old && !Buffer.from(old).includes(XMP_MARK))
      throw notWritable(`its ${EPUB_METADATA} holds metadata of another kind`, 'Move it into the package of the book.')
    return book.with(new Map([[EPUB_METADATA, packet]]))
  },
}

const isSignedBook = (book: Package) => book.names.includes('META-INF/signatures.xml')

const ODT = 'application/vnd.oasis.opendocument.text'
const META = 'meta.xml'
const MANIFEST = 'META-INF/manifest.xml'
const OFFICE = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0'
const ODF_META = 'urn:oasis:names:tc:opendocument:xmlns:meta:1.0'

/** OpenDocument 1.3, 4.3.3: the packet is a field that users define; other programs keep such fields when they save. */
export const odt: Container = {
  find(bytes) {
    const document = openPackage(bytes, ODT, 'content.xml')
    if (isEncryptedOdt(document)) {
      const message = 'The document is encrypted; what it says of itself is not read.'
      return { packets: [], findings: [{ code: 'encrypted_document', severity: 'warning', message }] }
    }
    const { field } = readMeta(document.text(META) ?? '<meta/>')
    return {
      packets: field ? [new TextEncoder().encode(field.text)] : [],
      findings: isSignedOdt(document) ? [SIGNED] : [],
    }
  },

  embed(bytes, packet) {
    const document = openPackage(bytes, ODT, 'content.xml')
    if (isEncryptedOdt(document)) throw notWritable('the document is encrypted', 'Mark a copy without protection.')
    refuseSigned(isSignedOdt(document))
    const text = document.text(META)
    if (text === undefined) throw notWritable(`it has no ${META}`, 'Save it again in a word processor.')
    const { field, meta } = readMeta(text)
    const made = xmlTag(
      'meta:user-defined',
      { 'xmlns:meta': ODF_META, 'meta:name': 'XMP', 'meta:value-type': 'string' },
      escapeXml(new TextDecoder().decode(packet)),
    )
    if (!meta) throw unreadable(`its ${META} says nothing`)
    const changed = field ? `${text.slice(0, field.start)}${made}${text.slice(field.end)}` : inserted(text, meta, made)
    return document.with(new Map([[META, new TextEncoder().encode(changed)]]))
  },
}

const isSignedOdt = (document: Package) => document.names.includes('META-INF/documentsignatures.xml')
const isEncryptedOdt = (document: Package) => document.text(MANIFEST)?.includes('encryption-data') ?? false

function readMeta(text: string): { meta: XmlElement | undefined; field: XmlElement | undefined } {
  const root = parsePart(text, META)
  const meta = root.children.find(({ namespace, name }) => namespace === OFFICE && name === 'meta')
  const field = meta?.children.find(
    ({ namespace, name, attributes }) =>
      namespace === ODF_META && name === 'user-defined' && attributes.get(`{${ODF_META}}name`) === 'XMP',
  )
  return { meta, field }
}

const KINDS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE_KINDS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const CONTENT_TYPES = '[Content_Types].xml'
const ITEM = /^customXml\/[^/]+\.xml$/

/** Word (ISO/IEC 29500-1, 15.2.5): the packet is a part with XML of others' making, which Word keeps when it saves. */
export const docx: Container = {
  find(bytes) {
    const document = openPackage(bytes, undefined, CONTENT_TYPES)
    const part = xmpPart(document)
    return {
      packets: part === undefined ? [] : [document.read(part)!],
      findings: isSignedDocx(document) ? [SIGNED] : [],
    }
  },

  embed(bytes, packet) {
    const document = openPackage(bytes, undefined, CONTENT_TYPES)
    refuseSigned(isSignedDocx(document))
    const known = xmpPart(document)
    if (known !== undefined) return document.with(new Map([[known, packet]]))
    const main = mainPart(document)
    const folder = main.slice(0, main.lastIndexOf('/') + 1)
    const relationships = `${folder}_rels/${main.slice(folder.length)}.rels`
    const name = freeName(document)
    return document.with(
      new Map([
        [CONTENT_TYPES, encode(withContentType(document.text(CONTENT_TYPES)!, name))],
        [relationships, encode(withRelationship(document.text(relationships), name))],
        [name, packet],
      ]),
    )
  },
}

const encode = (text: string) => new TextEncoder().encode(text)
const isSignedDocx = (document: Package) => document.names.some((name) => name.startsWith('_xmlsignatures/'))

/** Parts with XML of others' making can be many and large: no more than these are looked into. */
const ITEMS_MAX = 100

function xmpPart(document: Package): string | undefined {
  return document.names
    .filter((name) => ITEM.test(name))
    .slice(0, ITEMS_MAX)
    .find((name) => Buffer.from(document.read(name)!).includes(XMP_MARK))
}

function mainPart(document: Package): string {
  const relationships = parsePart(document.text('_rels/.rels') ?? '<none/>', '_rels/.rels').children
  const main = relationships.find(({ attributes }) => attributes.get('Type')?.endsWith('/officeDocument'))
  const name = main?.attributes.get('Target')?.replace(/^\/|^\.\//, '') ?? 'word/document.xml'
  if (!document.names.includes(name)) throw unreadable('the document has no text')
  return name
}

function freeName(document: Package): string {
  const taken = new Set(document.names.map((name) => name.toLowerCase()))
  for (let number = 1; ; number++) if (!taken.has(`customxml/item${number}.xml`)) return `customXml/item${number}.xml`
}

function withContentType(text: string, name: string): string {
  const types = parsePart(text, CONTENT_TYPES)
  const isKnown = types.children.some(
    (type) => type.name === 'Default' && type.attributes.get('Extension')?.toLowerCase() === 'xml',
  )
  if (isKnown) return text
  const attributes = { xmlns: types.namespace, PartName: `/${name}`, ContentType: 'application/xml' }
  return inserted(text, types, xmlTag('Override', attributes))
}

function withRelationship(text: string | undefined, name: string): string {
  const whole = text ?? `<?xml version="1.0" encoding="UTF-8"?>${xmlTag('Relationships', { xmlns: PACKAGE_KINDS }, '')}`
  const relationships = parsePart(whole, 'the relationships of its text')
  const ids = new Set(relationships.children.map(({ attributes }) => attributes.get('Id')))
  let id = 'rIdXmp'
  while (ids.has(id)) id += 'x'
  const attributes = { xmlns: PACKAGE_KINDS, Id: id, Type: `${KINDS}/customXml`, Target: `/${name}` }
  return inserted(whole, relationships, xmlTag('Relationship', attributes))
}

/** Opens a package that says what it is by its first part (or has this part). Errors: `unreadable_file`. */
function openPackage(bytes: Uint8Array, type: string | undefined, part: string): Package {
  const opened = new Package(bytes)
  const said = type && opened.text('mimetype')?.trim()
  if (said !== type || !opened.names.includes(part)) throw unreadable('it is no document of this kind')
  if (type && !opened.isFirstAndStored('mimetype')) throw unreadable('its first part does not say what it is')
  if (!type && !opened.names.some((name) => name.startsWith('word/')))
    throw unreadable('it is no document of this kind')
  return opened
}

function parsePart(text: string, name: string): XmlElement {
  const { root, findings } = readXml(text, name, PART_LIMITS)
  if (!root) throw unreadable(`${name} is damaged: ${findings[0]!.what}`)
  return root
}

/** The text with this at the end of an element, which is opened when it closes itself. */
function inserted(text: string, element: XmlElement, made: string): string {
  if (element.contentStart < element.end) {
    const at = text.lastIndexOf('<', element.end - 1)
    return `${text.slice(0, at)}${made}${text.slice(at)}`
  }
  const tag = /^<([^\s/>]+)/.exec(text.slice(element.start, element.end))![1]!
  return `${text.slice(0, element.end - 2)}>${made}</${tag}>${text.slice(element.end)}`
}

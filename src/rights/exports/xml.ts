import { Parser } from 'htmlparser2'
import type { RightsFinding } from './findings.ts'

/** An element with its name resolved to a namespace; attributes are keyed by `{namespace}name` or plain `name`. */
export interface XmlElement {
  namespace: string
  name: string
  attributes: Map<string, string>
  children: XmlElement[]
  text: string
  /** Where it stands in the source, for whoever changes a part of it: its first character, behind its last one. */
  start: number
  end: number
  /** Behind its opening tag; equal to `end` when it closes itself. */
  contentStart: number
  /** Start and end of each attribute, by the keys of `attributes`. */
  attributeRanges: Map<string, readonly [number, number]>
}

export const xmlLimits = { charactersMax: 1024 * 1024, depthMax: 40, elementsMax: 20_000, attributesMax: 60 } as const
/** The same for XMP and the packages of EPUB, which editors fill. */
export const xmpLimits = {
  charactersMax: 8 * 1024 * 1024,
  depthMax: 60,
  elementsMax: 200_000,
  attributesMax: 1000,
} as const

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const CHUNK_CHARACTERS = 65_536

/** Text as XML character data or as an attribute's value; characters that XML 1.0 cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.codePointAt(0)};`)
}

/** An element as text: `content` is XML already. */
export function xmlTag(name: string, attributes: Record<string, string | undefined>, content?: string): string {
  const written = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('')
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}

/**
 * Reads XML from outside into a small tree. A document type is refused whole, so no entity is ever defined or expanded;
 * size, depth and number of elements are bounded; what is not well-formed gives no tree. Never throws.
 */
export function readXml(
  text: string,
  where: string,
  most: Readonly<Record<keyof typeof xmlLimits, number>> = xmlLimits,
): { root?: XmlElement; findings: RightsFinding[] } {
  const refuse = (code: RightsFinding['code'], what: string, remedy: string) => ({
    findings: [{ code, severity: 'error', where, what, remedy }] satisfies RightsFinding[],
  })
  if (text.length > most.charactersMax) {
    return refuse('too_large', `more than ${most.charactersMax} characters`, 'Write a shorter document.')
  }
  const builder = new TreeBuilder(text, most)
  for (let start = 0; start < text.length && !builder.refusal; start += CHUNK_CHARACTERS) {
    builder.parser.write(text.slice(start, start + CHUNK_CHARACTERS))
  }
  if (builder.refusal === 'doctype') {
    return refuse('doctype_refused', 'it has a document type, which could define entities', 'Remove the DOCTYPE.')
  }
  const { closings, hasUnknownReference } = scanMarkup(text)
  const isWhole = builder.isClosed && builder.closings === closings && text.lastIndexOf('<') < text.lastIndexOf('>')
  if (builder.refusal || !isWhole || hasUnknownReference) {
    const reference = hasUnknownReference ? 'a reference to an entity that XML does not define' : undefined
    const what = builder.refusal ?? reference ?? 'the XML is not well-formed: tags do not close each other'
    return refuse('malformed_xml', what, 'Correct the XML; what it says counts as unknown.')
  }
  return { root: builder.root!, findings: [] }
}

interface OpenElement {
  element: XmlElement
  qualifiedName: string
  prefixes: Prefixes
}

/** Prefixes in force, each element's own before those of its parent: by prototype, so that nobody copies them all. */
type Prefixes = Record<string, string | undefined>

class TreeBuilder {
  root: XmlElement | undefined
  refusal: string | undefined
  /** How many closing tags closed the element that they name. */
  closings = 0
  readonly parser: Parser
  #source: string
  #most: Readonly<Record<keyof typeof xmlLimits, number>>
  #open: OpenElement[] = []
  #elements = 0
  #attributeRanges = new Map<string, readonly [number, number]>()

  constructor(source: string, most: Readonly<Record<keyof typeof xmlLimits, number>>) {
    this.#source = source
    this.#most = most
    this.parser = new Parser(this.#handler, { xmlMode: true, decodeEntities: true })
  }

  get isClosed(): boolean {
    return this.root !== undefined && this.#open.length === 0
  }

  #handler = {
    onprocessinginstruction: (name: string) => {
      if (name.startsWith('!')) this.refusal ??= 'doctype'
    },
    onattribute: (name: string, _value: string, quote?: string | null) => {
      if (!quote) this.refusal ??= `an attribute has no quotes: ${name.slice(0, 40)}`
      if (this.#attributeRanges.has(name)) this.refusal ??= `an attribute is written twice: ${name.slice(0, 40)}`
      const { startIndex, endIndex } = this.parser
      // The parser stands at the closing quote, or behind it.
      this.#attributeRanges.set(name, [startIndex, this.#source[endIndex] === quote ? endIndex + 1 : endIndex])
      if (this.#attributeRanges.size > this.#most.attributesMax) this.refusal ??= 'an element has too many attributes'
    },
    onopentag: (name: string, attributes: Record<string, string>) => {
      const ranges = this.#attributeRanges
      this.#attributeRanges = new Map()
      if (!this.refusal) this.#push(name, attributes, ranges)
    },
    ontext: (data: string) => {
      const parent = this.#open.at(-1)
      if (parent) parent.element.text += data
      else if (data.trim() !== '' && data !== '\u{feff}') this.refusal ??= 'there is text outside the root element'
    },
    onclosetag: (_name: string, isImplied: boolean) => this.#pop(isImplied),
    onerror: (error: Error) => {
      this.refusal ??= error.message
    },
  }

  #push(
    qualifiedName: string,
    attributes: Record<string, string>,
    ranges: ReadonlyMap<string, readonly [number, number]>,
  ): void {
    this.#elements++
    if (this.#elements > this.#most.elementsMax || this.#open.length >= this.#most.depthMax) {
      this.refusal ??= 'more elements, or nested deeper, than is read'
      return
    }
    const prefixes = prefixesOf(this.#open.at(-1)?.prefixes, attributes)
    const element: XmlElement = {
      ...this.#resolve(qualifiedName, prefixes, true),
      attributes: new Map(),
      children: [],
      text: '',
      start: this.parser.startIndex,
      end: this.parser.endIndex + 1,
      contentStart: this.parser.endIndex + 1,
      attributeRanges: new Map(),
    }
    for (const [key, value] of Object.entries(attributes)) {
      if (key === 'xmlns' || key.startsWith('xmlns:')) continue
      const { namespace, name } = this.#resolve(key, prefixes, false)
      const full = namespace === '' ? name : `{${namespace}}${name}`
      element.attributes.set(full, value)
      element.attributeRanges.set(full, ranges.get(key)!)
    }
    const parent = this.#open.at(-1)
    if (parent) parent.element.children.push(element)
    else if (this.root) this.refusal ??= 'there are two root elements'
    else this.root = element
    this.#open.push({ element, qualifiedName, prefixes })
  }

  #resolve(qualifiedName: string, prefixes: Prefixes, isElement: boolean) {
    const colon = qualifiedName.indexOf(':')
    if (colon < 0) return { namespace: isElement ? (prefixes[''] ?? '') : '', name: qualifiedName }
    const namespace = prefixes[qualifiedName.slice(0, colon)]
    if (namespace === undefined) this.refusal ??= `a prefix is not declared: ${qualifiedName.slice(0, 40)}`
    return { namespace: namespace ?? '', name: qualifiedName.slice(colon + 1) }
  }

  /** The parser also closes what nobody closed; in XML only a closing tag or `/>` may do that. */
  #pop(isImplied: boolean): void {
    const { startIndex, endIndex } = this.parser
    const closesItself = this.#source[endIndex - 1] === '/' && !this.#source.startsWith('</', startIndex)
    if (!isImplied) this.closings++
    else if (!closesItself) this.refusal ??= 'an element is never closed'
    const closed = this.#open.pop()
    if (closed) closed.element.end = endIndex + 1
  }
}

function prefixesOf(parent: Prefixes | undefined, attributes: Record<string, string>): Prefixes {
  const declared = Object.entries(attributes).filter(([key]) => key === 'xmlns' || key.startsWith('xmlns:'))
  if (parent && declared.length === 0) return parent
  const prefixes = Object.create(parent ?? null) as Prefixes
  if (!parent) prefixes.xml = XML_NAMESPACE
  for (const [key, value] of declared) prefixes[key.slice(6)] = value
  return prefixes
}

/** Closing tags, and references to entities, outside comments, CDATA and instructions. In one pass. */
function scanMarkup(text: string): { closings: number; hasUnknownReference: boolean } {
  let closings = 0
  let hasUnknownReference = false
  const markup = /<!--|<!\[CDATA\[|<\?|<\/|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/g
  const ends: Record<string, string> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' }
  for (let match = markup.exec(text); match; match = markup.exec(text)) {
    const end = ends[match[0]]
    if (match[0] === '</') closings++
    else if (end === undefined) hasUnknownReference = true
    else {
      const found = text.indexOf(end, match.index)
      if (found < 0) break
      markup.lastIndex = found + end.length
    }
  }
  return { closings, hasUnknownReference }
}

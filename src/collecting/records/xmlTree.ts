import { Parser } from 'htmlparser2'
import { collectingLimits, unreadable } from '../record.ts'

/** An element without its namespace prefix: what it is called tells enough where the formats are known. */
export interface XmlNode {
  name: string
  attributes: Record<string, string>
  children: XmlNode[]
  text: string
}

/**
 * Cuts elements out of XML while it streams in: those with one of these names, the outermost ones, each as a small tree.
 * Nothing is defined, expanded or fetched. A tree that is too large or too deep comes out as nothing.
 * Errors: `unreadable_file` for a document type that defines entities, and for what is no XML.
 */
export async function* cutElements(
  text: AsyncIterable<string>,
  isWanted: (name: string, attributes: Record<string, string>) => boolean,
  where: string,
): AsyncGenerator<XmlNode | undefined> {
  const cutter = new Cutter(isWanted)
  const parser = new Parser(cutter, { xmlMode: true, decodeEntities: true })
  let isFirst = true
  for await (const piece of text) {
    if (isFirst && piece.trim() !== '') {
      if (!/^\s*\u{feff}?\s*</u.test(piece)) throw unreadable('it is no XML', where, 'Give the XML itself.')
      isFirst = false
    }
    // In steps, so that many elements in one piece do not wait together.
    for (let start = 0; start < piece.length; start += STEP_CHARACTERS) {
      parser.write(piece.slice(start, start + STEP_CHARACTERS))
      if (cutter.hasEntities)
        throw unreadable('its document type defines entities', where, 'Remove the document type, and write them out.')
      yield* cutter.ready.splice(0)
    }
  }
  parser.end()
  yield* cutter.ready
  if (cutter.elements === 0) throw unreadable('it is no XML', where, 'Give the XML itself.')
}

const STEP_CHARACTERS = 65_536

class Cutter {
  readonly ready: (XmlNode | undefined)[] = []
  hasEntities = false
  elements = 0
  readonly #isWanted: (name: string, attributes: Record<string, string>) => boolean
  readonly #open: XmlNode[] = []
  #characters = 0
  #isTooLarge = false
  /** How deep the parser stands outside and inside of what is cut. */
  #skipped = 0

  constructor(isWanted: (name: string, attributes: Record<string, string>) => boolean) {
    this.#isWanted = isWanted
  }

  onprocessinginstruction(name: string, data: string): void {
    if (name.toLowerCase() === '!doctype' && /<!ENTITY|\[/i.test(data)) this.hasEntities = true
  }

  onopentag(qualified: string, attributes: Record<string, string>): void {
    this.elements++
    const name = qualified.slice(qualified.indexOf(':') + 1)
    const parent = this.#open.at(-1)
    if (!parent && !this.#isWanted(name, attributes)) return
    if (this.#skipped > 0 || this.#isTooLarge || this.#open.length >= collectingLimits.xmlDepthMax) {
      this.#isTooLarge = true
      this.#skipped++
      return
    }
    const node: XmlNode = { name, attributes, children: [], text: '' }
    this.#count(qualified.length + 40)
    for (const [key, value] of Object.entries(attributes)) this.#count(key.length + value.length)
    parent?.children.push(node)
    this.#open.push(node)
  }

  ontext(text: string): void {
    const node = this.#open.at(-1)
    if (!node || this.#isTooLarge) return
    this.#count(text.length)
    node.text += text
  }

  #count(characters: number): void {
    this.#characters += characters
    if (this.#characters > XML_RECORD_CHARACTERS_MAX) this.#isTooLarge = true
  }

  onclosetag(): void {
    if (this.#skipped > 0) {
      this.#skipped--
      return
    }
    const node = this.#open.pop()
    if (!node || this.#open.length > 0) return
    this.ready.push(this.#isTooLarge ? undefined : node)
    this.#characters = 0
    this.#isTooLarge = false
  }
}

/** A whole graph of RDF/XML is one element. */
const XML_RECORD_CHARACTERS_MAX = 64 * 1024 * 1024

/** All elements below a node with one of these names, in document order. */
export function descendants(node: XmlNode, ...names: string[]): XmlNode[] {
  return node.children.flatMap((child) => [
    ...(names.includes(child.name) ? [child] : []),
    ...descendants(child, ...names),
  ])
}

/** The text of an element and all that is in it, on one line. */
export function wholeText(node: XmlNode): string {
  return [node.text, ...node.children.map(wholeText)].join(' ').replaceAll(/\s+/g, ' ').trim()
}

/** Texts of the elements below with one of these names; the wanted language first. */
export function textsIn(node: XmlNode, names: string[], language?: string): string[] {
  const found = descendants(node, ...names).filter((each) => wholeText(each) !== '')
  const rank = (each: XmlNode) => {
    const spoken = (each.attributes['xml:lang'] ?? each.attributes['lang'])?.toLowerCase()
    return language !== undefined && spoken?.split('-')[0] === language.toLowerCase().split('-')[0] ? 0 : 1
  }
  return found.toSorted((a, b) => rank(a) - rank(b)).map(wholeText)
}

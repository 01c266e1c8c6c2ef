import { Parser } from 'htmlparser2'
import { paymentLimits, type PaymentFinding } from './findings.ts'

/** A file from outside, in pieces. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** A place in the tree of elements: one object for all elements with the same path, names without prefixes. */
export interface ElementPath {
  /** Below the document element, as in `CstmrCdtTrfInitn/GrpHdr/MsgId`; empty for the document element itself. */
  readonly path: string
  readonly name: string
  readonly parent: ElementPath | undefined
  readonly children: Map<string, ElementPath>
}

/** What is told about a file as it is read; `close` has the text of an element without child elements. */
export interface XmlEvents {
  /** The namespace of the document element, before anything else; false ends the reading. */
  start(namespace: string): boolean
  open(element: ElementPath): void
  close(element: ElementPath, text: string | undefined, attributes: Readonly<Record<string, string>>): void
}

const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({})
const PIECE_CHARACTERS = 65_536

/**
 * Reads XML of any size as it streams, strictly: tags must close each other, a document type is refused whole (so no
 * entity is ever defined or expanded), only UTF-8, with bounds on size, depth, elements, texts and tags. Never throws for what
 * stands in the file; gives what is wrong with it, after which nothing that was told before may be relied upon.
 */
export async function readXmlStream(source: ByteSource, events: XmlEvents): Promise<PaymentFinding | undefined> {
  const reader = new StrictReader(events)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  for await (const piece of source) {
    bytes += piece.length
    if (bytes > paymentLimits.bytesMax) return tooLarge(`it has more than ${paymentLimits.bytesMax} bytes`)
    const text = decode(decoder, piece)
    if (text === undefined) return refusedEncoding('it is not UTF-8')
    reader.write(text)
    if (reader.refusal || reader.isStopped) return reader.refusal
  }
  if (decode(decoder, undefined) === undefined) return refusedEncoding('it is not UTF-8')
  reader.end()
  return reader.refusal
}

function decode(decoder: TextDecoder, piece: Uint8Array | undefined): string | undefined {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch {
    return undefined
  }
}

class StrictReader {
  refusal: PaymentFinding | undefined
  /** Whoever listens wants no more. */
  isStopped = false
  readonly #events: XmlEvents
  readonly #parser: Parser
  readonly #root: ElementPath = { path: '', name: '', parent: undefined, children: new Map() }
  readonly #open: ElementPath[] = []
  #isClosed = false
  #closings = 0
  #elements = 0
  #paths = 0
  /** Characters read since the parser last told something: how long the tag is that it stands in. */
  #silence = 0
  /** The raw text of the element that was opened last; nothing once a child element came. */
  #text: string | undefined
  /** Attributes of the tag that is being read, and those of the element that was opened last. */
  #attributes: Record<string, string> | undefined
  #own: Readonly<Record<string, string>> = NO_ATTRIBUTES

  constructor(events: XmlEvents) {
    this.#events = events
    this.#parser = new Parser(this.#handler(), { xmlMode: true, decodeEntities: false })
    this.#watchClosings(this.#parser)
  }

  write(text: string): void {
    for (let start = 0; start < text.length && !this.refusal && !this.isStopped; start += PIECE_CHARACTERS) {
      const piece = text.length > PIECE_CHARACTERS ? text.slice(start, start + PIECE_CHARACTERS) : text
      this.#silence += piece.length
      this.#parser.write(piece)
      if (this.#silence > paymentLimits.tokenCharactersMax) this.refusal ??= tooLarge('a tag or comment is too long')
    }
  }

  end(): void {
    if (this.#open.length > 0 || !this.#isClosed) return this.#malformed('it ends before its document element does')
    this.#parser.end()
  }

  /** A closing tag must close exactly the element that stands open; the parser itself forgives others. */
  #watchClosings(parser: Parser): void {
    const close = parser.onclosetag.bind(parser)
    parser.onclosetag = (start, end) => {
      const before = this.#closings
      close(start, end)
      if (this.#closings !== before + 1) this.#malformed('tags do not close each other')
    }
  }

  #handler() {
    return {
      onprocessinginstruction: (name: string, data: string) => this.#instruction(name, data),
      onattribute: (name: string, value: string, quote?: string | null) => this.#attribute(name, value, quote),
      onopentag: (name: string) => this.#openTag(name),
      ontext: (text: string) => this.#addText(text, false),
      oncdatastart: () => this.#addText('<', true),
      oncomment: () => void (this.#silence = 0),
      onclosetag: () => this.#closeTag(),
    }
  }

  #instruction(name: string, data: string): void {
    this.#silence = 0
    if (name.startsWith('!')) {
      const [what, remedy] = ['it has a document type, which could define entities', 'Remove the document type.']
      this.refusal ??= { code: 'doctype_refused', severity: 'error', where: 'file', what, remedy }
    }
    const encoding = name === '?xml' ? /encoding\s*=\s*["']([^"']*)/.exec(data)?.[1] : undefined
    if (encoding && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) this.refusal ??= refusedEncoding(`it says ${encoding}`)
  }

  #attribute(name: string, value: string, quote?: string | null): void {
    this.#attributes ??= {}
    if (!quote || Object.hasOwn(this.#attributes, name)) return this.#malformed(`the attribute ${name.slice(0, 40)}`)
    this.#attributes[name] = this.#decoded(value)
  }

  #openTag(qualified: string): void {
    this.#silence = 0
    const attributes = this.#attributes ?? NO_ATTRIBUTES
    this.#attributes = undefined
    if (this.refusal || this.isStopped) return
    if (++this.#elements > paymentLimits.elementsMax) return this.#large('it has too many elements')
    const parent = this.#open.at(-1)
    if (!parent) return this.#openDocument(qualified, attributes)
    if (this.#open.length >= paymentLimits.depthMax) return this.#large('its elements lie too deep in each other')
    const element = this.#pathOf(parent, qualified)
    this.#open.push(element)
    this.#text = ''
    this.#own = attributes
    this.#events.open(element)
  }

  #openDocument(qualified: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#isClosed) return this.#malformed('it has two document elements')
    const colon = qualified.indexOf(':')
    const namespace = attributes[colon < 0 ? 'xmlns' : `xmlns:${qualified.slice(0, colon)}`] ?? ''
    this.#open.push(this.#root)
    this.#text = undefined
    this.isStopped = !this.#events.start(qualified.slice(colon + 1) === 'Document' ? namespace : '')
  }

  #pathOf(parent: ElementPath, qualified: string): ElementPath {
    const name = qualified.slice(qualified.indexOf(':') + 1)
    let element = parent.children.get(name)
    if (!element) {
      if (++this.#paths > paymentLimits.pathsMax) this.#large('it has too many kinds of elements')
      element = { path: parent.path ? `${parent.path}/${name}` : name, name, parent, children: new Map() }
      if (!this.refusal) parent.children.set(name, element)
    }
    return element
  }

  #addText(text: string, isCdata: boolean): void {
    this.#silence = 0
    if (isCdata) return this.#malformed('it has a CDATA section, which the messages of banks have not')
    if (this.#text === undefined || this.#open.length < 2) {
      if (/[^\s\u{feff}]/u.test(text)) this.#malformed('text stands between elements')
      return
    }
    if (this.#text.length + text.length > paymentLimits.textCharactersMax) return this.#large('a text is too long')
    this.#text += text
  }

  #closeTag(): void {
    this.#silence = 0
    this.#closings++
    const element = this.#open.pop()
    if (!element || this.refusal || this.isStopped) return
    const text = this.#text === undefined ? undefined : this.#decoded(this.#text)
    this.#text = undefined
    if (this.#open.length === 0) this.#isClosed = true
    else if (!this.refusal) this.#events.close(element, text, text === undefined ? NO_ATTRIBUTES : this.#own)
  }

  /** Character data as it is meant: references resolved, of which XML itself defines five and those by number. */
  #decoded(raw: string): string {
    if (/^[\t\n\r\x20-\x25\x27-\x3b\x3d-\x7e]*$/.test(raw)) return raw
    if (/[<]|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(raw)) {
      this.#malformed('a character that XML does not allow')
    }
    return raw.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([^;&]{0,10}));?/g, (reference, decimal, hex, name) => {
      const known = NAMED.get(name)
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : known
      const isFit = code !== undefined && (code >= 32 || [9, 10, 13].includes(code)) && code <= 0x10_ff_ff
      if (isFit && reference.endsWith(';') && !(code >= 0xd8_00 && code <= 0xdf_ff)) return String.fromCodePoint(code)
      this.#malformed('a reference that XML does not define')
      return ''
    })
  }

  #malformed(what: string): void {
    if (this.isStopped) return
    const remedy = 'Ask for the file again, as the bank or the program wrote it.'
    this.refusal ??= { code: 'malformed_xml', severity: 'error', where: 'file', what: `no sound XML: ${what}`, remedy }
  }

  #large(what: string): void {
    this.refusal ??= tooLarge(what)
  }
}

const NAMED = new Map([
  ['amp', 38],
  ['lt', 60],
  ['gt', 62],
  ['quot', 34],
  ['apos', 39],
])

function tooLarge(what: string): PaymentFinding {
  return { code: 'too_large', severity: 'error', where: 'file', what, remedy: 'Split it into several messages.' }
}

function refusedEncoding(what: string): PaymentFinding {
  return { code: 'encoding_refused', severity: 'error', where: 'file', what, remedy: 'Write it as UTF-8.' }
}

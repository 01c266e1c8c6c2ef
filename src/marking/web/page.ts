import { Parser } from 'htmlparser2'

/** An element in the head of a page that may speak of disclosure, and where it stands in the text. */
export interface HeadElement {
  name: 'meta' | 'link' | 'script'
  attributes: Record<string, string>
  /** What stands between the tags of a script, as it is written. */
  text: string
  start: number
  end: number
}

export interface Head {
  elements: HeadElement[]
  /** Where something can be put in so that it is in the head, behind what declares the encoding. */
  insertAt: number
  /** Nothing behind this was looked at: nested too deeply, or too much of it. */
  isCut: boolean
}

/** What a head may hold (HTML, 13.2.6.4.4); anything else ends it, whether it is closed or not. */
const HEAD_CONTENT = new Set('base basefont bgsound link meta title noscript noframes style script template'.split(' '))
/** What a reader without scripts takes for the head's within `noscript`. */
const NOSCRIPT_CONTENT = new Set('basefont bgsound link meta noframes style'.split(' '))
const VOID = new Set('base basefont bgsound link meta'.split(' '))
/** In a template these are dropped, or read by rules of their own: where it ends is then not certain. */
const UNCLEAR = new Set('html head body frameset svg math'.split(' '))
const DEPTH_MAX = 500
const ELEMENTS_MAX = 1000
const CHUNK_CHARACTERS = 65_536

/**
 * The head of a page. What stands in its body is not looked at, for there others than the publisher may have written it;
 * nor are scripts, comments, templates and `noscript`. Never throws.
 */
export function readHead(html: string): Head {
  const reader = new HeadReader(html)
  for (let start = 0; start < html.length && !reader.isDone; start += CHUNK_CHARACTERS)
    reader.parser.write(html.slice(start, start + CHUNK_CHARACTERS))
  return reader.conclude()
}

class HeadReader {
  readonly parser: Parser
  isDone = false
  readonly #html: string
  readonly #elements: HeadElement[] = []
  readonly #open: string[] = []
  #current: { start: number; contentStart: number; attributes: Record<string, string>; depth: number } | undefined
  #insertAt: number | undefined
  #end: number | undefined
  #isCut = false
  /** Up to here the parser has told what there is. */
  #covered = 0

  constructor(html: string) {
    this.#html = html
    const on = (handle: () => void) => {
      if (!this.isDone) this.#stray(this.parser.startIndex)
      if (!this.isDone) handle()
      this.#covered = Math.max(this.#covered, this.parser.endIndex + 1)
    }
    this.parser = new Parser({
      onopentag: (name, attributes) => on(() => this.#opened(name, attributes)),
      onclosetag: (name, isImplied) => on(() => this.#closed(name, isImplied)),
      ontext: (text) => on(() => this.#said(text)),
      oncomment: () => on(() => {}),
      onprocessinginstruction: () => on(() => {}),
    })
  }

  conclude(): Head {
    if (!this.isDone) this.#stray(this.#html.length)
    // What was opened and never closed swallows all that follows: before it there is room.
    const end = this.#end ?? this.#current?.start ?? this.#html.length
    return {
      elements: this.#elements.filter((element) => element.end <= end),
      insertAt: Math.min(end, this.#insertAt ?? end),
      isCut: this.#isCut,
    }
  }

  #opened(name: string, attributes: Record<string, string>): void {
    if (this.#current) {
      if (this.#open.length >= DEPTH_MAX) return this.#cut(this.#current.start)
      if (UNCLEAR.has(name)) return this.#finish(this.#current.start)
      const isInNoscript = this.#open.at(-1) === 'noscript'
      if (isInNoscript && !NOSCRIPT_CONTENT.has(name)) this.#insertAt ??= this.#current.start
      this.#open.push(name)
      return
    }
    const isOuter = (name === 'html' && this.#open.length === 0) || (name === 'head' && !this.#open.includes('head'))
    if (!isOuter && !HEAD_CONTENT.has(name)) return this.#finish(this.parser.startIndex)
    const depth = this.#open.push(name) - 1
    if (isOuter) return
    if (this.#elements.length >= ELEMENTS_MAX) return this.#cut(this.parser.startIndex)
    this.#current = { start: this.parser.startIndex, contentStart: this.parser.endIndex + 1, attributes, depth }
  }

  /** Of an end tag without a beginning the parser tells nothing; four of them end a head. */
  #stray(at: number): void {
    if (this.#current || at <= this.#covered) return
    const tag = /<\/(?:html|head|body|br)[\t\n\f\r />]/i.exec(this.#html.slice(this.#covered, at))
    if (tag) this.#finish(this.#covered + tag.index)
  }

  #said(text: string): void {
    const start = this.parser.startIndex
    // A byte order mark is no text of the page.
    const at = (start === 0 ? text.replace(/^\ufeff/, ' ') : text).search(/[^\t\n\f\r ]/)
    if (at < 0) return
    if (!this.#current) this.#finish(start + at)
    else if (this.#open.at(-1) === 'noscript') this.#insertAt ??= this.#current.start
  }

  #closed(name: string, isImplied: boolean): void {
    const isOuter = name === 'html' || name === 'head' || name === 'body'
    if (!this.#current) {
      if (!isImplied && isOuter) return this.#finish(this.parser.startIndex)
      this.#open.pop()
      return
    }
    this.#open.pop()
    const { start, contentStart, attributes, depth } = this.#current
    if (this.#open.length > depth) return
    // Closed by what follows, and not by itself: nobody knows what else it would have held.
    if (isImplied && !VOID.has(name)) return this.#finish(start)
    this.#current = undefined
    if (name !== 'meta' && name !== 'link' && name !== 'script') return
    const text = name === 'script' ? this.#html.slice(contentStart, this.parser.startIndex) : ''
    // Where a script that holds another behind `<!--` ends, parsers disagree (HTML, 13.2.5.27, double escaped).
    const opening = text.indexOf('<!--')
    if (opening >= 0 && /<script[\t\n\f\r />]/i.test(text.slice(opening))) return this.#finish(start)
    this.#elements.push({ name, attributes, text, start, end: this.parser.endIndex + 1 })
  }

  #finish(at: number): void {
    this.#end = at
    this.isDone = true
  }

  #cut(at: number): void {
    this.#isCut = true
    this.#finish(at)
  }
}

import { Archive } from './archive.ts'
import type { DocumentLibraries, DocumentLimits } from './libraries.ts'
import { decodeMarkup, walkMarkup, type MarkupHandler } from './markup.ts'
import { TextCollector } from './textCollector.ts'

/** What is not read: what was deleted, remarks, the signs of notes, readings beside a line, what fields are made of. */
const UNREAD = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:note-citation',
  'text:ruby-text',
  'office:forms',
  'text:index-title-template',
  'svg:title',
  'svg:desc',
])
const LINES = new Set(['text:p', 'text:h', 'text:line-break'])
const SPACES = new Set(['text:s', 'text:tab'])

/**
 * The text of an OpenDocument text (ISO/IEC 26300-1): its body, then its notes in the order in which the body has them.
 * Errors: `unreadable_file`, `too_large`.
 */
export async function odtText(bytes: Uint8Array, libraries: DocumentLibraries, most: DocumentLimits): Promise<string> {
  const [{ Inflate }, { Parser }] = await Promise.all([libraries.fflate(), libraries.htmlparser2()])
  const archive = new Archive(bytes, Inflate, most)
  const story = new OdtStory(most.textLength)
  walkMarkup(decodeMarkup(archive.read('content.xml'), 'xml'), 'xml', story, { Parser, most })
  return story.toString()
}

class OdtStory implements MarkupHandler {
  readonly #body: TextCollector
  readonly #notes: TextCollector
  #texts = 0
  #unread = 0
  #inNote = 0

  constructor(lengthMax: number) {
    this.#body = new TextCollector(lengthMax)
    this.#notes = new TextCollector(lengthMax)
  }

  open(name: string): void {
    if (UNREAD.has(name)) this.#unread++
    if (this.#unread > 0) return
    if (name === 'office:text') this.#texts++
    else if (name === 'text:note-body') this.#inNote++
    else if (SPACES.has(name)) this.#collector.space()
    if (LINES.has(name)) this.#collector.line()
  }

  close(name: string): void {
    if (UNREAD.has(name)) this.#unread--
    else if (this.#unread > 0) return
    if (LINES.has(name)) this.#collector.line()
    else if (name === 'office:text') this.#texts--
    else if (name === 'text:note-body') this.#inNote--
  }

  text(text: string): void {
    if (this.#texts > 0 && this.#unread === 0) this.#collector.add(text)
  }

  toString(): string {
    return `${this.#body.toString()}\n${this.#notes.toString()}`.trim()
  }

  get #collector(): TextCollector {
    return this.#inNote > 0 ? this.#notes : this.#body
  }
}

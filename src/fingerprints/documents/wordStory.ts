import type { MarkupHandler } from './markup.ts'
import type { TextCollector } from './textCollector.ts'

export type NoteKind = 'footnote' | 'endnote'

/**
 * What is not read: definitions of tab stops, deleted and moved text at its old place, and the second version of a
 * drawing, which is for older programs.
 */
const UNREAD = new Set(['pPr', 'del', 'moveFrom', 'Fallback'])

/** Follows the markup of one story (body, notes) of a word processor's document and collects its text. */
export class WordStory implements MarkupHandler {
  /** The identifiers of the notes that the story names, in order. */
  readonly notes: Record<NoteKind, Set<string>> = { footnote: new Set(), endnote: new Set() }
  #collector: TextCollector
  readonly #startNote: ((name: string, id: string | undefined) => TextCollector | undefined) | undefined
  #unread = 0
  #texts = 0
  /** Fields that are open, outermost first: whether their code is being read, not yet what it results in. */
  readonly #fieldsInCode: boolean[] = []

  /** `startNote` gives each note of the story a collector of its own. */
  constructor(
    collector: TextCollector,
    startNote?: (name: string, id: string | undefined) => TextCollector | undefined,
  ) {
    this.#collector = collector
    this.#startNote = startNote
  }

  open(qualified: string, attributes: Record<string, string>): void {
    const name = localName(qualified)
    if (UNREAD.has(name)) this.#unread++
    if (this.#unread > 0) return
    if (name === 't') this.#texts++
    else if (name === 'p' || name === 'br' || name === 'cr') this.#collector.line()
    else if (name === 'tab' || name === 'ptab') this.#collector.space()
    else if (name === 'noBreakHyphen') this.#collector.add('-')
    else if (name === 'fldChar') this.#field(attributes['w:fldCharType'])
    else if (name === 'footnoteReference' || name === 'endnoteReference')
      this.notes[name === 'footnoteReference' ? 'footnote' : 'endnote'].add(attributes['w:id'] ?? '')
    else this.#collector = this.#startNote?.(name, attributes['w:id']) ?? this.#collector
  }

  close(qualified: string): void {
    const name = localName(qualified)
    if (UNREAD.has(name)) this.#unread--
    else if (this.#unread > 0) return
    else if (name === 't') this.#texts--
    else if (name === 'p') this.#collector.line()
  }

  text(text: string): void {
    if (this.#texts > 0 && this.#unread === 0 && !this.#fieldsInCode.includes(true)) this.#collector.add(text)
  }

  #field(type: string | undefined): void {
    if (type === 'begin') this.#fieldsInCode.push(true)
    else if (type === 'separate' && this.#fieldsInCode.length > 0)
      this.#fieldsInCode[this.#fieldsInCode.length - 1] = false
    else if (type === 'end') this.#fieldsInCode.pop()
  }
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1)
}

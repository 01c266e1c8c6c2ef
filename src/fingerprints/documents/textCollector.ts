import { tooLarge } from './refusal.ts'

/** Gathers the text of a document piece by piece: white space becomes one space, blocks stand on lines of their own. */
export class TextCollector {
  readonly #pieces: string[] = []
  readonly #lengthMax: number
  #length = 0
  #gap: '' | ' ' | '\n' = ''

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax
  }

  /** Adds running text. Errors: `too_large` as soon as it is more than allowed. */
  add(text: string): void {
    const words = text.replaceAll(/[ \t\n\f\r]+/g, ' ')
    if (words.startsWith(' ')) this.space()
    // Other white space, such as a space that does not break, belongs to the text.
    const trimmed = words.replaceAll(/^ | $/g, '')
    if (trimmed === '') return
    this.#push(this.#gap + trimmed)
    this.#gap = words.endsWith(' ') ? ' ' : ''
  }

  space(): void {
    if (this.#gap === '' && this.#length > 0) this.#gap = ' '
  }

  line(): void {
    if (this.#length > 0) this.#gap = '\n'
  }

  toString(): string {
    return this.#pieces.join('')
  }

  #push(piece: string): void {
    this.#length += piece.length
    if (this.#length > this.#lengthMax) throw tooLarge('the document holds more text than is read here')
    this.#pieces.push(piece)
  }
}

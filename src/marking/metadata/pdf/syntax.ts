import { unreadable } from '../findings.ts'

/** A value of PDF's own notation (ISO 32000-2, 7.3). Strings and the like are kept as `other`: nobody asks for them. */
export type PdfValue =
  | { kind: 'number'; value: number }
  | { kind: 'name'; value: string }
  | { kind: 'reference'; object: number; generation: number }
  | { kind: 'array'; items: PdfValue[] }
  | PdfDictionary
  | { kind: 'other' }

export interface PdfDictionary {
  kind: 'dictionary'
  entries: Map<string, PdfEntry>
  /** Its source, from `<<` to `>>`. */
  source: string
}

interface PdfEntry {
  value: PdfValue
  /** Where key and value stand in the dictionary's source. */
  start: number
  end: number
}

const DEPTH_MAX = 50
const SPACE = /(?:[\0\t\n\f\r ]+|%[^\r\n]*)*/y
const REFERENCE = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)/y
const NAME = /\/[^\0\t\n\f\r ()<>[\]{}/%]*/y
const HEXADECIMAL = /<[\da-fA-F\0\t\n\f\r ]*>/y
const KEYWORD = /[a-zA-Z]+/y

/** Reads one value from text. Errors: `unreadable_file`. */
export class PdfReader {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  value(depth = 0): PdfValue {
    if (depth > DEPTH_MAX) throw unreadable('the PDF is nested too deeply')
    this.#take(SPACE)
    if (this.text.startsWith('<<', this.at)) return this.#dictionary(depth)
    if (this.text[this.at] === '[') return this.#array(depth)
    if (this.text[this.at] === '(') return this.#string()
    const reference = this.#take(REFERENCE)
    if (reference) return { kind: 'reference', object: Number(reference[1]), generation: Number(reference[2]) }
    const name = this.#take(NAME)
    if (name) return { kind: 'name', value: decodeName(name[0]) }
    const number = this.#take(NUMBER)
    if (number) return { kind: 'number', value: Number(number[0]) }
    if (this.#take(HEXADECIMAL) ?? this.#take(KEYWORD)) return { kind: 'other' }
    throw unreadable('an object of the PDF is damaged')
  }

  /** A keyword or a mark; false when something else stands there. */
  skip(word: string): boolean {
    this.#take(SPACE)
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  number(): number {
    const value = this.value()
    if (value.kind !== 'number' || !Number.isSafeInteger(value.value) || value.value < 0)
      throw unreadable('a number of the PDF is damaged')
    return value.value
  }

  #dictionary(depth: number): PdfDictionary {
    const from = this.at
    this.at += 2
    const entries = new Map<string, PdfEntry>()
    while (!this.skip('>>')) {
      const start = this.at
      const key = this.#take(NAME)
      if (!key) throw unreadable('a dictionary of the PDF is damaged')
      const value = this.value(depth + 1)
      entries.set(decodeName(key[0]), { value, start: start - from, end: this.at - from })
    }
    return { kind: 'dictionary', entries, source: this.text.slice(from, this.at) }
  }

  #array(depth: number): PdfValue {
    this.at++
    const items: PdfValue[] = []
    while (!this.skip(']')) items.push(this.value(depth + 1))
    return { kind: 'array', items }
  }

  #string(): PdfValue {
    let open = 0
    do {
      const character = this.text[this.at]
      if (character === undefined) throw unreadable('a text of the PDF does not end')
      if (character === '\\') this.at++
      else if (character === '(') open++
      else if (character === ')') open--
      this.at++
    } while (open > 0)
    return { kind: 'other' }
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match) this.at = pattern.lastIndex
    return match
  }
}

function decodeName(source: string): string {
  return source
    .slice(1)
    .replaceAll(/#([\da-fA-F]{2})/g, (_match, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
}

/** The entry of a dictionary if it is of this kind. */
export function entryOf<Kind extends PdfValue['kind']>(
  { entries }: PdfDictionary,
  key: string,
  kind: Kind,
): Extract<PdfValue, { kind: Kind }> | undefined {
  const value = entries.get(key)?.value
  return value?.kind === kind ? (value as Extract<PdfValue, { kind: Kind }>) : undefined
}

/** A dictionary's source with this entry in the place of the one of its name. `written` is PDF notation. */
export function withEntry({ entries, source }: PdfDictionary, key: string, written: string): string {
  const entry = entries.get(key)
  const made = `/${key} ${written}`
  if (entry) return `${source.slice(0, entry.start)}${made}${source.slice(entry.end)}`
  return `${source.slice(0, -2)} ${made}>>`
}

import type { Findings } from './report.ts'

const NAME_CHARACTERS_MAX = 200
const TEXT_CHARACTERS_MAX = 4096
const KEY_CHARACTERS_MAX = 200
const DEPTH_MAX = 12
/** Values of all assertions of a file together. */
const VALUES_MAX = 20_000
const CHARACTERS_MAX = 1_000_000

/** Cuts what strangers wrote to what a page can show, and says so. One is used for a whole report. */
export class Tidier {
  readonly #findings: Findings
  #values = 0
  #characters = 0

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** A name or a title: one line, without markup. Undefined when nothing is left of it. */
  name(value: unknown, where: string): string | undefined {
    if (typeof value !== 'string') return undefined
    const plain = withoutMarkup(value.slice(0, TEXT_CHARACTERS_MAX))
    if (plain.length < Math.min(value.length, TEXT_CHARACTERS_MAX))
      this.#findings.add('markup_removed', 'warning', 'markup was removed from a name', where)
    const line = plain.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
    if (value.length > TEXT_CHARACTERS_MAX || line.length > NAME_CHARACTERS_MAX)
      this.#findings.add('text_cut', 'warning', `a name is longer than ${NAME_CHARACTERS_MAX} characters`, where)
    return line.slice(0, NAME_CHARACTERS_MAX).toWellFormed() || undefined
  }

  /** Any value of an assertion, within bounds. Texts stay as they are otherwise: whoever shows them escapes them. */
  value(value: unknown, where: string, depth = 0): unknown {
    if (++this.#values > VALUES_MAX || this.#characters > CHARACTERS_MAX || depth > DEPTH_MAX) {
      this.#cut(where)
      return null
    }
    if (typeof value === 'string') return this.#text(value, TEXT_CHARACTERS_MAX, where)
    if (Array.isArray(value)) return this.#list(value, where, depth)
    if (typeof value !== 'object' || value === null) return value
    const copy: [string, unknown][] = []
    for (const [key, each] of Object.entries(value)) {
      if (this.#values > VALUES_MAX) break
      copy.push([this.#text(key, KEY_CHARACTERS_MAX, where), this.value(each, where, depth + 1)])
    }
    // Not by assignment: a key may be called `__proto__`.
    return Object.fromEntries(copy)
  }

  #list(values: unknown[], where: string, depth: number): unknown[] {
    const copy: unknown[] = []
    for (const each of values) {
      if (this.#values > VALUES_MAX) break
      copy.push(this.value(each, where, depth + 1))
    }
    return copy
  }

  #text(text: string, max: number, where: string): string {
    const cut = text.length > max ? text.slice(0, max).toWellFormed() : text
    if (cut.length < text.length) this.#cut(where)
    this.#characters += cut.length
    return cut
  }

  #cut(where: string): void {
    this.#findings.add('assertion_cut', 'warning', 'an assertion is larger than what is shown of it', where)
  }
}

/** Takes out the content of scripts and styles, and every tag. */
function withoutMarkup(text: string): string {
  return text.replaceAll(/<(script|style)\b[^>]*>[^]*?(?:<\/\1\s*>|$)/gi, '').replaceAll(/<[/!?a-z][^>]*(?:>|$)/gi, '')
}

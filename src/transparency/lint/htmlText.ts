import { Parser } from 'htmlparser2'
import { ColophonError, limits } from '../../foundation/index.ts'
import { isHowKnown } from '../howKnown.ts'

/** What a reader of the page does not see as text. */
const UNSEEN = new Set(
  'script style template noscript svg math iframe object audio video canvas noframes head datalist title'.split(' '),
)
const BLOCKS = new Set(
  'address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section select summary table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
const VOID = new Set('input br hr img meta link wbr source col area base embed param track'.split(' '))
/** A question mostly stands in one of these. */
const MARKED = new Set(['dt', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/**
 * The text of a page as somebody sees it, with boxes as ☒ and ☐, the values of form fields, and where links lead to.
 * Nothing is executed or fetched. Errors: `too_large` for depth.
 */
export function htmlText(markup: string, where: string): { text: string; language?: string } {
  const reader = new PageReader(where)
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      onclosetag: (name) => reader.close(name),
      ontext: (text) => reader.text(text),
    },
    { recognizeSelfClosing: false },
  )
  parser.end(markup)
  return { text: reader.pieces.join(''), ...(reader.language ? { language: reader.language } : {}) }
}

type Attributes = Record<string, string>

class PageReader {
  readonly pieces: string[] = []
  language: string | undefined
  readonly #where: string
  #depth = 0
  /** The depth at which something begins that is not seen. */
  #unseenFrom: number | undefined
  readonly #links: string[] = []
  #isOptionLeft = false
  /** Where a line may begin that says how an answer is known: its depth, and its first piece. */
  #known: { depth: number; from: number } | undefined

  constructor(where: string) {
    this.#where = where
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'html') this.language ??= attributes.lang
    if (!VOID.has(name)) this.#depth++
    if (this.#depth > limits.documentMarkupDepthMax)
      throw new ColophonError('too_large', 'the page is nested too deeply', {
        where: this.#where,
        remedy: 'Save the summary as a plain page or as text.',
      })
    if (this.#unseenFrom !== undefined) return
    if (isUnseen(name, attributes)) {
      if (!VOID.has(name)) this.#unseenFrom = this.#depth
      return
    }
    if (name === 'option') this.#isOptionLeft = attributes.selected === undefined
    if (MARKED.has(name)) this.pieces.push('\n\uFDD0')
    else if (BLOCKS.has(name)) this.pieces.push('\n')
    else if (name === 'td' || name === 'th') this.pieces.push('\n')
    if (name === 'p' && attributes.class === 'known') this.#known = { depth: this.#depth, from: this.pieces.length }
    this.pieces.push(boxOf(name, attributes))
    if (name === 'a') this.#links.push(attributes.href ?? '')
  }

  close(name: string): void {
    if (VOID.has(name)) return
    if (this.#unseenFrom === this.#depth) this.#unseenFrom = undefined
    else if (this.#unseenFrom === undefined) {
      if (name === 'option') this.#isOptionLeft = false
      if (name === 'a') this.#closeLink(this.#links.pop() ?? '')
      if (this.#known?.depth === this.#depth) this.#closeKnown(this.#known.from)
      if (BLOCKS.has(name)) this.pieces.push('\n')
    }
    this.#depth--
  }

  text(text: string): void {
    if (this.#unseenFrom === undefined && !this.#isOptionLeft) this.pieces.push(text.replaceAll(/[\s\uFDD0]+/g, ' '))
  }

  /** How an answer is known is no part of the answer, if the line says nothing else. */
  #closeKnown(from: number): void {
    if (isHowKnown(this.pieces.slice(from).join(''))) this.pieces.length = from
    this.#known = undefined
  }

  /** Where a link leads is part of the answer, unless it is what the link says. */
  #closeLink(href: string): void {
    const isSaid = this.pieces
      .slice(-3)
      .join('')
      .includes(href.replace(/^https?:\/\//, ''))
    if (/^https?:\/\//.test(href) && href.length < 2000 && !isSaid) this.pieces.push(` ${href} `)
  }
}

function isUnseen(name: string, { hidden, style, type }: Attributes): boolean {
  if (name === 'input') return type === 'hidden'
  return UNSEEN.has(name) || hidden !== undefined || /display\s*:\s*none/i.test(style ?? '')
}

function boxOf(name: string, attributes: Attributes): string {
  const isBox = name === 'input' && /^(checkbox|radio)$/i.test(attributes.type ?? '')
  if (isBox) return attributes.checked === undefined ? ' ☐ ' : ' ☒ '
  if (/^(checkbox|radio)$/.test(attributes.role ?? '')) return attributes['aria-checked'] === 'true' ? ' ☒ ' : ' ☐ '
  if (name === 'input' && /^(|text|date|month|url|email)$/i.test(attributes.type ?? ''))
    return ` ${attributes.value ?? ''} `
  return ''
}

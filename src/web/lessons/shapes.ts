import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import type { Html } from '../layout.ts'

/** The line of a shape: as all are, accented and thicker, or broken. */
type Line = '' | 'accent' | 'broken'

/** Shapes are drawn around a point of their own; this puts one at a place of the drawing. */
export function at(x: number, y: number, shape: Html, scale = 1): Html {
  return html`<g transform="translate(${x} ${y})${scale === 1 ? '' : ` scale(${scale})`}">${shape}</g>`
}

/** A sheet with lines of writing; one of them may be accented. */
export function sheet(accented?: number): Html {
  return html`<rect x="-16" y="-21" width="32" height="42" rx="2" class="tint" />${[20, 14, 20, 17].map(
    (width, i) => html`<path d="M-10 ${i * 8 - 12}h${width}" class="${i === accented ? 'accent' : ''}" />`,
  )}`
}

/** A picture of hills under a sun. */
export function picture(): Html {
  return html`<rect x="-22" y="-17" width="44" height="34" class="tint" />
    <circle cx="11" cy="-7" r="4" />
    <path d="M-22 12-9-4 1 8 9 0 22 12" />`
}

/** A voice or a sound over time. */
export function wave(): Html {
  return html`${[6, 14, 24, 11, 30, 18, 26, 9, 15, 5].map(
    (height, i) => html`<path d="M${i * 5 - 22.5} ${-height / 2}v${height}" />`,
  )}`
}

/** A table of rows; one of them may be accented. */
export function table(accented?: number): Html {
  const rows = [0, 1, 2, 3]
  return html`<rect x="-30" y="-24" width="60" height="48" class="tint" />
    <path d="M-14-24v48M-30-12h60M-30 0h60M-30 12h60" />${rows
      .filter((row) => row === accented)
      .map((row) => html`<rect x="-30" y="${row * 12 - 24}" width="60" height="12" class="accent" />`)}`
}

/** The window of a page on the web. */
export function webPage(content: Html): Html {
  return html`<rect x="-27" y="-20" width="54" height="40" rx="3" />
    <path d="M-27-12h54M-23-16h1M-19-16h1M-15-16h1" />${at(0, 4, content, 0.62)}`
}

/** AI: the star of the labels that say how a work was made. */
export function star(): Html {
  return html`<path d="M0-18C2-6 6-2 18 0 6 2 2 6 0 18-2 6-6 2-18 0-6-2-2-6 0-18Z" class="solid" />`
}

/** A person, as far as the shoulders. */
export function person(line: Line = ''): Html {
  return html`<circle cy="-8" r="7" class="tint ${line}" /><path d="M-13 15C-13-2 13-2 13 15Z" class="tint ${line}" />`
}

/** A coin. */
export function coin(): Html {
  return html`<circle r="7" class="tint" /><circle r="3.5" />`
}

/** A lock, closed or open. */
export function lock(isOpen: boolean): Html {
  return html`<path d="${isOpen ? 'M-9-4v-8c0-12 16-13 18-3' : 'M-9-4v-7c0-12 18-12 18 0v7'}" />
    <rect x="-14" y="-4" width="28" height="22" rx="3" class="tint accent" />
    <path d="M0 5v5" class="accent" />`
}

/** A code as squares, four in a row; one of them may have a frame around it. */
export function squares(bits: string, framed?: number): Html {
  const place = (i: number) => [(i % 4) * 9 - 18, Math.floor(i / 4) * 9 - 18] as const
  const frame = (i: number) => html`<path d="M${place(i).join(' ')}h9v9h-9Z" class="accent" />`
  return html`${[...bits].map((bit, i) => html`<path d="M${place(i).join(' ')}h9v9h-9Z" class="${bit === '1' ? 'solid' : ''}" />`)}${framed === undefined ? '' : frame(framed)}`
}

/** A line with a head at its end. */
export function arrow(x1: number, y1: number, x2: number, y2: number, line: Line = ''): Html {
  const angle = Math.atan2(y2 - y1, x2 - x1)
  const wing = (turn: number) => `${round(x2 - 7 * Math.cos(angle + turn))} ${round(y2 - 7 * Math.sin(angle + turn))}`
  const head = line === 'broken' ? '' : line
  return html`<path d="M${x1} ${y1}L${x2} ${y2}" class="${line}" /><path d="M${wing(0.5)}L${x2} ${y2}L${wing(-0.5)}" class="${head}" />`
}

/** One of the labels that say how a work was made, as it stands beside works, around its middle. */
export function label(name: string): Html {
  const file = readFileSync(new URL(`../assets/icons/${name}.svg`, import.meta.url), 'utf8')
  const [, inner] = /<\/title>(.*)<\/svg>/s.exec(file)!
  return html`<g transform="translate(-12 -12)" class="label">${raw(inner!)}</g>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

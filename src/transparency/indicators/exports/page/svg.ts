import { html, type Markup } from './markup.ts'

/** Units across a drawing: about one for each pixel of a small telephone, so that its letters can be read there, too. */
export const WIDTH = 320

/** A drawing with its text alternative; it grows with the page up to its style's bound. */
export function drawing(height: number, alternative: string, content: readonly Markup[]): Markup {
  return html`<svg viewBox="0 0 ${WIDTH} ${round(height)}" role="img" aria-label="${alternative}">
    ${content}
  </svg>`
}

/** A text of a data set stands between marks that keep its direction to itself. */
export const isolated = (text: string) => `\u2068${text}\u2069`

export function label(x: number, y: number, text: string, kind = 'label'): Markup {
  return html`<text x="${round(x)}" y="${round(y)}" class="${kind}">${isolated(text)}</text>`
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return html`<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}" />`
}

export function dot(x: number, y: number, radius: number, kind = 'dot'): Markup {
  return html`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" class="${kind}" />`
}

export function bar(x: number, y: number, width: number, height: number): Markup {
  return html`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" class="bar" />`
}

/** Two decimals are enough for an eye, and keep the file small. */
const round = (number: number) => Math.round(number * 100) / 100

import { html } from 'hono/html'
import type { Html } from '../layout.ts'

/** A row of a chart: bars one below another, of which the first is drawn empty and the second full when there are two. */
export interface ChartRow {
  label: string
  /** What is written at the end of each bar. */
  values: readonly { cents: bigint; text: string }[]
  /** Where the bar begins: what lies before it in a waterfall. */
  from?: bigint
  /** How far the label is moved in. */
  depth?: number
}

const WIDTH = 300
/** Beside an amount, and alone on its line. */
const LABEL_CHARACTERS_MAX = [26, 42] as const
const [LABEL_HEIGHT, BAR_HEIGHT, GAP] = [17, 12, 10]

/**
 * Bars as an SVG without styles of its own, named by what it shows. The same figures stand in a table beside it, so it is
 * one picture for whoever does not see it. `whole` is what a bar of the full width stands for; the largest value without it.
 */
export function barChart(description: string, rows: readonly ChartRow[], whole = 0n): Html | '' {
  const most = rows.reduce(
    (max, { from = 0n, values }) =>
      values.reduce((widest, { cents }) => (from + cents > widest ? from + cents : widest), max),
    whole,
  )
  if (most === 0n) return ''
  let y = 0
  const drawn = rows.map((row) => {
    const isPaired = row.values.length > 1
    const top = y
    const height = LABEL_HEIGHT + row.values.length * (isPaired ? BAR_HEIGHT + 3 : BAR_HEIGHT) + GAP
    y += height
    return drawRow(row, top, most, isPaired)
  })
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${description}">${drawn}</svg>`
}

function drawRow(
  { label, values, from = 0n, depth = 0 }: ChartRow,
  top: number,
  most: bigint,
  isPaired: boolean,
): Html {
  const text = shorten(label, LABEL_CHARACTERS_MAX[isPaired ? 1 : 0])
  const inset = depth * 12
  const x = inset + scaled(from, most, WIDTH - inset)
  return html`<text x="${inset}" y="${top + 12}">${text}</text>
    ${isPaired ? '' : html`<text x="${WIDTH}" y="${top + 12}" class="end">${values[0]!.text}</text>`}
    ${values.map(({ cents, text: amount }, i) => {
      const place = top + LABEL_HEIGHT + i * (BAR_HEIGHT + 3)
      const room = isPaired ? WIDTH - 120 : WIDTH - inset
      const width = Math.max(scaled(cents, most, room), cents > 0n ? 1 : 0)
      return html`<rect x="${x + 0.5}" y="${place}" width="${width}" height="${BAR_HEIGHT}" class="${isPaired && i === 0 ? 'empty' : 'full'}" />${isPaired ? html`<text x="${width + 6}" y="${place + 10}" class="small">${amount}</text>` : ''}`
    })}`
}

/** Which bar is which, in words and in the shape that the chart has. */
export function chartKey(names: readonly [string, string]): Html {
  return html`<p class="soft">
    ${names.map(
      (name, i) =>
        html`<svg class="chart key" viewBox="0 0 24 11" aria-hidden="true"><rect x="0.5" y="0.5" width="22" height="10" class="${i === 0 ? 'empty' : 'full'}" /></svg>
          ${name}${i === 0 ? html`<br />` : ''}`,
    )}
  </p>`
}

function shorten(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text
}

/** Tenths of a unit, exact for amounts of any size. */
function scaled(cents: bigint, most: bigint, room: number): number {
  return Number((cents * BigInt(Math.floor(room * 10))) / most) / 10
}

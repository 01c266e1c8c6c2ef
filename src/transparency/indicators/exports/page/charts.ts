import type { Figure, Indicator, IndicatorTable } from '../../indicator.ts'
import { cubeOf, finite, type Column, type Cube } from '../release.ts'
import { intervalText, shown, tickText, valueText } from './format.ts'
import type { Markup } from './markup.ts'
import { columnTitle, rowName } from './names.ts'
import { bar, dot, drawing, label, line, WIDTH } from './svg.ts'

const TRACK = 236
const FIGURE_HEIGHT = 46
const LABEL_COLUMNS = 50

/** Figures on their scales, each with its interval as a whisker; undefined where there is none. */
export function figuresChart({ name, figures }: Indicator): Markup | undefined {
  const known = figures.filter(({ value }) => finite(value) !== null)
  if (known.length === 0) return undefined
  const said = known.map(({ label: text, value, unit, low, high }) => {
    const interval = intervalText(low, high, unit)
    return `${shown(text)}: ${valueText(value, unit)}${interval ? `, interval ${interval}` : ''}`
  })
  const rows = known.flatMap((figure, i) => figureRow(figure, i * FIGURE_HEIGHT))
  return drawing(known.length * FIGURE_HEIGHT, `Figures of “${name}”. ${said.join('; ')}.`, rows)
}

function figureRow({ label: text, value, unit, low, high }: Figure, top: number): Markup[] {
  const most = scaleEnd(unit, value!, high)
  const place = (each: number) => 6 + (TRACK - 12) * Math.min(1, Math.max(0, each / most))
  const y = top + 25
  const hasInterval = finite(low) !== null && finite(high) !== null
  const whisker = hasInterval
    ? [
        line(place(low!), y, place(high!), y, 'whisker'),
        ...[low!, high!].map((end) => line(place(end), y - 6, place(end), y + 6, 'whisker')),
      ]
    : []
  return [
    label(0, top + 12, shown(text, LABEL_COLUMNS)),
    line(place(0), y, place(most), y, 'track'),
    ...whisker,
    dot(place(value!), y, 4.5),
    label(WIDTH, y + 4, valueText(value, unit), 'label value end'),
    label(2, y + 14, tickText(0, unit), 'tick'),
    label(TRACK, y + 14, tickText(most, unit), 'tick end'),
  ]
}

/** Where a scale ends: at 1 for what cannot be more, else at a round number that everything fits below. */
function scaleEnd(unit: Figure['unit'], value: number, high: number | undefined): number {
  const most = Math.max(value, finite(high) ?? value)
  if (most <= 1 && unit !== 'count' && unit !== 'effective number') return 1
  if (!(most > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return finite([1, 2, 3, 5, 10].map((step) => step * power).find((end) => end >= most)) ?? most
}

const BARS_MAX = 10
const DECADES_MAX = 24
/** Short names stand beside their bars, longer ones above them. */
const SHORT = 16
const LAYOUTS = {
  beside: { height: 18, x: 112, length: 154, top: 4.5, text: 13 },
  above: { height: 32, x: 0, length: TRACK, top: 17, text: 12 },
}
type Layout = (typeof LAYOUTS)[keyof typeof LAYOUTS]

export interface BarChart {
  chart: Markup
  caption: string
}

/** The largest rows of a table as bars; decades in their order. Undefined for a table with nothing to draw. */
export function barChart(table: IndicatorTable): BarChart | undefined {
  const cube = cubeOf(table)
  const at = cube.columns.findIndex(({ code }) => code === 'share' || code === 'weightPerMillion')
  const column = cube.columns[at]
  if (!column) return undefined
  const rows = barsOf(cube, at)
  const most = Math.max(...rows.map(({ value }) => value))
  if (!(most > 0)) return undefined
  const title = `${columnTitle(column.label)} by ${columnTitle(cube.nameKey).toLowerCase()}`
  const caption = rows.length < cube.rows.length ? `${title}: the ${rows.length} largest` : title
  const said = rows.map(({ name, value }) => `${name} ${valueText(value, column.unit)}`).join('; ')
  const layout = rows.every(({ name }) => shown(name, SHORT) === name) ? LAYOUTS.beside : LAYOUTS.above
  const drawn = rows.flatMap((row, i) => barRow(row, i, most, column, layout))
  return { chart: drawing(rows.length * layout.height, `Bars. ${caption}. ${said}.`, drawn), caption }
}

interface Bar {
  name: string
  value: number
}

function barsOf({ key, rows }: Cube, at: number): Bar[] {
  const bars = rows
    .map(({ name, values }) => ({ name: rowName(key, name), value: Math.max(0, values[at] ?? 0) }))
    .sort((a, b) => b.value - a.value)
  if (key !== 'year') return bars.slice(0, BARS_MAX)
  return bars.slice(0, DECADES_MAX).sort((a, b) => parseInt(a.name, 10) - parseInt(b.name, 10))
}

function barRow({ name, value }: Bar, i: number, most: number, { unit }: Column, layout: Layout): Markup[] {
  const { x, length } = layout
  const [top, width] = [i * layout.height, Math.max(1, (value / most) * length)]
  return [
    label(0, top + layout.text, shown(name, LABEL_COLUMNS)),
    bar(x, top + layout.top, width, 9),
    label(x + width + 6, top + layout.top + 8.5, valueText(value, unit), 'label value'),
  ]
}

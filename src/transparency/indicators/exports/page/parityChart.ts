import type { IndicatorTable } from '../../indicator.ts'
import { cubeOf, finite } from '../release.ts'
import { shown, tickText, valueText } from './format.ts'
import type { Markup } from './markup.ts'
import { dot, drawing, label, line, WIDTH } from './svg.ts'

const [LEFT, RIGHT] = [96, 266]
const [TOP, ROW] = [24, 17]
/** A scale of so many tens at most: what is less stands at its edge. */
const TENS_MAX = 6

interface Row {
  name: string
  parity: number
}

/**
 * Parities on a logarithmic scale, where half and double are as far from 1; a line at 1, from which each one hangs. What is
 * not there at all has no place on such a scale, and stands hollow at its left edge. Undefined for a table without parity.
 */
export function parityChart(table: IndicatorTable): Markup | undefined {
  const rows = parities(table)
  const positive = rows.map(({ parity }) => parity).filter((parity) => parity > 0)
  if (positive.length === 0) return undefined
  const last = Math.max(1, Math.ceil(Math.log10(Math.max(...positive))))
  const first = Math.max(last - TENS_MAX, Math.min(-1, Math.floor(Math.log10(Math.min(...positive)))))
  const place = (parity: number) =>
    LEFT + (RIGHT - LEFT) * Math.min(1, Math.max(0, (Math.log10(parity) - first) / (last - first)))
  const bottom = TOP + rows.length * ROW
  const tens = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
  const said = rows.map(({ name, parity }) => `${name} ${valueText(parity, 'ratio')}`).join('; ')
  return drawing(
    bottom + 20,
    `Dots on a logarithmic scale, with a line at 1, where a language has as large a part as its speakers. ${said}.`,
    [
      ...tens.filter((ten) => ten !== 1).map((ten) => line(place(ten), TOP, place(ten), bottom, 'track')),
      ...tens.map((ten) => label(place(ten), bottom + 13, tickText(ten, 'ratio'), 'tick middle')),
      line(place(1), TOP - 6, place(1), bottom, 'one'),
      label(place(1), 13, '1: as among speakers', 'label middle'),
      ...rows.flatMap((row, i) => parityRow(row, TOP + (i + 0.5) * ROW, place)),
    ],
  )
}

function parities(table: IndicatorTable): Row[] {
  const { columns, rows } = cubeOf(table)
  const at = columns.findIndex(({ code }) => code === 'parity')
  return rows
    .flatMap(({ name, values }) => {
      const parity = finite(values[at])
      return parity === null ? [] : [{ name: shown(name, 18), parity }]
    })
    .sort((a, b) => b.parity - a.parity)
}

function parityRow({ name, parity }: Row, y: number, place: (parity: number) => number): Markup[] {
  const isThere = parity > 0
  const x = isThere ? place(parity) : LEFT
  return [
    label(0, y + 4, name),
    ...(isThere ? [line(place(1), y, x, y, 'whisker')] : []),
    dot(x, y, 4, isThere ? 'dot' : 'hollow'),
    label(WIDTH, y + 4, valueText(parity, 'ratio'), 'label value end'),
  ]
}

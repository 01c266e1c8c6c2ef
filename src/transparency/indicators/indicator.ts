import { areTotals, bootstrap, type Drawable, type Group, type Interval } from './bootstrap.ts'
import type { Dimension, Groups, Totals, UnnamedGroups } from './aggregate.ts'
import type { StandardError } from './linear.ts'

export type Unit = 'share' | 'effective number' | 'count' | 'ratio' | 'bit' | 'coefficient'

/** One figure of an indicator, with its 95% interval where rows were drawn. */
export interface Figure {
  id: string
  label: string
  unit: Unit
  value: number | null
  low?: number
  high?: number
}

/** A table behind a figure: what it was computed from, small cells left out where they could point at persons. */
export interface IndicatorTable {
  columns: string[]
  rows: (string | number | null)[][]
  /** Cells of fewer rows than the least were left out, and the next larger one with them where it could be computed. */
  suppressed: number
  /** Rows of the table that are not printed because there are too many. */
  more: number
}

export interface Indicator {
  /** As the indicators of the observatory are numbered. */
  number: number
  id: string
  name: string
  status: 'measured' | 'not provided'
  formula: string
  source: string
  /** What a row counts: itself, or a column. */
  weightBasis: string
  /** Share of the weight of which the value is not known; it is in no figure. */
  unknownShare: number | null
  reference?: string
  note?: string
  figures: Figure[]
  table?: IndicatorTable
}

export const SMALL_CELL = 10
const TABLE_MAX = 60

/** Groups without what is not known, and without those that have no weight: they are not in the data set. */
export function knownGroups(groups: Groups): [string, Group][] {
  return [...groups]
    .filter(([value, { weight }]) => value !== '' && weight > 0)
    .sort(([a, one], [b, other]) => other.weight - one.weight || (a < b ? -1 : 1))
}

export function unknownShare(groups: Groups, { weight }: Totals): number | null {
  return weight > 0 ? (groups.get('')?.weight ?? 0) / weight : null
}

export interface FigureOf extends Drawable {
  id: string
  label: string
  unit: Unit
  /** What it cannot exceed, where its unit does not say so. */
  most?: number
  /** It is the same whichever group is which, and groups are what varies: it has an interval where rows are totals, too. */
  isOfUnits?: boolean
  /** For very many groups, where drawing them would take too long. */
  error?: StandardError
}

export const MANY_NOTE =
  'There are so many values that only the largest are named, and that intervals are computed to first order instead of drawn.'

export const TOTALS_NOTE =
  'Each value stands in one row, which is a total: how what was counted varies is not known, so that figures of values have no interval.'

/** What is to be said of the intervals of these groups. */
export const intervalNote = (groups: readonly Group[], unnamed?: UnnamedGroups): string =>
  [areTotals(groups, unnamed) ? TOTALS_NOTE : '', unnamed ? MANY_NOTE : ''].filter(Boolean).join(' ')

/** Notes one after the other; nothing where there is none. */
export function notes(...parts: (string | undefined)[]): { note?: string } {
  const note = parts.filter(Boolean).join(' ')
  return note === '' ? {} : { note }
}

/** Figures of groups, with their intervals: these hold the figure, and nothing that it cannot be. Null where there is none. */
export function figuresOf(groups: readonly Group[], wanted: readonly FigureOf[], unnamed?: UnnamedGroups): Figure[] {
  const weights = Float64Array.from(groups, ({ weight }) => weight)
  if (unnamed) return manyFiguresOf(groups, weights, wanted, unnamed)
  const kinds = weights.filter((weight) => weight > 0).length
  const areUnits = areTotals(groups)
  const drawn = wanted.filter(({ isOfUnits }) => isOfUnits || !areUnits)
  const intervals = drawn.length === 0 ? [] : bootstrap(groups, drawn, areUnits)
  return wanted.map((each) => figureWith(each, each.of(weights), kinds, intervals[drawn.indexOf(each)]))
}

function manyFiguresOf(
  groups: readonly Group[],
  named: Float64Array,
  wanted: readonly FigureOf[],
  unnamed: UnnamedGroups,
): Figure[] {
  const weights = joined(named, unnamed.weights)
  const squares = joined(
    Float64Array.from(groups, (group) => group.squares),
    unnamed.squares,
  )
  const areUnits = areTotals(groups, unnamed)
  return wanted.map((each) => {
    const value = each.of(weights)
    const error = each.isOfUnits || !areUnits ? each.error?.(weights, squares, areUnits) : undefined
    const interval = error === undefined ? undefined : { low: value - 1.96 * error, high: value + 1.96 * error }
    return figureWith(each, value, weights.length, interval)
  })
}

function joined(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

function figureWith(of: FigureOf, exact: number, kinds: number, interval: Interval | undefined): Figure {
  const { id, label, unit } = of
  if (!Number.isFinite(exact)) return { id, label, unit, value: null }
  const [least, most] = rangeOf(of, kinds)
  const clip = (value: number) => Math.min(most, Math.max(least, value))
  const value = clip(exact)
  const { low = NaN, high = NaN } = interval ?? {}
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { id, label, unit, value }
  return { id, label, unit, value, low: Math.min(value, clip(low)), high: Math.max(value, clip(high)) }
}

function rangeOf({ unit, most }: FigureOf, kinds: number): [number, number] {
  if (unit === 'effective number') return [1, most ?? Math.max(1, kinds)]
  return [0, most ?? (unit === 'share' || unit === 'coefficient' || unit === 'bit' ? 1 : Infinity)]
}

/** Shares of the known weight, each with its interval. */
export function shareTable(
  name: string,
  groups: [string, Group][],
  arePersons = false,
  unnamed?: UnnamedGroups,
): IndicatorTable {
  const { shown, suppressed } = arePersons ? suppressSmall(groups) : { shown: groups, suppressed: 0 }
  const others = unnamed?.weights.reduce((all, weight) => all + weight, 0) ?? 0
  const sum = groups.reduce((all, [, { weight }]) => all + weight, others)
  return {
    columns: [name, 'rows', 'weight', 'share'],
    rows: shown
      .slice(0, TABLE_MAX)
      .map(([value, { rows, weight }]) => [value, rows, weight, sum > 0 ? weight / sum : null]),
    suppressed,
    more: Math.max(0, shown.length - TABLE_MAX) + (unnamed?.weights.length ?? 0),
  }
}

/** Leaves out cells of fewer rows than ten; where one alone was left out, the next smallest too, or it could be computed. */
export function suppressSmall(groups: [string, Group][]): { shown: [string, Group][]; suppressed: number } {
  const small = new Set(groups.filter(([, { rows }]) => rows < SMALL_CELL).map(([value]) => value))
  if (small.size === 1) {
    const next = groups.filter(([value]) => !small.has(value)).sort(([, a], [, b]) => a.rows - b.rows)[0]
    if (next) small.add(next[0])
  }
  return { shown: groups.filter(([value]) => !small.has(value)), suppressed: small.size }
}

/** What an indicator says when its column is not there: never a number. */
export function notProvided(
  { number, id, name, formula, source }: Pick<Indicator, 'number' | 'id' | 'name' | 'formula' | 'source'>,
  needs: string,
): Indicator {
  return {
    number,
    id,
    name,
    status: 'not provided',
    formula,
    source,
    weightBasis: '',
    unknownShare: null,
    note: `It needs ${needs}.`,
    figures: [],
  }
}

export const columnsFor: Record<Dimension, string> = {
  language: '--language-column or --text-column',
  script: '--script-column or --text-column',
  country: '--country-column',
  culturalDomain: '--cultural-domain-column',
  gender: '--gender-column, declared or from an authority file',
  creator: '--creator-column',
  year: '--year-column',
  domain: '--url-column or --domain-column',
  origin: '--origin-column',
  licence: '--licence-column',
  reservedAtCrawl: '--reserved-at-crawl-column',
  reservedNow: '--reserved-now-column',
  translation: '--translation-column',
}

import { bootstrap, type Group } from './bootstrap.ts'
import type { Dimension, Groups, Totals } from './aggregate.ts'

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

export interface FigureOf {
  id: string
  label: string
  unit: Unit
  of(weights: ArrayLike<number>): number
}

/** Figures of groups, with their intervals; null where there is no figure. */
export function figuresOf(groups: readonly Group[], wanted: readonly FigureOf[]): Figure[] {
  const weights = groups.map(({ weight }) => weight)
  const intervals = bootstrap(
    groups,
    wanted.map(({ of }) => of),
  )
  return wanted.map(({ id, label, unit, of }, i) => {
    const value = of(weights)
    const { low, high } = intervals[i]!
    if (!Number.isFinite(value)) return { id, label, unit, value: null }
    const most = unit === 'share' || unit === 'coefficient' || unit === 'bit' ? 1 : Infinity
    const clip = (bound: number) => Math.min(most, Math.max(0, bound))
    return { id, label, unit, value, ...(Number.isFinite(low) ? { low: clip(low), high: clip(high) } : {}) }
  })
}

/** Shares of the known weight, each with its interval. */
export function shareTable(name: string, groups: [string, Group][], arePersons = false): IndicatorTable {
  const { shown, suppressed } = arePersons ? suppressSmall(groups) : { shown: groups, suppressed: 0 }
  const sum = groups.reduce((all, [, { weight }]) => all + weight, 0)
  return {
    columns: [name, 'rows', 'weight', 'share'],
    rows: shown
      .slice(0, TABLE_MAX)
      .map(([value, { rows, weight }]) => [value, rows, weight, sum > 0 ? weight / sum : null]),
    suppressed,
    more: Math.max(0, shown.length - TABLE_MAX),
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

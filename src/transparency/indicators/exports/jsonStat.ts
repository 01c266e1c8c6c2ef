import type { Figure, Indicator, IndicatorTable } from '../indicator.ts'
import {
  codeOf,
  cubeOf,
  finite,
  INTERVAL_MEANS,
  NO_SUM,
  OBSERVATION_STATUS,
  OTHER,
  type IndicatorRelease,
} from './release.ts'

const MEASURES = ['value', 'low', 'high'] as const
const STATUS_LABELS = { status: { label: OBSERVATION_STATUS } }

/**
 * A release as JSON-stat 2.0: a collection whose first item is the cube of figures (indicator × figure × measure), and
 * whose others are the tables behind them (row × column), all embedded. Cells that no figure stands for are null without a
 * status; a figure that is missing has `O`, a cell left out for the sake of persons `Q`, as SDMX's CL_OBS_STATUS. What
 * JSON-stat has no word for (formula, unknown share, weight) is in `extension`. Names are whole. Throws nothing.
 *
 * Source: https://json-stat.org/full/, version 2.0.
 */
export function toJsonStat(release: IndicatorRelease): object {
  return {
    version: '2.0',
    class: 'collection',
    label: text(`Indicators of ${release.dataset}`),
    updated: release.at,
    note: [NO_SUM],
    extension: { release: wholeOf(release) },
    link: {
      item: [
        figuresOf(release),
        ...release.indicators.flatMap((each) => (each.table ? [tableOf(release, each, each.table)] : [])),
      ],
    },
  }
}

/** A lone half of a character is no text that could be written. */
const text = (value: string) => value.toWellFormed()

function wholeOf({ dataset, rows, counted, weight, weightBasis }: IndicatorRelease) {
  return { dataset: text(dataset), rows, counted, weight, weightBasis: text(weightBasis) }
}

function figuresOf(release: IndicatorRelease): object {
  const { indicators } = release
  const figures = new Map<string, Figure[]>()
  for (const figure of indicators.flatMap((each) => each.figures))
    figures.set(codeOf(figure.id), [...(figures.get(codeOf(figure.id)) ?? []), figure])
  const { value, status } = cellsOf(indicators, [...figures.keys()])
  return {
    ...head(release, 'Figures of the indicators', sourceOf(indicators)),
    note: [NO_SUM, INTERVAL_MEANS],
    id: ['indicator', 'figure', 'measure'],
    size: [indicators.length, figures.size, MEASURES.length],
    role: { metric: ['figure'] },
    dimension: {
      indicator: dimension(
        'Indicator',
        indicators.map(({ id, name }) => [id, name]),
      ),
      figure: {
        label: 'Figure',
        category: {
          ...category([...figures].map(([code, all]) => [code, labelOf(all)])),
          unit: Object.fromEntries([...figures].flatMap(([code, all]) => unitOf(code, all))),
        },
      },
      measure: dimension('Measure', [
        ['value', 'value'],
        ['low', 'lower end of the 95% interval'],
        ['high', 'upper end of the 95% interval'],
      ]),
    },
    value,
    status,
    extension: { ...STATUS_LABELS, indicators: Object.fromEntries(indicators.map((each) => [each.id, about(each)])) },
  }
}

/** Two indicators may call different things alike (`share`): then the figure is called by its id. */
const labelOf = (all: Figure[]) => (all.every(({ label }) => label === all[0]!.label) ? all[0]!.label : all[0]!.id)

function unitOf(code: string, all: Figure[]): [string, { label: string }][] {
  return all.every(({ unit }) => unit === all[0]!.unit) ? [[code, { label: all[0]!.unit }]] : []
}

function cellsOf(indicators: Indicator[], codes: string[]) {
  const value: (number | null)[] = []
  const status: Record<string, string> = {}
  for (const { figures } of indicators) {
    const byCode = new Map(figures.map((figure) => [codeOf(figure.id), figure]))
    for (const code of codes) {
      const figure = byCode.get(code)
      if (figure && finite(figure.value) === null) status[value.length] = 'O'
      for (const measure of MEASURES) value.push(finite(figure?.[measure]))
    }
  }
  return { value, status }
}

function about({ number, status, formula, source, weightBasis, unknownShare, reference, note, figures }: Indicator) {
  return {
    number,
    status,
    formula,
    source: text(source),
    weightBasis: text(weightBasis),
    unknownShare,
    ...(reference === undefined ? {} : { reference: text(reference) }),
    ...(note === undefined ? {} : { note: text(note) }),
    units: Object.fromEntries(figures.map(({ id, unit }) => [codeOf(id), unit])),
  }
}

function tableOf(release: IndicatorRelease, indicator: Indicator, table: IndicatorTable): object {
  const { key, columns, rows } = cubeOf(table)
  const isHidden = table.suppressed > 0
  const hidden = isHidden ? [[OTHER, 'left out: cells of too few rows'] as const] : []
  const value = [...rows.flatMap(({ values }) => values), ...hidden.flatMap(() => columns.map(() => null))]
  const status = value.map((each, i) =>
    each !== null ? 'A' : isHidden && i >= rows.length * columns.length ? 'Q' : 'O',
  )
  return {
    ...head(release, `${indicator.name}: table`, sourceOf([indicator])),
    ...notesOf(table),
    id: ['row', 'column'],
    size: [rows.length + hidden.length, columns.length],
    role: { metric: ['column'] },
    dimension: {
      row: dimension(key, [...rows.map(({ code, name }) => [code, name] as const), ...hidden]),
      column: {
        label: 'Column',
        category: {
          ...category(columns.map(({ code, label }) => [code, label])),
          unit: Object.fromEntries(columns.map(({ code, unit }) => [code, { label: unit }])),
        },
      },
    },
    value,
    status: Object.fromEntries([...status.entries()].filter(([, each]) => each !== 'A')),
    extension: {
      ...STATUS_LABELS,
      indicator: indicator.id,
      suppressed: table.suppressed,
      more: table.more,
      weightBasis: text(indicator.weightBasis),
      unknownShare: indicator.unknownShare,
    },
  }
}

function notesOf({ suppressed, more }: IndicatorTable): { note?: string[] } {
  const note = [
    ...(suppressed > 0 ? [`${suppressed} cells are left out, so that they point at nobody.`] : []),
    ...(more > 0 ? [`${more} smaller rows are not listed.`] : []),
  ]
  return note.length > 0 ? { note } : {}
}

function head({ dataset, at }: IndicatorRelease, label: string, source: string) {
  return { version: '2.0', class: 'dataset', label: text(`${label}: ${dataset}`), source, updated: at }
}

const sourceOf = (indicators: readonly Indicator[]) =>
  text([...new Set(indicators.map(({ source }) => source).filter((source) => source !== ''))].join('; '))

function dimension(label: string, categories: readonly (readonly [string, string])[]) {
  return { label: text(label), category: category(categories) }
}

function category(categories: readonly (readonly [string, string])[]) {
  return {
    index: categories.map(([code]) => code),
    label: Object.fromEntries(categories.map(([code, label]) => [code, text(label)])),
  }
}

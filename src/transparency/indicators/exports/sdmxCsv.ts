import type { Figure, Indicator, IndicatorTable } from '../indicator.ts'
import {
  codeOf,
  cubeOf,
  finite,
  INTERVAL_MEANS,
  NOT_APPLICABLE,
  OTHER,
  TOTAL,
  type IndicatorRelease,
  type ObservationStatus,
} from './release.ts'

/** Agency, id and version by which a reader knows the columns; another meaning of them will be another version. */
export const DATAFLOW = 'COLOPHON:DF_DATASET_INDICATORS(1.0.0)'

const DIMENSIONS = ['DATASET', 'INDICATOR', 'FIGURE', 'CATEGORY', 'TIME_PERIOD'] as const
const ATTRIBUTES = ['OBS_STATUS', 'UNIT_MEASURE', 'LOWER_BOUND', 'UPPER_BOUND', 'TITLE', 'COMMENT_OBS'] as const
const HEADER = ['STRUCTURE', 'STRUCTURE_ID', 'ACTION', ...DIMENSIONS, 'OBS_VALUE', ...ATTRIBUTES]

interface Observation {
  indicator: string
  figure: string
  category: string
  value: number | null
  /** Why there is no value; a plain missing one without it. */
  status?: ObservationStatus
  unit: string
  low?: number | undefined
  high?: number | undefined
  title: string
  comment?: string
}

/**
 * A release as an SDMX-CSV 2.0.0 data message (SDMX 3.0) of the dataflow `COLOPHON:DF_DATASET_INDICATORS(1.0.0)`, action
 * `I` (information), comma, RFC 4180. Throws nothing.
 *
 * | Column | What it is |
 * |---|---|
 * | DATASET, INDICATOR, FIGURE, CATEGORY | dimensions, as codes (`codeOf`): a figure of an indicator has the category `_T`; a cell of its table has the row as its category and the column as its figure; `_O` is what was left out for the sake of persons; the indicator `_Z` is the data set itself, the figure `_Z` an indicator that nothing was given for |
 * | TIME_PERIOD | when it was computed |
 * | OBS_VALUE | the value as it is, shares from 0 to 1; empty where there is none |
 * | OBS_STATUS | `A` normal, `O` missing, `Q` missing and suppressed: SDMX's CL_OBS_STATUS |
 * | UNIT_MEASURE | SHARE, EFFECTIVE_NUMBER, COUNT, RATIO, BIT, COEFFICIENT, WEIGHT, PERSONS, … |
 * | LOWER_BOUND, UPPER_BOUND | the 95% interval |
 * | TITLE, COMMENT_OBS | in words; the comment (formula, source, weight, reference, note) stands with figures |
 *
 * A spreadsheet runs what begins like a formula. Codes never do; TITLE and COMMENT_OBS begin with words of this program, and
 * are for reading: control characters are spaces there, and an apostrophe stands before a sign that would begin a formula if
 * the file were split at another separator. The exact name is in the code, and in the JSON-stat file if it is long.
 *
 * Source: SDMX-CSV field guide 2.0.0, https://github.com/sdmx-twg/sdmx-csv.
 */
export function toSdmxCsv(release: IndicatorRelease): string {
  const observations = [...ofDataset(release), ...release.indicators.flatMap(ofIndicator)]
  const lines = [HEADER, ...observations.map((each) => fieldsOf(release, each))]
  return lines.map((fields) => fields.map(quoted).join(',') + '\r\n').join('')
}

function ofDataset({ dataset, rows, counted, weight, weightBasis }: IndicatorRelease): Observation[] {
  const base = { indicator: NOT_APPLICABLE, category: TOTAL }
  const comment = `Counted by: ${weightBasis}. ${INTERVAL_MEANS}`
  return [
    { ...base, figure: 'rows', value: finite(rows), unit: 'count', title: `Rows: ${dataset}` },
    { ...base, figure: 'counted', value: finite(counted), unit: 'count', title: `Rows that were counted: ${dataset}` },
    { ...base, figure: 'weight', value: finite(weight), unit: 'weight', title: `Weight: ${dataset}`, comment },
  ]
}

function ofIndicator(indicator: Indicator): Observation[] {
  const { id, name, unknownShare, figures, table } = indicator
  const base = { indicator: codeOf(id), category: TOTAL, comment: commentOf(indicator) }
  if (indicator.status === 'not provided')
    return [{ ...base, figure: NOT_APPLICABLE, category: NOT_APPLICABLE, value: null, unit: '', title: name }]
  const unknown =
    unknownShare === null
      ? []
      : [
          {
            figure: 'unknownShare',
            value: finite(unknownShare),
            unit: 'share',
            title: `${name}: share that is not known`,
          },
        ]
  return [
    ...figures.map((figure) => ({ ...base, ...ofFigure(figure), title: `${name}: ${figure.label}` })),
    ...unknown.map((each) => ({ ...base, ...each })),
    ...(table ? ofTable(indicator, table) : []),
  ]
}

function ofFigure({ id, value, unit, low, high }: Figure) {
  return { figure: codeOf(id), value: finite(value), unit, low, high }
}

function ofTable({ id, name }: Indicator, table: IndicatorTable): Observation[] {
  const { columns, rows } = cubeOf(table)
  const cells = rows.flatMap((row) =>
    columns.map(({ code, label, unit }, i) => ({
      indicator: codeOf(id),
      figure: code,
      category: row.code,
      value: row.values[i]!,
      unit,
      title: `${name}, ${label}: ${row.name}`,
    })),
  )
  if (table.suppressed === 0) return cells
  const hidden = columns.map(({ code, label, unit }) => ({
    indicator: codeOf(id),
    figure: code,
    category: OTHER,
    value: null,
    status: 'Q' as const,
    unit,
    title: `${name}, ${label}: cells left out`,
    comment: `${table.suppressed} cells are left out, so that they point at nobody.`,
  }))
  return [...cells, ...hidden]
}

function commentOf({ formula, source, weightBasis, reference, note, table }: Indicator): string {
  return [
    `Formula: ${formula}.`,
    ...(source ? [`Source: ${source}.`] : []),
    ...(weightBasis ? [`Counted by: ${weightBasis}.`] : []),
    ...(reference ? [`Reference: ${reference}.`] : []),
    ...(note ? [`Note: ${note}`] : []),
    ...(table && table.more > 0 ? [`${table.more} smaller rows of the table are not listed.`] : []),
  ].join(' ')
}

function fieldsOf({ dataset, at }: IndicatorRelease, observation: Observation): string[] {
  const { indicator, figure, category, value, unit, low, high, title, comment = '' } = observation
  const status = value === null ? (observation.status ?? 'O') : 'A'
  const dimensions = [codeOf(dataset), indicator, figure, category, readable(at)]
  const attributes = [status, unit.toUpperCase().replaceAll(' ', '_'), numeral(low), numeral(high)]
  return ['dataflow', DATAFLOW, 'I', ...dimensions, numeral(value), ...attributes, readable(title), readable(comment)]
}

function numeral(value: number | null | undefined): string {
  const number = finite(value)
  return number === null ? '' : String(number)
}

/** Words for a reader: in one line, and harmless where a spreadsheet splits it at a separator of its own. */
function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/([;,|"]\s*)(?=[=+\-@＝＋－＠])/g, `$1'`)
}

/** RFC 4180: quotes around what holds a comma, a quote or a line, and each quote in it twice. */
function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

export {
  aggregate,
  columnFlag,
  indicatorColumns,
  type IndicatorColumn,
  type IndicatorColumns,
  type Totals,
} from './aggregate.ts'
export { indicatorsOf, type IndicatorOptions } from './indicators.ts'
export { SMALL_CELL, type Figure, type Indicator, type IndicatorTable } from './indicator.ts'
export { toJsonStat, toPage, toSdmxCsv, type IndicatorRelease } from './exports/index.ts'

export { buildDatasetIndex, type DatasetInfo, type IndexOptions } from './buildIndex.ts'
export {
  PDQ_RADIUS,
  openDatasetChecker,
  type CheckQuery,
  type DatasetChecker,
  type DatasetHit,
  type MatchKind,
} from './check.ts'
export { partsExpectedByChance } from './chance.ts'
export { openWorkshop, type Workshop } from './workshop.ts'
export { openEngineChecker, pushToEngine } from './clickhouse/index.ts'

export { addToDataset, buildDatasetIndex, mergeDataset, repairDataset, type IndexOptions } from './buildIndex.ts'
export { deleteFromDataset } from './deleteRows.ts'
export { nextRow, type DatasetInfo } from './datasetInfo.ts'
export { PDQ_RADIUS, TEXT_RADIUS } from './compare.ts'
export type { WatchedHit, WatchedWork } from './checkMany.ts'
export {
  openDatasetChecker,
  type CheckQuery,
  type DatasetAnswer,
  type DatasetChecker,
  type DatasetHit,
  type DatasetSeed,
  type MatchKind,
} from './check.ts'
export { SIMILAR_TEXT_LENGTH_MIN } from './buildPart.ts'
export { partsExpectedByChance, soundsExpectedByChance } from './chance.ts'
export { queryOf } from './query.ts'
export { CHANCE_HITS_MAX, judgeHits } from './strength.ts'
export type { RowContent } from './identifyFolder.ts'
export { makePreview } from './makePreview.ts'
export { openWorkshop, type Workshop } from './workshop.ts'
export { openEngineChecker, pushToEngine } from './clickhouse/index.ts'
export { readable, readerOf, selectColumns, withDuckDb } from './input.ts'
export { literal, literalList } from './sql.ts'

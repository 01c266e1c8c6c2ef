export {
  OFFSETS_TRIED,
  PLACES_PER_ITEM_MAX,
  VOTES_MIN,
  longestStretches,
  openAudioIndex,
  type AudioHit,
  type AudioIndex,
} from './audioIndex.ts'
export { openCodeIndex, type CodeIndex, type RowHit } from './codeIndex.ts'
export { UNRANKED, openHammingIndex, type HammingIndex } from './hammingIndex.ts'
export { INLIERS_MIN, openFeatureIndex, type FeatureHit, type FeatureIndex } from './featureIndex.ts'
export {
  RESEMBLING_MAX,
  openFrameIndex,
  stretchesOf,
  type FrameHit,
  type FrameIndex,
  type FramePair,
} from './frameIndex.ts'
export { openParallelIndex, type ParallelIndex } from './parallelIndex.ts'
export { hammingDistance } from './hamming.ts'
export type { HiddenRows } from './hiddenRows.ts'
export { openPassageFilter, type FilterMatch, type PassageFilter } from './passageFilter.ts'
export { openPassageIndex, type PassageIndex } from './passageIndex.ts'
export type { PassageHit, PassageSeed } from './passageMatch.ts'
export { openPassageBatch, openPassageSegmentMaker } from './passageSegment.ts'
export { bytesOf, damaged, readAll, readSegment, wordsOf } from './segmentFile.ts'
export { findDamage, openSegmentSet, type SegmentEntry, type SegmentSet } from './segmentSet.ts'
export { answerJobs, openThreads, type Threads } from './threads.ts'

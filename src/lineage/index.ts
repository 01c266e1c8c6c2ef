export {
  activities,
  buildLineage,
  certainties,
  measures,
  origins,
  type Certainty,
  type Edge,
  type Entity,
  type Lineage,
  type LineageStep,
  type Measure,
  type Weights,
} from './graph.ts'
export { exportLineage, importLineage, lineageFormats, type LineageFormat } from './exports/index.ts'
export { rootsOf, traceBack, type Root, type Roots, type TraceLink } from './questions.ts'
export { findRecordedSteps, type RecordedStep } from './recorded.ts'
export { lineageStepKind } from './stepKind.ts'
export { readStep, readTrail, recordStep, type Trail } from './trail.ts'

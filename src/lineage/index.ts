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
export { LINKS_MAX, rootsOf, traceBack, type Root, type Roots, type TraceLink } from './questions.ts'
export { findRecordedSteps, type RecordedStep } from './recorded.ts'
export { lineageStepKind } from './stepKind.ts'
export { STEP_BYTES_MAX, readStep, readTrail, recordStep, recordSteps, type StepSigner, type Trail } from './trail.ts'

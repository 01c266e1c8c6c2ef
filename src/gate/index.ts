export { applyDelta, diffLines } from './delta.ts'
export { gateColumns, type GateColumn, type GateMode } from './decideRows.ts'
export { gate, trainingUseOf, type GateOptions, type GateReport } from './gate.ts'
export { openKeyTable, readHexKey, textKey } from './keyTable.ts'
export { makeSnapshot } from './makeSnapshot.ts'
export { proveRow, rowProofSchema, verifyRowProof } from './proveRow.ts'
export {
  SNAPSHOT_LINES,
  SNAPSHOT_NOTE,
  readHeader,
  readLines,
  readSnapshotHeader,
  writeLines,
  type SnapshotHeader,
} from './snapshotFile.ts'
export { trainingUseKind, type TrainingUse } from './trainingUse.ts'

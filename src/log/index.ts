export { checkpointFiles, entriesFrom } from './checkpointFiles.ts'
export { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint.ts'
export { askWitness } from './askWitness.ts'
export { cosign, verifyCosignature } from './cosignature.ts'
export { directoryFiles, type AppendFile, type LogFiles } from './files.ts'
export { lockDirectory, readOwner, type LogOwner } from './lock.ts'
export {
  inclusionProof,
  inclusionSteps,
  leafHash,
  memorySubtrees,
  nodeHash,
  rangeRoot,
  rootOfList,
  rootFromInclusionProof,
  verifyConsistency,
  consistencyProof,
  writeLeafHash,
  writeLeafHashes,
  type Hash,
} from './merkle.ts'
export {
  ed25519PublicKey,
  formatNote,
  makeSigner,
  noteIsSignedBy,
  parseNote,
  parseSignatureLine,
  parseVkey,
  signNote,
  signatureTypes,
  type NoteSigner,
  type NoteVerifier,
} from './note.ts'
export type { Log } from './log.ts'
export { openLog } from './openLog.ts'
export { formatTlogProof, parseTlogProof, verifyTlogProof, type TlogProof } from './tlogProof.ts'
export { proveFromFiles, rootFromFiles, verifyLog, type LogSource, type LogVerdict } from './verifyLog.ts'
export { addCheckpoint, formatAddCheckpoint, type WitnessStore, type WitnessedHead } from './witness.ts'

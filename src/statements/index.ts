export { revocationKind } from './revocation.ts'
export { appendStatement, type Appended } from './append.ts'
export { parseDidKey, toDidKey, verificationMethodOf } from './didKey.ts'
export { hasMandate, keySpeaksFor, requireDidKey } from './judge.ts'
export { RowBatch, type StatedSubject, type StatementKind } from './kinds.ts'
export { openRegister } from './openRegister.ts'
export { followLog } from './project.ts'
export { makeReceipt, readSeal, verifyReceipt, type ReceiptVerdict } from './receipt.ts'
export type { LogHolder, Register } from './register.ts'
export { eraseManySealed, eraseSealed, projectionTables, replayLog } from './replay.ts'
export { readSaid } from './said.ts'
export * from './schema.ts'
export {
  attachPasskeyProof,
  eddsaHashData,
  makeStatement,
  newSigner,
  passkeyChallenge,
  passkeyProofOptions,
  signStatement,
  signerFromKey,
  type StatementSigner,
} from './sign.ts'
export {
  findStatement,
  findStatementAt,
  listPartyKeys,
  listStatements,
  readProjectedSize,
  revokedFrom,
  type StatementRow,
} from './store.ts'
export { parseStatement, verifyPasskeyAnswer, verifyStatement, type PasskeyAnswer } from './verify.ts'

export { ACTIONS_LABEL, AI_DISCLOSURE_LABEL } from './labels.ts'
export type { ManifestContent } from './manifest.ts'
export type { Action } from './manifestDefinition.ts'
export { nodeTrustAnchors, openNodeCertificates } from './nodeCertificates.ts'
export type { BoundContent } from './contentBinding.ts'
export { readManifests, readStoreOf, type ReadOptions } from './readManifests.ts'
export type {
  ActiveManifest,
  C2paCode,
  C2paFinding,
  C2paReport,
  Ingredient,
  Manifest,
  SigningCertificate,
} from './report.ts'
export { signFile } from './signFile.ts'
export { signStore, type ParentStore } from './signStore.ts'
export type { Signer, TimeAuthority } from './signer.ts'
export { openTimeAuthority, stampBytes } from './timeStamp.ts'
export { verifyTimeStamp, type TimeStampVerdict } from './verifyTimeStamp.ts'
export { ownSigner } from './ownSigner.ts'

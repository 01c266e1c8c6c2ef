export { anchorKind, claimKind } from './claim.ts'
export {
  admitManifest,
  collectionKind,
  itemId,
  makeManifest,
  manifestDirectory,
  proveItem,
  verifyItem,
  type ItemProof,
  type ManifestStore,
} from './collection.ts'
export { admitDidWeb, didWebUrl } from './didWeb.ts'
export { identifierSchemes, normaliseIdentifier } from './identifiers.ts'
export { mandateKind, partyKind, type PartySubject } from './party.ts'
export {
  countWorks,
  findCollection,
  findParty,
  findWork,
  findWorksByCodes,
  listClaims,
  listCodes,
  listWorks,
  readWorkDetails,
} from './store.ts'
export { SHARES_TOTAL, fingerprintAlgorithms, workKind, type WorkFields, type WorkSubject } from './work.ts'

export { anchorKind, claimKind, claimKinds } from './claim.ts'
export {
  admitManifest,
  collectionKind,
  itemId,
  itemProofSchema,
  makeManifest,
  manifestFiles,
  manifestDirectory,
  proveItem,
  verifyItem,
  type ItemProof,
  type ManifestStore,
} from './collection.ts'
export {
  countScope,
  findDescribedWork,
  lastDeclared,
  listCollections,
  listDeclarers,
  listDescribedWorks,
  partEnds,
  readParties,
  readPartyNames,
  type DescribedRow,
  type WorkScope,
} from './describedWorks.ts'
export { admitDidWeb, didWebUrl } from './didWeb.ts'
export { findDisputes, isAnyDisputed } from './disputes.ts'
export { identifierSchemes, normaliseIdentifier, type IdentifierScheme } from './identifiers.ts'
export { mandateKind, partyKind, type PartySubject } from './party.ts'
export {
  countWorks,
  countWorksOf,
  findClaim,
  findCollection,
  findMarkedWorks,
  findParty,
  findWork,
  findWorksByCodes,
  listClaims,
  listCodes,
  listDeclared,
  listWorks,
  listWorksWhole,
  readWorkDetails,
  type ClaimRow,
  type ListedWork,
} from './store.ts'
export { findWorksBelow, findWorksNamed, titlesInDoubt } from './namedWorks.ts'
export { SHARES_TOTAL, fingerprintAlgorithms, workKind, type WorkFields, type WorkSubject } from './work.ts'
export { countWatched, listWatched, type WatchedRow } from './watched.ts'
export { itemPosition, itemWithdrawalKind } from './itemWithdrawal.ts'
export { listShares } from './shares.ts'
export { findItemsTakenBack, findWithdrawn } from './withdrawn.ts'

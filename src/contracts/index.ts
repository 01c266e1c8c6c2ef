export { CONTRACT_SOURCES, artefactOf, chainGas, type ContractName } from './artefacts.ts'
export { anchorCheckpoint, deployAnchor, listAnchors, logKey, readAnchor, type ChainAnchor } from './anchor.ts'
export { callContract } from './abi.ts'
export { openChain, type Chain, type ChainOptions, type Hex, type Sent } from './chain.ts'
export { compileTerms, type ChainLoss } from './compileTerms.ts'
export {
  chainWorkOf,
  changeDigest,
  grantDigest,
  handOnDigest,
  offerDigest,
  openDigest,
  passkeyAddress,
  passkeyConsent,
  recordOf,
  revokeDigest,
  splitOf,
  sublicenceDigest,
  type ConsentDomain,
} from './consents.ts'
export { DEV_KEY, startDevChain, type DevChain } from './devChain.ts'
export { readGrantEvents, type ChainPlace, type GrantEvent } from './events.ts'
export {
  chainGrantKind,
  chainRecordKind,
  findChainRecord,
  listChainGrants,
  listChainRecords,
  refuseLabelled,
} from './kinds.ts'
export { TermsContract, type ChainRecord, type ChainShares } from './terms.ts'
export { watchChain, type Watched } from './watchChain.ts'
export { allowExactly } from './token.ts'
export { ACTIONS_OF_USE, CHAIN_USES, rulesOfUses, type ChainUse } from './uses.ts'
export {
  chainTerritories,
  packGrant,
  packTerms,
  unpackGrant,
  unpackTerms,
  useModes,
  type ChainGrant,
  type ChainTerms,
  type ChainTerritory,
  type UseMode,
} from './words.ts'

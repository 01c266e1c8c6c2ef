export { CONTRACT_SOURCES, type ContractName } from './artefacts.ts'
export { anchorCheckpoint, call, deployAnchor, logKey, readAnchor, type ChainAnchor } from './anchor.ts'
export { openChain, type Chain, type ChainOptions, type Sent } from './chain.ts'

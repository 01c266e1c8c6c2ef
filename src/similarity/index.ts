export { openCodeIndex, type CodeIndex, type RowHit } from './codeIndex.ts'
export { openHammingIndex, type HammingIndex } from './hammingIndex.ts'
export { hammingDistance } from './hamming.ts'
export { PLACES_PER_CODE_MAX, openPassageIndex, type PassageHit, type PassageIndex } from './passageIndex.ts'

export { openCodeIndex, type CodeIndex, type RowHit } from './codeIndex.ts'
export { openHammingIndex } from './hammingIndex.ts'
export {
  buildHammingIndex,
  decodeHammingIndex,
  encodeHammingIndex,
  hammingDistance,
  searchHamming,
  type HammingIndex,
} from './hamming.ts'
export {
  buildPassageIndex,
  decodePassageIndex,
  encodePassageIndex,
  searchPassages,
  type PassageHit,
  type PassageIndex,
} from './passageIndex.ts'

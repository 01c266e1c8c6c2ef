export { ISCC_UNITS, compositeOf } from './composite.ts'
export { soundCodes, type CodeName, type FileCodes } from './codes.ts'
export { asRefusal } from './asRefusal.ts'
export { Archive, archiveEntries, packedBytes, type ArchiveEntry } from './documents/archive.ts'
export { decodeSound } from './decodeSound.ts'
export { DocumentRefusal } from './documents/refusal.ts'
export { documentText } from './documents.ts'
export { ITEM_SAMPLES, SOUND_RATE } from './chromaprint.ts'
export { FEATURES_MAX, POINT_NUMBERS, localFeatures, mirrored, type LocalFeatures } from './features.ts'
export { fileTitle } from './fileTitle.ts'
export { differingBits, type FilmFrames } from './frames.ts'
export { identifyBytes, identifyFile, type DecodedFile } from './identify.ts'
export {
  compareUnits,
  explainIscc,
  formatComposite,
  formatIscc,
  normaliseIscc,
  parseIscc,
  type IsccUnit,
} from './iscc.ts'
export { isccTextCode } from './isccText.ts'
export { PASSAGE_RUN_BYTES, PASSAGE_WINDOW_BYTES, findWindow, passageCodes, type PassageCodes } from './passages.ts'
export { PDQ_QUALITY_MIN, pdq, turnedHashes } from './pdq.ts'
export { openWav, readWav, type Wav } from './wav.ts'
export { sniff, type Medium } from './sniff.ts'
export { normalisePassageText } from './text.ts'

export type { FoundSoundWatermark } from './detectSound.ts'
export { readSoundWatermark, watermarkSound } from './sounds.ts'

export type { FoundWatermark, Orientation } from './detectFrame.ts'
export type { WatermarkPayload } from './payload.ts'
export { readWatermark, watermarkFormats, watermarkPicture, type WatermarkFormat } from './pictures.ts'
export { readSoundWatermark, watermarkSound, type FoundSoundWatermark } from './sounds/index.ts'

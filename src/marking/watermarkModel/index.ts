export { nameOf, readWatermarkModel, type WatermarkModel } from './description.ts'
export { readModelWatermark, watermarkWithModel, type FoundModelWatermark } from './modelWatermark.ts'

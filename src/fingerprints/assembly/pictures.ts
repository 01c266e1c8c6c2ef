export { allocate } from './memory'
export { corners, describe, findCorners, greyReduce } from './features'
export { pdqSamples, pixelsAt } from './pdq'

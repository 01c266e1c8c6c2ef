export { allocate } from './memory'
export { corners, describe, findCorners } from './features'
export { greyReduce } from './pyramid'
export { pdqSamples, pixelsAt } from './pdq'

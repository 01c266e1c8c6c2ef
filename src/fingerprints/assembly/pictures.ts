export { allocate } from './memory'
export { corners, describe, findCorners, greyAt } from './features'

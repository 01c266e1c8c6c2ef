export { allocate } from './memory'
export { addTable } from './tables'
export { prepare, queries, reserveIndex, scanAll, search } from './search'
export { collectPassages, postPassages } from './passages'

export { addTable } from './tables'
export { prepare, queries, reserveIndex, scanAll, search } from './search'

export { makeBackup } from './makeBackup.ts'
export { restoreBackup } from './restoreBackup.ts'

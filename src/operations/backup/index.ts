export { makeBackup, type BackupOptions, type MadeBackup } from './makeBackup.ts'
export { restoreBackup, type RestoredBackup } from './restoreBackup.ts'

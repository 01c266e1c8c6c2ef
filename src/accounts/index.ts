export { askForMail, confirmMail, needMail, stopMail, tellByMail, type AlertMeans } from './alerts.ts'
export { keepCase, listAllKept, listKept } from './keptCases.ts'
export {
  SESSION_SECONDS,
  challenges,
  closeSession,
  openSession,
  readSession,
  signIn,
  type Challenges,
  type Session,
} from './session.ts'
export { checkSitesAgain, proveSite } from './sites.ts'
export { deleteMail, eraseAccount, findMail, listAccountRows, listSites } from './store.ts'
export {
  clearImports,
  dropImport,
  eraseImports,
  importSchema,
  importSubjects,
  importsOf,
  mapImport,
  needImport,
  outcomesOf,
  startImport,
  type ReadImport,
} from './imports.ts'
export { importFiles } from './importFiles.ts'

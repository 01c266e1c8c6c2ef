export { askForMail, confirmMail, needMail, stopMail, tellByMail, type AlertMeans } from './alerts.ts'
export { keepCase, listKept } from './keptCases.ts'
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
export { deleteMail, eraseAccount, findMail, listSites } from './store.ts'

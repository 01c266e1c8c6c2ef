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
export { deleteKept, deleteMail, eraseAccount, findMail } from './store.ts'

export { QUESTIONS, type Question } from './confirmation.ts'
export { REQUEST_KINDS, isPersonalDataKind } from './kinds.ts'
export { contactOf, letterOf, letterPdf, letterText, type Speak } from './letter.ts'
export {
  WORKS_MAX,
  moreWorkFields,
  moveCase,
  noteCase,
  openCase,
  readCase,
  requestInputSchema,
  type CaseEvidence,
  type MoreWork,
  type OpenedCase,
  type RequestInput,
} from './openCase.ts'
export { smtpMailer } from './mail.ts'
export { reopenWhenFound } from './reopen.ts'
export { deadlinesOf, runDeadlines, sentAtOf } from './runDeadlines.ts'
export { isMailAddress, recordBounce, recordPost, sendByMail, type Mailer } from './sendCase.ts'
export { formFields, formOf } from './providerForm.ts'
export { requestStatistics, suppressed } from './statistics.ts'
export { STATES, deadlines, nextStates, type CaseState } from './states.ts'
export { findCase, findPrivateAddresses, listCases, listDeliveries, listEvents, type CaseFilter } from './store.ts'
export type { BundleFile } from './bundle/format.ts'
export { makeBundle, type MadeBundle } from './bundle/makeBundle.ts'
export type { DeclaredWork } from './bundle/report.ts'
export { verifyBundle } from './bundle/verifyBundle.ts'
export { capturePages, writeWarc } from './bundle/warc.ts'
export {
  ESCALATIONS,
  escalationPack,
  escalationSchema,
  requireBody,
  type EscalationInput,
} from './escalation/escalate.ts'
export {
  INBOX_LIMITS,
  admitInbox,
  askForInbox,
  casesFor,
  findGiven,
  handOver,
  inboxOf,
  takeAnswer,
} from './inbox/inbox.ts'
export { ANSWER_STATUSES, answerSchema, inboxSchema, readAccess } from './inbox/signed.ts'
export { listAnswers, listInboxes } from './inbox/store.ts'

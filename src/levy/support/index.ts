export {
  draftProblems,
  formOf,
  readApplication,
  saveDraft,
  sendApplication,
  sentFields,
  withdrawApplication,
  type FormProblem,
} from './applications.ts'
export { countFresh, fileAppeal, sayOpinion, waiveAppeal } from './appeals.ts'
export { criteriaOf, declareConflict, giveScore, listToAssess, readToAssess, type SeenApplication } from './assess.ts'
export { listAwards, readOutcome, type Award } from './awards.ts'
export { addAssessor, changeCall, dropCall, extendCall, makeCall, noteCall } from './calls.ts'
export {
  decideCall,
  decideUrgent,
  isUrgent,
  planDecision,
  readGrounds,
  refuseUrgency,
  writeWords,
  type DecisionPlan,
  type Ground,
} from './decide.ts'
export { eraseApplications, exportApplications } from './erase.ts'
export {
  APPLICATION_FIELDS,
  SUPPORT_SECTORS,
  readCents,
  type ApplicationField,
  type ApplicationForm,
  type CallInput,
} from './schema.ts'
export { needApplication, openScheme, requireOfficer, type Scheme } from './scheme.ts'
export { callState, dayOf } from './states.ts'
export { GROUP_MIN, callFigures, type SupportFigures, type SupportGroup } from './statistics.ts'
export {
  findApplication,
  findCall,
  listApplications,
  listApplicationsOf,
  listAssessors,
  listAwardRows,
  listCalls,
  listOpinions,
  listScores,
  type ApplicationRow,
  type CallRow,
} from './store.ts'

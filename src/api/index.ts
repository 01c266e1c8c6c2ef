export { createApi, readFailure, refuse, type Api } from './app.ts'
export { recordCollection } from './collections.ts'
export { consentsOfParty, needThread } from './consents.ts'
export { AS_PROPOSED, fieldsAsProposed, lastDay } from './counterRules.ts'
export { policySchema } from './drafts.ts'
export { needClaim, statedWith } from './claimDrafts.ts'
export { needLabel } from './labelDrafts.ts'
export { labelsOfParty, labelsOfWork } from './labels.ts'
export { knownSigner, prepareDraft, withoutBlanks } from './prepareDraft.ts'
export { needHit, openRequest } from './openRequest.ts'
export { bundleOf } from './evidenceBundle.ts'
export { readDisclosureForm } from './disclosureDrafts.ts'
export { markSent, sentFile, verifySent } from './marks.ts'
export { addressOfDisclosure, recordedDisclosure } from './recordedDisclosure.ts'
export { registerLookup } from './registerLookup.ts'
export {
  collectionInputSchema,
  collectionSubjects,
  declaredFree,
  refusePublicDomain,
  reservationInputSchema,
  reservationSubjects,
  type ReservationInput,
} from './reservation.ts'
export { DOES_NOT_PROVE, readCheckResult, runCheck } from './runCheck.ts'
export { exportsOfWork, type WorkExports } from './workExports.ts'
export type { CheckResult } from './schemas.ts'
export { escalateCase } from './escalate.ts'
export { addAccountRoutes } from './accounts.ts'
export { addInboxRoutes } from './inbox.ts'
export { addSaidRoutes, prepareSaid, takeSaid } from './said.ts'
export { addSessionRoutes, endSession, needSession, sessionOf, speaksFor, startSession } from './session.ts'
export { addOfferingRoutes, needOffer } from './offering.ts'
export { pathOfOffer } from './offerDrafts.ts'
export { fundOf, needPlan, needPreset, needReport, needRun, publicUnlocated, runsOfFund, type Fund } from './fund.ts'

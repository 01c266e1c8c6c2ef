export { actions, ruleCovers, type Action } from './actions.ts'
export { changedWithin, surelyChangedWithin, type Span } from './changes.ts'
export { answerKind, proposalKind } from './consent.ts'
export { listConsents, readConsent, readThread, type Consent, type ConsentState } from './consents.ts'
export { decide, decideAll, parentDomains, readReach, type DecisionAnswer } from './decide.ts'
export { decideTerms, type Decision, type TermsEntry, type UseRequest, type WorkAuthority } from './decideTerms.ts'
export { RESTRICTED, labelCodes, noticeCodes } from './labelCodes.ts'
export { approvalKind, findApprovers, labelKind, useReportKind } from './labels.ts'
export { listLabelsOfParty, listLabelsOfWork, readLabel, type LabelReading } from './labelReading.ts'
export { listAuditTrail } from './auditTrail.ts'
export { findGoneWorks, findHiddenAmong, findHiddenWorks, mayBeGone } from './hiddenWorks.ts'
export { findLabels } from './labelStore.ts'
export { legalNotes, type LegalNote } from './legalNotes.ts'
export {
  decideOdrl,
  decideTexts,
  isDayOfYear,
  type OdrlAnswer,
  type OdrlRequest,
  type Policy,
  type World,
} from './odrl/index.ts'
export {
  exportFormats,
  exportRights,
  exportTogether,
  parseRightsDocument,
  parseRightsFormat,
  sayLoss,
  type RightsFormat,
} from './exports/index.ts'
export { escapeXml, readXml, xmlTag, type XmlElement } from './exports/xml.ts'
export { lintSite, openFolderSource, openUrlSource, type SiteReport } from './lint/lintSite.ts'
export {
  admitNoPublicDomain,
  findFree,
  isFreeWork,
  isPublicDomain,
  listPublicDomain,
  publicDomainRefusal,
  repeatableStatement,
} from './publicDomain.ts'
export { listUseReports, type UseReport } from './useReports.ts'
export { findTakenBack, readTakenBack, type TakenBack } from './takenBack.ts'
export { openRightsIndex, type GrantEntry, type RightsIndex, type WorkFacts } from './rightsIndex.ts'
export {
  amountSchema,
  purposes,
  ruleSchema,
  territorySchema,
  useSchema,
  type RightsDocument,
  type RightsDuty,
  type RightsExport,
  type RightsRule,
} from './rules.ts'
export { rulesInTime } from './rulesInTime.ts'
export { sayDate, sayPlace, sayRules, saySeason, type Words } from './sayRules.ts'
export {
  listTermsOfParty,
  listTermsOfStatement,
  listTermsOfWork,
  readEffectiveTerms,
  type SpokenTerms,
} from './spokenTerms.ts'
export { findTerms, findTermsOfParty } from './store.ts'
export {
  checkRules,
  grantKind,
  requireTarget,
  subjectIdSchema,
  targetSchema,
  termsKind,
  type TermsSubject,
} from './terms.ts'
export {
  NO_TO_AI,
  firstMomentSchema,
  flawOfAnswers,
  lastMomentSchema,
  rulesOfAnswers,
  termsOfRules,
  wizardFields,
  type WizardAnswers,
} from './wizard.ts'
export { readContentUsage } from './exports/aipref.ts'
export { readCawg } from './exports/cawg.ts'
export { readContentSignal } from './exports/contentSignal.ts'
export { readIptc } from './exports/iptc.ts'
export { readTdmrepValue } from './exports/tdmrepRead.ts'
export { isSpdxExpression, spdxIdOf } from './spdx.ts'
export { linesFor, mayFetch, readRobots, type Robots } from './exports/robotsTxt.ts'
export { readTermsOfWorks } from './worksTerms.ts'

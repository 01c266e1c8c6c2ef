export { assess, type Assessment, type AssessmentLine } from './assessment/assess.ts'
export { readFacts, type LevyFacts } from './assessment/facts.ts'
export type { ReferenceRate } from './assessment/lateInterest.ts'
export { interestOwed, type InterestOwed } from './fund/interestOwed.ts'
export { disburse } from './fund/disburse.ts'
export { writeNotice } from './assessment/notice.ts'
export {
  decideObjection,
  issueAssessment,
  listAssessments,
  listObjections,
  object,
  type IssuedAssessment,
} from './fund/assessments.ts'
export { interestEntry, receiptEntry, runEntry } from './fund/bookings.ts'
export { bookAnswer, type MatchedAnswer } from './fund/bankAnswers.ts'
export { bookAwards } from './fund/bookAwards.ts'
export { importPayees, listPayees, type Payee } from './fund/payees.ts'
export { preparePayout, type NotPaid, type Payout } from './fund/payout.ts'
export { listPayouts, writePayout } from './fund/payoutFile.ts'
export { simulate, type SimulatedPlan } from './fund/simulate.ts'
export { readStatedWorks } from './fund/statedWorks.ts'
export {
  rateOf,
  statementCsv,
  statementJson,
  statementPdf,
  sumLines,
  type StatedWorks,
  type StatementWords,
} from './fund/statementDocuments.ts'
export { listAllocations, type Allocation } from './runs/allocations.ts'
export { stateAccount, type AccountStatement } from './fund/statement.ts'
export { writeReport, type FundReport } from './fund/report.ts'
export { listUnlocated, recordSearch, releaseUnlocated, type Unlocated } from './fund/unlocated.ts'
export { reversalOf, type Entry, type NewEntry } from './ledger/entry.ts'
export {
  bookEntries,
  checkLedger,
  findEntry,
  listMovements,
  readBalances,
  readEntries,
  requireSound,
} from './ledger/store.ts'
export { checkPain001, readCamt054, readPain002, toBeancount, toHledger } from './payments/index.ts'
export { levyPlanKind, listPlans, planInForce, type RecordedPlan } from './plans/kind.ts'
export { lintPlan, type PlanFinding } from './plans/lintPlan.ts'
export { listPresets, planDigest, readPlan, readPreset } from './plans/readPlan.ts'
export type { LevyPlan } from './plans/schema.ts'
export { proveLines, verifyLine, type LineProof, type RunLine } from './runs/commit.ts'
export { writeInputs } from './runs/writeInputs.ts'
export type { RunFiles } from './runs/inputs.ts'
export { levyRunKind, listRuns, type RecordedRun } from './runs/kind.ts'
export { bookRun, keptRun, readLines } from './runs/bookRun.ts'
export { readRun, runDistribution, type RunReport } from './runs/runDistribution.ts'
export { readDebtor } from './fund/debtor.ts'
export { toJournal } from './ledger/journal.ts'
export { formatCents, moneyIn, parseAmount } from './money.ts'
export * from './support/index.ts'
export { DEVELOPERS_MIN, averageFacts, usableFacts } from './fund/averageFacts.ts'
export { inventedFacts } from './fund/inventedFacts.ts'
export {
  findPlan,
  findRun,
  listPayeeYears,
  listPlansOfOthers,
  plansInForce,
  readLedgerState,
} from './fund/published.ts'
export { simulateRegister, type RegisterSimulation } from './fund/simulateRegister.ts'

export { admitWithinQuota } from './countStatements.ts'
export { countWaiting } from './countWaiting.ts'
export { auditPath, recordAction, verifyAuditLog } from './auditLog.ts'
export { makeBackup, restoreBackup } from './backup/index.ts'
export { addOperatorRoutes } from './health.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { observeRequests } from './observe.ts'
export { logDefect, setLogLevel, writeLog } from './writeLog.ts'
export {
  accountRequestReader,
  accountRequestSchema,
  deleteAccount,
  describePlan,
  exportAccount,
  planDeletion,
  signAccountRequest,
  type CaseKey,
  type PlannedDeletion,
} from './accounts/index.ts'

export { deleteAccount, describePlan, planDeletion, type PlannedDeletion } from './deleteAccount.ts'
export { exportAccount } from './exportAccount.ts'
export { accountRequestReader, accountRequestSchema, signAccountRequest, type CaseKey } from './signedRequest.ts'

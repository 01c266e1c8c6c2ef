export { deleteAccount, describePlan, planDeletion, type PlannedDeletion } from './deleteAccount.ts'
export { exportAccount } from './exportAccount.ts'
export { accountRequestReader, signAccountRequest, type CaseKey } from './signedRequest.ts'

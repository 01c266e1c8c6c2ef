export * from './account.ts'
export { eurosOf, TRANSFER_CENTS_MAX } from './amounts.ts'
export { firstForbidden, isSepaText, toSepaText, type SepaText } from './characters.ts'
export { paymentLimits, type PaymentFinding, type PaymentFindingCode } from './findings.ts'
export { checkBic, checkIban, isBic, isIban, normaliseIban, SEPA_COUNTRIES } from './iban.ts'
export {
  writePain001,
  type CreditTransfer,
  type PaymentBatch,
  type PaymentMessage,
  type PaymentTotals,
} from './pain001.ts'
export { writePain001File, type WrittenPayments } from './writeFile.ts'
export { checkPain001, type PaymentFileCheck } from './checkPain001.ts'
export { readCamt054 } from './camt054.ts'
export { type BankAnswer, type OutcomeState, type PaymentOutcome } from './outcomes.ts'
export { readPain002 } from './pain002.ts'
export { ACCOUNT_REASONS, REASON_CODES, reasonSentence } from './reasonCodes.ts'
export { type ByteSource } from './xmlStream.ts'
export {
  beancountAccount,
  hledgerAccount,
  readBeancountAccount,
  readHledgerAccount,
  toBeancount,
  toHledger,
  type AccountRoot,
  type JournalEntry,
} from './journals.ts'

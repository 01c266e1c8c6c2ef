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

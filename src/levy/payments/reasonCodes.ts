/** Why a bank rejects or returns a transfer: the codes of ISO 20022 that SEPA uses (EPC135-18), each in a sentence. */
const SENTENCES: Readonly<Record<string, string>> = {
  AC01: 'The account number is wrong: no such account exists.',
  AC02: 'The account to be debited is wrong.',
  AC03: 'The account to be credited is wrong.',
  AC04: 'The account is closed.',
  AC06: 'The account is blocked.',
  AC13: 'The account is of a kind that takes no such transfer.',
  AG01: 'The account takes no credit transfers.',
  AG02: 'The bank does not know this kind of transaction, or it is not allowed here.',
  AGNT: 'The bank named in the transfer is wrong.',
  AM01: 'The amount is zero.',
  AM02: 'The amount is larger than allowed.',
  AM03: 'The currency is not allowed.',
  AM04: 'There is not enough money in the account to be debited.',
  AM05: 'The bank takes it for a duplicate of another payment.',
  AM09: 'The amount is not the one that was agreed.',
  AM10: 'The control sum of the message is wrong.',
  AM18: 'The number of payments in the message is wrong.',
  ARDT: 'The transfer was returned already.',
  BE01: 'Name and account number do not belong to each other.',
  BE04: 'The address of the creditor is missing or wrong.',
  BE05: 'The bank does not know the party that sent the message.',
  BE07: 'The address of the debtor is missing or wrong.',
  BE16: 'The identification of the debtor is missing or wrong.',
  CNOR: 'The bank of the creditor cannot be reached in SEPA.',
  CURR: 'The currency is wrong.',
  CUST: 'The customer asked for it.',
  DNOR: 'The bank of the debtor is not registered in SEPA.',
  DT01: 'The date is wrong.',
  DU01: 'The identifier of the message was used before.',
  DU02: 'The identifier of the batch was used before.',
  DU04: 'The end-to-end identifier was used before.',
  DUPL: 'The payment is a duplicate of another one.',
  ED05: 'Settlement between the banks failed.',
  ERIN: 'The bank does not support what the transfer asks for.',
  FF01: 'The file has a wrong format.',
  FOCR: 'The money is returned after a recall.',
  FR01: 'It is returned because of fraud.',
  FRAD: 'It is returned because of fraud.',
  LEGL: 'The law forbids it.',
  MD07: 'The account holder has died.',
  MS02: 'The customer gave no reason.',
  MS03: 'The bank gave no reason.',
  NARR: 'The reason stands in the text of the bank.',
  NERI: 'The instruction of the bank gives no reason.',
  NOAS: 'The customer did not answer.',
  NOOR: 'The transfer that it answers was never received.',
  RC01: 'The bank identifier (BIC) is wrong.',
  RF01: 'The reference of the transaction is not unique.',
  RR01: 'By regulation: the account or identification of the debtor is missing.',
  RR02: 'By regulation: the name or address of the debtor is missing.',
  RR03: 'By regulation: the name or address of the creditor is missing.',
  RR04: 'By regulation, without more words.',
  SL01: 'The bank of the debtor offers no such service for this account.',
  SVNR: 'The service was not rendered.',
  TECH: 'A technical problem made the payment go wrong.',
  TM01: 'It came after the time of the day at which the bank closes.',
  UPAY: 'The payment was not justified.',
}

/** The reason in a plain sentence. Example: `reasonSentence('AC04')` → `The account is closed.` */
export function reasonSentence(code: string): string {
  return Object.hasOwn(SENTENCES, code) ? SENTENCES[code]! : `The bank gave the reason ${code.slice(0, 35)}.`
}

/** All codes with a sentence. */
export const REASON_CODES: readonly string[] = Object.keys(SENTENCES)

/** The reasons that lie in the account of the payee: the same account fails again. */
export const ACCOUNT_REASONS = ['AC01', 'AC03', 'AC04', 'AC06', 'AC13', 'AG01', 'AGNT', 'BE01', 'CNOR', 'MD07', 'RC01']

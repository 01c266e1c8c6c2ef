import { readDecimal, TRANSFER_CENTS_MAX, UNITS_PER_CENT } from './amounts.ts'
import { quoted, type PaymentFinding } from './findings.ts'
import { checkBic, checkIban, normaliseIban } from './iban.ts'

/** What a transfer says, or of a batch what it says of the debtor. */
export interface TransferFields {
  endToEndId?: string
  amount?: string
  currency?: string
  iban?: string
  bic?: string
  name?: string
  remittance?: string
  remittances?: number
}

/** An amount in hundred-thousandths of a euro; nothing when it is none. */
export function sumOf(amount: string | undefined): bigint | undefined {
  return amount === undefined ? undefined : readDecimal(amount)?.units
}

/** What is wrong with a transfer, `where` being the element in it; or with the debtor of a batch. */
export function checkTransferFields(fields: TransferFields, isDebtor = false): PaymentFinding[] {
  const findings: PaymentFinding[] = []
  const add = (code: PaymentFinding['code'], where: string, what: string, remedy: string) =>
    findings.push({ code, severity: 'error', where, what, remedy })
  const party = isDebtor ? 'Dbtr' : 'Cdtr'
  if (!fields.name) add('name_missing', `${party}/Nm`, 'it has no name', 'Give the name of the account holder.')
  if (!isDebtor) {
    if (!fields.endToEndId) {
      add('end_to_end_id_missing', 'PmtId/EndToEndId', 'it has no identifier', 'Give each payment its own.')
    }
    if ((fields.remittances ?? 0) > 1) {
      add('remittance_repeated', 'RmtInf/Ustrd', 'it has two texts', 'Write one, of at most 140 characters.')
    }
    findings.push(...checkAmount(fields))
  }
  findings.push(...checkParty(fields, party))
  return findings
}

function checkAmount({ amount, currency }: TransferFields): PaymentFinding[] {
  const where = 'Amt/InstdAmt'
  const wrong = (code: PaymentFinding['code'], what: string, remedy: string): PaymentFinding => {
    return { code, severity: 'error', where, what, remedy }
  }
  if (amount === undefined) return [wrong('amount_missing', 'it has no amount in euros', 'Give one.')]
  const findings: PaymentFinding[] = []
  if (currency !== 'EUR') {
    const what = `its currency is ${quoted(currency ?? '')}`
    findings.push(wrong('currency_not_euro', what, 'Only euros go through SEPA: convert it, or pay in another way.'))
  }
  const read = readDecimal(amount)
  if (/\.\d{3,}$/.test(amount)) {
    findings.push(wrong('amount_decimals', `${quoted(amount)} has more than two decimals`, 'Round it to cents.'))
  } else if (!read || read.units === 0n || read.units > TRANSFER_CENTS_MAX * UNITS_PER_CENT) {
    const what = `${quoted(amount)} is not between 0.01 and 999999999.99`
    findings.push(wrong('amount_invalid', what, 'Leave out payments of nothing, and split larger ones.'))
  }
  return findings
}

function checkParty({ iban, bic }: TransferFields, party: 'Dbtr' | 'Cdtr'): PaymentFinding[] {
  const where = `${party}Acct/Id/IBAN`
  if (!iban) {
    const [what, remedy] = ['it has no IBAN', 'Ask the holder for it.']
    return [{ code: 'iban_missing', severity: 'error', where, what, remedy }]
  }
  const findings = checkIban(iban, where)
  // With a wrong IBAN nothing can be said of the country of the BIC.
  const bicFindings = bic ? checkBic(bic, findings.length === 0 ? iban : '', `${party}Agt/FinInstnId`) : []
  if (findings.length === 0 && iban !== normaliseIban(iban)) {
    const remedy = 'Write it without spaces, in capitals.'
    findings.push({
      code: 'iban_invalid',
      severity: 'error',
      where,
      what: `${quoted(iban)} has spaces or small letters`,
      remedy,
    })
  }
  return [...findings, ...bicFindings]
}

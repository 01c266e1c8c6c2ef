import { ColophonError } from '../../foundation/index.ts'
import { checkAccount, checkText, NAME_CHARACTERS_MAX, type PaymentAccount, type PostalAddress } from './account.ts'
import { isSepaText } from './characters.ts'
import { eurosOf, isDate, TRANSFER_CENTS_MAX } from './amounts.ts'
import { paymentLimits, quoted, type PaymentFinding } from './findings.ts'
import { asWritten, batchXml, headerXml, transferXml, type WrittenTexts } from './pain001Xml.ts'
import { checksumOf, SeenIds } from './seenIds.ts'

/** One transfer in euros. */
export interface CreditTransfer {
  /** Comes back in the bank's answers: at most 35 permitted characters, unique in the message. */
  endToEndId: string
  /** 1 to 99,999,999,999. */
  amountCents: bigint
  creditor: PaymentAccount
  /** What the creditor reads, at most 140 characters. */
  remittance?: string
  /** ISO 20022 purpose, four capitals, as `ROYA`. */
  purpose?: string
}

/** Transfers from one account on one day. */
export interface PaymentBatch {
  /** At most 35 permitted characters, unique in the message. */
  id: string
  /** `YYYY-MM-DD`. */
  executionDate: string
  debtor: PaymentAccount & { address: PostalAddress }
  /** Called twice, for totals stand before the transfers: it must give the same ones in the same order. */
  payments: () => Iterable<CreditTransfer> | AsyncIterable<CreditTransfer>
  /** What they come to, where that is known: they are read once then, and each is checked when it is written. */
  totals?: PaymentTotals
  /** Whether the account statement shows one line for all (the default) or one for each. */
  bookedAsOne?: boolean
}

/** A message to a bank: pain.001.001.09. */
export interface PaymentMessage {
  /** At most 35 permitted characters; the bank refuses a second message with the same one, so derive it from the run. */
  id: string
  createdAt: Date
  initiatingParty: string
  batches: readonly PaymentBatch[]
}

/** What a message holds. */
export interface PaymentTotals {
  payments: number
  cents: bigint
}

const PIECE_CHARACTERS = 32_768
const GROUP_PAYMENTS = 128

/**
 * A message of SEPA credit transfers as XML (pain.001.001.09), in pieces of some 64 kB, all of them ASCII. The same
 * message gives the same bytes. Everything is checked before the first piece, but for payments whose totals are given.
 * Errors: `invalid_input` for an account, text, amount or day that a bank would refuse, for a repeated identifier, and when
 * the second reading of the payments, or what they come to, is another; `too_large` for more than 10 million.
 */
export async function* writePain001(message: PaymentMessage): AsyncGenerator<string, PaymentTotals> {
  const ids = new SeenIds()
  const surveys = await survey(message, ids)
  const totals = { payments: 0, cents: 0n }
  for (const { payments, cents } of surveys) {
    totals.payments += payments
    totals.cents += cents
  }
  yield `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
<CstmrCdtTrfInitn>
${headerXml(message, totals)}
`
  for (const [place, batch] of message.batches.entries()) {
    yield `<PmtInf>${batchXml(batch, surveys[place]!)}\n`
    yield* transfersXml(batch, surveys[place]!, batch.totals && ids)
    yield '</PmtInf>\n'
  }
  yield '</CstmrCdtTrfInitn>\n</Document>\n'
  return totals
}

/** With `ids` the payments were not read before, and are checked here. */
async function* transfersXml(batch: PaymentBatch, expected: Survey, ids?: SeenIds): AsyncGenerator<string> {
  const written: Survey = { payments: 0, cents: 0n, checksum: 0 }
  const where = `batch ${quoted(batch.id)}`
  let piece = ''
  for await (const group of inGroups(batch.payments())) {
    for (const payment of group) {
      written.payments++
      written.cents += payment.amountCents
      if (!ids) written.checksum = checksumWith(payment, written.checksum)
      piece += transferXml(payment, ids ? checkTransfer(payment, where, written.payments, ids) : asWritten(payment))
    }
    if (piece.length >= PIECE_CHARACTERS) {
      yield piece
      piece = ''
    }
  }
  yield piece
  const isSame = written.payments === expected.payments && written.cents === expected.cents
  if (!isSame && ids) throw refusal('its payments do not come to what was said', where)
  if (!isSame || (!ids && written.checksum !== expected.checksum))
    throw refusal('its payments changed between two readings', where)
}

/** Some payments at a time, whether they come at once or one after the other. */
async function* inGroups(
  payments: Iterable<CreditTransfer> | AsyncIterable<CreditTransfer>,
): AsyncGenerator<CreditTransfer[]> {
  let group: CreditTransfer[] = []
  if (Symbol.iterator in payments) {
    for (const payment of payments) {
      if (group.push(payment) < GROUP_PAYMENTS) continue
      yield group
      group = []
    }
  } else {
    for await (const payment of payments) {
      if (group.push(payment) < GROUP_PAYMENTS) continue
      yield group
      group = []
    }
  }
  yield group
}

interface Survey extends PaymentTotals {
  /** Of identifiers, accounts and amounts in their order: tells whether a second reading gives the same. */
  checksum: number
}

/** Checks all that is to be written, and adds it up; of payments whose totals are given, only these. */
async function survey(message: PaymentMessage, ids: SeenIds): Promise<Survey[]> {
  const batchIds = new Set<string>()
  const surveys: Survey[] = []
  let count = 0
  checkIdentifier(message.id, 'message, id')
  refuseFindings(checkText(message.initiatingParty, NAME_CHARACTERS_MAX, 'message, initiating party').findings)
  if (message.batches.length === 0) throw refusal('it has no batch', 'message')
  for (const batch of message.batches) {
    const where = `batch ${quoted(batch.id)}`
    checkIdentifier(batch.id, where)
    if (batchIds.has(batch.id)) throw refusal('its identifier is repeated', where)
    batchIds.add(batch.id)
    if (!isDate(batch.executionDate)) throw refusal(`${quoted(batch.executionDate)} is no day`, where)
    refuseFindings(checkAccount(batch.debtor, `${where}, debtor`).findings)
    const totals: Survey = { payments: 0, cents: 0n, ...batch.totals, checksum: 0 }
    count += totals.payments
    for await (const group of batch.totals ? [] : inGroups(batch.payments())) {
      for (const payment of group) {
        totals.payments++
        totals.cents += payment.amountCents
        totals.checksum = checksumWith(payment, totals.checksum)
        checkTransfer(payment, where, totals.payments, ids)
      }
      count += group.length
      if (count > paymentLimits.paymentsMax) break
    }
    if (count > paymentLimits.paymentsMax) throw new ColophonError('too_large', 'it has too many payments', { where })
    if (totals.payments === 0) throw refusal('it has no payment', where)
    surveys.push(totals)
  }
  return surveys
}

function checksumWith({ endToEndId, amountCents, creditor }: CreditTransfer, before: number): number {
  return checksumOf(creditor.iban, checksumOf(endToEndId, before ^ Number(amountCents)))
}

/** Its texts as they are written. Where it stands is put into words only when something is wrong. */
function checkTransfer(payment: CreditTransfer, batch: string, number: number, ids: SeenIds): WrittenTexts {
  const { endToEndId, amountCents, creditor, remittance, purpose } = payment
  const where = () => placeOf(batch, number, payment)
  if (!isIdentifier(endToEndId)) checkIdentifier(endToEndId, where())
  if (amountCents < 1n || amountCents > TRANSFER_CENTS_MAX) {
    throw refusal(`${eurosOf(amountCents)} euros is not between 0.01 and 999999999.99`, where())
  }
  const { account } = checkAccount(creditor, '')
  if (!account) refuseFindings(checkAccount(creditor, where()).findings)
  const { text, findings } = remittance === undefined ? NO_TEXT : checkText(remittance, 140, '')
  if (findings.length > 0) refuseFindings(checkText(remittance!, 140, `${where()}, remittance`).findings)
  if (purpose !== undefined && !/^[A-Z]{4}$/.test(purpose)) throw refusal(`${quoted(purpose)} is no purpose`, where())
  if (!ids.add(endToEndId)) throw refusal('its identifier is repeated', where())
  return { creditor: account!, remittance: text }
}

const NO_TEXT = { text: '', findings: [] }

function placeOf(batch: string, number: number, { endToEndId }: CreditTransfer): string {
  return `${batch}, payment ${number} (${endToEndId})`
}

/** Identifiers are written as they are given, for the bank sends them back: what is not permitted is refused. */
function checkIdentifier(id: string, where: string): void {
  if (!isIdentifier(id)) throw refusal(`${quoted(id)} is no identifier of 1 to 35 permitted characters`, where)
}

/** No slash or space at either end, and no two slashes together. */
function isIdentifier(id: string): boolean {
  const last = id.length - 1
  if (last < 0 || last > 34 || !isSepaText(id) || id.includes('//')) return false
  return id[0] !== ' ' && id[0] !== '/' && id[last] !== ' ' && id[last] !== '/'
}

function refuseFindings(findings: readonly PaymentFinding[]): void {
  const wrong = findings.find(({ severity }) => severity === 'error')
  if (wrong) throw new ColophonError('invalid_input', wrong.what, { where: wrong.where, remedy: wrong.remedy })
}

function refusal(what: string, where: string): ColophonError {
  return new ColophonError('invalid_input', what, { where, remedy: 'Correct it, and write the message again.' })
}

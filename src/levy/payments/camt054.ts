import { readCents } from './amounts.ts'
import { paymentLimits, quoted } from './findings.ts'
import {
  AnswerEvents,
  dayOf,
  givenId,
  putText,
  readAnswer,
  type BankAnswer,
  type OutcomeState,
  type PaymentOutcome,
  type Texts,
} from './outcomes.ts'
import type { ByteSource, ElementPath } from './xmlStream.ts'

const FILE = 'BkToCstmrDbtCdtNtfctn'
const NOTIFICATION = `${FILE}/Ntfctn`
const ENTRY = `${NOTIFICATION}/Ntry`
const BATCH = `${ENTRY}/NtryDtls/Btch`
const DETAILS = `${ENTRY}/NtryDtls/TxDtls`

/**
 * Reads a bank's notification of bookings (camt.054, versions 02 and 08): payments that left the account, and those
 * that came back with their reason. Money that came in for other reasons is no outcome and is passed over.
 * Example: `await readCamt054(createReadStream(path))`.
 */
export function readCamt054(source: ByteSource): Promise<BankAnswer> {
  return readAnswer(source, new Notification())
}

class Notification extends AnswerEvents {
  readonly kind = 'camt.054'
  readonly versions = ['02', '08']
  #account = ''
  #entries = 0
  #entry: Texts = new Map()
  #batch: Texts = new Map()
  #details: Texts = new Map()
  #detailsCount = 0
  /** Details of an entry wait for its end, for its state may stand behind them. */
  readonly #waiting: Texts[] = []

  open({ path }: ElementPath): void {
    if (path === NOTIFICATION) this.#account = ''
    else if (path === ENTRY) {
      this.#entries++
      this.#entry = new Map()
      this.#batch = new Map()
      this.#detailsCount = 0
    } else if (path === BATCH) this.#batch = new Map()
    else if (path === DETAILS) this.#details = new Map()
  }

  close({ path }: ElementPath, text: string | undefined, attributes: Readonly<Record<string, string>>): void {
    if (text === undefined) {
      if (path === DETAILS) this.#closeDetails()
      else if (path === ENTRY) this.#closeEntry()
      return
    }
    const value = text.trim()
    if (path.startsWith(`${DETAILS}/`)) putText(this.#details, path.slice(DETAILS.length + 1), value, attributes)
    else if (path.startsWith(`${BATCH}/`)) putText(this.#batch, path.slice(BATCH.length + 1), value, attributes)
    else if (path.startsWith(`${ENTRY}/`)) putText(this.#entry, path.slice(ENTRY.length + 1), value, attributes)
    else if (path === `${NOTIFICATION}/Acct/Id/IBAN` || path === `${NOTIFICATION}/Acct/Id/Othr/Id`)
      this.#account = value
    else if (path === `${FILE}/GrpHdr/MsgId`) this.messageId ??= value
    else if (path === `${FILE}/GrpHdr/CreDtTm`) this.created ??= value
  }

  #closeDetails(): void {
    this.#detailsCount++
    if (this.#waiting.length < paymentLimits.outcomesMax) this.#waiting.push(this.#details)
    else this.refuseMore()
  }

  #closeEntry(): void {
    const entry = this.#entry
    const bookedOn = dayOf(entry.get('BookgDt/Dt') ?? entry.get('BookgDt/DtTm'))
    for (const details of this.#waiting.splice(0)) this.#addPayment(details, bookedOn)
    if (this.#detailsCount > 0) return
    if (givenId(this.#batch.get('PmtInfId'))) this.#addBatch(bookedOn)
    else if (stateOf(entry, entry)) {
      const what = 'it names neither a payment nor a batch'
      this.note(
        'no_details',
        'warning',
        `entry ${this.#entries}`,
        what,
        'Match it by hand, or ask the bank for details.',
      )
    }
  }

  #addPayment(details: Texts, bookedOn: string | undefined): void {
    const entry = this.#entry
    const state = stateOf(details, entry)
    if (!state) return
    const bankReference = givenId(details.get('Refs/AcctSvcrRef')) ?? givenId(entry.get('AcctSvcrRef'))
    this.#add(
      {
        scope: 'payment',
        endToEndId: givenId(details.get('Refs/EndToEndId')),
        originalMessageId: givenId(details.get('Refs/MsgId')),
        originalBatchId: givenId(details.get('Refs/PmtInfId')),
        state,
        amountCents: this.#amountOf(details),
        reasonCode: state === 'returned' ? returnReason(details) : undefined,
        bankReference,
        bookedOn,
      },
      [details.get('Refs/TxId'), details.get('Refs/InstrId')],
    )
  }

  #addBatch(bookedOn: string | undefined): void {
    const [entry, batch] = [this.#entry, this.#batch]
    const state = stateOf(entry, entry)
    if (!state) return
    const amountCents = this.#euros(batch, 'TtlAmt') ?? this.#euros(entry, 'Amt')
    const outcome = {
      scope: 'batch' as const,
      originalMessageId: givenId(batch.get('MsgId')),
      originalBatchId: batch.get('PmtInfId'),
      bankReference: givenId(entry.get('AcctSvcrRef')),
    }
    this.#add({ ...outcome, state, amountCents, bookedOn }, [])
  }

  #add(outcome: Omit<PaymentOutcome, 'reference' | 'reason'>, more: (string | undefined)[]): void {
    const { bankReference, bookedOn, originalBatchId } = outcome
    const own = bankReference ? [bankReference] : [this.messageId, `${this.#entries}`]
    this.add(outcome, [this.#account, ...own, bookedOn, originalBatchId, ...more])
  }

  /** The amount of one payment: its own; that of the entry only when it is the only one in it. */
  #amountOf(details: Texts): bigint | undefined {
    const own = ['Amt', 'AmtDtls/TxAmt/Amt', 'AmtDtls/InstdAmt/Amt'].find((path) => details.has(path))
    if (own) return this.#euros(details, own)
    return this.#detailsCount === 1 ? this.#euros(this.#entry, 'Amt') : undefined
  }

  #euros(texts: Texts, path: string): bigint | undefined {
    const [text, currency] = [texts.get(path), texts.get(`${path}@Ccy`)]
    if (text === undefined) return undefined
    const where = `entry ${this.#entries}: ${path}`
    if (currency !== 'EUR') {
      this.note('currency_not_euro', 'error', where, `its currency is ${quoted(currency ?? '')}`, 'Match it by hand.')
      return undefined
    }
    const cents = readCents(text)
    if (cents === undefined) {
      this.note('amount_invalid', 'error', where, `${quoted(text)} is no amount in cents`, 'Match it by hand.')
    }
    return cents
  }
}

/** Paid, returned or still to be booked; nothing for money that came in. A return is a credit with a reason, or a reversed debit. */
function stateOf(details: Texts, entry: Texts): OutcomeState | undefined {
  const isCredit = (details.get('CdtDbtInd') ?? entry.get('CdtDbtInd')) === 'CRDT'
  const isReversal = ['true', '1'].includes(entry.get('RvslInd') ?? '')
  const family = details.get('BkTxCd/Domn/Fmly/SubFmlyCd') ?? entry.get('BkTxCd/Domn/Fmly/SubFmlyCd')
  const isReturn = isReversal || family === 'RRTN' || returnReason(details) !== undefined
  const isBooked = (entry.get('Sts/Cd') ?? entry.get('Sts') ?? 'BOOK') === 'BOOK'
  if (isCredit) return isReturn ? (isBooked ? 'returned' : undefined) : undefined
  // A debit that is a return sends back money that had come in.
  if (isReturn) return undefined
  return isBooked ? 'executed' : 'pending'
}

function returnReason(details: Texts): string | undefined {
  return details.get('RtrInf/Rsn/Cd') ?? details.get('RtrInf/Rsn/Prtry')
}

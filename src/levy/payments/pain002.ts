import { readCents } from './amounts.ts'
import { quoted } from './findings.ts'
import {
  AnswerEvents,
  dayOf,
  givenId,
  putText,
  readAnswer,
  type BankAnswer,
  type OutcomeState,
  type Texts,
} from './outcomes.ts'
import type { ByteSource, ElementPath } from './xmlStream.ts'

const FILE = 'CstmrPmtStsRpt'
const GROUP = `${FILE}/OrgnlGrpInfAndSts`
const BATCH = `${FILE}/OrgnlPmtInfAndSts`
const PAYMENT = `${BATCH}/TxInfAndSts`

/** The codes of a status (ISO 20022 external code set), and what they mean for whoever waits for the money. */
const STATES: Readonly<Record<string, OutcomeState>> = {
  ACSC: 'executed',
  ACCC: 'executed',
  ACCP: 'pending',
  ACFC: 'pending',
  ACSP: 'pending',
  ACTC: 'pending',
  ACWC: 'pending',
  ACWP: 'pending',
  PART: 'pending',
  PATC: 'pending',
  PDNG: 'pending',
  RCVD: 'pending',
  RJCT: 'rejected',
  CANC: 'rejected',
  BLCK: 'rejected',
}

/**
 * Reads a bank's report on the state of payments (pain.002, versions 03 and 10): of the message, its batches and its
 * payments, each with its reason. Example: `await readPain002(createReadStream(path))`.
 */
export function readPain002(source: ByteSource): Promise<BankAnswer> {
  return readAnswer(source, new StatusReport())
}

class StatusReport extends AnswerEvents {
  readonly kind = 'pain.002'
  readonly versions = ['03', '10']
  #group: Texts = new Map()
  #batch: Texts = new Map()
  #payment: Texts = new Map()

  open({ path }: ElementPath): void {
    if (path === BATCH) this.#batch = new Map()
    else if (path === PAYMENT) this.#payment = new Map()
  }

  close({ path }: ElementPath, text: string | undefined, attributes: Readonly<Record<string, string>>): void {
    if (text === undefined) {
      if (path === PAYMENT) this.#closePayment()
      else if (path === BATCH) this.#closeBatch()
      else if (path === GROUP) this.#closeGroup()
      return
    }
    const value = text.trim()
    if (path.startsWith(`${PAYMENT}/`)) putText(this.#payment, path.slice(PAYMENT.length + 1), value, attributes)
    else if (path.startsWith(`${BATCH}/`)) putText(this.#batch, path.slice(BATCH.length + 1), value, attributes)
    else if (path.startsWith(`${GROUP}/`)) putText(this.#group, path.slice(GROUP.length + 1), value, attributes)
    else if (path === `${FILE}/GrpHdr/MsgId`) this.messageId ??= value
    else if (path === `${FILE}/GrpHdr/CreDtTm`) this.created ??= value
  }

  #closeGroup(): void {
    const state = this.#state(this.#group.get('GrpSts'), 'OrgnlGrpInfAndSts/GrpSts')
    if (state) this.add({ scope: 'message', ...this.#originals(), state, ...reasonOf(this.#group) }, this.#names())
  }

  #closeBatch(): void {
    const state = this.#state(this.#batch.get('PmtInfSts'), 'OrgnlPmtInfAndSts/PmtInfSts')
    const originalBatchId = givenId(this.#batch.get('OrgnlPmtInfId'))
    if (!state) return
    const outcome = { scope: 'batch' as const, ...this.#originals(), originalBatchId, state, ...reasonOf(this.#batch) }
    this.add(outcome, this.#names(originalBatchId))
  }

  #closePayment(): void {
    const payment = this.#payment
    const endToEndId = givenId(payment.get('OrgnlEndToEndId'))
    // A payment without a status of its own has that of its batch, or else of its message.
    const said = payment.get('TxSts') ?? this.#batch.get('PmtInfSts') ?? this.#group.get('GrpSts')
    const state = this.#state(said, `TxInfAndSts ${quoted(endToEndId ?? '')}`)
    if (!state) return
    const originalBatchId = givenId(this.#batch.get('OrgnlPmtInfId'))
    const bankReference = givenId(payment.get('AcctSvcrRef'))
    const path = 'OrgnlTxRef/Amt/InstdAmt'
    const outcome = {
      scope: 'payment' as const,
      endToEndId,
      ...this.#originals(),
      originalBatchId,
      state,
      amountCents: payment.get(`${path}@Ccy`) === 'EUR' ? readCents(payment.get(path)) : undefined,
      ...reasonOf(payment),
      bankReference,
      bookedOn: state === 'executed' ? dayOf(payment.get('AccptncDtTm')) : undefined,
    }
    this.add(outcome, this.#names(originalBatchId, givenId(payment.get('OrgnlInstrId'))))
  }

  #originals() {
    return { originalMessageId: givenId(this.#group.get('OrgnlMsgId')) }
  }

  /** A report is told from a later one, which may say the same again, by its own identifier. */
  #names(...more: (string | undefined)[]): (string | undefined)[] {
    return [this.messageId, this.#group.get('OrgnlMsgId'), ...more]
  }

  #state(code: string | undefined, where: string): OutcomeState | undefined {
    if (code === undefined) return undefined
    const state = Object.hasOwn(STATES, code) ? STATES[code] : undefined
    if (!state) this.note('status_unknown', 'error', where, `the status ${quoted(code)} is unknown`, 'Ask the bank.')
    return state
  }
}

function reasonOf(texts: Texts): { reasonCode: string | undefined } {
  return { reasonCode: texts.get('StsRsnInf/Rsn/Cd') ?? texts.get('StsRsnInf/Rsn/Prtry') }
}

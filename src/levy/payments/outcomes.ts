import { sha256Hex } from '../../foundation/index.ts'
import { FindingList, paymentLimits, quoted, type PaymentFinding, type PaymentFindingCode } from './findings.ts'
import { reasonSentence } from './reasonCodes.ts'
import { readXmlStream, type ByteSource, type XmlEvents } from './xmlStream.ts'

/** `pending`: accepted or looked at, and neither paid nor refused yet. */
export type OutcomeState = 'executed' | 'rejected' | 'returned' | 'pending'

/** What a bank says of one payment, or of a whole batch or message when it names no payment. */
export interface PaymentOutcome {
  /**
   * What the state is said of. One said of a payment goes before one said of its batch, and that before one said of its
   * message.
   */
  scope: 'payment' | 'batch' | 'message'
  /** Of the payment; absent for a whole batch or message, and when the bank gives none. */
  endToEndId?: string
  /** The identifiers of the message and the batch that it answers, where the bank names them. */
  originalMessageId?: string
  originalBatchId?: string
  state: OutcomeState
  /** What was booked, or what was asked for; absent where the bank does not say it in euros. */
  amountCents?: bigint
  reasonCode?: string
  /** The reason in a sentence. */
  reason?: string
  /**
   * Names this outcome: the same file read twice gives the same references, and so does the same booking in another file
   * where the bank names it. Take each once only.
   */
  reference: string
  /** The bank's own name for the booking. */
  bankReference?: string
  /** `YYYY-MM-DD`. */
  bookedOn?: string
}

/** A bank's answer. With an error that concerns the file as a whole there are no outcomes. */
export interface BankAnswer {
  messageId: string | undefined
  /** As the bank writes it: a date and time of ISO 8601. */
  created: string | undefined
  outcomes: PaymentOutcome[]
  findings: PaymentFinding[]
}

/** Reads a bank's message with what knows its elements; nothing of a file is taken that is not sound to its end. */
export async function readAnswer(source: ByteSource, answer: AnswerEvents): Promise<BankAnswer> {
  const refusal = await readXmlStream(source, answer)
  if (refusal) answer.list.add(refusal)
  else if (answer.isWanted && !answer.messageId) {
    answer.note('message_id_missing', 'error', 'GrpHdr/MsgId', 'it has no identifier', 'Ask the bank for it.')
  }
  const isWhole = !refusal && !answer.isTooLong && answer.messageId !== undefined
  const outcomes = isWhole ? answer.outcomes : []
  return { messageId: answer.messageId, created: answer.created, outcomes, findings: answer.list.findings }
}

/** What the readers of the bank's messages share. */
export abstract class AnswerEvents implements XmlEvents {
  readonly list = new FindingList()
  readonly outcomes: PaymentOutcome[] = []
  messageId: string | undefined
  created: string | undefined
  isWanted = false
  isTooLong = false
  readonly #references = new Map<string, number>()

  /** Its name, as `camt.054`, and the versions that were tried. */
  abstract readonly kind: string
  abstract readonly versions: readonly string[]
  abstract open(...given: Parameters<XmlEvents['open']>): void
  abstract close(...given: Parameters<XmlEvents['close']>): void

  start(namespace: string): boolean {
    const [, kind, version] = /:([a-z]{4}\.\d{3})\.\d{3}\.(\d\d)$/.exec(namespace) ?? []
    this.isWanted = kind === this.kind
    if (!this.isWanted) {
      const what = `its document element says ${quoted(namespace)}, not ${this.kind}`
      this.note('wrong_message', 'error', 'file', what, 'Give it to the reader of its own kind.')
    } else if (!this.versions.includes(version!)) {
      const what = `version ${version} is read as ${this.versions.join(' and ')} are`
      this.note('version_untested', 'warning', 'file', what, 'Look at what was read of it.')
    }
    return this.isWanted
  }

  note(code: PaymentFindingCode, severity: 'error' | 'warning', where: string, what: string, remedy: string): void {
    this.list.add({ code, severity, where, what, remedy })
  }

  /** From here on the file counts as too large, and nothing is taken of it. */
  refuseMore(): void {
    if (!this.isTooLong) this.note('too_large', 'error', 'file', 'it has too many outcomes', 'Ask for smaller files.')
    this.isTooLong = true
  }

  /** Adds an outcome; `names` are what tells this booking from others, wherever it stands. */
  add(outcome: Omit<PaymentOutcome, 'reference' | 'reason'>, names: readonly (string | undefined)[]): void {
    if (this.outcomes.length >= paymentLimits.outcomesMax) return this.refuseMore()
    const { scope, endToEndId, state, amountCents, reasonCode } = outcome
    const key = sha256Hex(
      new TextEncoder().encode(
        JSON.stringify([this.kind, ...names, scope, endToEndId, state, amountCents?.toString(), reasonCode]),
      ),
    ).slice(0, 32)
    // Two that say the same in all are told apart by their order.
    const before = this.#references.get(key) ?? 0
    this.#references.set(key, before + 1)
    const reference = before === 0 ? key : `${key}-${before + 1}`
    this.outcomes.push(
      withoutAbsent({ ...outcome, ...(reasonCode ? { reason: reasonSentence(reasonCode) } : {}), reference }),
    )
  }
}

/** An object without its keys that have no value. */
function withoutAbsent<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T
}

/** The identifier that a bank gives back, unless it says that it has none. */
export function givenId(text: string | undefined): string | undefined {
  return text && !/^(?:NOTPROVIDED|NONREF|NOTAVAILABLE)$/i.test(text) ? text : undefined
}

/** The day of a date, or of a date with a time. */
export function dayOf(text: string | undefined): string | undefined {
  return /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0]
}

/** Texts of one part of a message by their path in it; of repeated ones the first. */
export type Texts = Map<string, string>

/** Notes a text, and its currency under `path@Ccy`. */
export function putText(texts: Texts, path: string, value: string, attributes: Readonly<Record<string, string>>): void {
  if (texts.has(path)) return
  texts.set(path, value)
  if (attributes.Ccy !== undefined) texts.set(`${path}@Ccy`, attributes.Ccy)
}

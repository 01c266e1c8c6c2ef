import { readDecimal, isDate } from './amounts.ts'
import { FindingList, quoted, type PaymentFinding, type PaymentFindingCode } from './findings.ts'
import { checkElement, checkParsedAddress } from './checkElements.ts'
import { checkTransferFields, sumOf, type TransferFields } from './checkTransfer.ts'
import { SeenIds } from './seenIds.ts'
import { readXmlStream, type ByteSource, type ElementPath, type XmlEvents } from './xmlStream.ts'

/** What a payment file says and what is wrong with it. */
export interface PaymentFileCheck {
  /** No finding is an error. */
  isSound: boolean
  /** The first thousand findings, in the order of the file. */
  findings: PaymentFinding[]
  /** How many there are of each code. */
  counts: Partial<Record<PaymentFindingCode, number>>
  messageId: string | undefined
  /** As `pain.001.001.09`. */
  message: string | undefined
  batches: number
  payments: number
}

const FILE = 'CstmrCdtTrfInitn'
const BATCH = `${FILE}/PmtInf`
const TRANSFER = `${BATCH}/CdtTrfTxInf`
const VERSIONS = new Set(['03', '09'])

/**
 * Checks a file of SEPA credit transfers by anyone (pain.001) for what its schema cannot say: totals, currency, accounts,
 * repeated identifiers, amounts, characters, lengths, addresses, and execution before `today` (`YYYY-MM-DD`).
 * Streams files of any size; never throws for what stands in them. Example: `await checkPain001(createReadStream(path), '2026-12-01')`.
 */
export async function checkPain001(source: ByteSource, today: string): Promise<PaymentFileCheck> {
  const check = new FileCheck(today)
  const refusal = await readXmlStream(source, check)
  if (refusal) check.list.add(refusal)
  else if (check.message && check.payments === 0) check.list.add(NO_PAYMENT)
  const { findings, counts } = check.list
  return {
    isSound: !refusal && !check.hasError && check.payments > 0,
    findings,
    counts,
    messageId: check.messageId,
    message: check.message,
    batches: check.batches,
    payments: check.payments,
  }
}

const NO_PAYMENT: PaymentFinding = {
  code: 'no_details',
  severity: 'error',
  where: 'file',
  what: 'it has no payment',
  remedy: 'Give a file that has some.',
}

/** Number and sum that a group or a batch says, and what it has. */
interface Totals {
  count?: string
  sum?: string
  payments: number
  /** In hundred-thousandths of a euro; nothing once an amount could not be read. */
  units: bigint | undefined
}

class FileCheck implements XmlEvents {
  readonly list = new FindingList()
  hasError = false
  message: string | undefined
  messageId: string | undefined
  batches = 0
  payments = 0
  readonly #today: string
  readonly #group: Totals = { payments: 0, units: 0n }
  readonly #ids = new SeenIds()
  readonly #batchIds = new SeenIds()
  #batch: Totals = { payments: 0, units: 0n }
  #batchFields: TransferFields = {}
  #transfer: TransferFields = {}
  #address: { town?: string; country?: string; lines: number } | undefined

  constructor(today: string) {
    this.#today = today
  }

  start(namespace: string): boolean {
    this.message = /:(pain\.001\.\d{3}\.\d\d)$/.exec(namespace)?.[1]
    if (!this.message) {
      const what = `its document element says ${quoted(namespace)}, not pain.001`
      this.#add('wrong_message', 'error', what, 'Give a credit transfer initiation of ISO 20022.', 'file')
      return false
    }
    if (!VERSIONS.has(this.message.slice(-2))) {
      const what = `${this.message} is read as versions 03 and 09 are`
      this.#add('version_untested', 'warning', what, 'Write version 09, which banks in SEPA take.', 'file')
    }
    return true
  }

  open({ path, name }: ElementPath): void {
    if (path === BATCH) {
      this.batches++
      this.#batch = { payments: 0, units: 0n }
      this.#batchFields = {}
    } else if (path === TRANSFER) {
      this.payments++
      this.#batch.payments++
      this.#transfer = {}
    } else if (name === 'PstlAdr') this.#address = { lines: 0 }
  }

  close(element: ElementPath, text: string | undefined, attributes: Readonly<Record<string, string>>): void {
    const { path } = element
    if (text !== undefined) return this.#leaf(element, text.trim(), attributes)
    if (path === TRANSFER) this.#closeTransfer()
    else if (path === BATCH) this.#closeBatch()
    else if (path === FILE) this.#closeFile()
    else if (element.name === 'PstlAdr') this.#closeAddress(element)
  }

  #leaf(element: ElementPath, text: string, attributes: Readonly<Record<string, string>>): void {
    const { path, name, parent } = element
    for (const { code, what, remedy } of checkElement(name, text))
      this.#add(code, 'error', what, remedy, this.#at(path))
    if (parent?.name === 'PstlAdr') this.#noteAddress(name, text)
    if (path.startsWith(TRANSFER)) noteField(this.#transfer, path.slice(TRANSFER.length + 1), text, attributes)
    else if (path.startsWith(BATCH)) this.#batchLeaf(path.slice(BATCH.length + 1), text, attributes)
    else if (path === `${FILE}/GrpHdr/MsgId`) this.messageId = text
    else if (path === `${FILE}/GrpHdr/NbOfTxs`) this.#group.count = text
    else if (path === `${FILE}/GrpHdr/CtrlSum`) this.#group.sum = text
  }

  #batchLeaf(field: string, text: string, attributes: Readonly<Record<string, string>>): void {
    if (field === 'NbOfTxs') this.#batch.count = text
    else if (field === 'CtrlSum') this.#batch.sum = text
    else if (field.startsWith('ReqdExctnDt')) this.#checkDay(text.slice(0, 10), field)
    else if (field === 'PmtInfId') this.#checkBatchId(text)
    else noteField(this.#batchFields, field, text, attributes)
  }

  #checkBatchId(id: string): void {
    if (this.#batchIds.add(id)) return
    this.#add('identifier_invalid', 'error', `${quoted(id)} names two batches`, 'Name each once.', this.#at('PmtInfId'))
  }

  #checkDay(day: string, field: string): void {
    const where = this.#at(field)
    if (!isDate(day)) this.#add('date_invalid', 'error', `${quoted(day)} is no day`, 'Write it as YYYY-MM-DD.', where)
    else if (day < this.#today) {
      const what = `it is to be executed on ${day}, before ${this.#today}`
      this.#add('date_in_the_past', 'error', what, 'Give a day that is still to come.', where)
    }
  }

  #noteAddress(name: string, text: string): void {
    if (!this.#address) return
    if (name === 'TwnNm') this.#address.town = text
    else if (name === 'Ctry') this.#address.country = text
    else if (name === 'AdrLine') this.#address.lines++
  }

  #closeAddress(element: ElementPath): void {
    const { town, country, lines } = this.#address ?? { lines: 0 }
    this.#address = undefined
    for (const finding of checkParsedAddress({ town, country, lines, today: this.#today })) {
      this.#add(finding.code, finding.severity, finding.what, finding.remedy, this.#at(element.path))
    }
  }

  #closeTransfer(): void {
    const fields = this.#transfer
    const units = sumOf(fields.amount)
    this.#batch.units = units === undefined || this.#batch.units === undefined ? undefined : this.#batch.units + units
    for (const { code, severity, what, remedy, where } of checkTransferFields(fields)) {
      this.#add(code, severity, what, remedy, this.#at(`${TRANSFER}/${where}`))
    }
    const id = fields.endToEndId
    if (!id || id === 'NOTPROVIDED' || this.#ids.add(id)) return
    const what = `the end-to-end identifier ${quoted(id)} is not the first of its name`
    this.#add(
      'end_to_end_id_repeated',
      'error',
      what,
      'Name each payment once.',
      this.#at(`${TRANSFER}/PmtId/EndToEndId`),
    )
  }

  #closeBatch(): void {
    for (const { code, severity, what, remedy, where } of checkTransferFields(this.#batchFields, true)) {
      this.#add(code, severity, what, remedy, this.#at(`${BATCH}/${where}`))
    }
    this.#checkTotals(this.#batch, `batch ${this.batches}`)
    const { payments, units } = this.#batch
    this.#group.payments += payments
    this.#group.units = units === undefined || this.#group.units === undefined ? undefined : this.#group.units + units
    this.#transfer = {}
  }

  #closeFile(): void {
    this.#checkTotals(this.#group, 'group header')
    if (!this.messageId) {
      this.#add('message_id_missing', 'error', 'it has no identifier', 'Give the message one.', 'group header: MsgId')
    }
  }

  #checkTotals({ count, sum, payments, units }: Totals, where: string): void {
    const [countAt, sumAt] = [`${where}: NbOfTxs`, `${where}: CtrlSum`]
    if (count === undefined) this.#add('count_missing', 'warning', 'the number is not said', 'Say it.', countAt)
    else if (!/^\d{1,15}$/.test(count) || Number(count) !== payments) {
      this.#add(
        'count_differs',
        'error',
        `it says ${quoted(count)} payments and has ${payments}`,
        'Count again.',
        countAt,
      )
    }
    const said = sum === undefined ? undefined : readDecimal(sum)?.units
    if (sum === undefined) this.#add('sum_missing', 'warning', 'the sum is not said', 'Say it.', sumAt)
    else if (said === undefined || (units !== undefined && said !== units)) {
      const what = `it says ${quoted(sum)}, and its payments add up to ${units === undefined ? 'no number' : euros(units)}`
      this.#add('sum_differs', 'error', what, 'Add up again.', sumAt)
    }
  }

  /** Where an element stands, as `payment 17: Amt/InstdAmt`. */
  #at(path: string): string {
    if (path.startsWith(TRANSFER)) return `payment ${this.payments}: ${path.slice(TRANSFER.length + 1)}`
    if (path.startsWith(BATCH)) return `batch ${this.batches}: ${path.slice(BATCH.length + 1)}`
    return path.startsWith(FILE) ? path.slice(FILE.length + 1) : `batch ${this.batches}: ${path}`
  }

  #add(code: PaymentFindingCode, severity: 'error' | 'warning', what: string, remedy: string, where: string): void {
    if (severity === 'error') this.hasError = true
    const payment = where.startsWith('payment ') ? { payment: this.payments } : {}
    this.list.add({ code, severity, where, ...payment, what, remedy })
  }
}

function euros(units: bigint): string {
  const digits = units.toString().padStart(6, '0')
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`.replace(/0{1,3}$/, '')
}

function noteField(
  fields: TransferFields,
  path: string,
  text: string,
  attributes: Readonly<Record<string, string>>,
): void {
  const field = FIELDS.get(path)
  if (field === undefined) return
  if (field === 'remittance') fields.remittances = (fields.remittances ?? 0) + 1
  fields[field] = text
  if (field === 'amount') fields.currency = attributes.Ccy ?? ''
}

const FIELDS = new Map<string, 'endToEndId' | 'amount' | 'iban' | 'bic' | 'name' | 'remittance'>([
  ['PmtId/EndToEndId', 'endToEndId'],
  ['Amt/InstdAmt', 'amount'],
  ['CdtrAcct/Id/IBAN', 'iban'],
  ['CdtrAgt/FinInstnId/BICFI', 'bic'],
  ['CdtrAgt/FinInstnId/BIC', 'bic'],
  ['Cdtr/Nm', 'name'],
  ['RmtInf/Ustrd', 'remittance'],
  ['DbtrAcct/Id/IBAN', 'iban'],
  ['DbtrAgt/FinInstnId/BICFI', 'bic'],
  ['DbtrAgt/FinInstnId/BIC', 'bic'],
  ['Dbtr/Nm', 'name'],
])

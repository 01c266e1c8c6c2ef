import { createReadStream } from 'node:fs'
import { composeIBAN } from 'ibantools'
import { checkPain001, writePain001File, type CreditTransfer } from '../../src/levy/payments/index.ts'

/** What one run took, in a process of its own. */
export interface PaymentsRun {
  /** Of all threads. */
  cpuSeconds: number
  /** At its highest; `megabytesBefore` when all was loaded. */
  megabytes: number
  megabytesBefore: number
}

const NAMES = ['Ana Žužek', 'Jean Dupont', 'Maria Müller', 'John Smith', 'Anna Kowalska']
const ACCOUNTS = Array.from({ length: 1000 }, (_, number) =>
  composeIBAN({ countryCode: 'DE', bban: `37040044${String(number * 7919).padStart(10, '0')}` })!,
)
const DEBTOR = { name: 'The Fund', iban: ACCOUNTS[1]!, bic: 'COBADEFFXXX', address: { town: 'Köln', country: 'DE' } }

const WORK: Record<string, (path: string, count: number) => Promise<unknown>> = {
  write: (path, count) => writePain001File(messageOf(count), path),
  check: async (path, count) => {
    const { isSound, payments } = await checkPain001(createReadStream(path), '2026-12-01')
    if (!isSound || payments !== count) throw new Error('the check says another thing than what was written')
  },
  peer: async (_, count) => writeWithSepa(count),
}

/** Runs one of them and prints what it took, as JSON. */
export async function runPayments(kind: string, path: string, count: number): Promise<void> {
  const megabytesBefore = process.resourceUsage().maxRSS / 1024
  const before = process.cpuUsage()
  await WORK[kind]!(path, count)
  const { user, system } = process.cpuUsage(before)
  const megabytes = process.resourceUsage().maxRSS / 1024
  const taken: PaymentsRun = { cpuSeconds: (user + system) / 1e6, megabytes, megabytesBefore }
  console.log(JSON.stringify(taken))
}

const amountOf = (number: number) => BigInt(1000 + (number % 100_000))

function* transfers(count: number): Generator<CreditTransfer> {
  for (let number = 0; number < count; number++) {
    yield {
      endToEndId: `RUN-1-${number}`,
      amountCents: amountOf(number),
      creditor: { name: NAMES[number % NAMES.length]!, iban: ACCOUNTS[number % ACCOUNTS.length]! },
      remittance: `Remuneration 2026, statement ${number}`,
    }
  }
}

function messageOf(count: number) {
  let cents = 0n
  for (let number = 0; number < count; number++) cents += amountOf(number)
  const batch = {
    id: 'RUN-1-A',
    executionDate: '2026-12-01',
    debtor: DEBTOR,
    payments: () => transfers(count),
    totals: { payments: count, cents },
  }
  return { id: 'RUN-1', createdAt: new Date('2026-11-28T10:00:00Z'), initiatingParty: 'The Fund', batches: [batch] }
}

/** The same transfers with npm `sepa`, which builds the whole document in memory, checks IBANs and lengths, and adds up floats. */
async function writeWithSepa(count: number): Promise<number> {
  const { default: SEPA } = await import('sepa')
  const document = new SEPA.Document('pain.001.001.09')
  document.grpHdr.id = 'RUN-1'
  document.grpHdr.created = new Date('2026-11-28T10:00:00Z')
  document.grpHdr.initiatorName = DEBTOR.name
  const info = document.createPaymentInfo()
  info.requestedExecutionDate = new Date('2026-12-01')
  info.debtorIBAN = DEBTOR.iban
  info.debtorBIC = DEBTOR.bic
  info.debtorName = DEBTOR.name
  document.addPaymentInfo(info)
  for (const { endToEndId, amountCents, creditor, remittance } of transfers(count)) {
    const transaction = info.createTransaction()
    transaction.creditorName = creditor.name
    transaction.creditorIBAN = creditor.iban
    transaction.amount = Number(amountCents) / 100
    transaction.remittanceInfo = remittance ?? ''
    transaction.end2endId = endToEndId
    info.addTransaction(transaction)
  }
  return document.toString().length
}

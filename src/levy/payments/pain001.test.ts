import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { composeIBAN } from 'ibantools'
import {
  checkPain001,
  eurosOf,
  toSepaText,
  writePain001,
  writePain001File,
  type CreditTransfer,
  type PaymentBatch,
  type PaymentMessage,
} from './index.ts'

const ibanOf = (number: number) =>
  composeIBAN({ countryCode: 'DE', bban: `37040044${String(number).padStart(10, '0')}` })!

const transfer = (number: number, more: Partial<CreditTransfer> = {}): CreditTransfer => ({
  endToEndId: `RUN-1-${number}`,
  amountCents: 1234n,
  creditor: { name: 'Ana Žužek', iban: ibanOf(number) },
  remittance: 'Statement 2026',
  ...more,
})

const batchOf = (payments: CreditTransfer[], more: Partial<PaymentBatch> = {}): PaymentBatch => ({
  id: 'RUN-1-A',
  executionDate: '2026-12-01',
  debtor: { name: 'The Fund', iban: ibanOf(1), bic: 'COBADEFFXXX', address: { town: 'Köln', country: 'DE' } },
  payments: () => payments,
  ...more,
})

const messageOf = (...batches: PaymentBatch[]): PaymentMessage => ({
  id: 'RUN-1',
  createdAt: new Date('2026-11-28T10:00:00.123Z'),
  initiatingParty: 'The Fund',
  batches,
})

async function written(message: PaymentMessage): Promise<string> {
  let text = ''
  for await (const piece of writePain001(message)) text += piece
  return text
}

const checked = (text: string) => checkPain001([Buffer.from(text)], '2026-11-28')

test('what is written is sound, whatever the names, and adds up at both levels', async () => {
  const text = (max: number) =>
    fc.string({ unit: 'binary', maxLength: 20 }).map((given) => `A${toSepaText(given).text}`.slice(0, max).trim())
  const name = fc.oneof(text(70), fc.constantFrom('Ελένη Ζήση', 'Щука & Sons', 'Ħal Għaxaq <Ltd>'))
  const payment = fc.record({
    amountCents: fc.bigInt({ min: 1n, max: 99_999_999_999n }),
    name,
    account: fc.nat(999_999_999),
    remittance: fc.option(text(140), { nil: undefined }),
    address: fc.option(
      fc.record({ town: text(35), country: fc.constantFrom('DE', 'MT'), lines: fc.array(text(70), { maxLength: 2 }) }),
      {
        nil: undefined,
      },
    ),
  })
  const runs = fc.array(fc.array(payment, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(runs, async (given) => {
      const batches = given.map((payments, batch) =>
        batchOf(
          payments.map(({ amountCents, account, remittance, name: holder, address }, place) => ({
            endToEndId: `${batch}.${place}`,
            amountCents,
            remittance,
            creditor: { name: holder, iban: ibanOf(account), ...(address ? { address } : {}) },
          })),
          { id: `B${batch}` },
        ),
      )
      const message = messageOf(...batches)
      const xml = await written(message)
      assert.equal(await written(message), xml)
      const check = await checked(xml)
      assert.deepEqual(check.findings, [])
      assert.ok(check.isSound)
      assert.equal(check.payments, given.flat().length)
      const sum = given.flat().reduce((total, { amountCents }) => total + amountCents, 0n)
      assert.ok(xml.includes(`<NbOfTxs>${given.flat().length}</NbOfTxs><CtrlSum>${eurosOf(sum)}</CtrlSum><InitgPty>`))
    }),
    { numRuns: 60 },
  )
})

test('a transfer stands as banks expect it', async () => {
  const address = { town: 'Ljubljana', country: 'SI', street: 'Čopova', buildingNumber: '1', lines: ['Second floor'] }
  const creditor = { name: 'Ana Žužek', iban: 'SI56 1910 0000 0123 438', bic: 'SBCESI2XXXX', address }
  const xml = await written(messageOf(batchOf([transfer(7, { creditor, purpose: 'ROYA' })])))
  assert.ok(
    xml.includes(
      '<CdtTrfTxInf><PmtId><EndToEndId>RUN-1-7</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">12.34</InstdAmt></Amt>' +
        '<CdtrAgt><FinInstnId><BICFI>SBCESI2XXXX</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>Ana Zuzek</Nm><PstlAdr>' +
        '<StrtNm>Copova</StrtNm><BldgNb>1</BldgNb><TwnNm>Ljubljana</TwnNm><Ctry>SI</Ctry><AdrLine>Second floor</AdrLine>' +
        '</PstlAdr></Cdtr><CdtrAcct><Id><IBAN>SI56191000000123438</IBAN></Id></CdtrAcct><Purp><Cd>ROYA</Cd></Purp>' +
        '<RmtInf><Ustrd>Statement 2026</Ustrd></RmtInf></CdtTrfTxInf>',
    ),
  )
  assert.ok(xml.includes('<CreDtTm>2026-11-28T10:00:00Z</CreDtTm>'))
})

test('what a bank would refuse is refused before anything is written', async () => {
  const wrong: [PaymentMessage, RegExp][] = [
    [messageOf(), /no batch/],
    [messageOf(batchOf([])), /no payment/],
    [messageOf(batchOf([transfer(1)]), batchOf([transfer(2)])), /identifier is repeated/],
    [messageOf(batchOf([transfer(1), transfer(2), transfer(1)])), /identifier is repeated/],
    [messageOf(batchOf([transfer(1, { amountCents: 0n })])), /between 0.01/],
    [messageOf(batchOf([transfer(1, { amountCents: 100_000_000_000n })])), /between 0.01/],
    [messageOf(batchOf([transfer(1, { endToEndId: 'a//b' })])), /no identifier/],
    [messageOf(batchOf([transfer(1, { endToEndId: 'x'.repeat(36) })])), /no identifier/],
    [messageOf(batchOf([transfer(1, { remittance: 'x'.repeat(141) })])), /141 characters/],
    [messageOf(batchOf([transfer(1, { purpose: '<b>' })])), /no purpose/],
    [messageOf(batchOf([transfer(1, { creditor: { name: 'A', iban: 'DE00370400440532013000' } })])), /check digits/],
    [messageOf(batchOf([transfer(1)], { executionDate: '2026-02-30' })), /no day/],
    [{ ...messageOf(batchOf([transfer(1)])), id: 'é' }, /no identifier/],
  ]
  for (const [message, expected] of wrong) {
    const first = writePain001(message).next()
    await assert.rejects(first, { code: 'invalid_input', message: expected })
  }
  const third = messageOf(batchOf([transfer(1), transfer(2), transfer(3, { amountCents: -1n })]))
  await assert.rejects(written(third), { where: 'batch “RUN-1-A”, payment 3 (RUN-1-3)' })
})

test('payments that change between the two readings are not handed on', async () => {
  let reading = 0
  const payments = () => [transfer(1, { amountCents: BigInt(++reading) })]
  await assert.rejects(written(messageOf(batchOf([], { payments }))), /changed between two readings/)
  let other = 0
  const swapped = async function* () {
    yield transfer(1, { creditor: { name: 'Ana', iban: ibanOf(++other) } })
  }
  await assert.rejects(written(messageOf(batchOf([], { payments: swapped }))), /changed between two readings/)
})

test('payments whose totals are known are read once, and checked as they are written', async () => {
  const once = (...given: CreditTransfer[]) => {
    let readings = 0
    return () => {
      assert.equal(++readings, 1)
      return given
    }
  }
  const [first, second] = [transfer(1), transfer(2)]
  const totals = { payments: 2, cents: first.amountCents + second.amountCents }
  const known = (given: CreditTransfer[], said = totals) =>
    written(messageOf(batchOf([], { payments: once(...given), totals: said })))
  assert.equal(await known([first, second]), await written(messageOf(batchOf([first, second]))))
  await assert.rejects(known([first]), /do not come to what was said/)
  await assert.rejects(known([first, second], { ...totals, cents: totals.cents + 1n }), /do not come to what was said/)
  await assert.rejects(known([first, first]), /identifier is repeated/)
  await assert.rejects(known([first, transfer(2, { creditor: { name: 'A', iban: 'DE0' } })]), /IBAN/)
  await assert.rejects(known([], { payments: 0, cents: 0n }), /no payment/)
  await assert.rejects(known([first], { payments: 10_000_001, cents: 1n }), { code: 'too_large' })
})

test('a file is there whole or as it was before', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-payments-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'run.xml')
  writeFileSync(path, 'before')
  let reading = 0
  const payments = () => (++reading === 1 ? [transfer(1), transfer(2)] : [transfer(1)])
  await assert.rejects(writePain001File(messageOf(batchOf([], { payments })), path))
  assert.equal(readFileSync(path, 'utf8'), 'before')
  const many = Array.from({ length: 1000 }, (_, number) => transfer(number))
  const result = await writePain001File(messageOf(batchOf(many)), path)
  assert.deepEqual([result.payments, result.cents, result.bytes], [1000, 1_234_000n, statSync(path).size])
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['run.xml'])
  assert.equal(readFileSync(path, 'latin1'), await written(messageOf(batchOf(many))))
})

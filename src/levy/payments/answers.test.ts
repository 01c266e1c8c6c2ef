import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REASON_CODES, readCamt054, readPain002, reasonSentence, type BankAnswer } from './index.ts'

const bytes = (text: string) => [Buffer.from(text)]

/** One payment in a notification: booked as `indicator`, with a reason when it came back. */
const details = (id: string, amount: string, more = '') =>
  `<TxDtls><Refs><MsgId>RUN-1</MsgId><AcctSvcrRef>BANK-${id}</AcctSvcrRef><PmtInfId>A</PmtInfId><EndToEndId>${id}</EndToEndId></Refs>
  <AmtDtls><InstdAmt><Amt Ccy="EUR">99.99</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>${more}</TxDtls>`
const reason = (code: string) => `<RtrInf><Rsn><Cd>${code}</Cd></Rsn></RtrInf>`

const entry = (indicator: string, amount: string, inside: string, status = 'BOOK', currency = 'EUR') =>
  `<Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${indicator}</CdtDbtInd><Sts>${status}</Sts>
  <BookgDt><Dt>2026-12-02</Dt></BookgDt><ValDt><Dt>2026-12-02</Dt></ValDt><AcctSvcrRef>ENTRY</AcctSvcrRef>
  <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>${inside}</Ntry>`

const notification = (entries: string, version = '02', id = 'N-1') => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.${version}"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>${id}</MsgId><CreDtTm>2026-12-02T18:00:00</CreDtTm></GrpHdr><Ntfctn><Id>1</Id>
<CreDtTm>2026-12-02T18:00:00</CreDtTm><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>`

const ENTRIES =
  entry('DBIT', '30.30', `<NtryDtls>${details('a-1', '10.10')}${details('a-2', '20.20')}</NtryDtls>`) +
  entry('CRDT', '20.20', `<NtryDtls>${details('a-2', '20.20', reason('AC04'))}</NtryDtls>`) +
  entry('CRDT', '500.00', `<NtryDtls>${details('licence', '500.00')}</NtryDtls>`) +
  entry('DBIT', '7.00', `<NtryDtls>${details('a-3', '7.00')}</NtryDtls>`, 'PDNG') +
  entry(
    'DBIT',
    '12.00',
    '<NtryDtls><Btch><MsgId>RUN-1</MsgId><PmtInfId>B</PmtInfId><NbOfTxs>3</NbOfTxs></Btch></NtryDtls>',
  )

/** Since version 03 each payment has its own amount and direction; since version 07 a state is a code. */
const asVersion08 = (entries: string) =>
  entries
    .replaceAll(/<CdtDbtInd>(.*?)<\/CdtDbtInd>[^]*?<\/Ntry>/g, (whole, indicator: string) =>
      whole.replaceAll(/<AmtDtls>.*?<TxAmt>(.*?)<\/TxAmt><\/AmtDtls>/g, `$1<CdtDbtInd>${indicator}</CdtDbtInd>`),
    )
    .replaceAll(/<Sts>(.*?)<\/Sts>/g, '<Sts><Cd>$1</Cd></Sts>')

const said = ({ outcomes }: BankAnswer) =>
  outcomes.map(({ scope, endToEndId, originalBatchId, state, amountCents, reasonCode, bookedOn }) =>
    [scope, endToEndId ?? originalBatchId, state, amountCents, reasonCode, bookedOn].join(' ').trim(),
  )

test('a notification tells what was paid, what came back and why', async () => {
  const answer = await readCamt054(bytes(notification(ENTRIES)))
  assert.deepEqual([answer.messageId, answer.created, answer.findings], ['N-1', '2026-12-02T18:00:00', []])
  assert.deepEqual(said(answer), [
    'payment a-1 executed 1010  2026-12-02',
    'payment a-2 executed 2020  2026-12-02',
    'payment a-2 returned 2020 AC04 2026-12-02',
    'payment a-3 pending 700  2026-12-02',
    'batch B executed 1200  2026-12-02',
  ])
  assert.equal(answer.outcomes[2]!.reason, 'The account is closed.')
  assert.equal(answer.outcomes[2]!.bankReference, 'BANK-a-2')
  const newer = notification(asVersion08(ENTRIES), '08')
  assert.deepEqual(said(await readCamt054(bytes(newer))), said(answer))
})

test('the same booking has the same reference in every file, and two bookings have two', async () => {
  const references = async (text: string) => (await readCamt054(bytes(text))).outcomes.map(({ reference }) => reference)
  const first = await references(notification(ENTRIES))
  assert.equal(new Set(first).size, 5)
  assert.deepEqual(await references(notification(ENTRIES)), first)
  assert.deepEqual(await references(notification(ENTRIES, '02', 'N-2')), first)
  const twice = details('NOTPROVIDED', '5.00', reason('MS03')).replace('BANK-NOTPROVIDED', 'NONREF')
  const same = entry('CRDT', '10.00', `<NtryDtls>${twice}${twice}</NtryDtls>`)
  assert.equal(new Set(await references(notification(same))).size, 2)
})

test('what cannot be matched or is not in euros is named', async () => {
  const odd = notification(
    entry('DBIT', '1.00', '') + entry('DBIT', '1.00', `<NtryDtls><TxDtls/></NtryDtls>`, 'BOOK', 'USD'),
  )
  const { findings, outcomes } = await readCamt054(bytes(odd.replace('<TxDtls/>', '<TxDtls><Refs/></TxDtls>')))
  assert.deepEqual(
    findings.map(({ code, where }) => [code, where]),
    [
      ['no_details', 'entry 1'],
      ['currency_not_euro', 'entry 2: Amt'],
    ],
  )
  assert.equal(outcomes[0]!.amountCents, undefined)
  const reversed = entry('CRDT', '1.00', `<NtryDtls>${details('a', '1.00')}</NtryDtls>`).replace(
    '<Sts>',
    '<RvslInd>true</RvslInd><Sts>',
  )
  assert.deepEqual(said(await readCamt054(bytes(notification(reversed)))), ['payment a returned 100  2026-12-02'])
})

const status = (id: string, code: string, why = '') =>
  `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId>${code && `<TxSts>${code}</TxSts>`}
  ${why && `<StsRsnInf><Rsn><Cd>${why}</Cd></Rsn></StsRsnInf>`}
  <OrgnlTxRef><Amt><InstdAmt Ccy="EUR">10.10</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`

const report = (inside: string, group = '<GrpSts>PART</GrpSts>', version = '10') => `<Document
xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}"><CstmrPmtStsRpt><GrpHdr><MsgId>S-1</MsgId>
<CreDtTm>2026-12-01T09:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>RUN-1</OrgnlMsgId>
<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>${inside}</CstmrPmtStsRpt></Document>`

test('a report tells the state of the message, of its batches and of its payments', async () => {
  const inside = `<OrgnlPmtInfAndSts><OrgnlPmtInfId>A</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>
    ${status('a-1', 'ACSC')}${status('a-2', 'RJCT', 'AC01')}${status('a-3', 'PDNG')}${status('a-4', 'ACCP')}</OrgnlPmtInfAndSts>
    <OrgnlPmtInfAndSts><OrgnlPmtInfId>B</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>
    <StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>${status('b-1', '')}</OrgnlPmtInfAndSts>`
  for (const version of ['10', '03']) {
    const answer = await readPain002(bytes(report(inside, undefined, version)))
    assert.deepEqual([answer.messageId, answer.findings], ['S-1', []])
    assert.deepEqual(said(answer), [
      'message  pending',
      'payment a-1 executed 1010',
      'payment a-2 rejected 1010 AC01',
      'payment a-3 pending 1010',
      'payment a-4 pending 1010',
      'batch A pending',
      'payment b-1 rejected 1010',
      'batch B rejected  AM04',
    ])
    assert.ok(answer.outcomes.every(({ originalMessageId }) => originalMessageId === 'RUN-1'))
    const again = await readPain002(bytes(report(inside, undefined, version)))
    assert.deepEqual(again, answer)
    assert.equal(new Set(answer.outcomes.map(({ reference }) => reference)).size, 8)
  }
})

test('a message that is refused whole says so, and a status that nobody knows is named', async () => {
  const refused = '<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>'
  assert.deepEqual(said(await readPain002(bytes(report('', refused)))), ['message  rejected  FF01'])
  const odd = await readPain002(bytes(report('', '<GrpSts>toString</GrpSts>')))
  assert.deepEqual([odd.outcomes, odd.findings[0]?.code], [[], 'status_unknown'])
})

test('nothing is taken from a file that is broken, of another kind, or without a name', async () => {
  const whole = notification(ENTRIES)
  const broken: [string, string][] = [
    [whole.slice(0, -40), 'malformed_xml'],
    [whole.replace('<Document', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Document'), 'doctype_refused'],
    [whole.replace('<MsgId>N-1</MsgId>', ''), 'message_id_missing'],
    [report(''), 'wrong_message'],
  ]
  for (const [text, code] of broken) {
    const { outcomes, findings } = await readCamt054(bytes(text))
    assert.deepEqual([outcomes, findings.map((finding) => finding.code)], [[], [code]])
  }
  const untried = await readCamt054(bytes(notification(ENTRIES, '13')))
  assert.deepEqual([untried.outcomes.length, untried.findings[0]?.code], [5, 'version_untested'])
})

test('every reason has a sentence, and one that is unknown is said as it is', () => {
  assert.ok(REASON_CODES.length > 50)
  for (const code of REASON_CODES) assert.match(reasonSentence(code), /^[A-Z].*\.$/)
  assert.equal(reasonSentence('ZZ99'), 'The bank gave the reason ZZ99.')
  assert.equal(reasonSentence('constructor'), 'The bank gave the reason constructor.')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkPain001, paymentLimits } from './index.ts'

const transfer = (id: string, amount: string, iban = 'DE89370400440532013000') =>
  `<CdtTrfTxInf><PmtId><EndToEndId>${id}</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">${amount}</InstdAmt></Amt>
  <CdtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>Ana Zupan</Nm><PstlAdr>
  <TwnNm>Koln</TwnNm><Ctry>DE</Ctry><AdrLine>Domplatz 1</AdrLine></PstlAdr></Cdtr>
  <CdtrAcct><Id><IBAN>${iban}</IBAN></Id></CdtrAcct><RmtInf><Ustrd>Statement ${id}</Ustrd></RmtInf></CdtTrfTxInf>`

const batch = (id: string, count: number, sum: string, transfers: string) => `<PmtInf><PmtInfId>${id}</PmtInfId>
  <PmtMtd>TRF</PmtMtd><NbOfTxs>${count}</NbOfTxs><CtrlSum>${sum}</CtrlSum><ReqdExctnDt><Dt>2026-12-01</Dt></ReqdExctnDt>
  <Dbtr><Nm>The Fund</Nm></Dbtr><DbtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></DbtrAcct>
  <DbtrAgt><FinInstnId><BICFI>PSSTFRPPXXX</BICFI></FinInstnId></DbtrAgt>${transfers}</PmtInf>`

const SOUND = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr><MsgId>RUN-1</MsgId>
<CreDtTm>2026-11-28T10:00:00Z</CreDtTm><NbOfTxs>3</NbOfTxs><CtrlSum>60.6</CtrlSum><InitgPty><Nm>The Fund</Nm></InitgPty></GrpHdr>
${batch('A', 2, '30.30', transfer('a-1', '10.10') + transfer('a-2', '20.20'))}
${batch('B', 1, '30.3', transfer('b-1', '30.3'))}
</CstmrCdtTrfInitn></Document>`

const check = (text: string, today = '2026-11-28') => checkPain001([Buffer.from(text)], today)
const damaged = (from: string, to: string) => {
  assert.ok(SOUND.includes(from), from)
  return SOUND.replace(from, to)
}

test('a sound file has no findings, in version 03 and with prefixes too', async () => {
  assert.deepEqual(await check(SOUND), {
    isSound: true,
    findings: [],
    counts: {},
    messageId: 'RUN-1',
    message: 'pain.001.001.09',
    batches: 2,
    payments: 3,
  })
  const old = SOUND.replace('001.09', '001.03')
    .replaceAll(/<ReqdExctnDt><Dt>(.*?)<\/Dt>/g, '<ReqdExctnDt>$1')
    .replaceAll('BICFI', 'BIC')
  assert.deepEqual((await check(old)).findings, [])
  const prefixed = SOUND.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1p:').replace('xmlns=', 'xmlns:p=')
  assert.deepEqual((await check(prefixed)).findings, [])
})

const DAMAGES: [from: string, to: string, code: string, where: string][] = [
  ['<NbOfTxs>3', '<NbOfTxs>4', 'count_differs', 'group header: NbOfTxs'],
  ['<CtrlSum>60.6<', '<CtrlSum>60.61<', 'sum_differs', 'group header: CtrlSum'],
  ['<NbOfTxs>2', '<NbOfTxs>1', 'count_differs', 'batch 1: NbOfTxs'],
  ['<CtrlSum>30.3<', '<CtrlSum>30.4<', 'sum_differs', 'batch 2: CtrlSum'],
  ['<CtrlSum>30.3<', '<CtrlSum>-30.3<', 'sum_differs', 'batch 2: CtrlSum'],
  ['<CtrlSum>60.6</CtrlSum>', '', 'sum_missing', 'group header: CtrlSum'],
  ['Ccy="EUR">20', 'Ccy="USD">20', 'currency_not_euro', 'payment 2: Amt/InstdAmt'],
  ['DE89370400440532013000', 'DE89370400440532013001', 'iban_invalid', 'payment 1: CdtrAcct/Id/IBAN'],
  ['DE89370400440532013000', 'de89370400440532013000', 'iban_invalid', 'payment 1: CdtrAcct/Id/IBAN'],
  ['DE89370400440532013000', 'XK051212012345678906', 'iban_outside_sepa', 'payment 1: CdtrAcct/Id/IBAN'],
  ['FR1420041010050500013M02606', 'FR1420041010050500013M02607', 'iban_invalid', 'batch 1: DbtrAcct/Id/IBAN'],
  ['COBADEFFXXX', 'PSSTFRPPXXX', 'bic_country_differs', 'payment 1: CdtrAgt/FinInstnId'],
  ['PSSTFRPPXXX', 'COBADEFFXXX', 'bic_country_differs', 'batch 1: DbtrAgt/FinInstnId'],
  ['COBADEFFXXX', 'COBA', 'bic_invalid', 'payment 1: CdtrAgt/FinInstnId'],
  ['<EndToEndId>b-1', '<EndToEndId>a-2', 'end_to_end_id_repeated', 'payment 3: PmtId/EndToEndId'],
  ['<EndToEndId>b-1', '<EndToEndId>', 'end_to_end_id_missing', 'payment 3: PmtId/EndToEndId'],
  ['<EndToEndId>b-1', '<EndToEndId>/b', 'identifier_invalid', 'payment 3: PmtId/EndToEndId'],
  ['>20.20<', '>20.200<', 'amount_decimals', 'payment 2: Amt/InstdAmt'],
  ['Statement a-2', 'Straße', 'character_not_permitted', 'payment 2: RmtInf/Ustrd'],
  ['Statement a-2', '&#60;b&gt;', 'character_not_permitted', 'payment 2: RmtInf/Ustrd'],
  ['Statement a-2', 'x'.repeat(141), 'text_too_long', 'payment 2: RmtInf/Ustrd'],
  ['Statement a-2', 'x</Ustrd><Ustrd>y', 'remittance_repeated', 'payment 2: RmtInf/Ustrd'],
  ['<Nm>Ana Zupan</Nm>', '', 'name_missing', 'payment 1: Cdtr/Nm'],
  ['<TwnNm>Koln</TwnNm>', '', 'address_unstructured', 'payment 1: Cdtr/PstlAdr'],
  [
    '<AdrLine>Domplatz 1</AdrLine>',
    '<AdrLine>a</AdrLine><AdrLine>b</AdrLine><AdrLine>c</AdrLine>',
    'address_unstructured',
    'payment 1: Cdtr/PstlAdr',
  ],
  ['<Dt>2026-12-01', '<Dt>2026-11-27', 'date_in_the_past', 'batch 1: ReqdExctnDt/Dt'],
  ['<Dt>2026-12-01', '<Dt>2026-13-01', 'date_invalid', 'batch 1: ReqdExctnDt/Dt'],
  ['<PmtInfId>B', '<PmtInfId>A', 'identifier_invalid', 'batch 2: PmtInfId'],
]

test('each single damage is found where it stands, and nothing else', async () => {
  for (const [from, to, code, where] of DAMAGES) {
    const { findings, isSound } = await check(damaged(from, to))
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.where]),
      [[code, where]],
      `${from} → ${to}`,
    )
    assert.equal(isSound, findings[0]!.severity === 'warning')
    assert.equal(findings[0]!.payment, where.startsWith('payment') ? Number(where[8]) : undefined)
  }
  const zero = await check(damaged('>20.20<', '>0.00<'))
  assert.deepEqual(Object.keys(zero.counts).sort(), ['amount_invalid', 'sum_differs'])
})

test('an address without structure is only warned of until banks refuse it', async () => {
  const text = damaged('<TwnNm>Koln</TwnNm>', '').replaceAll('2026-12-01', '2026-11-10')
  const { findings, isSound } = await check(text, '2026-11-01')
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['address_unstructured', 'warning']],
  )
  assert.ok(isSound)
})

test('any other total, and any wrong digit of an account, is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 999_999 }),
      fc.integer({ min: 2, max: 21 }),
      fc.integer({ min: 1, max: 9 }),
      async (other, place, by) => {
        const sum = `${Math.floor(other / 100)}.${String(other % 100).padStart(2, '0')}`
        const { counts } = await check(damaged('<CtrlSum>30.30', `<CtrlSum>${sum}`))
        assert.equal(counts.sum_differs, other === 3030 ? undefined : 1)
        const iban = 'DE89370400440532013000'
        const digit = (Number(iban[place]) + by) % 10
        const wrong = await check(damaged(iban, iban.slice(0, place) + digit + iban.slice(place + 1)))
        assert.deepEqual(wrong.counts, { iban_invalid: 1 })
      },
    ),
    { numRuns: 60 },
  )
})

test('how the file is cut into pieces changes nothing', async () => {
  const bytes = Buffer.from(damaged('Statement a-2', 'Straße &amp; 李'))
  const whole = await checkPain001([bytes], '2026-11-28')
  for (const size of [1, 7, 64]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, place) =>
      bytes.subarray(place * size, (place + 1) * size),
    )
    assert.deepEqual(await checkPain001(pieces, '2026-11-28'), whole)
  }
  assert.deepEqual(whole.counts, { character_not_permitted: 1 })
})

test('hostile and broken XML is refused, not thrown', async () => {
  const bomb = '<!DOCTYPE Document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
  const inText = (text: string) => damaged('Statement a-2', text)
  const refused: [string | Buffer, string][] = [
    [SOUND.replace('<Document', `${bomb}<Document`), 'doctype_refused'],
    [inText('&b;'), 'malformed_xml'],
    [inText('&#0;'), 'malformed_xml'],
    [inText('a & b'), 'malformed_xml'],
    [inText('<![CDATA[x]]>'), 'malformed_xml'],
    [inText('x</Ustrd></Strd><Ustrd>y'), 'malformed_xml'],
    [damaged('<RmtInf>', ''), 'malformed_xml'],
    [damaged('Ccy="EUR"', 'Ccy="EUR" Ccy="USD"'), 'malformed_xml'],
    [damaged('Ccy="EUR"', 'Ccy=EUR'), 'malformed_xml'],
    [SOUND.slice(0, -12), 'malformed_xml'],
    [`${SOUND}<Document/>`, 'malformed_xml'],
    ['', 'malformed_xml'],
    ['no XML', 'malformed_xml'],
    [inText('<a>'.repeat(40)), 'too_large'],
    [inText('x'.repeat(paymentLimits.textCharactersMax + 1)), 'too_large'],
    [damaged('Ccy="EUR"', `Ccy="${'x'.repeat(paymentLimits.tokenCharactersMax + 140_000)}"`), 'too_large'],
    [inText(Array.from({ length: paymentLimits.pathsMax + 1 }, (_, number) => `<a${number}/>`).join('')), 'too_large'],
    [Buffer.from(damaged('Statement a-2', 'é'), 'latin1'), 'encoding_refused'],
    [SOUND.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'), 'encoding_refused'],
    [SOUND.replace('pain.001', 'pain.008'), 'wrong_message'],
    [SOUND.replaceAll(/<PmtInf>[^]*<\/PmtInf>/g, ''), 'no_details'],
  ]
  for (const [given, code] of refused) {
    const { findings, isSound } = await checkPain001([Buffer.from(given as string)], '2026-11-28')
    assert.ok(
      findings.some((finding) => finding.code === code),
      `${code}: ${String(given).slice(0, 60)} ${JSON.stringify(findings)}`,
    )
    assert.ok(!isSound)
  }
})

test('findings without end are counted and not all kept', async () => {
  const many = Array.from({ length: 1500 }, (_, number) => transfer(`m-${number}`, '0.00')).join('')
  const { findings, counts } = await check(damaged('<CdtTrfTxInf>', `${many}<CdtTrfTxInf>`))
  assert.equal(findings.length, paymentLimits.findingsMax)
  assert.equal(counts.amount_invalid, 1500)
})

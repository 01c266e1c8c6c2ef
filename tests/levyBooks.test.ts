import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { migrate, type OpenDatabase } from '../src/foundation/index.ts'
import {
  bookAnswer,
  bookEntries,
  checkLedger,
  importPayees,
  issueAssessment,
  listUnlocated,
  object,
  decideObjection,
  preparePayout,
  readBalances,
  readCamt054,
  readEntries,
  readFacts,
  readPlan,
  readPreset,
  receiptEntry,
  recordSearch,
  releaseUnlocated,
  requireSound,
  reversalOf,
  runEntry,
  stateAccount,
  writePayout,
  type NewEntry,
} from '../src/levy/index.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'

const postgres = startPostgres()
after(() => postgres.stop())

const plan = readPlan(readPreset('blank'), 'blank')
const DAY = 86_400_000
const start = Date.parse('2027-02-01T10:00:00Z')
const effects = {
  now: () => start,
  randomBytes: (length: number) => new Uint8Array(length).map((_, i) => i * 7 + Math.floor(Math.random() * 256)),
}
const at = '2027-02-01T10:00:00.000Z'
const DEBTOR = { name: 'The Fund', iban: 'DE75512108001245126199', address: { town: 'Frankfurt', country: 'DE' } }
const folder = mkdtempSync(join(tmpdir(), 'colophon-levy-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const PAYEES = `payee,name,status,residence,certificate_until,iban
anna,Anna,located,DE,,DE89370400440532013000
ben,Ben,located,FR,2027-12-31,FR1420041010050500013M02606
carla,Carla,located,FR,2026-12-31,FR1420041010050500013M02606
dora,Dora,unlocated,,,
emil,Emil,deceased,DE,,DE02120300000000202051
fritz,Fritz,located,DE,,`

/** Books of a fund that has distributed once. */
async function distributed(db: OpenDatabase['db'], owed: Record<string, bigint>): Promise<void> {
  const gross = Object.values(owed).reduce((a, b) => a + b, 0n)
  const run = {
    root: 'ab'.repeat(32),
    scheme: 'blank',
    grossCents: gross,
    currency: 'EUR',
    period: { from: '2023-01-01', to: '2023-12-31' },
  }
  const lines = Object.entries(owed).map(([owner, cents]) => ({ account: 'Liabilities:Payees', owner, cents }))
  await bookEntries(
    db,
    [receiptEntry('did:web:a.example', gross, 'R1', '2027-01-05'), runEntry(run, lines, '2027-01-10')],
    at,
  )
}

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`the books of the fund, on ${name}`, () => {
    let database: OpenDatabase
    before(async () => {
      database = await open()
      await migrate(database)
    })
    after(() => database.close())
    const fresh = async () => {
      for (const table of [
        'levy_posting',
        'levy_entry',
        'levy_payment',
        'levy_payout',
        'levy_payee',
        'levy_search',
        'levy_objection',
        'levy_assessment',
      ] as const)
        await database.db.deleteFrom(table).execute()
      return database.db
    }

    test('an entry that does not hold is refused, and nothing of the others is booked', async () => {
      const db = await fresh()
      const good = receiptEntry('did:web:a.example', 100n, 'R1', '2027-01-05')
      const bad = { ...receiptEntry('did:web:a.example', 5n, 'R2', '2027-01-05') }
      bad.postings = [bad.postings[0]!, { ...bad.postings[1]!, cents: -4n }]
      await assert.rejects(bookEntries(db, [good, bad], at), /sums to 1/)
      assert.equal((await checkLedger(db)).entries, 0)
      assert.equal(await bookEntries(db, [good], at), 1)
      assert.equal(await bookEntries(db, [good], at), 0)
      await assert.rejects(
        bookEntries(db, [receiptEntry('did:web:a.example', 101n, 'R1', '2027-01-05')], at),
        /booked already/,
      )
    })

    test('reading finds every cent that was changed behind its back', async () => {
      const db = await fresh()
      await distributed(db, { anna: 5000n, ben: 7n })
      assert.deepEqual((await checkLedger(db)).findings, [])
      await db.updateTable('levy_posting').set({ cents: -8n }).where('owner', '=', 'ben').execute()
      assert.match((await checkLedger(db)).findings.join('\n'), /is not what was booked[\s\S]*sums to -1/)
      await assert.rejects(requireSound(db), /does not hold/)
    })

    test('a reversal restores every balance', async () => {
      const posting = fc.record({
        account: fc.constantFrom('Liabilities:Payees', 'Liabilities:Held', 'Liabilities:Reserve'),
        owner: fc.constantFrom('', 'a', 'é', 'z:z'),
        cents: fc.bigInt(1n, 10n ** 14n),
      })
      const entries = fc.array(fc.array(posting, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })
      await fc.assert(
        fc.asyncProperty(entries, async (drawn) => {
          const db = await fresh()
          await distributed(db, { anna: 5000n })
          const balances = async () =>
            Promise.all(
              ['Liabilities:Payees', 'Liabilities:Held', 'Liabilities:Reserve', 'Liabilities:Pool', 'Assets:Bank'].map(
                (account) => readBalances(db, account),
              ),
            )
          const were = await balances()
          const booked = drawn.map((lines, i): NewEntry =>
            runEntry(
              {
                root: `${i}`,
                scheme: 'blank',
                grossCents: lines.reduce((sum, { cents }) => sum + cents, 0n),
                currency: 'EUR',
                period: { from: '2026-01-01', to: '2026-12-31' },
              },
              lines,
              '2027-01-11',
            ),
          )
          await bookEntries(db, booked, at)
          await bookEntries(
            db,
            booked.toReversed().map((entry) => reversalOf(entry, '2027-01-12', 'wrong')),
            at,
          )
          assert.deepEqual(await balances(), were)
          assert.deepEqual((await checkLedger(db)).findings, [])
        }),
        { numRuns: 12 },
      )
    })

    test('payments: nobody is paid twice, the bank’s answers are booked once, and what comes back is owed again', async () => {
      const db = await fresh()
      writeFileSync(join(folder, 'payees.csv'), PAYEES)
      assert.equal(await importPayees(db, join(folder, 'payees.csv'), at), 6)
      await distributed(db, {
        anna: 250_000n,
        ben: 10_000n,
        carla: 10_000n,
        dora: 5000n,
        emil: 5000n,
        fritz: 5000n,
        gone: 5000n,
        small: 999n,
      })
      const withholding = [
        { country: 'FR', ppm: 300_000, certifiedPpm: 100_000, legalBasis: 'law', status: 'enacted' as const },
      ]
      const options = {
        rules: { minimumPayoutCents: 1000, withholding },
        debtor: DEBTOR,
        executionDate: '2027-02-10',
        now: start,
      }
      const payout = await preparePayout(db, options)
      assert.deepEqual([payout.payments, payout.cents, payout.taxCents], [3, 250_000n + 9000n + 7000n, 4000n])
      const reasons = Object.fromEntries(payout.notPaid.map(({ payee, reason }) => [payee, reason]))
      assert.deepEqual(reasons, {
        dora: 'unlocated',
        emil: 'deceased',
        fritz: 'no-account',
        gone: 'unknown',
        small: 'below-minimum',
      })
      assert.equal((await preparePayout(db, options)).payments, 0)
      const [one, two] = [join(folder, `${name}.xml`), join(folder, `${name}-again.xml`)]
      await writePayout(db, payout.message, one, 'The Fund')
      await writePayout(db, payout.message, two, 'The Fund')
      assert.equal(readFileSync(one, 'utf8'), readFileSync(two, 'utf8'))

      const id = async (payee: string) =>
        (await db.selectFrom('levy_payment').select('id').where('payee', '=', payee).executeTakeFirstOrThrow()).id
      const answer = camt054([
        { id: await id('anna'), cents: '2500.00', reference: 'B1' },
        { id: await id('carla'), cents: '70.00', reference: 'B2', reason: 'AC04' },
        { id: 'nobody', cents: '1.00', reference: 'B3' },
        { id: await id('ben'), cents: '90.01', reference: 'B4' },
      ])
      const matched = await bookAnswer(db, await readCamt054([Buffer.from(answer)]), start)
      assert.deepEqual([matched.executed, matched.returned, matched.unmatched.length], [1, 1, 2])
      const again = await bookAnswer(db, await readCamt054([Buffer.from(answer)]), start)
      assert.deepEqual([again.executed, again.returned, again.known], [0, 0, 2])
      assert.deepEqual(await readBalances(db, 'Liabilities:Payees', { owner: 'carla' }), [
        { owner: 'carla', cents: -10_000n },
      ])
      assert.deepEqual(await readBalances(db, 'Liabilities:Tax'), [{ owner: 'FR', cents: -1000n }])
      assert.deepEqual(await readBalances(db, 'Assets:InTransit'), [{ owner: '', cents: -9000n }])

      const closed = await preparePayout(db, options)
      assert.deepEqual(closed.payments, 0)
      assert.equal(closed.notPaid.find(({ payee }) => payee === 'carla')?.reason, 'account-failed')
      await db.updateTable('levy_payee').set({ iban: 'DE02120300000000202051' }).where('id', '=', 'carla').execute()
      const elsewhere = await preparePayout(db, options)
      assert.deepEqual([elsewhere.payments, elsewhere.cents], [1, 7000n])
      await bookAnswer(
        db,
        await readCamt054([
          Buffer.from(
            camt054([
              {
                id: (
                  await db
                    .selectFrom('levy_payment')
                    .select('id')
                    .where('message', '=', elsewhere.message)
                    .executeTakeFirstOrThrow()
                ).id,
                cents: '70.00',
                reference: 'B5',
                reason: 'MS03',
              },
            ]),
          ),
        ]),
        start,
      )

      const statement = await stateAccount(db, 'carla', '2027-01-01', '2027-12-31')
      assert.deepEqual(
        [
          statement.openingCents,
          statement.netCents,
          statement.paymentsCents,
          statement.taxCents,
          statement.closingCents,
        ],
        [0n, 10_000n, 0n, 0n, 10_000n],
      )
      const ben = await stateAccount(db, 'ben', '2027-02-01', '2027-12-31')
      assert.deepEqual(
        [ben.openingCents, ben.paymentsCents, ben.taxCents, ben.closingCents],
        [10_000n, 9000n, 1000n, 0n],
      )
      await assert.rejects(stateAccount(db, 'nobody', '2027-01-01', '2027-12-31'), /nothing was ever booked/)
    })

    test('money whose owner nobody finds waits three years, a search and a vote', async () => {
      const db = await fresh()
      await distributed(db, { dora: 5000n })
      const rules = plan.distribution.unlocated
      const decision = { payee: 'dora', vote: 'GA 2027-1', to: 'Heritage' as const }
      const [clock] = await listUnlocated(db, rules, '2026-12-30')
      assert.deepEqual(
        [clock!.since, clock!.listedFrom, clock!.publicFrom, clock!.releasableFrom, clock!.releasableCents],
        ['2023-12-31', '2024-03-31', '2025-03-31', '2026-12-31', 0n],
      )
      await assert.rejects(releaseUnlocated(db, rules, decision, start), /nobody has searched/)
      await recordSearch(db, 'dora', 'Asked the union of composers', effects)
      await assert.rejects(releaseUnlocated(db, rules, decision, Date.parse('2026-12-30T00:00:00Z')), /2026-12-31/)
      assert.equal(await releaseUnlocated(db, rules, decision, start), 5000n)
      assert.deepEqual(await readBalances(db, 'Liabilities:Payees'), [])
      assert.deepEqual(await readBalances(db, 'Liabilities:Heritage'), [{ owner: '', cents: -5000n }])
      assert.deepEqual(await readBalances(db, 'Income:Administration'), [])
    })

    test('an assessment is never changed: an objection, a correction as a new one, the difference booked', async () => {
      const db = await fresh()
      const first = await issueAssessment(db, plan, facts('300000000000'), effects)
      await assert.rejects(issueAssessment(db, plan, facts('1'), effects), /has an assessment/)
      const objection = await object(db, first.id, 'The figure is that of the whole group', effects)
      await assert.rejects(object(db, first.id, 'again', effects), /open/)
      await decideObjection(db, objection, 'upheld', 'Shown by the accounts', effects)
      await assert.rejects(decideObjection(db, objection, 'rejected', 'no', effects), /decided before/)
      const second = await issueAssessment(
        db,
        plan,
        facts('200000000000'),
        { ...effects, now: () => start + DAY },
        { corrects: first.id },
      )
      assert.deepEqual([first.assessment.dueCents, second.assessment.dueCents], [4_000_000_000n, 2_500_000_000n])
      assert.deepEqual(await readBalances(db, 'Assets:Receivable'), [
        { owner: 'did:web:a.example', cents: 2_500_000_000n },
      ])
      await assert.rejects(issueAssessment(db, plan, facts('1'), effects, { corrects: first.id }), /has an assessment/)
      const kinds = (await Array.fromAsync(readEntries(db))).map(({ kind }) => kind)
      assert.deepEqual(kinds, ['assessment', 'correction'])
    })
  })
}

function facts(euRevenue: string) {
  return readFacts(
    {
      type: 'LevyFacts',
      provider: 'did:web:a.example',
      name: 'A',
      period: { from: '2027-01-01', to: '2027-12-31' },
      isCommercial: true,
      isOnEuMarket: true,
      models: [{ name: 'A-1', flop: '99999999999999999999999999', level: 'declared' }],
      figures: [
        { name: 'euRevenue', year: 2027, amount: euRevenue, level: 'declared' },
        { name: 'users', year: 2027, amount: '1', level: 'estimated' },
      ],
    },
    'facts',
  )
}

/** A notification of the bank: what was paid, and what came back with a reason. */
function camt054(entries: { id: string; cents: string; reference: string; reason?: string }[]): string {
  const entry = ({ id, cents, reference, reason }: (typeof entries)[number]) =>
    `<Ntry><Amt Ccy="EUR">${cents}</Amt><CdtDbtInd>${reason ? 'CRDT' : 'DBIT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2027-02-11</Dt></BookgDt><AcctSvcrRef>${reference}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${reason ? 'ICDT' : 'ICDT'}</Cd><SubFmlyCd>${reason ? 'RRTN' : 'ESCT'}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs><Amt Ccy="EUR">${cents}</Amt><CdtDbtInd>${reason ? 'CRDT' : 'DBIT'}</CdtDbtInd>${reason ? `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>` : ''}</TxDtls></NtryDtls></Ntry>`
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId><CreDtTm>2027-02-11T08:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1</Id><Acct><Id><IBAN>DE75512108001245126199</IBAN></Id></Acct>${entries.map(entry).join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { OpenDatabase } from '../src/foundation/index.ts'
import {
  bookEntries,
  bookRun,
  disburse,
  importPayees,
  interestOwed,
  issueAssessment,
  listUnlocated,
  preparePayout,
  readBalances,
  readFacts,
  readPlan,
  readPreset,
  receiptEntry,
  runDistribution,
  runEntry,
  stateAccount,
  writePayout,
  writeReport,
} from '../src/levy/index.ts'
import {
  makeStatement,
  newSigner,
  signStatement,
  appendStatement,
  type StatementSigner,
} from '../src/statements/index.ts'
import { assessmentEntry } from '../src/levy/fund/bookings.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'
import { openTestRegister, type TestRegister } from './support/testRegister.ts'

const postgres = startPostgres()
after(() => postgres.stop())
const folder = mkdtempSync(join(tmpdir(), 'colophon-fund-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const plan = { ...readPlan(readPreset('blank'), 'blank'), validFrom: '2020-01-01' }
const DEBTOR = { name: 'The Fund', iban: 'DE75512108001245126199', address: { town: 'Frankfurt', country: 'DE' } }
const [fund, stranger] = [newSigner(), newSigner()]
let made = 0

/** A run of 1000.00 EUR for one work of one payee, in a folder of its own. */
async function makeRun(period: { from: string; to: string }, payee = 'anna') {
  const own = join(folder, `run-${made++}`)
  const table = (name: string, text: string) => {
    writeFileSync(`${own}-${name}.csv`, `${text}\n`)
    return [`${own}-${name}.csv`]
  }
  const files = {
    works: table('works', 'work,sector\nw,music'),
    shares: table('shares', `work,payee,share\nw,${payee},10000`),
    uses: table('uses', 'work,uses\nw,1'),
    contributions: table('contributions', 'developer,cents\nd,100000'),
    institutions: table('institutions', 'institution,objects,accessible,open_licence,own_cost_cents\nm,1,0,0,0'),
  }
  const options = {
    plan,
    files,
    period,
    asOf: period.to,
    attributionConfidencePpm: 0,
    secret: new Uint8Array(32).fill(made),
    withAllocations: false,
  }
  return { folder: own, report: await runDistribution({ ...options, folder: own }) }
}

for (const { name, open } of testDatabases(postgres.url)) {
  describe(`what goes wrong with a fund, on ${name}`, () => {
    let database: OpenDatabase
    let node: TestRegister
    before(async () => {
      database = await open()
      node = await openTestRegister(database)
    })
    after(() => database.close())
    const at = () => new Date(node.clock.now).toISOString()
    const state = async (signer: StatementSigner, subject: object) => {
      const statement = signStatement(makeStatement(signer.issuer, [subject as never], node.register.effects), signer)
      await appendStatement(node.register, statement)
      return statement.id
    }
    const books = () => ({ kept: join(folder, `kept-${name}`), fund: undefined, now: node.clock.now })
    const owed = async (payee: string) =>
      -((await readBalances(database.db, 'Liabilities:Payees', { owner: payee }))[0]?.cents ?? 0n)

    test('a stranger’s statement takes nothing back, and a chain of corrections ends with one run booked', async () => {
      const { db } = database
      await state(fund, plan)
      await state(stranger, plan)
      const due = assessmentEntry({ id: 'x', provider: 'd', scheme: 'blank', cents: 400_000n }, '2021-01-01')
      await bookEntries(db, [due, receiptEntry('d', 400_000n, 'R1', '2021-01-02')], at())
      const a = await makeRun({ from: '2021-01-01', to: '2021-12-31' })
      const idA = await state(fund, { type: 'LevyRun', report: a.report })
      await bookRun(db, a.folder, books())
      const first = await owed('anna')
      assert.ok(first > 0n)
      // The stranger publishes the next run as a correction of the one that is booked.
      const next = await makeRun({ from: '2022-01-01', to: '2022-12-31' }, 'ben')
      const theirs = await state(stranger, { type: 'LevyRun', report: a.report })
      const copied = { ...next.report, period: { from: '2021-01-01', to: '2022-12-31' } }
      await state(stranger, { type: 'LevyRun', report: copied, corrects: theirs })
      await assert.rejects(bookRun(db, next.folder, books()), /not on the log/)
      await state(fund, { type: 'LevyRun', report: next.report })
      await bookRun(db, next.folder, books())
      assert.equal(await owed('anna'), first)
      // B corrects A and is never booked; C corrects B.
      const b = await makeRun({ from: '2021-01-01', to: '2021-12-31' }, 'carla')
      const idB = await state(fund, { type: 'LevyRun', report: b.report, corrects: idA })
      const c = await makeRun({ from: '2021-01-01', to: '2021-12-31' }, 'dora')
      await state(fund, { type: 'LevyRun', report: c.report, corrects: idB })
      await assert.rejects(bookRun(db, b.folder, books()), /was corrected by another/)
      await bookRun(db, c.folder, books())
      assert.deepEqual([await owed('anna'), await owed('carla'), await owed('dora')], [0n, 0n, first])
      const report = await writeReport(db, 2021, plan, fund.issuer)
      const later = await writeReport(db, Number(at().slice(0, 4)), plan, fund.issuer)
      assert.equal(report.administrationCents + later.administrationCents, 2n * BigInt(c.report.feeCents))
    })

    test('two payments at once pay once', async () => {
      const { db } = database
      writeFileSync(
        join(folder, 'p.csv'),
        'payee,name,iban\ndora,Dora,DE89370400440532013000\nben,Ben,DE02120300000000202051\n',
      )
      await importPayees(db, join(folder, 'p.csv'), at())
      const options = {
        rules: { minimumPayoutCents: 1, withholding: [] },
        debtor: DEBTOR,
        executionDate: '2030-01-02',
        now: node.clock.now,
      }
      const before = (await owed('dora')) + (await owed('ben'))
      const payouts = await Promise.all([
        preparePayout(db, options),
        preparePayout(db, options),
        preparePayout(db, options),
      ])
      assert.equal(
        payouts.reduce((sum, { cents }) => sum + cents, 0n),
        before,
      )
      assert.deepEqual([await owed('dora'), await owed('ben')], [0n, 0n])
      const { message } = payouts.find(({ payments }) => payments > 0)!
      await db
        .updateTable('levy_payment')
        .set({ creditor: JSON.stringify({ name: 'Mallory', iban: 'NL91ABNA0417164300' }) })
        .where('payee', '=', 'ben')
        .execute()
      await assert.rejects(writePayout(db, message, join(folder, 'x.xml'), 'x'), /not those that were booked/)
    })

    test('who follows somebody is paid; whoever is followed is not lost', async () => {
      const { db } = database
      writeFileSync(
        join(folder, 'q.csv'),
        'payee,name,status,successor,iban\nold,Old,deceased,heir,\nheir,Heir,located,,DE89370400440532013000\n',
      )
      await importPayees(db, join(folder, 'q.csv'), at())
      const run = {
        root: 'cd'.repeat(32),
        scheme: 'other',
        grossCents: 5000n,
        currency: 'EUR',
        period: { from: '2015-01-01', to: '2015-12-31' },
      }
      await bookEntries(
        db,
        [runEntry(run, [{ account: 'Liabilities:Payees', owner: 'old', cents: 5000n }], '2016-01-10')],
        at(),
      )
      assert.deepEqual(
        (await listUnlocated(db, plan.distribution.unlocated, '2030-01-01')).filter(({ payee }) => payee === 'old'),
        [],
      )
      const options = {
        rules: { minimumPayoutCents: 1, withholding: [] },
        debtor: DEBTOR,
        executionDate: '2030-01-02',
        now: node.clock.now,
      }
      const { cents } = await preparePayout(db, options)
      assert.equal(cents, 5000n)
      const statement = await stateAccount(db, 'old', '2015-01-01', '2099-12-31')
      assert.deepEqual([statement.paymentsCents, statement.closingCents], [0n, 0n])
    })

    test('what the fund holds for a purpose has a way out, once for a vote', async () => {
      const { db } = database
      const [reserve] = await readBalances(db, 'Liabilities:Reserve')
      const decision = { from: 'Reserve' as const, owner: '', payee: 'heir', cents: 100n, vote: 'GA 1' }
      await assert.rejects(disburse(db, { ...decision, cents: 10n ** 12n }, node.clock.now), /are asked for/)
      assert.deepEqual(
        [await disburse(db, decision, node.clock.now), await disburse(db, decision, node.clock.now)],
        [1, 0],
      )
      assert.equal((await readBalances(db, 'Liabilities:Reserve'))[0]!.cents, reserve!.cents + 100n)
      assert.equal((await stateAccount(db, 'heir', '2015-01-01', '2099-12-31')).netReservesCents, 100n)
    })

    test('half a year owes half, by the version that is in force, and interest is owed on what was late, once', async () => {
      const { db } = database
      const facts = (from: string, to: string) =>
        readFacts(
          {
            type: 'LevyFacts',
            provider: 'did:web:late.example',
            name: 'Late',
            period: { from, to },
            isCommercial: true,
            isOnEuMarket: true,
            models: [{ name: 'm', flop: '99999999999999999999999999', level: 'declared' }],
            figures: [
              { name: 'euRevenue', year: 2023, amount: '100000000', level: 'declared' },
              { name: 'users', year: 2023, amount: '1', level: 'declared' },
            ],
          },
          'facts',
        )
      const half = await issueAssessment(db, plan, facts('2023-01-01', '2023-06-30'), node.register.effects)
      assert.equal(half.assessment.dueCents, (1_000_000n * 181n * 2n + 365n) / 730n)
      const whole = facts('2023-01-01', '2023-12-31')
      await state(fund, { ...plan, version: 2, validFrom: '2023-10-01' })
      const other = await issueAssessment(db, plan, facts('2023-07-01', '2023-12-31'), node.register.effects)
      assert.equal(other.assessment.dueCents, (1_000_000n * 92n * 2n + 365n) / 730n)
      await assert.rejects(
        issueAssessment(db, plan, whole, node.register.effects, { corrects: half.id }),
        /has an assessment/,
      )
      const { dueOn } = half.assessment.instalments[0]!
      const day = (days: number) => new Date(Date.parse(dueOn) + days * 86_400_000).toISOString().slice(0, 10)
      const rates = [{ from: '2020-01-01', ppm: 20_000 }]
      await bookEntries(
        db,
        [
          receiptEntry('did:web:late.example', 400_000n, 'L1', day(-1)),
          receiptEntry('did:web:late.example', 100_000n, 'L2', day(73)),
        ],
        at(),
      )
      const owedThen = await interestOwed(db, half.id, plan, day(365), rates)
      const late = half.assessment.dueCents - 400_000n
      // 10 % of what came 73 days late, a fifth of a year, and the fixed sum once.
      assert.equal(owedThen.totalCents, (late * 73n * 100_000n * 2n + 365_000_000n) / 730_000_000n + 4000n)
      assert.equal((await interestOwed(db, half.id, plan, day(-1), rates)).totalCents, 0n)
    })
  })
}

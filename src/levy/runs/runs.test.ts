import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { withDuckDb, literal } from '../../datasets/index.ts'
import { readPlan, readPreset } from '../plans/readPlan.ts'
import { orderPayees } from './order.ts'
import { openTree, proveLines, verifyLine, type RunLine } from './commit.ts'
import type { RunFiles } from './inputs.ts'
import { readLines } from './bookRun.ts'
import { computeRun, runDistribution, type RunOptions } from './runDistribution.ts'

const folder = mkdtempSync(join(tmpdir(), 'colophon-run-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const TABLES = {
  works: 'work,sector\nw1,music\nw2,music\n"w,3",press',
  shares:
    'work,payee,share,from,until\nw1,anna,5000,,\nw1,ben,5000,,2027-06-30\nw1,carl,5000,2027-07-01,\nw2,anna,10000,,\n"w,3","dora ""d""",7000,,\n"w,3",ben,7000,,',
  uses: 'work,uses,developer,evidence,measure,line\nw1,100,d1,reported,use,1\nw2,50,d1,listed,use,2\n"w,3",7,d2,,,3',
  contributions: 'developer,cents\nd1,1000001\nd2,333333\nd1,1',
  payees: 'payee,status,successor\nanna,,\nben,,\ncarl,deceased,anna\n"dora ""d""",unlocated,',
  institutions: 'institution,objects,accessible,open_licence,own_cost_cents\nm,10,3,2,500\na,20,1,0,0',
}
const plan = readPlan(readPreset('blank'), 'blank')
let made = 0

/** A run of the tables above, some of them replaced. */
function options(changes: Partial<typeof TABLES> = {}, more: Partial<RunOptions> = {}): RunOptions {
  const own = join(folder, String(made++))
  mkdirSync(own)
  const files = Object.fromEntries(
    Object.entries({ ...TABLES, ...changes }).map(([name, text]) => {
      writeFileSync(join(own, `${name}.csv`), `${text}\n`)
      return [name, [join(own, `${name}.csv`)]]
    }),
  ) as unknown as RunFiles
  return {
    plan,
    files,
    period: { from: '2027-01-01', to: '2027-12-31' },
    asOf: '2027-12-31',
    attributionConfidencePpm: 1_000_000,
    secret: new Uint8Array(32).fill(7),
    withAllocations: true,
    folder: join(own, 'run'),
    ...more,
  }
}

const linesIn = async (run: RunOptions) => {
  const report = await runDistribution(run)
  return {
    report,
    lines: Object.fromEntries(
      (await readLines(run.folder)).map(({ account, owner, cents }) => [`${account} ${owner}`.trim(), cents]),
    ),
  }
}

test('a run is written whole, adds up, and the same tables in another order give the same root', async () => {
  const run = options()
  const { report, lines } = await linesIn(run)
  assert.equal(
    Object.values(lines).reduce((a, b) => a + b, 0n),
    1_333_335n,
  )
  assert.equal(report.grossCents, '1333335')
  // The second half of w1 is Carl's, who died: Anna follows him. Ben's share of it ended in June.
  assert.equal(lines['Liabilities:Payees carl'], undefined)
  assert.ok(lines['Liabilities:Payees dora "d"']! > 0n)
  assert.ok(lines['Liabilities:Held over-claimed']! > 0n)
  const turned = Object.fromEntries(
    Object.entries(TABLES).map(([name, text]) => {
      const [head, ...rows] = text.split('\n')
      return [name, [head, ...rows.toReversed()].join('\n')]
    }),
  )
  const again = await linesIn(options(turned))
  assert.equal(again.report.root, report.root)
  assert.deepEqual(
    readFileSync(join(run.folder, 'lines.csv')),
    readFileSync(join(run.folder, '..', 'run', 'lines.csv')),
  )
  const allocations = readFileSync(join(run.folder, 'allocations.csv'), 'utf8').trim().split('\n').slice(1)
  const allocated = allocations.reduce((sum, line) => sum + BigInt(line.slice(line.lastIndexOf(',') + 1)), 0n)
  const payees = Object.entries(lines).filter(([name]) => name.startsWith('Liabilities:Payees'))
  assert.equal(
    allocated,
    payees.reduce((sum, [, cents]) => sum + cents, 0n),
  )
})

test('shares count on their day', async () => {
  const june = await linesIn(options({}, { asOf: '2027-06-30' }))
  const july = await linesIn(options({}, { asOf: '2027-07-01' }))
  assert.ok(june.lines['Liabilities:Payees ben']! > july.lines['Liabilities:Payees ben']!)
})

const refused: [string, Partial<typeof TABLES>, RegExp][] = [
  [
    'a negative use',
    { uses: 'work,uses\nw1,3\nw1,-1' },
    /uses is not a whole number.*row 2: w1, -1|uses is not a whole number.*row 2/s,
  ],
  ['NaN', { uses: 'work,uses\nw1,NaN' }, /uses is not a whole number.*row 1/s],
  ['a fraction', { uses: 'work,uses\nw1,1.5' }, /uses is not a whole number/],
  ['a number that overflows', { uses: 'work,uses\nw1,9999999999999999' }, /uses is not a whole number/],
  ['weights that overflow', { uses: `work,uses\n${'w1,999999999999999\n'.repeat(1300)}` }, /exceed 2\^60/],
  ['an unknown payee', { shares: 'work,payee,share\nw1,nobody,10000' }, /payee is not known.*row 1/s],
  [
    'an unknown work in the shares',
    { shares: 'work,payee,share\nw9,anna,10000' },
    /shares: the work is not known.*row 1/s,
  ],
  ['an unknown work in the uses', { uses: 'work,uses\nw1,1\nw9,1' }, /uses: the work is not known.*row 2/s],
  ['a use that is told twice', { uses: 'work,uses,line\nw1,1,a\nw1,1,b\nw1,1,a' }, /line stands there twice.*row 1/s],
  ['a work twice', { works: 'work,sector\nw1,music\nw1,press' }, /work stands there twice/],
  [
    'a payee twice in one work',
    { shares: 'work,payee,share\nw1,anna,5000\nw1,anna,5000' },
    /two shares at the same time.*rows 1, 2/s,
  ],
  ['a share above the whole', { shares: 'work,payee,share\nw1,anna,10001' }, /exceeds 10000.*row 1/s],
  [
    'somebody who died and whom nobody follows',
    { payees: 'payee,status,successor\nanna,deceased,\nben,,\ncarl,,\n"dora ""d""",,' },
    /died or merged, and nobody follows.*row 1/s,
  ],
  [
    'a successor who died, too',
    { payees: 'payee,status,successor\nanna,deceased,\nben,,\ncarl,deceased,anna\n"dora ""d""",,' },
    /nobody follows|died or merged, too/,
  ],
  [
    'more open objects than there are',
    { institutions: 'institution,objects,accessible,open_licence,own_cost_cents\nm,1,2,0,0' },
    /more objects are accessible/,
  ],
  ['a kind of evidence that is none', { uses: 'work,uses,evidence\nw1,1,guessed' }, /evidence is none of/],
  [
    'a work whose identifier has a wrong check digit',
    { works: 'work,sector\nw1,music\niswc:T0345246802,music' },
    /works: the iswc has the check digit 2 where 1 is expected.*row 2/s,
  ],
  [
    'another spelling of an identifier',
    { works: 'work,sector\nw1,music\nISWC:T-034.524.680-1,music' },
    /id is written iswc:T0345246801.*row 2/s,
  ],
  ['a payee whose IPI is none', { payees: 'payee\nanna\nipi:123' }, /payees: the ipi .*row 2/s],
  ['a missing column', { shares: 'work,payee\nw1,anna' }, /shares have no column share/],
]

for (const [what, changes, message] of refused) {
  test(`${what} is refused with the row and the reason, and nothing is left behind`, async () => {
    const run = options(changes)
    await assert.rejects(runDistribution(run), (error: Error & { where?: string }) => {
      assert.match(`${error.message} ${error.where}`, message)
      return true
    })
    assert.equal(existsSync(run.folder), false)
  })
}

test('shares that do not sum are held or refused, as the plan says', async () => {
  const strict = structuredClone(plan)
  strict.distribution.rightsholders.claims = { over: 'refuse', under: 'hold' }
  await assert.rejects(runDistribution(options({}, { plan: strict })), /sum to 14000, not to 10000/)
})

test('the same file twice, and a run that is there, are refused', async () => {
  const run = options()
  run.files.uses.push(run.files.uses[0]!)
  await assert.rejects(runDistribution(run), /the same uses are given twice/)
  const first = options()
  await runDistribution(first)
  await assert.rejects(runDistribution(first), /there already/)
})

test('ids as numbers that lie together, and as texts, give the same cents', async () => {
  const works = Array.from({ length: 40 }, (_, i) => [i * 3, i % 3 === 0 ? 'press' : 'music'])
  const shares = works.map(([work]) => `${work},${Number(work) % 7},10000`)
  const uses = works.map(([work], i) => `${work},${i * 13}`)
  const changes = {
    works: `work,sector\n${works.join('\n')}`,
    shares: `work,payee,share\n${shares.join('\n')}`,
    uses: `work,uses\n${uses.join('\n')}`,
  }
  const texts = options(changes)
  delete texts.files.payees
  const numbers = structuredClone({ ...texts, secret: texts.secret })
  await withDuckDb(async (connection) => {
    for (const name of ['works', 'shares', 'uses'] as const) {
      const path = join(texts.folder, '..', `${name}.parquet`)
      await connection.run(
        `COPY (SELECT * FROM read_csv(${literal(texts.files[name][0]!)})) TO ${literal(path)} (FORMAT parquet)`,
      )
      numbers.files[name] = [path]
    }
  })
  const cents = async (run: RunOptions) =>
    computeRun(run, async ({ connection, result }) => {
      await orderPayees(connection)
      const ids = (
        await connection.runAndReadAll('SELECT CAST(payee AS VARCHAR) FROM ordered_payees ORDER BY rowid')
      ).getColumns()[0]!
      return new Map(ids.map((id, i) => [id, result.rightsholders!.payees[i]]))
    })
  const [a, b] = [await cents(texts), await cents(numbers)]
  // Ties go to the smaller id, and texts sort otherwise than numbers: a cent may differ there.
  for (const [id, each] of a) assert.ok(Math.abs(each! - b.get(id)!) <= 7, String(id))
  assert.equal(
    [...a.values()].reduce((x, y) => x! + y!, 0),
    [...b.values()].reduce((x, y) => x! + y!, 0),
  )
})

test('every line is proved against the root, and nothing else is', async () => {
  const line = fc.record({ account: fc.constantFrom('A', 'B'), owner: fc.string(), cents: fc.bigInt(1n, 10n ** 12n) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      async (lines: RunLine[], pick, secret) => {
        const tree = openTree(secret)
        for (const each of lines) tree.add(each)
        const root = tree.root()
        const { owner } = lines[pick % lines.length]!
        const proofs = await proveLines(lines, secret, owner)
        assert.equal(proofs.length, lines.filter((each) => each.owner === owner).length)
        for (const proof of proofs) {
          assert.ok(verifyLine(proof, root))
          assert.ok(!verifyLine({ ...proof, line: { ...proof.line, cents: `${proof.line.cents}0` } }, root))
          assert.ok(!verifyLine({ ...proof, salt: '00'.repeat(16) }, root))
          assert.ok(!verifyLine(proof, '0'.repeat(64)))
        }
      },
    ),
    { numRuns: 60 },
  )
  for (const hostile of [{}, { line: null }, { line: { cents: 'x' }, path: 'abc' }])
    assert.equal(verifyLine(hostile as never, 'ab'), false)
})

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import { readConfig, systemEffects, type ColophonError } from '../src/foundation/index.ts'
import { parseVkey } from '../src/log/index.ts'
import { openNode, type Node } from '../src/main.ts'
import {
  accountRequestReader,
  deleteAccount,
  exportAccount,
  planDeletion,
  signAccountRequest,
  type CaseKey,
} from '../src/operations/index.ts'
import { letterText, letterOf, openCase, readCase } from '../src/requests/index.ts'
import {
  appendStatement,
  findStatementAt,
  makeStatement,
  newSigner,
  replayLog,
  signStatement,
  verifyReceipt,
  verifyStatement,
  type Statement,
  type StatementSigner,
} from '../src/statements/index.ts'
import { caseInput } from './support/caseInput.ts'
import { createWeb, speak } from '../src/web/index.ts'
import { openCommandLine } from './support/commandLine.ts'
import { startPostgres, testDatabases } from './support/testDatabases.ts'

const SECRET = 'A title that nobody may read'
let postgres: ReturnType<typeof startPostgres>
before(() => (postgres = startPostgres()))
after(() => postgres.stop())

function state(node: Node, signer: StatementSigner, subjects: Statement['credentialSubject'], isSealed = false) {
  const statement = signStatement(makeStatement(signer.issuer, subjects, systemEffects), signer)
  return appendStatement(node.register, statement, { isSealed })
}

const work = (title: string, more: object = {}) => ({
  type: 'Work',
  id: `urn:uuid:${crypto.randomUUID()}`,
  role: 'creator',
  title,
  medium: 'text',
  ...more,
})

async function openCaseOf(node: Node): Promise<CaseKey> {
  const hit = {
    dataset: 'set-1',
    datasetName: 'Set',
    rowCodes: { sha256: null, pdq: null },
    datasetVersion: '1',
    row: 7,
    match: 'exact-file',
    measure: 0,
    status: 'exact',
    url: 'https://example.org/maria.jpg',
  }
  const { id, accessKey } = await openCase(
    node.register,
    node.signer,
    { ...caseInput, workTitle: SECRET },
    { hit: hit as never, row: { caption: SECRET }, codes: {}, foundAt: '2026-11-24T12:00:00.000Z' },
  )
  return { id, key: accessKey }
}

/** A node with somebody's public and sealed works, one that a representative declared, and a case. */
async function openAccount(databaseUrl: string | undefined) {
  const dataDir = mkdtempSync(join(tmpdir(), 'colophon-account-'))
  const node = await openNode({ ...readConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'http://localhost' }), databaseUrl })
  const [maria, agent, other] = [newSigner(), newSigner(), newSigner()]
  const shown = await state(node, maria, [
    { type: 'Party', id: maria.issuer, kind: 'person', name: 'Maria Muster', keys: [] },
    work('Harbour'),
  ])
  const sealed = await state(node, maria, [work(SECRET, { access: 'unpublished' })], true)
  const mandate = {
    type: 'Mandate',
    representative: agent.issuer,
    powers: ['declare'],
    validFrom: '2020-01-01T00:00:00Z',
  }
  await state(node, maria, [mandate])
  const agents = await state(node, agent, [work('By an agent', { onBehalfOf: maria.issuer })])
  const creators = [{ party: maria.issuer, role: 'author', share: 10_000 }]
  const others = await state(node, other, [work('By another', { creators })])
  await state(node, other, [work('Another’s secret', { creators, access: 'unpublished' })], true)
  const found = await openCaseOf(node)
  const { db } = node.register.database
  const party = maria.issuer
  await db
    .insertInto('watch_kept')
    .values({
      work: 'urn:uuid:1',
      party,
      codes: Buffer.from(SECRET),
      seen: '',
      recorded_at: '2026-11-28T00:00:00.000Z',
    })
    .execute()
  await db
    .insertInto('watch_subscription')
    .values({ id: 'one', party, url: 'https://maria.example/', secret: SECRET, told_run: 0n, failures: 0n })
    .execute()
  return { node, dataDir, maria, other, shown, sealed, agents, others, found }
}

const refusal = (code: string) => (error: ColophonError) => {
  assert.equal(error.code, code, error.message)
  return true
}

for (const { name, open } of testDatabases('')) {
  test(`${name}: whoever holds the key gets everything; deletion erases what it says, and its receipt lists both`, async () => {
    const isPostgres = name === 'PostgreSQL'
    if (isPostgres) await (await testDatabases(postgres.url)[1]!.open()).close()
    else await (await open()).close()
    const account = await openAccount(isPostgres ? postgres.url : undefined)
    const { node, dataDir, maria, shown, sealed, agents, others, found } = account
    try {
      const log = node.register.log.origin
      const asked = { party: maria.issuer, cases: [found], agreed: undefined }
      const files = unzipSync(await exportAccount(node, asked, speak))
      const text = (path: string) => strFromU8(files[path]!)
      for (const { logIndex } of [shown, sealed, agents])
        assert.ok(files[`statements/${logIndex}.json`], String(logIndex))
      assert.deepEqual(
        Object.keys(files).filter((path) => path.startsWith('about/')),
        [`about/${others.logIndex}.json`],
      )
      const seal = JSON.parse(text(`statements/${sealed.logIndex}.seal.json`)) as { salt: string; body: string }
      const verdict = verifyReceipt(
        text(`statements/${sealed.logIndex}.tlog-proof`),
        { log: parseVkey(node.register.log.vkey) },
        { salt: Buffer.from(seal.salt, 'hex'), body: seal.body },
      )
      assert.ok(verdict.isSound && JSON.stringify(verdict.statement).includes(SECRET))
      assert.match(text(`cases/${found.id}.json`), /maria@example\.org/)
      assert.match(text('account.json'), /maria\.example[^]*worksWithKeptCodes[^]*urn:uuid:1/)
      assert.ok(!text('account.json').includes(SECRET), 'the secret of a webhook was shown once')
      assert.match(text(`cases/${found.id}.letter.txt`), /Maria Muster/)
      assert.ok(!Object.values(files).some((bytes) => strFromU8(bytes).includes('Another’s secret')))

      const { plan, agreed } = await planDeletion(node, asked)
      assert.deepEqual(plan.erases, {
        sealed: [{ id: sealed.statement.id, logIndex: sealed.logIndex }],
        cases: [found.id],
      })
      assert.equal(plan.stays.statements.length, 3)
      await assert.rejects(deleteAccount(node, asked), refusal('confirmation_required'))
      await state(node, maria, [work('One more')])
      await assert.rejects(deleteAccount(node, { ...asked, agreed }), refusal('confirmation_required'))

      const again = await planDeletion(node, asked)
      const [receipt, ...meanwhile] = await Promise.all([
        deleteAccount(node, { ...asked, agreed: again.agreed }),
        ...Array.from({ length: 30 }, (_, i) => state(node, account.other, [work(`Meanwhile ${i}`)])),
      ])
      for (const { logIndex } of meanwhile)
        assert.equal((await findStatementAt(node.register.database.db, logIndex))?.outcome, 'accepted')
      if (!isPostgres) holdsNothingOf(dataDir)
      assert.equal(verifyStatement(receipt).didKey, node.signer.didKey)
      const [subject] = receipt.credentialSubject as unknown as [Record<string, unknown>]
      assert.deepEqual([subject.erases, subject.stays], [again.plan.erases, again.plan.stays])
      assert.equal(subject.log, log)
      await isGone(node, account)
      await replayLog(node.register)
      await isGone(node, account)
      const left = await planDeletion(node, { ...asked, cases: [] })
      assert.deepEqual(left.plan.erases, { sealed: [], cases: [] })
      assert.match(readFileSync(join(dataDir, 'audit.jsonl'), 'utf8'), /"action":"account delete"/)
    } finally {
      await node.close()
      if (!isPostgres) holdsNothingOf(dataDir)
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
}

async function isGone(node: Node, { found, sealed, shown }: Awaited<ReturnType<typeof openAccount>>): Promise<void> {
  const web = createWeb(node)
  await assert.rejects(readCase(node.register, found.id, found.key), refusal('not_found'))
  const { db } = node.register.database
  const left = await db.selectFrom('request_case').selectAll().where('id', '=', found.id).executeTakeFirstOrThrow()
  const kept = JSON.stringify(left, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  assert.doesNotMatch(kept, /Maria|maria|nobody may read/)
  assert.doesNotThrow(() => letterText(letterOf(left, []), speak), 'whoever goes through all cases meets no broken one')
  assert.equal((await web.request(`/api/statements/${encodeURIComponent(shown.statement.id)}`)).status, 200)
  const row = await db
    .selectFrom('statement')
    .selectAll()
    .where('log_index', '=', BigInt(sealed.logIndex))
    .executeTakeFirst()
  assert.deepEqual([row!.outcome, row!.body], ['erased', null])
  assert.equal(await db.selectFrom('work').selectAll().where('title', '=', SECRET).executeTakeFirst(), undefined)
  for (const table of ['watch_kept', 'watch_subscription', 'request_work'] as const)
    assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table)
}

/** No file of the data directory holds the words any more: not in free pages, not in what is written ahead. */
function holdsNothingOf(dataDir: string): void {
  let files = 0
  for (const path of readdirSync(dataDir, { recursive: true }).map((name) => join(dataDir, String(name)))) {
    if (!statSync(path).isFile()) continue
    files++
    assert.ok(!readFileSync(path).includes(SECRET), path)
  }
  assert.ok(files > 5)
}

test('a request counts only when a key of the party signed it for this, now, here, and once', async () => {
  const { node, dataDir, maria, other } = await openAccount(undefined)
  try {
    const web = createWeb(node)
    const log = node.register.log.origin
    const post = async (path: string, body: object) => {
      const response = await web.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return response.status
    }
    const sign = (signer: StatementSigner, more: object = {}, now = Date.now()) =>
      signAccountRequest(signer, { action: 'export', log, cases: [], ...more }, { ...systemEffects, now: () => now })
    const sound = sign(maria)
    assert.equal(await post('/api/accounts/export', sound), 200)
    assert.equal(await post('/api/accounts/export', sound), 403, 'a second time')
    assert.equal(await post('/api/accounts/delete', sign(maria)), 403, 'for something else')
    assert.equal(await post('/api/accounts/export', sign(maria, { log: 'log.example/other' })), 403, 'for another node')
    assert.equal(await post('/api/accounts/export', sign(maria, {}, Date.now() - 3_600_000)), 403, 'long ago')
    assert.equal(
      await post('/api/accounts/export', sign({ ...other, issuer: 'did:web:example.org' })),
      403,
      'for another',
    )
    assert.equal(await post('/api/accounts/export', { ...sign(maria), issuer: other.issuer }), 400)
    assert.equal(await post('/api/accounts/export', sign(maria, { more: 1 })), 400)
    assert.equal(await post('/api/statements', sign(maria)), 400, 'and it never stands on the log')
    await state(node, maria, [{ type: 'Revocation', target: maria.issuer, effectiveFrom: new Date().toISOString() }])
    const reader = accountRequestReader(node.register)
    await assert.rejects(reader(sign(maria), 'export'), refusal('not_authorised'), 'a key that was revoked')
    const stranger = unzipSync(await exportAccount(node, await reader(sign(newSigner()), 'export'), speak))
    assert.deepEqual(Object.keys(stranger), ['README.txt'])
  } finally {
    await node.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})

test('on the command line: what goes and what stays is said first, and nothing is erased without a yes', async () => {
  const commands = openCommandLine()
  const { json, run, directory } = commands
  try {
    writeFileSync(join(directory, 'poem.txt'), 'A poem that is long enough to be declared here.')
    await json('declare', 'poem.txt', '--key', 'k.pem', '--creator', 'Maria Muster', '--sealed')
    const erase = ['account', 'delete', '--key', 'k.pem', '-o', 'receipt.json']
    await commands.whileServing(async () => {
      await json('account', 'export', '--key', 'k.pem', '-o', 'mine.zip')
      const files = unzipSync(readFileSync(join(directory, 'mine.zip')))
      assert.ok(Object.keys(files).some((path) => path.endsWith('.seal.json')))
      const asked = await run(...erase)
      assert.equal(asked.status, 1)
      assert.match(asked.errors, /Is erased here: 1 sealed statements[^]*Stays on the public log/)
      assert.match(asked.output, /Nothing was erased/)
    })
    assert.equal((await json<{ isErased: boolean }>(...erase, '--yes')).isErased, true)
    const receipt = JSON.parse(readFileSync(join(directory, 'receipt.json'), 'utf8')) as Statement
    assert.equal((receipt.credentialSubject[0] as { type: string }).type, 'AccountDeletion')
    assert.match((await run(...erase, '--yes')).errors, /there is a file of this name/)
    assert.match((await run('account', 'export', '--key', 'none.pem', '-o', 'x.zip')).errors, /give --key/)
    assert.equal((await json<{ lines: number }>('audit', 'verify')).lines, 1)
  } finally {
    commands.close()
  }
})

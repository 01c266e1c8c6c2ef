import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { sql } from 'kysely'
import { ColophonError, openDatabase, readConfig, schemaTables, systemEffects } from '../src/foundation/index.ts'
import { verifyLog, directoryFiles, parseCheckpoint, parseVkey } from '../src/log/index.ts'
import { openNode, type Node } from '../src/main.ts'
import { makeBackup, restoreBackup } from '../src/operations/index.ts'
import { snapshotDatabase } from '../src/operations/backup/snapshotDatabase.ts'
import { tarHeader } from '../src/operations/backup/tar.ts'
import { openCase } from '../src/requests/index.ts'
import {
  appendStatement,
  findStatementAt,
  makeReceipt,
  makeStatement,
  newSigner,
  replayLog,
  signStatement,
  verifyReceipt,
} from '../src/statements/index.ts'
import { createWeb } from '../src/web/index.ts'
import { openCommandLine } from './support/commandLine.ts'
import { startPostgres } from './support/testDatabases.ts'
import { caseInput } from './support/caseInput.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-backup-'))
const at = (name: string) => join(directory, name)
const options = { withKeys: true, withDatasets: true }
const signer = newSigner()
let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: true })))
after(async () => {
  await served.stop()
  rmSync(directory, { recursive: true, force: true })
})

function declared(title: string) {
  const subject = {
    type: 'Work',
    id: `urn:uuid:${crypto.randomUUID()}`,
    title,
    medium: 'text',
    role: 'creator',
    creators: [{ party: signer.issuer, role: 'author', share: 10_000 }],
  }
  return signStatement(makeStatement(signer.issuer, [subject], systemEffects), signer)
}

const declare = (node: Node, title: string, isSealed = false) =>
  appendStatement(node.register, declared(title), { isSealed })

/** Every row of every table, in an order of its own. */
async function rowsOf({ register }: Node): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const table of schemaTables()) {
    const { rows } = await sql<object>`SELECT * FROM ${sql.table(table)}`.execute(register.database.db)
    const text = (value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : typeof value === 'bigint' ? `${value}n` : value
    found[table] = rows
      .map((row) =>
        JSON.stringify(
          Object.entries(row)
            .sort()
            .map(([name, value]) => [name, text(value)]),
        ),
      )
      .sort()
  }
  return found
}

async function openCaseOf(node: Node): Promise<{ id: string; accessKey: string }> {
  const [set] = node.datasets.list()
  const hit = {
    dataset: set!.id,
    datasetName: set!.name,
    rowCodes: { sha256: null, pdq: null },
    datasetVersion: set!.version,
    row: 0,
    match: 'exact-file',
    measure: 0,
    status: 'exact',
    url: null,
    text: null,
  }
  return openCase(node.register, node.signer, caseInput, {
    hit: hit as never,
    row: null,
    codes: {},
    foundAt: '2026-11-24T12:00:00.000Z',
  })
}

test('a node that is written to is saved, and goes on elsewhere with the same pages, receipts and tables', async () => {
  const { node } = served
  const { id, accessKey } = await openCaseOf(node)
  const sealed = await declare(node, 'A sealed work', true)
  let isWriting = true
  const writing = (async () => {
    for (let i = 0; isWriting; i++) await declare(node, `Work ${i}`, i % 3 === 0)
  })()
  const made = await makeBackup(node, at('running.tar.zst'), options)
  isWriting = false
  await writing
  assert.ok(made.logSize > 0 && made.logSize < node.register.log.size, 'it was written to meanwhile')
  assert.equal(statSync(at('running.tar.zst')).mode & 0o777, 0o600)

  const restored = await restoreBackup(at('running.tar.zst'), at('elsewhere'), { manifestSha256: made.manifestSha256 })
  assert.equal(restored.logSize, made.logSize)
  const other = await openNode(readConfig({ DATA_DIR: at('elsewhere'), PUBLIC_URL: 'http://localhost' }))
  try {
    assert.equal(other.register.log.size, made.logSize)
    const [webHere, webThere] = [createWeb(node), createWeb(other)]
    for (const path of [
      '/about',
      '/datasets',
      `/receipts/${sealed.logIndex}`,
      `/requests/${id}?key=${accessKey}`,
      `/requests/${id}/letter.txt?key=${accessKey}`,
    ]) {
      const [here, there] = [await webHere.request(path), await webThere.request(path)]
      assert.deepEqual([here.status, there.status], [200, 200], path)
      assert.equal(await there.text(), await here.text(), path)
    }
    const verdict = verifyReceipt(await makeReceipt(other.register, sealed.logIndex), {
      log: parseVkey(node.register.log.vkey),
    })
    assert.ok(verdict.isSound)
    const files = directoryFiles(at('elsewhere/log'))
    assert.ok((await verifyLog((path) => files.read(path), { log: parseVkey(node.register.log.vkey) })).isSound)
    const [set] = other.datasets.list()
    assert.deepEqual(await other.datasets.readRow(set!.id, 0), await node.datasets.readRow(set!.id, 0))

    const rows = await rowsOf(other)
    assert.ok(
      rows.statement!.every((row) => !row.includes('"erased"')),
      'every sealed body came along',
    )
    await replayLog(other.register)
    assert.deepEqual(await rowsOf(other), rows)
    await declare(other, 'It goes on')
    assert.equal(other.register.log.size, made.logSize + 1)
  } finally {
    await other.close()
  }
})

test('without keys and data sets they are not there, and the node says so instead of starting another log', async () => {
  const made = await makeBackup(served.node, at('bare.tar.zst'), { withKeys: false, withDatasets: false })
  assert.deepEqual([made.hasKeys, made.hasDatasets], [false, false])
  await restoreBackup(at('bare.tar.zst'), at('bare'))
  const names = readdirSync(at('bare'), { recursive: true }).map(String)
  assert.ok(!names.some((name) => name.endsWith('.pem') || name.startsWith('datasets')))
  await assert.rejects(
    openNode(readConfig({ DATA_DIR: at('bare') })),
    (error: ColophonError) => error.code === 'log_corrupt' && error.where!.endsWith('log.pem'),
  )
  assert.ok(!existsSync(at('bare/keys/log.pem')), 'no key was made')
})

const refusal = (code: string, where?: string | RegExp) => (error: unknown) => {
  assert.ok(error instanceof ColophonError, String(error))
  assert.equal(error.code, code, error.toLine())
  if (where) assert.match(error.where ?? '', new RegExp(where))
  return true
}

test('nothing is written over: neither a file by a backup nor a directory by a restore', async () => {
  writeFileSync(at('there.tar.zst'), 'mine')
  await assert.rejects(makeBackup(served.node, at('there.tar.zst'), options), refusal('usage'))
  assert.equal(readFileSync(at('there.tar.zst'), 'utf8'), 'mine')
  mkdirSync(at('full'))
  writeFileSync(at('full/mine'), 'mine')
  await assert.rejects(restoreBackup(at('bare.tar.zst'), at('full')), refusal('state_not_allowed'))
  assert.deepEqual(readdirSync(at('full')), ['mine'])
})

/** The archive with its files, unpacked: where each header begins. */
function readArchive(path: string): { tar: Buffer; headers: Map<string, { at: number; size: number }> } {
  const tar = zstdDecompressSync(readFileSync(path))
  const headers = new Map<string, { at: number; size: number }>()
  for (let at = 0; tar[at] !== 0;) {
    const text = (start: number, length: number) =>
      tar.toString('utf8', at + start, at + start + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12), 8)
    headers.set([text(345, 155), text(0, 100)].filter(Boolean).join('/'), { at, size })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return { tar, headers }
}

function writeArchive(name: string, tar: Uint8Array): string {
  writeFileSync(at(name), zstdCompressSync(tar, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }))
  return at(name)
}

test('an archive that is torn or tampered with is refused with the name of the file, and leaves nothing', async () => {
  const whole = readFileSync(at('bare.tar.zst'))
  for (const length of [0, 1, 100, Math.floor(whole.length / 2), whole.length - 1000]) {
    writeFileSync(at('torn.tar.zst'), whole.subarray(0, length))
    await assert.rejects(restoreBackup(at('torn.tar.zst'), at('none')), refusal('unreadable_file', '.'))
  }
  const flipped = Buffer.from(whole)
  flipped[Math.floor(whole.length / 3)]! ^= 0x10
  writeFileSync(at('flipped.tar.zst'), flipped)
  await assert.rejects(restoreBackup(at('flipped.tar.zst'), at('none')), refusal('unreadable_file', '.'))

  const { tar, headers } = readArchive(at('bare.tar.zst'))
  for (const path of ['log/checkpoint', 'register.sqlite', 'colophon.env']) {
    const changed = Buffer.from(tar)
    changed[headers.get(path)!.at + 512 + 8]! ^= 1
    await assert.rejects(
      restoreBackup(writeArchive('changed.tar.zst', changed), at('none')),
      refusal('unreadable_file', `^${path}$`),
    )
    const { at: start, size } = headers.get(path)!
    const without = Buffer.concat([tar.subarray(0, start), tar.subarray(start + 512 + Math.ceil(size / 512) * 512)])
    await assert.rejects(
      restoreBackup(writeArchive('without.tar.zst', without), at('none')),
      refusal('unreadable_file', `^${path}$`),
    )
  }
  for (const path of ['../outside', '/etc/outside', 'a/../../outside', 'log/checkpoint', 'extra', './x', 'a//b']) {
    const more = Buffer.concat([tarHeader(path, 0, 0o600, 0), tar])
    await assert.rejects(
      restoreBackup(writeArchive('more.tar.zst', more), at('none')),
      refusal('unreadable_file', path.replace(/^.*\//, '')),
    )
  }
  assert.ok(!existsSync(at('none')) && !existsSync(at('none.restoring')) && !existsSync(at('outside')))
  await assert.rejects(
    restoreBackup(at('bare.tar.zst'), at('none'), { manifestSha256: '0'.repeat(64) }),
    refusal('unreadable_file', 'MANIFEST'),
  )
})

test('whoever writes a list anew for a changed log is found out by the log itself', async () => {
  const { tar, headers } = readArchive(at('bare.tar.zst'))
  const [path] = [...headers.keys()].filter((name) => name.startsWith('log/tile/entries/'))
  const { at: start, size } = headers.get(path!)!
  const list = headers.get('MANIFEST.jsonl')!
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const changed = Buffer.from(tar)
  const before = digest(changed.subarray(start + 512, start + 512 + size))
  changed[start + 512 + 60]! ^= 1
  const lines = changed.toString('latin1', list.at + 512, list.at + 512 + list.size)
  const forged = lines.replaceAll(before, digest(changed.subarray(start + 512, start + 512 + size)))
  assert.notEqual(forged, lines)
  changed.write(forged, list.at + 512, 'latin1')
  await assert.rejects(
    restoreBackup(writeArchive('forged.tar.zst', changed), at('none')),
    refusal('log_corrupt', '^log/'),
  )
})

/** What a snapshot of the database holds when a sealed statement comes between it and the log. */
async function lateSeal(node: Node, file: string): Promise<{ commitment: string; checkpoint: string }> {
  const files = directoryFiles(join(node.config.dataDir, 'log'))
  let declaring: Promise<{ logIndex: number }> | undefined
  const { checkpoint } = await snapshotDatabase(
    node,
    async (path) => {
      declaring ??= declare(node, 'A late sealed work', true)
      await declaring
      await node.register.log.publish()
      return files.read(path)
    },
    file,
  )
  const { logIndex } = (await declaring)!
  const row = (await findStatementAt(node.register.database.db, logIndex))!
  return { commitment: row.commitment!, checkpoint }
}

test('what is sealed between the snapshot of the database and that of the log is not taken for erased', async () => {
  const { commitment, checkpoint } = await lateSeal(served.node, at('late.sqlite'))
  assert.equal(parseCheckpoint(checkpoint).size, served.node.register.log.size)
  const saved = openDatabase({ file: at('late.sqlite') })
  const found = await saved.db.selectFrom('vault').selectAll().where('commitment', '=', commitment).executeTakeFirst()
  const tables = await saved.db.selectFrom('projection').selectAll().execute()
  await saved.close()
  assert.ok(found?.body.includes('A late sealed work'))
  assert.equal(Number(tables[0]!.size), served.node.register.log.size - 1)
})

test('tables move between SQLite and PostgreSQL with a backup', async () => {
  const postgres = startPostgres()
  try {
    await restoreBackup(at('running.tar.zst'), at('postgres'), { databaseUrl: postgres.url })
    assert.ok(!existsSync(at('postgres/register.sqlite')) && !existsSync(at('postgres/tables.jsonl')))
    await restoreBackup(at('running.tar.zst'), at('sqlite'))
    const there = await openNode(readConfig({ DATA_DIR: at('postgres'), DATABASE_URL: postgres.url }))
    const here = await openNode(readConfig({ DATA_DIR: at('sqlite') }))
    try {
      const rows = await rowsOf(here)
      assert.deepEqual(await rowsOf(there), rows)
      await makeBackup(there, at('postgres.tar.zst'), options)
      await restoreBackup(at('postgres.tar.zst'), at('back'))
      const late = await lateSeal(there, at('late.jsonl'))
      assert.ok(readFileSync(at('late.jsonl'), 'utf8').includes(`{"commitment":"${late.commitment}"`))
      const back = await openNode(readConfig({ DATA_DIR: at('back') }))
      try {
        assert.deepEqual(await rowsOf(back), rows)
      } finally {
        await back.close()
      }
      await assert.rejects(
        restoreBackup(at('postgres.tar.zst'), at('twice'), { databaseUrl: postgres.url }),
        refusal('state_not_allowed'),
      )
    } finally {
      await here.close()
      await there.close()
    }
  } finally {
    postgres.stop()
  }
})

test('on the command line, beside a node that serves, and with an audit log that knows of it', async () => {
  const commands = openCommandLine()
  try {
    await commands.whileServing(async () => {
      await commands.declareText(
        'poem',
        'A poem that is long enough to be declared here.',
        '--key',
        'k.pem',
        '--creator',
        'Maria',
      )
      const made = await commands.json<{ logSize: number; manifestSha256: string }>(
        'backup',
        'out.tar.zst',
        '--with-keys',
      )
      assert.equal(made.logSize, 1)
      await commands.json('restore', 'out.tar.zst', '--data-dir', 'copy', '--sha256', made.manifestSha256)
      assert.match((await commands.run('restore', 'out.tar.zst', '--data-dir', 'copy')).errors, /state_not_allowed/)
    })
    const verdict = await commands.json<{ lines: number }>('audit', 'verify')
    assert.equal(verdict.lines, 1)
    assert.equal((await commands.json<{ lines: number }>('audit', 'verify', 'copy/audit.jsonl')).lines, 1)
    assert.match((await commands.run('log', 'verify', 'copy/log')).output, /Sound/)
    assert.match((await commands.run('backup', 'x', '--data-dir', 'nowhere')).errors, /not_found/)
    assert.ok(!existsSync(join(commands.directory, 'nowhere')))
  } finally {
    commands.close()
  }
})

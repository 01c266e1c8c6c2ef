import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { FaultyDisk, seededRandom } from '../../tests/support/faultyFiles.ts'
import { ColophonError } from '../foundation/index.ts'
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { makeSigner, parseVkey } from './note.ts'
import type { Log } from './log.ts'
import { openLog } from './openLog.ts'
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlogProof.ts'
import { verifyLog } from './verifyLog.ts'

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const signer = makeSigner('log.example/test', pem)
const verifier = parseVkey(signer.vkey)

function entryOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

async function appendMany(log: Log, prefix: string, count: number): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>()
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const text = `${prefix}-${i}-${'x'.repeat(i % 97)}`
      acknowledged.set(text, await log.append(entryOf(text)))
    }),
  )
  return acknowledged
}

test('a log of many sizes verifies from its files alone, and every receipt verifies offline', async () => {
  const disk = new FaultyDisk(seededRandom(1))
  const log = await openLog({ files: disk, signer })
  for (const count of [1, 2, 253, 1, 300, 1000]) {
    await appendMany(log, `to-${log.size}`, count)
    await log.publish()
    const verdict = await verifyLog((path) => disk.read(path), { log: verifier })
    assert.deepEqual(
      verdict.findings.map(({ code }) => code),
      ['log_signature_verified', 'root_verified'],
    )
    assert.equal(verdict.size, log.size)
  }
  for (const index of [0, 255, 256, 700, log.size - 1]) {
    const receipt = formatTlogProof(await log.prove(index))
    const verdict = verifyTlogProof(receipt, { log: verifier })
    assert.ok(verdict.isSound)
    assert.deepEqual(verdict.entry, (await log.entries(index, index + 1))[0])
    assert.equal(formatTlogProof(parseTlogProof(receipt)), receipt)
  }
  await log.close()
})

test('a receipt with another entry, index, path or signature is refused with the reason', async () => {
  const log = await openLog({ files: new FaultyDisk(seededRandom(2)), signer })
  await appendMany(log, 'entry', 5)
  const good = formatTlogProof(await log.prove(3))
  const codes = (text: string) =>
    verifyTlogProof(text, { log: verifier })
      .findings.filter(({ severity }) => severity === 'bad')
      .map(({ code }) => code)
  assert.deepEqual(codes(good.replace('index 3', 'index 2')), ['path_mismatch'])
  assert.deepEqual(codes(good.replace('index 3', 'index 9')), ['path_mismatch'])
  assert.deepEqual(codes(good.replace(/extra .*/, `extra ${Buffer.from('other').toString('base64')}`)), [
    'path_mismatch',
  ])
  assert.deepEqual(codes(good.replace(/extra .*\n/, '')), ['entry_missing'])
  assert.deepEqual(codes(good.replace(/\n5\n/, '\n6\n')), ['log_signature_invalid'])
  assert.deepEqual(codes(good.replace('tlog-proof@v1', 'tlog-proof@v2')), ['proof_malformed'])
  assert.deepEqual(codes(''), ['proof_malformed'])
  await log.close()
})

test('a log reopens to the same root, and goes on', async () => {
  const disk = new FaultyDisk(seededRandom(3))
  const first = await openLog({ files: disk, signer })
  await appendMany(first, 'a', 600)
  const before = formatCheckpoint(first.checkpoint())
  await first.close()
  const second = await openLog({ files: disk, signer })
  assert.equal(formatCheckpoint(second.checkpoint()), before)
  await appendMany(second, 'b', 10)
  await second.close()
  const verdict = await verifyLog((path) => disk.read(path), { log: verifier, earlier: parseCheckpoint(before) })
  assert.ok(verdict.isSound)
  assert.equal(verdict.findings.at(-1)!.code, 'consistent_with_earlier')
})

test('a crash after any number of disk operations loses nothing that was acknowledged', async () => {
  let acknowledgedInAll = 0
  for (let run = 0; run < 300; run++) {
    const random = seededRandom(run)
    const disk = new FaultyDisk(random)
    const log = await openLog({ files: disk, signer, publishDelayMs: 0 })
    const acknowledged = new Map<number, string>()
    const appendOne = async (text: string) => acknowledged.set(await log.append(entryOf(text)), text)
    disk.crashAfter = 3 + Math.floor(random() * 60)
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 120; i++) void appendOne(`${run}-${round}-${i}`)
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const served = log.checkpoint()
    const reopened = await openLog({ files: disk.crash(), signer })
    const entries = await reopened.entries(0, reopened.size)
    for (const [index, text] of acknowledged) {
      assert.equal(new TextDecoder().decode(entries[index]), text, `run ${run}: entry ${index} is lost`)
    }
    assert.ok(reopened.size >= served.size, `run ${run}: the log became shorter than a checkpoint it signed`)
    acknowledgedInAll += acknowledged.size
    await reopened.close()
  }
  assert.ok(acknowledgedInAll > 10_000)
})

test('a full disk refuses the entry, keeps what was there, and goes on when there is space again', async () => {
  const disk = new FaultyDisk(seededRandom(4))
  const log = await openLog({ files: disk, signer, publishDelayMs: 1e6 })
  await appendMany(log, 'kept', 10)
  disk.capacityBytes = 0
  await assert.rejects(log.append(entryOf('refused')), (error: ColophonError) => error.code === 'log_storage_full')
  disk.capacityBytes = Infinity
  assert.equal(await log.append(entryOf('after')), 10)
  await log.close()
  const reopened = await openLog({ files: disk, signer })
  assert.equal(new TextDecoder().decode((await reopened.entries(10, 11))[0]), 'after')
  assert.equal(reopened.size, 11)
  await reopened.close()
})

test('a failed sync stops the log, and reopening finds everything acknowledged', async () => {
  const disk = new FaultyDisk(seededRandom(5))
  const log = await openLog({ files: disk, signer, publishDelayMs: 1e6 })
  await appendMany(log, 'kept', 3)
  disk.failNextSync = true
  await assert.rejects(log.append(entryOf('unknown')), (error: ColophonError) => error.code === 'log_write_failed')
  disk.failNextSync = false
  await assert.rejects(log.append(entryOf('after')), (error: ColophonError) => error.code === 'log_write_failed')
  const reopened = await openLog({ files: disk.crash(), signer })
  assert.ok(reopened.size >= 3)
  await reopened.close()
})

test('damage to acknowledged data is named, not skipped', async () => {
  const disk = new FaultyDisk(seededRandom(6))
  const log = await openLog({ files: disk, signer, publishDelayMs: 1e6 })
  await appendMany(log, 'first', 3)
  await appendMany(log, 'second', 3)
  const journal = disk.paths().find((path) => path.endsWith('.wal'))!
  disk.damage(journal, 40)
  await assert.rejects(openLog({ files: disk, signer }), (error: ColophonError) => error.code === 'log_corrupt')
  disk.damage(journal, 40)
  disk.failReads = true
  await assert.rejects(openLog({ files: disk, signer }), /EIO/)
})

test('a changed tile, bundle or checkpoint of a foreign log is found', async () => {
  const disk = new FaultyDisk(seededRandom(7))
  const log = await openLog({ files: disk, signer })
  await appendMany(log, 'x', 300)
  await log.close()
  for (const [path, code] of [
    ['tile/0/000', 'tile_mismatch'],
    ['tile/1/000.p/1', 'tile_mismatch'],
    ['tile/entries/000', 'root_mismatch'],
    ['checkpoint', 'log_signature_invalid'],
  ] as const) {
    disk.damage(path, path === 'checkpoint' ? 0 : 5)
    const verdict = await verifyLog((name) => disk.read(name), { log: verifier })
    assert.ok(!verdict.isSound)
    assert.ok(
      verdict.findings.some((finding) => finding.code === code),
      `${path}: ${JSON.stringify(verdict.findings)}`,
    )
    disk.damage(path, path === 'checkpoint' ? 0 : 5)
  }
  const missing = await verifyLog(
    (name) => (name === 'tile/entries/001.p/44' ? Promise.resolve(undefined) : disk.read(name)),
    { log: verifier },
  )
  assert.ok(missing.findings.some(({ code }) => code === 'bundle_missing'))
})

test('a log that lost its checkpoint is not started anew', async () => {
  const disk = new FaultyDisk(seededRandom(8))
  const log = await openLog({ files: disk, signer })
  await appendMany(log, 'x', 3)
  await log.close()
  await disk.remove('checkpoint')
  await assert.rejects(openLog({ files: disk, signer }), (error: ColophonError) => error.code === 'log_corrupt')
})

test('a damaged entry is named when the log opens or when it is read', async () => {
  const disk = new FaultyDisk(seededRandom(9))
  const log = await openLog({ files: disk, signer })
  await appendMany(log, 'x', 300)
  await log.close()
  disk.damage('tile/entries/000', 5)
  const reopened = await openLog({ files: disk, signer })
  await assert.rejects(reopened.entries(0, 10), (error: ColophonError) => error.code === 'log_corrupt')
  await reopened.close()
  disk.damage('tile/entries/001.p/44', 5)
  await assert.rejects(openLog({ files: disk, signer }), (error: ColophonError) => error.code === 'log_corrupt')
})

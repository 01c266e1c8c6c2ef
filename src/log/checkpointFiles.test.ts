import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { FaultyDisk, seededRandom } from '../../tests/support/faultyFiles.ts'
import { checkpointFiles, entriesFrom } from './checkpointFiles.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { makeSigner, parseVkey } from './note.ts'
import { openLog } from './openLog.ts'
import { verifyLog } from './verifyLog.ts'

test('what a checkpoint needs is found also when the log has grown past it, and verifies alone', async () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const signer = makeSigner('log.example/test', pem)
  const disk = new FaultyDisk(seededRandom(1))
  const log = await openLog({ files: disk, signer, publishDelayMs: 0 })
  const checkpoints = new Map<number, string>()
  for (const size of [0, 1, 255, 256, 257, 700, 1030]) {
    const entries = Array.from({ length: size - log.size }, (_, i) => Buffer.from(`entry ${log.size + i}`))
    await Promise.all(entries.map((entry) => log.append(entry)))
    await log.publish()
    checkpoints.set(size, formatCheckpoint(log.checkpoint()))
  }
  const read = (path: string) => disk.read(path)
  for (const [size, checkpoint] of checkpoints) {
    const files = new Map<string, Uint8Array>([['checkpoint', Buffer.from(checkpoint)]])
    for await (const { path, bytes } of checkpointFiles(read, size)) files.set(path, bytes)
    const verdict = await verifyLog(async (path) => files.get(path), { log: parseVkey(signer.vkey) })
    assert.deepEqual([verdict.isSound, verdict.size], [true, size], JSON.stringify(verdict.findings))
    const rest: string[] = []
    for await (const entry of entriesFrom(read, 250, size)) rest.push(Buffer.from(entry).toString())
    assert.deepEqual(
      rest,
      Array.from({ length: Math.max(0, size - 250) }, (_, i) => `entry ${250 + i}`),
    )
  }
  await disk.remove('tile/0/002')
  await assert.rejects(Array.fromAsync(checkpointFiles(read, 700)), /a tile is missing/)
})

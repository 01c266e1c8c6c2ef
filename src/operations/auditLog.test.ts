import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { auditPath, recordAction, verifyAuditLog } from './auditLog.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'colophon-audit-'))
after(() => rmSync(dataDir, { recursive: true, force: true }))
const path = auditPath({ dataDir })
const codes = async (head?: string) => (await verifyAuditLog(path, head)).findings.map(({ code }) => code)

test('actions are chained, whoever writes them at once; only the owner can read them', async () => {
  const hashes = await Promise.all(
    Array.from({ length: 8 }, (_, i) => recordAction({ dataDir }, { action: 'request send', subject: `case ${i}` })),
  )
  const verdict = await verifyAuditLog(path, hashes[3]!)
  assert.deepEqual([verdict.isSound, verdict.lines], [true, 8])
  assert.ok(hashes.includes(verdict.head))
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a line that a crash tore is taken back, and the chain goes on', async () => {
  appendFileSync(path, '{"v":1,"act')
  assert.deepEqual(await codes(), ['line_malformed', 'line_torn'])
  await recordAction({ dataDir }, { action: 'restore', details: { files: 3 } })
  const verdict = await verifyAuditLog(path)
  assert.deepEqual([verdict.isSound, verdict.lines], [true, 9])
})

test('whatever is changed, left out, put in or cut off shows', async () => {
  const whole = readFileSync(path, 'utf8')
  const lines = whole.trimEnd().split('\n')
  const { head } = await verifyAuditLog(path)
  const given = async (text: string, kept?: string) => {
    writeFileSync(path, text)
    return codes(kept)
  }
  const changed = lines.with(2, lines[2]!.replace('request send', 'request show'))
  assert.deepEqual(await given(`${changed.join('\n')}\n`), ['line_changed'])
  assert.deepEqual(await given(`${lines.toSpliced(4, 1).join('\n')}\n`), ['chain_broken'])
  assert.deepEqual(await given(`${lines.toSpliced(4, 0, lines[1]!).join('\n')}\n`), ['chain_broken', 'chain_broken'])
  assert.deepEqual(await given(`${lines.slice(1).join('\n')}\n`), ['chain_broken'])
  assert.deepEqual(
    await given(`${lines.slice(0, -1).join('\n')}\n`),
    [],
    'an end that is cut off shows only to whoever kept it',
  )
  assert.deepEqual(await given(`${lines.slice(0, -1).join('\n')}\n`, head), ['head_missing'])
  assert.deepEqual(await given(whole, head), [])
  assert.equal((await verifyAuditLog(join(dataDir, 'none'))).isSound, true)
})

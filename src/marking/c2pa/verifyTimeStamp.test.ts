import assert from 'node:assert/strict'
import { X509Certificate, createHash } from 'node:crypto'
import { test } from 'node:test'
import { openTestTimeAuthority } from '../../../tests/support/timeAuthority.ts'
import { stampBytes } from './timeStamp.ts'
import { verifyTimeStamp } from './verifyTimeStamp.ts'

const NOW = Date.UTC(2026, 10, 28, 1, 2, 3)
const BYTES = new TextEncoder().encode('what was there')
const digestOf = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

test('a time-stamp says when, by whom, and whether that is somebody trusted', async () => {
  const authority = openTestTimeAuthority(() => NOW)
  const token = await stampBytes(authority, BYTES)
  const verdict = verifyTimeStamp(token, digestOf(BYTES))
  assert.equal(verdict.at, '2026-11-28T01:02:03.000Z')
  assert.match(verdict.signer, /Clock of Test Time/)
  assert.equal(verdict.isTrusted, false)
  assert.equal(verifyTimeStamp(token, digestOf(BYTES), [new X509Certificate(authority.anchor)]).isTrusted, true)
  const stranger = openTestTimeAuthority(() => NOW)
  assert.equal(verifyTimeStamp(token, digestOf(BYTES), [new X509Certificate(stranger.anchor)]).isTrusted, false)
})

test('a time-stamp of something else, a changed one, and what is none are refused', async () => {
  const token = await stampBytes(
    openTestTimeAuthority(() => NOW),
    BYTES,
  )
  assert.throws(() => verifyTimeStamp(token, digestOf(Uint8Array.of(1))), /something else/)
  assert.throws(() => verifyTimeStamp(BYTES, digestOf(BYTES)), /no time-stamp/)
  const spoilt = await stampBytes(
    openTestTimeAuthority(() => NOW, true),
    BYTES,
  )
  assert.throws(() => verifyTimeStamp(spoilt, digestOf(BYTES)), /no certificate in it made its signature/)
  const text = Buffer.from(token).toString('latin1')
  const year = text.indexOf('20261128')
  const later = Uint8Array.from(token)
  later[year + 3] = '5'.charCodeAt(0)
  assert.throws(() => verifyTimeStamp(later, digestOf(BYTES)), /not what it says/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeMarkFile } from '../../../tests/support/markFiles.ts'
import { openEngine } from './engine.ts'
import { librarySettings } from './settings.ts'
import { limitWasmMemory } from './wasmMemory.ts'

const settings = librarySettings([])

test('a job that takes too long is ended, and the next one is done', async () => {
  const bytes = await makeMarkFile('jpeg')
  const job = { kind: 'read', bytes, mediaType: 'image/jpeg', settings, nowMs: Date.now() } as const
  const hasty = openEngine(1)
  await assert.rejects(hasty.ask(job), { code: 'unreadable_file' })
  await assert.rejects(hasty.ask(job), { code: 'unreadable_file' })
  const engine = openEngine(20_000)
  const sign = { ...job, kind: 'sign', manifest: '{"broken"', reserveBytes: 2000 } as const
  const [broken, ...reports] = await Promise.allSettled([engine.ask(sign), engine.ask(job), engine.ask(job)])
  assert.equal(broken.status, 'rejected')
  for (const report of reports)
    assert.deepEqual(report, { status: 'fulfilled', value: { state: 'none', findings: [] } })
})

test('a signature that fails is the error of whoever should have signed', async () => {
  const bytes = await makeMarkFile('png')
  const manifest = JSON.stringify({
    claim_generator_info: [{ name: 'x', version: '1' }],
    format: 'image/png',
    assertions: [
      { label: 'c2pa.actions.v2', data: { actions: [{ action: 'c2pa.created', digitalSourceType: 'http://x/y' }] } },
    ],
  })
  const engine = openEngine(20_000)
  const job = { kind: 'sign', bytes, mediaType: 'image/png', manifest, settings, reserveBytes: 2000 } as const
  const failure = new Error('the key is elsewhere')
  await assert.rejects(
    engine.ask(job, () => Promise.reject(failure)),
    failure,
  )
})

test('more than may wait is refused at once', async () => {
  const engine = openEngine(20_000)
  const job = { kind: 'read', bytes: new Uint8Array(3), mediaType: 'image/png', settings, nowMs: 0 } as const
  const asked = await Promise.allSettled(Array.from({ length: 110 }, () => engine.ask(job)))
  const refused = asked.filter((each) => each.status === 'rejected')
  assert.equal(refused.length, 9)
  assert.ok(refused.every(({ reason }) => reason.code === 'too_busy'))
})

test('a module grows up to its bound and no further', async () => {
  // (module (memory (export "m") 1) (func (export "g") (param i32) (result i32) local.get 0 memory.grow))
  const module = new Uint8Array(
    Buffer.from(
      '0061736d01000000010601600 17f017f0302010005030100010709 02016d0200 0167 00000a080106002000400 00b'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    ),
  )
  const { instance } = await WebAssembly.instantiate(limitWasmMemory(module, 300))
  const grow = instance.exports.g as (pages: number) => number
  assert.equal(grow(299), 1)
  assert.equal(grow(1), -1)
  assert.throws(() => limitWasmMemory(module.subarray(0, 20), 1))
})

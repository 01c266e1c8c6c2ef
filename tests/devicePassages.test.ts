import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { CheckResult } from '../src/api/index.ts'
import { buildDatasetIndex } from '../src/datasets/index.ts'
import { normalisePassageText, passageCodes } from '../src/fingerprints/index.ts'
import { dataPath } from '../src/foundation/index.ts'
import { openPassageIndex } from '../src/similarity/index.ts'
import { extendSeeds } from '../src/web/client/seeds.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

const directory = mkdtempSync(join(tmpdir(), 'colophon-device-'))
let served: ServedNode
const shared = 'the heron stood so still that the river forgot it was there'
const row = `At dawn, a fisherman wrote, ${shared}; then it flew.`

before(async () => {
  served = await serveTestNode({ withExample: false })
  const rows = [{ text: row }, { text: 'Nothing of this kind has ever been seen on any river of the north.' }]
  writeFileSync(join(directory, 'rows.jsonl'), rows.map((line) => JSON.stringify(line)).join('\n'))
  await buildDatasetIndex({
    name: 'Rivers',
    version: '1',
    inputs: [join(directory, 'rows.jsonl')],
    columns: { text: 'text' },
    directory: dataPath(served.config, 'datasets'),
    now: Date.now(),
  })
})
after(async () => {
  await served.stop()
  rmSync(directory, { recursive: true, force: true })
})

const post = async (path: string, body: object) => {
  const answer = await fetch(served.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as CheckResult & { error?: { code: string } } }
}

test('a run of 58 bytes is found by codes and the device together, and nothing of the text is sent', async () => {
  const own = normalisePassageText(`My poem of last year begins: ${shared}, and goes on elsewhere.`)
  const { high, low, offset } = passageCodes(own)
  const passages = { high: [...high], low: [...low], offset: [...offset] }
  const codes = { medium: 'text', mediaType: 'text/plain', byteLength: own.length, codes: {}, passages }
  const asked = await post('/api/checks', codes)
  assert.equal(asked.status, 201)
  assert.ok(asked.body.passageSeeds!.length > 0)
  const found = extendSeeds(own, asked.body.passageSeeds!)
  const completed = await post(`/api/checks/${asked.body.id}/passages`, { passages: found })
  const [hit] = completed.body.hits
  assert.deepEqual([hit!.match, hit!.row, completed.body.hits.length], ['passage', 0, 1])
  assert.ok(hit!.measure >= 50)
  assert.ok(hit!.alignment!.isFromDevice && hit!.alignment!.shared.includes('heron stood so still'))
  const page = await (await fetch(`${served.url}/results/${asked.body.id}`)).text()
  assert.match(page, /Your own device compared the texts/)
  const wrong = { dataset: 'rivers-1', row: 0, queryOffset: 0, rowOffset: 0, length: 60 }
  for (const [code, passage] of [
    ['invalid_input', { ...wrong, length: 49, row: 1 }],
    ['invalid_input', { ...wrong, row: 1, rowOffset: 30 }],
    ['invalid_input', { ...wrong, row: 7 }],
    ['invalid_input', { ...wrong, dataset: 'none', row: 1 }],
  ] as const)
    assert.equal((await post(`/api/checks/${asked.body.id}/passages`, { passages: [passage] })).body.error?.code, code)
  assert.equal((await post('/api/checks/none/passages', { passages: [wrong] })).body.error?.code, 'not_found')
})

const words = fc.string({ unit: fc.constantFrom(...'abcdefgh é'), maxLength: 150 })
const run = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéж '), minLength: 50, maxLength: 90 })

test('codes and device together find every shared run of fifty bytes', async () => {
  let place = 0
  await fc.assert(
    fc.asyncProperty(words, words, words, words, run, async (a, b, c, d, same) => {
      const bytes = (text: string) => new TextEncoder().encode(text)
      const [own, theirs] = [bytes(a + same + b), bytes(c + same + d)]
      const index = openPassageIndex(join(directory, String(place++)))
      await index.add([{ row: 5, text: theirs }])
      const codes = passageCodes(own)
      const proven = index.search({ codes }).filter(({ length }) => length >= 50)
      const seeds = index
        .seeds(codes, 1000)
        .map(({ text, ...seed }) => ({ ...seed, dataset: 'x', text: Buffer.from(text).toString('base64') }))
      const extended = extendSeeds(own, seeds)
      for (const { queryOffset, rowOffset, length } of extended)
        assert.deepEqual(
          own.subarray(queryOffset, queryOffset + length),
          theirs.subarray(rowOffset, rowOffset + length),
        )
      assert.ok(proven.length + extended.length > 0)
    }),
    { numRuns: 60 },
  )
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemEffects } from '../src/foundation/index.ts'
import type { LineageStep } from '../src/lineage/index.ts'
import { makeStatement, newSigner, signStatement, type StatementSigner } from '../src/statements/index.ts'
import { serveTestNode, type ServedNode } from './support/testNode.ts'

let served: ServedNode
before(async () => (served = await serveTestNode({ withExample: false })))
after(() => served?.stop())

const [ana, ben] = [newSigner(), newSigner()]
const step = (id: string, edges: [to: string, from: string][], described: string[]): LineageStep => ({
  type: 'LineageStep',
  id,
  activity: 'transform',
  endedAt: '2026-11-01T00:00:00.000Z',
  entities: described.map((each) => ({ id: each, type: 'Dataset' })),
  edges: edges.map(([to, from]) => ({ to, from, known: 'attested' })),
})

async function record(signer: StatementSigner, said: LineageStep): Promise<string> {
  const statement = signStatement(makeStatement(signer.issuer, [said as never], systemEffects), signer)
  const response = await fetch(`${served.url}/api/statements`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(statement),
  })
  assert.equal(response.status, 201, await response.clone().text())
  return statement.id
}

interface Answer {
  steps: { statement: string; party: string; step: LineageStep }[]
  document?: { text: string }
  error?: { message: string }
}
const ask = async (query: string): Promise<{ status: number; body: Answer }> => {
  const response = await fetch(`${served.url}/api/lineage?${query}`)
  return { status: response.status, body: (await response.json()) as Answer }
}

test('steps on the log are found by what they made, through every step that leads there', async () => {
  const [first, second] = [
    await record(ana, step('one', [['data', 'source']], ['data', 'source'])),
    await record(
      ana,
      step(
        'two',
        [
          ['model', 'data'],
          ['data', 'more'],
        ],
        ['model', 'more'],
      ),
    ),
  ]
  const { body } = await ask('entity=model')
  assert.deepEqual(
    body.steps.map(({ statement, party }) => [statement, party]),
    [
      [first, ana.issuer],
      [second, ana.issuer],
    ],
  )
  // The second step names the data without describing it: it belongs to it all the same.
  assert.equal((await ask('entity=data')).body.steps.length, 2)
  const { document } = (await ask('entity=model&format=prov')).body
  assert.ok(document!.text.includes('more') && document!.text.includes('source'))
})

test('two parties may call their steps alike; what one says does not stand in the other’s way', async () => {
  const statement = await record(ben, step('one', [['source', 'model']], ['source', 'model']))
  const { body } = await ask(`entity=model&party=${encodeURIComponent(ben.issuer)}`)
  assert.deepEqual(
    body.steps.map((each) => [each.statement, each.step.id]),
    [[statement, 'one']],
  )
  // Together they would make a thing out of itself.
  const both = await ask('entity=model&format=prov')
  assert.equal(both.status, 400)
  assert.match(both.body.error!.message, /several parties/)
  assert.equal((await ask(`entity=model&format=prov&party=${encodeURIComponent(ana.issuer)}`)).status, 200)
})

test('what nobody has recorded, and formats that there are not, are refused', async () => {
  assert.equal((await ask('entity=nothing')).status, 404)
  assert.equal((await ask('entity=model&format=paper')).status, 400)
  assert.equal((await ask('')).status, 400)
})

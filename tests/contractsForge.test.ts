import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const forge = fileURLToPath(
  new URL('bin/forge', new URL(import.meta.resolve('@foundry-rs/forge-linux-amd64/package.json'))),
)

test('the contracts hold in every order of calls: ten thousand runs of their invariants, and their own tests', async () => {
  // The compiler is called by its path, and finds Node beside the one that runs this.
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  const child = spawn(forge, ['test', '--json'], { env: { ...process.env, PATH: path } })
  let [output, errors] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const status = await new Promise<number | null>((done) => child.once('close', done))
  assert.ok(output.startsWith('{'), `${status}: ${errors}`)
  const suites = JSON.parse(output) as Record<string, { test_results: Record<string, Result> }>
  const results = Object.values(suites).flatMap(({ test_results: all }) => Object.entries(all))
  for (const [name, { status: outcome, reason }] of results) assert.equal(outcome, 'Success', `${name}: ${reason}`)
  assert.equal(status, 0, errors)
  const invariant = results.find(([name]) => name.startsWith('invariant_'))![1]
  assert.ok(invariant.kind.Invariant!.runs >= 10_000, `${invariant.kind.Invariant!.runs} runs`)
  assert.ok(results.length >= 19, `${results.length} tests`)
})

interface Result {
  status: string
  reason: string | null
  kind: { Invariant?: { runs: number } }
}

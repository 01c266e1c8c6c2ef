import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { RightsExport, RightsRule } from '../src/rights/index.ts'
import { openCommandLine } from './support/commandLine.ts'

const { directory, run, json, declareText, whileServing, close } = openCommandLine()
after(close)

interface Told {
  inForce: {
    party: string
    partyName: string | null
    targetKind: string
    rules: RightsRule[]
    leftOut: { rule: RightsRule; why: string }[]
    exports: RightsExport[]
  }[]
  paths: string[]
}

const RULES = [
  { action: 'tdm:mine', decision: 'deny' },
  { action: 'tdm:mine', decision: 'allow', purposes: ['col:research'] },
]

async function tell(name: string): Promise<void> {
  writeFileSync(join(directory, 'terms.json'), JSON.stringify({ rules: RULES, conflict: 'perm' }))
  const text = `Reeds along the river, told ${name}. `.repeat(9)
  const work = await declareText(name, text, '--key', 'maker.pem', '--creator', 'M. Maker', '--terms', 'terms.json')
  const told = await json<Told>('rights', 'export', '--work', work)
  assert.equal(told.inForce.length, 1)
  const [{ rules, leftOut, exports, targetKind }] = told.inForce as [Told['inForce'][number]]
  assert.deepEqual([rules, leftOut, targetKind], [RULES, [], 'work'])
  assert.equal(exports.length, 14)
  const policy = JSON.parse(String(exports.find(({ format }) => format === 'odrl')!.files[0]!.content))
  assert.deepEqual([policy.conflict, policy.permission[0].target.uid], ['perm', work])
  const one = await run('rights', 'export', '--work', work, '--format', 'iptc')
  assert.match(one.output, /# urn:uuid:.*#1: .*for this work\n# iptc: for xmp\n.*DMI-PROHIBITED/)
  assert.match(one.output, /does not hold: rule 1/)
  const out = await json<Told>('rights', 'export', '--work', work, '--format', 'odrl', '-o', name)
  assert.deepEqual([out.paths.length, existsSync(join(directory, out.paths[0]!))], [1, true])
  assert.equal((await run('rights', 'export', '--work', work, '--format', 'odrl', '-o', name)).status, 2)
  const silent = await declareText(`${name}-silent`, `Nothing is said of ${name}. `.repeat(20), '--key', 'other.pem')
  assert.match((await run('rights', 'export', '--work', silent)).output, /^Nothing that anybody may read is in force/)
  await json('label', 'apply', '--key', 'elders.pem', '--name', 'The elders', '--work', work, '--code', 'tka')
  const labelled = await json<Told>('rights', 'export', '--work', work, '--format', 'local-contexts')
  const carried = JSON.parse(String(labelled.inForce[0]!.exports[0]!.files[0]!.content)).labels
  assert.deepEqual(
    carried.map((label: { name: string; community: object }) => [label.name, label.community]),
    [['tka', { name: 'The elders' }]],
  )
  const missing = await run('rights', 'export', '--work', 'urn:uuid:018f0000-0000-7000-8000-000000000009')
  assert.deepEqual([missing.status, /no such public work/.test(missing.errors)], [2, true])
}

test('what is in force for a work, without a running node', () => tell('alone'))
test('the same through the node that holds the data directory', () => whileServing(() => tell('served')))

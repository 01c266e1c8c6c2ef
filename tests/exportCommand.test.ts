import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readXml } from '../src/rights/index.ts'
import { signerFromKey } from '../src/statements/index.ts'
import { openCommandLine } from './support/commandLine.ts'

const { directory, run, json, whileServing, close } = openCommandLine()
after(close)

const CSV =
  'id,title,artist,type,rights,url\nA1,"Bridge, <old>",Maria Muster,photograph,CC BY 4.0,https://museum.example.org/a1\nA2,Tower,Jan Novák,drawing,,\n'

/** A collection that goes out and comes in again through the command line. */
async function goOut(name: string, forms: readonly string[]): Promise<void> {
  writeFileSync(join(directory, `${name}.csv`), CSV)
  const declared = await run(
    'declare',
    '--csv',
    `${name}.csv`,
    '--key',
    `${name}.pem`,
    '--collection',
    name,
    '--role',
    'rightsholder',
    '--terms',
    'ai-training',
    '--json',
  )
  assert.equal(declared.status, 0, declared.errors)
  const key = createPrivateKey(readFileSync(join(directory, `${name}.pem`)))
  const party = signerFromKey(key).issuer
  const items = (await run('export', party, '--as', 'schema-org')).output
  const id = `urn:uuid:${/urn:colophon:item:([0-9a-f-]{36})(?=:0"[^\n]*Bridge)/.exec(items)![1]}`
  for (const as of forms)
    for (const from of [id, party]) {
      const { status, output, errors } = await run('export', from, '--as', as)
      assert.equal(status, 0, errors)
      if (as !== 'dcat') assert.match(output, /Bridge, (<|&lt;)old/, as)
      if (as === 'edm' || as === 'oai-dc') assert.deepEqual(readXml(output, as).findings, [])
      else JSON.parse(output)
    }
  const written = await json<{ works: number; path: string }>('export', id, '--as', 'edm', '-o', `${name}.xml`)
  assert.equal(written.path, `${name}.xml`)
  // The record says CC BY, and training is reserved: what is narrowed goes out as in copyright, never as the licence.
  const edm = readFileSync(join(directory, `${name}.xml`), 'utf8')
  assert.match(edm, /<edm:rights rdf:resource="http:\/\/rightsstatements.org\/vocab\/InC\/1.0\/"/)
  assert.doesNotMatch(edm, /<edm:rights rdf:resource="http:\/\/creativecommons/)
  assert.equal((await run('export', id, '--as', 'edm', '-o', `${name}.xml`)).status, 2, 'nothing is overwritten')
  const back = await run('declare', '--xml', `${name}.xml`, '--preview', '--role', 'rightsholder')
  assert.match(back.output, /Bridge, <old>/)
}

test('a collection goes out in every form, without a running node', () =>
  goOut('alone', ['edm', 'oai-dc', 'iiif', 'schema-org', 'dcat']))
test('the same beside the node that serves', () => whileServing(() => goOut('served', ['edm'])))

test('wrong usage says how it is called', async () => {
  for (const [args, said] of [
    [[], /exactly one collection or party/],
    [['x'], /--as/],
    [['x', '--as', 'marc'], /no format marc/],
    [['x', '--as', 'edm'], /no such collection or party/],
    [['x', '--as', 'edm', '--json'], /give -o/],
  ] as const) {
    const { status, errors } = await run('export', ...args)
    assert.equal(status, 2, args.join(' '))
    assert.match(errors, said)
  }
})

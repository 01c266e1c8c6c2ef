import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryRules, assertNotWider, documentOf } from '../../../tests/support/rightsOracle.ts'
import { exportOdrl } from './odrl.ts'
import { readOdrl } from './odrlRead.ts'

test('ODRL holds everything: what is read back is what was written, in its order', () => {
  fc.assert(
    fc.property(arbitraryRules, (rules) => {
      const written = exportOdrl(documentOf(rules))
      assert.deepEqual(written.losses, [])
      const reading = readOdrl(written.files[0]!.content, 'policy.jsonld')
      assert.deepEqual(reading, { rules, findings: [] })
    }),
    { numRuns: 500 },
  )
})

test('ODRL: whatever is changed in it, a permission never becomes wider', () => {
  const places = fc.nat(10_000)
  fc.assert(
    fc.property(arbitraryRules, places, fc.constantFrom('rename', 'value'), (rules, place, how) => {
      const policy = JSON.parse(String(exportOdrl(documentOf(rules)).files[0]!.content))
      // A word that nobody knows, put where a key or a value of a constraint or a duty was.
      const permissions = (policy.permission ?? []) as Record<string, unknown>[]
      const parts = permissions.flatMap(({ constraint = [], duty = [] }) => [
        ...(constraint as object[]),
        ...(duty as object[]),
      ])
      if (parts.length === 0) return
      const part = parts[place % parts.length] as Record<string, unknown>
      const keys = Object.keys(part)
      const key = keys[place % keys.length]!
      if (how === 'rename') part[`x${key}`] = part[key]
      if (how === 'rename') delete part[key]
      else part[key] = 'urn:unknown'
      const reading = readOdrl(JSON.stringify(policy), 'policy.jsonld')
      if (reading.findings.length === 0) return
      assertNotWider(rules, reading.rules)
    }),
    { numRuns: 500 },
  )
})

test('ODRL: conditions that are not understood', () => {
  const policy = (rule: object, kind: string) =>
    JSON.stringify({ '@type': 'Set', profile: 'https://colophon.example/ns/v1#', [kind]: [rule] })
  const odd = {
    action: 'col:trainAI',
    constraint: [{ leftOperand: 'industry', operator: 'eq', rightOperand: 'press' }],
  }
  assert.deepEqual(readOdrl(policy(odd, 'permission'), 'p').rules, [])
  assert.deepEqual(readOdrl(policy(odd, 'prohibition'), 'p').rules, [{ action: 'col:trainAI', decision: 'deny' }])
  assert.equal(readOdrl(policy(odd, 'permission'), 'p').findings[0]!.code, 'condition_not_read')
  assert.deepEqual(readOdrl(policy({ action: 'http://www.w3.org/ns/odrl/2/index' }, 'permission'), 'p').rules, [
    { action: 'odrl:index', decision: 'allow' },
  ])
  const refined = { action: [{ 'rdf:value': { '@id': 'odrl:print' }, refinement: [] }] }
  assert.equal(readOdrl(policy(refined, 'permission'), 'p').findings[0]!.code, 'unknown_word')
})

test('ODRL: hostile documents', () => {
  for (const text of ['', '[]', 'null', '{"permission":[1,null,"x"]}', `{"permission":${'['.repeat(9999)}`]) {
    assert.deepEqual(readOdrl(text, 'p').rules, [])
    assert.ok(readOdrl(text, 'p').findings.length > 0)
  }
  assert.equal(readOdrl(' '.repeat(10_000_000), 'p').findings[0]!.code, 'too_large')
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => void readOdrl(text, 'p')))
})

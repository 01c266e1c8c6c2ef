import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  arbitraryConflict,
  arbitraryRules,
  assertNotWider,
  documentOf,
  NOW,
} from '../../../tests/support/rightsOracle.ts'
import type { RightsRule } from '../rules.ts'
import { exportFormats, exportTogether } from './index.ts'
import { exportOdrl } from './odrl.ts'
import { readOdrl } from './odrlRead.ts'

test('ODRL holds everything: what is read back is what was written, in its order, and what wins in it', () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryConflict, (rules, conflict) => {
      const written = exportOdrl({ ...documentOf(rules), conflict })
      assert.deepEqual(written.losses, [])
      const reading = readOdrl(written.files[0]!.content, 'policy.jsonld')
      assert.deepEqual(reading, { rules, ...(conflict === 'perm' ? { conflict } : {}), findings: [] })
    }),
    { numRuns: 500 },
  )
})

test('ODRL: whatever is changed in it, a permission never becomes wider', () => {
  const places = fc.nat(10_000)
  fc.assert(
    fc.property(arbitraryRules, arbitraryConflict, places, fc.boolean(), (rules, conflict, place, isRenamed) => {
      const policy = JSON.parse(String(exportOdrl({ ...documentOf(rules), conflict }).files[0]!.content))
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
      if (isRenamed) part[`x${key}`] = part[key]
      if (isRenamed) delete part[key]
      else part[key] = 'urn:unknown'
      const reading = readOdrl(JSON.stringify(policy), 'policy.jsonld')
      if (reading.findings.length === 0) return
      assertNotWider({ rules, conflict }, reading)
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

test('ODRL: an exception is read as one; a strategy that is not understood lets the no win', () => {
  const rules: RightsRule[] = [
    { action: 'tdm:mine', decision: 'deny' },
    { action: 'tdm:mine', decision: 'allow', purposes: ['col:research'] },
  ]
  const policy = String(exportOdrl({ ...documentOf(rules), conflict: 'perm' }).files[0]!.content)
  assert.equal(JSON.parse(policy).conflict, 'perm')
  assert.equal(readOdrl(policy.replace('"perm"', '{ "@id": "odrl:perm" }'), 'p').conflict, 'perm')
  for (const other of ['"invalid"', '"odrl:void"', '7', 'null', '["perm"]', '{}']) {
    const reading = readOdrl(policy.replace('"perm"', other), 'p')
    assert.equal(reading.conflict, undefined, other)
    assert.equal(reading.findings[0]!.code, 'condition_not_read', other)
  }
})

test('what was said at once: each policy keeps its own strategy, and other vocabularies name the exceptions', () => {
  const ai = documentOf([
    { action: 'tdm:mine', decision: 'deny' },
    { action: 'col:trainAI', decision: 'allow', purposes: ['col:commercial'] },
  ])
  const uses = documentOf([{ action: 'odrl:display', decision: 'deny' }])
  const both = [
    { ...ai, conflict: 'perm' as const },
    { ...uses, id: `${uses.id}#1` },
  ]
  const odrl = exportTogether(both, 'odrl', NOW)
  const paths = odrl.files.map(({ path }) => path)
  assert.deepEqual(paths, ['policy.jsonld', 'policy-2.jsonld'])
  const readings = odrl.files.map(({ content }) => readOdrl(content, 'p'))
  assert.deepEqual(
    readings.map(({ rules, conflict }) => [rules, conflict]),
    [
      [ai.rules, 'perm'],
      [uses.rules, undefined],
    ],
  )
  for (const format of exportFormats.filter((each) => each !== 'odrl')) {
    const lost = exportTogether(both, format, NOW).losses.filter(({ rule }) => rule === 1)
    assert.ok(lost.length > 0, format)
  }
  const rsl = exportTogether(both, 'rsl', NOW).losses
  assert.ok(
    rsl.some(({ rule }) => rule === 2),
    'losses count through all documents',
  )
})

test('TDMRep offers an exception in its policy beside the reservation, unless something else denies it', () => {
  const rules: RightsRule[] = [
    { action: 'tdm:mine', decision: 'deny' },
    { action: 'tdm:mine', decision: 'allow', purposes: ['col:research'] },
  ]
  const ai = { ...documentOf(rules), conflict: 'perm' as const }
  const offer = (documents: Parameters<typeof exportTogether>[0]) => {
    const { files, losses } = exportTogether(documents, 'tdmrep', NOW)
    const policy = files.find(({ path }) => path === 'tdm-policy.jsonld')
    const site = JSON.parse(String(files[0]!.content)) as { 'tdm-reservation': number }[]
    assert.equal(site[0]!['tdm-reservation'], 1)
    return [policy !== undefined, losses.find(({ rule }) => rule === 1)?.why]
  }
  assert.deepEqual(offer([ai]), [true, 'policyOnly'])
  assert.deepEqual(offer([{ ...ai, conflict: 'prohibit' }]), [false, 'cannotSay'])
  const uses = documentOf([{ action: 'odrl:display', decision: 'deny' }])
  assert.deepEqual(offer([ai, uses]), [true, 'policyOnly'])
  const more = documentOf([{ action: 'col:trainGenAI', decision: 'deny' }])
  assert.deepEqual(offer([ai, more]), [false, 'cannotSay'])
})

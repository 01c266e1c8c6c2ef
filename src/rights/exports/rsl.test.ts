import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertSameDecisions, checkRoundTrip, documentOf, NOW } from '../../../tests/support/rightsOracle.ts'
import { exportRights } from './index.ts'
import type { RightsExport, RightsRule } from '../rules.ts'
import { exportRsl } from './rsl.ts'
import { readRsl } from './rslRead.ts'
import { readXml } from './xml.ts'

const xmlOf = (written: RightsExport) => String(written.files[0]?.content ?? '')
const rsl = (inner: string) => `<rsl xmlns="https://rslstandard.org/rsl"><content url="/">${inner}</content></rsl>`

test('RSL: never wider than the rules, no denial lost, and without losses the same decisions', () => {
  checkRoundTrip(
    (document) => exportRights(document, 'rsl', NOW),
    (written) => {
      if (written.files.length === 0) return { rules: [], findings: [] }
      const { contents, findings } = readRsl(xmlOf(written), 'rsl.xml')
      assert.deepEqual(findings, [])
      assert.equal(contents.length, 1)
      assertNothingPermittedBySilence(xmlOf(written))
      return contents[0]!
    },
    { runs: 1000 },
  )
})

/** By RSL itself a licence without a list of permitted uses permits what it does not prohibit. */
function assertNothingPermittedBySilence(xml: string): void {
  const licences = readXml(xml, 'rsl.xml').root!.children[0]!.children.filter(({ name }) => name === 'license')
  for (const { children } of licences) {
    const list = (tag: string) =>
      children.find(({ name, attributes }) => name === tag && attributes.get('type') === 'usage')
    const prohibited = list('prohibits')?.text.split(' ') ?? []
    if (!list('permits')) for (const word of ['ai-train', 'ai-input', 'ai-index']) assert.ok(prohibited.includes(word))
  }
}

test('RSL: what it can hold whole comes back the same', () => {
  const pay = (amount: string) => ({
    action: 'odrl:compensate' as const,
    pay: { amount, currency: 'EUR' },
    per: 'use' as const,
  })
  const cases: RightsRule[][] = [
    [
      { action: 'col:trainAI', decision: 'deny' },
      { action: 'col:aiInput', decision: 'deny' },
      { action: 'odrl:index', decision: 'allow' },
    ],
    [
      { action: 'col:trainAI', decision: 'allow', territory: ['EU'], duties: [pay('0.015')] },
      { action: 'col:aiInput', decision: 'allow', purposes: ['col:commercial', 'col:education'] },
      { action: 'odrl:index', decision: 'allow' },
    ],
    [
      { action: 'col:trainAI', decision: 'allow', duties: [{ action: 'odrl:attribute' }] },
      { action: 'col:aiInput', decision: 'deny' },
      { action: 'odrl:index', decision: 'deny' },
    ],
  ]
  for (const rules of cases) {
    const written = exportRsl(documentOf(rules), NOW)
    assert.ok(
      written.losses.every(({ what }) => what === 'silence'),
      JSON.stringify(written.losses),
    )
    assertSameDecisions(rules, readRsl(xmlOf(written), 'rsl.xml').contents[0]!.rules)
  }
})

test('RSL: a territory that ISO 3166 does not have is not written, and is a loss', () => {
  const allow = (territory: string[]) =>
    exportRsl(documentOf([{ action: 'col:trainAI', decision: 'allow', territory }]), NOW)
  for (const territory of [['UK'], ['DE', 'UK'], ['ZZ']]) {
    const { files, losses } = allow(territory)
    assert.deepEqual([files.length, losses[0]!.what, losses[0]!.conditions], [0, 'permission', ['territory']])
  }
  assert.match(xmlOf(allow(['GB', 'DE'])), /<permits type="geo">DE GB</)
  assert.match(xmlOf(allow(['EU'])), /<permits type="geo">AT BE .* SK</)
})

test('RSL: its grammar: one list of a type in a licence, only its own words, text is escaped', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 })
  fc.assert(
    fc.property(text, text, (partyName, path) => {
      const document = { ...documentOf([{ action: 'col:trainAI', decision: 'deny' }]), partyName, paths: [path] }
      const { root, findings } = readXml(xmlOf(exportRsl(document, NOW)), 'rsl.xml')
      assert.deepEqual(findings, [])
      const licence = root!.children[0]!.children.find(({ name }) => name === 'license')!
      const types = licence.children.map((child) => `${child.name} ${child.attributes.get('type')}`)
      assert.deepEqual(types, ['prohibits usage'])
      assert.equal(licence.children[0]!.text, 'ai-train ai-input ai-index')
    }),
  )
})

test('RSL: search is prohibited only when somebody denied it', () => {
  for (const action of ['tdm:mine', 'col:trainAI', 'col:aiInput'] as const) {
    assert.doesNotMatch(xmlOf(exportRsl(documentOf([{ action, decision: 'deny' }]), NOW)), /search/)
  }
  assert.match(xmlOf(exportRsl(documentOf([{ action: 'odrl:index', decision: 'deny' }]), NOW)), /search/)
})

test('RSL: a work without a path says nothing about a site', () => {
  const written = exportRsl(
    documentOf([{ action: 'col:trainAI', decision: 'deny' }], { kind: 'party', id: 'did:web:publisher.example' }),
    NOW,
  )
  assert.deepEqual(written.files, [])
  assert.ok(written.losses.length > 0)
})

test('RSL: vectors', () => {
  const { cases } = JSON.parse(readFileSync('vectors/rights-rsl.json', 'utf8')) as {
    cases: { name: string; input: string; output: { rules: RightsRule[]; codes: string[] } }[]
  }
  assert.ok(cases.length > 10)
  for (const { name, input, output } of cases) {
    const { contents, findings } = readRsl(input, 'rsl.xml')
    assert.deepEqual(
      contents.flatMap(({ rules }) => rules),
      output.rules,
      name,
    )
    const codes = [...findings, ...contents.flatMap((content) => content.findings)].map(({ code }) => code)
    assert.deepEqual(codes, output.codes, name)
  }
})

test('RSL: hostile documents', () => {
  const code = (xml: string) => readRsl(xml, 'rsl.xml').findings[0]!.code
  assert.equal(code(`<!DOCTYPE rsl [<!ENTITY a "ai-train">]>${rsl('<license/>')}`), 'doctype_refused')
  assert.equal(code(rsl(' '.repeat(10_000_000))), 'too_large')
  assert.equal(code(rsl('<license>'.repeat(50_000))), 'malformed_xml')
  const many = readRsl(
    rsl(`<license><permits type="usage">${'ai-train '.repeat(100_000)}</permits></license>`),
    'rsl.xml',
  )
  assert.equal(many.contents[0]!.rules.length, 1)
})

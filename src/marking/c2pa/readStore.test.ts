import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readStore } from './readStore.ts'
import type { IngredientDescription, ManifestDescription, StoreDescription } from './storeDescription.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const none = { hasTimeStamp: false }

function store(manifests: Record<string, ManifestDescription>, active = 'a'): StoreDescription {
  return { active_manifest: active, manifests, validation_state: 'Trusted', validation_results: { activeManifest: {} } }
}

const parent = (label: string): IngredientDescription => ({ relationship: 'parentOf', active_manifest: label })
const codes = (description: StoreDescription) => readStore(description, none, NOW).findings.map(({ code }) => code)

test('a manifest that was made from itself is invalid', () => {
  const cyclic = store({
    a: { ingredients: [parent('b')] },
    b: { ingredients: [parent('c')] },
    c: { ingredients: [parent('a')] },
  })
  const report = readStore(cyclic, none, NOW)
  assert.equal(report.state, 'invalid')
  assert.deepEqual(codes(cyclic), ['ingredients_cyclic'])
  assert.deepEqual(codes(store({ a: { ingredients: [parent('a')] } })), ['ingredients_cyclic'])
})

test('a history a thousand deep, or a web of more ways than can be gone, is cut', () => {
  const deep: Record<string, ManifestDescription> = {}
  for (let i = 0; i < 1000; i++) deep[`m${i}`] = { ingredients: [parent(`m${i + 1}`)] }
  assert.deepEqual(codes(store(deep, 'm0')), ['ingredients_cut'])
  const wide: Record<string, ManifestDescription> = {}
  for (let i = 0; i < 90; i++)
    wide[`m${i}`] = { ingredients: [parent(`m${i + 1}`), parent(`m${i + 1}`)], assertions: [{ label: 'x.y', data: 1 }] }
  assert.deepEqual(codes(store(wide, 'm0')), ['ingredients_cut'])
})

test('what the library does not check is checked here: schemas of assertions', () => {
  const faults: [string, unknown, RegExp | undefined][] = [
    ['c2pa.ai-disclosure', { modelType: 'c2pa.types.model' }, undefined],
    ['c2pa.ai-disclosure', { modelName: 'x' }, /^modelType/],
    ['c2pa.ai-disclosure', { modelType: 'm', contentProfile: { humanOversightLevel: 'much' } }, /humanOversightLevel/],
    ['cawg.training-mining', { entries: { 'cawg.ai_training': { use: 'notAllowed' } } }, undefined],
    ['cawg.training-mining__1', { entries: { 'cawg.ai_training': { use: 'maybe' } } }, /^entries.cawg.ai_training.use/],
    ['cawg.training-mining', { entries: {} }, /no entry/],
    ['cawg.metadata', { '@context': { dc: 'http://purl.org/dc/elements/1.1/' }, 'dc:title': 'x' }, undefined],
    ['cawg.metadata', { '@context': {}, 'dc:title': 'x' }, /does not bind/],
    ['cawg.metadata', { 'dc:title': 'x' }, /^@context/],
    ['c2pa.soft-binding', { alg: 'io.iscc.v0', blocks: [{ scope: {}, value: 'no' }] }, /no ISCC/],
    ['c2pa.soft-binding', { alg: 'io.iscc.v0', blocks: [] }, /^blocks/],
    ['c2pa.actions.v2', { actions: [{ action: 'created' }] }, /^actions.0.action/],
    ['org.example.unknown', 17, undefined],
  ]
  for (const [label, data, fault] of faults) {
    const { findings, state } = readStore(store({ a: { assertions: [{ label, data }] } }), none, NOW)
    assert.equal(state, 'valid-trusted')
    assert.equal(findings.length, fault ? 1 : 0, label)
    if (fault) assert.match(findings[0]!.message, fault)
  }
})

test('names keep no markup, no control characters, and not ten thousand characters', () => {
  const title = (text: unknown) => readStore(store({ a: { title: text } }), none, NOW)
  assert.equal(title('A <i>fine</i>\n\tday\u0000').active!.title, 'A fine day')
  assert.equal(title('5 < 7 & 3 > 2').active!.title, '5 < 7 & 3 > 2')
  assert.equal(title('<script>alert(1)').active!.title, undefined)
  assert.equal(title('<img src=x onerror=alert(1)').active!.title, undefined)
  const long = title('x'.repeat(10_000))
  assert.equal(long.active!.title!.length, 200)
  assert.deepEqual(
    long.findings.map(({ code }) => code),
    ['text_cut'],
  )
  assert.equal(title({ toString: 1 }).active!.title, undefined)
})

test('assertions are cut in depth, in number and in length', () => {
  let deep: unknown = 1
  for (let i = 0; i < 1000; i++) deep = [deep]
  const many = Array.from({ length: 30_000 }, (_, i) => ({ label: `x.y${i}`, data: { i } }))
  const heavy = Array.from({ length: 500 }, () => 'z'.repeat(4000))
  for (const assertions of [[{ label: 'x.y', data: deep }], many, [{ label: 'x.y', data: heavy }]]) {
    const report = readStore(store({ a: { assertions } }), none, NOW)
    assert.ok(report.findings.some(({ code }) => code === 'assertion_cut'))
    assert.ok(JSON.stringify(report).length < 2_500_000)
  }
})

test('a failure that nobody knows is never a success; findings are not endless', () => {
  const failing = store({ a: {} })
  failing.validation_results = { activeManifest: { failure: [{ code: 'something.new' }] } }
  assert.equal(readStore(failing, none, NOW).state, 'invalid')
  assert.deepEqual(codes(failing), ['unknown_failure'])
  assert.equal(readStore({ ...store({ a: {} }), validation_state: 'Splendid' }, none, NOW).state, 'invalid')
  assert.equal(readStore(store({}), none, NOW).state, 'invalid')
  failing.validation_results.activeManifest!.failure = Array.from({ length: 5000 }, (_, i) => ({
    code: 'assertion.missing',
    url: `self#jumbf=x${i}`,
  }))
  assert.equal(codes(failing).length, 101)
})

test('a store of any shape gives a report', () => {
  const description = fc.record(
    {
      title: fc.jsonValue(),
      claim_generator: fc.jsonValue(),
      assertions: fc.array(
        fc.record({
          label: fc.oneof(fc.string(), fc.constantFrom('c2pa.actions.v2', 'cawg.metadata')),
          data: fc.jsonValue(),
        }),
      ),
      ingredients: fc.array(
        fc.record({
          title: fc.jsonValue(),
          relationship: fc.jsonValue(),
          active_manifest: fc.constantFrom('a', 'b', 'c'),
        }),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), description), (manifests) => {
      const report = readStore(store(manifests as Record<string, ManifestDescription>), none, NOW)
      assert.ok(['valid-trusted', 'invalid'].includes(report.state))
    }),
  )
})

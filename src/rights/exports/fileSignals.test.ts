import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkRoundTrip, documentOf, NOW } from '../../../tests/support/rightsOracle.ts'
import type { RightsExport, RightsRule } from '../rules.ts'
import { exportCawg, readCawg } from './cawg.ts'
import { exportRights } from './index.ts'
import type { RightsReading } from './findings.ts'
import { exportIptc, readIptc } from './iptc.ts'
import { readIscc } from './iscc.ts'
import { readXml } from './xml.ts'

const NOTHING: RightsReading = { rules: [], findings: [] }
const deny = (action: RightsRule['action']): RightsRule => ({ action, decision: 'deny' })
const allow = (action: RightsRule['action']): RightsRule => ({ action, decision: 'allow' })
const contentOf = (written: RightsExport) => written.files[0]?.content

test('IPTC: never wider, no denial lost, well-formed XMP', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'iptc', NOW),
    (written) => {
      const text = written.snippets[0]?.text
      if (text === undefined) return NOTHING
      assert.deepEqual(readXml(text, 'xmp').findings, [])
      return readIptc(text, 'xmp')
    },
  )
  assert.ok(lossless > 5)
})

test('what has no word for a path: a permission for a part is not written, a denial is, and both are losses', () => {
  for (const format of ['iptc', 'cawg', 'iscc'] as const) {
    const write = (rule: RightsRule) => exportRights({ ...documentOf([rule]), paths: ['/a/'] }, format, NOW)
    const textOf = ({ files, snippets }: RightsExport) => String(files[0]?.content ?? snippets[0]?.text ?? '')
    const allowed = write(allow('tdm:mine'))
    assert.equal(textOf(allowed), '', format)
    assert.deepEqual(allowed.losses, [{ rule: 0, what: 'whole', why: 'noPaths' }])
    const denied = write(deny('tdm:mine'))
    assert.equal(textOf(denied), textOf(exportRights(documentOf([deny('tdm:mine')]), format, NOW)))
    assert.ok(denied.losses.some(({ what, why }) => what === 'paths' && why === 'noPaths'))
  }
  const mixed = { ...documentOf([allow('tdm:mine'), deny('odrl:derive')]), paths: ['/a/'] }
  assert.deepEqual(exportRights(mixed, 'iscc', NOW).losses, [
    { rule: 1, what: 'whole', why: 'noWord', action: 'odrl:derive' },
    { rule: 0, what: 'whole', why: 'noPaths' },
  ])
})

test('CAWG: who is to be paid stands in the words of a condition', () => {
  const duties = [
    {
      action: 'odrl:compensate' as const,
      pay: { amount: '5', currency: 'EUR' },
      per: 'year' as const,
      to: 'did:web:b',
    },
  ]
  const written = exportCawg(documentOf([{ ...allow('tdm:mine'), duties }]), NOW)
  assert.match(String(contentOf(written)), /pay 5 EUR per year to did:web:b/)
})

test('IPTC: the value that each denial means, and search is left alone', () => {
  const valueOf = (...rules: RightsRule[]) =>
    /vocab\/([A-Z-]+)</.exec(exportIptc(documentOf(rules), NOW).snippets[0]?.text ?? '')?.[1]
  assert.equal(valueOf(deny('col:trainAI')), 'DMI-PROHIBITED-AIMLTRAINING')
  assert.equal(valueOf(deny('col:trainGenAI')), 'DMI-PROHIBITED-GENAIMLTRAINING')
  assert.equal(valueOf(deny('col:trainGenAI'), allow('tdm:mine')), 'DMI-PROHIBITED-GENAIMLTRAINING')
  assert.equal(valueOf(deny('tdm:mine')), 'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING')
  assert.equal(valueOf(deny('tdm:mine'), deny('odrl:index')), 'DMI-PROHIBITED')
  assert.equal(valueOf(allow('tdm:mine')), 'DMI-ALLOWED')
  assert.equal(valueOf(allow('col:trainAI')), undefined)
  assert.equal(valueOf({ ...deny('col:trainAI'), purposes: ['col:commercial'] }), 'DMI-PROHIBITED-SEECONSTRAINT')
})

test('IPTC: unknown values say nothing and are findings', () => {
  const xmp = (value: string) =>
    `<x xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${value}</x>`
  const dmi = 'http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING'
  assert.deepEqual(readIptc(xmp(`<a plus:DataMining="${dmi}"/>`), 'x').rules, [deny('col:trainAI')])
  assert.deepEqual(readIptc(xmp(`<plus:DataMining rdf:resource="${dmi}"/>`), 'x').rules, [deny('col:trainAI')])
  const unknown = readIptc(xmp('<plus:DataMining>DMI-WHATEVER</plus:DataMining>'), 'x')
  assert.deepEqual([unknown.rules.length, unknown.findings[0]!.code], [0, 'unknown_value'])
  const both = readIptc(xmp(`<a plus:DataMining="${dmi}"/><b plus:DataMining="${dmi}X"/>`), 'x')
  assert.ok(both.findings.some(({ code }) => code === 'said_both'))
  assert.equal(readIptc(`<!DOCTYPE x>${xmp('')}`, 'x').findings[0]!.code, 'doctype_refused')
})

test('CAWG: never wider, no denial lost', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'cawg', NOW),
    (written) => (contentOf(written) === undefined ? NOTHING : readCawg(contentOf(written)!, 'manifest')),
  )
  assert.ok(lossless > 5)
})

test('CAWG: ai_training is the training of models that do not generate', () => {
  const entriesOf = (...rules: RightsRule[]) =>
    JSON.parse(String(contentOf(exportCawg(documentOf(rules), NOW)))).data.entries
  assert.deepEqual(entriesOf(deny('col:trainAI')), {
    'cawg.ai_training': { use: 'notAllowed' },
    'cawg.ai_generative_training': { use: 'notAllowed' },
  })
  assert.deepEqual(entriesOf(deny('col:trainGenAI'), allow('col:trainAI')), {
    'cawg.ai_training': { use: 'allowed' },
    'cawg.ai_generative_training': { use: 'notAllowed' },
  })
  const one = (entries: object) => readCawg(JSON.stringify({ entries }), 'm')
  const alone = one({ 'cawg.ai_training': { use: 'allowed' } })
  assert.deepEqual([alone.rules, alone.findings[0]!.code], [[], 'wider_than_said'])
  const older = one({ 'c2pa.ai_generative_training': { use: 'notAllowed' } })
  assert.deepEqual(older, { rules: [deny('col:trainGenAI')], findings: [] })
  const constrained = one({ 'cawg.ai_inference': { use: 'constrained', constraint_info: 'on Tuesdays' } })
  assert.deepEqual([constrained.rules, constrained.findings[0]!.code], [[deny('col:aiInput')], 'condition_not_read'])
  assert.equal(one({ 'cawg.ai_inference': { use: 'yes' } }).findings[0]!.code, 'unknown_value')
  assert.equal(readCawg('{"label":"x","entries":{}}', 'm').findings[0]!.code, 'malformed_json')
})

test('ISCC: never wider, no denial lost; the categories of schema 0.5 are still read', () => {
  const { lossless } = checkRoundTrip(
    (document) => exportRights(document, 'iscc', NOW, { iscc: 'ISCC:MAACAJINXFXA2SQX' }),
    (written) => (contentOf(written) === undefined ? NOTHING : readIscc(contentOf(written)!, 'tdm.json')),
  )
  assert.ok(lossless > 5)
  const old = readIscc('{"train":"reserved","inference":"open","derive":"open","analyze":"open"}', 'tdm.json')
  assert.deepEqual(old.rules, [allow('tdm:mine'), deny('col:trainAI'), allow('col:aiInput')])
  assert.deepEqual(readIscc('{"analyze":"open"}', 'tdm.json').rules, [])
  assert.equal(readIscc('{"tdm_reservation":"1"}', 'tdm.json').findings[0]!.code, 'unknown_value')
})

test('hostile files of these kinds are findings', () => {
  for (const read of [readCawg, readIscc]) {
    assert.equal(read(' '.repeat(10_000_000), 'f').findings[0]!.code, 'too_large')
    assert.equal(read('{"a":'.repeat(200_000), 'f').findings[0]!.code, 'malformed_json')
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => void read(text, 'f')))
  }
  assert.equal(readIptc(' '.repeat(10_000_000), 'f').findings[0]!.code, 'too_large')
})

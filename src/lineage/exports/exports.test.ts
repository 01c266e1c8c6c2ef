import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import jsonld from 'jsonld'
import { arbitraryLineage } from '../../../tests/support/arbitraryLineage.ts'
import { exampleLineage } from '../../../tests/support/exampleLineage.ts'
import { ColophonError } from '../../foundation/index.ts'
import { buildLineage, type Lineage } from '../graph.ts'
import { exportLineage, importLineage, lineageFormats, type LineageFormat } from './index.ts'
import { upstreamOf } from './upstream.ts'

const AT = '2026-11-01T00:00:00.000Z'
const lineage = exampleLineage()
const written = (format: LineageFormat, id = 'corpus-2') => exportLineage(lineage, id, format, { at: AT })
const readBack = (format: LineageFormat, id = 'corpus-2') =>
  buildLineage(importLineage(written(format, id).text, undefined, { at: AT }).steps)
const linksOf = ({ made }: Lineage) =>
  [...made.values()].flatMap((links) => links.map(({ edge }) => `${edge.to} < ${edge.from}`)).sort()

test('each format is recognised by what it looks like, and gives back the entities and links that it holds', () => {
  for (const format of lineageFormats) {
    const whole = linksOf(buildLineage(upstreamOf(lineage, 'corpus-2').steps))
    const direct = whole.filter((each) => each.startsWith('corpus-2 <'))
    const isDirect = format === 'huggingface' || format === 'data-provenance-standards'
    const back = readBack(format)
    assert.deepEqual(linksOf(back), isDirect ? direct : whole, format)
    const { name, licence } = back.entities.get('corpus-2')!
    assert.deepEqual({ name, licence }, { name: 'Corpus 2', licence: 'ODbL-1.0' }, format)
    if (!isDirect) assert.equal(back.entities.get('crawl-1')!.sha256, 'a'.repeat(64), format)
  }
})

test('what is read is attested, not measured, save where our own PROV says how it is known', () => {
  for (const format of lineageFormats) {
    const kinds = importLineage(written(format).text, format, { at: AT }).steps.flatMap(({ edges }) =>
      edges.map(({ known }) => known),
    )
    assert.equal(kinds.includes('measured'), format === 'prov', format)
  }
})

test('losses name what this lineage holds and the format does not, and nothing else', () => {
  assert.deepEqual(written('prov').lost, [])
  assert.ok(written('croissant').lost.includes('which row came from which'))
  assert.ok(written('spdx').lost.includes('how much came from each source'))
  assert.ok(!written('openlineage').lost.some((each) => each.includes('how much')))
  assert.ok(written('data-provenance-standards').lost.includes('what its sources were made from (1 more)'))
  const bare = buildLineage([
    {
      type: 'LineageStep',
      id: 's',
      activity: 'publish',
      endedAt: AT,
      entities: [{ id: 'd', type: 'Dataset' }],
      edges: [],
    },
  ])
  const { lost, missing } = exportLineage(bare, 'd', 'croissant', { at: AT })
  assert.deepEqual(lost, [])
  assert.deepEqual(
    missing.map((each) => each.split(' ')[0]),
    ['description', 'license', 'url', 'creator', 'distribution'],
  )
})

test('what nobody said is not made up: no licence, owner, date or name comes back that was not there', () => {
  fc.assert(
    fc.property(arbitraryLineage, fc.constantFrom(...lineageFormats), (given, format) => {
      const { root, entities } = upstreamOf(given.lineage, given.id)
      if (root.type === 'Model' && ['croissant', 'dcat-ap', 'data-provenance-standards'].includes(format)) return
      const { text } = exportLineage(given.lineage, given.id, format, { at: AT })
      const back = buildLineage(importLineage(text, format, { at: AT }).steps)
      for (const [id, entity] of back.entities) {
        const said = entities.get(id)
        assert.ok(said, `${format}: ${id} was not there`)
        for (const part of ['name', 'licence', 'owner', 'sha256', 'description', 'version', 'collected'] as const)
          if (entity[part] !== undefined) assert.ok(said[part] !== undefined, `${format}: ${part} of ${id}`)
        if (entity.sha256) assert.equal(entity.sha256, said.sha256)
      }
      for (const link of linksOf(back)) assert.ok(linksOf(given.lineage).includes(link), `${format}: ${link}`)
    }),
    { numRuns: 400 },
  )
})

test('an independent reader of JSON-LD finds every property under a full name, and fetches nothing', async () => {
  const documentLoader = (url: string) => Promise.reject(new Error(`fetched ${url}`))
  for (const format of ['prov', 'croissant', 'dcat-ap'] as const) {
    const document = JSON.parse(written(format).text) as jsonld.JsonLdDocument
    const expanded = JSON.stringify(await jsonld.expand(document, { documentLoader, base: 'urn:none' }))
    assert.ok(expanded.includes('"http://www.w3.org/ns/prov#wasDerivedFrom"'), format)
    const quads = (await jsonld.toRDF(document, { documentLoader, base: 'urn:none' })) as {
      predicate: { value: string }
    }[]
    assert.ok(quads.length > 30, format)
    for (const { predicate } of quads) assert.match(predicate.value, /^https?:\/\//)
  }
})

test('models have no Croissant, DCAT-AP or Data Provenance document, and an unknown entity has none at all', () => {
  for (const format of ['croissant', 'dcat-ap', 'data-provenance-standards'] as const)
    assert.throws(() => written(format, 'model-x'), { code: 'invalid_input', where: 'model-x' })
  assert.throws(() => written('prov', 'nothing'), { code: 'invalid_input', where: 'nothing' })
})

test('a document is read without harm, whatever it holds', () => {
  const documents = lineageFormats.map((format) => written(format).text)
  const mangled = fc
    .tuple(
      fc.constantFrom(...documents),
      fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 0.999, noNaN: true }),
          fc.constantFrom(
            '',
            '"',
            '{',
            '}',
            '[',
            ']',
            ':',
            ',',
            '__proto__',
            'null',
            '1e999',
            '\u0000',
            '\ud800',
            '@id',
            '&a *a',
            '---\n',
          ),
        ),
        { maxLength: 6 },
      ),
    )
    .map(([text, cuts]) =>
      cuts.reduce((now, [place, piece]) => {
        const at = Math.floor(place * now.length)
        return now.slice(0, at) + piece + now.slice(at + piece.length)
      }, text),
    )
  const anything = fc.oneof(
    mangled,
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(reshaped(value))),
  )
  fc.assert(
    fc.property(anything, fc.option(fc.constantFrom(...lineageFormats), { nil: undefined }), (text, format) => {
      try {
        buildLineage(importLineage(text, format, { at: AT }).steps)
      } catch (error) {
        assert.ok(error instanceof ColophonError, String(error))
        assert.ok(['invalid_input', 'too_large'].includes(error.code), error.code)
        assert.ok(error.where && error.message)
      }
      assert.equal(({} as Record<string, unknown>).polluted, undefined)
    }),
    { numRuns: 3000 },
  )
})

/** Any JSON in the places where documents have their words. */
function reshaped(value: unknown): unknown {
  return {
    '@context': [value, { __proto__x: value }],
    '@type': ['sc:Dataset', 'dcat:Dataset', 'prov:Entity', value],
    '@graph': [value, { spdxId: 'urn:x', type: 'dataset_DatasetPackage', name: value, originatedBy: value }],
    'prov:wasDerivedFrom': value,
    license: value,
    distribution: value,
    source: { id: value, title: value, issuer: value },
    provenance: { source: value },
    use: { license: value },
    eventTime: AT,
    producer: 'urn:p',
    job: { namespace: 'n', name: 'j', facets: value },
    outputs: value,
  }
}

test('limits: size, depth and the names of an object that everything inherits', () => {
  assert.throws(() => importLineage('x'.repeat(17 * 1024 * 1024), undefined), { code: 'too_large' })
  assert.throws(() => importLineage(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'prov'), { code: 'invalid_input' })
  const hostile =
    '{"@context":{"@vocab":"http://schema.org/","__proto__":"x"},"@type":"Dataset","name":"n","@id":"__proto__","__proto__":{"polluted":1}}'
  const { steps } = importLineage(hostile, 'croissant', { at: AT })
  assert.equal(steps[0]!.entities[0]!.id, '__proto__')
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
})

test('a short document that says very many links is refused in time', () => {
  const tables = (namespace: string) => Array.from({ length: 300 }, (_, name) => ({ namespace, name: String(name) }))
  const events = Array.from({ length: 50 }, (_, run) =>
    JSON.stringify({
      eventType: 'COMPLETE',
      eventTime: AT,
      producer: 'urn:p',
      run: { runId: String(run) },
      job: { namespace: 'n', name: 'j' },
      inputs: tables('from'),
      outputs: tables('to'),
    }),
  )
  assert.throws(() => importLineage(events.join('\n'), undefined, { at: AT }), { code: 'too_large' })
})

test('what was made from itself is refused with its name', () => {
  const circle = JSON.stringify({
    '@graph': ['a', 'b'].map((id) => ({
      '@id': `urn:x:${id}`,
      '@type': 'prov:Entity',
      'prov:wasDerivedFrom': { '@id': `urn:x:${id === 'a' ? 'b' : 'a'}` },
    })),
  })
  assert.throws(() => importLineage(circle, 'prov', { at: AT }), { code: 'invalid_input', message: /made from itself/ })
})

import fc from 'fast-check'
import {
  activities,
  buildLineage,
  certainties,
  entityTypes,
  measures,
  origins,
  type Edge,
  type Entity,
  type Lineage,
  type LineageStep,
} from '../../src/lineage/graph.ts'

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .map((each) => `t${each.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')}`)
const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
const amount = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, max: 1e15, noNaN: true }).map((each) => each + 0),
)
const weights = fc.record(Object.fromEntries(measures.map((measure) => [measure, amount])), { requiredKeys: [] })
const moment = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const day = moment.map((each) => each.slice(0, 10))
const licence = fc.constantFrom(
  'CC-BY-4.0',
  'MIT OR Apache-2.0',
  'ODbL-1.0',
  'https://rights.example/own',
  'by agreement',
)
/** Names that collide with what documents are written in, or look like it. */
const oddName = fc.oneof(
  fc.constantFrom(
    'prov:Entity',
    '_:b0',
    'urn:colophon:entity:x',
    'https://schema.org/Dataset',
    '__proto__',
    '@id',
    '100%',
    'é#?',
  ),
  fc.webUrl().filter((url) => !/[\s<>"{}|\\^`]/.test(url)),
  fc.stringMatching(/^[a-z0-9:/#%._-]{1,20}$/),
)
const agent = fc.record(
  {
    id: oddName,
    name: text,
    role: fc.constantFrom('rightsholder', 'provider', 'crawler', 'annotator', 'publisher', 'tool', 'other'),
  },
  { requiredKeys: ['id'] },
)

function entityOf(id: string): fc.Arbitrary<Entity> {
  return fc.record(
    {
      id: fc.constant(id),
      type: fc.constantFrom(...entityTypes),
      name: text,
      description: text,
      version: text,
      url: fc.webUrl(),
      sha256: hash,
      licence,
      owner: agent,
      origin: fc.constantFrom(...origins),
      weights,
      languages: fc.dictionary(fc.constantFrom('deu', 'gle', 'und', 'sme'), amount),
      domains: fc.dictionary(fc.constantFrom('example.org', 'museum.example'), amount),
      collected: fc.record({ from: day, to: day }, { requiredKeys: [] }),
      work: fc.constant('urn:uuid:7d0e5a0e-0000-4000-8000-000000000000'),
    },
    { requiredKeys: ['id', 'type'] },
  ) as fc.Arbitrary<Entity>
}

const rows = fc.oneof(
  fc.constant({ kind: 'same' as const }),
  fc.record({ kind: fc.constant('at' as const), at: fc.nat(), count: fc.nat() }),
  fc.record({ kind: fc.constant('without' as const), rows: fc.array(fc.nat(), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('from' as const), rows: fc.array(fc.nat(), { maxLength: 4 }) }),
)

function edgeOf(ids: readonly string[]): fc.Arbitrary<Edge> {
  return fc.tuple(fc.integer({ min: 1, max: ids.length - 1 }), fc.nat()).chain(([to, before]) =>
    fc.record(
      {
        to: fc.constant(ids[to]!),
        from: fc.constant(ids[before % to]!),
        weights,
        known: fc.constantFrom(...certainties),
        sha256: hash,
        licence,
        reservations: fc.record(
          {
            at: moment,
            method: text,
            reservedAtCollection: fc.double({ min: 0, max: 1, noNaN: true }).map((each) => each + 0),
          },
          { requiredKeys: ['at', 'method'] },
        ),
        rows,
      },
      { requiredKeys: ['to', 'from', 'known'] },
    ),
  ) as fc.Arbitrary<Edge>
}

function stepOf(id: string, entities: readonly Entity[]): fc.Arbitrary<LineageStep> {
  const edges =
    entities.length > 1 ? fc.array(edgeOf(entities.map((entity) => entity.id)), { maxLength: 4 }) : fc.constant([])
  return fc.record(
    {
      type: fc.constant('LineageStep' as const),
      id: fc.constant(id),
      activity: fc.constantFrom(...activities),
      name: text,
      description: text,
      startedAt: moment,
      endedAt: moment,
      agent,
      tool: fc.record({ name: text, version: text }, { requiredKeys: ['name'] }),
      parameters: fc.dictionary(fc.constantFrom('seed', 'threshold'), text),
      entities: fc.subarray([...entities]).chain((some) =>
        // A later step may say less of an entity, or something of it again.
        fc.tuple(...some.map((entity) => fc.constantFrom(entity, { id: entity.id, type: entity.type }))),
      ),
      edges,
    },
    { requiredKeys: ['type', 'id', 'activity', 'endedAt', 'entities', 'edges'] },
  ) as fc.Arbitrary<LineageStep>
}

/** Pipelines without cycles, with a step that describes everything at first, and the entity that a document is about. */
export const arbitraryLineage: fc.Arbitrary<{ lineage: Lineage; id: string }> = fc
  .tuple(
    fc.uniqueArray(oddName, { minLength: 1, maxLength: 6 }),
    fc.uniqueArray(oddName, { minLength: 1, maxLength: 4 }),
  )
  .chain(([ids, stepIds]) =>
    fc.tuple(...ids.map(entityOf)).chain((entities) =>
      fc.tuple(...stepIds.map((id) => stepOf(id, entities))).map((steps) => {
        const [first, ...others] = steps
        const all = JSON.parse(JSON.stringify([{ ...first!, entities }, ...others])) as LineageStep[]
        return { lineage: buildLineage(all), id: ids.at(-1)! }
      }),
    ),
  )

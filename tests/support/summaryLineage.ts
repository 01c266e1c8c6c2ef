import { buildLineage, type Entity, type LineageStep } from '../../src/lineage/index.ts'

/** A step of a pipeline, by what is special in it. */
export const step = (id: string, more: Partial<LineageStep>): LineageStep => ({
  type: 'LineageStep',
  id,
  activity: 'acquire',
  endedAt: '2026-06-01T00:00:00.000Z',
  entities: [],
  edges: [],
  ...more,
})
/** A source of so many tokens. */
export const source = (id: string, tokens: number, more: Partial<Entity>): Entity => ({
  id,
  type: 'Source',
  name: id,
  url: `https://data.example/${id}`,
  weights: { tokens },
  ...more,
})

const SOURCES = [
  source('letters', 6e11, {
    origin: 'public',
    version: '2.0',
    languages: { deu: 4e11, mlt: 1e11, und: 1e11 },
    collected: { from: '2013-05-01', to: '2024-03-31' },
  }),
  source('poems', 1e10, { origin: 'public', licence: 'CC0-1.0', languages: { pol: 1e10 } }),
  source('press', 2e10, { origin: 'licensed', owner: { id: 'urn:press', name: 'Press' } }),
  source('crawl', 1e11, {
    origin: 'crawled',
    collected: { from: '2026-01-03', to: '2026-05-30' },
    domains: Object.fromEntries(
      Array.from({ length: 57 }, (_, i) => [`site${String(i).padStart(2, '0')}.example`, 100 - i]),
    ),
  }),
]

/** Public, licensed and crawled texts become a model, past a gate and from another model. */
export const LINEAGE = buildLineage([
  step('get', { entities: SOURCES.slice(0, 3) }),
  step('walk', {
    activity: 'crawl',
    agent: { id: 'urn:bot', name: 'ExampleBot/1.2', role: 'crawler' },
    entities: SOURCES.slice(3),
  }),
  step('mix', {
    activity: 'filter',
    name: 'gate, opt-out',
    entities: [{ id: 'mix', type: 'Dataset', weights: { tokens: 7e11 } }],
    edges: SOURCES.map(({ id, weights }) => ({
      to: 'mix',
      from: id,
      known: 'measured',
      weights: { tokens: id === 'crawl' ? 7e10 : weights!.tokens },
      ...(id === 'crawl' ? { reservations: { at: '2026-06-01T00:00:00.000Z', method: 'register snapshot' } } : {}),
    })),
  }),
  step('train', {
    activity: 'train',
    entities: [
      { id: 'model', type: 'Model' },
      { id: 'base', type: 'Model', name: 'Base-3B', url: 'https://models.example/base' },
    ],
    edges: [
      { to: 'model', from: 'mix', known: 'attested' },
      { to: 'model', from: 'base', known: 'attested' },
    ],
  }),
])

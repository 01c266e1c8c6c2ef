import { buildLineage, type Lineage } from '../../src/lineage/graph.ts'

const CRAWL = 'urn:uuid:11111111-1111-4111-8111-111111111111'
const FILTER = 'urn:uuid:22222222-2222-4222-8222-222222222222'
const PUBLISH = 'urn:uuid:33333333-3333-4333-8333-333333333333'
const TRAIN = 'urn:uuid:44444444-4444-4444-8444-444444444444'
const lab = { id: 'https://lab.example/#it', name: 'Sprachlabor', role: 'provider' as const }
const archive = { id: 'https://archive.example/', name: 'Stadtarchiv', role: 'rightsholder' as const }

/** A small pipeline as it occurs: crawled pages and an archive are filtered into a corpus, which a model is trained on. */
export function exampleLineage(): Lineage {
  return buildLineage([
    {
      type: 'LineageStep',
      id: CRAWL,
      activity: 'crawl',
      name: 'News crawl',
      description: 'Pages that no robots.txt reserved',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-02-01T00:00:00.000Z',
      agent: { id: 'https://lab.example/bot', name: 'LabBot', role: 'crawler' },
      tool: { name: 'heritrix', version: '3.4' },
      parameters: { depth: '5' },
      entities: [
        { id: 'news-sites', type: 'Source', name: 'News sites', origin: 'crawled', domains: { 'news.example': 10 } },
        {
          id: 'crawl-1',
          type: 'Dataset',
          name: 'Crawl 1',
          sha256: 'a'.repeat(64),
          weights: { documents: 1000, bytes: 5_000_000 },
          owner: lab,
        },
      ],
      edges: [{ to: 'crawl-1', from: 'news-sites', known: 'measured', weights: { documents: 1000 } }],
    },
    {
      type: 'LineageStep',
      id: FILTER,
      activity: 'filter',
      name: 'Opt-outs removed',
      endedAt: '2026-03-01T12:30:00.000Z',
      entities: [
        {
          id: 'https://archive.example/letters',
          type: 'Dataset',
          name: 'Letters',
          url: 'https://archive.example/letters',
          licence: 'CC-BY-4.0',
          owner: archive,
          version: '1.2',
        },
        {
          id: 'corpus-2',
          type: 'Dataset',
          name: 'Corpus 2',
          description: 'News and letters without what was reserved',
          version: '2.0',
          url: 'https://lab.example/corpus-2',
          sha256: 'b'.repeat(64),
          licence: 'ODbL-1.0',
          owner: lab,
          origin: 'other',
          weights: { rows: 1500, bytes: 4_000_000, tokens: 900_000 },
          languages: { deu: 1500 },
          collected: { from: '2025-12-01', to: '2026-02-01' },
        },
      ],
      edges: [
        {
          to: 'corpus-2',
          from: 'crawl-1',
          known: 'measured',
          weights: { rows: 900 },
          rows: { kind: 'without', rows: [3, 7] },
          reservations: { at: '2026-03-01T00:00:00.000Z', method: 'robots.txt', reservedAtCollection: 0.1 },
        },
        { to: 'corpus-2', from: 'https://archive.example/letters', known: 'attested', licence: 'CC-BY-4.0' },
      ],
    },
    {
      type: 'LineageStep',
      id: PUBLISH,
      activity: 'publish',
      endedAt: '2026-04-01T00:00:00.000Z',
      agent: lab,
      entities: [
        { id: 'corpus-2', type: 'Dataset' },
        { id: 'urn:example:index', type: 'File', name: 'index.csv', sha256: 'c'.repeat(64), weights: { bytes: 12 } },
      ],
      edges: [{ to: 'corpus-2', from: 'urn:example:index', known: 'measured' }],
    },
    {
      type: 'LineageStep',
      id: TRAIN,
      activity: 'train',
      endedAt: '2026-05-01T00:00:00.000Z',
      entities: [{ id: 'model-x', type: 'Model', name: 'Model X', licence: 'Apache-2.0', owner: lab, version: '1' }],
      edges: [{ to: 'model-x', from: 'corpus-2', known: 'measured', weights: { tokens: 900_000 } }],
    },
  ])
}

import { sha256Hex } from '../../foundation/index.ts'
import type { Edge, Entity, LineageStep, Weights } from '../graph.ts'
import { known } from './document.ts'
import type { Written } from './formats.ts'
import { everyEntityPart, everyStepPart, lossesOf } from './losses.ts'
import { NAMESPACE } from './names.ts'
import type { Upstream } from './upstream.ts'

const SPEC = 'https://openlineage.io/spec'
const SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs`
const FACET_SCHEMA = `${NAMESPACE}ColophonLineageFacet`
export const LOCAL_NAMESPACE = 'colophon'
export const FACET = 'colophon_lineage'

type Facet = (schema: string, members: object) => object

/**
 * A lineage as OpenLineage events, one COMPLETE event for each step and one dataset event for each entity that no step
 * uses or makes, as NDJSON. What OpenLineage has no facet for (weights and certainty of links, digests, licences,
 * languages) stands in the facet `colophon_lineage` of runs and data sets. Source: OpenLineage 2-0-2.
 */
export function exportOpenLineage(upstream: Upstream, producer: string, at: string): Written {
  const facet: Facet = (schema, members) => known({ _producer: producer, _schemaURL: schema, ...members })
  const touched = new Set(upstream.steps.flatMap(({ edges }) => edges.flatMap(({ from, to }) => [from, to])))
  const events = [
    ...[...upstream.entities.values()]
      .filter(({ id }) => !touched.has(id))
      .map((entity) => ({
        eventTime: at,
        producer,
        schemaURL: `${SCHEMA}/DatasetEvent`,
        dataset: datasetOf(entity, facet),
      })),
    ...upstream.steps.filter(({ edges }) => edges.length > 0).map((step) => runEvent(step, upstream, producer, facet)),
  ]
  const carried = { root: everyEntityPart, sources: everyEntityPart, steps: everyStepPart }
  const bare = upstream.steps.filter(({ edges }) => edges.length === 0)
  return {
    text: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    lost: [
      ...lossesOf(upstream, carried),
      ...(bare.length > 0 ? ['steps that only describe something, without making it from anything'] : []),
      ...(hasTwice(upstream) ? ['which step said what of an entity that several steps describe'] : []),
    ],
    missing: [],
  }
}

function hasTwice({ steps }: Upstream): boolean {
  const ids = steps.flatMap(({ entities }) => entities.map(({ id }) => id))
  return new Set(ids).size < ids.length
}

function runEvent(step: LineageStep, upstream: Upstream, producer: string, facet: Facet): object {
  const uses = Map.groupBy(step.edges, ({ from }) => from)
  const results = Map.groupBy(step.edges, ({ to }) => to)
  const entity = (id: string) => upstream.entities.get(id)!
  return {
    eventType: 'COMPLETE',
    eventTime: step.endedAt,
    producer,
    schemaURL: `${SCHEMA}/RunEvent`,
    run: { runId: uuidOf(step.id), facets: runFacets(step, facet) },
    job: { namespace: LOCAL_NAMESPACE, name: step.name ?? step.activity, facets: jobFacets(step, facet) },
    inputs: [...uses].map(([id, edges]) => inputOf(edges, entity(id), facet)),
    outputs: [...results].map(([id, edges]) => outputOf(edges, entity(id), facet)),
  }
}

/** A run needs a UUID; a step that has none gets the one that its name hashes to (RFC 9562, version 8). */
export function uuidOf(id: string): string {
  const own = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(id)
  if (own) return own[1]!
  const hex = sha256Hex(Buffer.from(id))
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function runFacets({ id, activity, startedAt, tool, parameters, agent, edges }: LineageStep, facet: Facet): object {
  return known({
    processing_engine:
      tool?.version &&
      facet(`${SPEC}/facets/1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet`, tool),
    executionParameters:
      parameters &&
      facet(`${SPEC}/facets/1-0-0/ExecutionParametersRunFacet.json#/$defs/ExecutionParametersRunFacet`, {
        parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })),
      }),
    [FACET]: facet(FACET_SCHEMA, { step: id, activity, startedAt, tool, agent, edges }),
  })
}

function jobFacets({ activity, name, description, agent }: LineageStep, facet: Facet): object {
  return known({
    jobType: facet(`${SPEC}/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet`, {
      processingType: 'BATCH',
      integration: 'COLOPHON',
      jobType: activity.toUpperCase(),
    }),
    documentation:
      description &&
      facet(`${SPEC}/facets/1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet`, { description }),
    ownership:
      agent &&
      facet(`${SPEC}/facets/1-0-1/OwnershipJobFacet.json#/$defs/OwnershipJobFacet`, {
        owners: [known({ name: agent.id, type: agent.role })],
      }),
    ...(name ? { [FACET]: facet(FACET_SCHEMA, { named: true }) } : {}),
  })
}

/** A data set of OpenLineage: an address is divided into host and path, a short name stands in a namespace of its own. */
function datasetNameOf(id: string): { namespace: string; name: string } {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/(.+)$/is.exec(id)
  return parts ? { namespace: parts[1]!, name: parts[2]! } : { namespace: LOCAL_NAMESPACE, name: id }
}

const datasetTypes: Partial<Record<Entity['type'], string>> = { File: 'FILE', Model: 'MODEL' }

function datasetOf(entity: Entity, facet: Facet, more: object = {}): { facets: object } {
  const { id, name, description, version, url, owner, type, ...further } = entity
  return {
    ...datasetNameOf(id),
    facets: known({
      version:
        version &&
        facet(`${SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet`, {
          datasetVersion: version,
        }),
      dataSource:
        url &&
        facet(`${SPEC}/facets/1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet`, { name, uri: url }),
      documentation:
        description &&
        facet(`${SPEC}/facets/1-1-0/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet`, { description }),
      ownership:
        owner &&
        facet(`${SPEC}/facets/1-0-1/OwnershipDatasetFacet.json#/$defs/OwnershipDatasetFacet`, {
          owners: [known({ name: owner.id, type: owner.role })],
        }),
      datasetType: facet(`${SPEC}/facets/1-0-1/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet`, {
        datasetType: datasetTypes[type] ?? 'DATASET',
        subType: type.toUpperCase(),
      }),
      ...more,
      [FACET]: facet(FACET_SCHEMA, { type, name, owner, ...further }),
    }),
  }
}

function inputOf(taken: readonly Edge[], entity: Entity, facet: Facet): object {
  const statistics = taken.length === 1 ? statisticsOf(taken[0]!.weights) : undefined
  const schema = `${SPEC}/facets/1-0-0/InputStatisticsInputDatasetFacet.json#/$defs/InputStatisticsInputDatasetFacet`
  return known({
    ...datasetOf(entity, facet),
    inputFacets: statistics && { inputStatistics: facet(schema, statistics) },
  })
}

function outputOf(sources: readonly Edge[], entity: Entity, facet: Facet): object {
  const statistics = statisticsOf(entity.weights)
  const schema = `${SPEC}/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet`
  const lineage = facet(`${SPEC}/facets/1-0-0/LineageFacet.json#/$defs/LineageDatasetFacet`, {
    inputs: inputsOf(sources),
  })
  const lifecycle = facet(
    `${SPEC}/facets/1-0-1/LifecycleStateChangeDatasetFacet.json#/$defs/LifecycleStateChangeDatasetFacet`,
    { lifecycleStateChange: 'CREATE' },
  )
  return known({
    ...datasetOf(entity, facet, { lineage, lifecycleStateChange: lifecycle }),
    outputFacets: statistics && { outputStatistics: facet(schema, statistics) },
  })
}

function inputsOf(edges: readonly Edge[]): object[] {
  const ids = [...new Set(edges.map(({ from }) => from))]
  return ids.map((id) => ({ ...datasetNameOf(id), type: 'DATASET' }))
}

/** OpenLineage counts in whole rows and bytes. */
function statisticsOf(weights: Weights | undefined): object | undefined {
  const whole = (amount: number | undefined) => (Number.isSafeInteger(amount) ? amount : undefined)
  const [rowCount, size] = [whole(weights?.rows), whole(weights?.bytes)]
  return rowCount === undefined && size === undefined ? undefined : known({ rowCount, size })
}

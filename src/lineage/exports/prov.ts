import type { Edge, Entity, LineageStep } from '../graph.ts'
import { jsonText, known } from './document.ts'
import { iriOf, NAMESPACE } from './names.ts'
import type { Upstream } from './upstream.ts'

const PROV_CONTEXT = {
  '@version': 1.1,
  '@vocab': NAMESPACE,
  prov: 'http://www.w3.org/ns/prov#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  ...Object.fromEntries(
    ['weights', 'languages', 'domains', 'collected', 'reservations', 'rowMap', 'parameters', 'tool', 'describes'].map(
      (term) => [term, { '@id': NAMESPACE + term, '@type': '@json' }],
    ),
  ),
}

/** How the things of one document are called in it. */
interface Names {
  entity: (id: string) => string
  step: (id: string) => string
  agent: (id: string) => string
}

/** The names of a document, and the place that each link has in its step. */
interface Sheet {
  names: Names
  positions: Map<Edge, number>
}

/**
 * A lineage as W3C PROV-O in JSON-LD: entities, activities and agents, and for each link a qualified derivation that
 * carries what PROV has no word for under this project's vocabulary. Reading it back gives the same lineage. Source:
 * W3C PROV-O (2013).
 */
export function exportProv(upstream: Upstream): string {
  const ids = new Set(upstream.entities.keys())
  const steps = new Set(upstream.steps.map(({ id }) => id))
  const names: Names = {
    entity: (id) => iriOf(id),
    step: (id) => iriOf(id, 'step', ids.has(id)),
    agent: (id) => iriOf(id, 'agent', ids.has(id) || steps.has(id)),
  }
  const activities = upstream.steps.map((step, position) => activityNode(step, position, upstream, names))
  const positions = new Map(upstream.steps.flatMap(({ edges }) => edges.map((edge, at) => [edge, at] as const)))
  const entities = [...upstream.entities.values()].map((entity) => entityNode(entity, upstream, { names, positions }))
  return jsonText({ '@context': PROV_CONTEXT, '@graph': [...entities, ...activities, ...agentNodes(upstream, names)] })
}

function entityNode(entity: Entity, upstream: Upstream, sheet: Sheet): object {
  const { names } = sheet
  const { id, type, name, owner, ...more } = entity
  const links = upstream.made.get(id)!
  const refs = (list: string[]) => (list.length > 0 ? [...new Set(list)].map((each) => ({ '@id': each })) : undefined)
  return known({
    '@id': names.entity(id),
    '@type': ['prov:Entity', type],
    'rdfs:label': name,
    ...more,
    ...(owner ? attribution(owner, names) : {}),
    'prov:wasGeneratedBy': refs(links.map(({ step }) => names.step(step.id))),
    'prov:wasDerivedFrom': refs(links.map(({ edge }) => names.entity(edge.from))),
    'prov:qualifiedDerivation':
      links.length > 0 ? links.map(({ edge, step }) => derivationNode(edge, step, sheet)) : undefined,
  })
}

function attribution(owner: NonNullable<Entity['owner']>, names: Names): object {
  return {
    'prov:wasAttributedTo': { '@id': names.agent(owner.id) },
    'prov:qualifiedAttribution': { '@type': 'prov:Attribution', ...involvement(owner, names) },
  }
}

/** The name stands here, too: two steps may call one agent differently. */
function involvement({ id, name, role }: NonNullable<Entity['owner']>, names: Names): object {
  return known({
    'prov:agent': { '@id': names.agent(id) },
    'prov:hadRole': role && { '@id': NAMESPACE + role },
    agentName: name,
  })
}

function derivationNode(edge: Edge, step: LineageStep, { names, positions }: Sheet): object {
  const { to: _, from, rows, ...said } = edge
  return known({
    '@type': 'prov:Derivation',
    'prov:entity': { '@id': names.entity(from) },
    'prov:hadActivity': { '@id': names.step(step.id) },
    position: positions.get(edge),
    ...said,
    rowMap: rows,
  })
}

function activityNode(step: LineageStep, position: number, upstream: Upstream, names: Names): object {
  const { id, type: _, name, startedAt, endedAt, agent, entities, edges, ...more } = step
  return known({
    '@id': names.step(id),
    '@type': 'prov:Activity',
    'rdfs:label': name,
    position,
    ...more,
    'prov:startedAtTime': startedAt && { '@value': startedAt, '@type': 'xsd:dateTime' },
    'prov:endedAtTime': { '@value': endedAt, '@type': 'xsd:dateTime' },
    'prov:used': [...new Set(edges.map(({ from }) => names.entity(from)))].map((each) => ({ '@id': each })),
    'prov:wasAssociatedWith': agent && { '@id': names.agent(agent.id) },
    'prov:qualifiedAssociation': agent && { '@type': 'prov:Association', ...involvement(agent, names) },
    describes: entities.map((entity) => (isSame(entity, upstream.entities.get(entity.id)!) ? entity.id : entity)),
  })
}

/** A step that says less of an entity than all together is written as it spoke. */
function isSame(entity: Entity, merged: Entity): boolean {
  const parts = Object.keys(merged) as (keyof Entity)[]
  return parts.every((part) => JSON.stringify(entity[part]) === JSON.stringify(merged[part]))
}

function agentNodes(upstream: Upstream, names: Names): object[] {
  const agents = [
    ...[...upstream.entities.values()].flatMap(({ owner }) => owner ?? []),
    ...upstream.steps.flatMap(({ agent }) => agent ?? []),
  ]
  const byId = new Map(agents.toReversed().map((agent) => [agent.id, agent]))
  return [...byId.values()].map(({ id, name }) =>
    known({ '@id': names.agent(id), '@type': 'prov:Agent', 'rdfs:label': name }),
  )
}

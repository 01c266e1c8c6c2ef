import { ColophonError } from '../../foundation/index.ts'
import type { Edge, Entity, Lineage, LineageStep } from '../graph.ts'

/** One link, with the step that it belongs to. */
interface Link {
  edge: Edge
  step: LineageStep
}

/** An entity with everything that it was made from, by whatever way, and the steps that say so. */
export interface Upstream {
  root: Entity
  /** The root first, then what it was made from, nearest first. */
  entities: Map<string, Entity>
  /** In the order of the lineage, each without what does not lead to the root. */
  steps: LineageStep[]
  /** What each entity was made from. */
  made: Map<string, Link[]>
  /** The files that the entity was published as, and nothing else went into; a file may stand in another of them. */
  published: Published[]
}

export interface Published {
  file: Entity
  /** The files that it was taken out of. */
  containers: string[]
  endedAt: string
}

/**
 * What a document about one entity is written from. Errors: `invalid_input` where the lineage does not know the entity.
 *
 * @example upstreamOf(lineage, 'corpus-2').entities.size
 */
export function upstreamOf(lineage: Lineage, entityId: string): Upstream {
  const root = lineage.entities.get(entityId)
  if (!root)
    throw new ColophonError('invalid_input', 'the lineage does not know this entity', {
      where: entityId,
      remedy: 'Name an entity that one of its steps describes.',
    })
  const entities = new Map([[entityId, root]])
  // A map that is added to while it is walked is walked to its new end: breadth first, without recursion.
  for (const id of entities.keys())
    for (const { edge } of lineage.made.get(id) ?? []) entities.set(edge.from, lineage.entities.get(edge.from)!)
  const made = new Map([...entities.keys()].map((id) => [id, lineage.made.get(id) ?? []]))
  const steps = lineage.steps.flatMap((step) => withoutOthers(step, entities))
  return { root, entities, made, steps, published: publishedAs(lineage, entityId) }
}

/** Files are looked at again whenever one is found that they were made from, so that all of them are when the last is. */
function publishedAs(lineage: Lineage, rootId: string): Published[] {
  const found = new Map<string, Published>()
  const byContainer = filesByOrigin(lineage)
  const open = [...(byContainer.get(rootId) ?? [])]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const links = lineage.made.get(id)!
    const isWhole = links.every(
      ({ edge, step }) => step.activity === 'publish' && (edge.from === rootId || found.has(edge.from)),
    )
    if (found.has(id) || !isWhole) continue
    const containers = [...new Set(links.map(({ edge }) => edge.from))].filter((from) => from !== rootId)
    found.set(id, { file: lineage.entities.get(id)!, containers, endedAt: links[0]!.step.endedAt })
    open.push(...(byContainer.get(id) ?? []))
  }
  return [...lineage.entities.keys()].flatMap((id) => found.get(id) ?? [])
}

function filesByOrigin({ entities, made }: Lineage): Map<string, string[]> {
  const byOrigin = new Map<string, string[]>()
  for (const [id, links] of made) {
    if (entities.get(id)!.type !== 'File') continue
    for (const from of new Set(links.map(({ edge }) => edge.from))) {
      const list = byOrigin.get(from) ?? []
      list.push(id)
      byOrigin.set(from, list)
    }
  }
  return byOrigin
}

function withoutOthers(step: LineageStep, known: Map<string, Entity>): LineageStep[] {
  const entities = step.entities.filter(({ id }) => known.has(id))
  const edges = step.edges.filter(({ to }) => known.has(to))
  return entities.length + edges.length > 0 ? [{ ...step, entities, edges }] : []
}

/** What an entity was made from in one step, each once. */
export function sourcesOf(upstream: Upstream, id: string): string[] {
  return [...new Set(upstream.made.get(id)?.map(({ edge }) => edge.from))]
}

/** The steps that made an entity, each once. */
export function stepsOf(upstream: Upstream, id: string): LineageStep[] {
  return [...new Set(upstream.made.get(id)?.map(({ step }) => step))]
}

/** Entities that were made from nothing that the lineage knows. */
export function rootSources(upstream: Upstream): Entity[] {
  return [...upstream.entities.values()].filter(
    ({ id }) => id !== upstream.root.id && (upstream.made.get(id)?.length ?? 0) === 0,
  )
}

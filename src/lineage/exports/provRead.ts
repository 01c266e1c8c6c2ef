import { certainties, entityTypes, measures, type Certainty, type Entity, type LineageStep } from '../graph.ts'
import { withoutOddAddress } from './addresses.ts'
import type { Json } from '../../foundation/index.ts'
import { isObject, readDocument, refusal, type JsonObject } from './document.ts'
import { jsonOf, namesOf, readLinkedData, valuesOf, wordOf, type LinkedNode } from './linkedData.ts'
import { idOf, NAMESPACE } from './names.ts'
import {
  agentOf,
  checked,
  cleanMoment,
  cleanText,
  describe,
  finish,
  link,
  newDraft,
  stepOf,
  type Draft,
  type LineageReading,
} from './reading.ts'

export const PROV = 'http://www.w3.org/ns/prov#'
const LABELS = [
  'http://www.w3.org/2000/01/rdf-schema#label',
  `${PROV}label`,
  'http://purl.org/dc/terms/title',
  'http://schema.org/name',
  'http://xmlns.com/foaf/0.1/name',
]
const TYPES = ['http://purl.org/dc/terms/type', 'http://schema.org/additionalType']
type Nodes = Map<string, LinkedNode>

/**
 * A lineage out of W3C PROV-O in JSON-LD. What this project wrote is read as it was, with the certainty that it names;
 * from other documents every link that is said is attested, and where an activity used one thing and generated another
 * without saying that one came from the other, the link is inferred. Errors: `invalid_input`, `too_large`.
 */
export function importProv(text: string, at?: string): LineageReading {
  const nodes = readLinkedData(readDocument(text), NAMESPACE)
  const own = [...nodes.values()].filter((node) => Array.isArray(jsonOf(node, `${NAMESPACE}describes`)))
  return own.length > 0 ? readOwn(nodes, own) : readOthers(nodes, newDraft(text, at))
}

function readOwn(nodes: Nodes, activities: LinkedNode[]): LineageReading {
  const edges = edgesByActivity(nodes)
  const isEntity = ({ types }: LinkedNode) => types.includes(`${PROV}Entity`)
  const entities = new Map([...nodes.values()].filter(isEntity).map((node) => [idOf(node.id), node]))
  const position = (node: LinkedNode) => Number(wordOf(node, `${NAMESPACE}position`) ?? 0)
  const steps = activities
    .toSorted((a, b) => position(a) - position(b))
    .map((node) => ({
      ...ownStep(node, nodes),
      entities: (jsonOf(node, `${NAMESPACE}describes`) as Json[]).map((said) => ownEntity(said, entities, nodes)),
      edges: (edges.get(node.id) ?? []).toSorted((a, b) => a.position - b.position).map(({ edge }) => edge),
    }))
  const lost = new Set<string>()
  return checked(
    steps.map((step) => ({ ...step, entities: step.entities.map((said) => withoutOddAddress(said, lost)) })),
    lost,
  )
}

function edgesByActivity(nodes: Nodes): Map<string, { edge: unknown; position: number }[]> {
  const byActivity = new Map<string, { edge: unknown; position: number }[]>()
  for (const node of nodes.values())
    for (const name of namesOf(node, `${PROV}qualifiedDerivation`)) {
      const derivation = nodes.get(name)
      const activity = namesOf(derivation, `${PROV}hadActivity`)[0]
      if (!derivation || activity === undefined) continue
      const list = byActivity.get(activity) ?? []
      list.push({ edge: ownEdge(node, derivation), position: Number(wordOf(derivation, `${NAMESPACE}position`) ?? 0) })
      byActivity.set(activity, list)
    }
  return byActivity
}

function ownEdge(made: LinkedNode, derivation: LinkedNode): unknown {
  return given({
    to: idOf(made.id),
    from: idOf(namesOf(derivation, `${PROV}entity`)[0] ?? ''),
    ...ownParts(derivation, ['known', 'sha256', 'licence']),
    ...ownJson(derivation, ['weights', 'reservations']),
    rows: jsonOf(derivation, `${NAMESPACE}rowMap`),
  })
}

function ownStep(node: LinkedNode, nodes: Nodes): object {
  return given({
    type: 'LineageStep',
    id: idOf(node.id),
    name: wordOf(node, LABELS[0]!),
    ...ownParts(node, ['activity', 'description']),
    startedAt: wordOf(node, `${PROV}startedAtTime`),
    endedAt: wordOf(node, `${PROV}endedAtTime`),
    agent: ownAgent(nodes.get(namesOf(node, `${PROV}qualifiedAssociation`)[0] ?? '')),
    ...ownJson(node, ['tool', 'parameters']),
  })
}

function ownAgent(involvement: LinkedNode | undefined): object | undefined {
  const agent = namesOf(involvement, `${PROV}agent`)[0]
  if (agent === undefined) return undefined
  const role = namesOf(involvement, `${PROV}hadRole`)[0]?.slice(NAMESPACE.length)
  return given({ id: idOf(agent), name: wordOf(involvement, `${NAMESPACE}agentName`), role })
}

/** What a step said of an entity: all that the document says of it, or something of its own. */
function ownEntity(said: Json, entities: Nodes, nodes: Nodes): unknown {
  if (isObject(said)) return said
  const node = typeof said === 'string' && entities.get(said)
  if (!node) throw refusal('a step describes an entity that is not there', String(said).slice(0, 100))
  return entityOf(node, nodes)
}

function entityOf(node: LinkedNode, nodes: Nodes): JsonObject {
  return given({
    id: idOf(node.id),
    type: kindOf(node),
    name: wordOf(node, LABELS[0]!),
    ...ownParts(node, ['description', 'version', 'url', 'sha256', 'licence', 'origin', 'work']),
    ...ownJson(node, ['weights', 'languages', 'domains', 'collected']),
    owner: ownAgent(nodes.get(namesOf(node, `${PROV}qualifiedAttribution`)[0] ?? '')),
  }) as JsonObject
}

/** What kind of entity a node says that it is, as its class or as its type. */
export function kindOf(node: LinkedNode): Entity['type'] | undefined {
  const said = new Set([...node.types, ...namesOf(node, ...TYPES)])
  return entityTypes.find((type) => said.has(NAMESPACE + type))
}

function ownParts(node: LinkedNode, parts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(parts.map((part) => [part, wordOf(node, NAMESPACE + part)]))
}

function ownJson(node: LinkedNode, parts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(parts.map((part) => [part, jsonOf(node, NAMESPACE + part)]))
}

function given(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

function readOthers(nodes: Nodes, draft: Draft): LineageReading {
  for (const node of nodes.values()) if (node.types.includes(`${PROV}Entity`)) describeEntity(draft, node, nodes)
  for (const node of nodes.values()) if (node.types.includes(`${PROV}Activity`)) activityStep(draft, node, nodes)
  for (const node of nodes.values()) readDerivations(draft, node, nodes)
  for (const node of nodes.values()) inferLinks(draft, node, nodes)
  return finish(draft)
}

/** Puts a node on record as an entity, with what PROV and this project's vocabulary say of it. */
export function describeEntity(draft: Draft, node: LinkedNode, nodes: Nodes): string {
  const owner = nodes.get(namesOf(node, `${PROV}wasAttributedTo`)[0] ?? '')
  const amounts = measures.map((measure) => [measure, wordOf(node, NAMESPACE + measure)])
  return describe(draft, idOf(node.id), {
    type: kindOf(node),
    name: wordOf(node, ...LABELS),
    description: wordOf(node, `${NAMESPACE}description`, 'http://purl.org/dc/terms/description'),
    version: wordOf(node, `${NAMESPACE}version`, 'http://schema.org/version'),
    url: wordOf(node, `${NAMESPACE}url`, `${PROV}atLocation`, 'http://schema.org/url'),
    sha256: wordOf(node, `${NAMESPACE}sha256`, 'http://schema.org/sha256') ?? digestOfUrn(node.id),
    licence: wordOf(node, `${NAMESPACE}licence`, 'http://purl.org/dc/terms/license', 'http://schema.org/license'),
    owner: owner && agentOf(owner.id, wordOf(owner, ...LABELS)),
    weights: Object.fromEntries(amounts),
  })
}

function digestOfUrn(id: string): string | undefined {
  return /^urn:sha256:([0-9a-f]{64})$/.exec(id)?.[1]
}

/** The step that an activity of PROV is. */
export function activityStep(draft: Draft, node: LinkedNode, nodes: Nodes): LineageStep {
  const agent = nodes.get(namesOf(node, `${PROV}wasAssociatedWith`)[0] ?? '')
  const label = wordOf(node, ...LABELS)
  const id = node.id.startsWith('_:') ? `${draft.documentStep}:${node.id.slice(2)}` : idOf(node.id)
  const kind = String(wordOf(node, `${NAMESPACE}activity`, ...TYPES) ?? label ?? '').replace(NAMESPACE, '')
  return stepOf(draft, id, {
    activity: kind,
    name: label === kind ? undefined : cleanText(label, 300),
    description: cleanText(
      wordOf(node, `${NAMESPACE}description`, 'http://schema.org/description', 'http://purl.org/dc/terms/description'),
      5000,
    ),
    startedAt: cleanMoment(wordOf(node, `${PROV}startedAtTime`)),
    endedAt: wordOf(node, `${PROV}endedAtTime`),
    agent: agent && agentOf(agent.id, wordOf(agent, ...LABELS)),
  })
}

/** The links that a node says of itself, each in the activity that it names, or in the one that generated the node. */
export function readDerivations(draft: Draft, node: LinkedNode, nodes: Nodes): void {
  const to = idOf(node.id)
  const generated = namesOf(node, `${PROV}wasGeneratedBy`).flatMap((name) => nodes.get(name) ?? [])
  const userOf = (from: string) => generated.find((each) => usedBy(each).has(from)) ?? generated[0]
  const stepFor = (activity: LinkedNode | undefined) =>
    activity ? activityStep(draft, activity, nodes) : stepOf(draft, draft.documentStep, { activity: 'publish' })
  const told = new Set<string>()
  for (const name of namesOf(node, `${PROV}qualifiedDerivation`)) {
    const derivation = nodes.get(name)
    const from = namesOf(derivation, `${PROV}entity`)[0]
    if (from === undefined) continue
    told.add(from)
    const activity = nodes.get(namesOf(derivation, `${PROV}hadActivity`)[0] ?? '') ?? userOf(from)
    link(draft, stepFor(activity), to, idOf(from), { known: saidCertainty(derivation) })
  }
  for (const from of new Set(namesOf(node, `${PROV}wasDerivedFrom`)))
    if (!told.has(from)) link(draft, stepFor(userOf(from)), to, idOf(from))
}

const used = new WeakMap<LinkedNode, Set<string>>()

/** What an activity used, made once: many entities may come from one activity that used many. */
function usedBy(activity: LinkedNode): Set<string> {
  const names = used.get(activity) ?? new Set(namesOf(activity, `${PROV}used`))
  used.set(activity, names)
  return names
}

/** As sure as the document says, and never surer than that somebody said it. */
function saidCertainty(derivation: LinkedNode | undefined): Certainty {
  const said = certainties.find((each) => each === wordOf(derivation, `${NAMESPACE}known`))
  return said === undefined || said === 'measured' ? 'attested' : said
}

/** What was generated by an activity, and is not said to come from anything in particular, came from what it used. */
function inferLinks(draft: Draft, node: LinkedNode, nodes: Nodes): void {
  if (valuesOf(node, `${PROV}wasDerivedFrom`, `${PROV}qualifiedDerivation`).length > 0) return
  for (const name of new Set(namesOf(node, `${PROV}wasGeneratedBy`))) {
    const activity = nodes.get(name)
    if (!activity) continue
    const step = activityStep(draft, activity, nodes)
    for (const from of usedBy(activity)) link(draft, step, idOf(node.id), idOf(from), { known: 'inferred' })
  }
}

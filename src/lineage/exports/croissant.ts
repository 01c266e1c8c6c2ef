import type { Entity, LineageStep } from '../graph.ts'
import { jsonText, known } from './document.ts'
import type { Written } from './formats.ts'
import { shortCodeOf } from './languages.ts'
import { licenceUrl } from './licences.ts'
import { entityLosses, lossesOf } from './losses.ts'
import { iriOf, NAMESPACE } from './names.ts'
import { raiOf } from './croissantRai.ts'
import { sourcesOf, stepsOf, type Upstream } from './upstream.ts'

const CROISSANT = 'http://mlcommons.org/croissant/'
const CROISSANT_VERSION = `${CROISSANT}1.1`
const RAI_VERSION = `${CROISSANT}RAI/1.0`

/** The terms of Croissant that these documents use, as the context of appendix 1 of Croissant 1.1 maps them. */
const CONTEXT = {
  '@vocab': 'http://schema.org/',
  sc: 'http://schema.org/',
  cr: CROISSANT,
  rai: `${CROISSANT}RAI/`,
  dct: 'http://purl.org/dc/terms/',
  containedIn: 'cr:containedIn',
  prov: 'http://www.w3.org/ns/prov#',
  conformsTo: 'dct:conformsTo',
}

/**
 * A data set as Croissant 1.1 with what RAI 1.0 asks and the lineage knows. Direct sources stand under
 * `prov:wasDerivedFrom`; what those were made from, under `prov:wasInfluencedBy`, so that a long pipeline does not nest.
 * Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
 */
export function exportCroissant(upstream: Upstream): Written {
  const { root } = upstream
  const told = new Set<string>()
  const direct = sourcesOf(upstream, root.id)
  const nearest = new Set([root.id, ...direct])
  const further = [...upstream.entities.keys()].filter((id) => !nearest.has(id))
  const rai = raiOf(upstream)
  const described = known({
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    '@id': iriOf(root.id),
    conformsTo: [CROISSANT_VERSION, ...(Object.keys(rai).length > 0 ? [RAI_VERSION] : [])],
    ...describe(root),
    datePublished: publishedAt(upstream),
    inLanguage:
      root.languages &&
      Object.keys(root.languages)
        .filter((code) => code !== 'und')
        .map(shortCodeOf),
    distribution: distributionOf(upstream),
    ...provenance(upstream, root.id, direct, told),
    'prov:wasInfluencedBy': notEmpty(further.map((id) => sourceNode(upstream, id, told))),
    ...rai,
  })
  // What lies behind the first sources is written where it is, with links of its own.
  const nested = direct.map((id) => sourceNode(upstream, id, told))
  if (nested.length > 0) Object.assign(described, { 'prov:wasDerivedFrom': nested })
  return { text: jsonText(described), lost: lossesIn(upstream), missing: missingOf(described) }
}

const CARRIED = {
  root: ['name', 'description', 'version', 'url', 'sha256', 'licence', 'owner', 'languages', 'collected', 'bytes'],
  sources: ['type', 'name', 'description', 'version', 'url', 'sha256', 'licence', 'owner', 'bytes'],
  steps: ['activity', 'stepName', 'stepDescription', 'startedAt', 'endedAt', 'agent'],
} as const

const FILE_PARTS = ['type', 'name', 'description', 'url', 'sha256', 'bytes'] as const

const REQUIRED = ['name', 'description', 'license', 'url', 'creator', 'datePublished', 'distribution'] as const

function missingOf(described: object): string[] {
  const absent = REQUIRED.filter((property) => !(property in described))
  const files = 'distribution' in described ? (described.distribution as object[]) : []
  return [
    ...absent.map((property) => `${property} (required by Croissant 1.1)`),
    ...(files.some((file) => !('contentUrl' in file)) ? ['contentUrl of a file in distribution'] : []),
    ...(files.length > 0 ? ['encodingFormat of the files in distribution'] : []),
  ]
}

function lossesIn(upstream: Upstream): string[] {
  const files = upstream.published.map(({ file }) => file)
  return [...lossesOf(upstream, CARRIED), ...entityLosses(files, FILE_PARTS, 'of its files')]
}

function describe({ id, name, description, version, url, licence, owner }: Entity): Record<string, unknown> {
  return {
    name: name ?? id,
    description,
    version,
    url,
    license: licence && (licenceUrl(licence) ?? licence),
    creator: owner && known({ '@id': iriOf(owner.id, 'agent'), name: owner.name }),
  }
}

function publishedAt({ steps, root, published: files }: Upstream): string | undefined {
  const published = steps.filter(
    ({ activity, entities, edges }) =>
      activity === 'publish' && (entities.some(({ id }) => id === root.id) || edges.some(({ to }) => to === root.id)),
  )
  return [...published, ...files].map(({ endedAt }) => endedAt).sort()[0]
}

/** The content of the data set itself, where its digest is known, and the files that it was published as. */
function distributionOf({ root, published }: Upstream): object[] | undefined {
  const own = root.sha256 ? [fileObject(`${iriOf(root.id)}#content`, root)] : []
  const files = published.map(({ file, containers }) => ({
    ...fileObject(iriOf(file.id), file),
    ...known({ containedIn: notEmpty(containers.map((id) => ({ '@id': iriOf(id) }))) }),
  }))
  return notEmpty([...own, ...files])
}

function fileObject(id: string, entity: Entity): object {
  const { name, description, url, sha256, weights } = entity
  return known({
    '@type': 'cr:FileObject',
    '@id': id,
    name: name ?? entity.id,
    description,
    contentUrl: url,
    contentSize: weights?.bytes === undefined ? undefined : `${weights.bytes} B`,
    sha256,
  })
}

function sourceNode(upstream: Upstream, id: string, told: Set<string>): object {
  const entity = upstream.entities.get(id)!
  const { weights, sha256, type } = entity
  return known({
    '@id': iriOf(id),
    '@type': type === 'Dataset' || type === 'Source' ? ['prov:Entity', 'sc:Dataset'] : 'prov:Entity',
    ...describe(entity),
    additionalType: type === 'Dataset' ? undefined : NAMESPACE + type,
    sha256,
    contentSize: weights?.bytes === undefined ? undefined : `${weights.bytes} B`,
    ...provenance(upstream, id, sourcesOf(upstream, id), told),
  })
}

function provenance(upstream: Upstream, id: string, sources: readonly string[], told: Set<string>): object {
  const generated = stepsOf(upstream, id).map((step) => activityNode(step, told))
  return known({
    'prov:wasGeneratedBy': notEmpty(generated),
    'prov:wasDerivedFrom': notEmpty(sources.map((source) => ({ '@id': iriOf(source) }))),
  })
}

/** In full where it is met first, by its name afterwards. */
function activityNode(step: LineageStep, told: Set<string>): object {
  const { id, activity, name, description, startedAt, endedAt, agent, edges } = step
  const node = { '@id': iriOf(id, 'step', true) }
  if (told.has(id)) return node
  told.add(id)
  return known({
    ...node,
    '@type': 'prov:Activity',
    'prov:label': name ?? activity,
    additionalType: NAMESPACE + activity,
    description,
    'prov:used': [...new Set(edges.map(({ from }) => iriOf(from)))].map((source) => ({ '@id': source })),
    'prov:startedAtTime': startedAt,
    'prov:endedAtTime': endedAt,
    'prov:wasAssociatedWith':
      agent && known({ '@id': iriOf(agent.id, 'agent'), '@type': 'prov:Agent', 'prov:label': agent.name }),
  })
}

function notEmpty<Item>(list: Item[]): Item[] | undefined {
  return list.length > 0 ? list : undefined
}

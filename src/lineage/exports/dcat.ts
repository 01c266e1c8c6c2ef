import type { Entity } from '../graph.ts'
import { jsonText, known } from './document.ts'
import type { Written } from './formats.ts'
import { licenceUrl } from './licences.ts'
import { lossesOf } from './losses.ts'
import { iriOf, NAMESPACE } from './names.ts'
import { sourcesOf, stepsOf, type Upstream } from './upstream.ts'

export const EU_LANGUAGES = 'http://publications.europa.eu/resource/authority/language/'
const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  prov: 'http://www.w3.org/ns/prov#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  spdx: 'http://spdx.org/rdf/terms#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}

/**
 * A data set and all that it was made from as DCAT-AP 3 in JSON-LD: each a dcat:Dataset with its distribution, the steps
 * as prov:Activity and, for people, as a statement of provenance. Source: DCAT-AP 3.0.1 (SEMIC), DCAT 3 (W3C).
 */
export function exportDcat(upstream: Upstream): Written {
  const missing: string[] = []
  const datasets = [...upstream.entities.values()].map((entity) => datasetNode(entity, upstream, missing))
  return {
    text: jsonText({ '@context': CONTEXT, '@graph': [...datasets, ...activityNodes(upstream)] }),
    lost: lossesOf(upstream, CARRIED),
    missing,
  }
}

const PARTS = [
  'type',
  'name',
  'description',
  'version',
  'url',
  'sha256',
  'licence',
  'owner',
  'languages',
  'collected',
  'bytes',
] as const
const CARRIED = {
  root: PARTS,
  sources: PARTS,
  steps: ['activity', 'stepName', 'stepDescription', 'startedAt', 'endedAt', 'agent'],
} as const

function datasetNode(entity: Entity, upstream: Upstream, missing: string[]): object {
  const { id, type, name, description, version, url, owner, languages, collected } = entity
  const steps = stepsOf(upstream, id)
  const [released] = steps
    .filter(({ activity }) => activity === 'publish')
    .map(({ endedAt }) => endedAt)
    .sort()
  if (!description) missing.push(`dct:description of ${id} (mandatory in DCAT-AP 3)`)
  return known({
    '@id': iriOf(id),
    '@type': type === 'Model' ? ['dcat:Resource', 'prov:Entity'] : 'dcat:Dataset',
    'dct:type': type === 'Dataset' ? undefined : { '@id': NAMESPACE + type },
    'dct:title': name ?? id,
    'dct:description': description,
    'dct:identifier': id,
    'dcat:version': version,
    'dcat:landingPage': url && { '@id': url },
    'dct:publisher': owner && agentNode(owner),
    'dct:language': languages && Object.keys(languages).map((code) => ({ '@id': EU_LANGUAGES + code.toUpperCase() })),
    'dct:temporal': collected && (collected.from || collected.to) ? period(collected) : undefined,
    'dct:issued': released && { '@value': released, '@type': 'xsd:dateTime' },
    'dct:provenance': notEmpty(
      steps.map(({ activity, name: title, description: text }) => ({
        '@type': 'dct:ProvenanceStatement',
        'rdfs:label': [title ?? activity, text].filter(Boolean).join(': '),
      })),
    ),
    'prov:wasGeneratedBy': notEmpty(steps.map((step) => ({ '@id': iriOf(step.id, 'step', true) }))),
    'prov:wasDerivedFrom': notEmpty(sourcesOf(upstream, id).map((source) => ({ '@id': iriOf(source) }))),
    'dct:source': notEmpty(sourcesOf(upstream, id).map((source) => ({ '@id': iriOf(source) }))),
    'dcat:distribution': distributionNode(entity, missing),
  })
}

function agentNode({ id, name }: NonNullable<Entity['owner']>): object {
  return { '@id': iriOf(id, 'agent'), '@type': 'foaf:Agent', 'foaf:name': name ?? id }
}

function period({ from, to }: NonNullable<Entity['collected']>): object {
  const day = (value: string | undefined) => value && { '@value': value, '@type': 'xsd:date' }
  return known({ '@type': 'dct:PeriodOfTime', 'dcat:startDate': day(from), 'dcat:endDate': day(to) })
}

/** Digest, size and licence are of a distribution; without any of them and without an address there is none. */
function distributionNode({ id, url, sha256, licence, weights }: Entity, missing: string[]): object | undefined {
  if (!url && !sha256 && !licence && weights?.bytes === undefined) return undefined
  if (!url) missing.push(`dcat:accessURL of the distribution of ${id} (mandatory in DCAT-AP 3)`)
  const page = licence && licenceUrl(licence)
  return known({
    '@id': `${iriOf(id)}#distribution`,
    '@type': 'dcat:Distribution',
    'dcat:accessURL': url && { '@id': url },
    'dct:license': licence && known({ '@id': page, '@type': 'dct:LicenseDocument', 'rdfs:label': licence }),
    'dcat:byteSize': Number.isSafeInteger(weights?.bytes)
      ? { '@value': String(weights!.bytes), '@type': 'xsd:nonNegativeInteger' }
      : undefined,
    'spdx:checksum': sha256 && {
      '@type': 'spdx:Checksum',
      'spdx:algorithm': { '@id': 'spdx:checksumAlgorithm_sha256' },
      'spdx:checksumValue': { '@value': sha256, '@type': 'xsd:hexBinary' },
    },
  })
}

function activityNodes({ steps }: Upstream): object[] {
  const moment = (value: string | undefined) => value && { '@value': value, '@type': 'xsd:dateTime' }
  return steps.map(({ id, activity, name, description, startedAt, endedAt, agent, edges }) =>
    known({
      '@id': iriOf(id, 'step', true),
      '@type': 'prov:Activity',
      'rdfs:label': name ?? activity,
      'dct:description': description,
      'dct:type': { '@id': NAMESPACE + activity },
      'prov:used': [...new Set(edges.map(({ from }) => iriOf(from)))].map((source) => ({ '@id': source })),
      'prov:startedAtTime': moment(startedAt),
      'prov:endedAtTime': moment(endedAt),
      'prov:wasAssociatedWith': agent && agentNode(agent),
    }),
  )
}

function notEmpty<Item>(list: Item[]): Item[] | undefined {
  return list.length > 0 ? list : undefined
}

import { toIso3 } from '../../languages/index.ts'
import { sayRules } from '../../rights/index.ts'
import type { Offer } from '../offers.ts'
import type { OfferingNode } from '../rightsOf.ts'
import type { Scope } from '../scope.ts'
import { setSpecOf } from '../oai/sets.ts'
import { collectionAddress } from './iiif.ts'
import { audienceNames } from './schemaOrg.ts'

const AUTHORITY = 'http://publications.europa.eu/resource/authority/'
const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}

/** A data set that is searched here, as the list of data sets tells it. */
export interface IndexedDataset {
  id: string
  name: string
  version: string
  source: string | null
  rowCount: number
  indexedAt: string
}

const moment = (value: string) => ({ '@value': value, '@type': 'xsd:dateTime' })
const iri = (id: string) => ({ '@id': id })
const agent = (id: string, name: string) => ({ '@id': id, '@type': 'foaf:Agent', 'foaf:name': name })

/**
 * The catalogue of a node as DCAT-AP 3 in JSON-LD: what is offered, with its terms as ODRL, and the data sets that are
 * searched. `next` is the address of the page behind this one. Source: DCAT-AP 3.0.1 (SEMIC), DCAT 3 (W3C).
 */
export function writeCatalogue(
  content: { datasets: object[]; address: string; next?: string | undefined },
  { base, words }: OfferingNode,
): object {
  const { datasets, address, next } = content
  return {
    '@context': CONTEXT,
    '@id': address,
    '@type': 'dcat:Catalog',
    'dct:title': words.t('offer.list.title'),
    'dct:description': words.t('offer.list.lead'),
    'dct:publisher': agent(base, `Colophon, ${new URL(base).host}`),
    'foaf:homepage': iri(`${base}/catalog`),
    ...(next === undefined ? {} : { 'rdfs:seeAlso': iri(next) }),
    'dcat:dataset': datasets,
  }
}

/** What is offered, as a dcat:Dataset with the ways to its works. It allows nothing by itself, so it names no licence. */
export function datasetOfOffer(offer: Offer, node: OfferingNode): object {
  const { base, words } = node
  const page = `${base}/catalog/${encodeURIComponent(offer.id)}`
  const sentences = sayRules(offer.rules, words)
  return {
    '@id': offer.id,
    '@type': 'dcat:Dataset',
    'dct:title': offer.title,
    'dct:description': offer.description ?? `${offer.title} (${offer.partyName}): ${offer.works} works.`,
    'dct:identifier': offer.id,
    'dct:publisher': agent(offer.party, offer.partyName),
    'dcat:theme': iri(`${AUTHORITY}data-theme/EDUC`),
    'dcat:landingPage': iri(page),
    'dct:language': languages(offer.languages.map(({ name }) => name)),
    'dct:issued': moment(offer.recordedAt),
    'dct:accessRights': iri(`${AUTHORITY}access-right/RESTRICTED`),
    'odrl:hasPolicy': iri(`${page}/policy.jsonld`),
    'dct:valid': `${offer.validFrom}/${offer.validUntil ?? '..'}`,
    'dct:audience': audienceNames(offer, node).map((name) => ({ '@type': 'dct:AgentClass', 'rdfs:label': name })),
    'dcat:distribution': distributionsOf(offer.scope, node, page).map((each) => ({
      ...each,
      'dct:rights': { '@type': 'dct:RightsStatement', 'rdfs:label': sentences.join(' ') },
      'odrl:hasPolicy': iri(`${page}/policy.jsonld`),
    })),
  }
}

/** A collection, or all public works of a party, as a dcat:Dataset: its records are open to everybody. */
export function datasetOfScope(
  scope: Scope,
  counts: { works: number; languages: { name: string }[] },
  node: OfferingNode,
): object {
  const { id, title, party, partyName, recordedAt } = scope
  return {
    '@id': id,
    '@type': 'dcat:Dataset',
    'dct:title': title,
    'dct:description': `${title}${title === partyName ? '' : ` (${partyName})`}: ${counts.works} works.`,
    'dct:identifier': id,
    'dct:publisher': agent(party, partyName),
    'dcat:theme': iri(`${AUTHORITY}data-theme/EDUC`),
    'dct:language': languages(counts.languages.map(({ name }) => name)),
    ...(recordedAt === undefined ? {} : { 'dct:issued': moment(recordedAt) }),
    'dct:accessRights': iri(`${AUTHORITY}access-right/PUBLIC`),
    'dcat:distribution': distributionsOf(scope, node),
  }
}

/** A data set that is searched: what it is called and where it comes from. Its holder has offered nothing here. */
export function datasetOfIndex(
  { id, name, version, source, rowCount, indexedAt }: IndexedDataset,
  base: string,
): object {
  const isLink = source !== null && /^https?:\/\/\S+$/.test(source)
  return {
    '@id': `urn:colophon:dataset:${encodeURIComponent(id)}`,
    '@type': 'dcat:Dataset',
    'dct:title': name,
    'dct:description': `${name} ${version}: ${rowCount} rows${source === null ? '' : `, ${source}`}. Searched here for declared works; not offered here.`,
    'dct:identifier': id,
    'dcat:version': version,
    'dcat:landingPage': iri(isLink ? source : `${base}/datasets`),
    'dct:modified': moment(indexedAt),
  }
}

/**
 * Where the records of the works lie: for harvesters, and for viewers. Several offers of one set have distributions of
 * their own, below the address of each, so that their terms stay apart.
 */
function distributionsOf(scope: Scope, node: OfferingNode, offer?: string): object[] {
  const oai = new URLSearchParams({ verb: 'ListRecords', metadataPrefix: 'edm', set: setSpecOf(scope) })
  const distribution = (name: string, title: string, url: string, format: string) => ({
    '@id': offer === undefined ? url : `${offer}#${name}`,
    '@type': 'dcat:Distribution',
    'dct:title': title,
    'dcat:accessURL': iri(url),
    'dct:format': iri(`${AUTHORITY}file-type/${format}`),
  })
  return [
    distribution('oai', 'OAI-PMH, EDM', `${node.base}/oai?${oai}`, 'RDF_XML'),
    distribution('iiif', 'IIIF Presentation 3', collectionAddress(scope, node), 'JSON_LD'),
  ]
}

/** The languages of a list of tags by the names of the Publications Office. */
function languages(tags: readonly string[]): object[] {
  const codes = new Set(tags.flatMap((tag) => toIso3(tag) ?? []))
  return [...codes].map((code) => iri(`${AUTHORITY}language/${code.toUpperCase()}`))
}

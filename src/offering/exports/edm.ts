import { xmlTag } from '../../rights/index.ts'
import type { DescribedWork } from '../describe.ts'
import { rightsOfWork, termsLinks, type OfferingNode } from '../rightsOf.ts'
import { DCMI_TYPES, textElement } from './dublinCore.ts'
import { writeIdentifier } from './identifiers.ts'

/** What Europeana calls the kinds of works. A work of another kind has no type, which Europeana itself asks for. */
const EDM_TYPES: Partial<Record<string, string>> = { picture: 'IMAGE', text: 'TEXT', sound: 'SOUND', video: 'VIDEO' }

const NAMESPACES = {
  'xmlns:rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:edm': 'http://www.europeana.eu/schemas/edm/',
  'xmlns:ore': 'http://www.openarchives.org/ore/terms/',
}
export const EDM_NAMESPACE = NAMESPACES['xmlns:edm']
export const EDM_SCHEMA = 'http://www.europeana.eu/schemas/edm/EDM.xsd'

const resource = (name: string, address: string) => xmlTag(name, { 'rdf:resource': address })

/**
 * A work in the Europeana Data Model as RDF/XML, a graph of its own: the provided object, the pages that show it, and the
 * aggregation with its statement of rights. The terms stand in words beside the statement, and linked. A work without an
 * address is shown at its page here. Source: EDM Definition 5.2.8, and the mapping guidelines of Europeana.
 */
export function writeEdm(work: DescribedWork, node: OfferingNode): string {
  const { europeana, statement, sentences } = rightsOfWork(work, node)
  const page = termsLinks(work, node).page
  const [shownAt = page, ...views] = work.urls.map(({ url }) => url)
  const [type, kind] = [EDM_TYPES[work.medium], DCMI_TYPES[work.medium]]
  const object = xmlTag(
    'edm:ProvidedCHO',
    { 'rdf:about': work.id },
    [
      ...work.creatorNames.map((name) => textElement('dc:creator', name)),
      textElement('dc:identifier', work.id),
      ...work.identifiers.map((each) => textElement('dc:identifier', writeIdentifier(each))),
      ...(work.language === null ? [] : [textElement('dc:language', work.language)]),
      resource('dc:relation', page),
      ...(statement === undefined ? [] : [resource('dc:rights', statement)]),
      ...sentences.map((sentence) => textElement('dc:rights', sentence)),
      textElement('dc:title', work.title),
      ...(kind === undefined ? [] : [textElement('dc:type', kind)]),
      ...(type === undefined ? [] : [textElement('edm:type', type)]),
    ].join(''),
  )
  const pages = [shownAt, ...views].map((url) =>
    xmlTag('edm:WebResource', { 'rdf:about': url }, resource('edm:rights', europeana)),
  )
  const aggregation = xmlTag(
    'ore:Aggregation',
    { 'rdf:about': `${page}#aggregation` },
    [
      resource('edm:aggregatedCHO', work.id),
      textElement('edm:dataProvider', work.partyName),
      ...views.map((url) => resource('edm:hasView', url)),
      resource('edm:isShownAt', shownAt),
      textElement('edm:provider', `Colophon, ${new URL(node.base).host}`),
      resource('edm:rights', europeana),
    ].join(''),
  )
  return xmlTag('rdf:RDF', NAMESPACES, [object, ...pages, aggregation].join(''))
}

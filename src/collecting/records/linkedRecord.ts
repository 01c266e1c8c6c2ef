import { fieldOfHeading, isScheme } from '../tables/headings.ts'
import type { SourceCreator, SourceRecord } from '../record.ts'
import { addIdentifiers, addresses, textsOf } from '../values.ts'

type Thing = Record<string, unknown>

/** Keys of schema.org, EDM, Dublin Core and museums' own JSON that say more than their words. */
const KEYS: Record<string, string> = {
  '@type': 'kind',
  type: 'kind',
  additionalType: 'kind',
  artform: 'kind',
  artMedium: 'kind',
  encodingFormat: 'kind',
  inLanguage: 'language',
  '@id': 'id',
  contentUrl: 'url',
  embedUrl: 'url',
  mainEntityOfPage: 'url',
  associatedMedia: 'media',
  image: 'media',
  isShownAt: 'url',
  isShownBy: 'url',
  edmIsShownAt: 'url',
  edmIsShownBy: 'url',
  primaryImage: 'url',
  objectURL: 'url',
  byArtist: 'creator',
  artistDisplayName: 'creator',
  dcCreator: 'creator',
  dcTitle: 'title',
  dcType: 'kind',
  dcLanguage: 'language',
  dcRights: 'rights',
  dcIdentifier: 'identifier',
  edmRights: 'rights',
  edmType: 'kind',
  isrcCode: 'isrc',
  iswcCode: 'iswc',
  usageInfo: 'rights',
  isPublicDomain: 'free',
}

/** What stands below these belongs to the work itself. */
const CONTAINERS = [
  'object',
  'proxies',
  'aggregations',
  'europeanaAggregation',
  'aggregation',
  'sourceResource',
  'metadata',
]

/**
 * A record out of an object of JSON: schema.org, Europeana's EDM as JSON-LD or as its API gives it, Dublin Core, or a
 * museum's own keys, which are read like the headings of a table.
 */
export function linkedRecord(object: Thing, place: string, language?: string): SourceRecord {
  const record: SourceRecord = { place }
  const things = thingsOf(object)
  const known = new Map(things.flatMap((thing) => (typeof thing['@id'] === 'string' ? [[thing['@id'], thing]] : [])))
  const about = things.filter(isAboutTheWork)
  for (const thing of about.length > 0 ? about : things) readThing(thing, record, known, language)
  if (record.kinds) record.otherTitle = record.kinds.find((kind) => !/^(https?:|[A-Z]\w*$)/.test(kind)) ?? ''
  if (record.id === undefined && record.urls?.[0]) record.id = record.urls[0]
  return record
}

/** The object itself, the nodes of its graph, and what belongs to it though it stands deeper. */
function thingsOf(object: Thing, depth = 0): Thing[] {
  const graph = object['@graph']
  if (Array.isArray(graph)) return graph.filter(isThing)
  const inner = CONTAINERS.flatMap((key) => [object[key]].flat()).filter(isThing)
  if (inner.length === 0 || depth > 3) return [object]
  return [object, ...inner.flatMap((each) => thingsOf(each, depth + 1))]
}

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** In a graph agents, places and pictures of it stand beside the work. */
function isAboutTheWork(thing: Thing): boolean {
  return typesOf(thing).some((type) => /^(ProvidedCHO|Proxy|Aggregation|EuropeanaAggregation)$/.test(type))
}

export function typesOf(thing: Thing): string[] {
  return textsOf(thing['@type'] ?? thing.type ?? []).map((type) => localName(type))
}

function localName(key: string): string {
  return key.startsWith('@') ? key : key.replace(/^.*[/#:](?=[^/#:]+$)/, '')
}

function readThing(thing: Thing, record: SourceRecord, known: Map<unknown, Thing>, language: string | undefined): void {
  for (const [key, value] of Object.entries(thing)) {
    const name = localName(key)
    const field = Object.hasOwn(KEYS, name) ? KEYS[name] : fieldOfHeading(name)
    if (field === undefined || value === null) continue
    if (field === 'creator') (record.creators ??= []).push(...creatorsOf(value, known, language))
    else if (field === 'media') (record.urls ??= []).push(...mediaOf(value))
    else if (field === 'free') {
      if (value === true || value === 1 || value === 'true') (record.rights ??= []).push('public domain')
    } else addTexts(record, field, textsOf(value, language), name)
  }
}

function addTexts(record: SourceRecord, field: string, texts: string[], key: string): void {
  const [first] = texts
  if (first === undefined) return
  if (field === 'title') record.title ??= first
  else if (field === 'id') takeId(record, first, key)
  else if (field === 'language') record.language ??= first
  else if (field === 'sha256') record.sha256 ??= first
  // “Aggregation” and the like say what a node is, and not what the work is.
  else if (field === 'kind')
    (record.kinds ??= []).push(...texts.filter((text) => !/(ProvidedCHO|Proxy|Aggregation)$/.test(text)))
  else if (field === 'rights') (record.rights ??= []).push(...texts)
  else if (field === 'url') (record.urls ??= []).push(...addresses(texts))
  else if (field === 'identifier') {
    addIdentifiers(record, texts)
    record.id ??= first
  } else if (isScheme(field)) addIdentifiers(record, texts, field)
}

/** A database's own number comes before an address, and an address before nothing. */
function takeId(record: SourceRecord, id: string, key: string): void {
  if (record.id === undefined || (key !== '@id' && /^(https?:|#)/.test(record.id))) record.id = id
  if (key === '@id' && /^https?:\/\//.test(id)) (record.urls ??= []).push(id)
}

function creatorsOf(value: unknown, known: Map<unknown, Thing>, language: string | undefined): SourceCreator[] {
  return [value].flat().flatMap((each): SourceCreator[] => {
    const id = isThing(each) ? each['@id'] : each
    const thing = known.get(id) ?? each
    const role = isThing(thing) && typeof thing.role === 'string' ? { role: thing.role } : {}
    // Of a name in many languages one is enough; an address alone names nobody.
    return textsOf(thing, language)
      .slice(0, 1)
      .filter((name) => !/^(https?:|#|urn:)/.test(name))
      .map((name) => ({ name, ...role }))
  })
}

function mediaOf(value: unknown): string[] {
  return [value].flat().flatMap((each) => {
    if (typeof each === 'string') return addresses([each])
    if (!isThing(each)) return []
    return addresses([each.contentUrl, each.url, each['@id']].filter((url) => typeof url === 'string')).slice(0, 1)
  })
}

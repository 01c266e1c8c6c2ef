import { lidoRecord } from './lido.ts'
import type { OpenSource, SourceRecord } from '../record.ts'
import { readText, requireFile } from '../tables/textFile.ts'
import { addIdentifiers, addresses } from '../values.ts'
import { cutElements, descendants, textsIn, type XmlNode } from './xmlTree.ts'

/** Opens records in XML: Dublin Core, EDM as RDF/XML, LIDO, or what an OAI-PMH server answered, saved as a file. */
export function openXmlFile(path: string, language?: string): OpenSource {
  requireFile(path)
  return { format: 'XML', records: records(path, language) }
}

async function* records(path: string, language?: string): AsyncGenerator<SourceRecord> {
  let number = 0
  for await (const node of cutElements(readText(path), isRecord, path)) {
    number++
    if (node) yield* xmlRecords(node, `record ${number}`, language)
    else
      yield {
        place: `record ${number}`,
        problem: { field: 'record', what: 'it is too large, or nested too deeply', remedy: 'Give it in parts.' },
      }
  }
}

/** Elements that are one record, or a graph of several. */
function isRecord(name: string): boolean {
  return ['record', 'dc', 'qualifieddc', 'simpledc', 'lido', 'RDF'].includes(name)
}

/** The records of one element. */
export function* xmlRecords(node: XmlNode, place: string, language?: string): Generator<SourceRecord> {
  if (node.name === 'lido') yield lidoRecord(node, place, language)
  else if (node.name === 'RDF') yield* edmRecords(node, place, language)
  else if (node.name === 'record') yield* wrappedRecords(node, place, language)
  else yield dublinCore(node, place, language)
}

/** A record of OAI-PMH has a header and wraps another one; any other `record` is read as Dublin Core. */
function* wrappedRecords(node: XmlNode, place: string, language?: string): Generator<SourceRecord> {
  const header = node.children.find(({ name }) => name === 'header')
  const id = header && textsIn(header, ['identifier'])[0]
  if (header?.attributes.status === 'deleted') {
    yield { place: id ?? place, ...(id === undefined ? {} : { id }), isDeleted: true }
    return
  }
  const inner = descendants(node, 'dc', 'qualifieddc', 'simpledc', 'lido', 'RDF')[0]
  const found = inner ? [...xmlRecords(inner, id ?? place, language)] : [dublinCore(node, place, language)]
  for (const [i, record] of found.entries()) {
    // The server's identifier names the record even when what is in it changes its own.
    if (id !== undefined) record.id = i === 0 ? id : `${id} ${i + 1}`
    yield record
  }
}

/** Dublin Core, simple or qualified. */
function dublinCore(node: XmlNode, place: string, language?: string): SourceRecord {
  const record: SourceRecord = { place }
  const [title] = textsIn(node, ['title', 'alternative'], language)
  if (title !== undefined) record.title = title
  const creators = textsIn(node, ['creator'], language)
  if (creators.length > 0) record.creators = [...new Set(creators)].map((name) => ({ name: reordered(name) }))
  record.kinds = [...textsIn(node, ['type'], language), ...textsIn(node, ['medium', 'format'])]
  if (record.kinds[0] !== undefined) record.otherTitle = record.kinds[0]
  const [spoken] = textsIn(node, ['language'])
  if (spoken !== undefined) record.language = spoken
  record.rights = [...textsIn(node, ['rights', 'license', 'accessRights']), ...resources(node, ['rights', 'license'])]
  const identifiers = textsIn(node, ['identifier'])
  addIdentifiers(record, identifiers)
  if (identifiers[0] !== undefined) record.id = identifiers[0]
  return record
}

/** What stands behind a comma in `Muster, Maria (1901–1980)` is no other person. */
function reordered(name: string): string {
  return name
    .slice(0, 500)
    .replace(/\s*\(?\d{3,4}\s*[-–]\s*(\d{3,4})?\)?\s*$/, '')
    .replace(/[,\s]+$/, '')
}

function resources(node: XmlNode, names: string[]): string[] {
  return descendants(node, ...names).flatMap(({ attributes }) => attributes['rdf:resource'] ?? [])
}

/** Works of a graph in EDM: what is said of the object, of those who show it, and of its pictures. */
function* edmRecords(graph: XmlNode, place: string, language?: string): Generator<SourceRecord> {
  const works = graph.children.filter(({ name }) => name === 'ProvidedCHO')
  if (works.length === 0) {
    const described = graph.children.filter(({ name }) => name === 'Description')
    for (const [i, node] of described.entries())
      yield dublinCore(node, described.length > 1 ? `${place}.${i + 1}` : place, language)
    return
  }
  const agents = new Map(graph.children.map((node) => [node.attributes['rdf:about'], node]))
  const targets = (node: XmlNode) => resources(node, ['aggregatedCHO', 'proxyFor'])
  const parts = Map.groupBy(
    graph.children.filter(({ name }) => /^(Aggregation|EuropeanaAggregation|Proxy)$/.test(name)),
    (node) => targets(node)[0],
  )
  for (const [i, work] of works.entries()) {
    const about = work.attributes['rdf:about']
    const related = works.length === 1 ? [...parts.values()].flat() : (parts.get(about) ?? [])
    yield edmRecord(work, about, related, agents, works.length > 1 ? `${place}.${i + 1}` : place, language)
  }
}

function edmRecord(
  work: XmlNode,
  about: string | undefined,
  related: XmlNode[],
  agents: Map<string | undefined, XmlNode>,
  place: string,
  language?: string,
): SourceRecord {
  const proxies = related.filter(({ name }) => name === 'Proxy')
  const shown = related.filter(({ name }) => name !== 'Proxy')
  const all: XmlNode = { name: 'work', attributes: {}, text: '', children: [work, ...proxies] }
  const record = dublinCore(all, place, language)
  if (about !== undefined) record.id = about
  const named = resources(all, ['creator']).flatMap((id) => {
    const agent = agents.get(id)
    return agent ? textsIn(agent, ['prefLabel', 'label', 'name'], language).slice(0, 1) : []
  })
  if (named.length > 0) record.creators = [...(record.creators ?? []), ...named.map((name) => ({ name }))]
  for (const node of shown) {
    record.rights!.push(...resources(node, ['rights']), ...textsIn(node, ['rights']))
    ;(record.urls ??= []).push(...addresses([...resources(node, ['isShownAt', 'isShownBy', 'hasView'])]))
  }
  record.kinds = [
    ...textsIn(all, ['type']).filter((type) => /^(IMAGE|TEXT|SOUND|VIDEO|3D)$/.test(type)),
    ...record.kinds!,
  ]
  const [description] = textsIn(all, ['description'], language)
  if (description !== undefined) record.otherTitle = description.slice(0, 200)
  return record
}

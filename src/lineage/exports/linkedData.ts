import { ColophonError, type Json } from '../../foundation/index.ts'
import { isObject, listOf, memberOf, type JsonObject } from './document.ts'

const NODES_MAX = 200_000

/** Prefixes that documents use without saying so, because their context lies at an address, which is never fetched. */
const PREFIXES: readonly (readonly [string, string])[] = [
  ['prov', 'http://www.w3.org/ns/prov#'],
  ['rdfs', 'http://www.w3.org/2000/01/rdf-schema#'],
  ['dct', 'http://purl.org/dc/terms/'],
  ['dcterms', 'http://purl.org/dc/terms/'],
  ['dcat', 'http://www.w3.org/ns/dcat#'],
  ['foaf', 'http://xmlns.com/foaf/0.1/'],
  ['spdx', 'http://spdx.org/rdf/terms#'],
  ['sc', 'http://schema.org/'],
  ['schema', 'http://schema.org/'],
  ['cr', 'http://mlcommons.org/croissant/'],
  ['ml', 'http://mlcommons.org/schema/'],
  ['rai', 'http://mlcommons.org/croissant/RAI/'],
]

/** A thing that a document speaks of: every property under its full name. */
export interface LinkedNode {
  id: string
  types: string[]
  properties: Map<string, LinkedValue[]>
}

/** A value, or the name of another node. */
export type LinkedValue = { node: string } | { value: Json }

interface Reading {
  terms: Map<string, { iri: string; isJson: boolean }>
  vocabulary: string | undefined
  nodes: Map<string, LinkedNode>
  blank: number
}

/**
 * The nodes of a document in JSON-LD, by their names, read with the contexts that stand in it. A subset of JSON-LD 1.1 is
 * enough for documents of this kind: prefixes, terms, `@vocab`, nesting, `@graph`, `@included`, lists, JSON literals.
 * Contexts at addresses are not fetched; the prefixes above stand for them. Errors: `too_large` for too many nodes.
 */
export function readLinkedData(document: Json, vocabulary?: string): Map<string, LinkedNode> {
  const reading: Reading = { terms: new Map(), vocabulary, nodes: new Map(), blank: 0 }
  for (const [prefix, iri] of PREFIXES) reading.terms.set(prefix, { iri, isJson: false })
  for (const part of listOf(document)) {
    for (const context of listOf(memberOf(part, '@context'))) addContext(reading, context)
    readNode(reading, part)
  }
  return reading.nodes
}

function addContext(reading: Reading, context: Json): void {
  if (!isObject(context)) return
  for (const [term, definition] of Object.entries(context)) {
    if (term === '@vocab' && typeof definition === 'string') reading.vocabulary = httpForm(definition)
    if (term.startsWith('@')) continue
    const iri = typeof definition === 'string' ? definition : memberOf(definition, '@id')
    const isJson = memberOf(definition, '@type') === '@json'
    if (typeof iri === 'string' && iri !== term) reading.terms.set(term, { iri, isJson })
  }
}

/** schema.org is written with and without the s; both mean the same. */
function httpForm(iri: string): string {
  return iri.replace(/^https:\/\/schema\.org\//, 'http://schema.org/')
}

function expand(reading: Reading, name: string, isProperty: boolean, depth = 0): string {
  if (name.startsWith('@') || name.startsWith('_:') || depth > 5) return name
  const term = isProperty ? reading.terms.get(name) : undefined
  if (term) return expand(reading, term.iri, true, depth + 1)
  const colon = name.indexOf(':')
  if (colon > 0) {
    const prefix = reading.terms.get(name.slice(0, colon))
    const rest = name.slice(colon + 1)
    if (!prefix || rest.startsWith('//')) return isProperty ? httpForm(name) : name
    return expand(reading, prefix.iri, true, depth + 1) + rest
  }
  return isProperty && reading.vocabulary ? reading.vocabulary + name : name
}

function readNode(reading: Reading, value: Json): string | undefined {
  if (!isObject(value)) return undefined
  const given = memberOf(value, '@id')
  const id = typeof given === 'string' ? expand(reading, given, false) : `_:nested-${reading.blank++}`
  const node = reading.nodes.get(id) ?? { id, types: [], properties: new Map<string, LinkedValue[]>() }
  reading.nodes.set(id, node)
  if (reading.nodes.size > NODES_MAX)
    throw new ColophonError('too_large', `the document speaks of more than ${NODES_MAX} things`, { where: 'document' })
  for (const type of listOf(memberOf(value, '@type')))
    if (typeof type === 'string') node.types.push(expand(reading, type, true))
  for (const [key, member] of Object.entries(value)) {
    if (key === '@graph' || key === '@included') for (const part of listOf(member)) readNode(reading, part)
    if (key.startsWith('@')) continue
    const name = expand(reading, key, true)
    const values = reading.terms.get(key)?.isJson
      ? [{ value: member }]
      : listOf(member).flatMap((each) => read(reading, each))
    node.properties.set(name, [...(node.properties.get(name) ?? []), ...values])
  }
  return id
}

function read(reading: Reading, value: Json): LinkedValue[] {
  if (!isObject(value)) return [{ value }]
  if (Object.hasOwn(value, '@value')) return [{ value: value['@value']! }]
  for (const list of ['@list', '@set'])
    if (Object.hasOwn(value, list)) return listOf(value[list]).flatMap((each) => read(reading, each))
  return [{ node: readNode(reading, value)! }]
}

/** Every value of the properties named, first property first. */
export function valuesOf(node: LinkedNode | undefined, ...names: string[]): LinkedValue[] {
  return names.flatMap((name) => node?.properties.get(name) ?? [])
}

/** The first value that is text, a number, or the name of a node. */
export function wordOf(node: LinkedNode | undefined, ...names: string[]): string | number | undefined {
  return wordsOf(node, ...names)[0]
}

export function wordsOf(node: LinkedNode | undefined, ...names: string[]): (string | number)[] {
  return valuesOf(node, ...names).flatMap((each) => {
    const word = 'node' in each ? each.node : each.value
    return (typeof word === 'string' || typeof word === 'number') && !String(word).startsWith('_:') ? [word] : []
  })
}

/** The names of nodes that a property points to; text counts as a name. */
export function namesOf(node: LinkedNode | undefined, ...names: string[]): string[] {
  return valuesOf(node, ...names).flatMap((each) => {
    if ('node' in each) return [each.node]
    return typeof each.value === 'string' ? [each.value] : []
  })
}

export function jsonOf(node: LinkedNode | undefined, name: string): JsonObject | Json[] | undefined {
  const [first] = valuesOf(node, name)
  const value = first && 'value' in first ? first.value : undefined
  return isObject(value) || Array.isArray(value) ? value : undefined
}

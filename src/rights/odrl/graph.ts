import type { Quad, Term } from 'n3'
import type { Finding, Value } from './types.ts'
import { ODRL_CONTEXT, RDF } from './vocabulary.ts'

/** Statements about things, ready to be asked. Names of blank nodes begin with `_:`. */
export interface Graph {
  objects(subject: string, predicate: string): Value[]
  /** Things that have this property, with the value. */
  subjectsWith(predicate: string): { subject: string; value: Value }[]
  /** The members of a list, or the value itself. */
  list(value: Value): Value[]
  ofType(type: string): string[]
  predicates(): Iterable<string>
  types(subject: string): string[]
  propertiesOf(subject: string): Iterable<string>
  isEmpty: boolean
}

const TEXT_BYTES_MAX = 4 * 1024 * 1024
const QUADS_MAX = 200_000
const DEPTH_MAX = 64

/**
 * Reads JSON-LD or Turtle. Nothing is fetched: contexts other than that of ODRL have to stand in the text. What cannot
 * be read is a finding, never an exception.
 */
export async function readGraph(text: string, where: string, findings: Finding[]): Promise<Graph> {
  return graphOf(await readQuads(text, where, findings))
}

/** Several texts as one graph; what has no name in one of them is nothing in another. */
export async function readGraphs(
  texts: readonly { text: string; where: string }[],
  findings: Finding[],
): Promise<Graph> {
  const quads: Quad[] = []
  for (const [i, { text, where }] of texts.entries())
    for (const quad of await readQuads(text, where, findings, `t${i}_`)) quads.push(quad)
  return graphOf(quads)
}

async function readQuads(text: string, where: string, findings: Finding[], blank = ''): Promise<Quad[]> {
  const problem = (code: Finding['code'], message: string): Quad[] => {
    findings.push({ code, severity: 'error', where, message })
    return []
  }
  if (text.length > TEXT_BYTES_MAX) return problem('too_large', `more than ${TEXT_BYTES_MAX} bytes are not read`)
  try {
    const quads = /^\s*[[{]/.test(text) ? await readJsonLd(text, blank) : await readTurtle(text, blank)
    if (quads.length > QUADS_MAX) return problem('too_large', `more than ${QUADS_MAX} statements are not read`)
    return quads
  } catch (error) {
    const { message } = error as Error
    if (error instanceof RangeError) return problem('too_deep', 'it is nested too deeply')
    if (/loading document failed|Dereferencing a URL/i.test(message) || (error as { name?: string }).name === 'unknown')
      return problem('context_unknown', `a context that is not known here is not fetched: ${message}`)
    return problem('syntax', message.slice(0, 300))
  }
}

async function readJsonLd(text: string, blank: string): Promise<Quad[]> {
  if (depthOf(text) > DEPTH_MAX) throw new RangeError('too deep')
  const document = JSON.parse(text) as object
  // A policy without a context is read as one of ODRL.
  const hasContext = Array.isArray(document) || '@context' in document
  const options = {
    documentLoader: loadContext,
    base: 'urn:colophon:here:',
    format: 'application/n-quads' as const,
    // What would be dropped in silence, a misspelt key or a value that is no IRI, is refused.
    safe: true,
    ...(hasContext ? {} : { expandContext: ODRL_CONTEXT }),
  }
  // Loaded only where such a text is read: both readers together are a sixth of what a start of the program loads.
  const { default: jsonld } = await import('jsonld')
  return readTurtle(String(await jsonld.toRDF(document as never, options as never)), blank)
}

const CONTEXTS: Record<string, object> = {
  'http://www.w3.org/ns/odrl.jsonld': ODRL_CONTEXT,
  'https://www.w3.org/ns/odrl.jsonld': ODRL_CONTEXT,
  'http://www.w3.org/ns/odrl/2/odrl.jsonld': ODRL_CONTEXT,
  'http://www.w3.org/ns/odrl/2/ODRL22.json': ODRL_CONTEXT,
}

async function loadContext(url: string) {
  const document = CONTEXTS[url]
  if (!document) throw new Error(`loading document failed: ${url}`)
  return { contextUrl: undefined, documentUrl: url, document }
}

async function readTurtle(text: string, blank: string): Promise<Quad[]> {
  const { Parser } = await import('n3')
  return new Parser({ baseIRI: 'urn:colophon:here:', blankNodePrefix: `_:b${blank}` }).parse(text)
}

/** How deep brackets are nested, those in strings left out. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0]
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (inString) {
      if (character === '\\') i++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') most = Math.max(most, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return most
}

function graphOf(quads: readonly Quad[]): Graph {
  const bySubject = new Map<string, Map<string, Value[]>>()
  const byPredicate = new Map<string, { subject: string; value: Value }[]>()
  for (const { subject, predicate, object } of quads) {
    const [about, property, value] = [nameOf(subject), predicate.value, valueOf(object)]
    const properties = bySubject.get(about) ?? new Map<string, Value[]>()
    bySubject.set(about, properties)
    const values = properties.get(property)
    if (values) values.push(value)
    else properties.set(property, [value])
    const statements = byPredicate.get(property) ?? []
    byPredicate.set(property, statements)
    statements.push({ subject: about, value })
  }
  const objects = (subject: string, predicate: string) => bySubject.get(subject)?.get(predicate) ?? []
  const list = (value: Value): Value[] => {
    if (value.iri === `${RDF}nil`) return []
    const members: Value[] = []
    const seen = new Set<string>()
    for (let cell = value.iri; cell && cell !== `${RDF}nil` && !seen.has(cell);) {
      seen.add(cell)
      const [first] = objects(cell, `${RDF}first`)
      if (!first) return members.length > 0 ? members : [value]
      members.push(first)
      cell = objects(cell, `${RDF}rest`)[0]?.iri
    }
    return members.length > 0 ? members : [value]
  }
  return {
    objects,
    subjectsWith: (predicate) => byPredicate.get(predicate) ?? [],
    list,
    predicates: () => byPredicate.keys(),
    ofType: (type) =>
      (byPredicate.get(`${RDF}type`) ?? []).filter(({ value }) => value.iri === type).map(({ subject }) => subject),
    types: (subject) => objects(subject, `${RDF}type`).flatMap(({ iri }) => iri ?? []),
    propertiesOf: (subject) => bySubject.get(subject)?.keys() ?? [],
    isEmpty: quads.length === 0,
  }
}

function nameOf(term: Term): string {
  return term.termType === 'BlankNode' ? `_:${term.value}` : term.value
}

function valueOf(term: Term): Value {
  if (term.termType === 'Literal')
    return { text: term.value, datatype: term.datatype.value, ...(term.language ? { language: term.language } : {}) }
  return { iri: nameOf(term) }
}

import type { Json } from '../../foundation/index.ts'
import type { Entity } from '../graph.ts'
import { isObject, listOf, memberOf, readDocument, refusal, textOf, type JsonObject } from './document.ts'
import { idOf } from './names.ts'
import {
  agentOf,
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
import { BUILD_TYPE } from './spdx.ts'

const types: Record<string, Entity['type']> = {
  dataset_DatasetPackage: 'Dataset',
  ai_AIPackage: 'Model',
  software_File: 'File',
}

/** A document by the names of its elements, and its relationships by their kind. */
interface Sheet {
  elements: Map<string, JsonObject>
  relations: Map<string, Map<string, string[]>>
}

/**
 * A lineage out of SPDX 3 in JSON-LD: data sets, models and files with what they descend from, were trained on or
 * contain, and builds as steps. Errors: `invalid_input`, `too_large`. Source: https://spdx.github.io/spdx-spec/v3.0.1/
 */
export function importSpdx(text: string, at?: string): LineageReading {
  const sheet = readSheet(readDocument(text))
  const draft = newDraft(text, at)
  for (const [name, element] of sheet.elements) describeElement(draft, sheet, name, element)
  const released = [...sheet.elements.values()].flatMap((element) => textOf(memberOf(element, 'releaseTime')) ?? [])
  const created = [...sheet.elements.values()].flatMap((element) => textOf(memberOf(element, 'created')) ?? [])
  const publishedAt = released[0] ?? created[0]
  const links = linksOf(sheet)
  const byResult: Links = Map.groupBy(links, ({ to }) => to)
  const placed = new Set<Pair>()
  for (const [name, element] of sheet.elements)
    if (memberOf(element, 'type') === 'build_Build')
      for (const pair of readBuild(draft, sheet, name, element, byResult)) placed.add(pair)
  for (const pair of links)
    if (!placed.has(pair)) {
      const step = stepOf(draft, draft.documentStep, { activity: 'publish', endedAt: publishedAt })
      link(draft, step, idOf(pair.to), idOf(pair.from))
    }
  return finish(draft, publishedAt)
}

function readSheet(document: Json): Sheet {
  const graph = listOf(memberOf(document, '@graph') ?? document)
  const sheet: Sheet = { elements: new Map(), relations: new Map() }
  for (const element of graph) {
    if (!isObject(element)) continue
    const name = textOf(memberOf(element, 'spdxId')) ?? textOf(memberOf(element, '@id'))
    if (name !== undefined) sheet.elements.set(name, element)
    const kind = textOf(memberOf(element, 'relationshipType'))
    const from = textOf(memberOf(element, 'from'))
    if (kind === undefined || from === undefined) continue
    const byStart = sheet.relations.get(kind) ?? new Map<string, string[]>()
    sheet.relations.set(kind, byStart)
    const targets = byStart.get(from) ?? []
    byStart.set(from, targets)
    for (const to of listOf(memberOf(element, 'to'))) if (typeof to === 'string') targets.push(to)
  }
  if (sheet.elements.size === 0) throw refusal('no element of SPDX 3 stands in this document', '@graph')
  return sheet
}

function describeElement(draft: Draft, sheet: Sheet, name: string, element: JsonObject): void {
  const kind = textOf(memberOf(element, 'type')) ?? ''
  if (kind === 'software_Package') draft.lost.add('packages of software')
  if (!Object.hasOwn(types, kind)) return
  const purpose = memberOf(element, 'software_primaryPurpose')
  const owner = listOf(memberOf(element, 'originatedBy'))[0] ?? memberOf(element, 'suppliedBy')
  const hash = listOf(memberOf(element, 'verifiedUsing')).find((each) => memberOf(each, 'algorithm') === 'sha256')
  const location = listOf(memberOf(element, 'externalRef')).flatMap((each) => listOf(memberOf(each, 'locator')))[0]
  describe(draft, idOf(name), {
    type: kind === 'software_File' && purpose === 'documentation' ? 'Summary' : types[kind],
    name: memberOf(element, 'name'),
    description: memberOf(element, 'description') ?? memberOf(element, 'summary'),
    version: memberOf(element, 'software_packageVersion'),
    url: memberOf(element, 'software_downloadLocation') ?? location,
    sha256: memberOf(hash, 'hashValue'),
    licence: licenceOf(draft, sheet, name),
    owner: agentNamed(sheet, textOf(owner)),
    weights: { bytes: memberOf(element, 'dataset_datasetSize') },
  })
  nameLosses(draft, element)
}

function nameLosses(draft: Draft, element: JsonObject): void {
  const read = ['datasetSize', 'datasetType']
  const others = Object.keys(element).flatMap((key) => /^(?:dataset|ai)_(\w{1,60})$/.exec(key)?.[1] ?? [])
  const lost = others.filter((key) => !read.includes(key))
  if (lost.length > 0) draft.lost.add(`properties of SPDX: ${lost.join(', ')}`)
}

function agentNamed(sheet: Sheet, name: string | undefined): Entity['owner'] {
  if (name === undefined) return undefined
  const element = sheet.elements.get(name)
  const own = listOf(memberOf(element, 'externalIdentifier')).find(
    (each) => memberOf(each, 'externalIdentifierType') === 'other',
  )
  return agentOf(memberOf(own, 'identifier') ?? name, memberOf(element, 'name'))
}

/** The declared licence, or the one that the author of the document concluded; nothing where nothing is asserted. */
function licenceOf(draft: Draft, sheet: Sheet, name: string): string | undefined {
  for (const kind of ['hasDeclaredLicense', 'hasConcludedLicense']) {
    const targets = sheet.relations.get(kind)?.get(name) ?? []
    const licences = targets.flatMap((target) => licenceNamed(sheet, target) ?? [])
    if (licences.length > 1)
      draft.lost.add(`several licences, without saying how they go together: ${licences.join(', ')}`)
    if (licences.length === 1) return licences[0]
  }
  return undefined
}

function licenceNamed(sheet: Sheet, target: string): string | undefined {
  if (/(?:NoAssertionLicense|NoneLicense)$/.test(target)) return undefined
  const element = sheet.elements.get(target)
  const expression = textOf(memberOf(element, 'simplelicensing_licenseExpression'))
  const custom = listOf(memberOf(element, 'simplelicensing_customIdToUri')).find(
    (each) => memberOf(each, 'key') === expression,
  )
  const words = expression?.startsWith('LicenseRef-')
    ? (memberOf(custom, 'value') ?? memberOf(element, 'name'))
    : undefined
  return textOf(words) ?? expression ?? cleanText(element ? memberOf(element, 'name') : target, 300)
}

/** What each thing was made from. */
type Links = Map<string, Pair[]>

interface Pair {
  to: string
  from: string
}

/** What was made from what: the same fact is said in either direction, and a whole is made from its parts. */
function linksOf({ relations, elements }: Sheet): Pair[] {
  const isThing = (name: string) => Object.hasOwn(types, textOf(memberOf(elements.get(name), 'type')) ?? '')
  const pairsOf = (kind: string) =>
    [...(relations.get(kind) ?? [])].flatMap(([from, targets]) => targets.map((to) => ({ from, to })))
  const toSource = ['descendantOf', 'trainedOn', 'contains'].flatMap((kind) => pairsOf(kind))
  const toResult = ['ancestorOf', 'generates', 'copiedTo', 'expandsTo'].flatMap((kind) => pairsOf(kind))
  const pairs = [
    ...toSource.map(({ from, to }) => ({ to: from, from: to })),
    ...toResult.map(({ from, to }) => ({ to, from })),
  ]
  const known = pairs.filter(({ to, from }) => isThing(to) && isThing(from))
  return [...new Map(known.map((pair) => [`${pair.to}\n${pair.from}`, pair])).values()]
}

/**
 * A build is the step of the links between its outputs and its inputs. An output that nothing is said of came from all
 * inputs. Returns the links that it took.
 */
function readBuild(draft: Draft, sheet: Sheet, name: string, element: JsonObject, links: Links): Pair[] {
  const ends = (kind: string) => sheet.relations.get(kind)?.get(name) ?? []
  const [inputs, outputs] = [new Set(ends('hasInput')), new Set(ends('hasOutput'))]
  const own = [...outputs].flatMap((to) => (links.get(to) ?? []).filter(({ from }) => inputs.has(from)))
  const unsaid = [...outputs].filter((to) => !links.has(to)).flatMap((to) => [...inputs].map((from) => ({ to, from })))
  if (own.length + unsaid.length === 0) return []
  const kind = textOf(memberOf(element, 'build_buildType')) ?? ''
  const tool = cleanText(memberOf(sheet.elements.get(ends('usesTool')[0] ?? ''), 'name'), 300)
  const step = stepOf(draft, idOf(textOf(memberOf(element, 'build_buildId')) || name), {
    activity: kind.startsWith(BUILD_TYPE) ? kind.slice(BUILD_TYPE.length) : undefined,
    name: cleanText(memberOf(element, 'name'), 300),
    description: cleanText(memberOf(element, 'description'), 5000),
    startedAt: cleanMoment(memberOf(element, 'build_buildStartTime')),
    endedAt: memberOf(element, 'build_buildEndTime'),
    agent: agentNamed(sheet, ends('invokedBy')[0]),
    tool: tool ? { name: tool } : undefined,
    parameters: parametersOf(memberOf(element, 'build_parameter')),
  })
  for (const pair of [...own, ...unsaid]) link(draft, step, idOf(pair.to), idOf(pair.from))
  return own
}

/** Pairs of key and value, as SPDX and OpenLineage write parameters. */
export function parametersOf(said: Json | undefined): Record<string, string> | undefined {
  const pairs = listOf(said).flatMap((parameter) => {
    const [key, value] = [textOf(memberOf(parameter, 'key')), textOf(memberOf(parameter, 'value'))]
    return key !== undefined && value !== undefined && key.length <= 200 && value.length <= 5000 ? [[key, value]] : []
  })
  return pairs.length > 0 ? (Object.fromEntries(pairs) as Record<string, string>) : undefined
}

/** True for JSON-LD in the context of SPDX 3. */
export function isSpdx(document: Json): boolean {
  return listOf(memberOf(document, '@context')).some(
    (context) => typeof context === 'string' && context.startsWith('https://spdx.org/rdf/3.'),
  )
}

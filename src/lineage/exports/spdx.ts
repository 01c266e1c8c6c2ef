import { sha256Hex } from '../../foundation/index.ts'
import type { Entity, LineageStep, Measure } from '../graph.ts'
import { jsonText, known } from './document.ts'
import type { Written } from './formats.ts'
import { isSpdxExpression } from '../../rights/index.ts'
import { licenceUrl } from './licences.ts'
import { lossesOf } from './losses.ts'
import { iriOf, NAMESPACE } from './names.ts'
import { stepsOf, type Upstream } from './upstream.ts'

const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'
/** The individual that SPDX has for a licence that nothing is said about. */
const NO_ASSERTION = 'expandedlicensing_NoAssertionLicense'
const CREATION = '_:creationInfo'
export const BUILD_TYPE = NAMESPACE

type Element = Record<string, unknown>

/** A document under way: its elements, and what the profiles ask for and nobody has said. */
interface Sheet {
  base: string
  elements: Map<string, Element>
  missing: string[]
}

/**
 * A lineage as SPDX 3.0.1 in JSON-LD: data sets as DatasetPackage, models as AIPackage, files and works as File, each
 * step as a Build with its inputs and outputs. Nobody concludes a licence here: the declared one stands as declared.
 * Source: https://spdx.github.io/spdx-spec/v3.0.1/
 */
export function exportSpdx(upstream: Upstream, producer: string, at: string): Written {
  const { root } = upstream
  const base = `urn:colophon:spdx:${sha256Hex(Buffer.from(`${root.id}\n${at}`)).slice(0, 32)}`
  const sheet: Sheet = { base, elements: new Map(), missing: [] }
  const maker = add(sheet, `${base}:producer`, { type: 'SoftwareAgent', name: producer })
  for (const entity of upstream.entities.values()) addEntity(sheet, entity, upstream)
  for (const id of upstream.entities.keys()) addAncestry(sheet, id, upstream)
  for (const step of upstream.steps) if (step.edges.length > 0) addBuild(sheet, step)
  const elements = [...sheet.elements.keys()]
  const document = {
    type: 'SpdxDocument',
    spdxId: `${base}:document`,
    creationInfo: CREATION,
    name: root.name ?? root.id,
    profileConformance: conformance(sheet),
    rootElement: [iriOf(root.id)],
    element: elements,
  }
  const creation = {
    type: 'CreationInfo',
    '@id': CREATION,
    specVersion: '3.0.1',
    created: seconds(at),
    createdBy: [maker],
  }
  return {
    text: jsonText({ '@context': CONTEXT, '@graph': [creation, document, ...sheet.elements.values()] }),
    lost: [...lossesOf(upstream, CARRIED), ...furtherLosses(upstream)],
    missing: sheet.missing,
  }
}

/** The profile of data sets or of models is claimed only where nothing that it asks for is missing. */
function conformance({ elements, missing }: Sheet): string[] {
  const kinds = new Set([...elements.values()].map(({ type }) => type))
  const whole = (kind: string) => kinds.has(kind) && !missing.some((each) => each.includes(kind))
  return [
    'core',
    'software',
    'simpleLicensing',
    'build',
    ...(whole('dataset_DatasetPackage') ? ['dataset'] : []),
    ...(whole('ai_AIPackage') ? ['ai'] : []),
  ]
}

const CARRIED = {
  root: ['name', 'description', 'version', 'url', 'sha256', 'licence', 'owner', 'bytes'],
  sources: ['name', 'description', 'version', 'url', 'sha256', 'licence', 'owner', 'bytes'],
  steps: ['activity', 'stepName', 'stepDescription', 'startedAt', 'endedAt', 'agent', 'tool', 'parameters'],
} as const

/** SPDX tells moments to the second. */
function seconds(moment: string): string {
  return moment.replace(/\.\d+Z$/, 'Z')
}

function furtherLosses({ steps, entities }: Upstream): string[] {
  const moments = steps.flatMap(({ startedAt, endedAt }) => [startedAt ?? '', endedAt])
  const files = [...entities.values()].filter(({ type }) => kinds[type].type === 'software_File')
  const models = [...entities.values()].filter(({ type }) => type === 'Model')
  return [
    ...(moments.some((moment) => /\.\d*[1-9]\d*Z$/.test(moment)) ? ['fractions of seconds'] : []),
    ...(files.some(({ version }) => version !== undefined) ? ['the versions of files'] : []),
    ...([...files, ...models].some(({ weights }) => weights?.bytes !== undefined)
      ? ['the size in bytes of files and models']
      : []),
  ]
}

function add(sheet: Sheet, spdxId: string, element: Element): string {
  const { type, ...members } = element
  sheet.elements.set(spdxId, known({ type, spdxId, creationInfo: CREATION, ...members }))
  return spdxId
}

function relate(
  sheet: Sheet,
  relationshipType: string,
  from: string,
  to: readonly string[],
  type = 'Relationship',
): void {
  if (to.length === 0) return
  const scope = type === 'LifecycleScopedRelationship' ? { scope: 'build' } : {}
  const id = `${sheet.base}:relationship:${sheet.elements.size}`
  add(sheet, id, { type, relationshipType, from, to, ...scope })
}

const kinds: Record<Entity['type'], { type: string; purpose: string }> = {
  Dataset: { type: 'dataset_DatasetPackage', purpose: 'data' },
  Source: { type: 'dataset_DatasetPackage', purpose: 'data' },
  Model: { type: 'ai_AIPackage', purpose: 'model' },
  File: { type: 'software_File', purpose: 'data' },
  Work: { type: 'software_File', purpose: 'data' },
  Summary: { type: 'software_File', purpose: 'documentation' },
}

function addEntity(sheet: Sheet, entity: Entity, upstream: Upstream): void {
  const { id, name, description, version, url, sha256, owner, weights, licence } = entity
  const { type, purpose } = kinds[entity.type]
  const isPackage = type !== 'software_File'
  const party = owner && addAgent(sheet, owner)
  const element = known({
    type,
    name: name ?? id,
    description,
    software_packageVersion: isPackage ? version : undefined,
    software_downloadLocation: isPackage ? url : undefined,
    externalRef: isPackage || !url ? undefined : [{ type: 'ExternalRef', externalRefType: 'other', locator: [url] }],
    software_primaryPurpose: purpose,
    originatedBy: type === 'ai_AIPackage' ? undefined : party && [party],
    suppliedBy: type === 'ai_AIPackage' ? party : undefined,
    builtTime: timeOf(upstream, id, (activity) => activity !== 'publish'),
    releaseTime: timeOf(upstream, id, (activity) => activity === 'publish'),
    verifiedUsing: sha256 && [{ type: 'Hash', algorithm: 'sha256', hashValue: sha256 }],
    dataset_datasetType: type === 'dataset_DatasetPackage' ? datasetTypes(weights) : undefined,
    dataset_datasetSize: type === 'dataset_DatasetPackage' ? wholeBytes(weights?.bytes) : undefined,
  })
  add(sheet, iriOf(id), element)
  addLicence(sheet, id, licence)
  nameMissing(sheet, entity, type, element)
}

function wholeBytes(bytes: number | undefined): number | undefined {
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

const mediaTypes: readonly [Measure, string][] = [
  ['tokens', 'text'],
  ['images', 'image'],
  ['audioHours', 'audio'],
  ['videoHours', 'video'],
]

function datasetTypes(weights: Entity['weights']): string[] {
  const types = mediaTypes.filter(([measure]) => (weights?.[measure] ?? 0) > 0).map(([, type]) => type)
  return types.length > 0 ? types : ['noAssertion']
}

function timeOf(
  upstream: Upstream,
  id: string,
  isIt: (activity: LineageStep['activity']) => boolean,
): string | undefined {
  const times = stepsOf(upstream, id).filter(({ activity }) => isIt(activity))
  const last = times
    .map(({ endedAt }) => endedAt)
    .sort()
    .at(-1)
  return last && seconds(last)
}

const REQUIRED: Record<string, readonly string[]> = {
  dataset_DatasetPackage: ['originatedBy', 'software_downloadLocation', 'builtTime', 'releaseTime'],
  ai_AIPackage: ['suppliedBy', 'software_downloadLocation', 'software_packageVersion', 'releaseTime'],
}

function nameMissing(sheet: Sheet, { id }: Entity, type: string, element: Element): void {
  const absent = (REQUIRED[type] ?? []).filter((property) => element[property] === undefined)
  if (absent.length > 0) sheet.missing.push(`${absent.join(', ')} of ${id} (required by ${type} of SPDX 3.0.1)`)
}

function addAgent(sheet: Sheet, { id, name }: NonNullable<Entity['owner']>): string {
  const spdxId = `${sheet.base}:agent:${encodeURIComponent(id.toWellFormed())}`
  return add(sheet, spdxId, {
    type: 'Agent',
    name: name ?? id,
    externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'other', identifier: id }],
  })
}

/** The dataset profile wants exactly one declared and one concluded licence. */
function addLicence(sheet: Sheet, id: string, licence: string | undefined): void {
  const declared = licence === undefined ? NO_ASSERTION : licenceElement(sheet, licence)
  relate(sheet, 'hasDeclaredLicense', iriOf(id), [declared])
  relate(sheet, 'hasConcludedLicense', iriOf(id), [NO_ASSERTION])
}

/** What is no expression of SPDX gets a reference of its own, and the address or the words that it stands for. */
function licenceElement(sheet: Sheet, licence: string): string {
  const isExpression = isSpdxExpression(licence, true)
  const reference = `LicenseRef-${sha256Hex(Buffer.from(licence)).slice(0, 16)}`
  const spdxId = `${sheet.base}:licence:${reference}`
  return add(sheet, spdxId, {
    type: 'simplelicensing_LicenseExpression',
    name: isExpression ? undefined : licence,
    simplelicensing_licenseExpression: isExpression ? licence : reference,
    simplelicensing_customIdToUri:
      isExpression || !licenceUrl(licence)
        ? undefined
        : [{ type: 'DictionaryEntry', key: reference, value: licenceUrl(licence) }],
  })
}

/** A model was trained on data; everything else descends from what it was made from. */
function addAncestry(sheet: Sheet, id: string, { entities, made }: Upstream): void {
  const isTraining = ({ edge, step }: { edge: { from: string }; step: LineageStep }) =>
    step.activity === 'train' && entities.get(id)!.type === 'Model' && entities.get(edge.from)!.type !== 'Model'
  const links = made.get(id)!
  const of = (list: typeof links) => [...new Set(list.map(({ edge }) => iriOf(edge.from)))]
  relate(sheet, 'trainedOn', iriOf(id), of(links.filter(isTraining)))
  relate(sheet, 'descendantOf', iriOf(id), of(links.filter((each) => !isTraining(each))))
}

function addBuild(sheet: Sheet, step: LineageStep): void {
  const { id, activity, name, description, startedAt, endedAt, agent, tool, parameters, edges } = step
  const build = `${sheet.base}:step:${encodeURIComponent(id.toWellFormed())}`
  add(sheet, build, {
    type: 'build_Build',
    name,
    description,
    build_buildType: `${BUILD_TYPE}${activity}`,
    build_buildId: id,
    build_buildStartTime: startedAt && seconds(startedAt),
    build_buildEndTime: seconds(endedAt),
    build_parameter:
      parameters && Object.entries(parameters).map(([key, value]) => ({ type: 'DictionaryEntry', key, value })),
  })
  const scoped = 'LifecycleScopedRelationship'
  const outputs = [...new Set(edges.map(({ to }) => to))]
  const inputs = new Set(edges.map(({ from }) => from))
  relate(
    sheet,
    'hasInput',
    build,
    [...inputs].map((each) => iriOf(each)),
    scoped,
  )
  relate(
    sheet,
    'hasOutput',
    build,
    outputs.map((each) => iriOf(each)),
    scoped,
  )
  if (agent) relate(sheet, 'invokedBy', build, [addAgent(sheet, agent)], scoped)
  if (!tool) return
  const label = [tool.name, tool.version].filter(Boolean).join(' ')
  const used = `${sheet.base}:tool:${encodeURIComponent(label.toWellFormed())}`
  relate(sheet, 'usesTool', build, [add(sheet, used, { type: 'Tool', name: label })], scoped)
}

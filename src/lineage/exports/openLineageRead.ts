import type { Json } from '../../foundation/index.ts'
import { stepSchema, type Entity, type LineageStep } from '../graph.ts'
import { checkSize, isObject, listOf, memberOf, readDocument, refusal, textOf, type JsonObject } from './document.ts'
import { FACET, LOCAL_NAMESPACE } from './openLineage.ts'
import { safeId } from './names.ts'
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
import { parametersOf } from './spdxRead.ts'

const EVENTS_MAX = 100_000

/** All that the events of one run say together. */
interface Run {
  id: string
  startedAt?: string | undefined
  endedAt?: string | undefined
  events: JsonObject[]
}

/**
 * A lineage out of OpenLineage events, one a line or in an array: a step for each run that was not aborted. Where an
 * event names which input an output came from, that is the link; else every output came from every input. Errors:
 * `invalid_input`, `too_large`. Source: OpenLineage 2-0-2.
 */
export function importOpenLineage(text: string, at?: string): LineageReading {
  const draft = newDraft(text, at)
  const runs = new Map<string, Run>()
  const events = eventsOf(text)
  if (events.length > EVENTS_MAX) throw refusal(`more than ${EVENTS_MAX} events`, 'document', 'Split it by job.')
  for (const [place, event] of events.entries()) addEvent(draft, runs, event, place)
  for (const run of runs.values()) readRun(draft, run)
  return finish(draft)
}

function eventsOf(text: string): Json[] {
  checkSize(text)
  const trimmed = text.trim()
  if (trimmed.startsWith('[')) return readDocument(trimmed) as Json[]
  const lines = trimmed.split('\n')
  // One event may be written over many lines; many events stand one a line.
  const isWhole = lines.length === 1 || !/^\s*\{.*\}\s*$/.test(lines[0]!)
  if (isWhole) return [readDocument(trimmed)]
  return lines.flatMap((line, number) => (line.trim() === '' ? [] : [readDocument(line, `line ${number + 1}`)]))
}

function addEvent(draft: Draft, runs: Map<string, Run>, event: Json, place: number): void {
  const dataset = memberOf(event, 'dataset')
  if (isObject(event) && dataset !== undefined) {
    describeDataset(draft, dataset)
    return
  }
  if (!isObject(event) || !isObject(memberOf(event, 'job')))
    throw refusal('this is no event of OpenLineage', `event ${place + 1}`)
  const type = memberOf(event, 'eventType')
  const id = textOf(memberOf(event, 'run', 'runId')) ?? JSON.stringify(memberOf(event, 'job', 'name') ?? place)
  if (type === 'FAIL' || type === 'ABORT') {
    draft.lost.add('runs that failed or were aborted')
    return
  }
  const run = runs.get(id) ?? { id, events: [] }
  runs.set(id, run)
  const time = textOf(memberOf(event, 'eventTime'))
  if (type === 'START') run.startedAt = time
  else run.endedAt = time
  run.events.push(event)
}

function readRun(draft: Draft, run: Run): void {
  const inputs = new Map<string, Json>()
  const outputs = new Map<string, Json>()
  for (const event of run.events)
    for (const [key, into] of [
      ['inputs', inputs],
      ['outputs', outputs],
    ] as const)
      for (const dataset of listOf(memberOf(event, key))) into.set(describeDataset(draft, dataset), dataset)
  const event = run.events.at(-1)!
  const step = stepOfRun(draft, run, event)
  const own = run.events.map((each) => memberOf(each, 'run', 'facets', FACET, 'edges')).find(Array.isArray)
  if (own) readOwnEdges(draft, step, own)
  else readLinks(draft, step, [...inputs.keys()], outputs)
}

function stepOfRun(draft: Draft, run: Run, event: JsonObject): LineageStep {
  const facets = memberOf(event, 'run', 'facets')
  const own = memberOf(facets, FACET)
  const engine = memberOf(facets, 'processing_engine')
  const jobFacets = memberOf(event, 'job', 'facets')
  const name = memberOf(event, 'job', 'name')
  const toolName = cleanText(memberOf(own, 'tool', 'name') ?? memberOf(engine, 'name'), 300)
  const version = cleanText(memberOf(own, 'tool', 'version') ?? memberOf(engine, 'version'), 100)
  const agent = memberOf(own, 'agent')
  const owner = listOf(memberOf(jobFacets, 'ownership', 'owners'))[0]
  const isOurs = own !== undefined && memberOf(jobFacets, FACET, 'named') !== true
  return stepOf(draft, safeId(textOf(memberOf(own, 'step')) ?? `urn:uuid:${run.id}`), {
    activity: memberOf(own, 'activity') ?? textOf(memberOf(jobFacets, 'jobType', 'jobType'))?.toLowerCase(),
    name: isOurs ? undefined : cleanText(name, 300),
    description: cleanText(memberOf(jobFacets, 'documentation', 'description'), 5000),
    startedAt: cleanMoment(memberOf(own, 'startedAt') ?? run.startedAt),
    endedAt: run.endedAt ?? run.startedAt,
    agent: stepSchema.shape.agent.safeParse(agent).data ?? agentOf(memberOf(owner, 'name'), undefined),
    tool: toolName ? { name: toolName, ...(version ? { version } : {}) } : undefined,
    parameters: parametersOf(memberOf(facets, 'executionParameters', 'parameters')),
  })
}

/** Links as this project writes them, never surer than that somebody said them. */
function readOwnEdges(draft: Draft, step: LineageStep, edges: readonly Json[]): void {
  for (const edge of edges) {
    const { data } = stepSchema.shape.edges.element.safeParse(edge)
    if (!data) throw refusal('a link of the facet colophon_lineage is not of its form', step.id)
    const { to, from, ...more } = data
    link(draft, step, to, from, { ...more, known: data.known === 'measured' ? 'attested' : data.known })
  }
}

function readLinks(draft: Draft, step: LineageStep, inputs: readonly string[], outputs: Map<string, Json>): void {
  for (const [to, dataset] of outputs) {
    const named = [
      ...listOf(memberOf(dataset, 'facets', 'lineage', 'inputs')),
      ...Object.values(memberOf(dataset, 'facets', 'columnLineage', 'fields') ?? {}).flatMap((field) =>
        listOf(memberOf(field as Json, 'inputFields')),
      ),
    ]
    const sources = named.length > 0 ? named.map((source) => datasetId(source)) : inputs
    for (const from of new Set(sources)) link(draft, step, to, from)
  }
}

function datasetId(dataset: Json): string {
  const [namespace, name] = [textOf(memberOf(dataset, 'namespace')), textOf(memberOf(dataset, 'name'))]
  if (namespace === undefined || name === undefined)
    throw refusal('a data set without namespace and name', 'inputs or outputs')
  return safeId(namespace === LOCAL_NAMESPACE ? name : `${namespace}/${name}`)
}

function describeDataset(draft: Draft, dataset: Json): string {
  const id = datasetId(dataset)
  const facets = memberOf(dataset, 'facets')
  const own = memberOf(facets, FACET)
  const held = entityFrom(id, own)
  if (held) draft.entities.set(id, { ...draft.entities.get(id), ...held })
  const statistics = memberOf(dataset, 'outputFacets', 'outputStatistics')
  const owner = listOf(memberOf(facets, 'ownership', 'owners'))[0]
  if (memberOf(facets, 'schema') !== undefined) draft.lost.add('the columns of tables')
  const isModel = memberOf(facets, 'datasetType', 'datasetType') === 'MODEL'
  return describe(draft, id, {
    ...(held ? {} : { type: isModel ? 'Model' : undefined, owner: agentOf(memberOf(owner, 'name'), undefined) }),
    ...(held ? {} : { weights: { rows: memberOf(statistics, 'rowCount'), bytes: memberOf(statistics, 'size') } }),
    name: memberOf(own, 'name') ?? (own === undefined ? memberOf(dataset, 'name') : undefined),
    description: memberOf(facets, 'documentation', 'description'),
    version: memberOf(facets, 'version', 'datasetVersion'),
    url: memberOf(facets, 'dataSource', 'uri'),
  })
}

/** What the facet of this project says of a data set, if it is of its form. */
function entityFrom(id: string, own: Json | undefined): Entity | undefined {
  if (!isObject(own)) return undefined
  const members = Object.entries(own).filter(([key]) => !key.startsWith('_'))
  return stepSchema.shape.entities.element.safeParse({ ...Object.fromEntries(members), id }).data
}

/** True for text that is one event of OpenLineage or begins with one. */
export function isOpenLineage(document: Json): boolean {
  const [first] = listOf(document)
  return memberOf(first, 'eventTime') !== undefined && textOf(memberOf(first, 'producer')) !== undefined
}

import { ColophonError, isoTime, sha256Hex } from '../../foundation/index.ts'
import {
  activities,
  buildLineage,
  stepSchema,
  weightsSchema,
  type Edge,
  type Entity,
  type LineageStep,
  type Weights,
} from '../graph.ts'
import { refusal } from './document.ts'
import { iso6393Of } from './languages.ts'
import { licenceOfUrl } from './licences.ts'
import { idOf } from './names.ts'

/** Every output of every input: a short document can say very many links. */
const LINKS_MAX = 200_000
const STEP_LINKS_MAX = 100_000

/** What was read of a lineage, and what it does not hold. */
export interface LineageReading {
  steps: LineageStep[]
  lost: string[]
}

/** A document that is being read: its entities by id, its steps by id, what had to be left out. */
export interface Draft {
  at: string
  /** The step of the document itself, for what it ties to no step. */
  documentStep: string
  entities: Map<string, Entity>
  steps: Map<string, LineageStep>
  lost: Set<string>
  /** How many links there are in all steps together. */
  links: number
}

export function newDraft(text: string, at: string = isoTime(Date.now())): Draft {
  const documentStep = `urn:sha256:${sha256Hex(Buffer.from(text))}`
  return { at, documentStep, entities: new Map(), steps: new Map(), lost: new Set(), links: 0 }
}

type Said = {
  [Part in Exclude<keyof Entity, 'id' | 'type' | 'owner' | 'weights' | 'languages' | 'collected'>]?: unknown
} & {
  type?: Entity['type'] | undefined
  owner?: Entity['owner'] | undefined
  weights?: Record<string, unknown> | undefined
  languages?: readonly string[] | undefined
  collected?: { from?: unknown; to?: unknown } | undefined
}

/** Puts on record what a document says of an entity; what it says in a form that the model does not hold is named. */
export function describe(draft: Draft, id: string, said: Said): string {
  const weights = weightsOf(draft, said.weights)
  const earlier = draft.entities.get(id)
  const fresh = {
    // Where a format asks for a name and nobody gave one, the id stands there.
    name: said.name === id ? undefined : cleanText(said.name, 300),
    description: cleanText(said.description, 5000),
    version: cleanText(said.version, 100),
    url: cleanUrl(said.url),
    sha256: cleanHash(said.sha256),
    licence: cleanLicence(said.licence),
    owner: said.owner,
    origin: said.origin,
    weights,
    languages: languagesOf(draft, said.languages, weights),
    collected: daysOf(said.collected),
    work: said.work,
  }
  const members = Object.entries(fresh).filter(([, value]) => value !== undefined)
  for (const part of ['url', 'sha256', 'licence', 'version', 'description'] as const)
    if (said[part] !== undefined && said[part] !== null && fresh[part] === undefined)
      draft.lost.add(`${part} of ${id}: it is said in a form that is not held`)
  draft.entities.set(id, {
    ...(earlier ?? { id, type: said.type ?? 'Dataset' }),
    ...(said.type ? { type: said.type } : {}),
    ...(Object.fromEntries(members) as Partial<Entity>),
  })
  return id
}

/** Says that one thing was made from another; what nobody has described is described by its name alone. */
export function link(draft: Draft, step: LineageStep, to: string, from: string, more: Partial<Edge> = {}): void {
  for (const id of [to, from]) if (!draft.entities.has(id)) draft.entities.set(id, { id, type: 'Dataset' })
  if (to === from) {
    draft.lost.add(`that ${to} was made from itself: what was changed is another entity`)
    return
  }
  if (step.edges.length >= STEP_LINKS_MAX || ++draft.links > LINKS_MAX)
    throw new ColophonError('too_large', 'the document says more links than one lineage holds', {
      where: step.id,
      remedy: 'Split it by data set.',
    })
  step.edges.push({ to, from, known: 'attested', ...more })
}

/** A step of the document, made once. Where no time is said, it is the time of the reading, and that is named. */
export function stepOf(
  draft: Draft,
  id: string,
  said: { activity?: unknown; endedAt?: unknown } & Partial<Omit<LineageStep, 'activity' | 'endedAt'>> = {},
): LineageStep {
  const { activity, endedAt, ...more } = said
  const there = draft.steps.get(id)
  if (there) return there
  const moment = cleanMoment(endedAt)
  if (!moment) draft.lost.add(`when ${stepName(draft, id)} was done: the time of the reading stands there`)
  const kind = activities.find((each) => each === activity)
  if (!kind) draft.lost.add(`what kind of step ${stepName(draft, id)} was`)
  const step: LineageStep = {
    type: 'LineageStep',
    id,
    activity: kind ?? (id === draft.documentStep ? 'publish' : 'transform'),
    endedAt: moment ?? draft.at,
    ...(Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as object),
    entities: [],
    edges: [],
  }
  draft.steps.set(id, step)
  return step
}

function stepName({ documentStep }: Draft, id: string): string {
  return id === documentStep ? 'what the document describes' : id
}

/**
 * The steps of a draft, each entity in the first step that touches it and all others in the step of the document. Errors:
 * `invalid_input` for what is no lineage (nothing described, made from itself, two digests).
 */
export function finish(draft: Draft, endedAt?: unknown): LineageReading {
  if (draft.entities.size === 0)
    throw refusal('the document describes no data set', 'document', 'Give a document of one of the formats.')
  const placed = new Set<string>()
  const place = (step: LineageStep, id: string) => {
    if (placed.has(id)) return
    placed.add(id)
    step.entities.push(draft.entities.get(id)!)
  }
  for (const step of draft.steps.values())
    for (const { from, to } of step.edges) for (const id of [from, to]) place(step, id)
  const rest = [...draft.entities.keys()].filter((id) => !placed.has(id))
  if (rest.length > 0) {
    const step = stepOf(draft, draft.documentStep, { activity: 'publish', endedAt })
    for (const id of rest) place(step, id)
  }
  const steps = [...draft.steps.values()].filter(({ entities, edges }) => entities.length + edges.length > 0)
  return checked(steps, draft.lost)
}

/** Steps as the model holds them. Errors: `invalid_input`, with the place. */
export function checked(steps: readonly unknown[], lost: Iterable<string>): LineageReading {
  const sound = steps.map((step) => {
    const { data, error } = stepSchema.safeParse(step)
    if (data) return data
    const issue = error.issues[0]!
    throw refusal(`${issue.path.join('.')}: ${issue.message}`.slice(0, 300), 'document')
  })
  buildLineage(sound)
  return { steps: sound, lost: [...lost].slice(0, 100) }
}

/** Text for people: control characters become spaces; undefined for what is no text or holds nothing. */
export function cleanText(value: unknown, max: number): string | undefined {
  const raw = typeof value === 'number' ? String(value) : value
  if (typeof raw !== 'string') return undefined
  const text = raw
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, max)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
  return text === '' ? undefined : text
}

export function cleanUrl(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return /^https?:\/\//i.test(text) && text.length <= 2000 && URL.canParse(text) && text.isWellFormed()
    ? text
    : undefined
}

export function cleanHash(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined
}

function cleanLicence(value: unknown): string | undefined {
  const text = cleanText(value, 300)
  return text && licenceOfUrl(text)
}

/** A moment in UTC; a day alone is its beginning. */
export function cleanMoment(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(value))
    return undefined
  const hasZone = value.length <= 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10))
  const moment = Date.parse(hasZone ? value : `${value}Z`)
  return Number.isNaN(moment) ? undefined : isoTime(moment)
}

function daysOf(said: Said['collected']): Entity['collected'] {
  const from = cleanMoment(said?.from)?.slice(0, 10)
  const to = cleanMoment(said?.to)?.slice(0, 10)
  return from || to ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : undefined
}

/** Amounts that are numbers of the right size; others are named. */
function weightsOf(draft: Draft, said: Record<string, unknown> | undefined): Weights | undefined {
  const weights: Record<string, number> = {}
  for (const [measure, amount] of Object.entries(said ?? {})) {
    if (amount === undefined || amount === null) continue
    if (weightsSchema.safeParse({ [measure]: amount }).success) weights[measure] = amount as number
    else draft.lost.add(`an amount that is no number: ${measure}`)
  }
  return Object.keys(weights).length > 0 ? weights : undefined
}

/** Languages have weights: the only one has all of it, and how much there is of several has to be said. */
function languagesOf(
  draft: Draft,
  tags: readonly string[] | undefined,
  weights: Weights | undefined,
): Entity['languages'] {
  const codes = [...new Set((tags ?? []).flatMap((tag) => iso6393Of(tag) ?? []))]
  if (codes.length < new Set(tags).size && tags!.some((tag) => !iso6393Of(tag)))
    draft.lost.add('languages that are no code of ISO 639')
  if (codes.length === 1) return { [codes[0]!]: Object.values(weights ?? {})[0] ?? 1 }
  if (codes.length > 1) draft.lost.add(`the languages ${codes.join(', ')}: nobody says how much there is of each`)
  return undefined
}

/** An agent as it is named; a name alone becomes its own id. */
export function agentOf(
  id: unknown,
  name: unknown,
  role?: NonNullable<Entity['owner']>['role'],
): NonNullable<Entity['owner']> | undefined {
  const text = cleanText(name, 300)
  const raw =
    typeof id === 'string' && id !== '' && !id.startsWith('_:')
      ? id
      : text && `urn:colophon:agent:${encodeURIComponent(text)}`
  if (!raw) return undefined
  const named = idOf(raw)
  return { id: named, ...(text && id !== text ? { name: text } : {}), ...(role ? { role } : {}) }
}

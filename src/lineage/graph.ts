import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { momentSchema, textSchema } from '../statements/index.ts'

/**
 * A pipeline as W3C PROV: each step is an activity with its agent, the entities it used and those it made; each edge
 * from one that was made to one that was used carries how much of it came from there, and how that is known.
 */
export const activities = [
  'acquire',
  'license',
  'crawl',
  'generate',
  'filter',
  'deduplicate',
  'translate',
  'annotate',
  'sample',
  'merge',
  'transform',
  'train',
  'publish',
] as const
export const entityTypes = ['Work', 'Source', 'Dataset', 'File', 'Model', 'Summary'] as const
/** Where data comes from, as the public summary of training content divides it (sections 2.1 to 2.6). */
export const origins = [
  'public',
  'licensed',
  'private',
  'crawled',
  'interactions',
  'otherServices',
  'synthetic',
  'other',
] as const
export const certainties = ['attested', 'measured', 'inferred', 'unknown'] as const
export type Certainty = (typeof certainties)[number]

const amount = z.number().min(0).max(1e18)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
/** A name that stays: a URI, or a short name of one's own. No spaces, so that it stands in a URL and in a shell. */
const idSchema = z.string().regex(/^[^\s<>"{}|\\^`]{1,500}$/)

/** How much: of each measure that is known. Hours are of sound or film, tokens of text. */
export const weightsSchema = z
  .strictObject({
    rows: amount,
    documents: amount,
    bytes: amount,
    tokens: amount,
    images: amount,
    audioHours: amount,
    videoHours: amount,
  })
  .partial()
export type Weights = z.infer<typeof weightsSchema>
export type Measure = keyof Weights
export const measures = Object.keys(weightsSchema.shape) as Measure[]

const agentSchema = z.strictObject({
  id: idSchema,
  name: textSchema(300).optional(),
  role: z.enum(['rightsholder', 'provider', 'crawler', 'annotator', 'publisher', 'tool', 'other']).optional(),
})

const entitySchema = z.strictObject({
  id: idSchema,
  type: z.enum(entityTypes),
  name: textSchema(300).optional(),
  description: textSchema(5000).optional(),
  version: textSchema(100).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  sha256: hash.optional(),
  /** An SPDX identifier or expression, or the address of a statement of rights. */
  licence: textSchema(300).optional(),
  owner: agentSchema.optional(),
  origin: z.enum(origins).optional(),
  weights: weightsSchema.optional(),
  /** Weight of the first measure that is given, by ISO 639-3 code; `und` is what nobody could tell. */
  languages: z.record(z.string().regex(/^[a-z]{3}$/), amount).optional(),
  /** Weight by site (registrable domain), for what was crawled. */
  domains: z.record(z.string().min(1).max(253), amount).optional(),
  /** When the data itself was collected, first and last day. */
  collected: z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() }).optional(),
  /** It is in the register of Colophon under this name. */
  work: idSchema.optional(),
})
export type Entity = z.infer<typeof entitySchema>

/** How the rows of what was made stand to the rows of what was used. */
const rowsSchema = z.discriminatedUnion('kind', [
  /** Row n is row n. */
  z.strictObject({ kind: z.literal('same') }),
  /** The rows of the source stand from this place on, as many as the count says. */
  z.strictObject({ kind: z.literal('at'), at: z.int().min(0), count: z.int().min(0) }),
  /** The rows of the source in their order, without those that are listed (first row is 0). */
  z.strictObject({ kind: z.literal('without'), rows: z.array(z.int().min(0)).max(1_000_000) }),
  /** The row of the source that each row came from. */
  z.strictObject({ kind: z.literal('from'), rows: z.array(z.int().min(0)).max(1_000_000) }),
])
export type RowMap = z.infer<typeof rowsSchema>

const edgeSchema = z.strictObject({
  /** What was made, and what it was made from. */
  to: idSchema,
  from: idSchema,
  weights: weightsSchema.optional(),
  known: z.enum(certainties),
  sha256: hash.optional(),
  licence: textSchema(300).optional(),
  /** What was seen of reservations, and when. */
  reservations: z
    .strictObject({
      at: momentSchema,
      method: textSchema(1000),
      reservedAtCollection: z.number().min(0).max(1).optional(),
      reservedNow: z.number().min(0).max(1).optional(),
    })
    .optional(),
  rows: rowsSchema.optional(),
})
export type Edge = z.infer<typeof edgeSchema>

export const stepSchema = z.strictObject({
  type: z.literal('LineageStep'),
  id: idSchema,
  activity: z.enum(activities),
  name: textSchema(300).optional(),
  description: textSchema(5000).optional(),
  startedAt: momentSchema.optional(),
  endedAt: momentSchema,
  agent: agentSchema.optional(),
  /** The program and what it was called with. */
  tool: z.strictObject({ name: textSchema(300), version: textSchema(100).optional() }).optional(),
  parameters: z.record(z.string().max(200), z.string().max(5000)).optional(),
  entities: z.array(entitySchema).max(10_000),
  edges: z.array(edgeSchema).max(100_000),
})
export type LineageStep = z.infer<typeof stepSchema>

/** A pipeline: its steps in the order in which they were recorded, its entities by id, edges by what they made. */
export interface Lineage {
  steps: LineageStep[]
  entities: Map<string, Entity>
  made: Map<string, { edge: Edge; step: LineageStep }[]>
  used: Map<string, { edge: Edge; step: LineageStep }[]>
  /** What cannot be together: a step that says something else of an entity than an earlier one (what was said first stands), times and rows that cannot be. */
  contradictions: string[]
}

/**
 * Puts steps together. What a later step says of an entity adds to what an earlier one said, and never replaces it. Errors: `invalid_input`
 * where two steps have one id, an edge names an entity that no step describes, an entity is said to have two digests, or
 * something was made from itself by whatever way (`where` names the step).
 */
export function buildLineage(steps: readonly LineageStep[]): Lineage {
  const lineage: Lineage = {
    steps: [...steps],
    entities: new Map(),
    made: new Map(),
    used: new Map(),
    contradictions: [],
  }
  const ids = new Set<string>()
  for (const step of steps) {
    if (ids.has(step.id)) refuse(step, `the step ${step.id} is there twice`)
    ids.add(step.id)
    lineage.contradictions.push(...timesThatCannotBe(step).map((each) => `${step.id}: ${each}`))
    for (const entity of step.entities) addEntity(lineage, entity, step)
    for (const edge of step.edges) {
      for (const id of [edge.from, edge.to])
        if (!lineage.entities.has(id)) refuse(step, `no step describes ${id}`, 'Describe it under entities.')
      lineage.contradictions.push(...rowsThatCannotBe(lineage, edge).map((each) => `${step.id}: ${each}`))
      push(lineage.made, edge.to, { edge, step })
      push(lineage.used, edge.from, { edge, step })
    }
  }
  refuseCycles(lineage)
  return lineage
}

/** Members that say what an entity is or who has it: a later step may add them, not change them. */
const FIRM = ['type', 'version', 'url', 'licence', 'owner', 'origin', 'work'] as const

function addEntity({ entities, contradictions }: Lineage, entity: Entity, step: LineageStep): void {
  const earlier = entities.get(entity.id)
  if (earlier?.sha256 && entity.sha256 && earlier.sha256 !== entity.sha256)
    refuse(step, `${entity.id} has another digest in an earlier step`, 'What was changed is another entity.')
  for (const member of earlier ? FIRM : []) {
    const [was, is] = [earlier![member], entity[member]]
    if (
      was !== undefined &&
      is !== undefined &&
      JSON.stringify(was) !== JSON.stringify(is) &&
      !(member === 'type' && isKindOfData(was) && isKindOfData(is))
    )
      contradictions.push(
        `${step.id}: it says another ${member} of ${entity.id} than an earlier step; what was said first stands`,
      )
  }
  const weights = earlier?.weights && entity.weights ? { weights: { ...entity.weights, ...earlier.weights } } : {}
  entities.set(entity.id, { ...entity, ...earlier, ...weights })
}

/** One file may be called a file here and a data set there. */
const isKindOfData = (type: unknown) => ['File', 'Dataset', 'Source'].includes(type as string)

function timesThatCannotBe({ startedAt, endedAt, entities }: LineageStep): string[] {
  return [
    ...(startedAt !== undefined && startedAt > endedAt ? ['it ended before it began'] : []),
    ...entities.flatMap(({ id, collected }) =>
      collected?.from && collected.to && collected.from > collected.to
        ? [`${id} was collected until before it was begun`]
        : [],
    ),
  ]
}

/** Rows behind the end of a source, or of what was made. */
function rowsThatCannotBe({ entities }: Lineage, { to, from, rows }: Edge): string[] {
  const [own, source] = [entities.get(to)!.weights?.rows ?? Infinity, entities.get(from)!.weights?.rows ?? Infinity]
  if (rows?.kind === 'at')
    return [
      ...(rows.at + rows.count > own ? [`${to} has ${own} rows, and those of ${from} would end behind them`] : []),
      ...(rows.count > source ? [`${from} has ${source} rows, and ${rows.count} are said to come from it`] : []),
    ]
  if (rows?.kind !== 'from' && rows?.kind !== 'without') return []
  const last = rows.rows.reduce((max, row) => Math.max(max, row), -1)
  return last >= source ? [`${from} has ${source} rows, and row ${last} is named`] : []
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Walks back from every entity without recursion: pipelines may be long. */
function refuseCycles({ made, entities }: Lineage): void {
  const state = new Map<string, 'open' | 'done'>()
  for (const root of entities.keys()) {
    const stack = [root]
    while (stack.length > 0) {
      const id = stack.at(-1)!
      if (state.get(id) === undefined) {
        state.set(id, 'open')
        for (const { edge, step } of made.get(id) ?? []) {
          if (state.get(edge.from) === 'open') refuse(step, `${edge.from} was made from itself, by way of ${id}`)
          if (state.get(edge.from) === undefined) stack.push(edge.from)
        }
      } else {
        state.set(id, 'done')
        stack.pop()
      }
    }
  }
}

function refuse(step: LineageStep, message: string, remedy?: string): never {
  throw new ColophonError('invalid_input', message, { where: step.id, ...(remedy ? { remedy } : {}) })
}

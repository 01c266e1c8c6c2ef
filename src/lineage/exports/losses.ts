import { measures, type Entity, type LineageStep, type Measure } from '../graph.ts'
import type { Upstream } from './upstream.ts'

const entityParts = {
  type: ['the kind (work, source, file …)', (entity: Entity) => !['Dataset', 'Model'].includes(entity.type)],
  name: ['the name', has('name')],
  description: ['the description', has('description')],
  version: ['the version', has('version')],
  url: ['the address', has('url')],
  sha256: ['the digest', has('sha256')],
  licence: ['the licence', has('licence')],
  owner: ['the owner', has('owner')],
  ownerRole: ['the role of the owner', (entity: Entity) => entity.owner?.role !== undefined],
  origin: ['the category of origin (public, licensed, crawled …)', has('origin')],
  languages: ['the languages', has('languages')],
  languageWeights: ['how much there is in each language', has('languages')],
  domains: ['the sites and how much came from each', has('domains')],
  collected: ['the time of collection', has('collected')],
  work: ['the name in the register of Colophon', has('work')],
} as const satisfies Record<string, readonly [string, (entity: Entity) => boolean]>
export type EntityPart = keyof typeof entityParts | Measure

const stepParts = {
  activity: ['the kind of each step (filter, merge …)', () => true],
  stepName: ['the names of steps', ({ name }: LineageStep) => name !== undefined],
  stepDescription: ['the descriptions of steps', ({ description }: LineageStep) => description !== undefined],
  startedAt: ['when steps began', ({ startedAt }: LineageStep) => startedAt !== undefined],
  endedAt: ['when steps ended', () => true],
  agent: ['who carried steps out', ({ agent }: LineageStep) => agent !== undefined],
  agentRole: ['the roles of those who carried steps out', ({ agent }: LineageStep) => agent?.role !== undefined],
  tool: ['the programs of steps', ({ tool }: LineageStep) => tool !== undefined],
  parameters: ['the parameters of steps', ({ parameters }: LineageStep) => parameters !== undefined],
  weights: ['how much came from each source', edgeHas('weights')],
  known: [
    'how each link is known (attested, measured, inferred or unknown)',
    ({ edges }: LineageStep) => edges.some(({ known }) => known !== 'attested'),
  ],
  sha256: ['the digests of what was taken from each source', edgeHas('sha256')],
  licence: ['the licence that each source was used under', edgeHas('licence')],
  reservations: ['what was seen of reservations, and when', edgeHas('reservations')],
  rows: ['which row came from which', edgeHas('rows')],
} as const satisfies Record<string, readonly [string, (step: LineageStep) => boolean]>
export type StepPart = keyof typeof stepParts

export const everyStepPart = Object.keys(stepParts) as StepPart[]
export const everyEntityPart = [...(Object.keys(entityParts) as (keyof typeof entityParts)[]), ...measures]

/** What a format can say: of the entity that a document is about, of those it was made from, and of steps and links. */
export interface Carried {
  root: readonly EntityPart[]
  sources: readonly EntityPart[]
  steps: readonly StepPart[]
  /** Only what the entity was made from directly. */
  onlyDirect?: boolean
}

/** In plain words, what of this lineage a format cannot say; nothing that this lineage does not hold. */
export function lossesOf({ root, entities, made, steps }: Upstream, carried: Carried): string[] {
  const sources = [...entities.values()].filter(({ id }) => id !== root.id)
  const direct = new Set(made.get(root.id)!.map(({ edge }) => edge.from))
  const further = sources.filter(({ id }) => !direct.has(id))
  return [
    ...entityLosses([root], carried.root, 'of the data set itself'),
    ...entityLosses(sources, carried.sources, 'of its sources'),
    ...everyStepPart
      .filter((part) => !carried.steps.includes(part) && steps.some(stepParts[part][1]))
      .map((part) => stepParts[part][0]),
    ...(carried.onlyDirect && further.length > 0 ? [`what its sources were made from (${further.length} more)`] : []),
  ]
}

export function entityLosses(entities: readonly Entity[], carried: readonly EntityPart[], whose: string): string[] {
  return everyEntityPart.flatMap((part) => {
    if (carried.includes(part)) return []
    if (part in entityParts) {
      const [words, isThere] = entityParts[part as keyof typeof entityParts]
      return entities.some(isThere) ? [`${words} ${whose}`] : []
    }
    const isThere = entities.some(({ weights }) => weights?.[part as Measure] !== undefined)
    return isThere ? [`the size in ${measureWords[part as Measure]} ${whose}`] : []
  })
}

export const measureWords: Record<Measure, string> = {
  rows: 'rows',
  documents: 'documents',
  bytes: 'bytes',
  tokens: 'tokens',
  images: 'images',
  audioHours: 'hours of sound',
  videoHours: 'hours of film',
}

function has(part: keyof Entity): (entity: Entity) => boolean {
  return (entity) => entity[part] !== undefined
}

function edgeHas(part: keyof LineageStep['edges'][number]): (step: LineageStep) => boolean {
  return ({ edges }) => edges.some((edge) => edge[part] !== undefined)
}

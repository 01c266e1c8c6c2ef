import { LANGUAGES, languageName } from '../../languages/index.ts'
import { crawled, licensedAndPrivate, otherData, publicData, synthetic, userData } from './sources.ts'
import { BASIS, answer, percent, rank, type Part } from './parts.ts'
import {
  rootsOf,
  type Certainty,
  type Entity,
  type Lineage,
  type LineageStep,
  type Measure,
} from '../../lineage/index.ts'
import { SIZE_BANDS, type Answer, type Band, type Modality } from '../template.ts'

const MEASURES: Record<Exclude<Modality, 'other'>, Measure> = {
  text: 'tokens',
  image: 'images',
  audio: 'audioHours',
  video: 'videoHours',
}
const MODALITIES = Object.keys(MEASURES) as Exclude<Modality, 'other'>[]

export interface Derived {
  answers: Record<string, Answer>
  /** What the lineage leaves open, in words: what has no origin, no size, no root. */
  open: string[]
}

export interface DeriveOptions {
  /** Small and medium-sized enterprises list fewer domains. */
  isSme: boolean
}

/**
 * Answers of the public summary that follow from a lineage: sizes, modalities, data sets, domains, dates, languages,
 * crawlers, models, and how reservations were looked at. What the lineage does not say is left out: that it names no
 * crawled data is no proof that there is none.
 */
export function deriveAnswers(lineage: Lineage, model: string, options: DeriveOptions): Derived {
  const open: string[] = []
  const totals = new Map<Modality, { amount: number; known: Certainty }>()
  const parts = MODALITIES.flatMap((modality) => partsOf(lineage, model, modality, totals, open))
  const upstream = upstreamOf(lineage, model)
  parts.push(...unweighed(upstream.entities, parts, open))
  for (const { entity } of parts)
    if (!entity.origin)
      open.push(`${entity.name ?? entity.id} has no origin: it is in no section of the list of data sources`)
  const answers = {
    ...sizes(totals),
    ...dates(upstream.entities),
    ...languages(lineage, model, parts),
    ...publicData(parts),
    ...licensedAndPrivate(parts),
    ...crawled(parts, upstream, options),
    ...userData(parts),
    ...synthetic(parts, upstream),
    ...otherData(parts),
    ...dependencies(lineage, model),
    ...measures(lineage, upstream.steps),
  }
  return { answers, open: [...new Set(open)] }
}

/** Data that says where it comes from and not how much of it there is, or that has no known root: it was used all the same. */
function unweighed(entities: Entity[], parts: readonly Part[], open: string[]): Part[] {
  const counted = new Set(parts.map(({ entity }) => entity.id))
  const others = entities.filter(({ id, origin }) => origin !== undefined && !counted.has(id))
  if (counted.size === 0) open.push('no tokens, images or hours are given: sizes and modalities cannot be told')
  for (const { name, id } of others) open.push(`how much of ${name ?? id} went into it is not known`)
  return others.map((entity) => ({ entity, amount: 0, known: 'inferred' as const }))
}

function partsOf(
  lineage: Lineage,
  model: string,
  modality: Exclude<Modality, 'other'>,
  totals: Map<Modality, { amount: number; known: Certainty }>,
  open: string[],
): Part[] {
  const measure = MEASURES[modality]
  const amount = amountOf(lineage, model, measure)
  if (!amount) return []
  const { roots, unknownShare } = rootsOf(lineage, model, measure)
  const known = roots.reduce<Certainty>(
    (worst, root) => (rank(root.known) > rank(worst) ? root.known : worst),
    'attested',
  )
  totals.set(modality, { amount, known: unknownShare > 0 ? 'inferred' : known })
  if (unknownShare > 0) open.push(`${percent(unknownShare)} of the ${measure} have no known root`)
  return roots.map((root) => ({ entity: root.entity, modality, amount: root.share * amount, known: root.known }))
}

/** What went into it: of a model the data it was trained on, of data itself. */
function amountOf({ made, entities }: Lineage, id: string, measure: Measure): number | undefined {
  const own = entities.get(id)?.weights?.[measure]
  if (own !== undefined) return own
  const edges = (made.get(id) ?? []).filter(({ edge }) => entities.get(edge.from)!.type !== 'Model')
  const amounts = edges.flatMap(
    ({ edge }) => edge.weights?.[measure] ?? entities.get(edge.from)!.weights?.[measure] ?? [],
  )
  return amounts.length > 0 ? amounts.reduce((sum, each) => sum + each, 0) : undefined
}

/** What it was made from and the steps of that; of a model it was made from, nothing behind it. */
export function upstreamOf(lineage: Lineage, id: string): { entities: Entity[]; steps: LineageStep[] } {
  const seen = new Set([id])
  for (const each of seen)
    if (each === id || lineage.entities.get(each)!.type !== 'Model')
      for (const { edge } of lineage.made.get(each) ?? [])
        if (lineage.entities.get(edge.from)!.type !== 'Model') seen.add(edge.from)
  return {
    entities: [...seen].map((each) => lineage.entities.get(each)!),
    steps: lineage.steps.filter(
      ({ entities, edges }) =>
        edges.some(({ to }) => seen.has(to)) || (edges.length === 0 && entities.some((each) => seen.has(each.id))),
    ),
  }
}

function sizes(totals: Map<Modality, { amount: number; known: Certainty }>): Record<string, Answer> {
  if (totals.size === 0) return {}
  const list = [...totals].map(([modality, { amount }]) => ({
    modality,
    band: bandOf(modality, amount),
    approximate: `${inWords(modality, amount)} ${SIZE_BANDS[modality as 'text'].unit}`,
  }))
  const worst = [...totals.values()].map(({ known }) => known).sort((a, b) => rank(b) - rank(a))[0]!
  return { sizes: answer(list, worst, `${BASIS}: what the training step used, after filtering`) }
}

/** Three digits, or all where rounding would bring it into another band. */
function inWords(modality: Modality, amount: number): string {
  const rounded = Number(amount.toPrecision(3))
  return (bandOf(modality, rounded) === bandOf(modality, amount) ? rounded : amount).toLocaleString('en')
}

function bandOf(modality: Modality, amount: number): Band {
  const { low, high } = SIZE_BANDS[modality as 'text']
  return amount < low ? 'low' : amount <= high ? 'mid' : 'high'
}

function dates(entities: Entity[]): Record<string, Answer> {
  const last = entities
    .flatMap(({ collected }) => collected?.to ?? [])
    .sort()
    .at(-1)
  return last
    ? { latestAcquisition: answer(last, 'inferred', `${BASIS}: the last day of collection of any source`) }
    : {}
}

/** Languages of the data it was trained on; where that does not say them, of its sources, each by how much of it went in. */
function languages({ made, entities }: Lineage, model: string, parts: readonly Part[]): Record<string, Answer> {
  const data = [model, ...(made.get(model) ?? []).map(({ edge }) => edge.from)].map((id) => entities.get(id)!)
  const own = data.filter((each) => each.languages)
  const texts = parts.filter(({ modality }) => modality === 'text')
  const from =
    own.length === 1
      ? [{ entity: own[0]!, amount: 1, known: 'measured' as Certainty }]
      : texts.some(({ entity }) => entity.languages)
        ? texts
        : []
  const sums = new Map<string, number>()
  for (const { entity, amount } of from) {
    const given = Object.entries(entity.languages ?? { und: 1 })
    const whole = given.reduce((sum, [, each]) => sum + each, 0)
    for (const [code, each] of given) if (whole > 0) sums.set(code, (sums.get(code) ?? 0) + (amount * each) / whole)
  }
  const all = [...sums.values()].reduce((sum, each) => sum + each, 0)
  if (all <= 0) return {}
  const named = [...sums].filter(([code, amount]) => code !== 'und' && amount > 0).sort(([, a], [, b]) => b - a)
  const unknown = (sums.get('und') ?? 0) / all
  const text = named.map(([code, amount]) => `${languageName(code)} ${percent(amount / all)}`).join(', ')
  const official = named.filter(([code]) => LANGUAGES.get(code)?.group === 'eu').length
  return {
    languages: answer(
      `${named.length} languages, ${official} of them official in the Union: ${text}.${unknown > 0 ? ` Not identified: ${percent(unknown)}.` : ''}`,
      from.every(({ known }) => known === 'measured') ? 'measured' : 'inferred',
      `${BASIS}: languages of ${own.length === 1 ? 'the training data' : 'the sources, each by how much of it was used'}`,
    ),
  }
}

function dependencies({ made, entities }: Lineage, model: string): Record<string, Answer> {
  const models = (made.get(model) ?? [])
    .map(({ edge }) => entities.get(edge.from)!)
    .filter(({ type }) => type === 'Model')
  const text = models
    .map((each) => [each.name ?? each.id, each.version, each.url].filter(Boolean).join(', '))
    .join('; ')
  return text ? { dependencies: answer(text, 'inferred', BASIS) } : {}
}

/** What was looked at of reservations, and that rows were left out where a filter made less of what it was given. */
function measures({ entities }: Lineage, steps: LineageStep[]): Record<string, Answer> {
  const looked = steps.flatMap((step) =>
    step.edges.flatMap(({ reservations, from, weights }) => {
      if (!reservations) return []
      const { at, method, reservedAtCollection, reservedNow } = reservations
      const source = entities.get(from)!.weights
      const isLess = Object.entries(weights ?? {}).some(
        ([measure, amount]) => (source?.[measure as Measure] ?? 0) > amount,
      )
      const shares = [
        ...(reservedAtCollection === undefined
          ? []
          : [`${percent(reservedAtCollection)} was reserved when it was collected`]),
        ...(reservedNow === undefined ? [] : [`${percent(reservedNow)} is reserved now`]),
      ]
      const did =
        step.activity === 'filter' && isLess ? 'rows were left out by reservations' : 'reservations were looked at'
      return [
        `${step.name ?? step.id}: ${did} as of ${at.slice(0, 10)}, by ${method}${shares.length > 0 ? ` (${shares.join(', ')})` : ''}`,
      ]
    }),
  )
  if (looked.length === 0) return {}
  return { measures: answer(`Along the pipeline: ${[...new Set(looked)].join('; ')}.`, 'measured', BASIS) }
}

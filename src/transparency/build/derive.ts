import { LANGUAGES } from '../../languages/index.ts'
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
  for (const { entity } of parts)
    if (!entity.origin)
      open.push(`${entity.name ?? entity.id} has no origin: it is in no section of the list of data sources`)
  const answers = {
    ...sizes(totals),
    ...dates(upstream.entities),
    ...languages(lineage, model, upstream.entities),
    ...publicData(parts),
    ...licensedAndPrivate(parts),
    ...crawled(parts, upstream, options),
    ...userData(parts),
    ...synthetic(parts, upstream),
    ...otherData(parts),
    ...dependencies(lineage, model),
    ...measures(upstream.steps),
  }
  return { answers, open: [...new Set(open)] }
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

function upstreamOf(lineage: Lineage, id: string): { entities: Entity[]; steps: LineageStep[] } {
  const seen = new Set([id])
  for (const each of seen) for (const { edge } of lineage.made.get(each) ?? []) seen.add(edge.from)
  return {
    entities: [...seen].map((each) => lineage.entities.get(each)!),
    steps: lineage.steps.filter(
      ({ entities, edges }) => entities.some((each) => seen.has(each.id)) || edges.some(({ to }) => seen.has(to)),
    ),
  }
}

function sizes(totals: Map<Modality, { amount: number; known: Certainty }>): Record<string, Answer> {
  if (totals.size === 0) return {}
  const list = [...totals].map(([modality, { amount }]) => ({
    modality,
    band: bandOf(modality, amount),
    approximate: `${amount.toLocaleString('en', { maximumSignificantDigits: 3 })} ${SIZE_BANDS[modality as 'text'].unit}`,
  }))
  const worst = [...totals.values()].map(({ known }) => known).sort((a, b) => rank(b) - rank(a))[0]!
  return { sizes: answer(list, worst, `${BASIS}: what the training step used, after filtering`) }
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
    ? { latestAcquisition: answer(last, 'attested', `${BASIS}: the last day of collection of any source`) }
    : {}
}

function languages({ made, entities }: Lineage, model: string, upstream: Entity[]): Record<string, Answer> {
  const data = [model, ...(made.get(model) ?? []).map(({ edge }) => edge.from)].map((id) => entities.get(id)!)
  const from = data.filter((each) => each.languages)
  const roots = upstream.filter(({ id, languages: given }) => given && !made.has(id))
  const sums = new Map<string, number>()
  for (const { languages: given } of from.length > 0 ? from : roots)
    for (const [code, amount] of Object.entries(given!)) sums.set(code, (sums.get(code) ?? 0) + amount)
  const all = [...sums.values()].reduce((sum, each) => sum + each, 0)
  if (all <= 0) return {}
  const named = [...sums].filter(([code, amount]) => code !== 'und' && amount > 0).sort(([, a], [, b]) => b - a)
  const unknown = (sums.get('und') ?? 0) / all
  const text = named.map(([code, amount]) => `${LANGUAGES.get(code)?.name ?? code} ${percent(amount / all)}`).join(', ')
  const official = named.filter(([code]) => LANGUAGES.get(code)?.group === 'eu').length
  return {
    languages: answer(
      `${named.length} languages, ${official} of them official in the Union: ${text}.${unknown > 0 ? ` Not identified: ${percent(unknown)}.` : ''}`,
      'measured',
      `${BASIS}: languages of ${from.length > 0 ? 'the training data' : 'the sources, before filtering'}`,
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
  return text ? { dependencies: answer(text, 'attested', BASIS) } : {}
}

function measures(steps: LineageStep[]): Record<string, Answer> {
  const looked = steps.flatMap(({ name, id, edges }) =>
    edges.flatMap(({ reservations }) =>
      reservations
        ? [`${name ?? id}: reservations as of ${reservations.at.slice(0, 10)} by ${reservations.method}`]
        : [],
    ),
  )
  if (looked.length === 0) return {}
  return {
    measures: answer(
      `Before training, rows were left out by reservations: ${[...new Set(looked)].join('; ')}.`,
      'measured',
      BASIS,
    ),
  }
}

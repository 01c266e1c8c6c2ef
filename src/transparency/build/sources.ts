import { getDomain } from 'tldts'
import { languageName } from '../../languages/index.ts'
import type { Entity, LineageStep } from '../../lineage/index.ts'
import type { Answer } from '../template.ts'
import { BASIS, answer, percent, rank, type Part } from './parts.ts'

/** Public data sets above this share of the public data of a modality are listed one by one. */
const LARGE_SHARE = 0.03

const withOrigin = (parts: Part[], ...wanted: NonNullable<Entity['origin']>[]) =>
  parts.filter(({ entity }) => entity.origin !== undefined && wanted.includes(entity.origin))
const modalitiesOf = (parts: Part[]) => [...new Set(parts.flatMap(({ modality }) => modality ?? []))]
/** The kinds of content, where any is known. */
const kinds = (id: string, parts: Part[]): Record<string, Answer> => {
  const list = modalitiesOf(parts)
  return list.length > 0 ? { [id]: answer(list, worstOf(parts), BASIS) } : {}
}
const used = (parts: Part[]) => answer(true, worstOf(parts), `${BASIS}: ${namesOf(parts)}`)
const worstOf = (parts: Part[]) => parts.map(({ known }) => known).sort((a, b) => rank(b) - rank(a))[0]!
const nameOf = ({ name, id }: Entity) => name ?? id

function namesOf(parts: Part[]): string {
  const names = [...new Set(parts.map(({ entity }) => nameOf(entity)))]
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')
}

export function publicData(all: Part[]): Record<string, Answer> {
  const parts = withOrigin(all, 'public')
  if (parts.length === 0) return {}
  const known = worstOf(parts)
  const wholes = new Map<string, number>()
  for (const { modality = '', amount } of parts) wholes.set(modality, (wholes.get(modality) ?? 0) + amount)
  const byEntity = Map.groupBy(parts, ({ entity }) => entity)
  const shares = [...byEntity].map(([entity, own]) => ({
    entity,
    shares: own.flatMap(({ modality, amount }) =>
      modality && amount > 0 ? [{ modality, share: amount / wholes.get(modality)! }] : [],
    ),
  }))
  const isLarge = (each: (typeof shares)[number]) => each.shares.some(({ share }) => share > LARGE_SHARE)
  const large = shares.filter(isLarge)
  const others = shares.filter((each) => !isLarge(each)).map(({ entity }) => entity)
  const list = large.map(({ entity, shares: own }) => ({
    name: nameOf(entity),
    ...(entity.url ? { link: entity.url } : {}),
    ...(entity.version ? { version: entity.version } : {}),
    ...(own.length > 1
      ? { selection: own.map(({ modality, share }) => `${percent(share)} of the public ${modality}`).join(', ') }
      : {}),
    share: Math.max(...own.map(({ share }) => share)),
  }))
  return {
    publicUsed: used(parts),
    ...kinds('publicModalities', parts),
    ...(list.length > 0
      ? { publicLarge: answer(list, known, `${BASIS}: more than 3% of the public data of their modality`) }
      : {}),
    ...(others.length > 0
      ? { publicOthers: answer(describe(others), known, `${BASIS}: the others, by name, collection and licence`) }
      : {}),
  }
}

function describe(entities: Entity[]): string {
  return `${entities.length} further data sets: ${entities
    .map((entity) => {
      const { collected, licence, languages: given } = entity
      const period = collected ? `, collected ${[collected.from, collected.to].filter(Boolean).join(' to ')}` : ''
      const spoken = given
        ? `, in ${Object.keys(given)
            .map((code) => languageName(code))
            .join(', ')}`
        : ''
      return `${nameOf(entity)}${spoken}${period}${licence ? `, ${licence}` : ''}`
    })
    .join('; ')}.`
}

export function licensedAndPrivate(all: Part[]): Record<string, Answer> {
  const [licensed, others] = [withOrigin(all, 'licensed'), withOrigin(all, 'private')]
  return {
    ...(licensed.length > 0 ? { licensedUsed: used(licensed), ...kinds('licensedModalities', licensed) } : {}),
    ...(others.length > 0 ? { privateUsed: used(others), ...kinds('privateModalities', others) } : {}),
  }
}

export function crawled(
  all: Part[],
  { steps }: { steps: LineageStep[] },
  { isSme }: { isSme: boolean },
): Record<string, Answer> {
  const parts = withOrigin(all, 'crawled')
  if (parts.length === 0) return {}
  const crawlers = steps
    .flatMap(({ activity, agent, tool }) =>
      activity === 'crawl' || agent?.role === 'crawler' ? (agent?.name ?? agent?.id ?? tool?.name ?? []) : [],
    )
    .filter((name, i, list) => list.indexOf(name) === i)
  const entities = [...new Set(parts.map(({ entity }) => entity))]
  const periods = entities.flatMap(({ collected }) => (collected ? [collected] : []))
  const first = periods.flatMap(({ from }) => from ?? []).sort()[0]
  const last = periods
    .flatMap(({ to }) => to ?? [])
    .sort()
    .at(-1)
  return {
    crawled: used(parts),
    ...kinds('crawlModalities', parts),
    ...(crawlers.length > 0 ? { crawlerNames: answer(crawlers.join(', '), 'inferred', BASIS) } : {}),
    ...(first && last ? { crawlPeriod: answer(`${monthOf(first)} to ${monthOf(last)}`, 'inferred', BASIS) } : {}),
    ...domainsOf(entities, isSme),
  }
}

const monthOf = (day: string) => `${day.slice(5, 7)}/${day.slice(0, 4)}`

/** The largest tenth of the sites by weight; of a small enterprise a twentieth, or a thousand where that is less. */
function domainsOf(entities: Entity[], isSme: boolean): Record<string, Answer> {
  const sums = new Map<string, number>()
  for (const { domains } of entities)
    for (const [name, amount] of Object.entries(domains ?? {})) {
      const host = name.toLowerCase()
      // What is no name of a site is in no list of sites.
      if (!/^[\p{L}\p{N}.-]+$/u.test(host)) continue
      const domain = getDomain(host, { allowPrivateDomains: false }) ?? host
      sums.set(domain, (sums.get(domain) ?? 0) + amount)
    }
  if (sums.size === 0) return {}
  const count = isSme ? Math.min(Math.ceil(sums.size / 20), 1000) : Math.ceil(sums.size / 10)
  const list = [...sums]
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([domain]) => domain)
  const rule = isSme ? 'the lower of 5% (rounded up) and 1,000' : '10%, rounded up'
  return {
    domains: answer(
      list,
      'measured',
      `the largest ${count} of ${sums.size} registrable domains (Public Suffix List without its private part) by weight over all modalities: ${rule}; ties by name`,
    ),
  }
}

export function userData(all: Part[]): Record<string, Answer> {
  const [asked, services] = [withOrigin(all, 'interactions'), withOrigin(all, 'otherServices')]
  const both = [...asked, ...services]
  return {
    ...(asked.length > 0 ? { interactions: used(asked) } : {}),
    ...(services.length > 0 ? { otherServices: used(services) } : {}),
    ...kinds('userModalities', both),
  }
}

export function synthetic(all: Part[], { steps }: { steps: LineageStep[] }): Record<string, Answer> {
  const parts = withOrigin(all, 'synthetic')
  if (parts.length === 0) return {}
  const tools = steps.flatMap(({ activity, tool }) =>
    activity === 'generate' && tool ? [`${tool.name}${tool.version ? ` ${tool.version}` : ''}`] : [],
  )
  return {
    synthetic: used(parts),
    ...kinds('syntheticModalities', parts),
    ...(tools.length > 0
      ? { syntheticComments: answer(`Generated with: ${[...new Set(tools)].join(', ')}.`, 'inferred', BASIS) }
      : {}),
  }
}

export function otherData(all: Part[]): Record<string, Answer> {
  const parts = withOrigin(all, 'other')
  return parts.length > 0
    ? {
        others: used(parts),
        othersDescription: answer(describe([...new Set(parts.map(({ entity }) => entity))]), worstOf(parts), BASIS),
      }
    : {}
}

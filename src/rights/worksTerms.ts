import type { Queries } from '../foundation/index.ts'
import { readLastChanges } from './changes.ts'
import { parentDomains, termsEntryOf } from './decide.ts'
import { isInForce } from './decideTerms.ts'
import { effectiveTerms, type EffectiveTerms } from './effectiveTerms.ts'
import { findLabels, termsOfLabels } from './labelStore.ts'
import { publicOnly } from './seals.ts'
import { findFree } from './publicDomain.ts'
import { lastRuleMoment } from './ruleMoments.ts'
import { findTerms } from './store.ts'
import { asReaching, authorityOf, findTakenBack } from './takenBack.ts'

/** A work as far as it decides what reaches it. */
export interface ReachedWork {
  id: string
  party: string
  collection: string | null
  logIndex: bigint
  rightsStatement: string | null
  creators: readonly { party: string | null; mustConsent: boolean }[]
  urls: readonly { host: string }[]
}

/** What holds for a work, as `readEffectiveTerms` tells it, and when what reaches it changed last: terms, or a rule of them. */
export interface WorkTerms {
  inForce: (EffectiveTerms & { hasSay: boolean })[]
  changedAt: string | undefined
  /** Whether it belongs to everybody, by a mark that stands and that nobody disputes. */
  isFree: boolean
}

type Target = { kind: string; id: string }
/** An expression of SQL holds so many alternatives at most. */
const TARGETS_AT_ONCE = 200

/**
 * The same as `readEffectiveTerms` for many public works at once, at a moment (ISO): a few queries for a page of them.
 */
export async function readTermsOfWorks(
  queries: Queries,
  works: readonly ReachedWork[],
  at: string,
): Promise<Map<string, WorkTerms>> {
  const reach = new Map(works.map((work) => [work.id, targetsOf(work)]))
  const targets = [...new Map([...reach.values()].flat().map((each) => [keyOf(each), each])).values()]
  const terms = await inParts(targets, (some) => findTerms(queries, some))
  const allTakenBack = await findTakenBack(queries, works, at)
  const free = await findFree(
    queries,
    works.filter(({ id }) => !allTakenBack.has(id)),
    at,
  )
  const labels = await inParts(targets, (some) => findLabels(queries, some, at))
  const said = [...terms, ...labels].map(({ id, log_index }) => ({ id, log_index }))
  const told = new Set((await publicOnly(queries, said)).map(({ id }) => id))
  const termsBy = Map.groupBy(terms, (row) => keyOf({ kind: row.target_kind, id: row.target }))
  const labelsBy = Map.groupBy(labels, (row) => keyOf({ kind: row.target_kind, id: row.target }))
  const changes = await readLastChanges(queries, targets, at)
  const read = (work: ReachedWork): WorkTerms => {
    const keys = reach.get(work.id)!.map(keyOf)
    const parties = partiesOf(work)
    const takenBack = allTakenBack.get(work.id)
    const byLog = (a: { log_index: bigint }, b: { log_index: bigint }) => Number(a.log_index - b.log_index)
    const entries = [
      ...keys
        .flatMap((key) => termsBy.get(key) ?? [])
        .sort(byLog)
        .map((row) => asReaching(termsEntryOf(row), takenBack)),
      ...termsOfLabels(keys.flatMap((key) => labelsBy.get(key) ?? []).sort(byLog)),
    ]
    const authority = authorityOf(parties, work.creators, free.has(work.id))
    const inForce = effectiveTerms(entries, authority, at).flatMap((each) =>
      told.has(each.entry.id) ? [{ ...each, hasSay: parties.has(each.entry.party) }] : [],
    )
    const standing = entries.filter((entry) => isInForce(entry, at))
    const moments = [
      ...keys.flatMap((key) => changes.get(key) ?? []),
      ...standing.flatMap(({ rules }) => lastRuleMoment(rules, at) ?? []),
    ]
    return { inForce, changedAt: moments.sort().at(-1), isFree: free.has(work.id) }
  }
  return new Map(works.map((work) => [work.id, read(work)]))
}

export function partiesOf({ party, creators }: ReachedWork): Set<string> {
  return new Set([party, ...creators.flatMap((creator) => creator.party ?? [])])
}

/** Everything that terms or labels which reach a work can be attached to. */
export function targetsOf(work: ReachedWork): Target[] {
  const { id, collection, urls } = work
  const domains = new Set(urls.flatMap(({ host }) => parentDomains(host)))
  return [
    { kind: 'work', id },
    ...(collection === null ? [] : [{ kind: 'set', id: collection }]),
    ...[...domains].map((domain) => ({ kind: 'domain', id: domain })),
    ...[...partiesOf(work)].map((party) => ({ kind: 'party', id: party })),
  ]
}

export function keyOf({ kind, id }: Target): string {
  return `${kind} ${id}`
}

export async function inParts<Row>(targets: readonly Target[], read: (some: readonly Target[]) => Promise<Row[]>) {
  const rows: Row[] = []
  for (let start = 0; start < targets.length; start += TARGETS_AT_ONCE)
    rows.push(...(await read(targets.slice(start, start + TARGETS_AT_ONCE))))
  return rows
}

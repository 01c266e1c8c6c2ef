import { LruMap, type Queries } from '../foundation/index.ts'
import { lastDeclared, readPartyNames } from '../register/index.ts'
import type { RightsRule } from '../rights/index.ts'
import type { audiences } from './kind.ts'
import { countShown, findScope, type Scope } from './scope.ts'
import { findOffer, listOfferRows, listOfferRowsOf, type OfferRow } from './store.ts'

type OfferState = 'open' | 'waiting' | 'withdrawn' | 'over'

/** An offer, where it stands, and what is offered. */
export interface Offer {
  id: string
  party: string
  partyName: string
  title: string
  description: string | null
  target: { kind: 'set' | 'party'; id: string }
  rules: (RightsRule & { decision: 'allow' })[]
  audience: (typeof audiences)[number][]
  validFrom: string
  validUntil: string | null
  recordedAt: string
  logIndex: number
  state: OfferState
  /** The collection or party itself, and how many public works of which kinds it has. */
  scope: Scope
  works: number
  media: { name: string; count: number }[]
  languages: { name: string; count: number }[]
}

/** One offer at a moment (ISO), in whatever state. Undefined when there is none, or nothing of what it offers may be shown. */
export async function readOffer(queries: Queries, id: string, at: string): Promise<Offer | undefined> {
  const row = await findOffer(queries, id)
  return row && toOffer(queries, row, at)
}

/** Rows are read in parts until so many open ones are found; so many are read at most. */
const ROWS_AT_ONCE = 100
const ROWS_MAX = 1000

/** Open offers, the newest first, from before an entry of the log on, and where the next page begins. */
export async function listOffers(
  queries: Queries,
  { before, limit, at }: { before?: number | undefined; limit: number; at: string },
): Promise<{ offers: Offer[]; next: number | undefined }> {
  const offers: Offer[] = []
  let place = before
  for (let seen = 0; seen < ROWS_MAX; seen += ROWS_AT_ONCE) {
    const rows = await listOfferRows(queries, { before: place, limit: ROWS_AT_ONCE })
    for (const row of rows) {
      // What was stated together stays on one page.
      if (offers.length >= limit && Number(row.log_index) !== place) return { offers, next: place }
      place = Number(row.log_index)
      const offer = stateOf(row, at) === 'open' ? await toOffer(queries, row, at) : undefined
      if (offer) offers.push(offer)
    }
    if (rows.length < ROWS_AT_ONCE) return { offers, next: undefined }
  }
  return { offers, next: place }
}

/** The newest offers of a party at a moment (ISO), those that are over too. */
export async function listOffersOf(queries: Queries, party: string, at: string): Promise<Offer[]> {
  const offers: Offer[] = []
  for (const row of await listOfferRowsOf(queries, party, ROWS_AT_ONCE)) {
    const offer = await toOffer(queries, row, at)
    if (offer) offers.push(offer)
  }
  return offers
}

function stateOf({ valid_from, valid_until, revoked_from }: OfferRow, at: string): OfferState {
  if (revoked_from !== null && revoked_from <= at) return 'withdrawn'
  if (valid_until !== null && valid_until <= at) return 'over'
  return valid_from > at ? 'waiting' : 'open'
}

async function toOffer(queries: Queries, row: OfferRow, at: string): Promise<Offer | undefined> {
  const scope = await findScope(queries, row.target, at)
  if (!scope) return undefined
  const names = await readPartyNames(queries, [row.party])
  return {
    id: row.id,
    party: row.party,
    partyName: names.get(row.party) ?? row.party,
    title: row.title,
    description: row.description,
    target: { kind: scope.kind, id: scope.id },
    rules: JSON.parse(row.rules) as Offer['rules'],
    audience: row.audience.split(' ') as Offer['audience'],
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    recordedAt: row.recorded_at,
    logIndex: Number(row.log_index),
    state: stateOf(row, at),
    scope,
    ...(await countOnce(queries, scope, at)),
  }
}

type Counts = Awaited<ReturnType<typeof countShown>>

/** Counts of large sets take time, and catalogues ask for the same ones again and again. */
const counted = new WeakMap<Queries, LruMap<string, { at: number; counts: Counts }>>()
const COUNTED_MAX = 1000
/** What is taken back, or kept by a community, changes them: they are counted anew after so long. */
const COUNTED_FOR_MS = 60_000

/** What a party declared changes with its last work, too. */
async function countOnce(queries: Queries, scope: Scope, at: string): Promise<Counts> {
  const last = scope.kind === 'set' ? 0n : await lastDeclared(queries, scope.id)
  const key = `${scope.id} ${last}`
  const now = Date.parse(at)
  const known = counted.get(queries) ?? new LruMap<string, { at: number; counts: Counts }>(COUNTED_MAX)
  counted.set(queries, known)
  const before = known.get(key)
  if (before && Math.abs(now - before.at) < COUNTED_FOR_MS) return before.counts
  const counts = await countShown(queries, scope, at)
  // The manifest of a collection may still come.
  if (counts.works > 0) known.set(key, { at: now, counts })
  return counts
}

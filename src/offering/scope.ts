import { ColophonError, type Queries } from '../foundation/index.ts'
import { findCollection, findParty, findWithdrawn, readPartyNames, type WorkScope } from '../register/index.ts'
import { didSchema, uuidUrnSchema } from '../statements/index.ts'
import { describePage } from './describe.ts'

/** What goes out as a whole: a declared collection, or all public works of a party. */
export interface Scope {
  kind: 'set' | 'party'
  id: string
  title: string
  party: string
  partyName: string
  /** When it was declared; a party has said who it is, or nothing. */
  recordedAt: string | undefined
}

/** Which works belong to a scope. */
export function worksOf({ kind, id }: Pick<Scope, 'kind' | 'id'>): WorkScope {
  return kind === 'set' ? { collection: id } : { party: id }
}

/**
 * The scope that an id names (`urn:uuid:…` or a DID), at a moment (ISO). Undefined when nothing of it may be shown: there
 * is no such thing, it was taken back, or a community keeps all of it.
 */
export async function findScope(queries: Queries, id: string, at: string): Promise<Scope | undefined> {
  const scope = await readScope(queries, id, at)
  return scope && (await isShown(queries, scope, at)) ? scope : undefined
}

/** The same; errors: `not_found`. */
export async function needScope(queries: Queries, id: string, at: string): Promise<Scope> {
  const scope = await findScope(queries, id, at)
  if (scope) return scope
  throw new ColophonError('not_found', 'there is no such collection or party with public works', {
    where: id.slice(0, 100),
    remedy: 'Give the id of a declared collection (urn:uuid:…) or the DID of a party.',
  })
}

async function readScope(queries: Queries, id: string, at: string): Promise<Scope | undefined> {
  if (uuidUrnSchema.safeParse(id).success) {
    const set = await findCollection(queries, id)
    if (!set) return undefined
    const declared = { id, logIndex: set.log_index }
    if ((await findWithdrawn(queries, [declared], at)).size > 0) return undefined
    const names = await readPartyNames(queries, [set.party])
    const row = await queries
      .selectFrom('statement')
      .select('recorded_at')
      .where('log_index', '=', set.log_index)
      .executeTakeFirst()
    const partyName = names.get(set.party) ?? set.party
    return { kind: 'set', id, title: set.title, party: set.party, partyName, recordedAt: row?.recorded_at }
  }
  if (!didSchema.safeParse(id).success) return undefined
  const party = await findParty(queries, id)
  const partyName = party?.is_sealed === 0n ? party.name : id
  return { kind: 'party', id, title: partyName, party: id, partyName, recordedAt: party?.recorded_at }
}

/** So many works are looked at for one that may be shown: each is asked about by itself where communities keep any. */
const LOOKED_AT_MAX = 100
/** Mostly the first one may. */
const FIRST_LOOK = 5

/** Whether at least one of the first works of a scope may be shown. */
export async function isShown(queries: Queries, scope: Pick<Scope, 'kind' | 'id'>, at: string): Promise<boolean> {
  let after = ''
  for (let looked = 0; looked < LOOKED_AT_MAX;) {
    const limit = looked === 0 ? FIRST_LOOK : LOOKED_AT_MAX - FIRST_LOOK
    const { works, next } = await describePage(queries, worksOf(scope), { after, limit, at })
    if (works.some(({ goneFrom }) => goneFrom === undefined)) return true
    if (next === undefined) return false
    after = next
    looked += works.length
  }
  return false
}

/** The collections of a party that may be shown, the newest first; so many at most. */
export async function listCollectionsOf(queries: Queries, party: string, at: string, most = 20): Promise<Scope[]> {
  const rows = await queries
    .selectFrom('collection')
    .select('id')
    .where('party', '=', party)
    .orderBy('log_index', 'desc')
    .limit(most)
    .execute()
  const scopes = await Promise.all(rows.map(({ id }) => findScope(queries, id, at)))
  return scopes.filter((scope) => scope !== undefined)
}

import { sql, type SqlBool } from 'kysely'
import { ColophonError, type Queries } from '../foundation/index.ts'
import {
  countScope,
  findCollection,
  findParty,
  findWithdrawn,
  listDescribedWorks,
  readPartyNames,
  type WorkScope,
} from '../register/index.ts'
import { findHiddenAmong, mayBeGone } from '../rights/index.ts'
import { didSchema, uuidUrnSchema } from '../statements/index.ts'
import { WORKS_AT_ONCE, describePage } from './describe.ts'

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

/** Mostly one of the first may be shown. */
const FIRST_LOOK = 5

/** Whether at least one work of a scope may be shown. */
async function isShown(queries: Queries, scope: Pick<Scope, 'kind' | 'id'>, at: string): Promise<boolean> {
  const { works, next } = await describePage(queries, worksOf(scope), { after: '', limit: FIRST_LOOK, at })
  if (works.some(({ goneFrom }) => goneFrom === undefined)) return true
  if (next === undefined) return false
  const where = sql<SqlBool>`${mayBeGone()} IS NOT TRUE`
  const [sure] = await listDescribedWorks(queries, worksOf(scope), { after: '', limit: 1, where })
  if (sure !== undefined) return true
  for await (const page of doubtfulPages(queries, worksOf(scope), at))
    if (page.some(({ isGone }) => !isGone)) return true
  return false
}

/** So many pages of doubtful works are looked at; those behind count as gone. */
const DOUBTFUL_PAGES_MAX = 50

/** Works of a scope that may have gone, a page at a time, and whether each has at a moment (ISO). */
export async function* doubtfulPages(queries: Queries, scope: WorkScope, at: string) {
  let after = ''
  for (let page = 0; page < DOUBTFUL_PAGES_MAX; page++) {
    const rows = await listDescribedWorks(queries, scope, { after, limit: WORKS_AT_ONCE, where: mayBeGone() })
    const withdrawn = await findWithdrawn(queries, rows, at)
    const hidden = await findHiddenAmong(queries, rows, at)
    yield rows.map((row) => ({ ...row, isGone: withdrawn.has(row.id) || hidden.has(row.id) }))
    if (rows.length < WORKS_AT_ONCE) return
    after = rows.at(-1)!.id
  }
}

type Counts = Awaited<ReturnType<typeof countScope>>

/** How many works of a scope go out at a moment (ISO), by medium and by language: none that is taken back or kept. */
export async function countShown(queries: Queries, scope: Pick<Scope, 'kind' | 'id'>, at: string): Promise<Counts> {
  const sure = await countScope(queries, worksOf(scope), sql<SqlBool>`${mayBeGone()} IS NOT TRUE`)
  const [media, languages] = [sure.media, sure.languages].map(
    (counts) => new Map(counts.map(({ name, count }) => [name, count])),
  ) as [Map<string, number>, Map<string, number>]
  let { works } = sure
  for await (const page of doubtfulPages(queries, worksOf(scope), at))
    for (const { medium, language } of page.filter(({ isGone }) => !isGone)) {
      works++
      media.set(medium, (media.get(medium) ?? 0) + 1)
      if (language !== null) languages.set(language, (languages.get(language) ?? 0) + 1)
    }
  return { works, media: sorted(media), languages: sorted(languages) }
}

function sorted(counts: Map<string, number>) {
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
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

import type { ExpressionBuilder } from 'kysely'
import type { Queries, Tables } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    party: {
      id: string
      kind: string
      name: string
      country: string | null
      homepage: string | null
      approvers: string | null
      is_sealed: bigint
      recorded_at: string
      log_index: bigint
    }
    work: {
      id: string
      title: string
      medium: string
      role: string
      rights_statement: string | null
      language: string | null
      party: string
      declared_by: string
      collection: string | null
      is_sealed: bigint
      recorded_at: string
      log_index: bigint
    }
    work_creator: {
      work: string
      position: bigint
      party: string | null
      name: string | null
      role: string
      share: bigint
      layer: string | null
      must_consent: bigint | null
      log_index: bigint
    }
    work_identifier: { work: string; scheme: string; value: string; log_index: bigint }
    work_url: { work: string; url: string; host: string; log_index: bigint }
    fingerprint: { work: string; algorithm: string; code: string; log_index: bigint }
    collection: {
      id: string
      title: string
      party: string
      manifest: string
      root: string
      item_count: bigint
      manifest_state: string
      log_index: bigint
    }
    claim: {
      id: string
      party: string
      target: string
      claims: string
      contradicts: string | null
      evidence: string
      recorded_at: string
      log_index: bigint
    }
    anchor: { commitment: string; purpose: string; log_index: bigint }
  }
}

export async function findParty(queries: Queries, id: string) {
  return queries.selectFrom('party').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findWork(queries: Queries, id: string) {
  return queries.selectFrom('work').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Works of a party that anybody may see, newest first. */
export async function listWorks(queries: Queries, options: { party?: string; before?: number; limit: number }) {
  let query = queries
    .selectFrom('work')
    .selectAll()
    .where('is_sealed', '=', 0n)
    .orderBy('log_index', 'desc')
    .orderBy('id')
    .limit(options.limit)
  if (options.party !== undefined) query = query.where('party', '=', options.party)
  if (options.before !== undefined) query = query.where('log_index', '<', BigInt(options.before))
  return query.execute()
}

export async function countWorks(queries: Queries): Promise<number> {
  const row = await queries
    .selectFrom('work')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('is_sealed', '=', 0n)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** How many works a party has declared that anybody may see. */
export async function countWorksOf(queries: Queries, party: string): Promise<number> {
  const row = await queries
    .selectFrom('work')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('is_sealed', '=', 0n)
    .where('party', '=', party)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Works by their ids, a part of the list at a time, as far as it has to be known whether they were taken back. */
export async function listDeclared(queries: Queries, ids: readonly string[]) {
  const works: { id: string; collection: string | null; logIndex: bigint }[] = []
  for (let start = 0; start < ids.length; start += CODES_AT_ONCE) {
    const rows = await queries
      .selectFrom('work')
      .select(['id', 'collection', 'log_index'])
      .where('id', 'in', ids.slice(start, start + CODES_AT_ONCE))
      .execute()
    for (const { id, collection, log_index: logIndex } of rows) works.push({ id, collection, logIndex })
  }
  return works
}

/** Everything about a work beside its own row. */
export async function readWorkDetails(queries: Queries, work: string) {
  return {
    creators: await queries
      .selectFrom('work_creator')
      .selectAll()
      .where('work', '=', work)
      .orderBy('position')
      .execute(),
    identifiers: await queries
      .selectFrom('work_identifier')
      .selectAll()
      .where('work', '=', work)
      .orderBy('scheme')
      .orderBy('value')
      .execute(),
    urls: await queries.selectFrom('work_url').selectAll().where('work', '=', work).orderBy('url').execute(),
    fingerprints: await queries
      .selectFrom('fingerprint')
      .selectAll()
      .where('work', '=', work)
      .orderBy('algorithm')
      .execute(),
    claims: await listClaims(queries, work),
  }
}

/** A claim with the name of who makes it, and from when (ISO) it is taken back. */
export type ClaimRow = Awaited<ReturnType<typeof listClaims>>[number]

/** What others say about a work, a collection or a party, oldest first. */
export async function listClaims(queries: Queries, target: string) {
  return selectClaims(queries).where('claim.target', '=', target).orderBy('claim.log_index').execute()
}

export async function findClaim(queries: Queries, id: string): Promise<ClaimRow | undefined> {
  return selectClaims(queries).where('claim.id', '=', id).executeTakeFirst()
}

function selectClaims(queries: Queries) {
  return queries
    .selectFrom('claim')
    .leftJoin('party', (join) => join.onRef('party.id', '=', 'claim.party').on('party.is_sealed', '=', 0n))
    .selectAll('claim')
    .select(['party.name as party_name', (of) => takenBackFrom(of)])
}

function takenBackFrom(of: ExpressionBuilder<Tables, 'claim'>) {
  return of
    .selectFrom('revocation')
    .select(({ fn }) => fn.min('revocation.effective_from').as('first'))
    .whereRef('revocation.target', '=', 'claim.id')
    .as('taken_back_from')
}

/** Public works whose code under this algorithm is exactly one of these. */
export async function findWorksByCodes(queries: Queries, algorithm: string, codes: readonly string[]) {
  if (codes.length === 0) return []
  return queries
    .selectFrom('fingerprint')
    .innerJoin('work', 'work.id', 'fingerprint.work')
    .selectAll('work')
    .where('fingerprint.algorithm', '=', algorithm)
    .where('fingerprint.code', 'in', codes)
    .where('work.is_sealed', '=', 0n)
    .orderBy('work.log_index')
    .limit(100)
    .execute()
}

interface MarkedWork {
  id: string
  title: string
  collection: string | null
  rights_statement: string | null
  log_index: bigint
  code: string
}

/** Works with these files that carry a rights statement, a part of the list at a time. */
export async function findMarkedWorks(queries: Queries, sha256: readonly string[]) {
  const works: MarkedWork[] = []
  for (let start = 0; start < sha256.length; start += CODES_AT_ONCE) {
    const found = await queries
      .selectFrom('fingerprint')
      .innerJoin('work', 'work.id', 'fingerprint.work')
      .select([
        'work.id',
        'work.title',
        'work.collection',
        'work.rights_statement',
        'work.log_index',
        'fingerprint.code',
      ])
      .where('fingerprint.algorithm', '=', 'sha256')
      .where('fingerprint.code', 'in', sha256.slice(start, start + CODES_AT_ONCE))
      .where('work.is_sealed', '=', 0n)
      .where('work.rights_statement', 'is not', null)
      .execute()
    works.push(...found)
  }
  return works
}

const CODES_AT_ONCE = 500

/** All public codes of one algorithm, for near matches: work and code. */
export async function listCodes(queries: Queries, algorithm: string) {
  return queries
    .selectFrom('fingerprint')
    .select(['work', 'code'])
    .where('algorithm', '=', algorithm)
    .orderBy('work')
    .execute()
}

/** A declared collection by its id. */
export async function findCollection(queries: Queries, id: string) {
  return queries.selectFrom('collection').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A work with what finds it and who has a say over it, as lists of many are read. */
export interface ListedWork {
  id: string
  party: string
  collection: string | null
  rightsStatement: string | null
  logIndex: bigint
  creators: { party: string; mustConsent: boolean }[]
  urls: { url: string; host: string }[]
  codes: Record<string, string>
}

/**
 * All works that anybody may see, in the order of their ids, so many at a time, from behind `after` on; empty at the end.
 */
export async function listWorksWhole(queries: Queries, after: string, limit: number): Promise<ListedWork[]> {
  const works = await queries
    .selectFrom('work')
    .select(['id', 'party', 'collection', 'rights_statement', 'log_index'])
    .where('is_sealed', '=', 0n)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  const listed = new Map<string, ListedWork>()
  for (const { id, party, collection, rights_statement, log_index } of works)
    listed.set(id, {
      id,
      party,
      collection,
      rightsStatement: rights_statement,
      logIndex: log_index,
      creators: [],
      urls: [],
      codes: {},
    })
  for (let start = 0; start < works.length; start += CODES_AT_ONCE) {
    const ids = works.slice(start, start + CODES_AT_ONCE).map(({ id }) => id)
    const creators = queries
      .selectFrom('work_creator')
      .select(['work', 'party', 'must_consent'])
      .where('work', 'in', ids)
      .where('party', 'is not', null)
      .orderBy('position')
    for (const { work, party, must_consent } of await creators.execute())
      listed.get(work)!.creators.push({ party: party!, mustConsent: must_consent === 1n })
    const urls = queries.selectFrom('work_url').select(['work', 'url', 'host']).where('work', 'in', ids).orderBy('url')
    for (const { work, url, host } of await urls.execute()) listed.get(work)!.urls.push({ url, host })
    const codes = queries.selectFrom('fingerprint').select(['work', 'algorithm', 'code']).where('work', 'in', ids)
    for (const { work, algorithm, code } of await codes.execute()) listed.get(work)!.codes[algorithm] = code
  }
  return [...listed.values()]
}

import { sha256Hex, type Queries, type Tables } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    /** By the SHA-256 of their ids. */
    erased_statement: { id: string }
    statement: {
      log_index: bigint
      id: string
      kinds: string
      issuer: string
      recorded_at: string
      /** `accepted`, `refused` or `erased`. */
      outcome: string
      refusal: string | null
      commitment: string | null
      body: string | null
    }
    party_key: { party: string; signing_key: string; log_index: bigint }
    mandate: {
      id: string
      principal: string
      representative: string
      powers: string
      valid_from: string
      valid_until: string | null
      log_index: bigint
    }
    revocation: { id: string; target: string; effective_from: string; log_index: bigint }
    projection: { name: string; size: bigint }
    vault: { commitment: string; salt: Uint8Array; body: string }
  }
}

export type StatementRow = Tables['statement']

/** The accepted statement with this id. */
export async function findStatement(queries: Queries, id: string): Promise<StatementRow | undefined> {
  return queries
    .selectFrom('statement')
    .selectAll()
    .where('id', '=', id)
    .where('outcome', '=', 'accepted')
    .executeTakeFirst()
}

export async function findStatementAt(queries: Queries, logIndex: number): Promise<StatementRow | undefined> {
  return queries.selectFrom('statement').selectAll().where('log_index', '=', BigInt(logIndex)).executeTakeFirst()
}

/** Newest statements first, from before `before` (a log index) on. */
export async function listStatements(
  queries: Queries,
  options: { before?: number; limit: number; issuer?: string },
): Promise<StatementRow[]> {
  let query = queries.selectFrom('statement').selectAll().orderBy('log_index', 'desc').limit(options.limit)
  if (options.before !== undefined) query = query.where('log_index', '<', BigInt(options.before))
  if (options.issuer !== undefined) query = query.where('issuer', '=', options.issuer)
  return query.execute()
}

export async function existingIds(queries: Queries, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await queries
    .selectFrom('statement')
    .select('id')
    .where('id', 'in', ids)
    .where('outcome', '=', 'accepted')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Keys that speak for a party: the one that it is called by, and those that it has named; none that was taken back. */
export async function listPartyKeys(queries: Queries, party: string): Promise<string[]> {
  const rows = await queries.selectFrom('party_key').select('signing_key').where('party', '=', party).execute()
  const keys: string[] = []
  const own = party.startsWith('did:key:') ? [party] : []
  for (const key of new Set([...own, ...rows.map(({ signing_key }) => signing_key)])) {
    const ends = [await revokedFrom(queries, key), await revokedFrom(queries, `${party} ${key}`)]
    if (ends.every((end) => end === undefined)) keys.push(key)
  }
  return keys
}

export async function findPartyKey(queries: Queries, party: string, key: string) {
  return queries
    .selectFrom('party_key')
    .selectAll()
    .where('party', '=', party)
    .where('signing_key', '=', key)
    .executeTakeFirst()
}

export async function partyHasKeys(queries: Queries, party: string): Promise<boolean> {
  return (
    (await queries
      .selectFrom('party_key')
      .select('signing_key')
      .where('party', '=', party)
      .limit(1)
      .executeTakeFirst()) !== undefined
  )
}

export async function findMandates(queries: Queries, representative: string, principal: string) {
  return queries
    .selectFrom('mandate')
    .selectAll()
    .where('representative', '=', representative)
    .where('principal', '=', principal)
    .execute()
}

/** The moment from which something is revoked; undefined when it is not. */
export async function revokedFrom(queries: Queries, target: string): Promise<string | undefined> {
  const row = await queries
    .selectFrom('revocation')
    .select('effective_from')
    .where('target', '=', target)
    .orderBy('effective_from')
    .executeTakeFirst()
  return row?.effective_from
}

export async function readProjectedSize(queries: Queries): Promise<number> {
  const row = await queries.selectFrom('projection').select('size').where('name', '=', 'log').executeTakeFirst()
  return Number(row?.size ?? 0n)
}

export async function writeProjectedSize(queries: Queries, size: number): Promise<void> {
  await queries
    .insertInto('projection')
    .values({ name: 'log', size: BigInt(size) })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ size: BigInt(size) }))
    .execute()
}

export async function readVault(queries: Queries, commitment: string) {
  return queries.selectFrom('vault').selectAll().where('commitment', '=', commitment).executeTakeFirst()
}

export async function writeVault(
  queries: Queries,
  row: { commitment: string; salt: Uint8Array; body: string },
): Promise<void> {
  await queries.insertInto('vault').values(row).execute()
}

/** What is remembered of an erased statement: enough to know it again, not enough to say what it was. */
export async function rememberErased(queries: Queries, statementId: string): Promise<void> {
  const id = erasedId(statementId)
  await queries
    .insertInto('erased_statement')
    .values({ id })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export function erasedId(statementId: string): string {
  return sha256Hex(new TextEncoder().encode(statementId))
}

export async function eraseFromVault(queries: Queries, commitment: string): Promise<boolean> {
  const result = await queries.deleteFrom('vault').where('commitment', '=', commitment).executeTakeFirst()
  return result.numDeletedRows > 0n
}

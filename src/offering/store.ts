import { sql } from 'kysely'
import type { Queries } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    offer: {
      id: string
      party: string
      title: string
      description: string | null
      target_kind: string
      target: string
      rules: string
      audience: string
      valid_from: string
      valid_until: string | null
      recorded_at: string
      log_index: bigint
    }
  }
}

const REVOKED_FROM = sql<
  string | null
>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = ${sql.ref('offer.id')})`.as('revoked_from')

export async function findOffer(queries: Queries, id: string) {
  return queries.selectFrom('offer').selectAll('offer').select(REVOKED_FROM).where('id', '=', id).executeTakeFirst()
}

/** Offers of a party, in whatever state, the newest first; so many at most. */
export async function listOfferRowsOf(queries: Queries, party: string, limit: number) {
  const query = queries.selectFrom('offer').selectAll('offer').select(REVOKED_FROM).where('offer.party', '=', party)
  return query.orderBy('offer.log_index', 'desc').orderBy('offer.id').limit(limit).execute()
}

/** Offers, the newest first, from before `before` (an entry of the log) on. */
export async function listOfferRows(
  queries: Queries,
  { before, limit }: { before?: number | undefined; limit: number },
) {
  let query = queries.selectFrom('offer').selectAll('offer').select(REVOKED_FROM)
  if (before !== undefined) query = query.where('offer.log_index', '<', BigInt(before))
  return query.orderBy('offer.log_index', 'desc').orderBy('offer.id').limit(limit).execute()
}

export type OfferRow = NonNullable<Awaited<ReturnType<typeof findOffer>>>

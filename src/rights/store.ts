import { sql, type ExpressionBuilder } from 'kysely'
import type { Queries, Tables } from '../foundation/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    terms: {
      id: string
      party: string
      target_kind: string
      target: string
      rules: string
      valid_from: string
      valid_until: string | null
      recorded_at: string
      conflict: string | null
      log_index: bigint
    }
    terms_replaced: { id: string; target: string; effective_from: string; log_index: bigint }
    rights_grant: {
      id: string
      licensor: string
      licensee: string
      target_kind: string
      target: string
      actions: string
      valid_from: string
      valid_until: string | null
      rules: string | null
      /** The proposal that was accepted; taking that back ends the grant, too. */
      proposal: string | null
      log_index: bigint
    }
  }
}

/** Terms attached to any of these targets, with the moment from which each is revoked. */
export async function findTerms(queries: Queries, targets: readonly { kind: string; id: string }[]) {
  if (targets.length === 0) return []
  return queries
    .selectFrom('terms')
    .selectAll('terms')
    .select([REVOKED_FROM, REPLACED_FROM])
    .where((where) =>
      where.or(
        targets.map(({ kind, id }) => where.and([where('target_kind', '=', kind), where('terms.target', '=', id)])),
      ),
    )
    .orderBy('terms.log_index')
    .orderBy('terms.id')
    .execute()
}

export async function findTermsOfParty(queries: Queries, party: string) {
  return queries
    .selectFrom('terms')
    .selectAll('terms')
    .select([REVOKED_FROM, REPLACED_FROM])
    .where('party', '=', party)
    .orderBy('terms.log_index')
    .execute()
}

export async function findGrants(queries: Queries, licensee: string, targets: readonly { kind: string; id: string }[]) {
  if (targets.length === 0) return []
  return queries
    .selectFrom('rights_grant')
    .selectAll('rights_grant')
    .select(GRANT_REVOKED_FROM)
    .where('licensee', '=', licensee)
    .where((where) =>
      where.or(
        targets.map(({ kind, id }) =>
          where.and([where('target_kind', '=', kind), where('rights_grant.target', '=', id)]),
        ),
      ),
    )
    .orderBy('rights_grant.log_index')
    .execute()
}

/** A grant that was negotiated ends when either of the statements that made it is taken back. */
const GRANT_REVOKED_FROM = sql<
  string | null
>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = ${sql.ref('rights_grant.id')} OR revocation.target = ${sql.ref('rights_grant.proposal')})`.as(
  'revoked_from',
)

/** All terms, a page at a time, in the order of the log. */
export async function listTerms(queries: Queries, after: { logIndex: bigint; id: string }, limit: number) {
  return queries
    .selectFrom('terms')
    .selectAll('terms')
    .select([REVOKED_FROM, REPLACED_FROM])
    .where((where) => isAfter(where, after))
    .orderBy('terms.log_index')
    .orderBy('terms.id')
    .limit(limit)
    .execute()
}

/** All grants, a page at a time, in the order of the log. */
export async function listGrants(queries: Queries, after: { logIndex: bigint; id: string }, limit: number) {
  return queries
    .selectFrom('rights_grant')
    .selectAll('rights_grant')
    .select(GRANT_REVOKED_FROM)
    .where((where) => isAfter(where, after))
    .orderBy('rights_grant.log_index')
    .orderBy('rights_grant.id')
    .limit(limit)
    .execute()
}

function isAfter<Table extends 'terms' | 'rights_grant'>(
  where: ExpressionBuilder<Tables, Table>,
  { logIndex, id }: { logIndex: bigint; id: string },
) {
  const place = where as unknown as ExpressionBuilder<Tables, 'terms'>
  return place.or([
    place('log_index', '>', logIndex),
    place.and([place('log_index', '=', logIndex), place('id', '>', id)]),
  ])
}

/** The earliest moment from which other terms stand in the place of these; those that were taken back before never did. */
const REPLACED_FROM = sql<
  string | null
>`(SELECT min(terms_replaced.effective_from) FROM terms_replaced WHERE terms_replaced.target = ${sql.ref('terms.id')} AND NOT EXISTS (SELECT 1 FROM revocation WHERE revocation.target = terms_replaced.id AND revocation.effective_from <= terms_replaced.effective_from))`.as(
  'replaced_from',
)

/** The earliest moment from which terms are revoked: a later revocation cannot undo an earlier one. */
const REVOKED_FROM = sql<
  string | null
>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = ${sql.ref('terms.id')})`.as('revoked_from')

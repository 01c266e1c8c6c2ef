import { sql } from 'kysely'
import type { Queries } from '../foundation/index.ts'

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
      log_index: bigint
    }
    rights_grant: {
      id: string
      licensor: string
      licensee: string
      target_kind: string
      target: string
      actions: string
      valid_from: string
      valid_until: string | null
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
    .select(revokedFromOf('terms'))
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
    .select(revokedFromOf('terms'))
    .where('party', '=', party)
    .orderBy('terms.log_index')
    .execute()
}

export async function findGrants(queries: Queries, licensee: string, targets: readonly { kind: string; id: string }[]) {
  if (targets.length === 0) return []
  return queries
    .selectFrom('rights_grant')
    .selectAll('rights_grant')
    .select(revokedFromOf('rights_grant'))
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

/** The earliest moment from which a row is revoked: a later revocation cannot undo an earlier one. */
function revokedFromOf(table: 'terms' | 'rights_grant') {
  const id = sql.ref(`${table}.id`)
  return sql<string | null>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = ${id})`.as(
    'revoked_from',
  )
}

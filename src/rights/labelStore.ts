import { sql } from 'kysely'
import type { Queries } from '../foundation/index.ts'
import { rulesOfLabel } from './labelCodes.ts'
import type { TermsEntry } from './decideTerms.ts'
import type { LabelSubject } from './labels.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    label: {
      id: string
      party: string
      code: string
      target_kind: string
      target: string
      details: string
      approvals_needed: bigint
      recorded_at: string
      log_index: bigint
    }
    label_approval: { id: string; label: string; party: string; recorded_at: string; log_index: bigint }
    use_report: {
      id: string
      rights_grant: string
      party: string
      report: string
      recorded_at: string
      log_index: bigint
    }
  }
}

const REVOKED_FROM = sql<
  string | null
>`(SELECT min(effective_from) FROM revocation WHERE revocation.target = ${sql.ref('label.id')})`
const isRevoked = (id: string, at: string) =>
  sql`EXISTS (SELECT 1 FROM revocation WHERE revocation.target = ${sql.ref(id)} AND revocation.effective_from <= ${at})`
/** How many have approved it and not taken that back. */
const approvals = (at: string) =>
  sql<bigint>`(SELECT count(DISTINCT label_approval.party) FROM label_approval WHERE label_approval.label = ${sql.ref('label.id')} AND NOT ${isRevoked('label_approval.id', at)})`
/** Whether somebody beside the community itself vouches for it. */
const vouches = (at: string) =>
  sql<bigint>`(SELECT count(DISTINCT claim.party) FROM claim WHERE claim.target = ${sql.ref('label.party')} AND claim.claims = 'vouches' AND claim.party <> ${sql.ref('label.party')} AND NOT ${isRevoked('claim.id', at)})`

/** Labels and notices on any of these targets that are not taken back at a moment, with how far they are approved. */
export async function findLabels(queries: Queries, targets: readonly { kind: string; id: string }[], at: string) {
  if (targets.length === 0) return []
  const rows = await selectLabels(queries, at)
    .where((where) =>
      where.or(
        targets.map(({ kind, id }) => where.and([where('target_kind', '=', kind), where('label.target', '=', id)])),
      ),
    )
    .orderBy('label.log_index')
    .execute()
  return rows.map(readDetails).filter(({ revoked_from }) => revoked_from === null || at < revoked_from)
}

/** All labels, a page at a time, in the order of the log, as far as they are approved at a moment. */
export async function listLabels(queries: Queries, after: { logIndex: bigint; id: string }, limit: number, at: string) {
  const rows = await selectLabels(queries, at)
    .where((where) =>
      where.or([
        where('label.log_index', '>', after.logIndex),
        where.and([where('label.log_index', '=', after.logIndex), where('label.id', '>', after.id)]),
      ]),
    )
    .orderBy('label.log_index')
    .orderBy('label.id')
    .limit(limit)
    .execute()
  return rows.map(readDetails)
}

/** Labels as they are kept, with what their state at a moment depends on. */
export function selectLabels(queries: Queries, at: string) {
  return queries
    .selectFrom('label')
    .leftJoin('party', 'party.id', 'label.party')
    .selectAll('label')
    .select([
      'party.name as party_name',
      REVOKED_FROM.as('revoked_from'),
      approvals(at).as('approvals'),
      vouches(at).as('vouches'),
    ])
}

function readDetails<Row extends { details: string }>({ details, ...row }: Row) {
  return { ...row, details: JSON.parse(details) as LabelDetails }
}

export type LabelRow = Awaited<ReturnType<typeof findLabels>>[number]
type LabelDetails = Omit<LabelSubject, 'type' | 'code' | 'target' | 'onBehalfOf'>

/** Whether as many approvers have agreed as the community asked for. */
export function isApproved({ approvals, approvals_needed }: Pick<LabelRow, 'approvals' | 'approvals_needed'>): boolean {
  return BigInt(approvals) >= approvals_needed
}

/** What labels forbid, as terms of their communities. */
export function termsOfLabels(labels: readonly LabelRow[]): TermsEntry[] {
  return labels.filter(isApproved).flatMap(({ id, party, code, target_kind, details, recorded_at, revoked_from }) => {
    const rules = rulesOfLabel(code, details.seasons)
    if (rules.length === 0) return []
    return [
      {
        id,
        party,
        targetKind: target_kind,
        rules: JSON.stringify(rules),
        conflict: null,
        validFrom: recorded_at,
        endsAt: revoked_from,
        isLabel: true,
      },
    ]
  })
}

/** Whether the register holds any label with one of these codes. */
export async function isAnyLabel(queries: Queries, codes: ReadonlySet<string>): Promise<boolean> {
  const row = await queries
    .selectFrom('label')
    .select('id')
    .where('code', 'in', [...codes])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

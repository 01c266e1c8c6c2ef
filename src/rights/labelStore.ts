import { sql } from 'kysely'
import type { Queries } from '../foundation/index.ts'
import { RESTRICTED, rulesOfLabel } from './labelCodes.ts'
import type { TermsEntry } from './decideTerms.ts'
import type { LabelSubject } from './labels.ts'
import { publicOnly } from './seals.ts'

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
const APPROVALS = sql<bigint>`(SELECT count(DISTINCT label_approval.party) FROM label_approval WHERE label_approval.label = ${sql.ref('label.id')})`
/** Whether somebody beside the community itself vouches for it. */
const VOUCHES = sql<bigint>`(SELECT count(DISTINCT claim.party) FROM claim WHERE claim.target = ${sql.ref('label.party')} AND claim.claims = 'vouches' AND claim.party <> ${sql.ref('label.party')} AND NOT EXISTS (SELECT 1 FROM revocation WHERE revocation.target = claim.id))`

/** Labels and notices on any of these targets that are not taken back at a moment, with how far they are approved. */
export async function findLabels(queries: Queries, targets: readonly { kind: string; id: string }[], at: string) {
  if (targets.length === 0) return []
  const rows = await selectLabels(queries)
    .where((where) =>
      where.or(
        targets.map(({ kind, id }) => where.and([where('target_kind', '=', kind), where('label.target', '=', id)])),
      ),
    )
    .orderBy('label.log_index')
    .execute()
  return rows.map(readDetails).filter(({ revoked_from }) => revoked_from === null || at < revoked_from)
}

/** All labels, a page at a time, in the order of the log. */
export async function listLabels(queries: Queries, after: { logIndex: bigint; id: string }, limit: number) {
  const rows = await selectLabels(queries)
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

/** Labels as they are kept, with what their state depends on. */
export function selectLabels(queries: Queries) {
  return queries
    .selectFrom('label')
    .leftJoin('party', 'party.id', 'label.party')
    .selectAll('label')
    .select([
      'party.name as party_name',
      REVOKED_FROM.as('revoked_from'),
      APPROVALS.as('approvals'),
      VOUCHES.as('vouches'),
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
      },
    ]
  })
}

/**
 * Works whose codes are not to be found by anybody: they carry a restricted label of a community that declared them or is
 * named in them, or that their declarer vouches for. A stranger's label hides nothing: that would hide copies, too.
 */
export async function findHiddenWorks(queries: Queries, works: readonly string[]): Promise<Set<string>> {
  if (works.length === 0) return new Set()
  const rows = await queries
    .selectFrom('work')
    .innerJoin('label', (join) =>
      join.on((on) =>
        on.or([
          on.and([on('label.target_kind', '=', 'work'), on('label.target', '=', on.ref('work.id'))]),
          on.and([on('label.target_kind', '=', 'set'), on('label.target', '=', on.ref('work.collection'))]),
        ]),
      ),
    )
    .select([
      'work.id',
      'label.code',
      'label.approvals_needed',
      REVOKED_FROM.as('revoked_from'),
      APPROVALS.as('approvals'),
    ])
    .where('work.id', 'in', works)
    .where('label.code', 'in', [...RESTRICTED])
    .where((where) =>
      where.or([
        where('label.party', '=', where.ref('work.party')),
        where.exists(
          where
            .selectFrom('work_creator')
            .select('work_creator.work')
            .whereRef('work_creator.work', '=', 'work.id')
            .whereRef('work_creator.party', '=', 'label.party'),
        ),
        where.exists(
          where
            .selectFrom('claim')
            .select('claim.id')
            .where('claim.claims', '=', 'vouches')
            .whereRef('claim.target', '=', 'label.party')
            .whereRef('claim.party', '=', 'work.party')
            .where((vouch) =>
              vouch.not(
                vouch.exists(
                  vouch.selectFrom('revocation').select('revocation.id').whereRef('revocation.target', '=', 'claim.id'),
                ),
              ),
            ),
        ),
      ]),
    )
    .execute()
  return new Set(rows.filter((row) => isApproved(row) && row.revoked_from === null).map(({ id }) => id))
}

/** Everything recorded about what a community has labelled, newest first: what it reads to see what is done in its name. */
export async function listAuditTrail(queries: Queries, community: string) {
  const labels = await queries
    .selectFrom('label')
    .selectAll()
    .where('party', '=', community)
    .orderBy('log_index', 'desc')
    .execute()
  const targets = [...new Set(labels.map(({ target }) => target))]
  const trail = labels.map(({ id, code, target, recorded_at, log_index }) => ({
    what: 'label' as const,
    id,
    by: community,
    about: target,
    detail: code,
    recordedAt: recorded_at,
    logIndex: log_index,
  }))
  const entries: {
    what: string
    id: string
    by: string
    about: string
    detail: string
    recordedAt: string
    logIndex: bigint
  }[] = [...trail]
  for (let start = 0; start < targets.length; start += 500) {
    const some = targets.slice(start, start + 500)
    const terms = await queries.selectFrom('terms').selectAll().where('target', 'in', some).execute()
    entries.push(
      ...terms.map((row) => ({
        what: 'terms',
        id: row.id,
        by: row.party,
        about: row.target,
        detail: '',
        recordedAt: row.recorded_at,
        logIndex: row.log_index,
      })),
    )
    const proposals = await queries.selectFrom('consent_proposal').selectAll().where('target', 'in', some).execute()
    entries.push(
      ...proposals.map((row) => ({
        what: 'proposal',
        id: row.id,
        by: row.proposer,
        about: row.target,
        detail: row.purpose ?? '',
        recordedAt: row.recorded_at,
        logIndex: row.log_index,
      })),
    )
    const grants = await queries.selectFrom('rights_grant').selectAll().where('target', 'in', some).execute()
    entries.push(
      ...grants.map((row) => ({
        what: 'grant',
        id: row.id,
        by: row.licensor,
        about: row.target,
        detail: row.licensee,
        recordedAt: row.valid_from,
        logIndex: row.log_index,
      })),
    )
    const reports = await queries
      .selectFrom('use_report')
      .innerJoin('rights_grant', 'rights_grant.id', 'use_report.rights_grant')
      .selectAll('use_report')
      .select('rights_grant.target')
      .where('rights_grant.target', 'in', some)
      .execute()
    entries.push(
      ...reports.map((row) => ({
        what: 'report',
        id: row.id,
        by: row.party,
        about: row.target,
        detail: row.report,
        recordedAt: row.recorded_at,
        logIndex: row.log_index,
      })),
    )
  }
  const told = await publicOnly(
    queries,
    entries.map((entry) => ({ entry, log_index: entry.logIndex })),
  )
  return told.map(({ entry }) => entry).sort((a, b) => Number(b.logIndex - a.logIndex))
}

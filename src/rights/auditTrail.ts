import type { Queries } from '../foundation/index.ts'
import { findStatementAt } from '../statements/index.ts'
import { publicOnly } from './seals.ts'

/** Everything recorded about what a community has labelled, newest first: what it reads to see what is done in its name. */
export async function listAuditTrail(queries: Queries, community: string) {
  const labels = await queries.selectFrom('label').selectAll().where('party', '=', community).execute()
  const targets = [...new Set(labels.map(({ target }) => target))]
  const aboutLabel = new Map(labels.map(({ id, target }) => [id, target]))
  const entries: AuditEntry[] = []
  for (const row of labels) {
    const by = (await findStatementAt(queries, Number(row.log_index)))?.issuer ?? community
    entries.push(entryOf(row, 'label', by, row.target, row.code, row.recorded_at))
  }
  for (const ids of inPieces([...aboutLabel.keys()])) {
    const approvals = await queries.selectFrom('label_approval').selectAll().where('label', 'in', ids).execute()
    for (const row of approvals)
      entries.push(entryOf(row, 'approval', row.party, aboutLabel.get(row.label)!, '', row.recorded_at))
    const revocable = [...ids, ...approvals.map(({ id }) => id)]
    const approved = new Map(approvals.map(({ id, label }) => [id, aboutLabel.get(label)!]))
    for (const targeted of inPieces(revocable)) {
      const revocations = await queries
        .selectFrom('revocation')
        .innerJoin('statement', 'statement.log_index', 'revocation.log_index')
        .selectAll('revocation')
        .select(['statement.issuer', 'statement.recorded_at'])
        .where('revocation.target', 'in', targeted)
        .execute()
      for (const row of revocations) {
        const about = aboutLabel.get(row.target) ?? approved.get(row.target)!
        entries.push(entryOf(row, 'withdrawal', row.issuer, about, row.effective_from.slice(0, 10), row.recorded_at))
      }
    }
  }
  for (const some of inPieces(targets)) {
    const terms = await queries.selectFrom('terms').selectAll().where('target', 'in', some).execute()
    for (const row of terms) entries.push(entryOf(row, 'terms', row.party, row.target, '', row.recorded_at))
    const proposals = await queries.selectFrom('consent_proposal').selectAll().where('target', 'in', some).execute()
    for (const row of proposals)
      entries.push(entryOf(row, 'proposal', row.proposer, row.target, row.purpose ?? '', row.recorded_at))
    const answers = await queries
      .selectFrom('consent_answer')
      .innerJoin('consent_proposal', 'consent_proposal.id', 'consent_answer.proposal')
      .selectAll('consent_answer')
      .select('consent_proposal.target')
      .where('consent_proposal.target', 'in', some)
      .where('consent_answer.answer', '=', 'refuse')
      .execute()
    for (const row of answers) entries.push(entryOf(row, 'refusal', row.party, row.target, '', row.recorded_at))
    const grants = await queries.selectFrom('rights_grant').selectAll().where('target', 'in', some).execute()
    for (const row of grants)
      entries.push(entryOf(row, 'grant', row.licensor, row.target, row.licensee, row.valid_from))
    const reports = await queries
      .selectFrom('use_report')
      .innerJoin('rights_grant', 'rights_grant.id', 'use_report.rights_grant')
      .selectAll('use_report')
      .select('rights_grant.target')
      .where('rights_grant.target', 'in', some)
      .execute()
    for (const row of reports) entries.push(entryOf(row, 'report', row.party, row.target, row.report, row.recorded_at))
  }
  const told = await publicOnly(
    queries,
    entries.map((entry) => ({ entry, log_index: entry.logIndex })),
  )
  return told.map(({ entry }) => entry).sort((a, b) => Number(b.logIndex - a.logIndex))
}

export interface AuditEntry {
  what: 'label' | 'approval' | 'withdrawal' | 'terms' | 'proposal' | 'refusal' | 'grant' | 'report'
  id: string
  by: string
  about: string
  detail: string
  recordedAt: string
  logIndex: bigint
}

function entryOf(
  { id, log_index }: { id: string; log_index: bigint },
  what: AuditEntry['what'],
  by: string,
  about: string,
  detail: string,
  recordedAt: string,
): AuditEntry {
  return { what, id, by, about, detail, recordedAt, logIndex: log_index }
}

const PIECE = 500

function* inPieces(ids: readonly string[]): Iterable<string[]> {
  for (let start = 0; start < ids.length; start += PIECE) yield ids.slice(start, start + PIECE)
}

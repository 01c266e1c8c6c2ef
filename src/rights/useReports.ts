import type { Queries } from '../foundation/index.ts'

/** What a licensee has reported about the use under a grant. */
export interface UseReport {
  id: string
  party: string
  report: string
  recordedAt: string
  logIndex: number
}

const REPORTS_MAX = 500

/** Reports on a grant that anybody may read, the oldest first. */
export async function listUseReports(queries: Queries, grant: string): Promise<UseReport[]> {
  const rows = await queries
    .selectFrom('use_report')
    .innerJoin('statement', 'statement.log_index', 'use_report.log_index')
    .selectAll('use_report')
    .where('rights_grant', '=', grant)
    .where('statement.commitment', 'is', null)
    .orderBy('use_report.log_index')
    .limit(REPORTS_MAX)
    .execute()
  return rows.map(({ id, party, report, recorded_at, log_index }) => ({
    id,
    party,
    report,
    recordedAt: recorded_at,
    logIndex: Number(log_index),
  }))
}

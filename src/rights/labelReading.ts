import type { Queries } from '../foundation/index.ts'
import { findParty, findWork } from '../register/index.ts'
import { readReach } from './decide.ts'
import { isApproved, selectLabels, type LabelRow } from './labelStore.ts'
import { publicOnly } from './seals.ts'

/** Where a label stands. `waiting`: fewer approvers than the community asks for have agreed. */
export type LabelState = 'waiting' | 'inForce' | 'takenBack'

/** A label or notice with everything that anybody may read about it. */
export interface LabelReading {
  id: string
  code: string
  state: LabelState
  party: string
  partyName: string | null
  target: { kind: string; id: string }
  details: LabelRow['details']
  approvals: { party: string; recordedAt: string; logIndex: number }[]
  approvalsNeeded: number
  /** Those whom the community lets approve and who have not yet. */
  mayApprove: string[]
  vouchedBy: number
  takenBackFrom: string | null
  recordedAt: string
  logIndex: number
}

/** One label and where it stands at a moment; undefined when there is none that anybody may read. */
export async function readLabel(queries: Queries, id: string, at: string): Promise<LabelReading | undefined> {
  const rows = await selectLabels(queries, at).where('label.id', '=', id).execute()
  return (await readAll(queries, rows, at))[0]
}

/** Every label on a work and on what it belongs to, the oldest first; undefined when there is no such public work. */
export async function listLabelsOfWork(queries: Queries, id: string, at: string): Promise<LabelReading[] | undefined> {
  const work = await findWork(queries, id)
  if (!work || work.is_sealed === 1n) return undefined
  const { targets } = await readReach(queries, work)
  const rows = await selectLabels(queries, at)
    .where((where) =>
      where.or(
        targets.map((each) => where.and([where('target_kind', '=', each.kind), where('label.target', '=', each.id)])),
      ),
    )
    .orderBy('label.log_index')
    .execute()
  return readAll(queries, rows, at)
}

/** Every label that a party has applied, the oldest first. */
export async function listLabelsOfParty(queries: Queries, party: string, at: string): Promise<LabelReading[]> {
  const rows = await selectLabels(queries, at)
    .where('label.party', '=', party)
    .orderBy('label.log_index')
    .limit(LABELS_MAX)
    .execute()
  return readAll(queries, rows, at)
}

const LABELS_MAX = 1000

async function readAll(
  queries: Queries,
  rows: Awaited<ReturnType<ReturnType<typeof selectLabels>['execute']>>,
  at: string,
): Promise<LabelReading[]> {
  const read = []
  for (const row of await publicOnly(queries, rows)) read.push(await readOne(queries, row, at))
  return read
}

async function readOne(
  queries: Queries,
  row: Parameters<typeof readAll>[1][number],
  at: string,
): Promise<LabelReading> {
  const approvals = await queries
    .selectFrom('label_approval')
    .selectAll()
    .where('label', '=', row.id)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('revocation')
            .select('revocation.id')
            .whereRef('revocation.target', '=', 'label_approval.id')
            .where('revocation.effective_from', '<=', at),
        ),
      ),
    )
    .orderBy('log_index')
    .execute()
  const party = await findParty(queries, row.party)
  const approvers = party?.approvers ? (JSON.parse(party.approvers) as { parties: string[] }).parties : []
  const isTakenBack = row.revoked_from !== null && row.revoked_from <= at
  return {
    id: row.id,
    code: row.code,
    state: isTakenBack ? 'takenBack' : isApproved(row) ? 'inForce' : 'waiting',
    party: row.party,
    partyName: party?.is_sealed === 0n ? party.name : null,
    target: { kind: row.target_kind, id: row.target },
    details: JSON.parse(row.details) as LabelRow['details'],
    approvals: approvals.map((each) => ({
      party: each.party,
      recordedAt: each.recorded_at,
      logIndex: Number(each.log_index),
    })),
    approvalsNeeded: Number(row.approvals_needed),
    mayApprove: approvers.filter((approver) => approvals.every((each) => each.party !== approver)),
    vouchedBy: Number(row.vouches),
    takenBackFrom: row.revoked_from,
    recordedAt: row.recorded_at,
    logIndex: Number(row.log_index),
  }
}

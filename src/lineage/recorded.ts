import type { Queries } from '../foundation/index.ts'
import { readStep } from './trail.ts'
import type { LineageStep } from './graph.ts'

const STEPS_MAX = 5000

/** A step as it stands on the log. */
export interface RecordedStep {
  statement: string
  party: string
  recordedAt: string
  step: LineageStep
}

/**
 * The steps on the log that lead to an entity, in the order in which they were recorded: those that describe it, and those
 * that describe what they used. Steps are what each party says; two that contradict each other stand side by side.
 */
export async function findRecordedSteps(queries: Queries, entity: string): Promise<RecordedStep[]> {
  const found = new Map<string, RecordedStep & { logIndex: bigint }>()
  const seen = new Set([entity])
  let open = [entity]
  while (open.length > 0 && found.size < STEPS_MAX) {
    const rows = await queries
      .selectFrom('lineage_entities')
      .innerJoin('lineage_steps', 'lineage_steps.id', 'lineage_entities.statement')
      .where('lineage_entities.entity', 'in', open.slice(0, 500))
      .select(['lineage_steps.id', 'party', 'recorded_at', 'details', 'log_index'])
      .limit(STEPS_MAX)
      .execute()
    open = open.slice(500)
    for (const row of rows) {
      if (found.has(row.id)) continue
      const step = readStep(JSON.parse(row.details), row.id)
      found.set(row.id, {
        statement: row.id,
        party: row.party,
        recordedAt: row.recorded_at,
        step,
        logIndex: BigInt(row.log_index),
      })
      for (const { from, to } of step.edges)
        if (seen.has(to) && !seen.has(from)) {
          seen.add(from)
          open.push(from)
        }
    }
  }
  return [...found.values()]
    .sort((a, b) => (a.logIndex < b.logIndex ? -1 : a.logIndex > b.logIndex ? 1 : a.statement < b.statement ? -1 : 1))
    .map(({ statement, party, recordedAt, step }) => ({ statement, party, recordedAt, step }))
}

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
  const wanted = new Set([entity])
  const asked = new Set<string>()
  for (let open = [entity]; open.length > 0 && found.size < STEPS_MAX;) {
    for (const each of open) asked.add(each)
    const rows = await queries
      .selectFrom('lineage_entities')
      .innerJoin('lineage_steps', 'lineage_steps.id', 'lineage_entities.statement')
      .where('lineage_entities.entity', 'in', open)
      .select(['lineage_steps.id', 'party', 'recorded_at', 'details', 'log_index'])
      .limit(STEPS_MAX)
      .execute()
    for (const row of rows) {
      if (found.has(row.id)) continue
      const { id: statement, party, recorded_at: recordedAt } = row
      const step = readStep(JSON.parse(row.details), statement)
      found.set(statement, { statement, party, recordedAt, step, logIndex: BigInt(row.log_index) })
    }
    followSources(
      [...found.values()].map(({ step }) => step),
      wanted,
    )
    open = [...wanted].filter((each) => !asked.has(each)).slice(0, ASKED_AT_ONCE)
  }
  return [...found.values()]
    .sort((a, b) => (a.logIndex < b.logIndex ? -1 : a.logIndex > b.logIndex ? 1 : a.statement < b.statement ? -1 : 1))
    .map(({ statement, party, recordedAt, step }) => ({ statement, party, recordedAt, step }))
}

const ASKED_AT_ONCE = 500

/** Adds everything that what is wanted was made from, by any way through these steps. */
function followSources(steps: readonly LineageStep[], wanted: Set<string>): void {
  for (let before = -1; before !== wanted.size;) {
    before = wanted.size
    for (const { edges } of steps) for (const { to, from } of edges) if (wanted.has(to)) wanted.add(from)
  }
}

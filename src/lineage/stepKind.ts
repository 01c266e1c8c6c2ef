import type { z } from 'zod'
import { didSchema, type StatementKind } from '../statements/index.ts'
import { stepSchema } from './graph.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    lineage_steps: {
      id: string
      step: string
      party: string
      details: string
      recorded_at: string
      log_index: bigint
    }
    lineage_entities: {
      entity: string
      statement: string
    }
  }
}

const subjectSchema = stepSchema.extend({ onBehalfOf: didSchema.optional() })

/** A developer says what a step of a pipeline made from what: on the log, with a date that nobody can move. */
export const lineageStepKind: StatementKind<z.infer<typeof subjectSchema>> = {
  type: 'LineageStep',
  schema: subjectSchema as never,
  isNamedByStatement: true,
  tables: ['lineage_steps', 'lineage_entities'],
  powers: ['declare'],
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { onBehalfOf: _, ...step } = subject
    rows.add('lineage_steps', {
      id,
      step: step.id,
      party,
      details: JSON.stringify(step),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
    const named = [...step.entities.map((each) => each.id), ...step.edges.flatMap(({ to, from }) => [to, from])]
    for (const entity of new Set(named)) rows.add('lineage_entities', { entity, statement: id })
  },
}

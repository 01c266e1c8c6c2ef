import { z } from 'zod'
import { actions } from '../rights/index.ts'
import { didSchema, momentSchema, textSchema, type StatementKind } from '../statements/index.ts'

declare module '../foundation/tables.ts' {
  interface Tables {
    training_use: {
      id: string
      party: string
      details: string
      recorded_at: string
      log_index: bigint
    }
  }
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)
const countSchema = z.int().min(0)

const trainingUseSchema = z.strictObject({
  type: z.literal('TrainingUse'),
  onBehalfOf: didSchema.optional(),
  /** What the data set is called; what it is for, or which model. */
  name: textSchema(300),
  action: z.enum(actions),
  mode: z.enum(['opt-out', 'opt-in']),
  /** The register that was asked, at which place of its log. */
  register: z.strictObject({
    origin: textSchema(300),
    size: countSchema,
    root: z.base64(),
    snapshot: hashSchema,
    createdAt: momentSchema,
  }),
  /** The rules of the run and the files that went in, by the digest of what stands in `run.json`. */
  run: hashSchema,
  rows: countSchema,
  kept: countSchema,
  dropped: countSchema,
  unreadable: countSchema,
  /** The Merkle root (RFC 6962) over the decisions on all rows, in their order. */
  root: hashSchema,
})

export type TrainingUse = z.infer<typeof trainingUseSchema>

/**
 * A developer says what a data set was filtered by. That a row was kept says that it was not reserved there and then;
 * it clears nothing.
 */
export const trainingUseKind: StatementKind<TrainingUse> = {
  type: 'TrainingUse',
  schema: trainingUseSchema.refine(
    ({ rows, kept, dropped, unreadable }) => rows === kept + dropped + unreadable,
    'the rows do not add up',
  ) as never,
  tables: ['training_use'],
  powers: ['declare'],
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { type: _, onBehalfOf: __, ...details } = subject
    rows.add('training_use', {
      id,
      party,
      details: JSON.stringify(details),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

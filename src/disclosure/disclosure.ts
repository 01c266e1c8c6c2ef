import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { requireTarget, targetSchema } from '../rights/index.ts'
import { didSchema, type StatementKind } from '../statements/index.ts'
import { pointerOf } from './pointer.ts'
import { codeTextOf, disclosureFields, disclosureFlaws, type DisclosureFields } from './schema.ts'

const subjectSchema = disclosureFields.extend({
  type: z.literal('Disclosure'),
  onBehalfOf: didSchema.optional(),
  /** The work, or the collection in which all was made alike. */
  target: targetSchema.refine(
    ({ kind }) => kind === 'work' || kind === 'set',
    'a disclosure is about a work or a collection',
  ),
})

export type DisclosureSubject = z.infer<typeof subjectSchema>

/**
 * How a work was made, as somebody says it. Anybody may say it, and it is shown who does; what the declarer or a named
 * creator says stands first. Later words of the same party stand in the place of earlier ones.
 */
export const disclosureKind: StatementKind<DisclosureSubject> = {
  type: 'Disclosure',
  schema: subjectSchema,
  tables: ['disclosure'],
  powers: ['declare'],
  async judge({ subject, siblings }, rows) {
    const [flaw] = disclosureFlaws(subject)
    if (flaw) throw new ColophonError('invalid_statement', flaw.message, { where: flaw.where })
    await requireTarget(subject.target, siblings, rows)
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { type: _, onBehalfOf: __, target, ...details } = subject
    rows.add('disclosure', {
      id,
      party,
      target_kind: target.kind,
      target: target.id,
      degree: String(details.degree),
      code: codeTextOf(details as DisclosureFields, pointerOf(id)),
      pointer: pointerOf(id),
      details: JSON.stringify(details),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

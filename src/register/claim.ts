import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { didSchema, textSchema, uuidUrnSchema, type StatementKind } from '../statements/index.ts'

export const claimKinds = ['disputes', 'creator', 'rightsholder', 'custodian', 'vouches'] as const

const claimSchema = z.strictObject({
  type: z.literal('Claim'),
  onBehalfOf: didSchema.optional(),
  /** The work, the collection or the party that the claim is about. */
  target: z.union([uuidUrnSchema, z.string().regex(/^urn:colophon:item:[0-9a-f-]{36}:\d{1,7}$/), didSchema]),
  claims: z.enum(claimKinds),
  /** The statement that this one contradicts; both stay, side by side. */
  contradicts: uuidUrnSchema.optional(),
  evidence: z
    .array(
      z.strictObject({
        description: textSchema(1000),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      }),
    )
    .max(20),
})

/**
 * A claim or counter-claim with its evidence. It is shown beside the others; none overrides another. Whoever disputes that
 * a work is in the public domain, with evidence, is not kept from declaring it, and nobody takes it for free meanwhile.
 */
export const claimKind: StatementKind<z.infer<typeof claimSchema>> = {
  type: 'Claim',
  schema: claimSchema,
  tables: ['claim'],
  powers: ['declare'],
  async judge({ subject }, rows) {
    const queries = await rows.queries()
    for (const table of ['work', 'party', 'collection'] as const)
      if (await queries.selectFrom(table).select('id').where('id', '=', subject.target).executeTakeFirst()) return
    throw new ColophonError('not_found', 'there is no such work, collection or party to claim', {
      where: subject.target,
    })
  },
  project({ subject, id, party, recordedAt, logIndex, isSealed }, rows) {
    // The table is public: a sealed claim is known to whoever holds its body, and to nobody else.
    if (isSealed) return
    rows.add('claim', {
      id,
      party,
      target: subject.target,
      claims: subject.claims,
      contradicts: subject.contradicts ?? null,
      evidence: JSON.stringify(subject.evidence),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

const anchorSchema = z.strictObject({
  type: z.literal('Anchor'),
  /** SHA-256 over a salt and what is kept elsewhere. */
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
  purpose: z.enum(['case', 'document']),
})

/** A commitment to something that is not shown: that it existed, unchanged, at this time. */
export const anchorKind: StatementKind<z.infer<typeof anchorSchema>> = {
  type: 'Anchor',
  schema: anchorSchema,
  tables: ['anchor'],
  async judge({ subject }, rows) {
    const queries = await rows.queries()
    const known = await queries
      .selectFrom('anchor')
      .select('commitment')
      .where('commitment', '=', subject.commitment)
      .executeTakeFirst()
    if (known)
      throw new ColophonError('duplicate_statement', 'this commitment stands on the log already', {
        where: subject.commitment,
      })
  },
  project({ subject, logIndex }, rows) {
    rows.add('anchor', { commitment: subject.commitment, purpose: subject.purpose, log_index: logIndex })
  },
}

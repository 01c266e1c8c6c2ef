import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { checkRules, isPublicDomain, requireTarget, ruleSchema } from '../rights/index.ts'
import {
  didSchema,
  momentSchema,
  textSchema,
  uuidUrnSchema,
  type RowBatch,
  type StatementKind,
} from '../statements/index.ts'

/** Whom an offer is for. Everybody may still ask. */
export const audiences = ['anyone', 'small', 'research', 'nonProfit', 'public'] as const

const offerSchema = z.strictObject({
  type: z.literal('Offer'),
  onBehalfOf: didSchema.optional(),
  title: textSchema(300),
  description: textSchema(3000).optional(),
  /** A declared collection, or everything that the party declares. */
  target: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('set'), id: uuidUrnSchema }),
    z.strictObject({ kind: z.literal('party'), id: didSchema }),
  ]),
  /** What whoever asks would be allowed, under which conditions and for which duties. */
  rules: z
    .array(ruleSchema.extend({ decision: z.literal('allow') }))
    .min(1)
    .max(30),
  audience: z.array(z.enum(audiences)).min(1).max(audiences.length),
  validFrom: momentSchema.optional(),
  validUntil: momentSchema.optional(),
})

export type OfferSubject = z.infer<typeof offerSchema>

/**
 * A holder offers a set of works under terms, to developers of every size. It allows nothing by itself: whoever wants it
 * asks by a proposal, and the answer makes the grant.
 */
export const offerKind: StatementKind<OfferSubject> = {
  type: 'Offer',
  schema: offerSchema,
  tables: ['offer'],
  powers: ['grant'],
  async judge({ subject, party, siblings, isSealed }, rows) {
    const { target, rules, validFrom, validUntil } = subject
    if (isSealed)
      throw new ColophonError('invalid_statement', 'an offer is for everybody to read', {
        remedy: 'State it unsealed, or propose a licence to one party.',
      })
    checkRules(rules)
    if (validFrom && validUntil && validFrom >= validUntil)
      throw new ColophonError('invalid_statement', 'the offer ends before it begins', { where: 'validUntil' })
    await requireTarget(target, siblings, rows)
    const { holder, rightsStatement } = await readHolder(subject, party, siblings, rows)
    if (holder !== party)
      throw new ColophonError('not_authorised', 'only who declared a collection offers it', {
        where: target.id,
        remedy: 'A representative offers it in the name of whoever declared it.',
      })
    const isPriced = rules.some(({ duties = [] }) => duties.some(({ action }) => action === 'odrl:compensate'))
    if (isPriced && isPublicDomain(rightsStatement))
      throw new ColophonError('public_domain_cannot_be_reserved', 'what is in the public domain needs no licence', {
        where: target.id,
        remedy: 'Offer it without a price.',
      })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { title, description, target, rules, audience, validFrom, validUntil } = subject
    rows.add('offer', {
      id,
      party,
      title,
      description: description ?? null,
      target_kind: target.kind,
      target: target.id,
      rules: JSON.stringify(rules),
      audience: [...new Set(audience)].join(' '),
      valid_from: validFrom !== undefined && validFrom > recordedAt ? validFrom : recordedAt,
      valid_until: validUntil ?? null,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

/** Who declared what is offered, and what is said of its copyright. */
async function readHolder(
  { target }: OfferSubject,
  party: string,
  siblings: readonly { type: string }[],
  rows: RowBatch,
): Promise<{ holder: string; rightsStatement: string | null | undefined }> {
  if (target.kind === 'party') return { holder: target.id, rightsStatement: undefined }
  const sibling = siblings.find((each) => each.type === 'Collection' && (each as { id?: string }).id === target.id) as
    { rightsStatement?: string; onBehalfOf?: string } | undefined
  if (sibling) return { holder: sibling.onBehalfOf ?? party, rightsStatement: sibling.rightsStatement }
  const queries = await rows.queries()
  const set = await queries.selectFrom('collection').select('party').where('id', '=', target.id).executeTakeFirst()
  const item = await queries
    .selectFrom('work')
    .select('rights_statement')
    .where('collection', '=', target.id)
    .limit(1)
    .executeTakeFirst()
  return { holder: set!.party, rightsStatement: item?.rights_statement }
}

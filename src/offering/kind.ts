import { sql, type SqlBool } from 'kysely'
import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { checkRules, requireTarget, ruleSchema } from '../rights/index.ts'
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
    // A statement is taken back whole, and an offer has to be taken back without what it offers.
    if (siblings.some(({ type }) => type !== 'Offer' && type !== 'Party'))
      throw new ColophonError('invalid_statement', 'an offer stands in a statement of its own', {
        remedy: 'Declare the works first, and offer them in another statement.',
      })
    checkRules(rules)
    if (validFrom && validUntil && validFrom >= validUntil)
      throw new ColophonError('invalid_statement', 'the offer ends before it begins', { where: 'validUntil' })
    await requireTarget(target, siblings, rows)
    if ((await readHolder(subject, rows)) !== party)
      throw new ColophonError('not_authorised', 'only who declared a collection offers it', {
        where: target.id,
        remedy: 'A representative offers it in the name of whoever declared it.',
      })
    const isDemanding = rules.some(({ duties = [] }) => duties.length > 0)
    if (isDemanding && (await isAllFree(subject, rows)))
      throw new ColophonError('public_domain_cannot_be_reserved', 'what is in the public domain needs no licence', {
        where: target.id,
        remedy: 'Offer it without a price and without asking for anything else.',
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

/** Who declared what is offered. */
async function readHolder({ target }: OfferSubject, rows: RowBatch): Promise<string> {
  if (target.kind === 'party') return target.id
  const queries = await rows.queries()
  return (await queries.selectFrom('collection').select('party').where('id', '=', target.id).executeTakeFirstOrThrow())
    .party
}

/** Whether there are works, and every one of them is declared as being in the public domain. */
async function isAllFree({ target }: OfferSubject, rows: RowBatch): Promise<boolean> {
  const queries = await rows.queries()
  const works = queries
    .selectFrom('work')
    .select('rights_statement')
    .where(target.kind === 'set' ? 'collection' : 'party', '=', target.id)
  if ((await works.limit(1).executeTakeFirst()) === undefined) return false
  // The writings that `isPublicDomain` takes.
  const isFree = sql.join(
    [
      'creativecommons.org/publicdomain/mark/1.0%',
      'creativecommons.org/publicdomain/zero/1.0%',
      'rightsstatements.org/vocab/NoC-%/1.0%',
      'rightsstatements.org/page/NoC-%/1.0%',
    ].flatMap((form) => ['http', 'https'].map((scheme) => sql`rights_statement LIKE ${`${scheme}://${form}`}`)),
    sql` OR `,
  )
  const other = works.where(sql<SqlBool>`(${isFree}) IS NOT TRUE`)
  if ((await other.limit(1).executeTakeFirst()) !== undefined) return false
  // One that is disputed is no longer everybody's.
  const disputed = works.where(
    sql<SqlBool>`EXISTS (SELECT 1 FROM claim WHERE claim.claims = 'disputes' AND claim.evidence <> '[]' AND (claim.target = work.id OR claim.target = work.collection))`,
  )
  return (await disputed.limit(1).executeTakeFirst()) === undefined
}

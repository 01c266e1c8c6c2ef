import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import { didSchema, momentSchema, type StatementKind } from '../statements/index.ts'
import { actions } from './actions.ts'
import { isPublicDomain } from './publicDomain.ts'

/** What terms can be attached to. `set` is a declared collection. */
const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('work'),
    id: z.string().regex(/^urn:(uuid:[0-9a-f-]{36}|colophon:item:[0-9a-f-]{36}:\d{1,7})$/),
  }),
  z.strictObject({ kind: z.literal('set'), id: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/) }),
  z.strictObject({
    kind: z.literal('domain'),
    id: z
      .string()
      .max(253)
      .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
  }),
  z.strictObject({ kind: z.literal('party'), id: didSchema }),
])

const ruleSchema = z.strictObject({ action: z.enum(actions), decision: z.enum(['allow', 'deny']) })

const termsSchema = z.strictObject({
  type: z.literal('Terms'),
  onBehalfOf: didSchema.optional(),
  target: targetSchema,
  rules: z.array(ruleSchema).min(1).max(10),
  /** From when they count; they never reach back before they were recorded. */
  validFrom: momentSchema.optional(),
  validUntil: momentSchema.optional(),
})

export type TermsSubject = z.infer<typeof termsSchema>
export type TermsTarget = TermsSubject['target']

/** Terms: what their party reserves or allows, for a work, a set, a domain, or everything it declares. */
export const termsKind: StatementKind<TermsSubject> = {
  type: 'Terms',
  schema: termsSchema,
  tables: ['terms'],
  power: 'reserve',
  async judge({ subject, party, siblings }, rows) {
    const { target, rules, validFrom, validUntil } = subject
    if (validFrom && validUntil && validFrom >= validUntil) {
      throw new ColophonError('invalid_statement', 'the terms end before they begin', { where: 'validUntil' })
    }
    if (target.kind === 'party' && target.id !== party) {
      throw new ColophonError('not_authorised', 'terms for everything a party makes can only be that party’s own', {
        where: target.id,
      })
    }
    const rightsStatement = await readRightsStatement(target, siblings, rows)
    if (rules.some(({ decision }) => decision === 'deny') && isPublicDomain(rightsStatement)) {
      throw new ColophonError('public_domain_cannot_be_reserved', 'this is declared as being in the public domain', {
        where: target.id,
        remedy: 'Nobody may reserve what is in the public domain; a custodian can say where it comes from.',
      })
    }
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { target, rules, validFrom, validUntil } = subject
    rows.add('terms', {
      id,
      party,
      target_kind: target.kind,
      target: target.id,
      rules: JSON.stringify(rules),
      valid_from: validFrom !== undefined && validFrom > recordedAt ? validFrom : recordedAt,
      valid_until: validUntil ?? null,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

/** The mark of the work or set, whether it is declared in the same statement or earlier. */
async function readRightsStatement(
  target: TermsTarget,
  siblings: readonly { type: string }[],
  rows: Parameters<NonNullable<typeof termsKind.judge>>[1],
): Promise<string | null | undefined> {
  const type = target.kind === 'set' ? 'Collection' : 'Work'
  const sibling = siblings.find((subject) => subject.type === type && (subject as { id?: string }).id === target.id) as
    { rightsStatement?: string } | undefined
  if (sibling) return sibling.rightsStatement
  if (target.kind === 'work') {
    const work = await findWork(await rows.queries(), target.id)
    if (!work) throw new ColophonError('not_found', 'there is no such work to attach terms to', { where: target.id })
    return work.rights_statement
  }
  if (target.kind !== 'set') return undefined
  const queries = await rows.queries()
  const set = await queries.selectFrom('collection').select('id').where('id', '=', target.id).executeTakeFirst()
  if (!set) throw new ColophonError('not_found', 'there is no such collection to attach terms to', { where: target.id })
  const item = await queries
    .selectFrom('work')
    .select('rights_statement')
    .where('collection', '=', target.id)
    .limit(1)
    .executeTakeFirst()
  return item?.rights_statement
}

const grantSchema = z.strictObject({
  type: z.literal('Grant'),
  onBehalfOf: didSchema.optional(),
  licensee: didSchema,
  target: targetSchema,
  actions: z.array(z.enum(actions)).min(1),
  validFrom: momentSchema.optional(),
  validUntil: momentSchema.optional(),
})

/** A grant: one licensee may do named things with a work or set, for a time. */
export const grantKind: StatementKind<z.infer<typeof grantSchema>> = {
  type: 'Grant',
  schema: grantSchema,
  tables: ['rights_grant'],
  power: 'grant',
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { target, validFrom } = subject
    rows.add('rights_grant', {
      id,
      licensor: party,
      licensee: subject.licensee,
      target_kind: target.kind,
      target: target.id,
      actions: subject.actions.join(' '),
      valid_from: validFrom !== undefined && validFrom > recordedAt ? validFrom : recordedAt,
      valid_until: subject.validUntil ?? null,
      log_index: logIndex,
    })
  },
}

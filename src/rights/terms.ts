import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { findWork } from '../register/index.ts'
import { didSchema, findStatement, momentSchema, uuidUrnSchema, type StatementKind } from '../statements/index.ts'
import { actions } from './actions.ts'
import { ruleSchema, type RightsRule } from './rules.ts'
import { isPublicDomain } from './publicDomain.ts'

/** What terms can be attached to. `set` is a declared collection. */
export const targetSchema = z.discriminatedUnion('kind', [
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

/** What a subject of a statement goes by: the statement's id, with its place when it is not the first. */
export const subjectIdSchema = z.string().regex(/^urn:uuid:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(#[1-9]\d{0,3})?$/)

const termsSchema = z.strictObject({
  type: z.literal('Terms'),
  onBehalfOf: didSchema.optional(),
  target: targetSchema,
  rules: z.array(ruleSchema).min(1).max(30),
  /** What wins when rules of these terms contradict each other; without it the no does. */
  conflict: z.enum(['perm', 'prohibit']).optional(),
  /** Earlier terms of the same party that these stand in the place of. */
  replaces: z
    .array(uuidUrnSchema)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'the same terms are named twice')
    .optional(),
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
  tables: ['terms', 'terms_replaced'],
  powers: ['reserve'],
  async judge({ subject, issuer, party, siblings }, rows) {
    const { target, rules, validFrom, validUntil } = subject
    if (validFrom && validUntil && validFrom >= validUntil) {
      throw new ColophonError('invalid_statement', 'the terms end before they begin', { where: 'validUntil' })
    }
    if (target.kind === 'party' && target.id !== party) {
      throw new ColophonError('not_authorised', 'terms for everything a party makes can only be that party’s own', {
        where: target.id,
      })
    }
    checkRules(rules)
    for (const id of subject.replaces ?? []) {
      const replaced = await findStatement(await rows.queries(), id)
      if (replaced?.issuer !== issuer || !replaced.kinds.split(' ').includes('Terms'))
        throw new ColophonError('not_authorised', 'only terms of one’s own can be replaced', { where: id })
      // A representative speaks for many: what it said for one of them is not replaced by what it says for another.
      const others = await (
        await rows.queries()
      )
        .selectFrom('terms')
        .select('id')
        .where('id', 'in', await subjectIds(id, rows))
        .where('party', '<>', party)
        .executeTakeFirst()
      if (others)
        throw new ColophonError('not_authorised', 'terms of one party do not replace those of another', { where: id })
    }
    const rightsStatement = await readRightsStatement(target, siblings, rows)
    if (rules.some(({ decision }) => decision === 'deny') && isPublicDomain(rightsStatement)) {
      throw new ColophonError('public_domain_cannot_be_reserved', 'this is declared as being in the public domain', {
        where: target.id,
        remedy: 'Nobody may reserve what is in the public domain; a custodian can say where it comes from.',
      })
    }
  },
  async project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { target, rules, conflict, validFrom, validUntil } = subject
    const effectiveFrom = validFrom !== undefined && validFrom > recordedAt ? validFrom : recordedAt
    for (const replaced of subject.replaces ?? [])
      for (const each of await subjectIds(replaced, rows))
        rows.add('terms_replaced', { id, target: each, effective_from: effectiveFrom, log_index: logIndex })
    rows.add('terms', {
      id,
      party,
      target_kind: target.kind,
      target: target.id,
      rules: JSON.stringify(rules),
      valid_from: effectiveFrom,
      valid_until: validUntil ?? null,
      recorded_at: recordedAt,
      conflict: conflict ?? null,
      log_index: logIndex,
    })
  },
}

/** The ids that rows of a statement go by: one for each of its subjects. */
async function subjectIds(id: string, rows: Parameters<NonNullable<typeof termsKind.judge>>[1]): Promise<string[]> {
  const statement = await findStatement(await rows.queries(), id)
  return (statement?.kinds.split(' ') ?? ['']).map((_, place) => (place === 0 ? id : `${id}#${place}`))
}

/** Windows that end before they begin are a mistake, and not a rule that never applies. */
export function checkRules(rules: readonly RightsRule[]): void {
  rules.forEach(({ from, until, decision, duties }, i) => {
    if (from !== undefined && until !== undefined && from >= until)
      throw new ColophonError('invalid_statement', 'a rule ends before it begins', { where: `rules.${i}.until` })
    if (decision === 'deny' && duties?.some(({ action }) => action === 'odrl:compensate'))
      throw new ColophonError('invalid_statement', 'a no has no price', {
        where: `rules.${i}.duties`,
        remedy: 'State the price with a rule that allows, and the no without one.',
      })
  })
}

/** Refuses a target that is not there, neither in the register nor in the same statement. Errors: `not_found`. */
export async function requireTarget(
  target: TermsTarget,
  siblings: readonly { type: string }[],
  rows: Parameters<NonNullable<typeof termsKind.judge>>[1],
): Promise<void> {
  await readRightsStatement(target, siblings, rows)
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

const grantSchema = z
  .strictObject({
    type: z.literal('Grant'),
    onBehalfOf: didSchema.optional(),
    licensee: didSchema,
    target: targetSchema,
    actions: z.array(z.enum(actions)).min(1).optional(),
    /** What is granted under conditions; each rule allows. */
    rules: z
      .array(ruleSchema.extend({ decision: z.literal('allow') }))
      .min(1)
      .max(30)
      .optional(),
    validFrom: momentSchema.optional(),
    validUntil: momentSchema.optional(),
  })
  .refine(({ actions: list, rules }) => (list === undefined) !== (rules === undefined), 'give either actions or rules')

/** A grant: one licensee may do named things with a work or set, for a time. */
export const grantKind: StatementKind<z.infer<typeof grantSchema>> = {
  type: 'Grant',
  schema: grantSchema,
  tables: ['rights_grant'],
  powers: ['grant'],
  async judge({ subject }) {
    checkRules(subject.rules ?? [])
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    const { target, validFrom } = subject
    rows.add('rights_grant', {
      id,
      licensor: party,
      licensee: subject.licensee,
      target_kind: target.kind,
      target: target.id,
      actions: (subject.actions ?? subject.rules!.map(({ action }) => action)).join(' '),
      valid_from: validFrom !== undefined && validFrom > recordedAt ? validFrom : recordedAt,
      valid_until: subject.validUntil ?? null,
      rules: subject.rules ? JSON.stringify(subject.rules) : null,
      proposal: null,
      log_index: logIndex,
    })
  },
}

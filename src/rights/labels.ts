import { z } from 'zod'
import { ColophonError, type Queries } from '../foundation/index.ts'
import { findParty } from '../register/index.ts'
import { didSchema, textSchema, type StatementKind } from '../statements/index.ts'
import { RESTRICTED, labelCodes, noticeCodes } from './labelCodes.ts'
import { ruleSchema } from './rules.ts'
import { requireTarget, subjectIdSchema, targetSchema } from './terms.ts'

const labelSchema = z.strictObject({
  type: z.literal('Label'),
  onBehalfOf: didSchema.optional(),
  target: targetSchema,
  code: z.enum([...labelCodes, ...noticeCodes]),
  /** The community’s own name for it and its own words, in its own language. */
  name: textSchema(200).optional(),
  text: textSchema(3000).optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
  translations: z
    .array(z.strictObject({ language: z.string().max(35), name: textSchema(200).optional(), text: textSchema(3000) }))
    .max(30)
    .optional(),
  /** Where the label is described: the project at Local Contexts, or the community’s page. */
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** For seasonal labels: when access is open. */
  seasons: ruleSchema.shape.seasons,
  /** How benefits are to be shared with the community, in its words. */
  benefitSharing: textSchema(2000).optional(),
})

export type LabelSubject = z.infer<typeof labelSchema>

/**
 * A label that a community applies to what is its own, or a notice of an institution that says there are interests to be
 * asked about. Labels are the community's alone: nobody else applies or changes them, and it takes them back itself.
 */
export const labelKind: StatementKind<LabelSubject> = {
  type: 'Label',
  schema: labelSchema,
  tables: ['label'],
  powers: ['reserve'],
  async judge({ subject, party, siblings, isSealed }, rows) {
    const { code, target, seasons } = subject
    const isNotice = (noticeCodes as readonly string[]).includes(code)
    const speaker = await findParty(await rows.queries(), party)
    const kind = statedParty(siblings, party)?.kind ?? speaker?.kind
    if (!isNotice && kind !== 'community')
      throw new ColophonError('not_authorised', 'only a community applies its labels', {
        where: party,
        remedy: 'An institution applies a notice, and asks the community.',
      })
    if (isNotice && kind !== 'organisation')
      throw new ColophonError('invalid_statement', 'a notice is for institutions; a community applies a label', {
        where: 'code',
      })
    if (code === 'tks' && !seasons)
      throw new ColophonError('invalid_statement', 'a seasonal label says when access is open', { where: 'seasons' })
    const work = siblings.find((sibling) => sibling.type === 'Work' && (sibling as { id?: string }).id === target.id)
    if (RESTRICTED.has(code) && work && !isSealed)
      throw new ColophonError('invalid_statement', 'what is restricted may not be declared with its codes in public', {
        where: target.id,
        remedy:
          'Declare it sealed: the log then holds only a commitment. It is kept out of data sets by its collection or domain.',
      })
    await requireTarget(target, siblings, rows)
  },
  async project({ subject, id, party, siblings, recordedAt, logIndex }, rows) {
    const { code, target, type: _, onBehalfOf: __, ...details } = subject
    const stated = statedParty(siblings, party)
    const approvers = stated ? stated.approvers : await findApprovers(await rows.queries(), party)
    rows.add('label', {
      id,
      party,
      code,
      target_kind: target.kind,
      target: target.id,
      details: JSON.stringify(details),
      approvals_needed: BigInt(approvers?.threshold ?? 0),
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

/** What the party that labels says of itself in the same statement; what its representative says of himself is not that. */
function statedParty(siblings: readonly { type: string }[], party: string) {
  const parties = siblings as { type: string; id?: string; kind?: string; approvers?: Approvers }[]
  return parties.find(({ type, id }) => type === 'Party' && id === party)
}

interface Approvers {
  parties: string[]
  threshold: number
}

/** Who has to approve what a community labels, and how many of them; undefined where nobody has to. */
export async function findApprovers(queries: Queries, community: string): Promise<Approvers | undefined> {
  const row = await findParty(queries, community)
  return row?.approvers ? (JSON.parse(row.approvers) as Approvers) : undefined
}

const approvalSchema = z.strictObject({ type: z.literal('Approval'), label: subjectIdSchema })

/** One of a community's approvers agrees to a label. It counts when as many have as the community said. */
export const approvalKind: StatementKind<z.infer<typeof approvalSchema>> = {
  type: 'Approval',
  schema: approvalSchema,
  tables: ['label_approval'],
  async judge({ subject, party }, rows) {
    const queries = await rows.queries()
    const label = await queries.selectFrom('label').selectAll().where('id', '=', subject.label).executeTakeFirst()
    if (!label) throw new ColophonError('not_found', 'there is no such label', { where: subject.label })
    const approvers = await findApprovers(queries, label.party)
    if (!approvers?.parties.includes(party))
      throw new ColophonError('not_authorised', 'only an approver whom the community named approves its labels', {
        where: party,
      })
    const said = await queries
      .selectFrom('label_approval')
      .select('id')
      .where('label', '=', subject.label)
      .where('party', '=', party)
      .executeTakeFirst()
    if (said) throw new ColophonError('duplicate_statement', 'this approver has approved it', { where: subject.label })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    rows.add('label_approval', { id, label: subject.label, party, recorded_at: recordedAt, log_index: logIndex })
  },
}

const reportSchema = z.strictObject({
  type: z.literal('UseReport'),
  onBehalfOf: didSchema.optional(),
  grant: subjectIdSchema,
  report: textSchema(5000),
})

/** A licensee tells whoever granted what was done, who had what of it, and what went wrong. */
export const useReportKind: StatementKind<z.infer<typeof reportSchema>> = {
  type: 'UseReport',
  schema: reportSchema,
  tables: ['use_report'],
  powers: ['declare'],
  async judge({ subject, party }, rows) {
    const grant = await (
      await rows.queries()
    )
      .selectFrom('rights_grant')
      .select('licensee')
      .where('id', '=', subject.grant)
      .executeTakeFirst()
    if (!grant) throw new ColophonError('not_found', 'there is no such grant', { where: subject.grant })
    if (grant.licensee !== party)
      throw new ColophonError('not_authorised', 'only the licensee reports on its use', { where: subject.grant })
  },
  project({ subject, id, party, recordedAt, logIndex }, rows) {
    rows.add('use_report', {
      id,
      rights_grant: subject.grant,
      party,
      report: subject.report,
      recorded_at: recordedAt,
      log_index: logIndex,
    })
  },
}

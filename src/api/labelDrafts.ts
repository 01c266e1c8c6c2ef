import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty } from '../register/index.ts'
import {
  firstMomentSchema,
  isDayOfYear,
  labelCodes,
  noticeCodes,
  readLabel,
  subjectIdSchema,
  type LabelReading,
  type TermsSubject,
} from '../rights/index.ts'
import { didSchema, textSchema, uuidUrnSchema, type Statement } from '../statements/index.ts'
import { domainField, partiesField, workField } from './targetFields.ts'

type Subject = Statement['credentialSubject'][number]

/** A day of each year, alone or as one of some year. */
const dayOfYear = z
  .string()
  .regex(/^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day of each year is written as 06-30')
  .transform((day) => day.slice(-5))
  .refine(isDayOfYear, 'there is no such day')

/** What somebody fills in to apply a label or a notice, to say who approves labels, to approve one, and to take one back. */
export const labelDraftSchemas = [
  z.object({
    kind: z.literal('label'),
    name: textSchema(200).optional(),
    isEntitled: z.literal('yes', 'confirm that you speak for the community'),
    work: workField.optional(),
    collection: uuidUrnSchema.optional(),
    domain: domainField.optional(),
    code: z.enum([...labelCodes, ...noticeCodes], 'choose the label'),
    labelName: textSchema(200).optional(),
    text: textSchema(3000).optional(),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language is written as en, or mi-NZ')
      .optional(),
    url: z
      .url({ protocol: /^https$/, error: 'give the whole address, beginning with https://' })
      .max(500)
      .optional(),
    seasonFrom: dayOfYear.optional(),
    seasonUntil: dayOfYear.optional(),
    benefitSharing: textSchema(2000).optional(),
  }),
  z.object({ kind: z.literal('approval'), label: subjectIdSchema, approver: didSchema }),
  z.object({
    kind: z.literal('approvers'),
    community: didSchema.optional(),
    name: textSchema(200).optional(),
    approvers: partiesField.default([]),
    approvalsNeeded: z.coerce.number('say how many have to approve').int().min(1).max(50).default(1),
  }),
  z.object({ kind: z.literal('withdrawal'), label: subjectIdSchema, from: firstMomentSchema.optional() }),
] as const

type LabelDraft = z.infer<(typeof labelDraftSchemas)[number]>
type Applied = Extract<LabelDraft, { kind: 'label' }>

/** What such a draft comes to, and the page that shows it then. Errors: `not_found`, `invalid_input`. */
export async function labelSubject(
  node: Node,
  issuer: string,
  draft: LabelDraft,
): Promise<{ subject: Subject; next: string }> {
  if (draft.kind === 'label') return { subject: appliedSubject(draft), next: '/labels/{id}' }
  if (draft.kind === 'approvers') return communityWithApprovers(node, issuer, draft)
  const label = await needLabel(node, draft.label)
  const next = `/labels/${label.id.replace('#', '%23')}`
  if (draft.kind === 'approval') return { subject: { type: 'Approval', label: label.id }, next }
  const now = isoTime(node.register.effects.now())
  const target = label.id.split('#')[0]!
  return { subject: { type: 'Revocation', target, effectiveFrom: draft.from ?? now }, next }
}

/** Who approves says who he is among those who may; only whose label it is takes it back. */
export async function signerOfLabelDraft(node: Node, draft: LabelDraft): Promise<string | undefined> {
  if (draft.kind === 'label') return undefined
  if (draft.kind === 'approvers') return draft.community
  return draft.kind === 'approval' ? draft.approver : (await needLabel(node, draft.label)).party
}

/** Labels are a community's, notices an institution's. */
export function kindOfLabeller({ code }: Applied): 'community' | 'organisation' {
  return (noticeCodes as readonly string[]).includes(code) ? 'organisation' : 'community'
}

export async function needLabel(node: Node, id: string): Promise<LabelReading> {
  const { register } = node
  const label = await readLabel(register.database.db, id, isoTime(register.effects.now()))
  if (!label) throw new ColophonError('not_found', 'there is no such public label', { where: id })
  return label
}

/** The community as it is known, with these approvers in the place of those it had; with none, nobody has to approve. */
async function communityWithApprovers(
  node: Node,
  issuer: string,
  { name, approvers, approvalsNeeded }: Extract<LabelDraft, { kind: 'approvers' }>,
): Promise<{ subject: Subject; next: string }> {
  const known = await findParty(node.register.database.db, issuer)
  if (known && known.kind !== 'community')
    throw new ColophonError('state_not_allowed', 'only a community has approvers', { where: issuer })
  const ownName = known?.name ?? name
  if (ownName === undefined)
    throw new ColophonError('invalid_input', 'say the name of the community', { where: 'name' })
  const parties = [...new Set(approvers)]
  if (parties.length > 0 && approvalsNeeded > parties.length)
    throw new ColophonError('invalid_input', 'more approvals are needed than there are approvers', {
      where: 'approvalsNeeded',
    })
  const subject = {
    type: 'Party',
    id: issuer,
    kind: 'community',
    name: ownName,
    ...(known?.country ? { country: known.country } : {}),
    ...(known?.homepage ? { homepage: known.homepage } : {}),
    keys: [],
    ...(parties.length === 0 ? {} : { approvers: { parties, threshold: approvalsNeeded } }),
  }
  return { subject, next: `/parties/${encodeURIComponent(issuer)}/approvers` }
}

function appliedSubject(draft: Applied): Subject {
  const { code, labelName, text, language, url, benefitSharing, seasonFrom, seasonUntil } = draft
  if ((seasonFrom === undefined) !== (seasonUntil === undefined))
    throw new ColophonError('invalid_input', 'a season has a first and a last day', { where: 'seasonUntil' })
  const seasons = seasonFrom && seasonUntil ? [{ from: seasonFrom, until: seasonUntil }] : undefined
  const details = { name: labelName, text, language, url, seasons, benefitSharing }
  const said = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
  return { type: 'Label', target: targetOf(draft), code, ...said }
}

function targetOf({ work, collection, domain }: Applied): TermsSubject['target'] {
  const targets = [
    ...(work === undefined ? [] : [{ kind: 'work' as const, id: work }]),
    ...(collection === undefined ? [] : [{ kind: 'set' as const, id: collection }]),
    ...(domain === undefined ? [] : [{ kind: 'domain' as const, id: domain }]),
  ]
  const [target] = targets
  if (target && targets.length === 1) return target
  throw new ColophonError('invalid_input', 'say what it is about: one work, one collection or one web site', {
    where: 'work',
  })
}

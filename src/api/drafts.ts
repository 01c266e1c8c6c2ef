import { z } from '@hono/zod-openapi'
import { importSubjects } from '../accounts/index.ts'
import { isoTime, uuidV7, ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty } from '../register/index.ts'
import {
  NO_TO_AI,
  findTermsOfParty,
  flawOfAnswers,
  rulesOfAnswers,
  termsOfRules,
  wizardFields,
  type TermsSubject,
} from '../rights/index.ts'
import { findStatement, textSchema, type Statement } from '../statements/index.ts'
import { claimDraftSchemas, claimSubject, signerOfClaim } from './claimDrafts.ts'
import { consentDraftSchemas, consentSubject, signerOfConsent } from './consentDrafts.ts'
import { disclosureDraftSchemas, disclosureSubject } from './disclosureDrafts.ts'
import { itemDraftSchema, itemSubject, signerOfItems } from './itemDrafts.ts'
import { keyDraftSchemas, keySubject } from './keyDrafts.ts'
import { kindOfLabeller, labelDraftSchemas, labelSubject, signerOfLabelDraft } from './labelDrafts.ts'
import { mandateDraftSchema, mandateSubject } from './mandateDrafts.ts'
import { offerDraftSchemas, offerSubject, signerOfOffer } from './offerDrafts.ts'
import { readCheckResult } from './runCheck.ts'
import { denied, refusePublicDomain, reservationInputSchema, workSubject } from './reservation.ts'
import { domainField, workField } from './targetFields.ts'

type Subjects = Statement['credentialSubject']

/** Who signs for the first time says a name; a pseudonym is one. */
const signerFields = { name: textSchema(200).optional() }
const isEntitled = z.literal('yes', 'confirm that the rights are yours')

/** What the rules are about, as somebody writes it: an address of a page counts as what the page is about. */
const aboutFields = {
  about: z.enum(['file', 'work', 'domain', 'party'], 'say what it is about'),
  work: workField.optional(),
  domain: domainField.optional(),
  result: z.string().max(100).optional(),
}

const aboutFlaw = ({
  about,
  work,
  domain,
  result,
}: {
  about: string
  work?: string
  domain?: string
  result?: string
}) => {
  if (about === 'work' && !work) return { path: 'work', message: 'give the address of the work’s page here' }
  if (about === 'domain' && !domain) return { path: 'domain', message: 'give the address of your web site' }
  if (about === 'file' && !result) return { path: 'result', message: 'check the file first' }
  return undefined
}

const policyFields = { ...aboutFields, ...wizardFields }

/** The answers of the wizard: what it is about, and what is said of it. */
export const policySchema = z.object(policyFields).superRefine(refuseFlaws)

function refuseFlaws(answers: z.infer<z.ZodObject<typeof policyFields>>, context: z.RefinementCtx): void {
  for (const flaw of [aboutFlaw(answers as never), flawOfAnswers(answers)])
    if (flaw) context.addIssue({ code: 'custom', path: [flaw.path], message: flaw.message })
}

/** What somebody fills in before it becomes a statement; all values are texts of a form. */
export const draftSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('terms'),
      ...signerFields,
      ...policyFields,
      title: textSchema(500).optional(),
      role: z.enum(['creator', 'rightsholder']).default('creator'),
      isEntitled,
    })
    .superRefine(refuseFlaws),
  z.object({ kind: z.literal('no'), ...signerFields, isEntitled }),
  z.object({
    kind: z.literal('import'),
    import: z.string().max(40),
    party: z.string().max(300),
    /** SHA-256 of what was looked at. */
    prepared: z.string().regex(/^[0-9a-f]{64}$/),
    ...signerFields,
    title: textSchema(400),
    reserve: z.enum(['all-mining', 'ai-training', 'generative-training', 'nothing']),
    isEntitled,
  }),
  mandateDraftSchema,
  ...keyDraftSchemas,
  ...consentDraftSchemas,
  ...labelDraftSchemas,
  ...disclosureDraftSchemas,
  ...offerDraftSchemas,
  itemDraftSchema,
  ...claimDraftSchemas,
])

export type Draft = z.infer<typeof draftSchema>

/** What a draft comes to when this party signs it, and which page shows it then; `{id}` is its own. */
export async function draftSubjects(
  node: Node,
  issuer: string,
  draft: Draft,
): Promise<{ subjects: Subjects; next: string }> {
  if (draft.kind === 'key' || draft.kind === 'keyBack')
    return { subjects: await keySubject(node, issuer, draft), next: '/account' }
  const introduced = await introduce(node, issuer, draft)
  switch (draft.kind) {
    case 'terms': {
      const { target, declared } = await resolveTarget(node, issuer, draft)
      const terms = termsOfRules(rulesOfAnswers(draft), target, await replaceable(node, issuer, target))
      return { subjects: [...introduced, ...declared, ...terms], next: '/rights/terms/{id}' }
    }
    case 'no': {
      const target = { kind: 'party' as const, id: issuer }
      const replaces = await replaceable(node, issuer, target, NO_TO_AI_ACTIONS)
      return { subjects: [...introduced, ...termsOfRules(NO_TO_AI, target, replaces)], next: '/rights/terms/{id}' }
    }
    case 'import': {
      const { title, reserve, prepared: hash } = draft
      const terms = reserve === 'nothing' ? undefined : { rules: denied(reserve) }
      const declared = await importSubjects(node, draft.party, draft.import, { title, terms, hash })
      return { subjects: [...introduced, ...(declared as Subjects)], next: `/import/${draft.import}` }
    }
    case 'disclosure': {
      const subject = disclosureSubject(draft)
      return { subjects: [subject, ...introduced], next: `/works/${draft.work}` }
    }
    case 'mandate':
      return {
        subjects: [...introduced, mandateSubject(node, draft)],
        next: `/parties/${encodeURIComponent(issuer)}`,
      }
    case 'approvers': {
      const { subject, next } = await labelSubject(node, issuer, draft)
      return { subjects: [subject], next }
    }
    case 'label':
    case 'approval':
    case 'withdrawal': {
      const { subject, next } = await labelSubject(node, issuer, draft)
      return { subjects: [subject, ...introduced], next }
    }
    case 'itemsBack': {
      const { subject, next } = await itemSubject(node, draft)
      return { subjects: [subject, ...introduced], next }
    }
    case 'claim':
    case 'claimBack': {
      const { subject, next } = await claimSubject(node, draft)
      return { subjects: [subject, ...introduced], next }
    }
    case 'offer':
    case 'offerBack':
    case 'request': {
      const { subject, next } = await offerSubject(node, issuer, draft)
      return { subjects: [subject, ...introduced], next }
    }
    default: {
      const { subject, next } = await consentSubject(node, issuer, draft)
      return { subjects: [subject, ...introduced], next }
    }
  }
}

/** The party that a draft has to be signed by, where it is known before anybody signs. */
export async function signerOfDraft(node: Node, draft: Draft): Promise<string | undefined> {
  switch (draft.kind) {
    case 'terms':
    case 'no':
    case 'disclosure':
    case 'mandate':
      return undefined
    case 'import':
    case 'key':
    case 'keyBack':
      return draft.party
    case 'label':
    case 'approvers':
    case 'approval':
    case 'withdrawal':
      return signerOfLabelDraft(node, draft)
    case 'itemsBack':
      return signerOfItems(node, draft)
    case 'claim':
    case 'claimBack':
      return signerOfClaim(node, draft)
    case 'offer':
    case 'offerBack':
    case 'request':
      return signerOfOffer(node, draft)
    default:
      return signerOfConsent(node, draft)
  }
}

const NO_TO_AI_ACTIONS = new Set<string>(NO_TO_AI.map(({ action }) => action))

/** A first statement says who signs, unless it is known whose signature is needed. */
async function introduce(node: Node, issuer: string, draft: Draft): Promise<Subjects> {
  const name = 'name' in draft ? draft.name : undefined
  // Who gives a mandate need not be called anything: the representative knows.
  if (name === undefined && (draft.kind === 'mandate' || (await signerOfDraft(node, draft)) !== undefined)) return []
  if (await findParty(node.register.database.db, issuer)) return []
  if (name === undefined)
    throw new ColophonError('invalid_input', 'say the name that you sign with', {
      where: 'name',
      remedy: 'Go back and write your name, or the name you publish under.',
    })
  const kind = draft.kind === 'label' ? kindOfLabeller(draft) : 'person'
  return [{ type: 'Party', id: issuer, kind, name, keys: [] }]
}

type TermsDraft = Extract<Draft, { kind: 'terms' }>

async function resolveTarget(
  node: Node,
  issuer: string,
  draft: TermsDraft,
): Promise<{ target: TermsSubject['target']; declared: Subjects }> {
  if (draft.about === 'party') return { target: { kind: 'party', id: issuer }, declared: [] }
  if (draft.about === 'domain') return { target: { kind: 'domain', id: draft.domain! }, declared: [] }
  if (draft.about === 'work') return { target: { kind: 'work', id: draft.work! }, declared: [] }
  const result = await readCheckResult(node, draft.result!)
  if (!result) throw new ColophonError('not_found', 'there is no such result here', { remedy: 'Check the work again.' })
  if (!draft.title) throw new ColophonError('invalid_input', 'give the title of the work', { where: 'title' })
  const { medium, codes } = reservationInputSchema.pick({ medium: true, codes: true }).parse({
    medium: result.fileCodes.medium,
    codes: result.fileCodes.codes,
  })
  await refusePublicDomain(node, [{ codes }])
  const id = `urn:uuid:${uuidV7(node.register.effects)}`
  const known = await findParty(node.register.database.db, issuer)
  const name = draft.name ?? known?.name ?? issuer
  const work = workSubject(issuer, id, { title: draft.title, name, role: draft.role, medium, codes })
  return { target: { kind: 'work', id }, declared: [work] }
}

/**
 * Statements of the issuer whose place new terms for the same target can take: those that say nothing about anything
 * else. `within` narrows them to terms about these actions only, so that nothing else that was said is lost.
 */
async function replaceable(
  node: Node,
  issuer: string,
  target: TermsSubject['target'],
  within?: ReadonlySet<string>,
): Promise<string[]> {
  const { db } = node.register.database
  const now = isoTime(node.register.effects.now())
  const rows = (await findTermsOfParty(db, issuer)).filter(({ replaced_from, revoked_from }) =>
    [replaced_from, revoked_from].every((end) => end === null || now < end),
  )
  const ids: string[] = []
  for (const [id, terms] of Map.groupBy(rows, (row) => row.id.split('#')[0]!)) {
    const isSame = terms.every((row) => row.target_kind === target.kind && row.target === target.id)
    const isWithin = terms.every((row) =>
      (JSON.parse(row.rules) as { action: string }[]).every(({ action }) => !within || within.has(action)),
    )
    if (isSame && isWithin && (await findStatement(db, id))?.issuer === issuer) ids.push(id)
  }
  return ids.slice(-REPLACES_MAX)
}

const REPLACES_MAX = 20

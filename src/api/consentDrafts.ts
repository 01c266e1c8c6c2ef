import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findWork } from '../register/index.ts'
import { firstMomentSchema, readConsent, subjectIdSchema, type Consent } from '../rights/index.ts'
import { didSchema, findStatement, textSchema, type Statement } from '../statements/index.ts'
import { rulesOfCounter } from './counterRules.ts'
import { proposalFields, proposalWords, rulesOfProposal } from './proposalFields.ts'

type Subject = Statement['credentialSubject'][number]

/** What somebody fills in to ask, to offer, to answer, to take back and to report. */
export const consentDraftSchemas = [
  z.object({ kind: z.literal('proposal'), name: textSchema(200).optional(), ...proposalFields }),
  // The rules of what is countered, each with fields of its own: see `counterRules.ts`.
  z.object({ kind: z.literal('counter'), inReplyTo: subjectIdSchema, ...proposalWords }).catchall(z.string()),
  z.object({
    kind: z.literal('answer'),
    proposal: subjectIdSchema,
    answer: z.enum(['accept', 'refuse'], 'say yes or no'),
  }),
  z.object({
    kind: z.literal('takeBack'),
    proposal: subjectIdSchema,
    side: didSchema,
    from: firstMomentSchema.optional(),
  }),
  z.object({ kind: z.literal('report'), proposal: subjectIdSchema, report: textSchema(5000) }),
] as const

export type ConsentDraft = z.infer<(typeof consentDraftSchemas)[number]>
type DraftOf<Kind extends ConsentDraft['kind']> = Extract<ConsentDraft, { kind: Kind }>

/** What such a draft comes to when this party signs it, and the page that shows it then. */
export async function consentSubject(
  node: Node,
  issuer: string,
  draft: ConsentDraft,
): Promise<{ subject: Subject; next: string }> {
  switch (draft.kind) {
    case 'proposal':
      return { subject: await proposalSubject(node, issuer, draft), next: '/consents/{id}' }
    case 'counter': {
      const consent = await needConsent(node, draft.inReplyTo)
      const subject = { ...replySubject(consent, rulesOfCounter(consent.rules, draft)), ...wordsOf(draft) }
      return { subject, next: '/consents/{id}' }
    }
    case 'answer': {
      const { proposal, answer } = draft
      return { subject: { type: 'Answer', proposal, answer }, next: pathOf(proposal) }
    }
    case 'takeBack': {
      const now = isoTime(node.register.effects.now())
      const { id } = await revocable(node, draft)
      return {
        subject: { type: 'Revocation', target: id, effectiveFrom: draft.from ?? now },
        next: pathOf(draft.proposal),
      }
    }
    case 'report': {
      const { grant } = await needGrant(node, draft.proposal)
      return { subject: { type: 'UseReport', grant, report: draft.report }, next: pathOf(draft.proposal) }
    }
  }
}

/** The party that such a draft has to be signed by, where it is known before anybody signs. */
export async function signerOfConsent(node: Node, draft: ConsentDraft): Promise<string | undefined> {
  switch (draft.kind) {
    case 'proposal':
      if (draft.inReplyTo) return (await needConsent(node, draft.inReplyTo)).other
      return draft.licensee ? (await needWork(node, draft.work)).party : undefined
    case 'counter':
      return (await needConsent(node, draft.inReplyTo)).other
    case 'answer':
      return (await needConsent(node, draft.proposal)).other
    case 'takeBack':
      return (await revocable(node, draft)) && draft.side
    case 'report':
      return (await needGrant(node, draft.proposal)).licensee
  }
}

function pathOf(proposal: string): string {
  return `/consents/${proposal.replace('#', '%23')}`
}

async function proposalSubject(node: Node, issuer: string, draft: DraftOf<'proposal'>): Promise<Subject> {
  const { inReplyTo, work: id, licensee } = draft
  const rules = rulesOfProposal(draft)
  if (inReplyTo) return { ...replySubject(await needConsent(node, inReplyTo), rules), ...wordsOf(draft) }
  const work = await needWork(node, id)
  const target = { kind: 'work', id: work.id }
  const parties = { licensor: work.party, licensee: licensee ?? issuer }
  return { type: 'Proposal', ...parties, target, rules, ...wordsOf(draft) }
}

/** Between the same two, about the same, and for as long as was proposed. */
function replySubject(consent: Consent, rules: readonly object[]): Subject {
  const { id, licensor, licensee, target, validFrom, validUntil, recordedAt } = consent
  const from = validFrom > recordedAt ? { validFrom } : {}
  const until = validUntil === null ? {} : { validUntil }
  return { type: 'Proposal', licensor, licensee, target, rules, inReplyTo: id, ...from, ...until }
}

function wordsOf(draft: DraftOf<'proposal'> | DraftOf<'counter'>): object {
  const { purpose, benefit, harm, answerBy } = draft
  return Object.fromEntries(
    Object.entries({ purpose, benefit, harm, answerBy }).filter(([, said]) => said !== undefined),
  )
}

/** The statement that a side can take back: its proposal, or its answer. */
async function revocable(node: Node, { proposal, side }: DraftOf<'takeBack'>) {
  const consent = await needConsent(node, proposal)
  const own = side === consent.proposer ? consent.id : consent.answer?.party === side ? consent.answer.id : undefined
  const statement = own === undefined ? undefined : await findStatement(node.register.database.db, own.split('#')[0]!)
  if (!statement)
    throw new ColophonError('not_authorised', 'this side has said nothing that it could take back', { where: side })
  return statement
}

/** A report is about what was granted, also after it was taken back. */
async function needGrant(node: Node, proposal: string): Promise<{ grant: string; licensee: string }> {
  const { answer, licensee } = await needConsent(node, proposal)
  if (answer?.answer !== 'accept')
    throw new ColophonError('state_not_allowed', 'nothing was granted that could be reported on', { where: proposal })
  return { grant: answer.id, licensee }
}

async function needConsent(node: Node, id: string): Promise<Consent> {
  const { register } = node
  const consent = await readConsent(register.database.db, id, isoTime(register.effects.now()))
  if (!consent) throw new ColophonError('not_found', 'there is no such proposal', { where: id })
  return consent
}

async function needWork(node: Node, id: string | undefined) {
  const work = id === undefined ? undefined : await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n)
    throw new ColophonError('not_found', 'there is no such public work', { where: 'work' })
  return work
}

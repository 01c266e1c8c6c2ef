import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { audiences, needScope, type Scope } from '../offering/index.ts'
import { lastMomentSchema, subjectIdSchema } from '../rights/index.ts'
import { textSchema, type Statement } from '../statements/index.ts'
import { rulesOfCounter } from './counterRules.ts'
import { needOffer } from './offering.ts'
import { proposalWords, ruleFields, rulesOfProposal } from './proposalFields.ts'

type Subject = Statement['credentialSubject'][number]

/** What somebody fills in to offer a set, to take the offer back, and to ask for what is offered. */
export const offerDraftSchemas = [
  z.object({
    kind: z.literal('offer'),
    /** A declared collection, or the party whose works all are offered. */
    scope: z.string().max(300),
    title: textSchema(300),
    description: textSchema(3000).optional(),
    audience: z.enum(audiences, 'say whom it is for'),
    offerUntil: lastMomentSchema.optional(),
    ...ruleFields,
  }),
  z.object({ kind: z.literal('offerBack'), offer: subjectIdSchema }),
  // The rules of the offer, each with fields of its own, as in a counter-proposal.
  z
    .object({
      kind: z.literal('request'),
      offer: subjectIdSchema,
      name: textSchema(200).optional(),
      isEntitled: z.string().optional(),
      ...proposalWords,
    })
    .catchall(z.string()),
] as const

export type OfferDraft = z.infer<(typeof offerDraftSchemas)[number]>

/** What such a draft comes to when this party signs it, and the page that shows it then. */
export async function offerSubject(
  node: Node,
  issuer: string,
  draft: OfferDraft,
): Promise<{ subject: Subject; next: string }> {
  switch (draft.kind) {
    case 'offer': {
      const { title, description, audience, offerUntil } = draft
      const { kind, id } = await scopeOf(node, draft.scope)
      const subject = {
        type: 'Offer',
        title,
        ...(description === undefined ? {} : { description }),
        target: { kind, id },
        rules: rulesOfProposal(draft),
        audience: [audience],
        ...(offerUntil === undefined ? {} : { validUntil: offerUntil }),
      }
      return { subject, next: '/catalog/{id}' }
    }
    case 'offerBack': {
      const offer = await needOffer(node, draft.offer)
      const effectiveFrom = isoTime(node.register.effects.now())
      // A statement is taken back whole: beside an offer there are only others of its kind.
      const target = offer.id.split('#')[0]!
      return { subject: { type: 'Revocation', target, effectiveFrom }, next: pathOfOffer(offer.id) }
    }
    case 'request': {
      const { rules, party, target, state } = await needOffer(node, draft.offer)
      if (state !== 'open')
        throw new ColophonError('state_not_allowed', 'this is no longer offered', { where: draft.offer })
      const { purpose, benefit, harm, answerBy } = draft
      const words = Object.entries({ purpose, benefit, harm, answerBy }).filter(([, said]) => said !== undefined)
      const subject = {
        type: 'Proposal',
        licensor: party,
        licensee: issuer,
        target,
        rules: rulesOfCounter(rules, draft),
        ...Object.fromEntries(words),
      }
      return { subject, next: '/consents/{id}' }
    }
  }
}

/** The party that such a draft has to be signed by, where it is known before anybody signs. */
export async function signerOfOffer(node: Node, draft: OfferDraft): Promise<string | undefined> {
  if (draft.kind === 'offer') return (await scopeOf(node, draft.scope)).party
  return draft.kind === 'offerBack' ? (await needOffer(node, draft.offer)).party : undefined
}

function scopeOf(node: Node, id: string): Promise<Scope> {
  return needScope(node.register.database.db, id, isoTime(node.register.effects.now()))
}

export function pathOfOffer(id: string): string {
  return `/catalog/${encodeURIComponent(id)}`
}

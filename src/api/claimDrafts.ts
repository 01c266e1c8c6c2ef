import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { claimKinds, findClaim, findCollection, findParty, findWork } from '../register/index.ts'
import { subjectIdSchema } from '../rights/index.ts'
import { findStatement, findStatementAt, textSchema, type Statement } from '../statements/index.ts'
import { partyField, workField } from './targetFields.ts'

/** What somebody fills in to claim or dispute something about a work, a collection or a party, and to take that back. */
export const claimDraftSchemas = [
  z.object({
    kind: z.literal('claim'),
    name: textSchema(200).optional(),
    isEntitled: z.literal('yes', 'confirm that what you state is accurate'),
    /** A work or a collection. */
    work: workField.optional(),
    party: partyField.optional(),
    claims: z.enum(claimKinds, 'choose what you claim'),
    evidence: textSchema(1000).optional(),
    /** Of a document that shows it. */
    evidenceSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'a SHA-256 has 64 digits from 0 to f')
      .optional(),
  }),
  z.object({
    kind: z.literal('claimBack'),
    claim: subjectIdSchema,
    /** That everything of the same statement is taken back with it. */
    whole: z.literal('yes').optional(),
  }),
] as const

export type ClaimDraft = z.infer<(typeof claimDraftSchemas)[number]>

/** What such a draft comes to, and the page that shows it then. Errors: `not_found`, `invalid_input`. */
export async function claimSubject(
  node: Node,
  draft: ClaimDraft,
): Promise<{ subject: Statement['credentialSubject'][number]; next: string }> {
  const { register } = node
  if (draft.kind === 'claimBack') {
    const { id } = await needClaim(node, draft.claim)
    const target = id.split('#')[0]!
    const others = await statedWith(node, draft.claim)
    if (others.length > 0 && draft.whole !== 'yes')
      throw new ColophonError('state_not_allowed', `this was stated together with ${others.join(', ')}`, {
        where: target,
        remedy: 'Only the whole statement can be taken back: say that you mean all of it (--whole), or leave it.',
      })
    const effectiveFrom = isoTime(register.effects.now())
    return { subject: { type: 'Revocation', target, effectiveFrom }, next: `/claims/${id.replace('#', '%23')}` }
  }
  const { work, party, claims, evidence, evidenceSha256 } = draft
  const target = work ?? party
  if (target === undefined || (work !== undefined && party !== undefined))
    throw new ColophonError('invalid_input', 'say what it is about: one work, one collection or one party', {
      where: 'work',
    })
  if (claims === 'disputes' && evidence === undefined)
    throw new ColophonError('invalid_input', 'say why it is wrong: a dispute without a reason changes nothing', {
      where: 'evidence',
    })
  if (evidenceSha256 !== undefined && evidence === undefined)
    throw new ColophonError('invalid_input', 'say what the document shows', { where: 'evidence' })
  const contradicts = claims === 'disputes' ? await declarationOf(node, target) : undefined
  const subject = {
    type: 'Claim',
    target,
    claims,
    ...(contradicts === undefined ? {} : { contradicts }),
    evidence:
      evidence === undefined
        ? []
        : [{ description: evidence, ...(evidenceSha256 === undefined ? {} : { sha256: evidenceSha256 }) }],
  }
  return { subject, next: '/claims/{id}' }
}

/** What else the statement of a claim says, but who signs; a work that it declares is among it. */
export async function statedWith(node: Node, claim: string): Promise<string[]> {
  const statement = await findStatement(node.register.database.db, claim.split('#')[0]!)
  const kinds = statement!.kinds.split(' ').filter((kind) => kind !== 'Party')
  return kinds.toSpliced(kinds.indexOf('Claim'), 1)
}

/** Who has to sign, where that does not depend on who fills it in: a claim is taken back by whoever signed it. */
export async function signerOfClaim(node: Node, draft: ClaimDraft): Promise<string | undefined> {
  if (draft.kind === 'claim') return undefined
  const claim = await needClaim(node, draft.claim)
  const { issuer } = (await findStatement(node.register.database.db, claim.id.split('#')[0]!))!
  // What a representative stated either of both takes back.
  return issuer === claim.party ? issuer : undefined
}

/** A public claim. Errors: `not_found`. */
export async function needClaim(node: Node, id: string) {
  const claim = await findClaim(node.register.database.db, id)
  if (!claim) throw new ColophonError('not_found', 'there is no such public claim', { where: id })
  return claim
}

/** The statement that declares a target, where it can be read. */
async function declarationOf(node: Node, target: string): Promise<string | undefined> {
  const { db } = node.register.database
  const declared = (await findWork(db, target)) ?? (await findCollection(db, target)) ?? (await findParty(db, target))
  const statement = declared && (await findStatementAt(db, Number(declared.log_index)))
  return statement?.commitment ? undefined : statement?.id
}

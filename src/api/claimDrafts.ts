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
  z.object({ kind: z.literal('claimBack'), claim: subjectIdSchema }),
] as const

export type ClaimDraft = z.infer<(typeof claimDraftSchemas)[number]>

/** What such a draft comes to, and the page that shows it then. Errors: `not_found`, `invalid_input`. */
export async function claimSubject(
  node: Node,
  draft: ClaimDraft,
): Promise<{ subject: Statement['credentialSubject'][number]; next: string }> {
  const { register } = node
  if (draft.kind === 'claimBack') {
    const target = (await needClaim(node, draft.claim)).id.split('#')[0]!
    const effectiveFrom = isoTime(register.effects.now())
    return { subject: { type: 'Revocation', target, effectiveFrom }, next: `/claims/${target}` }
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

/** Who has to sign, where that does not depend on who fills it in: a claim is taken back by whoever signed it. */
export async function signerOfClaim(node: Node, draft: ClaimDraft): Promise<string | undefined> {
  if (draft.kind === 'claim') return undefined
  const claim = await needClaim(node, draft.claim)
  return (await findStatement(node.register.database.db, claim.id.split('#')[0]!))!.issuer
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

import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty } from '../register/index.ts'
import { didKeySchema, listPartyKeys, textSchema, type Statement } from '../statements/index.ts'

/** What somebody fills in to let another key speak for a party, and to take one back. */
export const keyDraftSchemas = [
  z.object({
    kind: z.literal('key'),
    party: z.string().max(300),
    key: didKeySchema,
    name: textSchema(200).optional(),
    partyKind: z.enum(['person', 'organisation']).optional(),
  }),
  z.object({ kind: z.literal('keyBack'), party: z.string().max(300), key: didKeySchema }),
] as const

export type KeyDraft = z.infer<(typeof keyDraftSchemas)[number]>

/**
 * A party says who it is and which keys speak for it, or takes a key back. Errors: `invalid_input` for a party that has not
 * said its name, `not_authorised` for the last key.
 */
export async function keySubject(node: Node, issuer: string, draft: KeyDraft): Promise<Statement['credentialSubject']> {
  const { db } = node.register.database
  const keys = await listPartyKeys(db, issuer)
  if (draft.kind === 'keyBack') {
    if (keys.every((key) => key === draft.key))
      throw new ColophonError('not_authorised', 'this is the only key: without it nobody could speak for the party', {
        where: 'key',
        remedy: 'Let another key speak for it first.',
      })
    return [{ type: 'Revocation', target: draft.key, effectiveFrom: isoTime(node.register.effects.now()) } as never]
  }
  const known = await findParty(db, issuer)
  const name = known?.name ?? draft.name
  if (name === undefined) throw new ColophonError('invalid_input', 'say the name of the party', { where: 'name' })
  const { country, homepage, approvers } = known ?? {}
  const subject = {
    type: 'Party',
    id: issuer,
    kind: known?.kind ?? draft.partyKind ?? 'person',
    name,
    ...(country ? { country } : {}),
    ...(homepage ? { homepage } : {}),
    ...(approvers ? { approvers: JSON.parse(approvers) as object } : {}),
    keys: [...new Set([...keys, draft.key])].filter((key) => key !== issuer),
  }
  return [subject as never]
}

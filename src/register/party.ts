import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import {
  didKeySchema,
  didSchema,
  momentSchema,
  requireDidKey,
  textSchema,
  type StatementKind,
} from '../statements/index.ts'

const partySchema = z.strictObject({
  type: z.literal('Party'),
  id: didSchema,
  kind: z.enum(['person', 'organisation', 'community', 'representative']),
  /** A pseudonym is a name. */
  name: textSchema(200),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  homepage: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
  /** Keys that speak for this party beside the one that signs. */
  keys: z.array(didKeySchema).max(20).default([]),
  /** For a community: who has to agree before a label counts, and how many of them. */
  approvers: z
    .strictObject({ parties: z.array(didSchema).min(1).max(50), threshold: z.int().min(1).max(50) })
    .refine(({ parties, threshold }) => threshold <= new Set(parties).size, 'more approvals than there are approvers')
    .optional(),
})

export type PartySubject = z.infer<typeof partySchema>

/** A party says who it is. That is self-declared until somebody vouches for it; pages say so. */
export const partyKind: StatementKind<PartySubject> = {
  type: 'Party',
  schema: partySchema,
  tables: ['party', 'party_key'],
  async judge({ subject, issuer }) {
    if (subject.id !== issuer)
      throw new ColophonError('not_authorised', 'a party describes only itself', { where: subject.id })
    if (subject.approvers && subject.kind !== 'community')
      throw new ColophonError('invalid_statement', 'only a community has approvers', { where: 'approvers' })
    subject.keys.forEach(requireDidKey)
  },
  async project({ subject, didKey, recordedAt, logIndex, isSealed }, rows) {
    const queries = await rows.queries()
    const row = {
      id: subject.id,
      kind: subject.kind,
      name: subject.name,
      country: subject.country ?? null,
      homepage: subject.homepage ?? null,
      approvers: subject.approvers ? JSON.stringify(subject.approvers) : null,
      is_sealed: isSealed ? 1n : 0n,
      recorded_at: recordedAt,
      log_index: logIndex,
    }
    await queries.deleteFrom('party').where('id', '=', subject.id).execute()
    rows.add('party', row)
    const known = await queries.selectFrom('party_key').select('signing_key').where('party', '=', subject.id).execute()
    const knownKeys = new Set(known.map(({ signing_key }) => signing_key))
    for (const key of new Set([didKey, ...subject.keys])) {
      if (!knownKeys.has(key)) rows.add('party_key', { party: subject.id, signing_key: key, log_index: logIndex })
    }
  },
}

const mandateSchema = z.strictObject({
  type: z.literal('Mandate'),
  representative: didSchema,
  powers: z.array(z.enum(['declare', 'reserve', 'grant', 'request'])).min(1),
  validFrom: momentSchema,
  validUntil: momentSchema.optional(),
})

/** A party lets another speak for it, within named powers and a time. */
export const mandateKind: StatementKind<z.infer<typeof mandateSchema>> = {
  type: 'Mandate',
  schema: mandateSchema,
  tables: ['mandate'],
  project({ subject, id, issuer, logIndex }, rows) {
    rows.add('mandate', {
      id,
      principal: issuer,
      representative: subject.representative,
      powers: [...new Set(subject.powers)].sort().join(' '),
      valid_from: subject.validFrom,
      valid_until: subject.validUntil ?? null,
      log_index: logIndex,
    })
  },
}

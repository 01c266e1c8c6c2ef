import { z } from 'zod'
import { ColophonError } from '../foundation/index.ts'
import { RowBatch, didSchema, textSchema, uuidUrnSchema, type StatementKind } from '../statements/index.ts'
import { identifierSchemes, normaliseIdentifier } from './identifiers.ts'

/** Shares are ten-thousandths and sum exactly to this. */
export const SHARES_TOTAL = 10_000

export const fingerprintAlgorithms = [
  'sha256',
  'iscc-data-v0',
  'iscc-instance-v0',
  'iscc-text-v0',
  'iscc-image-v0',
  'iscc-audio-v0',
  'iscc-video-v0',
  'pdq',
] as const

/** Layers in which rights in a work lie, each with owners of its own. */
export const layers = ['composition', 'text', 'performance', 'recording', 'edition', 'reproduction'] as const

const creatorSchema = z.strictObject({
  party: didSchema.optional(),
  name: textSchema(200).optional(),
  role: z.string().regex(/^[a-z][a-z-]{1,39}$/),
  share: z.int().min(0).max(SHARES_TOTAL),
  /** Which layer of the work is theirs. */
  layer: z.enum(layers).optional(),
  /** Nothing is allowed without this party’s own yes. */
  mustConsent: z.boolean().optional(),
})

/** What is said of a work, alone or as one line of a collection's manifest. */
export const workFields = {
  title: textSchema(500),
  medium: z.enum(['picture', 'text', 'sound', 'video', 'other']),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
  creators: z.array(creatorSchema).min(1).max(100).optional(),
  identifiers: z
    .array(z.strictObject({ scheme: z.enum(identifierSchemes), value: z.string().max(100) }))
    .max(50)
    .optional(),
  urls: z
    .array(z.url({ protocol: /^https?$/ }).max(2000))
    .max(50)
    .optional(),
  fingerprints: z.partialRecord(z.enum(fingerprintAlgorithms), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
}

const workSchema = z.strictObject({
  type: z.literal('Work'),
  id: uuidUrnSchema,
  onBehalfOf: didSchema.optional(),
  /** `custodian`: the declarer keeps it, and does not claim to have made it or to own rights in it. */
  role: z.enum(['creator', 'rightsholder', 'custodian']),
  rightsStatement: z
    .string()
    .regex(/^https?:\/\/(creativecommons\.org|rightsstatements\.org)\/[A-Za-z0-9./-]{1,100}$/)
    .optional(),
  access: z.enum(['public', 'unpublished', 'restricted']).default('public'),
  ...workFields,
})

export type WorkSubject = z.infer<typeof workSchema>
export type WorkFields = Pick<WorkSubject, keyof typeof workFields>

/** A work is declared: what it is, who made it, and the codes that find it again. */
export const workKind: StatementKind<WorkSubject> = {
  type: 'Work',
  schema: workSchema,
  tables: ['work', 'work_creator', 'work_identifier', 'work_url', 'fingerprint'],
  powers: ['declare'],
  async judge({ subject, isSealed }, rows) {
    checkWorkFields(subject)
    if (subject.access !== 'public' && !isSealed) {
      throw new ColophonError('invalid_statement', 'an unpublished or restricted work may not be declared in public', {
        where: 'access',
        remedy: 'Declare it sealed: the log then holds only a commitment.',
      })
    }
    if (await rows.has('work', subject.id))
      throw new ColophonError('duplicate_statement', 'a work with this id has been declared already', {
        where: subject.id,
      })
  },
  project({ subject, issuer, party, recordedAt, logIndex, isSealed }, rows) {
    const { id, role, rightsStatement = null } = subject
    const context = {
      party,
      declaredBy: issuer,
      role,
      rightsStatement,
      collection: null,
      recordedAt,
      logIndex,
      isSealed,
    }
    addWorkRows(rows, id, subject, context)
  },
}

/** Shares must sum exactly, and identifiers must carry right check digits. */
export function checkWorkFields(work: WorkFields): void {
  if (work.creators) {
    for (const [layer, creators] of Map.groupBy(work.creators, (creator) => creator.layer)) {
      const sum = creators.reduce((total, { share }) => total + share, 0)
      if (sum === SHARES_TOTAL) continue
      const whose = layer ? `the shares of the ${layer}` : 'the shares'
      throw new ColophonError('shares_do_not_sum', `${whose} sum to ${sum}, not to ${SHARES_TOTAL}`, {
        where: work.title,
      })
    }
    if (work.creators.some(({ party, name }) => !party && !name)) {
      throw new ColophonError('invalid_statement', 'a creator has neither a name nor a party', { where: 'creators' })
    }
    if (work.creators.some(({ party, mustConsent }) => mustConsent && !party)) {
      throw new ColophonError('invalid_statement', 'whoever must consent needs to be named as a party', {
        where: 'creators',
        remedy: 'Give the party’s DID: a name alone cannot say yes.',
      })
    }
  }
  for (const { scheme, value } of work.identifiers ?? []) normaliseIdentifier(scheme, value)
}

export interface WorkContext {
  party: string
  declaredBy: string
  role: string
  rightsStatement: string | null
  collection: string | null
  recordedAt: string
  logIndex: bigint
  isSealed: boolean
}

/** The rows of one work. A sealed work's codes stay out of the tables that anybody can ask. */
export function addWorkRows(rows: RowBatch, id: string, work: WorkFields, context: WorkContext): void {
  const { party, declaredBy, role, rightsStatement, collection, recordedAt, logIndex, isSealed } = context
  rows.add('work', {
    id,
    title: work.title,
    medium: work.medium,
    role,
    rights_statement: rightsStatement,
    language: work.language ?? null,
    party,
    declared_by: declaredBy,
    collection,
    is_sealed: isSealed ? 1n : 0n,
    recorded_at: recordedAt,
    log_index: logIndex,
  })
  work.creators?.forEach((creator, position) => {
    rows.add('work_creator', {
      work: id,
      position: BigInt(position),
      party: creator.party ?? null,
      name: creator.name ?? null,
      role: creator.role,
      share: BigInt(creator.share),
      layer: creator.layer ?? null,
      must_consent: creator.mustConsent ? 1n : 0n,
      log_index: logIndex,
    })
  })
  const identifiers = new Map(
    (work.identifiers ?? []).map(({ scheme, value }) => [`${scheme} ${normaliseIdentifier(scheme, value)}`, scheme]),
  )
  for (const [key, scheme] of identifiers) {
    rows.add('work_identifier', { work: id, scheme, value: key.slice(scheme.length + 1), log_index: logIndex })
  }
  for (const url of new Set(work.urls)) {
    rows.add('work_url', { work: id, url, host: new URL(url).hostname, log_index: logIndex })
  }
  if (isSealed) return
  for (const [algorithm, code] of Object.entries(work.fingerprints ?? {})) {
    rows.add('fingerprint', { work: id, algorithm, code, log_index: logIndex })
  }
}

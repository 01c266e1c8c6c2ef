import { z } from '@hono/zod-openapi'
import { ColophonError, isoTime, limits, uuidV7 } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty, fingerprintAlgorithms, makeManifest } from '../register/index.ts'
import { listPublicDomain, publicDomainRefusal, type Action } from '../rights/index.ts'
import { textSchema, type Statement } from '../statements/index.ts'

/** What somebody fills in to reserve rights in one work. */
const entitledFields = {
  name: textSchema(200),
  title: textSchema(500),
  role: z.enum(['creator', 'rightsholder']),
  reserve: z.enum(['all-mining', 'ai-training', 'generative-training']),
  /** The person says that they may do this. */
  isEntitled: z.literal(true, 'confirm that the rights are yours to reserve'),
  /** Why it is not in the public domain, where somebody has declared here that it is. */
  dispute: textSchema(1000).optional(),
}

const workFields = {
  medium: z.enum(['picture', 'text', 'sound', 'video', 'other']),
  codes: z.partialRecord(z.enum(fingerprintAlgorithms), z.string().regex(/^[0-9a-f]{64}$/)),
}

export const reservationInputSchema = z.strictObject({ ...entitledFields, ...workFields })

/** What somebody fills in to reserve rights in many works at once; \`title\` is that of the collection. */
export const collectionInputSchema = z.strictObject({
  ...entitledFields,
  items: z
    .array(z.strictObject({ title: textSchema(500), ...workFields }))
    .min(1)
    .max(limits.preparedItemsMax, 'for larger collections use the command line'),
})

export type CollectionInput = z.infer<typeof collectionInputSchema>

export type ReservationInput = z.infer<typeof reservationInputSchema>

const ACTIONS: Record<ReservationInput['reserve'], Action> = {
  'all-mining': 'tdm:mine',
  'ai-training': 'col:trainAI',
  'generative-training': 'col:trainGenAI',
}

/** One statement says who, which work, and what is reserved, so that one gesture signs it all. */
export async function reservationSubjects(
  node: Node,
  issuer: string,
  input: ReservationInput,
): Promise<Statement['credentialSubject']> {
  const { effects } = node.register
  const work = `urn:uuid:${uuidV7(effects)}`
  return [
    ...(await introduced(node, issuer, input)),
    ...(await disputesOf(node, issuer, [input], input.dispute)),
    workSubject(issuer, work, input),
    termsFor({ kind: 'work', id: work }, input),
  ]
}

/** A work as its author or the holder of its rights declares it. */
export function workSubject(
  issuer: string,
  id: string,
  input: Omit<ReservationInput, 'reserve' | 'isEntitled' | 'dispute'>,
) {
  const { role, title, medium, codes } = input
  return { type: 'Work', id, role, title, medium, fingerprints: codes, creators: creatorsOf(issuer, input) }
}

/** One statement for a whole collection: who, the root of the works, and what is reserved in all of them. */
export async function collectionSubjects(
  node: Node,
  issuer: string,
  input: CollectionInput,
): Promise<{ subjects: Statement['credentialSubject']; manifest: Uint8Array }> {
  const id = `urn:uuid:${uuidV7(node.register.effects)}`
  const { bytes, ...signed } = await makeManifest(
    input.items.map(({ title, medium, codes }) => ({
      title,
      medium,
      fingerprints: codes,
      creators: creatorsOf(issuer, input),
    })),
  )
  const subjects = [
    ...(await introduced(node, issuer, input)),
    ...(await disputesOf(node, issuer, input.items, input.dispute)),
    { type: 'Collection', id, title: input.title, role: input.role, ...signed },
    termsFor({ kind: 'set', id }, input),
  ]
  return { subjects, manifest: bytes }
}

/** Who is known stays what it said of itself: a community would lose its approvers. */
async function introduced(node: Node, issuer: string, { name }: { name: string }) {
  if (await findParty(node.register.database.db, issuer)) return []
  return [{ type: 'Party', id: issuer, kind: 'person', name, keys: [] }]
}

function creatorsOf(issuer: string, { name, role }: Pick<ReservationInput, 'name' | 'role'>) {
  return [{ party: issuer, name, role: role === 'creator' ? 'author' : 'rightsholder', share: 10_000 }]
}

function termsFor(target: { kind: 'work' | 'set'; id: string }, { reserve }: Pick<ReservationInput, 'reserve'>) {
  return { type: 'Terms', target, rules: denied(reserve) }
}

/** The rules of a reservation. */
export function denied(reserve: ReservationInput['reserve']) {
  return [{ action: ACTIONS[reserve], decision: 'deny' as const }]
}

/**
 * The same file may be declared here as being in the public domain; better to say so before anybody signs. Whoever says in
 * the same statement why that is wrong is not refused, and no more is who has disputed it before: that the one is the
 * other is judged when the statement comes in.
 */
export async function refusePublicDomain(
  node: Node,
  works: readonly Pick<ReservationInput, 'codes'>[],
  dispute?: string,
): Promise<void> {
  if (dispute !== undefined) return
  const held = (await declaredFree(node, works)).find(({ disputedBy }) => disputedBy.size === 0)
  if (held) throw publicDomainRefusal(held)
}

/** What these files are declared to be, as far as it is said that they belong to everybody. */
export async function declaredFree({ register }: Node, works: readonly Pick<ReservationInput, 'codes'>[]) {
  const files = works.flatMap(({ codes }) => (codes.sha256 ? [codes.sha256] : []))
  return listPublicDomain(register.database.db, files, isoTime(register.effects.now()))
}

/** A claim against the mark of each file that the party does not dispute yet, with the reason. Errors: `too_large` for more than one statement holds. */
async function disputesOf(
  node: Node,
  issuer: string,
  works: readonly Pick<ReservationInput, 'codes'>[],
  dispute: string | undefined,
) {
  if (dispute === undefined) return []
  const marked = (await declaredFree(node, works)).filter(({ disputedBy }) => !disputedBy.has(issuer))
  if (marked.length > DISPUTES_MAX)
    throw new ColophonError('too_large', `${marked.length} of these files are declared as being in the public domain`, {
      where: 'items',
      remedy: `Declare at most ${DISPUTES_MAX} such files at a time, or dispute their collection first.`,
    })
  const evidence = [{ description: dispute }]
  return marked.map(({ marks }) => ({ type: 'Claim', target: marks[0]!.id, claims: 'disputes', evidence }))
}

/** A statement holds so many subjects, a few of which say who, what and on which terms. */
const DISPUTES_MAX = 40

import { z } from 'zod'
import {
  ColophonError,
  canonicalJson,
  isoTime,
  sha256,
  sha256Hex,
  toBase64Url,
  toHex,
  uuidV7,
} from '../foundation/index.ts'
import type { DatasetHit } from '../datasets/index.ts'
import {
  appendStatement,
  makeStatement,
  signStatement,
  type Register,
  type StatementSigner,
} from '../statements/index.ts'
import {
  confirmationFields,
  confirmationOf,
  requireConfirmed,
  type Confirmation,
  type Question,
} from './confirmation.ts'
import { REQUEST_KINDS, requireKind } from './kinds.ts'
import { soughtCodes } from './reopen.ts'
import { requireTransition, type CaseState } from './states.ts'
import { findCase, insertCase, insertWorks, recordEvent, setCommitment } from './store.ts'

const languageField = z.string().regex(/^[a-z]{2,3}$/, 'give a language by its code, such as fr')

export const requestInputSchema = z.strictObject({
  kind: z.enum(REQUEST_KINDS),
  senderName: z.string().trim().min(1).max(200),
  senderContact: z.string().trim().min(3).max(320),
  workTitle: z.string().trim().min(1).max(500),
  ...confirmationFields,
  isInGoodFaith: z.literal(true, 'confirm that what you state is accurate'),
  /** Intimate pictures and replicas of a person go a separate way: never on the log, never bundled. */
  isIntimate: z.boolean().default(false),
  /** What was found holds personal data of the sender; requests under the GDPR need it. */
  isOwnPersonalData: z.boolean().optional(),
  /** For an objection: the grounds in the sender's own situation. */
  grounds: z.string().trim().min(1).max(2000).optional(),
  /** The model that the request is about, where it goes to the provider of one. */
  model: z.string().trim().min(1).max(200).optional(),
  recipientName: z.string().trim().min(1).max(300).optional(),
  recipientLanguage: languageField.optional(),
  senderLanguage: languageField.optional(),
  /** Where the recipient is, by ISO 3166-1: deadlines run in its time zone. */
  recipientCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'give a country by its two letters, such as FR')
    .optional(),
})

export type RequestInput = z.infer<typeof requestInputSchema>

/** Another work in the same request, with the person's own answers about it. */
export const moreWorkFields = { workTitle: requestInputSchema.shape.workTitle, ...confirmationFields } as const

/** What the letter, its languages and its calendar need beside the evidence. */
export type CaseDetails = Pick<
  RequestInput,
  'grounds' | 'model' | 'recipientName' | 'recipientLanguage' | 'senderLanguage' | 'recipientCountry'
>

/** One work as it was found, frozen. */
export interface WorkEvidence {
  hit: DatasetHit & { declaredPublicDomain?: { work: string; title: string; isSameFile: boolean } | null }
  row: object | null
  codes: object
  /** What the person answered who compared them; cases from before the questions have none. */
  confirmation?: Confirmation
}

/** What was found, frozen as it was when the case was opened: the first work, and the others of the same request. */
export interface CaseEvidence extends WorkEvidence {
  foundAt: string
  others?: (WorkEvidence & { title: string })[]
}

/** Every work of a case, with its title. */
export function worksOf({ workTitle, evidence }: { workTitle: string; evidence: CaseEvidence }) {
  return [{ ...evidence, title: workTitle }, ...(evidence.others ?? [])]
}

/** Works in one request; more make a letter that nobody reads. */
export const WORKS_MAX = 100

/** Another work of a request: the answers, and what was found. */
export interface MoreWork {
  input: Pick<RequestInput, 'workTitle' | Question>
  found: Omit<WorkEvidence, 'confirmation'>
}

export interface OpenedCase {
  id: string
  /** The only key to the case; the node keeps its hash. */
  accessKey: string
}

/**
 * Opens a case from one hit, or from several in the same data set: freezes and hashes the evidence, and commits to it on
 * the log with a salt, so that it can be shown later that nothing was added. A private case leaves no trace on the log.
 *
 * `rowsKnown`: how many rows the data set has, so that those that come later are told from them.
 *
 * Errors: `candidate_not_confirmed`, `answer_speaks_against`, `invalid_input` for works of another data set or what a
 * kind needs; then nothing is recorded.
 */
export async function openCase(
  register: Register,
  node: StatementSigner,
  input: RequestInput,
  found: Omit<CaseEvidence, 'confirmation' | 'others'>,
  more: readonly MoreWork[] = [],
  rowsKnown?: number,
): Promise<OpenedCase> {
  requireKind(input)
  const evidence = evidenceOf(input, found, more)
  const { effects, database } = register
  const id = uuidV7(effects)
  const accessKey = toBase64Url(effects.randomBytes(24))
  const salt = effects.randomBytes(32)
  const frozen = canonicalJson(evidence)
  const createdAt = isoTime(effects.now())
  await database.db.transaction().execute(async (queries) => {
    await insertCase(queries, {
      id,
      kind: input.kind,
      state: 'submitted',
      is_private: input.isIntimate ? 1n : 0n,
      dataset: evidence.hit.dataset,
      subject: input.workTitle,
      sender: canonicalJson({ name: input.senderName, contact: input.senderContact }),
      evidence: frozen,
      evidence_hash: sha256Hex(Buffer.from(frozen)),
      salt,
      commitment_index: null,
      access_hash: sha256Hex(Buffer.from(accessKey)),
      created_at: createdAt,
      details: canonicalJson(detailsOf(input)),
    })
    const works = worksOf({ workTitle: input.workTitle, evidence })
    await insertWorks(
      queries,
      id,
      works.map((work) => soughtCodes(work, rowsKnown)),
    )
    await recordEvent(queries, { requestCase: id, state: 'submitted', note: '', recordedAt: createdAt })
  })
  if (!input.isIntimate) {
    const commitment = toHex(sha256(salt, Buffer.from(frozen)))
    const statement = signStatement(
      makeStatement(node.issuer, [{ type: 'Anchor', commitment, purpose: 'case' }], effects),
      node,
    )
    const { logIndex } = await appendStatement(register, statement)
    await setCommitment(database.db, id, logIndex)
  }
  return { id, accessKey }
}

function evidenceOf(
  input: RequestInput,
  found: Omit<CaseEvidence, 'confirmation' | 'others'>,
  more: readonly MoreWork[],
): CaseEvidence {
  if (more.length >= WORKS_MAX)
    throw new ColophonError('too_large', `a request is about ${WORKS_MAX} works at most`, { where: 'more' })
  const others = more.map((work) => ({
    ...work.found,
    title: work.input.workTitle,
    confirmation: confirmationOf(work.input),
  }))
  const evidence = { ...found, confirmation: confirmationOf(input), ...(others.length > 0 ? { others } : {}) }
  const seen = new Set<number>()
  for (const { hit, confirmation } of [evidence, ...others]) {
    requireConfirmed(hit, confirmation)
    if (hit.dataset !== found.hit.dataset || seen.has(hit.row))
      throw new ColophonError('invalid_input', 'one request is about different rows of one data set', {
        where: `${hit.dataset}, row ${hit.row}`,
        remedy: 'Name each row once, and write to another data set in a case of its own.',
      })
    seen.add(hit.row)
  }
  return evidence
}

function detailsOf(input: RequestInput): CaseDetails {
  const { grounds, model, recipientName, recipientLanguage, senderLanguage, recipientCountry } = input
  const details = { grounds, model, recipientName, recipientLanguage, senderLanguage, recipientCountry }
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
}

/** The case, for whoever holds its key; the same `not_found` for a wrong key as for no case. */
export async function readCase(register: Register, id: string, accessKey: string) {
  const found = await findCase(register.database.db, id)
  if (!found || found.access_hash !== sha256Hex(Buffer.from(accessKey))) {
    throw new ColophonError('not_found', 'there is no such case, or this is not its key', {
      remedy: 'Use the whole link that you were given.',
    })
  }
  return found
}

/** Moves a case on and writes down why. Throws `state_not_allowed` when it cannot go there. */
export async function moveCase(register: Register, id: string, state: CaseState, note: string): Promise<void> {
  const recordedAt = isoTime(register.effects.now())
  await register.database.db.transaction().execute(async (queries) => {
    const found = await findCase(queries, id)
    if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
    requireTransition(found.state as CaseState, state)
    await recordEvent(queries, { requestCase: id, state, note, recordedAt })
  })
}

/** Writes something into a case's history; its state stays. */
export async function noteCase(register: Register, id: string, note: string): Promise<void> {
  const found = await findCase(register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
  const recordedAt = isoTime(register.effects.now())
  await register.database.db
    .transaction()
    .execute((queries) => recordEvent(queries, { requestCase: id, state: found.state, note, recordedAt }))
}

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
import { confirmationFields, confirmationOf, requireConfirmed, type Confirmation } from './confirmation.ts'
import { requireTransition, type CaseState } from './states.ts'
import { findCase, insertCase, recordEvent, setCommitment } from './store.ts'

export const requestInputSchema = z.strictObject({
  kind: z.enum(['removal', 'opt-out', 'information']),
  senderName: z.string().trim().min(1).max(200),
  senderContact: z.string().trim().min(3).max(320),
  workTitle: z.string().trim().min(1).max(500),
  ...confirmationFields,
  isInGoodFaith: z.literal(true, 'confirm that what you state is accurate'),
  /** Intimate pictures and replicas of a person go a separate way: never on the log, never bundled. */
  isIntimate: z.boolean().default(false),
})

export type RequestInput = z.infer<typeof requestInputSchema>

/** What was found, frozen as it was when the case was opened. */
export interface CaseEvidence {
  hit: DatasetHit & { declaredPublicDomain?: { work: string; title: string; isSameFile: boolean } | null }
  row: object | null
  codes: object
  foundAt: string
  /** What the person answered who compared them; cases from before the questions have none. */
  confirmation?: Confirmation
}

export interface OpenedCase {
  id: string
  /** The only key to the case; the node keeps its hash. */
  accessKey: string
}

/**
 * Opens a case from one hit: freezes and hashes the evidence, and commits to it on the log with a salt, so that it can
 * be shown later that nothing was added. A private case leaves no trace on the log.
 *
 * Errors: `candidate_not_confirmed`, `answer_speaks_against`; then nothing is recorded.
 */
export async function openCase(
  register: Register,
  node: StatementSigner,
  input: RequestInput,
  found: Omit<CaseEvidence, 'confirmation'>,
): Promise<OpenedCase> {
  const evidence: CaseEvidence = { ...found, confirmation: confirmationOf(input) }
  requireConfirmed(evidence.hit, evidence.confirmation!)
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
    })
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
  const found = await findCase(register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
  requireTransition(found.state as CaseState, state)
  const recordedAt = isoTime(register.effects.now())
  await register.database.db
    .transaction()
    .execute((queries) => recordEvent(queries, { requestCase: id, state, note, recordedAt }))
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

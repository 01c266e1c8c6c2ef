import { ColophonError, canonicalJson, isoTime, sha256Hex } from '../../foundation/index.ts'
import { readSaid, type Register } from '../../statements/index.ts'
import { requireTransition, type CaseState } from '../states.ts'
import { beginDelivery, endDelivery, requirePublic } from '../sendCase.ts'
import { countDeliveries, findCase, recordEvent } from '../store.ts'
import { answerSchema, inboxSchema } from './signed.ts'
import {
  countAnswers,
  findInbox,
  insertAnswer,
  insertInbox,
  leavePlace,
  listAnswers,
  listHandedOver,
  listInboxes,
  setInboxState,
  takePlace,
} from './store.ts'

const DAY_MS = 86_400_000
/** Limits of one inbox, so that neither side can drown the other. */
export const INBOX_LIMITS = {
  casesADay: 200,
  sendersOfRows: 5,
  answersADay: 5000,
  answersACase: 20,
  waitingOfParty: 5,
  waiting: 500,
}

/**
 * Asks for an inbox. It waits until the operator has seen that the party is who it says: cases hold names and addresses.
 * Errors: those of `readSaid`, `too_many_requests`, `duplicate_statement`.
 */
export async function askForInbox(register: Register, document: unknown): Promise<{ id: string; state: string }> {
  const { effects, database } = register
  const { party, subject, statement } = await readSaid(register, document, inboxSchema)
  const waiting = await listInboxes(database.db, { state: 'waiting' })
  const own = await listInboxes(database.db, { party, about: subject.about })
  if (own.length > 0 || (await findInbox(database.db, statement.id)))
    throw new ColophonError('duplicate_statement', 'this party has asked for this inbox before', {
      where: own[0]?.id ?? statement.id,
    })
  const isFull = waiting.length >= INBOX_LIMITS.waiting
  if (isFull || waiting.filter((row) => row.party === party).length >= INBOX_LIMITS.waitingOfParty)
    throw new ColophonError('too_many_requests', 'too many inboxes wait to be opened', {
      remedy: 'Wait until the operator has looked at them.',
    })
  await insertInbox(database.db, {
    id: statement.id,
    party,
    about: subject.about,
    name: subject.name,
    state: 'waiting',
    statement: canonicalJson(statement),
    recorded_at: isoTime(effects.now()),
  })
  return { id: statement.id, state: 'waiting' }
}

/** The operator has seen who the party is (or is not): the inbox takes cases from now on, or none. */
export async function admitInbox(register: Register, id: string, state: 'open' | 'closed'): Promise<void> {
  if (!(await findInbox(register.database.db, id)))
    throw new ColophonError('not_found', 'there is no such inbox', { where: id })
  await setInboxState(register.database.db, id, state)
}

/** The open inbox for cases about a model or a data set. */
export async function inboxOf(register: Register, about: string) {
  const [inbox] = await listInboxes(register.database.db, { about, state: 'open' })
  return inbox
}

/**
 * Hands a case over into an inbox. Errors: `not_authorised` for a private case, `duplicate_statement` where the same
 * evidence was handed over for the same request, `too_many_requests`, `state_not_allowed`.
 */
export async function handOver(register: Register, id: string, inboxId: string): Promise<void> {
  const { database, effects } = register
  const [inbox, found] = [await findInbox(database.db, inboxId), await findCase(database.db, id)]
  if (!found || inbox?.state !== 'open')
    throw new ColophonError('not_found', 'there is no such case, or no open inbox', { where: inboxId })
  // What cannot be sent takes no place, and leaves none that it has.
  requireTransition(found.state as CaseState, 'sent')
  requirePublic(found)
  const since = isoTime(effects.now() - DAY_MS)
  if ((await countDeliveries(database.db, inboxId, since)) >= INBOX_LIMITS.casesADay)
    throw new ColophonError('too_many_requests', 'this inbox was given as much as it takes in a day', {
      remedy: 'Try again tomorrow, or send the letter by mail or post.',
    })
  const places = await takePlaces(register, inboxId, found)
  const delivery = await beginDelivery(register, id, 'inbox', inboxId).catch(async (error: unknown) => {
    for (const place of places) await leavePlace(database.db, inboxId, place, id)
    throw error
  })
  await endDelivery(register, id, delivery, 'sent', `handed over to ${inbox.name} (${inbox.party})`)
}

/**
 * The places that a case takes: the one of who asks what for which rows, and one of the few there are for these rows,
 * because a name is invented in a moment. Errors: `duplicate_statement`, `too_many_requests`.
 */
async function takePlaces(
  { database }: Register,
  inbox: string,
  found: PlacedCase & { id: string },
): Promise<string[]> {
  const own = placeOf(found)
  const taking = { inbox, id: found.id }
  if (!(await takePlace(database.db, { ...taking, place: own, endedBy: ['closed', 'withdrawn'] })))
    throw new ColophonError('duplicate_statement', 'the same request about the same rows lies in this inbox', {
      where: inbox,
      remedy: 'Wait for the answer to that one.',
    })
  for (let seat = 0; seat < INBOX_LIMITS.sendersOfRows; seat++) {
    const shared = placeOf({ ...found, sender: `seat ${seat}` })
    if (await takePlace(database.db, { ...taking, place: shared, endedBy: ENDED })) return [own, shared]
  }
  await leavePlace(database.db, inbox, own, found.id)
  throw new ColophonError('too_many_requests', 'several others ask the same about these rows already', {
    where: inbox,
    remedy: 'Send the letter by mail or post, or wait until one of theirs is answered.',
  })
}

/** States in which a case waits for nobody. */
const ENDED = ['no-reply', 'removed', 'partial', 'refused', 'licensed', 'undelivered', 'closed', 'withdrawn']

interface PlacedCase {
  kind: string
  dataset: string
  sender: string
  evidence: string
}

/** What a case asks, of whom it is, and for which rows, as a hash: two that agree in this are one. */
function placeOf({ kind, dataset, sender, evidence }: PlacedCase) {
  const { hit, others = [] } = JSON.parse(evidence) as { hit: { row: number }; others?: { hit: { row: number } }[] }
  const rows = [hit.row, ...others.map((other) => other.hit.row)].sort((a, b) => a - b)
  return sha256Hex(Buffer.from(canonicalJson([kind, dataset, sender, ...rows])))
}

const CASES_A_PAGE = 200

/** What lies in the inboxes of a party, newest first: a page of it, from before a moment (ISO) on. */
export async function casesFor(register: Register, party: string, before?: string) {
  const { db } = register.database
  return listHandedOver(db, await openInboxes(register, party), { limit: CASES_A_PAGE, ...(before ? { before } : {}) })
}

/** One case in the inboxes of a party, however many lie above it. */
export async function findGiven(register: Register, party: string, id: string) {
  const [found] = await listHandedOver(register.database.db, await openInboxes(register, party), { id, limit: 1 })
  return found
}

async function openInboxes(register: Register, party: string): Promise<string[]> {
  return (await listInboxes(register.database.db, { party, state: 'open' })).map(({ id }) => id)
}

/** Where an answer leads; `received` and `valid` are written down, and the case goes on waiting. */
const LEADS_TO: Record<string, CaseState | undefined> = {
  incomplete: 'incomplete',
  removed: 'removed',
  partial: 'partial',
  refused: 'refused',
  licensed: 'licensed',
}

/**
 * Takes a provider's signed answer, keeps it as it was signed, and moves the case on. Errors: those of `readSaid`,
 * `not_found` for a case that was never handed over to this party, `duplicate_statement`, `too_many_requests`,
 * `state_not_allowed`.
 */
export async function takeAnswer(register: Register, document: unknown): Promise<{ state: string }> {
  const { effects, database } = register
  const { party, subject, statement } = await readSaid(register, document, answerSchema)
  const given = await findGiven(register, party, subject.case)
  if (!given || given.evidence_hash !== subject.evidenceHash)
    throw new ColophonError('not_found', 'no such case lies in an inbox of this key', { where: subject.case })
  const answers = await listAnswers(database.db, given.id)
  const today = await countAnswers(database.db, given.inbox, isoTime(effects.now() - DAY_MS))
  if (answers.length >= INBOX_LIMITS.answersACase || today >= INBOX_LIMITS.answersADay)
    throw new ColophonError('too_many_requests', 'too many answers', { where: given.id })
  const recordedAt = isoTime(effects.now())
  return database.db.transaction().execute(async (queries) => {
    const isNew = await insertAnswer(queries, {
      id: statement.id,
      request_case: given.id,
      inbox: given.inbox,
      status: subject.status,
      digest: sha256Hex(Buffer.from(canonicalJson([given.handed_over_at, subject]))),
      statement: canonicalJson(statement),
      recorded_at: recordedAt,
    })
    if (!isNew) throw new ColophonError('duplicate_statement', 'this was answered before', { where: statement.id })
    const { state: from } = (await findCase(queries, given.id))!
    const state = LEADS_TO[subject.status] ?? from
    if (LEADS_TO[subject.status]) requireTransition(from as CaseState, state as CaseState)
    const note = `${subject.status}, signed by ${party}${subject.reason ? `: ${subject.reason}` : ''}`
    await recordEvent(queries, { requestCase: given.id, state, note, recordedAt })
    return { state }
  })
}

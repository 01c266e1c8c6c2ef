import { z } from 'zod'
import { ColophonError, isoTime, uuidV7 } from '../foundation/index.ts'
import type { Register } from '../statements/index.ts'
import { letterPdf, letterText, type LetterInput, type Speak } from './letter.ts'
import { requireTransition, type CaseState } from './states.ts'
import { countDeliveries, findCase, insertDelivery, listDeliveries, recordEvent, setDelivery } from './store.ts'

/** A letter as it goes out by mail. */
export interface OutgoingMail {
  to: string
  replyTo: string | undefined
  subject: string
  text: string
  attachments: { filename: string; content: Uint8Array; contentType: string }[]
  /** Where whoever gets such mails again and again ends them; only mails that a machine writes have it. */
  unsubscribe?: string
}

/** Hands a mail to a server; throws with what the server said where it refuses. */
export type Mailer = (mail: OutgoingMail) => Promise<{ messageId: string }>

const mailSchema = z.email().max(320)

/** Whether something is an address that mail can be sent to. */
export function isMailAddress(text: string | null | undefined): text is string {
  return mailSchema.safeParse(text).success
}

/** The mailbox that an address leads to for nearly every server: in small letters, without what stands behind a plus. */
function mailboxOf(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, '@')
}

/** Letters to one address, whoever sends them. */
export const MAILS_A_DAY = 100

/**
 * Sends the letter of a case by mail, as plain text with the PDF attached, and writes down what the server said. What it
 * refuses becomes `undelivered`, from where it can be sent again. Errors: `not_authorised` for a private case, which no
 * machine sends; `state_not_allowed`; `too_many_requests`; `invalid_input` for what
 * is no address.
 */
export async function sendByMail(
  register: Register,
  mailer: Mailer,
  letter: LetterInput,
  to: string,
  speak: Speak,
): Promise<'sent' | 'undelivered'> {
  if (!isMailAddress(to)) throw new ColophonError('invalid_input', 'this is no mail address', { where: 'to' })
  const since = isoTime(register.effects.now() - 86_400_000)
  const mailbox = mailboxOf(to)
  if ((await countDeliveries(register.database.db, mailbox, since)) >= MAILS_A_DAY)
    throw new ColophonError('too_many_requests', 'this address was sent as much as it takes in a day', {
      remedy: 'Try again tomorrow, or send the letter yourself.',
    })
  const text = letterText(letter, speak)
  const pdf = await letterPdf(letter, speak)
  const delivery = await beginDelivery(register, letter.id, 'mail', mailbox)
  const { name, contact } = letter.sender
  const mail: OutgoingMail = {
    to,
    replyTo: isMailAddress(contact) ? contact : undefined,
    subject: `${name}: ${letter.workTitle} (${letter.id})`.replaceAll(/\p{Cc}+/gu, ' '),
    text,
    attachments: [{ filename: `request-${letter.id}.pdf`, content: pdf, contentType: 'application/pdf' }],
  }
  try {
    const { messageId } = await mailer(mail)
    await endDelivery(register, letter.id, delivery, 'sent', `by mail to ${to}, ${messageId}`)
    return 'sent'
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)
    await endDelivery(register, letter.id, delivery, 'undelivered', `mail to ${to} was refused: ${said}`)
    return 'undelivered'
  }
}

/** Writes down that a letter went by post, on a day that is not in the future. */
export async function recordPost(register: Register, id: string, sentOn: string, tracking: string): Promise<void> {
  const sentAt = Date.parse(`${sentOn}T12:00:00Z`)
  const now = register.effects.now()
  if (!/^\d{4}-\d{2}-\d{2}$/.test(sentOn) || !(sentAt <= now + 86_400_000) || sentAt < now - 366 * 86_400_000)
    throw new ColophonError('invalid_input', 'the day of posting is within the last year, such as 2026-11-28', {
      where: 'sentOn',
    })
  const note = `by post on ${sentOn}${tracking ? `, tracking number ${tracking}` : ''}`
  const delivery = await beginDelivery(register, id, 'post', tracking, true)
  // The day counts on which it was posted, not the one on which that was written down.
  await endDelivery(register, id, delivery, 'sent', note, isoTime(Math.min(sentAt, now)))
}

/** Writes down that a letter came back; the case can be sent again. */
export async function recordBounce(register: Register, id: string, note: string): Promise<void> {
  const delivery = (await listDeliveries(register.database.db, id)).findLast(({ state }) => state === 'sent')
  if (!delivery)
    throw new ColophonError('state_not_allowed', 'nothing of this case was sent from here', {
      where: id,
      remedy: 'Only what was sent can come back.',
    })
  await endDelivery(register, id, delivery.id, 'undelivered', `came back: ${note || 'no reason given'}`)
}

/** No machine sends a private case. Errors: `not_authorised`. */
export function requirePublic({ id, is_private }: { id: string; is_private: bigint }): void {
  if (is_private === 1n)
    throw new ColophonError('not_authorised', 'a private case is not sent from here', {
      where: id,
      remedy: 'Download its letter, send it yourself, and write down when.',
    })
}

/** An attempt is written down before it is made, so that one that is cut off is seen. */
export async function beginDelivery(
  register: Register,
  id: string,
  channel: 'mail' | 'post' | 'inbox',
  recipient: string,
  isByHand = false,
): Promise<string> {
  const delivery = uuidV7(register.effects)
  const recordedAt = isoTime(register.effects.now())
  await register.database.db.transaction().execute(async (queries) => {
    const found = await findCase(queries, id)
    if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
    if (!isByHand) requirePublic(found)
    requireTransition(found.state as CaseState, 'sent')
    await insertDelivery(queries, {
      id: delivery,
      request_case: id,
      channel,
      recipient,
      state: 'attempted',
      note: '',
      recorded_at: recordedAt,
    })
  })
  return delivery
}

/** What became of an attempt, in the delivery and in the case together. */
export async function endDelivery(
  register: Register,
  id: string,
  delivery: string,
  state: 'sent' | 'undelivered',
  note: string,
  at?: string,
): Promise<void> {
  const recordedAt = at ?? isoTime(register.effects.now())
  await register.database.db.transaction().execute(async (queries) => {
    const found = (await findCase(queries, id))!
    // A second refusal leaves it where the first one has brought it.
    if (found.state !== state) requireTransition(found.state as CaseState, state)
    await setDelivery(queries, delivery, state, note)
    await recordEvent(queries, { requestCase: id, state, note, recordedAt })
  })
}

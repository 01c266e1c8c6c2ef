import { ColophonError, isoTime, sha256Hex, toBase64Url } from '../foundation/index.ts'
import { isMailAddress, type Mailer, type Speak } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { findFound, lastRun } from '../watching/index.ts'
import {
  countAsked,
  deleteAskedBefore,
  deleteMail,
  findMail,
  insertAsked,
  listFactsOfParty,
  listMails,
  putMail,
  updateMail,
  type MailRow,
} from './store.ts'

const HOUR_MS = 3_600_000
/** An account asks once in ten minutes, an address is asked three times a day, and for a season not at all if it said no. */
const ASK_AGAIN_MS = 10 * 60_000
const ASKED_A_DAY_MAX = 3
const NO_HOLDS_MS = 90 * 24 * HOUR_MS
/** However much happens, one mail a day. */
const MAIL_EVERY_MS = 20 * HOUR_MS
const FAILURES_MAX = 10
const NAMED_MAX = 20
const PAGE = 500

/** What a mail of an account is made with. */
export interface AlertMeans {
  mailer: Mailer
  publicUrl: string
  speak: Speak
}

/**
 * Asks whoever reads an address whether it is to be told of an account; nothing else is sent there before that. Errors:
 * `invalid_input`, `too_many_requests`.
 */
export async function askForMail(
  register: Register,
  { mailer, publicUrl, speak }: AlertMeans,
  { party, address, language }: { party: string; address: string; language: string },
): Promise<void> {
  const { database, effects } = register
  if (!isMailAddress(address)) throw new ColophonError('invalid_input', 'this is no mail address', { where: 'address' })
  const now = effects.now()
  await requireSeldom(register, party, address)
  const token = toBase64Url(effects.randomBytes(32))
  await putMail(database.db, {
    party,
    address,
    language,
    token,
    asked_at: isoTime(now),
    confirmed_at: null,
    told_run: BigInt(await lastRun(database.db)),
    told_at: isoTime(now),
    failures: 0n,
  })
  await insertAsked(database.db, { ...hashesOf(party, address), asked_at: isoTime(now), is_refusal: 0n })
  const { t } = speak(language)
  const link = `${publicUrl}/account/mail/link?token=${token}`
  try {
    await mailer({ to: address, subject: t('alert.ask.subject'), text: t('alert.ask', { link }), ...ALONE })
  } catch (cause) {
    await deleteMail(database.db, party)
    throw new ColophonError('fetch_failed', 'the mail server did not take the mail', {
      where: 'address',
      remedy: 'Look whether the address is right, or try again later.',
      cause,
    })
  }
}

/** Counts outlive what is counted: who takes an address off and gives it again asks no more often. */
async function requireSeldom({ database, effects }: Register, party: string, address: string): Promise<void> {
  const { db } = database
  const now = effects.now()
  const { party_hash, address_hash } = hashesOf(party, address)
  await deleteAskedBefore(db, isoTime(now - NO_HOLDS_MS))
  const day = isoTime(now - 24 * HOUR_MS)
  const isTooSoon = (await countAsked(db, { party_hash }, isoTime(now - ASK_AGAIN_MS))) > 0
  const isTooOften = (await countAsked(db, { address_hash, is_refusal: 0n }, day)) >= ASKED_A_DAY_MAX
  const isRefused = (await countAsked(db, { address_hash, is_refusal: 1n }, isoTime(now - NO_HOLDS_MS))) > 0
  if (isTooSoon || isTooOften || isRefused)
    throw new ColophonError('too_many_requests', 'this address was asked a short while ago, or wants no mail', {
      remedy: 'Look for the mail, or try again later.',
    })
}

/** Upper and lower case are one address for nearly every server. */
function hashesOf(party: string, address: string): { party_hash: string; address_hash: string } {
  const hash = (text: string) => sha256Hex(Buffer.from(text))
  return { party_hash: hash(party), address_hash: hash(address.trim().toLowerCase()) }
}

/** The address is right: whoever reads it has said so. Errors: `not_found` for a link that is over. */
export async function confirmMail(register: Register, token: string): Promise<void> {
  const found = await needMail(register, token)
  const now = isoTime(register.effects.now())
  await updateMail(register.database.db, found.party, { confirmed_at: found.confirmed_at ?? now })
}

/** Ends all mail to an address, by a link that stands in each. Errors: `not_found`. */
export async function stopMail(register: Register, token: string): Promise<void> {
  const { database, effects } = register
  const { party, address, confirmed_at } = await needMail(register, token)
  await deleteMail(database.db, party)
  // Who never wanted it is not asked again; who had it may want it back.
  if (confirmed_at === null)
    await insertAsked(database.db, { ...hashesOf('', address), asked_at: isoTime(effects.now()), is_refusal: 1n })
}

export async function needMail(register: Register, token: string): Promise<MailRow> {
  const found = token === '' ? undefined : await findMail(register.database.db, { token })
  if (found) return found
  throw new ColophonError('not_found', 'this link is over', {
    remedy: 'Nothing is sent to this address by it. Sign in to give an address again.',
  })
}

/**
 * Tells every confirmed address what is new: places where works were found, and dates of cases that have come. One mail
 * a day at most, none when there is nothing. An address that refuses is told again, ten times.
 */
export async function tellByMail(
  register: Register,
  means: AlertMeans,
  isAllowed: () => boolean = () => true,
): Promise<{ told: number; failed: number }> {
  const result = { told: 0, failed: 0 }
  let after = ''
  for (;;) {
    const page = await listMails(register.database.db, after, PAGE)
    for (const row of page) {
      if (!isAllowed()) return result
      const outcome = await tellOne(register, means, row)
      if (outcome) result[outcome]++
    }
    if (page.length < PAGE) return result
    after = page.at(-1)!.party
  }
}

async function tellOne(
  register: Register,
  { mailer, publicUrl, speak }: AlertMeans,
  row: MailRow,
): Promise<'told' | 'failed' | undefined> {
  const { db } = register.database
  const now = register.effects.now()
  if (row.failures >= BigInt(FAILURES_MAX) || Date.parse(row.told_at) > now - MAIL_EVERY_MS) return undefined
  const run = await lastRun(db)
  const news = await newsOf(register, row)
  if (news.places === 0 && news.dates.length === 0) return undefined
  const { t } = speak(row.language)
  const stop = `${publicUrl}/account/mail/link?token=${row.token}&stop=yes`
  const mail = { to: row.address, subject: t('alert.subject', counts(news)), text: sayNews(t, news, publicUrl, stop) }
  try {
    await mailer({ ...mail, ...ALONE, unsubscribe: stop })
  } catch {
    await updateMail(db, row.party, { failures: row.failures + 1n })
    return 'failed'
  }
  await updateMail(db, row.party, { told_run: BigInt(run), told_at: isoTime(now), failures: 0n })
  return 'told'
}

type News = Awaited<ReturnType<typeof newsOf>>

async function newsOf(register: Register, { party, told_run, told_at }: MailRow) {
  const { found, works, places } = await findFound(register, { party, after: Number(told_run), limit: NAMED_MAX })
  return { party, found, works, places, dates: await listFactsOfParty(register.database.db, party, told_at) }
}

function counts({ works, places, dates }: News) {
  return { works, places, dates: dates.length }
}

function sayNews(t: ReturnType<Speak>['t'], news: News, publicUrl: string, stop: string): string {
  const { party, found, dates } = news
  const lines = [
    t('alert.lead', counts(news)),
    ...found.map((row) =>
      t('alert.place', {
        title: row.title,
        name: row.dataset_name,
        status: t(`result.status.${row.status}`).replace(/\s*:$/, ''),
      }),
    ),
    ...(found.length === 0 ? [] : ['', t('alert.care'), `${publicUrl}/parties/${party}/found`]),
    ...(dates.length === 0 ? [] : ['', t('alert.dates')]),
    ...dates
      .slice(0, NAMED_MAX)
      .map(({ subject, name }) => t('alert.date', { title: subject, what: t(`deadline.came.${name}`) })),
    ...(dates.length === 0 ? [] : [`${publicUrl}/account`]),
    '',
    t('alert.stop', { link: stop }),
  ]
  // A title is somebody else's text: it gets one line, however it was written.
  return lines.map((line) => line.replaceAll(/\p{Cc}+/gu, ' ')).join('\n')
}

const ALONE = { replyTo: undefined, attachments: [] }

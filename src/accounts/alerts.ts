import { ColophonError, isoTime, toBase64Url } from '../foundation/index.ts'
import { isMailAddress, type Mailer, type Speak } from '../requests/index.ts'
import type { Register } from '../statements/index.ts'
import { findFound, lastRun } from '../watching/index.ts'
import {
  countAsked,
  deleteMail,
  findMail,
  listFactsOfParty,
  listMails,
  putMail,
  updateMail,
  type MailRow,
} from './store.ts'

const HOUR_MS = 3_600_000
/** An account is asked once in ten minutes whether an address is right, and an address by three accounts a day. */
const ASK_AGAIN_MS = 10 * 60_000
const ASKED_A_DAY_MAX = 3
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
  const before = await findMail(database.db, { party })
  const isTooSoon = before !== undefined && Date.parse(before.asked_at) > now - ASK_AGAIN_MS
  const asked = await countAsked(database.db, address, isoTime(now - 24 * HOUR_MS))
  if (isTooSoon || asked >= ASKED_A_DAY_MAX)
    throw new ColophonError('too_many_requests', 'this address was asked a short while ago', {
      remedy: 'Look for the mail, or try again later.',
    })
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
  const { t } = speak(language)
  const link = `${publicUrl}/account/mail/link?token=${token}`
  await mailer({ to: address, subject: t('alert.ask.subject'), text: t('alert.ask', { link }), ...ALONE })
}

/** The address is right: whoever reads it has said so. Errors: `not_found` for a link that is over. */
export async function confirmMail(register: Register, token: string): Promise<void> {
  const found = await needMail(register, token)
  const now = isoTime(register.effects.now())
  await updateMail(register.database.db, found.party, { confirmed_at: found.confirmed_at ?? now })
}

/** Ends all mail to an address, by a link that stands in each. Errors: `not_found`. */
export async function stopMail(register: Register, token: string): Promise<void> {
  const { party } = await needMail(register, token)
  await deleteMail(register.database.db, party)
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

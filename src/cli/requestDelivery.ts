import { writeFileSync } from 'node:fs'
import { escalateCase } from '../api/index.ts'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import {
  escalationSchema,
  findCase,
  handOver,
  inboxOf,
  letterOf,
  moveCase,
  recordBounce,
  recordPost,
  runDeadlines,
  sendByMail,
  smtpMailer,
} from '../requests/index.ts'
import { speak, words } from '../web/index.ts'
import { print, type ExitCode } from './command.ts'

/** How a case goes out, and what is said of that. */
export interface DeliveryValues {
  json?: boolean | undefined
  note: string
  mail?: string | undefined
  inbox?: boolean | undefined
  post?: string | undefined
  tracking: string
  to?: string | undefined
  country?: string | undefined
  name?: string | undefined
  out?: string | undefined
}

/** By mail, into an inbox, by post, or, without any of them, by hand: then it is only written down. */
export async function send(node: Node, values: DeliveryValues, id: string): Promise<ExitCode> {
  const found = await needCase(node, id)
  const letter = letterOf(found, node.datasets.list())
  const { register, config } = node
  if (values.mail !== undefined) {
    if (!config.mail)
      throw new ColophonError('usage', 'mail is not set up here', { remedy: 'Set SMTP_URL and MAIL_FROM.' })
    const mailer = smtpMailer(config.mail.smtpUrl, config.mail.from)
    return (await sendByMail(register, mailer, letter, values.mail, speak)) === 'sent' ? 0 : 1
  }
  if (values.inbox) {
    const inbox = await inboxOf(register, letter.details.model ?? found.dataset)
    if (!inbox) throw new ColophonError('not_found', 'nobody has an open inbox for this case', { where: found.dataset })
    await handOver(register, id, inbox.id)
  } else if (values.post !== undefined) await recordPost(register, id, values.post, values.tracking)
  else await moveCase(register, id, 'sent', values.note)
  return 0
}

export async function bounced(node: Node, values: DeliveryValues, id: string): Promise<ExitCode> {
  await recordBounce(node.register, id, values.note)
  return 0
}

/** Writes what has come due into the histories, and says what that was. */
export async function due(node: Node, values: DeliveryValues): Promise<ExitCode> {
  const facts = await runDeadlines(node.register, node.register.effects.now())
  const lines = facts.map(({ id, name, due: day, state }) => `${id} ${name} ${day} ${state}`)
  print(values.json, { due: facts }, lines.length > 0 ? lines : ['Nothing is due.'])
  return 0
}

/** The file for a body that can do more; without `--to` it is only written down. */
export async function escalate(node: Node, values: DeliveryValues, id: string): Promise<ExitCode> {
  const found = await needCase(node, id)
  if (values.to === undefined) {
    await moveCase(node.register, id, 'escalated', values.note)
    return 0
  }
  const input = escalationSchema.safeParse({ to: values.to, country: values.country, name: values.name })
  if (!input.success) throw new ColophonError('usage', input.error.issues[0]!.message, { where: '--to' })
  const { zip } = await escalateCase(node, found, input.data, { isCaptured: false, words, speak })
  writeFileSync(values.out ?? `escalation-${id}.zip`, zip)
  return 0
}

async function needCase(node: Node, id: string) {
  const found = await findCase(node.register.database.db, id)
  if (!found) throw new ColophonError('not_found', 'there is no such case', { where: id })
  return found
}

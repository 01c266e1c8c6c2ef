import { html } from 'hono/html'
import type { Node } from '../main.ts'
import {
  ESCALATIONS,
  contactOf,
  formFields,
  formOf,
  inboxOf,
  isMailAddress,
  isPersonalDataKind,
  letterOf,
  listAnswers,
  nextStates,
  type CaseState,
} from '../requests/index.ts'
import { countryField, dayField, selectField, textField } from './fields.ts'
import { facts, type Html } from './layout.ts'
import { t, when } from './text.ts'

type Found = Parameters<typeof letterOf>[0] & { state: string; is_private: bigint }

/** Where a letter can go from here: only to addresses that the operator has given, never to one that a visitor types. */
export async function waysOut(node: Node, found: Found) {
  const isOpen = nextStates(found.state as CaseState).includes('sent')
  if (!isOpen || found.is_private === 1n) return { isOpen, mail: undefined, inbox: undefined }
  const letter = letterOf(found, node.datasets.list())
  const { model } = letter.details
  const contact = contactOf(found.dataset, letter.details, node.datasets.list())
  const mail = node.config.mail && isMailAddress(contact) ? contact : undefined
  return { isOpen, mail, inbox: await inboxOf(node.register, model ?? found.dataset) }
}

/** Sending a case: by mail or into an inbox where there is one, and by post always. */
export async function sendSection(node: Node, found: Found, accessKey: string): Promise<Html | ''> {
  const { isOpen, mail, inbox } = await waysOut(node, found)
  if (!isOpen) return ''
  const form = (way: string, content: Html | string) =>
    html`<form action="/requests/${found.id}/send?key=${accessKey}" method="post">
      <input type="hidden" name="way" value="${way}" />${content}
    </form>`
  return html`<h2>${t('case.send')}</h2>
    ${found.is_private === 1n ? html`<p>${t('case.send.private')}</p>` : ''}
    ${mail ? form('mail', html`<button>${t('case.send.mail', { recipient: mail })}</button>`) : ''}
    ${inbox ? form('inbox', html`<button>${t('case.send.inbox', { recipient: inbox.name })}</button>`) : ''}
    ${form(
      'post',
      html`${dayField('sentOn', t('case.send.post'))} ${textField('tracking', t('case.send.tracking'))}
        <p><button>${t('case.send.record')}</button></p>`,
    )}`
}

/** Where a provider wants requests through a form of its own: its address, and what to copy into it. */
export function formSection(letter: ReturnType<typeof letterOf>): Html | '' {
  const form = formOf(letter)
  if (!form) return ''
  const { addresses, rows, titles, hash } = formFields(letter)
  const lines = (values: readonly string[]) => html`<span class="lines">${values.join('\n')}</span>`
  return html`<h2>${t('form.title', { provider: form.provider })}</h2>
    <p>
      ${t('form.lead')} <a href="${form.url}" rel="noreferrer">${form.url}</a>
      <span class="soft">${t('form.seen', { date: form.seenAt })} <a href="${form.source}" rel="noreferrer">${t('form.source')}</a></span>
    </p>
    ${form.personalOnly ? html`<p>${t('form.personal')}</p>` : ''}
    ${facts([
      [t('request.name'), letter.sender.name],
      [t('request.contact'), letter.sender.contact],
      [t('request.workTitle'), lines(titles)],
      addresses.length > 0 ? [t('form.addresses'), lines(addresses)] : undefined,
      [t('inbox.row'), lines(rows)],
      [t('case.hash'), hash],
    ])}`
}

/** What a provider has answered, by whom it was signed. */
export async function answersSection(node: Node, { id }: { id: string }): Promise<Html | ''> {
  const answers = await listAnswers(node.register.database.db, id)
  if (answers.length === 0) return ''
  return html`<h2>${t('case.answersSigned')}</h2>
    ${answers.map((answer) => {
      const { issuer: party } = JSON.parse(answer.statement) as { issuer: string }
      const said = t('case.answersSigned.by', {
        status: t(`inbox.status.${answer.status}`),
        party,
        date: when(answer.recorded_at),
      })
      return html`<details>
        <summary>${said}</summary>
        <pre>${JSON.stringify(JSON.parse(answer.statement), null, 1)}</pre>
      </details>`
    })}`
}

/** The way to a body that can do more, once a case was refused or not answered. */
export function escalateSection(found: Found, accessKey: string): Html | '' {
  const state = found.state as CaseState
  if (found.is_private === 1n || (state !== 'escalated' && !nextStates(state).includes('escalated'))) return ''
  const names: Record<string, string> = { name: '…' }
  const bodies = ESCALATIONS.filter((to) => to !== 'dpa' || isPersonalDataKind(found.kind)).map(
    (to) => [to, t(`escalate.to.${to}`, names)] as const,
  )
  return html`<h2>${t('escalate.title')}</h2>
    <p>${t('escalate.lead')}</p>
    <form action="/requests/${found.id}/escalate?key=${accessKey}" method="post">
      ${selectField('to', t('escalate.title'), bodies)} ${countryField('country', t('escalate.country'))}
      ${textField('name', t('escalate.name'))}
      <p><button>${t('escalate.button')}</button></p>
    </form>`
}

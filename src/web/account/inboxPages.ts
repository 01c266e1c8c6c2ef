import { html } from 'hono/html'
import type { Session } from '../../accounts/index.ts'
import { ColophonError } from '../../foundation/index.ts'
import type { Node } from '../../main.ts'
import { ANSWER_STATUSES, casesFor, findGiven, letterOf, letterText, listAnswers } from '../../requests/index.ts'
import { areaField } from '../fields.ts'
import { code, facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { choice } from '../reservePages.ts'
import { signingForm } from '../signingForm.ts'
import { speak, t, when } from '../text.ts'
import { sayState } from '../sayings.ts'

/** What lies in the inboxes of whoever is signed in, newest first. */
export async function inboxPage(node: Node, { party }: Session, before: string | undefined): Promise<Html> {
  const cases = await casesFor(node.register, party, before)
  const last = cases.at(-1)
  return page({
    title: t('inbox.title'),
    path: '/account',
    isExample: isExample(node),
    content: html`<p>${t('inbox.lead')}</p>
      ${cases.length === 0 ? html`<p>${t('inbox.empty')}</p>` : ''}
      <ul>
        ${cases.map(
          (found) =>
            html`<li>
              <a href="/account/inbox/${found.id}">${found.subject}</a>: ${t(`request.${found.kind}`)}.
              <strong>${sayState(found.state)}</strong> <span class="soft">${when(found.handed_over_at)}</span>
            </li>`,
        )}
      </ul>
      ${last ? html`<p><a href="/account/inbox?before=${encodeURIComponent(last.handed_over_at)}">${t('inbox.older')}</a></p>` : ''}
      <p><a href="/account">${t('account.title')}</a></p>`,
  })
}

/** One case as its letter says it, what was answered, and the form that answers it. */
export async function inboxCasePage(node: Node, { party }: Session, id: string): Promise<Html> {
  const found = await findGiven(node.register, party, id)
  if (!found) throw new ColophonError('not_found', 'no such case lies in your inboxes', { where: id })
  const answers = await listAnswers(node.register.database.db, id)
  const letter = letterOf(found, node.datasets.list())
  return page({
    title: found.subject,
    path: '/account',
    isExample: isExample(node),
    script: 'sign',
    content: html`${facts([
      [t('case.state'), sayState(found.state)],
      [t('inbox.row'), String(letter.evidence.hit.row)],
      [t('case.hash'), code(found.evidence_hash)],
    ])}
      <h2>${t('case.letter')}</h2>
      <pre>${letterText(letter, speak)}</pre>
      <h2>${t('case.answersSigned')}</h2>
      ${answers.length === 0 ? html`<p>${t('inbox.unanswered')}</p>` : ''}
      <ul>
        ${answers.map((answer) => html`<li>${t(`inbox.status.${answer.status}`)} <span class="soft">${when(answer.recorded_at)}</span></li>`)}
      </ul>
      ${signingForm({
        kind: 'caseAnswer',
        isKnown: true,
        isSaid: true,
        hidden: { case: id },
        content: html`<fieldset>
            <legend>${t('inbox.answer')}</legend>
            ${ANSWER_STATUSES.map((status) => choice('status', status, t(`inbox.status.${status}`), status === 'received'))}
          </fieldset>
          ${areaField('reason', t('inbox.reason'), t('inbox.reason.help'), 2000)}`,
      })}
      <p><a href="/account/inbox">${t('inbox.title')}</a></p>`,
  })
}

import { html, raw } from 'hono/html'
import { declaredFree, type CheckResult } from '../api/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { keyChoice } from './signingForm.ts'
import { t } from './text.ts'

const RESERVATIONS = ['all-mining', 'ai-training', 'generative-training'] as const

export async function reservePage(node: Node, result: CheckResult): Promise<Html> {
  return page({
    title: t('reserve.title'),
    path: '/reserve',
    isExample: isExample(node),
    script: 'reserve',
    content: html`<p>${t('reserve.effect')}</p>
      <p>${t('reserve.who')}</p>
      <p>${t('reserve.exceptions')}</p>
      ${alikeNotice(result)}
      <p><a href="/rights/new?result=${result.id}">${t('reserve.wizard')}</a></p>
      <form
        id="reserve"
        action="/reserve?result=${result.id}"
        method="post"
        data-signing="${t('reserve.signing')}"
        data-failed="${t('home.failed', { reason: '%' })}"
        data-medium="${result.fileCodes.medium}"
        data-codes="${JSON.stringify(result.fileCodes.codes)}"
      >
        ${keyChoice('reserve')}
        <label for="name">${t('reserve.name')}</label
        ><input id="name" name="name" type="text" required maxlength="200" autocomplete="name" />
        <label for="title">${t('reserve.workTitle')}</label
        ><input id="title" name="title" type="text" required maxlength="500" />
        ${await disputeField(node, result)} ${reserveChoices()}
        <label class="choice"
          ><input type="checkbox" name="isEntitled" value="yes" required /> ${t('reserve.entitled')}</label
        >
        <p class="soft">${t('reserve.public')} ${t('reserve.unpublished')}</p>
        <p role="status" aria-live="polite"></p>
        ${signButtons()}
      </form>`,
  })
}

/** Where this very file is declared as belonging to everybody: whoever reserves it says why that is wrong. */
async function disputeField(node: Node, { fileCodes: { codes } }: CheckResult): Promise<Html | ''> {
  const [free] = await declaredFree(node, [{ codes }])
  if (!free) return ''
  const { id, title } = free.marks[0]!
  return html`<div class="note">
    <label for="dispute">${t('reserve.dispute')}</label
    ><textarea
      id="dispute"
      name="dispute"
      rows="2"
      maxlength="1000"
      required
      aria-describedby="dispute-help"
    ></textarea>
    <p id="dispute-help">${t('reserve.dispute.help')} <a href="/works/${id}">${title}</a></p>
  </div>`
}

/** Before anybody reserves a copy of what somebody else has declared, or of what belongs to everybody. */
function alikeNotice({ works }: CheckResult): Html | '' {
  if (works.length === 0) return ''
  return html`<p>${t('reserve.alike')}</p>
    <ul>
      ${works.map(({ id, title, match }) => html`<li><a href="/works/${id}">${title}</a> — ${t(`result.${match}`)}</li>`)}
    </ul>`
}

export function reserveChoices(): Html {
  return html`<fieldset>
      <legend>${t('reserve.role')}</legend>
      ${choice('role', 'creator', t('reserve.role.creator'), true)}${choice('role', 'rightsholder', t('reserve.role.rightsholder'), false)}
    </fieldset>
    <fieldset>
      <legend>${t('reserve.what')}</legend>
      ${RESERVATIONS.map((value, i) => choice('reserve', value, t(`reserve.${value}`), i === 1))}
    </fieldset>`
}

export function signButtons(): Html {
  return html`<p data-script hidden>
      <button type="button" id="passkey">${t('reserve.passkey')}</button><br /><span class="soft"
        >${t('reserve.passkey.help')}</span
      >
    </p>
    <p>
      <button class="second">${t('reserve.key')}</button><br /><span class="soft">${t('reserve.key.help')}</span>
    </p>`
}

/** One of several, as a whole line that can be touched. */
export function choice(name: string, value: string, label: string, isChecked: boolean): Html {
  return html`<label class="choice"
    ><input type="radio" name="${name}" value="${value}" ${isChecked ? raw(' checked') : ''} /> ${label}</label
  >`
}

export function reservedPage(node: Node, logIndex: number, privateKeyPem: string): Html {
  return page({
    title: t('reserved.title'),
    path: '/reserved',
    isExample: isExample(node),
    content: html`<p><a class="button" href="/receipts/${logIndex}">${t('reserved.receipt')}</a></p>
      <h2>${t('reserved.key')}</h2>
      <p>${t('reserved.key.text')}</p>
      <pre>${privateKeyPem}</pre>`,
  })
}

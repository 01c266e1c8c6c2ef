import { html } from 'hono/html'
import {
  isUrgent,
  listAwardRows,
  listOpinions,
  readOutcome,
  sentFields,
  type ApplicationRow,
  type CallRow,
  type Ground,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { sayPlace } from '../../rights/index.ts'
import { facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, words } from '../text.ts'
import { callLink, saySector, sayApplicationState } from './callPages.ts'
import { BLANK, money, problemSummary, proseField, type Filled } from './fields.ts'

type Outcome = Awaited<ReturnType<typeof readOutcome>>

/** What an applicant sees of the own application: where it stands, what was decided and why, and what can be done. */
export async function applicationPage(
  node: Node,
  scheme: Scheme,
  call: CallRow,
  application: ApplicationRow,
  today: string,
  filled: Filled = BLANK,
): Promise<Html> {
  const { id, state } = application
  const outcome = await readOutcome(scheme.db, id)
  return page({
    title: t('support_application'),
    path: '/fund/applications',
    isExample: isExample(node),
    content: html`<p class="lead">${callLink(call)}: ${sayApplicationState(state)}</p>
      ${problemSummary(filled, { grounds: t('support_appeal') })}
      ${state === 'draft' ? html`<p role="status">${t('support_saved')}</p><p><a class="button" href="/fund/calls/${call.id}/apply">${t('support_apply')}</a></p>` : ''}
      ${state === 'sent' && isUrgent(application) ? facts([[t('support_due'), application.urgent_due]]) : ''}
      ${application.not_urgent === null ? '' : html`<p class="lines">${t('support_notUrgent')}: ${application.not_urgent}</p>`}
      ${decisionSection(call, outcome)} ${await appealSection(scheme, application, outcome, today, filled)}
      ${sentSection(call, application)} ${withdrawForm(application)}
      <p>${t('support_kept')}</p>`,
  })
}

/** The outcome, then the reason: points and words for each criterion, and the officer's own sentence. */
function decisionSection(call: CallRow, { decision }: Outcome): Html | '' {
  if (!decision) return ''
  const grounds = JSON.parse(decision.grounds) as Ground[]
  return html`<h2>${t('support_decision')}</h2>
    <p><strong>${sayOutcome(decision.outcome)}</strong> ${money(decision.cents, call.currency)}</p>
    <p class="lines">${decision.words}</p>
    ${grounds.map(groundItem)}`
}

export function sayOutcome(outcome: string): string {
  return t(outcome === 'awarded' ? 'support_state_awarded' : `support_outcome_${outcome}`)
}

export function groundItem({ name, pointsMax, points, scores, words: said }: Ground): Html {
  const mean = new Intl.NumberFormat(words.language, { maximumFractionDigits: 2 }).format(points / scores)
  return html`<h3>${name}</h3>
    <p>${t('support_points', { points: mean, max: pointsMax })}</p>
    <ul>
      ${said.map((text) => html`<li class="lines">${text}</li>`)}
    </ul>`
}

async function appealSection(
  scheme: Scheme,
  { id, state, asked_cents: asked }: ApplicationRow,
  { decision, appeal }: Outcome,
  today: string,
  filled: Filled,
): Promise<Html | ''> {
  if (appeal) {
    const opinions = appeal.decided_at === null ? [] : await listOpinions(scheme.db, id)
    const awards = await listAwardRows(scheme.db, { application: id })
    const owed = awards.some(({ in_call }) => in_call === null)
    return html`<h2>${t('support_appeal')}</h2>
      <p class="lines">${appeal.grounds}</p>
      <p><strong>${sayApplicationState(state)}</strong> ${owed ? t('support_owed') : ''}</p>
      <ul>
        ${opinions.map(({ words: said }) => html`<li class="lines">${said}</li>`)}
      </ul>`
  }
  const mayAppeal = decision && decision.waived_at === null && today <= decision.appeal_until && decision.cents < asked
  if (!mayAppeal) return ''
  return html`<h2>${t('support_appeal')}</h2>
    <p>${t('support_appeal_until', { day: decision.appeal_until })}</p>
    <form action="/fund/applications/${id}/appeal" method="post">
      ${proseField(filled, { name: 'grounds', label: t('inbox.reason'), max: 4000 })}
      <p><button>${t('support_appeal')}</button></p>
    </form>
    <form action="/fund/applications/${id}/waive" method="post">
      <p><button class="second">${t('support_waive')}</button></p>
    </form>`
}

function sentSection(call: CallRow, application: ApplicationRow): Html | '' {
  const fields = sentFields(application)
  return fields ? html`<h2>${t('support_application')}</h2>${applicationFacts(call, fields, true)}` : ''
}

/** A whole application, as whoever may see it reads it. */
export function applicationFacts(
  call: CallRow,
  fields: NonNullable<ReturnType<typeof sentFields>>,
  hasContact = false,
): Html {
  const prose = (text: string) => html`<span class="lines">${text}</span>`
  return facts([
    [t('request.name'), fields.name],
    hasContact ? [t('account.mail.address'), fields.contact] : undefined,
    [t('support_country'), sayPlace(fields.country, words)],
    [t('support_sector'), saySector(fields.sector)],
    fields.organisation === undefined ? undefined : [t('support_organisation'), fields.organisation],
    [t('support_purpose'), prose(fields.purpose)],
    [
      t('support_money'),
      `${money(fields.amount, call.currency)}${fields.acceptsLess ? ` · ${t('support_less')}` : ''}`,
    ],
    fields.urgentReason === undefined || !fields.isUrgent
      ? undefined
      : [t('support_urgentReason'), prose(fields.urgentReason)],
    [t('support_otherSupport'), prose(fields.otherSupport)],
  ])
}

function withdrawForm({ id, state }: ApplicationRow): Html | '' {
  if (state !== 'draft' && state !== 'sent') return ''
  return html`<form action="/fund/applications/${id}/withdraw" method="post">
    <p>
      <button class="second">${t('label.withdraw')}</button>
    </p>
  </form>`
}

import { html } from 'hono/html'
import {
  callState,
  countFresh,
  dayOf,
  isUrgent,
  listApplications,
  listAssessors,
  listScores,
  planDecision,
  readGrounds,
  readPreset,
  sentFields,
  type ApplicationRow,
  type CallRow,
  type Scheme,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { number, t } from '../text.ts'
import { applicationFacts, groundItem, sayOutcome } from './applicationPage.ts'
import { opinionForm } from './assessPages.ts'
import { callLink, sayApplicationState } from './callPages.ts'
import { BLANK, dateField, lineField, money, problemSummary, proseField, type Filled } from './fields.ts'

const ASSESSOR_FORM = 'did:… | name | organisation'
/** Applications on one page of the office. */
const OFFICE_ROWS = 200

/** The form by which the officer makes a call. */
export function newCallPage(
  node: Node,
  filled: Filled = { values: { plan: readPreset('blank') }, problems: {} },
): Html {
  const labels: Record<string, string> = {
    title: t('account.name'),
    text: t('support_text'),
    countries: t('wizard.territory'),
    roles: t('support_roles'),
    opens: t('takeBack.from'),
    closes: t('ask.until'),
    budgetCents: t('support_budget'),
    awardCapCents: t('support_cap'),
    urgentPpm: `${t('support_urgentPart')} (%)`,
    pointsMin: t('support_pointsMin'),
    criteria: t('support_criteria'),
    assessors: t('support_assessors'),
    plan: t('support_plan'),
  }
  const field = (name: string, more: { help?: string; max?: number; inputMode?: 'decimal' | 'numeric' } = {}) => ({
    name,
    label: labels[name]!,
    ...more,
  })
  return page({
    title: t('support_new'),
    path: '/fund/office',
    isExample: isExample(node),
    content: html`${problemSummary(filled, labels)}
      <form action="/fund/office" method="post" enctype="multipart/form-data">
        ${lineField(filled, field('title'))} ${proseField(filled, field('text', { max: 10_000 }), 8)}
        ${proseField(filled, field('countries', { max: 1000 }), 2)} ${proseField(filled, field('roles', { max: 1000 }), 2)}
        ${dateField(filled, field('opens'))} ${dateField(filled, field('closes'))}
        ${lineField(filled, field('budgetCents', { inputMode: 'decimal' }))}
        ${lineField(filled, field('awardCapCents', { inputMode: 'decimal' }))}
        ${lineField(filled, field('urgentPpm', { inputMode: 'decimal' }))}
        ${lineField(filled, field('pointsMin', { inputMode: 'numeric' }))}
        ${proseField(filled, field('criteria', { help: t('support_lines', { form: 'name = points' }) }))}
        ${proseField(filled, field('assessors', { help: t('support_lines', { form: ASSESSOR_FORM }), max: 30_000 }))}
        ${proseField(filled, field('plan', { max: 200_000 }))}
        <p><button>${t('support_new')}</button></p>
      </form>`,
  })
}

/** Everything that the officer does with a call. */
export async function officePage(node: Node, scheme: Scheme, call: CallRow, after: string | undefined): Promise<Html> {
  const state = callState(call, dayOf(scheme.effects.now()))
  const options = { limit: OFFICE_ROWS, ...(after === undefined ? {} : { after }) }
  const applications = await listApplications(scheme.db, call.id, options)
  const last = applications.length === OFFICE_ROWS ? applications.at(-1) : undefined
  const assessors = await listAssessors(scheme.db, call.id)
  return page({
    title: t('support_office'),
    path: '/fund/office',
    isExample: isExample(node),
    content: html`<p class="lead">${callLink(call)}: ${call.opens} – ${call.closes}</p>
      <ul>
        ${applications.map(officeItem)}
      </ul>
      ${last ? html`<p><a href="/fund/calls/${call.id}/office?after=${last.id}">${t('lesson.next')}</a></p>` : ''}
      ${state === 'closed' && call.decided_at === null ? await decideSection(scheme, call) : ''}
      <h2>${t('support_assessors')}</h2>
      <ul>
        ${assessors.map(({ name, organisation }) => html`<li>${name}${organisation === null ? '' : ` (${organisation})`}</li>`)}
      </ul>
      ${small(call.id, 'assessor', html`${lineField(BLANK, { name: 'assessor', label: t('support_assessors'), help: ASSESSOR_FORM, max: 700 })}`)}
      ${state === 'open' ? small(call.id, 'extend', dateField(BLANK, { name: 'closes', label: t('ask.until') })) : ''}
      ${state === 'planned' ? small(call.id, 'drop', html`<p>${t('label.withdraw')}</p>`) : small(call.id, 'note', proseField({ values: { note: call.closing_note ?? '' }, problems: {} }, { name: 'note', label: t('support_note'), max: 4000 }))}`,
  })
}

function small(call: string, action: string, content: Html): Html {
  return html`<form action="/fund/calls/${call}/office" method="post">
    <input type="hidden" name="action" value="${action}" />
    ${content}
    <p><button class="second">${t('case.send')}</button></p>
  </form>`
}

function officeItem(application: ApplicationRow): Html {
  const { id, state, urgent_due: due } = application
  return html`<li>
    <a href="/fund/applications/${id}/office">${sentFields(application)?.name ?? id}</a>: ${sayApplicationState(state)}
    ${isUrgent(application) && state === 'sent' ? html`<strong>${t('support_due')}: ${due}</strong>` : ''}
  </li>`
}

/** What would be decided now, down the ranking; with it the one button that decides it. */
async function decideSection(scheme: Scheme, call: CallRow): Promise<Html> {
  const { allocations, missing, agreed, leftCents } = await planDecision(scheme, call.id)
  const waiting = await listApplications(scheme.db, call.id, { states: ['sent'] })
  const names = new Map(waiting.map((application) => [application.id, sentFields(application)?.name]))
  const link = (id: string) => html`<a href="/fund/applications/${id}/office">${names.get(id) ?? id}</a>`
  return html`<h2>${t('support_ranking')}</h2>
    <p>${t('support_budget')}: ${money(leftCents, call.currency)}</p>
    <ol>
      ${allocations.slice(0, OFFICE_ROWS).map(
        ({ id, outcome, cents, points, scores }) =>
          html`<li>
              ${link(id)}: ${number(Number((points * 100n) / scores) / 100)}. ${sayOutcome(outcome)}
              ${cents > 0n ? money(cents, call.currency) : ''}
            </li>`,
      )}
    </ol>
    ${
      missing.length === 0
        ? small(
            call.id,
            'decide',
            html`<input type="hidden" name="agreed" value="${agreed}" /><p>${t('support_decide')}</p>`,
          )
        : html`<ul>
            ${missing.slice(0, OFFICE_ROWS).map(({ id, what }) => html`<li>${link(id)}: ${t('support_missing', { what })}</li>`)}
          </ul>`
    }`
}

/** One application for the officer: what it says, how far it is, and the sentence for its decision. */
export async function officeApplicationPage(
  node: Node,
  scheme: Scheme,
  call: CallRow,
  application: ApplicationRow,
): Promise<Html> {
  const fields = sentFields(application)
  const scores = await listScores(scheme.db, { application: application.id })
  const isWaiting = application.state === 'sent'
  const grounds = isWaiting ? await readGrounds(scheme.db, call, application) : []
  const isHis = application.state === 'appealed' && (await countFresh({ queries: scheme.db, call, application })) < 2
  return page({
    title: t('support_office'),
    path: '/fund/office',
    isExample: isExample(node),
    content: html`<p class="lead">
        <a href="/fund/calls/${call.id}/office">${call.title}</a>: ${sayApplicationState(application.state)}
      </p>
      ${fields ? applicationFacts(call, fields, true) : ''}
      ${facts([[t('support_assessors'), number(new Set(scores.map(({ assessor }) => assessor)).size)]])}
      ${grounds.map(groundItem)} ${isWaiting ? sentForms(application) : ''}
      ${isHis ? await opinionForm(scheme, application.id, 'office') : ''}`,
  })
}

function sentForms(application: ApplicationRow): Html {
  const { id, officer_words: said } = application
  const form = (action: string, content: Html) =>
    html`<form action="/fund/applications/${id}/office" method="post">
      <input type="hidden" name="action" value="${action}" />
      ${content}
    </form>`
  const filled = { values: { officerWords: said ?? '' }, problems: {} }
  return html`${form(
    'words',
    html`${proseField(filled, { name: 'officerWords', label: t('support_sentence') })}
      <p><button>${t('case.send')}</button></p>`,
  )}
  ${
    isUrgent(application)
      ? html`${form('urgent', html`<p><button>${t('support_decideUrgent')}</button></p>`)}
        ${form(
          'refuse',
          html`${proseField(BLANK, { name: 'notUrgent', label: t('support_notUrgent'), max: 1000 }, 2)}
            <p><button class="second">${t('case.send')}</button></p>`,
        )}`
      : ''
  }`
}

import { html } from 'hono/html'
import type { Session } from '../../accounts/index.ts'
import {
  GROUP_MIN,
  callFigures,
  callState,
  criteriaOf,
  dayOf,
  findApplication,
  listApplicationsOf,
  listAssessors,
  listAwards,
  listCalls,
  type ApplicationRow,
  type CallRow,
  type Scheme,
  type SupportGroup,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { sayPlace } from '../../rights/index.ts'
import { facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { number, t, words } from '../text.ts'
import { money } from './fields.ts'

const CALLS_MAX = 200
const AWARDS_MAX = 500

/** A node that serves no fund says so. */
export function noSchemePage(node: Node): Html {
  return page({
    title: t('support_title'),
    path: '/fund/calls',
    isExample: isExample(node),
    content: html`<p class="lead">${t('support_none')}</p>`,
  })
}

/** Every call: those that take applications first, then those to come, then the past ones. */
export async function callsPage(node: Node, scheme: Scheme, session: Session | undefined): Promise<Html> {
  const today = dayOf(scheme.effects.now())
  const calls = await listCalls(scheme.db, CALLS_MAX)
  const own = session ? await listApplicationsOf(scheme.db, session.party) : []
  return page({
    title: t('support_title'),
    path: '/fund/calls',
    isExample: isExample(node),
    content: html`<p class="lead">${t('support_lead')}</p>
      ${calls.length === 0 ? html`<p>${t('verify.noFindings')}</p>` : ''}
      ${(['open', 'planned', 'closed'] as const).map((state) => {
        const some = calls.filter((call) => callState(call, today) === state)
        return some.length === 0
          ? ''
          : html`<h2>${t(`support_${state}`)}</h2>
              <ul>
                ${some.map((call) => html`<li>${callLink(call)}: ${call.opens} – ${call.closes}, ${money(call.budget_cents, call.currency)}</li>`)}
              </ul>`
      })}
      ${ownSection(own, calls)}
      ${session?.party === scheme.fund ? html`<p><a href="/fund/office">${t('support_new')}</a></p>` : ''}`,
  })
}

export function callLink({ id, title }: Pick<CallRow, 'id' | 'title'>): Html {
  return html`<a href="/fund/calls/${id}">${title}</a>`
}

function ownSection(own: readonly ApplicationRow[], calls: readonly CallRow[]): Html | '' {
  if (own.length === 0) return ''
  return html`<h2>${t('support_mine')}</h2>
    <ul>
      ${own.map(
        ({ id, in_call, state }) =>
          html`<li>
            <a href="/fund/applications/${id}">${calls.find((call) => call.id === in_call)?.title ?? in_call}</a>: ${sayApplicationState(state)}
          </li>`,
      )}
    </ul>`
}

const STATE_TEXTS: Record<string, string> = {
  draft: 'case.state.draft',
  sent: 'case.state.sent',
  withdrawn: 'case.state.withdrawn',
  rejected: 'case.state.refused',
  appealed: 'case.state.appeal',
}

export function sayApplicationState(state: string): string {
  return t(STATE_TEXTS[state] ?? `support_state_${state}`)
}

/** One call: what it is for, by what it is decided, and what came of it. */
export async function callPage(node: Node, scheme: Scheme, call: CallRow, session: Session | undefined): Promise<Html> {
  const today = dayOf(scheme.effects.now())
  const state = callState(call, today)
  const assessors = await listAssessors(scheme.db, call.id)
  const own = session && (await findApplication(scheme.db, { call: call.id, party: session.party }))
  return page({
    title: call.title,
    path: '/fund/calls/call',
    isExample: isExample(node),
    content: html`<p class="lines">${call.text}</p>
      ${call.closing_note === null ? '' : html`<p class="note lines" role="note">${call.closing_note}</p>`} ${callFacts(call)}
      <p>
        ${t('support_rules', {
          days: Number(call.urgent_decision_days),
          appeal: Number(call.appeal_days),
          assessors: Number(call.assessors_min),
        })}
      </p>
      ${
        own
          ? html`<p><a class="button" href="/fund/applications/${own.id}">${t('support_application')}</a></p>`
          : state === 'open'
            ? html`<p><a class="button" href="/fund/calls/${call.id}/apply">${t('support_apply')}</a></p>`
            : ''
      }
      ${assessors.some(({ party }) => party === session?.party) ? html`<p><a href="/fund/calls/${call.id}/assess">${t('support_assess')}</a></p>` : ''}
      ${session?.party === scheme.fund ? html`<p><a href="/fund/calls/${call.id}/office">${t('support_office')}</a></p>` : ''}
      ${state === 'closed' ? await figuresSection(scheme, call) : ''} ${await awardsSection(scheme, call)}
      <p><a href="/fund/calls">${t('support_title')}</a></p>`,
  })
}

function callFacts(call: CallRow): Html {
  const cents = (call.budget_cents * call.urgent_ppm) / 1_000_000n
  return facts([
    [t('takeBack.from'), call.opens],
    [t('ask.until'), call.closes],
    [t('support_budget'), money(call.budget_cents, call.currency)],
    [t('support_cap'), money(call.award_cap_cents, call.currency)],
    [t('support_urgentPart'), money(cents, call.currency)],
    [t('wizard.territory'), call.countries],
    [t('support_roles'), call.roles],
    [
      t('support_criteria'),
      criteriaOf(call)
        .map(({ name, pointsMax }) => `${name} (${number(pointsMax)})`)
        .join(', '),
    ],
    call.points_min > 0n ? [t('support_pointsMin'), number(Number(call.points_min))] : undefined,
  ])
}

async function figuresSection(scheme: Scheme, call: CallRow): Promise<Html> {
  const figures = await callFigures(scheme.db, call)
  const total = money(figures.awardedCents, call.currency)
  return html`<p>${t('support_figures', { applications: figures.applications, awards: figures.awards, total })}</p>
    ${groupTable(t('support_sector'), figures.bySector, saySector)}
    ${groupTable(t('support_country'), figures.byCountry, (code) => (code === '' ? '–' : sayPlace(code, words)))}`
}

export function saySector(sector: string): string {
  if (sector === 'stage') return t('support_stage')
  return t(sector === 'other' || sector === '' ? 'offer.media.other' : `rule.media.${sector}`)
}

function groupTable(title: string, groups: readonly SupportGroup[], say: (name: string) => string): Html | '' {
  if (groups.length === 0) return ''
  const percent = new Intl.NumberFormat(words.language, { style: 'percent' })
  return html`<div class="table" role="region" aria-label="${title}" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${title}</th>
          <th scope="col">${t('support_applications')}</th>
          <th scope="col">${t('support_awarded')}</th>
        </tr>
      </thead>
      <tbody>
        ${groups.map(
          ({ name, applications, awarded }) =>
            html`<tr>
              <th scope="row">${name === null ? t('support_others', { least: GROUP_MIN }) : say(name)}</th>
              <td>${number(applications)}</td>
              <td>${percent.format(awarded / applications)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** Awards whose holders agreed that name and amount are published. */
async function awardsSection(scheme: Scheme, call: CallRow): Promise<Html | ''> {
  const final = await listAwards(scheme.db, scheme.effects.now(), { call: call.id, limit: AWARDS_MAX })
  const shown = final.filter(({ publishes }) => publishes)
  if (shown.length === 0) return ''
  return html`<h2>${t('support_published')}</h2>
    <ul>
      ${shown.map(({ name, cents, currency }) => html`<li>${name}: ${money(cents, currency)}</li>`)}
    </ul>`
}

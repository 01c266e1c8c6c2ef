import { html } from 'hono/html'
import {
  criteriaOf,
  readOutcome,
  readToAssess,
  type CallRow,
  type Ground,
  type Scheme,
  type SeenApplication,
} from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { sayPlace } from '../../rights/index.ts'
import { facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, words } from '../text.ts'
import { applicationFacts, groundItem } from './applicationPage.ts'
import { callLink, sayApplicationState, saySector } from './callPages.ts'
import { BLANK, lineField, problemSummary, proseField, yesOrNo, type Filled } from './fields.ts'

/** What waits for an assessor; of applications with a tie only how many there are. */
export function toAssessPage(
  node: Node,
  call: CallRow,
  { seen, tied }: { seen: readonly SeenApplication[]; tied: number },
): Html {
  return page({
    title: t('support_assess'),
    path: '/fund/assess',
    isExample: isExample(node),
    content: html`<p class="lead">${callLink(call)}</p>
      <ul>
        ${seen.map(
          ({ id, who, state, isUrgent, urgentDue, hasScored, standing }) =>
            html`<li>
              <a href="/fund/applications/${id}/assess">${who?.name ?? t('support_conflicted')}</a>
              <span class="soft"
                >${state === 'appealed' ? sayApplicationState(state) : ''} ${isUrgent ? `${t('support_due')}: ${urgentDue ?? ''}` : ''}
                ${hasScored && standing === 'free' ? t('support_scored') : ''}</span
              >
            </li>`,
        )}
      </ul>
      ${tied > 0 ? html`<p>${t('support_tied', { count: tied })}</p>` : ''}`,
  })
}

/** One application for an assessor: first the question about a conflict, then what it says, then the points. */
export async function assessPage(node: Node, scheme: Scheme, id: string, party: string, sent?: Filled): Promise<Html> {
  const { call, seen, scores } = await readToAssess(scheme, id, party)
  const { who, application, standing, state, hasScored } = seen
  const values = Object.fromEntries(
    scores.flatMap(({ criterion, points, words: said }) => [
      [`points-${criterion}`, String(points)],
      [`words-${criterion}`, said],
    ]),
  )
  const filled = sent ?? { values, problems: {} }
  return page({
    title: t('support_assess'),
    path: '/fund/assess',
    isExample: isExample(node),
    content: html`<p class="lead"><a href="/fund/calls/${call.id}/assess">${call.title}</a></p>
      ${problemSummary(filled, problemLabels(call))}
      ${standing === 'conflicted' ? html`<p>${t('support_conflicted')}</p>` : ''}
      ${
        application
          ? applicationFacts(call, application)
          : who
            ? facts([
                [t('request.name'), who.name],
                [t('support_country'), sayPlace(who.country, words)],
                [t('support_sector'), saySector(who.sector)],
                who.organisation === undefined ? undefined : [t('support_organisation'), who.organisation],
              ])
            : ''
      }
      ${standing === 'free' && state === 'sent' ? scoreForm(call, id, filled, hasScored) : ''}
      ${standing === 'free' && state === 'appealed' && !hasScored ? await opinionForm(scheme, id, 'assess', filled) : ''}
      ${standing === 'conflicted' ? '' : conflictForm(id, filled)}`,
  })
}

function problemLabels(call: CallRow): Record<string, string> {
  const criteria = criteriaOf(call).flatMap(({ name }, i) => [
    [`points-${i}`, name],
    [`words-${i}`, name],
  ])
  const reason = t('inbox.reason')
  const others = {
    isConflict: t('support_conflict'),
    upholds: t('support_upholds'),
    conflictWords: reason,
    words: reason,
  }
  return { ...(Object.fromEntries(criteria) as Record<string, string>), ...others }
}

function scoreForm(call: CallRow, id: string, filled: Filled, hasScored: boolean): Html {
  return html`<form action="/fund/applications/${id}/assess" method="post">
    <input type="hidden" name="action" value="score" />
    ${hasScored ? html`<p>${t('support_scored')}</p>` : ''}
    ${criteriaOf(call).map(
      ({ name, pointsMax }, i) =>
        html`<fieldset>
          <legend>${name}</legend>
          ${lineField(filled, {
            name: `points-${i}`,
            label: t('support_give', { max: pointsMax }),
            max: 3,
            inputMode: 'numeric',
          })}
          ${proseField(filled, { name: `words-${i}`, label: t('inbox.reason') })}
        </fieldset>`,
    )}
    <p><button>${t('case.send')}</button></p>
  </form>`
}

/** Whether an appeal should be upheld, and why; the appeal stands above. */
export async function opinionForm(
  scheme: Scheme,
  id: string,
  at: 'assess' | 'office',
  filled: Filled = BLANK,
): Promise<Html> {
  const { decision, appeal } = await readOutcome(scheme.db, id)
  return html`<h2>${t('support_appeal')}</h2>
    <p class="lines">${appeal?.grounds ?? ''}</p>
    <p class="lines">${t('support_decision')}: ${decision?.words ?? ''}</p>
    ${(JSON.parse(decision?.grounds ?? '[]') as Ground[]).map(groundItem)}
    <form action="/fund/applications/${id}/${at}" method="post">
      <input type="hidden" name="action" value="opinion" />
      ${yesOrNo(filled, { name: 'upholds', label: t('support_upholds') }, proseField(filled, { name: 'words', label: t('inbox.reason') }))}
      <p><button>${t('case.send')}</button></p>
    </form>`
}

function conflictForm(id: string, filled: Filled): Html {
  const why = proseField(filled, { name: 'conflictWords', label: t('inbox.reason'), max: 1000 }, 2)
  return html`<form action="/fund/applications/${id}/assess" method="post">
    <input type="hidden" name="action" value="declare" />
    ${yesOrNo(filled, { name: 'isConflict', label: t('support_conflict'), help: t('support_conflict_help') }, why)}
    <p><button class="second">${t('case.send')}</button></p>
  </form>`
}

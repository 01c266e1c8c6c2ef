import { html } from 'hono/html'
import { needPlan, needPreset } from '../../api/index.ts'
import { listPresets, type LevyPlan } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { findParty } from '../../register/index.ts'
import { code, facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, when } from '../text.ts'
import { partyLink } from './figures.ts'
import { planInWords } from './planWords.ts'

/** A recorded plan, figure by figure. */
export async function planPage(node: Node, id: string): Promise<Html> {
  const { plan, party, digest, recordedAt, logIndex } = await needPlan(node, id)
  const known = await findParty(node.register.database.db, party)
  return page({
    title: plan.name,
    path: '/fund',
    isExample: isExample(node),
    content: html`${party === node.config.fundParty ? '' : html`<p class="note">${t('fundPage.ofOthers')}</p>`}
      ${summaryOf(plan)}
      ${facts([
        [t('work.declaredBy'), partyLink(party, known?.name)],
        [t('fundPage.run.fact', { name: 'plan' }), html`${plan.scheme}, ${validity(plan)}`],
        [
          t('fundPage.run.fact', { name: 'log' }),
          html`<a href="/receipts/${logIndex}">${t('log.entry')} ${logIndex}</a>, ${when(recordedAt)}`,
        ],
        ['SHA-256', code(digest)],
      ])}
      ${planInWords(plan)}
      <p class="screen"><a class="button second" href="/api/fund/plans/${id}" download="plan.json">${t('fundPage.json')}</a></p>
      ${backLink()}`,
  })
}

/** A plan that comes with the software. */
export function presetPage(node: Node, name: string): Html {
  const plan = needPreset(name)
  return page({
    title: plan.name,
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="note">${t('fundPage.presets.lead')}</p>
      ${summaryOf(plan)} ${planInWords(plan)}
      <p class="screen">
        <a class="button second" href="/api/fund/presets/${name}" download="${name}.json">${t('fundPage.json')}</a>
      </p>
      <p><a href="/fund/presets">${t('fundPage.presets')}</a></p>
      ${backLink()}`,
  })
}

export function presetsPage(node: Node): Html {
  return page({
    title: t('fundPage.presets'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.presets.lead')}</p>
      <ul>
        ${listPresets().map((name) => {
          const { name: title, summary } = needPreset(name)
          return html`<li>
            <a href="/fund/presets/${name}" lang="en">${title}</a>${summary ? html`<br /><span class="soft" lang="en">${summary}</span>` : ''}
          </li>`
        })}
      </ul>
      ${backLink()}`,
  })
}

export function backLink(): Html {
  return html`<p class="screen"><a href="/fund">${t('fundPage.title')}</a></p>`
}

export function validity({ version, validFrom, validUntil }: LevyPlan): string {
  const from = t('fundPage.version', { version, from: validFrom })
  return validUntil ? `${from}, ${t('fundPage.until', { day: validUntil })}` : from
}

function summaryOf({ summary }: LevyPlan): Html {
  return html`${summary ? html`<p class="lead">${summary}</p>` : ''}
    <p><strong>${t('fund.noLicence')}</strong></p>`
}

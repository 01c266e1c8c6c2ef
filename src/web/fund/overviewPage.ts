import { html } from 'hono/html'
import { fundOf, runsOfFund, type Fund } from '../../api/index.ts'
import { readLedgerState, type RecordedPlan } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { findParty } from '../../register/index.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'
import { money, partyLink } from './figures.ts'
import { validity } from './planPage.ts'
import { proofCommands } from './runPage.ts'

const VERSIONS_MAX = 50

/** What the fund is, whose it is, and the way to everything of it. */
export async function fundPage(node: Node): Promise<Html> {
  const fund = await fundOf(node)
  return page({
    title: t('fundPage.title'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.lead')}</p>
      ${await whose(node, fund)}
      <ul>
        <li><a href="/fund/statement">${t('fund.statement')}</a></li>
        <li><a href="/fund/calls">${t('fundPage.support')}</a></li>
        <li><a href="/fund/simulate">${t('fundPage.simulate')}</a></li>
        <li><a href="/fund/unlocated">${t('fundPage.unlocated')}</a></li>
      </ul>
      <h2>${t('fundPage.inForce')}</h2>
      ${fund.inForce.length === 0 ? none('plan') : planList(fund.inForce)}
      <p><a href="/fund/presets">${t('fundPage.presets')}</a></p>
      ${others(fund)}
      <h2>${t('fundPage.runs')}</h2>
      ${await runList(node)}
      <h2>${t('fundPage.reports')}</h2>
      ${await reportList(node, fund)}`,
  })
}

const none = (what: string) => html`<p>${t('fundPage.none', { what })}</p>`

async function whose(node: Node, { party }: Fund): Promise<Html> {
  if (party === undefined) return html`<p class="note">${t('fundPage.whose.none')}</p>`
  const known = await findParty(node.register.database.db, party)
  return html`<p>${t('fundPage.whose')}: ${partyLink(party, known?.name)}</p>`
}

function planList(plans: readonly RecordedPlan[]): Html {
  return html`<ul>
    ${plans.map(
      ({ id, plan }) =>
        html`<li><a href="/fund/plans/${id}">${plan.name}</a> <span class="soft">${validity(plan)}</span></li>`,
    )}
  </ul>`
}

/** Versions that are not in force today, and proposals of others. */
function others({ plans, inForce, others: proposed }: Fund): Html | '' {
  const known = new Set(inForce.map(({ id }) => id))
  const rest = [...plans.filter(({ id }) => !known.has(id)).slice(0, VERSIONS_MAX), ...proposed]
  if (rest.length === 0) return ''
  return html`<details>
    <summary>${t('fundPage.others')}</summary>
    ${planList(rest)}
  </details>`
}

async function runList(node: Node): Promise<Html> {
  const runs = await runsOfFund(node)
  if (runs.length === 0) return none('run')
  return html`<ul>
      ${runs.map(
        ({ id, report }) =>
          html`<li>
            <a href="/fund/runs/${id}">${t('fund.period', report.period)}</a>:
            ${money(report.grossCents, report.currency)} <span class="soft">${report.scheme}</span>
          </li>`,
      )}
    </ul>
    <h3>${t('fundPage.run.proof')}</h3>
    ${proofCommands(runs[0]!.report.root)}`
}

async function reportList(node: Node, { plans }: Fund): Promise<Html> {
  const { years } = await readLedgerState(node.register.database.db)
  if (years.length === 0 || plans.length === 0) return none('report')
  return html`<ul>
    ${years.map((year) => html`<li><a href="/fund/report/${year}">${year}</a></li>`)}
  </ul>`
}

import { html } from 'hono/html'
import { needReport } from '../../api/index.ts'
import { isoTime } from '../../foundation/index.ts'
import type { FundReport } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'
import { barChart } from './charts.ts'
import { column, figureTable, money, percent, sectorName } from './figures.ts'
import { backLink } from './planPage.ts'
import { heldInWords } from './runPage.ts'

/** The transparency report of a year: each figure with the point of the annex of Directive 2014/26/EU that asks for it. */
export async function reportPage(node: Node, year: string): Promise<Html> {
  const { report, currency } = await needReport(node, year)
  const isOver = isoTime(node.register.effects.now()).slice(0, 4) > year
  return page({
    title: `${t('fundPage.title')}: ${year}`,
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.report.lead')}</p>
      ${isOver ? '' : html`<p class="note">${t('fundPage.report.soFar')}</p>`}
      ${overview(report, currency)} ${report.runs.map((run) => runSection(run, currency))}
      ${amounts(
        t('fundPage.report.paid'),
        report.paid.map(({ group, cents }) => [accountName(group), cents]),
        currency,
        '2(c)(ii)',
      )}
      ${amounts(
        t('fundPage.report.open'),
        report.outstanding.map(({ account, cents }) => [accountName(account), cents]),
        currency,
        '2(c)(iv), 2(c)(v)',
      )}
      <p class="screen">
        <a class="button second" href="/api/fund/reports/${year}" download="report-${year}.json">${t('fundPage.json')}</a>
      </p>
      ${backLink()}`,
  })
}

const line = (name: string) => t('fundPage.report.line', { line: name })
const accountName = (account: string) => t('fundPage.account', { account })
const point = (text: string) => t('fundPage.report.ref', { point: text })

function overview(report: FundReport, currency: string): Html {
  const { unlocated } = report
  const rows = [
    [line('assessed'), report.assessedCents, '2(a)'],
    [line('received'), report.receivedCents, '2(a)'],
    [line('interest'), report.interestCents, '2(a)'],
    [line('administration'), report.administrationCents, '2(b)'],
    [line('tax'), report.taxCents, '2(b)'],
    [line('returned'), report.returnedCents, '2(c)(v)'],
    [`${line('unlocated')} (${unlocated.count})`, unlocated.cents, '2(c)(v)'],
    [line('released'), unlocated.releasedCents, '2(c)(vii)'],
  ] as const
  const name = String(report.year)
  return html`${barChart(
    t('fundPage.chart', { name }),
    rows
      .filter(([, cents]) => cents > 0n)
      .map(([label, cents]) => ({ label, values: [{ cents, text: money(cents, currency) }] })),
  )}
    ${figureTable(
      name,
      [column('what'), column('amount'), '2014/26/EU'],
      rows.map(([label, cents, ref]) => [label, money(cents, currency), point(ref)]),
    )}
    <p>${line('administration')}: ${t('fundPage.report.share', { part: percent(report.administrationShare * 100) })}.</p>`
}

function runSection(run: FundReport['runs'][number], currency: string): Html {
  const group = (name: string) => t('fundPage.group', { group: name })
  const rows: [string, bigint][] = [
    [group('gross'), run.grossCents],
    [group('reserve'), run.reserveCents],
    [group('fee'), run.feeCents],
    ...run.groups.map(([name, cents]): [string, bigint] => [group(name), cents]),
    ...run.sectors.map(([sector, cents]): [string, bigint] => [
      `${group('rightsholders')}: ${sectorName(sector)}`,
      cents,
    ]),
    ...run.held.map(([reason, cents]): [string, bigint] => [`${group('held')}: ${heldInWords(reason, 0)}`, cents]),
  ]
  return html`${amounts(`${t('fundPage.distribution')}, ${t('fund.period', { from: run.from, to: run.to })}`, rows, currency, '2(c)(i)')}
    <p><a href="/fund/runs/${run.id}">${t('fundPage.run.proof')}</a></p>`
}

function amounts(title: string, rows: readonly [string, bigint][], currency: string, ref: string): Html | '' {
  if (rows.length === 0) return ''
  return html`<h2>${title}</h2>
    <p class="soft">${point(ref)}</p>
    ${barChart(
      t('fundPage.chart', { name: title }),
      rows.map(([label, cents]) => ({
        label,
        values: [{ cents: cents > 0n ? cents : 0n, text: money(cents, currency) }],
      })),
    )}
    ${figureTable(
      title,
      [column('what'), column('amount')],
      rows.map(([label, cents]) => [label, money(cents, currency)]),
      true,
    )}`
}

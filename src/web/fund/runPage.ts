import { html } from 'hono/html'
import { needRun } from '../../api/index.ts'
import { listPlans, type RunReport } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { findParty } from '../../register/index.ts'
import { code, facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, when } from '../text.ts'
import { barChart, type ChartRow } from './charts.ts'
import { column, figureTable, money, partOf, partyLink, sectorName } from './figures.ts'
import { backLink } from './planPage.ts'

/** A published distribution: how the money flowed, why some of it waits, and how anybody checks it. */
export async function runPage(node: Node, id: string): Promise<Html> {
  const { db } = node.register.database
  const { report, party, recordedAt, logIndex } = await needRun(node, id)
  const [plan] = await listPlans(db, { party, digest: report.planDigest })
  const known = await findParty(db, party)
  const period = t('fund.period', report.period)
  return page({
    title: `${plan?.plan.name ?? report.scheme}, ${period}`,
    path: '/fund',
    isExample: isExample(node),
    content: html`${party === node.config.fundParty ? '' : html`<p class="note">${t('fundPage.ofOthers')}</p>`}
      <p class="lead">
        ${t('fundPage.group', { group: 'gross' })}: <strong>${money(report.grossCents, report.currency)}</strong>.
        ${t('fundPage.run.payees', { payees: report.payees, institutions: report.institutions })}
      </p>
      ${waterfall(report)}
      <p>${t('fund.noLicence')}</p>
      <h2 id="check">${t('fundPage.run.proof')}</h2>
      ${facts([
        [t('work.declaredBy'), partyLink(party, known?.name)],
        [
          t('fundPage.run.fact', { name: 'plan' }),
          plan ? html`<a href="/fund/plans/${plan.id}">${plan.plan.name}</a>` : code(report.planDigest),
        ],
        [t('fundPage.run.fact', { name: 'code' }), report.code],
        [t('fundPage.run.fact', { name: 'root' }), code(report.root)],
        [
          t('fundPage.run.fact', { name: 'log' }),
          html`<a href="/receipts/${logIndex}">${t('log.entry')} ${logIndex}</a>, ${when(recordedAt)}`,
        ],
      ])}
      <h3>${t('fundPage.run.fact', { name: 'inputs' })}</h3>
      ${facts(report.inputs.map(({ table, sha256 }) => [table, code(sha256)] as const))}
      <p>${t('fundPage.run.again')}</p>
      <pre>colophon levy rerun RUN --works works.csv --shares shares.csv --uses uses.csv --contributions contributions.csv</pre>
      ${proofCommands(report.root)}
      <p class="screen"><a class="button second" href="/api/fund/runs/${id}" download="run.json">${t('fundPage.json')}</a></p>
      ${backLink()}`,
  })
}

/** How a payee shows that a line belongs to a root. */
export function proofCommands(root: string): Html {
  return html`<p>${t('fundPage.run.line')}</p>
    <pre>colophon levy verify proof.json --root ${root}</pre>`
}

interface Step {
  name: string
  cents: bigint
  depth: number
}

const REASONS: Record<string, string> = {
  'over-claimed': 'over',
  'under-claimed': 'under',
  'not-reported': 'reported',
}

/** Why money waits, in words. */
export function heldInWords(reason: string, count: number): string {
  return t('fundPage.held', { reason: REASONS[reason] ?? 'other', count })
}

/** Step by step what was taken off, and into what the part of rightsholders was divided. The steps sum to the whole. */
function stepsOf({ reserveCents, feeCents, groups, sectors, held }: RunReport): Step[] {
  const group = (name: string, cents: string): Step => ({
    name: t('fundPage.group', { group: name }),
    cents: BigInt(cents),
    depth: 0,
  })
  const outside = held.filter(({ reason }) => !OF_WORKS.has(reason))
  return [
    group('reserve', reserveCents),
    group('fee', feeCents),
    group('heritage', groups.heritage),
    group('creatorSupport', groups.creatorSupport),
    group('social', groups.social),
    group('rightsholders', groups.rightsholders),
    ...sectors.map(({ sector, cents }): Step => ({ name: sectorName(sector), cents: BigInt(cents), depth: 1 })),
    ...outside.map(({ cents }): Step => ({ ...group('held', cents), depth: 1 })),
  ]
}

/** What waits for these reasons is a part of what sectors have. */
const OF_WORKS = new Set(['over-claimed', 'under-claimed'])

function waterfall(report: RunReport): Html {
  const { currency } = report
  const gross = BigInt(report.grossCents)
  const steps = stepsOf(report).filter(({ cents }) => cents > 0n)
  const whole = t('fundPage.group', { group: 'gross' })
  const rows: ChartRow[] = [{ label: whole, values: [{ cents: gross, text: money(gross, currency) }] }]
  // Each step begins where the one before it ended; sectors begin where their group does.
  let [from, inner] = [0n, 0n]
  for (const { name, cents, depth } of steps) {
    const start = depth === 0 ? from : inner
    rows.push({ label: name, values: [{ cents, text: money(cents, currency) }], from: start, depth })
    if (depth === 0) inner = from
    if (depth === 0) from += cents
    else inner += cents
  }
  return html`<h2>${t('fundPage.distribution')}</h2>
    ${barChart(t('fundPage.chart', { name: t('fundPage.distribution') }), rows)}
    ${figureTable(
      t('fundPage.distribution'),
      [column('what'), column('amount'), column('share')],
      [
        [whole, money(gross, currency), partOf(gross, gross)],
        ...steps.map(({ name, cents, depth }) => [
          depth === 0 ? name : html`<span class="inner">${name}</span>`,
          money(cents, currency),
          partOf(cents, gross),
        ]),
      ],
      true,
    )}
    ${heldTable(report)}`
}

function heldTable({ held, institutions, groups, currency }: RunReport): Html | '' {
  const rows = held.map(({ reason, count, cents }) => [heldInWords(reason, count), money(cents, currency)])
  if (institutions === 0 && groups.heritage !== '0')
    rows.push([
      `${t('fundPage.group', { group: 'heritage' })}: ${heldInWords('no-institutions', 0)}`,
      money(groups.heritage, currency),
    ])
  if (rows.length === 0) return ''
  return figureTable(t('fundPage.group', { group: 'held' }), [column('what'), column('amount')], rows)
}

import { html } from 'hono/html'
import type { Session } from '../../accounts/index.ts'
import { fundOf } from '../../api/index.ts'
import { ColophonError, dataPath } from '../../foundation/index.ts'
import { listPayeeYears, listPayees, rateOf, readStatedWorks, sumLines, type StatedWorks } from '../../levy/index.ts'
import type { Node } from '../../main.ts'
import { selectField } from '../fields.ts'
import { code, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, words } from '../text.ts'
import { column, figureTable, money, percent, sectorName, whole } from './figures.ts'
import { backLink } from './planPage.ts'
import { proofCommands } from './runPage.ts'

/** The accounts of whoever is signed in, and what was chosen of them. */
export interface Chosen {
  accounts: { id: string; name: string; years: number[] }[]
  account: string
  year: number
  currency: string
}

/**
 * Which account and year of whoever is signed in is meant: the latest year without a choice. An account of somebody else is
 * answered like one that is not there. `undefined` when nothing was ever booked. Errors: `not_found`.
 */
export async function chooseAccount(
  node: Node,
  { party }: Session,
  asked: { payee?: string | undefined; year?: string | undefined },
): Promise<Chosen | undefined> {
  const { db } = node.register.database
  const names = new Map((await listPayees(db, { party })).map(({ id, name }) => [id, name]))
  if (!names.has(party)) names.set(party, (await listPayees(db, { ids: [party] }))[0]?.name ?? party)
  const accounts = []
  for (const [id, name] of names) {
    const years = await listPayeeYears(db, id)
    if (years.length > 0) accounts.push({ id, name, years })
  }
  if (accounts.length === 0) return undefined
  const chosen = asked.payee ? accounts.find(({ id }) => id === asked.payee) : accounts[0]
  if (!chosen) throw new ColophonError('not_found', 'You have no such account here.')
  if (asked.year && !/^\d{4}$/.test(asked.year)) throw new ColophonError('not_found', 'This is no year.')
  const { inForce } = await fundOf(node)
  const year = asked.year ? Number(asked.year) : chosen.years[0]!
  return { accounts, account: chosen.id, year, currency: inForce[0]?.plan.currency ?? 'EUR' }
}

/** The folder in which a node keeps the files of runs. */
export const runsFolder = ({ config }: Node): string => dataPath(config, 'levy', 'runs')

/** The statement of the chosen account and year, with the works behind it. */
export async function readStated(node: Node, { account, year }: Chosen): Promise<StatedWorks> {
  const [from, to] = [`${year}-01-01`, `${year}-12-31`]
  return (await readStatedWorks(node.register.database.db, runsFolder(node), account, from, to)).stated
}

/** A statement as a page; `published` are the runs of the fund by their roots. */
export function statementPage(
  node: Node,
  chosen: Chosen,
  stated: StatedWorks,
  published: ReadonlyMap<string, string>,
): Html {
  const { statement, name } = stated
  const { currency } = chosen
  return page({
    title: t('fund.statement'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">
        ${name}, ${t('fund.period', { from: statement.from, to: statement.to })}:
        <strong>${t('fund.closing')} ${money(statement.closingCents, currency)}</strong>
      </p>
      ${choiceForm(chosen)}
      ${figureTable(
        t('fund.statement'),
        [column('what'), column('amount')],
        sumLines(statement).map(({ key, cents }) => [t(key), money(cents, currency)]),
        true,
      )}
      <p class="soft">${t('fund.sum')}</p>
      <p class="screen">
        ${['pdf', 'csv', 'json'].map((type) => html`<a class="button second" href="${download(chosen, `statement.${type}`)}">${type.toUpperCase()}</a> `)}
      </p>
      <h2>${t('fund.movements')}</h2>
      ${figureTable(
        t('fund.movements'),
        [column('what'), column('day'), column('amount')],
        statement.lines.map((line) => [t(`fund.kind.${line.kind}`), line.day, money(line.cents, currency)]),
        true,
      )}
      ${runsOf(statement).map((root) => runSection(chosen, stated, root, published.get(root)))}
      <p>${t('fund.noLicence')}</p>
      ${backLink()}`,
  })
}

/** Signed in, and nothing there. */
export function nothingPage(node: Node, { party }: Session): Html {
  return page({
    title: t('fund.statement'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.nothing')}</p>
      <p>${t('account.key')}: ${code(party)}</p>
      ${backLink()}`,
  })
}

function choiceForm({ accounts, account, year }: Chosen): Html {
  const { years } = accounts.find(({ id }) => id === account)!
  const shown = years.includes(year) ? years : [year, ...years]
  return html`<form action="/fund/statement" method="get" class="row">
    ${
      accounts.length > 1
        ? selectField(
            'payee',
            column('payee'),
            accounts.map(({ id, name }) => [id, name === id ? id : `${name} (${id})`]),
            account,
          )
        : ''
    }
    ${selectField(
      'year',
      column('year'),
      shown.map((each) => [String(each), String(each)]),
      String(year),
    )}
    <p><button class="second">${t('account.cases.show')}</button></p>
  </form>`
}

function download({ account, year }: Chosen, file: string, root?: string): string {
  const query = new URLSearchParams({ payee: account, year: String(year), ...(root ? { root } : {}) })
  return `/fund/statement/${file}?${query}`
}

/** The runs of a statement, each once. */
export function runsOf({ lines }: StatedWorks['statement']): string[] {
  return [...new Set(lines.flatMap(({ run }) => (run ? [run.root] : [])))]
}

const WORKS_SHOWN = 100

/** The works behind a run: share, uses, what came to each use, amount; and how the line is proved. */
function runSection(
  chosen: Chosen,
  { statement, runs, titles }: StatedWorks,
  root: string,
  published: string | undefined,
): Html {
  const { from, to } = statement.lines.find(({ run }) => run?.root === root)!.run!
  const allocations = runs.find((run) => run.root === root)?.allocations
  const title = t('fund.works', { from, to })
  const shown = allocations?.slice(0, WORKS_SHOWN) ?? []
  return html`<h2>${title}</h2>
    ${
      shown.length > 0
        ? figureTable(
            title,
            [column('work'), column('share'), column('uses'), column('perUse'), column('amount')],
            shown.map((each) => [
              html`${workLink(each.work, titles.get(each.work))}<br /><span class="soft">${sectorName(each.sector)}</span>`,
              percent(each.share * 100),
              whole(each.uses),
              rateInWords(rateOf(each), chosen.currency),
              money(each.cents, chosen.currency),
            ]),
            true,
          )
        : ''
    }
    ${allocations && allocations.length > shown.length ? html`<p>${t('fundPage.cut', { count: shown.length })}</p>` : ''}
    <p>
      ${t('fund.root', { root })}
      ${published ? html`<a href="/fund/runs/${published}">${t('fundPage.run.proof')}</a>` : ''}
    </p>
    ${
      allocations
        ? html`<p class="screen">
              <a class="button second" href="${download(chosen, 'proof.json', root)}">${t('fundPage.line.proof')}</a>
            </p>
            ${proofCommands(root)}`
        : ''
    }`
}

function workLink(id: string, title: string | undefined): Html {
  return title === undefined ? code(id) : html`<a href="/works/${encodeURIComponent(id)}">${title}</a>`
}

/** Cents with thousandths, as an amount; a dash where no use is known. */
function rateInWords(cents: string, currency: string): string {
  if (cents === '') return '–'
  const [wholeCents, thousandths] = cents.split('.') as [string, string]
  const digits = wholeCents.padStart(3, '0')
  const text = `${digits.slice(0, -2)}.${digits.slice(-2)}${thousandths}`
  return new Intl.NumberFormat(words.language, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    maximumFractionDigits: 5,
  }).format(text as Intl.StringNumericLiteral)
}

import { html, raw } from 'hono/html'
import type { Node } from '../../main.ts'
import { sayPlace } from '../../rights/index.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t, words } from '../text.ts'
import { barChart, chartKey } from './charts.ts'
import { column, figureTable, moneyRange, roundMoney, sectorName } from './figures.ts'
import { backLink } from './planPage.ts'
import { GROUPS, THRESHOLDS, type Field, type FormError, type PlanChoice } from './simulateForm.ts'
import type { Asked, Comparison } from './simulateRoutes.ts'

/** The form with what was written into it, and below it what was computed. */
export function simulatePage(node: Node, asked: Asked): Html {
  const { comparison } = asked
  return page({
    title: t('fundPage.simulate'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.sim.lead')}</p>
      ${errorSummary(asked.errors)} ${comparison ? resultOf(comparison) : ''} ${formOf(asked)} ${backLink()}`,
  })
}

function errorSummary(errors: readonly FormError[]): Html | '' {
  if (errors.length === 0) return ''
  return html`<div class="note" role="alert">
    <h2>${t('fundPage.sim.errors')}</h2>
    <ul>
      ${errors.map(({ field, text }) => html`<li><a href="#${field}">${labelOf(field)}: ${text}</a></li>`)}
    </ul>
  </div>`
}

function labelOf(field: Field): string {
  if (field === 'first' || field === 'second') return t('fundPage.sim.plan', { place: field })
  const isGroup = (GROUPS as readonly string[]).includes(field)
  return isGroup ? t('fundPage.group', { group: field }) : t('fundPage.sim.field', { field })
}

function formOf(asked: Asked): Html {
  return html`<form action="/fund/simulate" method="get">
    ${planField('first', asked)} ${planField('second', asked)}
    <fieldset>
      <legend>${t('fundPage.sim.change')}</legend>
      <div class="row pairs">
        ${[...THRESHOLDS, 'rate' as const].map((field) => textField(field, asked, t('fundPage.sim.help', { field })))}
      </div>
    </fieldset>
    <fieldset>
      <legend>${t('fundPage.sim.change')}: ${t('fundPage.distribution')}</legend>
      <p class="soft" id="groups-help">${t('fundPage.sim.help', { field: 'groups' })}</p>
      <div class="row pairs">${GROUPS.map((field) => textField(field, asked))}</div>
    </fieldset>
    <p><button>${t('fundPage.sim.compare')}</button></p>
  </form>`
}

function planField(field: 'first' | 'second', asked: Asked): Html {
  const { choices, written } = asked
  const isKnown = choices.some(({ key }) => key === written[field])
  return html`<div>
    <label for="${field}">${labelOf(field)}</label
    ><select id="${field}" name="${field}" ${described(field, asked)}>
      ${isKnown ? '' : html`<option value="" selected>–</option>`}
      ${Object.entries(CHOICE_GROUPS).map(([group, label]) => {
        const own = choices.filter((choice) => choice.group === group)
        return own.length === 0
          ? ''
          : html`<optgroup label="${t(label)}">${own.map((each) => option(each, written[field]))}</optgroup>`
      })}
    </select>
    ${errorOf(field, asked)}
  </div>`
}

const CHOICE_GROUPS = { fund: 'fundPage.title', presets: 'fundPage.presets', others: 'fundPage.others' }

function option({ key, title }: PlanChoice, chosen: string): Html {
  return html`<option value="${key}" ${key === chosen ? raw('selected') : ''}>${title}</option>`
}

function textField(field: Field, asked: Asked, help?: string): Html {
  return html`<div>
    <label for="${field}">${labelOf(field)}</label
    ><input
      id="${field}"
      name="${field}"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      maxlength="100"
      value="${asked.written[field]}"
      ${described(field, asked, help === undefined ? 'groups-help' : `${field}-help`)}
    />
    ${help === undefined ? '' : html`<p id="${field}-help" class="soft">${help}</p>`} ${errorOf(field, asked)}
  </div>`
}

function described(field: Field, { errors }: Asked, help?: string): Html {
  const isWrong = errors.some((error) => error.field === field)
  const ids = [help, isWrong ? `${field}-error` : undefined].filter((id) => id !== undefined).join(' ')
  return html`${isWrong ? raw('aria-invalid="true"') : ''} ${ids === '' ? '' : html`aria-describedby="${ids}"`}`
}

function errorOf(field: Field, { errors }: Asked): Html | '' {
  const own = errors.filter((error) => error.field === field)
  if (own.length === 0) return ''
  return html`<p id="${field}-error" class="wrong">${own.map(({ text }) => text).join(' ')}</p>`
}

function resultOf(comparison: Comparison): Html {
  const { plans, names, currency, developers, leftOut, isInvented, works } = comparison
  const kind = isInvented ? 'invented' : 'real'
  const labels = names.map((name, i) => `${i + 1}. ${name}`) as [string, string]
  return html`<section aria-label="${t('fundPage.sim.compare')}">
    <p class="note">${t('fundPage.sim.facts', { kind, count: developers, left: leftOut })}</p>
    <ul>
      ${plans.map(({ grossCents, contributors, exempt }, i) => {
        const amount = roundMoney(grossCents, currency)
        return html`<li>${t('fundPage.sim.result', { name: labels[i]!, amount, contributors, exempt })}</li>`
      })}
    </ul>
    ${(['group', 'sector', 'size', 'country'] as const).map((table) => comparedTable(comparison, table, labels))}
    <h2>${t('fundPage.sim.unknown')}</h2>
    <p>${t('fundPage.sim.unknown.text', { works })}</p>
  </section>`
}

type Compared = 'group' | 'sector' | 'size' | 'country'

interface Row {
  label: string
  before: bigint
  after: bigint
}

function comparedTable({ plans, currency }: Comparison, table: Compared, labels: [string, string]): Html | '' {
  const rows = rowsOf(plans, table, currency)
  if (rows.length === 0) return ''
  const title = t('fundPage.sim.table', { table })
  const amount = (cents: bigint) => ({ cents, text: roundMoney(cents, currency) })
  return html`<h2>${title}</h2>
    ${chartKey(labels)}
    ${barChart(
      t('fundPage.chart', { name: title }),
      rows.map(({ label, before, after }) => ({ label, values: [amount(before), amount(after)] })),
    )}
    ${figureTable(
      title,
      [column('what'), '1', '2', column('difference')],
      rows.map(({ label, before, after }) => [
        label,
        roundMoney(before, currency),
        roundMoney(after, currency),
        roundMoney(after - before, currency, 'exceptZero'),
      ]),
      true,
    )}`
}

/** Amounts are named `group heritage`, `sector text`, `size 10 to 100`, `country PL`; `reserve`, `fee`, `held` alone. */
function rowsOf(plans: Comparison['plans'], table: Compared, currency: string): Row[] {
  const [a, b] = plans.map(({ amounts }) => amounts) as [Map<string, bigint>, Map<string, bigint>]
  const alone: Record<Compared, string[]> = { group: ['reserve', 'fee'], sector: ['held'], size: [], country: [] }
  const names = [...new Set([...a.keys(), ...b.keys()])].filter(
    (name) => name.startsWith(`${table} `) || alone[table].includes(name),
  )
  if (table === 'size') names.sort((x, y) => Number(/\d+/.exec(x)?.[0]) - Number(/\d+/.exec(y)?.[0]))
  return names
    .map((name) => ({ label: nameOf(name, table, currency), before: a.get(name) ?? 0n, after: b.get(name) ?? 0n }))
    .filter(({ before, after }) => before > 0n || after > 0n)
}

function nameOf(name: string, table: Compared, currency: string): string {
  const rest = name.slice(table.length + 1)
  if (table === 'group' || name === 'held')
    return t('fundPage.group', { group: name.startsWith('group ') ? rest : name })
  if (table === 'sector') return sectorName(rest)
  if (table === 'country') return rest === 'unknown' ? column('unknown') : sayPlace(rest, words)
  const [low, high] = rest.startsWith('below') ? ['0', rest.slice('below '.length)] : rest.split(' to ')
  return moneyRange(Number(low), Number(high), currency)
}

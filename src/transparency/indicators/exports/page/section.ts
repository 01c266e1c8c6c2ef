import { SMALL_CELL, type Indicator, type IndicatorTable } from '../../indicator.ts'
import { unitOfColumn } from '../release.ts'
import { barChart, figuresChart } from './charts.ts'
import { intervalText, percent, shown, valueText } from './format.ts'
import { html, type Markup } from './markup.ts'
import { columnTitle, rowName } from './names.ts'
import { parityChart } from './parityChart.ts'
import { questionOf, sentencesOf } from './words.ts'

/** Names of sources are longer than those of rows. */
const SENTENCE_MAX = 600

/** An indicator that was measured: what it asks and says, its figures, its picture, its table, and how it came about. */
export function section(indicator: Indicator): Markup {
  const { number, name, table } = indicator
  const sentences = sentencesOf(indicator)
  const chart = figuresChart(indicator)
  return html`<section id="indicator-${number}" aria-labelledby="name-${number}">
    <h2 id="name-${number}"><span class="number">${number}</span> <span>${name}</span></h2>
    <p class="asks">${questionOf(indicator)}</p>
    <p class="says">${sentences.length > 0 ? sentences.join(' ') : 'There is no figure: what is known is too little.'}</p>
    ${chart && html`<figure>${chart}</figure>`} ${indicator.figures.length > 0 ? figuresTable(indicator) : undefined}
    ${table && behind(number, name, table)} ${provenance(indicator)}
  </section>`
}

function figuresTable({ number, name, figures }: Indicator): Markup {
  const rows = figures.map(
    ({ label, value, unit, low, high }) =>
      html`<tr>
        <th scope="row"><bdi>${shown(label)}</bdi></th>
        <td class="numeral">${valueText(value, unit)}</td>
        <td class="numeral">${intervalText(low, high, unit) ?? '–'}</td>
      </tr>`,
  )
  return html`<table class="figures" id="figures-${number}">
    <caption>
      Figures: ${name}
    </caption>
    <thead>
      <tr>
        <th scope="col">Figure</th>
        <th scope="col" class="numeral">Value</th>
        <th scope="col" class="numeral">95% interval</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function behind(number: number, name: string, table: IndicatorTable): Markup {
  const parity = parityChart(table)
  const bars = parity ? undefined : barChart(table)
  return html`${parity && captioned(parity, 'Parity of each official language, on a logarithmic scale')}
  ${bars && captioned(bars.chart, bars.caption)} ${rowsTable(number, name, table)}`
}

function captioned(chart: Markup, caption: string): Markup {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    ${chart}
  </figure>`
}

function rowsTable(number: number, name: string, { columns, rows, suppressed, more }: IndicatorTable): Markup {
  const isText = columns.map((_, i) => i === 0 || rows.some((row) => typeof row[i] === 'string'))
  const heads = columns.map(
    (column, i) => html`<th scope="col" class="${isText[i] ? 'name' : 'numeral'}">${columnTitle(column)}</th>`,
  )
  const cell = (value: string | number | null | undefined, i: number): Markup => {
    if (i === 0)
      return html`<th scope="row" class="${isText.indexOf(true, 1) < 0 ? 'name' : 'code'}"><bdi>${rowName(columns[0]!, String(value ?? ''))}</bdi></th>`
    if (isText[i]) return html`<td><bdi>${shown(String(value ?? ''))}</bdi></td>`
    return html`<td class="numeral">${valueText(value as number | null, unitOfColumn(columns[i]!))}</td>`
  }
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="table-${number}">
      <table>
        <caption id="table-${number}">
          Table: ${name}
        </caption>
        <thead>
          <tr>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => html`<tr>${columns.map((_, i) => cell(row[i], i))}</tr>`)}
        </tbody>
      </table>
    </div>
    ${suppressed > 0 ? leftOut(suppressed) : undefined}
    ${more > 0 ? html`<p class="soft">Smaller ones that are not listed: ${valueText(more, 'count')}.</p>` : undefined}`
}

function leftOut(count: number): Markup {
  return html`<p class="left-out">
    Groups left out of the table: ${count}. They stand for fewer than ${SMALL_CELL} rows, or would give away one that does; they
    could point at persons.
  </p>`
}

function provenance({ formula, source, weightBasis, unknownShare, reference, note }: Indicator): Markup {
  const entries: [string, string | undefined][] = [
    [
      'Not known',
      unknownShare === null
        ? undefined
        : `${percent(unknownShare)} of the ${weightBasis === 'rows' ? 'rows' : 'weight'}`,
    ],
    ['Counted by', weightBasis],
    ['Formula', formula],
    ['Source', source],
    ['Compared with', reference],
    ['Note', note],
  ]
  return html`<dl>
    ${entries
      .filter(([, text]) => text)
      .map(
        ([term, text]) =>
          html`<div>
            <dt>${term}</dt>
            <dd><bdi>${shown(text!, SENTENCE_MAX)}</bdi></dd>
          </div>`,
      )}
  </dl>`
}

/** An indicator that nothing was given for: what it would ask, and what it needs. */
export function missing(indicator: Indicator): Markup {
  const { number, name, note, formula } = indicator
  return html`<li id="indicator-${number}">
    <h3><span class="number">${number}</span> <span>${name}</span></h3>
    <p>${questionOf(indicator)}</p>
    <p class="soft"><bdi>${shown(note ?? '', SENTENCE_MAX)}</bdi> Formula: ${formula}.</p>
  </li>`
}

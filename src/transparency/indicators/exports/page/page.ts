import type { Indicator } from '../../indicator.ts'
import type { IndicatorRelease } from '../release.ts'
import { shown, timeText, valueText } from './format.ts'
import { html, type Markup } from './markup.ts'
import { missing, section } from './section.ts'
import { STYLE } from './style.ts'

/** Nothing is fetched and nothing runs, even if a name of the data set came through as markup. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/**
 * A release as one page of HTML that needs nothing else: no script, no file from elsewhere. Each indicator in plain words,
 * with its figures, intervals, a drawing with a text alternative, and its table; what was not measured is listed with what it
 * needs. There is no score of the whole. Names from the data set are escaped, cut and kept in their direction. Throws nothing.
 */
export function toPage(release: IndicatorRelease): string {
  const measured = release.indicators.filter(({ status }) => status === 'measured')
  const missed = release.indicators.filter(({ status }) => status !== 'measured')
  const dataset = shown(release.dataset)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>Indicators of ${dataset}</title>
        <style>
          ${{ markup: STYLE }}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">To the indicators</a>
        <header>${opening(release, measured.length)}</header>
        ${contents(measured, missed)}
        <main id="main" tabindex="-1">
          ${guide()} ${measured.map(section)} ${missed.length > 0 ? notMeasured(missed) : undefined}
        </main>
        <footer>
          <p>
            Names are cut, and shown without control characters; whole ones are in the JSON-stat export of the same release.
          </p>
        </footer>
      </body>
    </html>`
  return page.markup
}

function opening(release: IndicatorRelease, measured: number): Markup {
  const { rows, counted, weight, weightBasis, at, indicators } = release
  const skipped = rows - counted
  return html`<p class="kind">Indicators of a data set</p>
    <h1><bdi>${shown(release.dataset)}</bdi></h1>
    <p class="lead">
      ${valueText(counted, 'count')} rows were counted${
        weightBasis === 'rows'
          ? ''
          : `, each by its weight (${shown(weightBasis)}: ${valueText(weight, 'number')} in all)`
      }.
      ${skipped > 0 ? `${valueText(skipped, 'count')} more have no weight that counts. ` : ''}${measured} of
      ${indicators.length} indicators could be measured.
    </p>
    <p class="soft">Computed on ${timeText(at)}. There is no overall score: these measure different things.</p>`
}

function contents(measured: Indicator[], missed: Indicator[]): Markup {
  const entry = ({ number, name }: Indicator) =>
    html`<li><a href="#indicator-${number}"><span class="number">${number}</span> <span class="title">${name}</span></a></li>`
  return html`<nav aria-label="Contents">
    ${measured.length > 0 ? html`<h2>Measured</h2><ul>${measured.map(entry)}</ul>` : undefined}
    ${missed.length > 0 ? html`<h2>Not measured</h2><ul>${missed.map(entry)}</ul>` : undefined}
  </nav>`
}

function guide(): Markup {
  return html`<section aria-labelledby="guide" class="guide">
    <h2 id="guide">How to read it</h2>
    <ul>
      <li>
        <strong>The interval</strong>, drawn as a line through the dot, tells how far a figure would move among data sets drawn
        like this one. It does not tell what is wrong with how it was drawn.
      </li>
      <li>
        <strong>Not known</strong> is what the data set does not say. It is left out of the figures unless the note says
        otherwise, and nothing is guessed in its place.
      </li>
      <li><strong>Counted by</strong> says what makes a row large: itself, or a column such as its length.</li>
    </ul>
  </section>`
}

function notMeasured(missed: Indicator[]): Markup {
  return html`<section id="not-measured" aria-labelledby="not-measured-name">
    <h2 id="not-measured-name">Not measured</h2>
    <p>Nothing was given for these. That is neither a zero nor a good sign.</p>
    <ul class="missing">
      ${missed.map(missing)}
    </ul>
  </section>`
}

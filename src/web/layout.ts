import { html, raw } from 'hono/html'
import { language, languages, place, t } from './text.ts'

export type Html = ReturnType<typeof html>

const NAVIGATION = [
  ['/', 'nav.home'],
  ['/rights/new', 'nav.rights'],
  ['/verify', 'nav.verify'],
  ['/works', 'nav.works'],
  ['/datasets', 'nav.datasets'],
  ['/log', 'nav.log'],
  ['/about', 'nav.about'],
  ['/account', 'account.title'],
] as const

/** A whole page: one column, one thing to do. `script` names an ES module that improves it. */
export function page(options: {
  title: string
  path: string
  isExample: boolean
  script?: string
  content: Html
}): Html {
  const { title, path, isExample, script, content } = options
  return html`<!doctype html>
    <html lang="${language()}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · ${t('site.name')}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${script ? html`<script type="module" src="/modules/web/client/${script}.ts"></script>` : ''}
      </head>
      <body>
        <a class="skip" href="#content">${t('site.skip')}</a>
        <header>
          <p class="name"><a href="/">${t('site.name')}</a></p>
          <nav aria-label="${t('site.name')}">
            <ul>
              ${NAVIGATION.map(([href, key]) => html`<li><a href="${href}" ${path === href ? raw(' aria-current="page"') : ''}>${t(key)}</a></li>`)}
            </ul>
          </nav>
          ${isExample ? html`<p class="example" role="note">${t('site.example')}</p>` : ''}
        </header>
        <main id="content" tabindex="-1">
          <h1>${title}</h1>
          ${content}
        </main>
        <footer>
          <p>
            <a href="/languages?to=${encodeURIComponent(place())}"
              >${t('site.language')}: ${languages[language()]?.name ?? 'English'}</a
            >
          </p>
          <p>
            <a href="/accessibility">${t('accessibility.title')}</a> · <a href="/paper">${t('paper.title')}</a> ·
            <a href="/lessons">${t('lesson.link')}</a> · <a href="/fund">${t('fundPage.title')}</a>
          </p>
          <p>${t('site.tagline')}. EUPL-1.2.</p>
        </footer>
      </body>
    </html>`
}

/** Rows of terms and their descriptions. */
export function facts(rows: readonly (readonly [string, unknown] | undefined)[]): Html {
  return html`<dl>
    ${rows.flatMap((row) =>
      row
        ? [
            html`<dt>${row[0]}</dt>
              <dd>${row[1]}</dd>`,
          ]
        : [],
    )}
  </dl>`
}

/** A long code that breaks anywhere and is not read out as a word. */
export function code(text: string): Html {
  return html`<code class="long">${text}</code>`
}

import { html } from 'hono/html'
import type { CheckResult } from '../api/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { hitItem } from './hits.ts'
import { code, facts, page, type Html } from './layout.ts'
import { meaningLink } from './lessons/meaning.ts'
import { number, t, when } from './text.ts'

/** What pages need to know about the node beside their own subject. */
export function isExample(node: Node): boolean {
  return node.datasets.list().some((set) => set.isExample)
}

export function homePage(node: Node): Html {
  const sets = node.datasets.list()
  const rows = sets.reduce((sum, { rowCount }) => sum + rowCount, 0)
  return page({
    title: t('home.title'),
    path: '/',
    isExample: isExample(node),
    script: 'drop',
    content: html`<p class="lead">${t('home.lead')}</p>
      <form
        id="drop"
        class="drop"
        action="/check"
        method="post"
        enctype="multipart/form-data"
        data-reading="${t('home.reading')}"
        data-coding="${t('home.coding')}"
        data-asking="${t('home.asking')}"
        data-failed="${t('home.failed', { reason: '%' })}"
      >
        <label for="file">${t('home.file')}</label>
        <input id="file" name="file" type="file" required aria-describedby="privacy" />
        <button>${t('home.submit')}</button> <span class="soft" data-script hidden>${t('home.drop')}</span>
        <p role="status" aria-live="polite"></p>
        <p id="privacy" class="soft">
          <span data-script hidden>${t('home.device')}</span><span data-plain>${t('home.upload')}</span>
        </p>
      </form>
      <p class="soft">${t('home.scope', { datasets: sets.length, rows })}</p>
      <p><a href="/collection">${t('collection.link')}</a></p>`,
  })
}

export function resultPage(node: Node, result: CheckResult): Html {
  const sets = new Set(result.hits.map(({ dataset }) => dataset)).size
  const { pdqQuality, unread } = result.fileCodes
  return page({
    title: sets === 0 ? t('result.none') : t('result.found', { count: sets }),
    path: '/results',
    isExample: isExample(node),
    script: 'result',
    content: html`<p class="lead">
        ${t('result.searched', { datasets: result.datasetsSearched, rows: result.rowsSearched, date: when(result.createdAt) })}
      </p>
      ${result.unasked.length > 0 ? html`<p role="note" class="note">${t('result.unasked', { names: result.unasked.join(', ') })}</p>` : ''}
      ${sets === 0 ? html`<p>${t('result.noneMeans')} ${meaningLink(4)}</p>` : ''}
      ${pdqQuality !== null && pdqQuality < 50 ? html`<p>${t('result.flat', { quality: pdqQuality })}</p>` : ''}
      ${unread ? html`<p>${t('result.unread', { reason: unread })}</p>` : ''}
      <p><a class="button" href="/reserve?result=${result.id}">${t('result.reserve')}</a></p>
      ${
        sets === 0
          ? ''
          : html`<h2>${t('result.list')}</h2>
              <ol class="hits" data-result="${result.id}">
                ${result.hits.map((_, i) => hitItem(result, i))}
              </ol>
              <h2>${t('result.notProof')}</h2>
              <p>${t('result.notProof.text')} ${t('lesson.4.wrong')}</p>
              <h2>${t('result.verify')}</h2>
              <p>${t('result.verify.text')}</p>`
      }
      ${
        result.works.length === 0
          ? ''
          : html`<h2>${t('result.works')}</h2>
              <ul>
                ${result.works.map((work) => html`<li><a href="/works/${work.id}">${work.title}</a> — ${t(`result.${work.match}`)}</li>`)}
              </ul>`
      }
      <h2>${t('result.codes')}</h2>
      ${facts(Object.entries(result.fileCodes.codes).map(([name, value]) => [name, code(value)] as const))}`,
  })
}

export function datasetsPage(node: Node): Html {
  const sets = node.datasets.list()
  return page({
    title: t('datasets.title'),
    path: '/datasets',
    isExample: isExample(node),
    content: html`<p><a href="/catalog">${t('offer.list.title')}</a></p>
      ${sets.length === 0 ? html`<p>${t('datasets.none')}</p>` : ''}
    ${sets.map(
      (set) =>
        html`<section class="hit">
          <h2>${set.name}</h2>
          ${facts([
            [t('datasets.version'), set.version],
            [t('datasets.rows'), number(set.rowCount)],
            set.source ? [t('datasets.source'), set.source] : undefined,
            set.contact ? [t('datasets.contact'), set.contact] : undefined,
            set.isExample ? [t('datasets.example'), '✓'] : undefined,
          ])}
        </section>`,
    )}`,
  })
}

export function aboutPage(node: Node): Html {
  const keys = ['about.what', 'about.signature', 'about.match', 'about.no', 'about.data', 'about.notBuilt']
  return page({
    title: t('about.title'),
    path: '/about',
    isExample: isExample(node),
    content: html`${keys.map((key) => html`<p>${t(key)}</p>`)}
      <p><a href="/rights/no">${t('no.title')}</a> · <a href="/consents">${t('consents.title')}</a> ·
        <a href="/lessons">${t('lesson.title')}</a></p>
      <p><a href="/openapi">${t('about.api')}</a></p>`,
  })
}

/** The API, readable: every operation with its summary, from the same document that machines read. */
export function openApiPage(
  node: Node,
  document: { paths?: Record<string, Record<string, { summary?: string }>> },
): Html {
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { summary }]) =>
        html`<tr>
          <td><code>${method.toUpperCase()}</code></td>
          <td><code>${path}</code></td>
          <td>${summary ?? ''}</td>
        </tr>`,
    ),
  )
  return page({
    title: 'API',
    path: '/openapi',
    isExample: isExample(node),
    content: html`<p>
        <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1, ${isoTime(node.register.effects.now()).slice(0, 10)})
      </p>
      <div class="table" role="region" aria-label="API" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">${t('api.method')}</th>
              <th scope="col">${t('api.path')}</th>
              <th scope="col">${t('api.answers')}</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`,
  })
}

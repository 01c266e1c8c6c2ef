import { html } from 'hono/html'
import type { CheckResult } from '../api/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { code, facts, page, type Html } from './layout.ts'
import { t, when } from './text.ts'

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
      ${sets === 0 ? html`<p>${t('result.noneMeans')}</p>` : ''}
      ${pdqQuality !== null && pdqQuality < 50 ? html`<p>${t('result.flat', { quality: pdqQuality })}</p>` : ''}
      ${unread ? html`<p>${t('result.unread', { reason: unread })}</p>` : ''}
      <p><a class="button" href="/reserve?result=${result.id}">${t('result.reserve')}</a></p>
      ${
        sets === 0
          ? ''
          : html`<h2>${t('result.list')}</h2>
              <ol class="hits">
                ${result.hits.map((hit, i) => hitItem(result, hit, i))}
              </ol>
              <h2>${t('result.notProof')}</h2>
              <p>${t('result.notProof.text')}</p>
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

function hitItem(result: CheckResult, hit: CheckResult['hits'][number], i: number): Html {
  return html`<li class="hit">
    <h3>${t(`result.${hit.match}`)}</h3>
    <p>
      ${t('result.where', { name: hit.datasetName, version: hit.datasetVersion, row: hit.row })}<br />
      <span class="soft"
        >${t(`result.strength.${hit.match}`, { measure: hit.measure })}${hit.match === 'part-of-picture' ? ` ${t('result.chance', { expected: result.partsExpectedByChance || 0 })}` : ''}</span
      >
    </p>
    ${hit.url ? html`<p>${t('result.address')}: ${code(hit.url)}</p>` : ''}
    ${passage(hit)}${parts(hit)}${stretch(hit)}
    <p><a href="/requests/new?result=${result.id}&amp;hit=${i}">${t('result.request')}</a></p>
  </li>`
}

/** The part that both pictures show, drawn over the frame of each. */
function parts({ outline }: CheckResult['hits'][number]): Html | '' {
  if (!outline) return ''
  const frame = (corners: number[][], name: 'yours' | 'theirs') => html`<figure>
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${t(`result.part.${name}`)}: ${describePart(corners)}" ${name === 'yours' ? 'data-own-picture' : ''}>
      <rect x="0" y="0" width="100" height="100" class="frame" />
      <polygon points="${corners.map(([x, y]) => `${x! * 100},${y! * 100}`).join(' ')}" class="part" />
    </svg>
    <figcaption>${t(`result.part.${name}`)}: ${describePart(corners)}</figcaption>
  </figure>`
  return html`<div class="parts" data-parts>${frame(outline.query, 'yours')}${frame(outline.row, 'theirs')}</div>`
}

/** Which part of each sound is the same, as a line of time with the stretch marked. */
function stretch({ stretch: found, match }: CheckResult['hits'][number]): Html | '' {
  if (!found) return ''
  const { queryStart, rowStart, seconds } = found
  const times = html`<p>
    ${t('result.stretch', { yoursFrom: clock(queryStart), yoursTo: clock(queryStart + seconds), theirsFrom: clock(rowStart), theirsTo: clock(rowStart + seconds) })}
  </p>`
  if (match !== 'sound') return times
  return html`<svg class="sound" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" hidden data-own-sound data-from="${queryStart}" data-seconds="${seconds}"><rect y="0" height="100" class="part" /></svg>${times}`
}

/** Seconds as minutes and seconds. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

/** In words, for those who do not see the drawing: from where to where, in shares of the width and height. */
function describePart(corners: number[][]): string {
  const percent = (values: number[]) =>
    [Math.min(...values), Math.max(...values)].map((value) => Math.round(value * 100))
  const [left, right] = percent(corners.map(([x]) => x!))
  const [top, bottom] = percent(corners.map(([, y]) => y!))
  return t('result.part.where', { left: left!, right: right!, top: top!, bottom: bottom! })
}

/** The shared stretch as the row has it, with what stands around it there. */
function passage({ alignment, excerpt, measure }: CheckResult['hits'][number]): Html | '' {
  if (!alignment)
    return excerpt
      ? html`<p>${t('result.excerpt')}:</p>
          <blockquote>${excerpt}</blockquote>`
      : ''
  const { before, shared, after, queryOffset, rowOffset, isExact, isCommon } = alignment
  return html`<p>${t(isExact ? 'result.aligned' : 'result.alignedAtLeast', { measure, queryOffset, rowOffset })}</p>
    ${isCommon ? html`<p>${t('result.common')}</p>` : ''}
    <blockquote><span class="soft">… ${before}</span><mark>${shared}</mark><span class="soft">${after} …</span></blockquote>`
}

export function datasetsPage(node: Node): Html {
  const sets = node.datasets.list()
  return page({
    title: t('datasets.title'),
    path: '/datasets',
    isExample: isExample(node),
    content: html`${sets.length === 0 ? html`<p>${t('datasets.none')}</p>` : ''}
    ${sets.map(
      (set) =>
        html`<section class="hit">
          <h2>${set.name}</h2>
          ${facts([
            [t('datasets.version'), set.version],
            [t('datasets.rows'), set.rowCount.toLocaleString('en')],
            set.source ? [t('datasets.source'), set.source] : undefined,
            set.contact ? [t('datasets.contact'), set.contact] : undefined,
            set.isExample ? [t('datasets.example'), '✓'] : undefined,
          ])}
        </section>`,
    )}`,
  })
}

export function aboutPage(node: Node): Html {
  const keys = ['about.what', 'about.signature', 'about.match', 'about.no', 'about.data', 'about.limits']
  return page({
    title: t('about.title'),
    path: '/about',
    isExample: isExample(node),
    content: html`${keys.map((key) => html`<p>${t(key)}</p>`)}
      <p><a href="/openapi">${t('about.api')}</a></p>`,
  })
}

export function errorPage(node: Node, message: string, remedy: string | undefined): Html {
  return page({
    title: t('error.title'),
    path: '/error',
    isExample: isExample(node),
    content: html`<p class="lead" role="alert">${message}</p>
      ${remedy ? html`<p>${remedy}</p>` : ''}
      <p><a href="/">${t('error.back')}</a></p>`,
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
              <th scope="col">Method</th>
              <th scope="col">Path</th>
              <th scope="col">Answers</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`,
  })
}

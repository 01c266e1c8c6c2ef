import { html } from 'hono/html'
import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { findWork, readWorkDetails } from '../register/index.ts'
import { lookAtPlaces, readPlaces, type VisiblePlace } from '../watching/index.ts'
import { formLimit } from './forms.ts'
import { furtherLink } from './furtherPages.ts'
import { code, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { t, when } from './text.ts'

const FRESH_MS = 10 * 60_000

/** Where the terms of a work are visible today, and where not. */
export function addVisibleRoutes(web: Api, node: Node): void {
  web.get('/works/:id/visible', async (context) => {
    const shown = await visiblePage(node, context.req.param('id'))
    return shown ? context.html(shown) : context.notFound()
  })
  web.post('/works/:id/visible', formLimit, async (context) => {
    const id = context.req.param('id')
    const { database, effects } = node.register
    // A site is not asked again and again because somebody presses a button.
    const known = await readPlaces(database.db, id, effects.now())
    const isFresh = known.some(({ checkedAt }) => effects.now() - Date.parse(checkedAt) < FRESH_MS)
    const looked = isFresh ? known : await lookAtPlaces(node.register, id)
    return looked ? context.redirect(`/works/${id}/visible`, 303) : context.notFound()
  })
}

async function visiblePage(node: Node, id: string): Promise<Html | undefined> {
  const { database, effects } = node.register
  const work = await findWork(database.db, id)
  if (!work || work.is_sealed === 1n) return undefined
  const { urls } = await readWorkDetails(database.db, id)
  const places = await readPlaces(database.db, id, effects.now())
  return page({
    title: t('visible.title', { title: work.title }),
    path: '/visible',
    isExample: isExample(node),
    content: html`<p class="lead">${t('visible.lead')}</p>
      <p>${t('visible.snapshot')}</p>
      ${places.map(placeSection)} ${urls.length > 0 && places.length === 0 ? html`<p>${t('visible.notYet')}</p>` : ''}
      ${
        urls.length === 0
          ? html`<p>${t('visible.noUrl')}</p>`
          : html`<form action="/works/${id}/visible" method="post">
              <p><button>${t('visible.look')}</button></p>
            </form>`
      }
      ${await furtherLink(node, id)}
      <p><a href="/rights/new?work=${id}">${t('visible.write')}</a> · <a href="/works/${id}">${work.title}</a></p>`,
  })
}

function placeSection({ url, checkedAt, wasRead, saidIn, uses }: VisiblePlace): Html {
  return html`<section class="hit">
    <h2>${code(url)}</h2>
    <p>
      ${t('visible.checked', { date: when(checkedAt) })}
      ${wasRead ? (saidIn.length > 0 ? t('visible.saidIn', { places: saidIn.join(', ') }) : '') : t('visible.unread')}
    </p>
    <div class="table" role="region" aria-label="${url}" tabindex="0">
      <table>
        <thead>
          <tr>
            ${['action', 'register', 'site', 'together'].map((name) => html`<th scope="col">${t(`visible.${name}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${uses.map(
            ({ action, register, site, is }) =>
              html`<tr>
                <th scope="row">${t(`work.action.${action}`)}</th>
                <td>${t(`work.decision.${register}`)}</td>
                <td>${site === 'unknown' ? '?' : t(`work.decision.${site}`)}</td>
                <td>${t(`visible.${is}`)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

import { html } from 'hono/html'
import type { Api } from '../api/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { feedOf, findFound, lastLook } from '../watching/index.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { shownParty } from './partyNames.ts'
import { t, when } from './text.ts'

const SHOWN_MAX = 200

/** What was found of a party's works without anybody asking, as a page and as a feed. */
export function addFoundRoutes(web: Api, node: Node): void {
  web.get('/parties/:id/found', async (context) => {
    const id = context.req.param('id')
    const shown = id.endsWith('.atom') ? undefined : await foundPage(node, id)
    return shown ? context.html(shown) : context.notFound()
  })
  web.get('/parties/:id/found.atom', async (context) => {
    const id = context.req.param('id')
    const party = await shownParty(node, id)
    if (!party) return context.notFound()
    const feed = feedOf((await findFound(node.register, { party: id, limit: SHOWN_MAX })).found, {
      title: t('found.title', { name: party.name }),
      page: `${node.config.publicUrl}/parties/${id}/found`,
      at: isoTime(node.register.effects.now()),
      say: (works, places) => t('found.some', { works, places }),
    })
    return context.body(feed, 200, { 'content-type': 'application/atom+xml; charset=utf-8' })
  })
}

async function foundPage(node: Node, id: string): Promise<Html | undefined> {
  const { db } = node.register.database
  const party = await shownParty(node, id)
  if (!party) return undefined
  const { found, places, works } = await findFound(node.register, { party: id, limit: SHOWN_MAX })
  const looked = await lastLook(db)
  return page({
    title: t('found.title', { name: party.name }),
    path: '/found',
    isExample: isExample(node),
    content: html`<p class="lead">
        ${found.length === 0 ? t('found.none') : t('found.some', { works, places })}
      </p>
      <p>${looked ? t('found.looked', { date: when(looked) }) : t('found.notYet')}</p>
      <p class="soft">${t('found.how')}</p>
      ${[...Map.groupBy(found, ({ work }) => work)].map(([work, rows]) => workSection(work, rows))}
      ${places > found.length ? html`<p>${t('found.more', { count: places - found.length })}</p>` : ''}
      <h2>${t('result.notProof')}</h2>
      <p>${t('result.notProof.text')}</p>
      <p><a href="/parties/${id}/found.atom">${t('found.feed')}</a> · <a href="/parties/${id}">${party.name}</a></p>`,
  })
}

function workSection(work: string, rows: Awaited<ReturnType<typeof findFound>>['found']): Html {
  return html`<section class="hit">
    <h2><a href="/works/${work}">${rows[0]!.title}</a></h2>
    <ul>
      ${rows.map(
        (row) =>
          html`<li>
            ${t('result.where', { name: row.dataset_name, version: row.dataset_version, row: Number(row.row_number) })}:
            ${t(`result.${row.kind}`)}. <strong>${t(`result.status.${row.status}`)}</strong> ${t(`result.status.${row.status}.text`)}
            <span class="soft">${when(row.found_at)}</span>
          </li>`,
      )}
    </ul>
  </section>`
}

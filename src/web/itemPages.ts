import { html } from 'hono/html'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findCollection, findWithdrawn, findWork, itemPosition } from '../register/index.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { isPasskey } from './partyNames.ts'
import { signingForm } from './signingForm.ts'
import { t, when } from './text.ts'

type WorkRow = NonNullable<Awaited<ReturnType<typeof findWork>>>

/** From when (ISO) each of these works is taken back; those that stand are not in it. */
export function takenBackAmong({ register }: Node, works: readonly WorkRow[]): Promise<Map<string, string>> {
  const declared = works.map(({ id, collection, log_index: logIndex }) => ({ id, collection, logIndex }))
  return findWithdrawn(register.database.db, declared, isoTime(register.effects.now()))
}

/** On the page of a work that is taken back. */
export function takenBackNote(from: string | undefined): Html | '' {
  return from === undefined
    ? ''
    : html`<p role="note"><strong>${t('item_takenBack', { date: when(from) })}</strong></p>`
}

/** On the page of a work that was declared in a collection and stands. */
export function takeBackLink(work: WorkRow): Html | '' {
  return itemPosition(work) === undefined
    ? ''
    : html` · <a href="/works/${work.id}/take-back">${t('item_back.link')}</a>`
}

/** Takes a single work out of its collection. Undefined for what is none of a collection, or is taken back already. */
export async function takeBackPage(node: Node, id: string): Promise<Html | undefined> {
  const { db } = node.register.database
  const work = await findWork(db, id)
  if (!work || itemPosition(work) === undefined || (await takenBackAmong(node, [work])).size > 0) return undefined
  const collection = (await findCollection(db, work.collection!))!
  return page({
    title: t('item_back.title'),
    path: '/works/take-back',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('item_back.lead', { title: work.title, collection: collection.title })}</p>
      <p>${t('item_back.text')}</p>
      ${signingForm({
        kind: 'itemsBack',
        hidden: { items: work.id },
        isKnown: true,
        hasPasskey: isPasskey(work.party),
        content: html``,
      })}
      <p><a href="/works/${work.id}">${work.title}</a></p>`,
  })
}

import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { findWork } from '../register/index.ts'
import { page, type Html } from './layout.ts'
import { disclosureFieldset } from './markPages.ts'
import { isExample } from './pages.ts'
import { signingForm } from './signingForm.ts'
import { t } from './text.ts'

/** Whoever made a work puts on record how. Undefined when there is no such public work. */
export async function newDisclosurePage(node: Node, id: string | undefined): Promise<Html | undefined> {
  const work = id === undefined ? undefined : await findWork(node.register.database.db, id)
  if (!work || work.is_sealed === 1n) return undefined
  return page({
    title: t('disclosure.new.title'),
    path: '/disclosures/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('disclosure.new.lead', { title: work.title })}</p>
      <p>${t('mark.exempt')}</p>
      ${signingForm({ kind: 'disclosure', hidden: { work: work.id }, isKnown: false, content: disclosureFieldset() })}`,
  })
}

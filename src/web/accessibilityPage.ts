import { html } from 'hono/html'
import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { t } from './text.ts'

/** When what the statement says was last looked at. It changes with the statement, not with the day. */
const PREPARED_ON = '2026-11-28'
const BARRIERS = ['passkey', 'signed', 'languages', 'films', 'files', 'documents'] as const

export function addAccessibilityRoutes(web: Api, node: Node): void {
  web.get('/accessibility', (context) => context.html(accessibilityPage(node)))
}

/** The statement after the model of Commission Implementing Decision (EU) 2018/1523. */
function accessibilityPage(node: Node): Html {
  const { operatorContact: contact, publicUrl } = node.config
  return page({
    title: t('accessibility.title'),
    path: '/accessibility',
    isExample: isExample(node),
    content: html`<p>${t('accessibility.commitment', { address: publicUrl })}</p>
      <h2>${t('accessibility.status')}</h2>
      <p>${t('accessibility.status.text')}</p>
      <h2>${t('accessibility.barriers')}</h2>
      <ul>
        ${BARRIERS.map((barrier) => html`<li>${t(`accessibility.barrier.${barrier}`)}</li>`)}
      </ul>
      <h2>${t('accessibility.preparation')}</h2>
      <p>${t('accessibility.preparation.text', { date: PREPARED_ON })}</p>
      <p>${t('accessibility.tested')}</p>
      <h2>${t('accessibility.feedback')}</h2>
      <p>${t('accessibility.feedback.text')}</p>
      <p>${contact === undefined ? t('accessibility.noContact') : contactLink(contact)}</p>
      <h2>${t('accessibility.enforcement')}</h2>
      <p>${t('accessibility.enforcement.text')}</p>`,
  })
}

/** A way to write to whoever runs this node. */
export function contactLink(contact: string): Html {
  return html`<a href="${contact.includes('://') ? contact : `mailto:${contact}`}">${contact}</a>`
}

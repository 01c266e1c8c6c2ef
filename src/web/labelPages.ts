import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { findParty } from '../register/index.ts'
import { listAuditTrail, type DecisionAnswer } from '../rights/index.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { partyLink, partyName } from './partyNames.ts'
import { targetName } from './termsPages.ts'
import { t, when } from './text.ts'

/** What a community says of it, in its own words; and, because anyone can call themselves one, who vouches for it. */
export function labelsOf(labels: DecisionAnswer['labels']): Html | '' {
  if (labels.length === 0) return ''
  return html`<h2>${t('labels.title')}</h2>
    <ul>
      ${labels.map(
        ({
          id,
          code: name,
          name: ownName,
          text,
          url,
          community,
          communityName,
          benefitSharing,
          isApproved,
          vouchedBy,
        }) =>
          html`<li>
            <strong>${ownName ?? t(`labels.code.${name}`)}</strong> (${name}),
            <a href="/parties/${encodeURIComponent(community)}">${communityName ?? community}</a>.
            ${t('labels.vouched', { count: vouchedBy })} ${isApproved ? '' : t('labels.waiting')}
            ${text ? html`<blockquote>${text}</blockquote>` : ''}
            ${benefitSharing ? html`<p>${t('labels.benefit')}: ${benefitSharing}</p>` : ''}
            ${url ? html`<a href="${url}" rel="noreferrer">${url}</a>` : ''}
            <a href="${labelPath(id)}">${t('labels.more')}</a>
          </li>`,
      )}
    </ul>`
}

/** Everything recorded about what a community has labelled. */
export async function auditPage(node: Node, community: string): Promise<Html | undefined> {
  const { db } = node.register.database
  const party = await findParty(db, community)
  if (party?.kind !== 'community') return undefined
  const trail = await listAuditTrail(db, community)
  const names = new Map<string, string>()
  const link = async (id: string) => {
    if (!names.has(id)) names.set(id, await partyName(node, id))
    return partyLink(id, names.get(id)!)
  }
  const rows = []
  for (const { what, id, by, about, detail, recordedAt, logIndex } of trail) {
    const title = about.startsWith('did:') ? await link(about) : await targetName(node, { kind: 'work', id: about })
    rows.push(
      html`<li>
        <a href="/receipts/${logIndex}">${when(recordedAt)}</a>:
        ${what === 'grant' ? html`${t('audit.grant')} ${await link(detail)}` : auditText(what, id, detail)}
        <span class="soft">${t('audit.by')}</span> ${await link(by)}
        <span class="soft">${t('audit.about')}</span> ${title}
      </li>`,
    )
  }
  return page({
    title: t('audit.title', { name: party.name }),
    path: '/parties',
    isExample: isExample(node),
    content: html`<p>${t('audit.intro')}</p>
      <p>${t('audit.unprotected')}</p>
      <ul>
        ${rows}
      </ul>`,
  })
}

function auditText(what: string, id: string, detail: string): Html {
  const text = t(`audit.${what}`)
  if (what === 'label') return html`${text} <a href="${labelPath(id)}">${t(`labels.code.${detail}`)}</a>`
  if (what === 'terms') return html`<a href="/rights/terms/${id.split('#')[0]}">${text}</a>`
  const quoted = detail === '' ? '' : ` “${detail}”`
  return what === 'proposal'
    ? html`<a href="/consents/${encodeURIComponent(id)}">${text}</a>${quoted}`
    : html`${text}${quoted}`
}

export function labelPath(id: string): string {
  return `/labels/${encodeURIComponent(id)}`
}

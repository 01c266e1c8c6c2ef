import { html } from 'hono/html'
import { claimKinds, findCollection, findWork, type ClaimRow } from '../register/index.ts'
import { needClaim, statedWith, type Api } from '../api/index.ts'
import { isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findStatement } from '../statements/index.ts'
import { areaField } from './fields.ts'
import { code, facts, page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { isPasskey, partyLink, shownParty } from './partyNames.ts'
import { choice } from './reservePages.ts'
import { signingForm } from './signingForm.ts'
import { t, when } from './text.ts'

/** Claiming, supporting and disputing: pages that read; `/sign` and the API record. */
export function addClaimRoutes(web: Api, node: Node): void {
  web.get('/claims/new', async (context) => {
    const { work, party } = context.req.query()
    const content = await newClaimPage(node, { work, party })
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/claims/:id', async (context) => context.html(await claimPage(node, context.req.param('id'))))
}

/** Claims as a list: what, by whom, when, why. */
export function claimList(claims: readonly ClaimRow[]): Html {
  return html`<ul>
    ${claims.map(
      (claim) =>
        html`<li>
          ${t(`claim.says.${claim.claims}`)}: ${partyLink(claim.party, claim.party_name ?? claim.party)},
          <a href="/claims/${claim.id.replace('#', '%23')}">${when(claim.recorded_at)}</a>${claim.taken_back_from === null ? '' : html` (${t('consent.takenBack')} ${when(claim.taken_back_from)})`}
          ${reasons(claim)}
        </li>`,
    )}
  </ul>`
}

function reasons({ evidence }: ClaimRow): Html[] {
  const given = JSON.parse(evidence) as { description: string; sha256?: string }[]
  return given.map(
    ({ description, sha256 }) =>
      html`<blockquote>${description}${sha256 === undefined ? '' : html`<br /><span class="soft">SHA-256 ${code(sha256)}</span>`}</blockquote>`,
  )
}

async function newClaimPage(
  node: Node,
  { work, party }: { work?: string | undefined; party?: string | undefined },
): Promise<Html | undefined> {
  const target = await nameOf(node, work ?? party ?? '')
  // Whoever has said nothing of themselves is nobody to vouch for.
  if (target === undefined || target.kind === null) return undefined
  const kinds = target.isParty ? (['vouches', 'disputes'] as const) : claimKinds
  return page({
    title: t('claim.new.title'),
    path: '/claims/new',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead">${t('claim.new.lead', { title: target.name })}</p>
      ${target.isParty ? '' : html`<p>${t('claim.effect')}</p>`}
      ${signingForm({
        kind: 'claim',
        hidden: target.isParty ? { party: target.id } : { work: target.id },
        isKnown: false,
        entitled: t('sign.entitled.proposal'),
        content: html`<fieldset>
            <legend>${t('claim.which')}</legend>
            ${kinds.map((kind) => choice('claims', kind, t(`claim.says.${kind}`), false))}
          </fieldset>
          ${areaField('evidence', t('claim.evidence'), t('claim.evidence.help'))}`,
      })}`,
  })
}

async function claimPage(node: Node, id: string): Promise<Html> {
  const claim = await needClaim(node, id)
  const { db } = node.register.database
  const statement = await findStatement(db, id.split('#')[0]!)
  const target = await nameOf(node, claim.target)
  const isAlone = (await statedWith(node, id)).length === 0
  const isOver = claim.taken_back_from !== null && claim.taken_back_from <= isoTime(node.register.effects.now())
  const name = claim.party_name ?? claim.party
  return page({
    title: t(`claim.says.${claim.claims}`),
    path: '/claims',
    isExample: isExample(node),
    script: 'sign',
    content: html`${facts([
      [
        t('terms.about'),
        target?.path === undefined ? (target?.name ?? claim.target) : html`<a href="${target.path}">${target.name}</a>`,
      ],
      [t('claim.by'), partyLink(claim.party, name)],
      [t('label.applied'), html`<a href="/receipts/${claim.log_index}">${when(claim.recorded_at)}</a>`],
      claim.taken_back_from === null ? undefined : [t('consent.takenBack'), when(claim.taken_back_from)],
      [t('consent.id'), code(claim.id)],
    ])}
      ${reasons(claim)}
      ${
        isOver || !isAlone
          ? ''
          : html`<h2>${t('label.withdraw')}</h2>
              <p>${t('label.withdraw.text', { name })}</p>
              ${signingForm({
                kind: 'claimBack',
                hidden: { claim: claim.id },
                isKnown: true,
                hasPasskey: isPasskey(statement!.issuer),
                content: html``,
              })}`
      }`,
  })
}

/** What a claim is about, by a name and the page that shows it; undefined for what nobody may see. */
async function nameOf(node: Node, id: string) {
  const { db } = node.register.database
  const party = id.startsWith('did:') ? await shownParty(node, id) : undefined
  if (party) {
    const { name, kind = null } = party
    return { id, name, path: `/parties/${encodeURIComponent(id)}`, isParty: true, kind }
  }
  const work = await findWork(db, id)
  if (work?.is_sealed === 0n) return { id, name: work.title, path: `/works/${id}`, isParty: false, kind: 'work' }
  const collection = await findCollection(db, id)
  return collection && { id, name: collection.title, path: undefined, isParty: false, kind: 'set' }
}

import { html } from 'hono/html'
import { listSites } from '../accounts/index.ts'
import { isoTime } from '../foundation/index.ts'
import { formatCheckpoint } from '../log/index.ts'
import { findDisclosures } from '../disclosure/index.ts'
import type { Node } from '../main.ts'
import { countWorks, findParty, findWork, listClaims, listWorks, readWorkDetails } from '../register/index.ts'
import {
  decideAll,
  findHiddenWorks,
  isFreeWork,
  isPublicDomain,
  listTermsOfParty,
  listTermsOfWork,
} from '../rights/index.ts'
import { findStatementAt, listStatements, type StatementRow } from '../statements/index.ts'
import { claimList } from './claimPages.ts'
import { consentsOf } from './consentPages.ts'
import { labelsOf } from './labelPages.ts'
import { takeBackLink, takenBackAmong, takenBackNote } from './itemPages.ts'
import { code, facts, page, type Html } from './layout.ts'
import { recordedDisclosures } from './disclosureCard.ts'
import { offerLinks } from './offerPages.ts'
import { isExample } from './pages.ts'
import { shownParty } from './partyNames.ts'
import { decisionFacts, spokenList, termsInWords } from './termsPages.ts'
import { siteList } from './sayings.ts'
import { mediumName, roleName, t, when } from './text.ts'

const PAGE_ROWS = 100

export async function worksPage(node: Node, before: number | undefined): Promise<Html> {
  const { db } = node.register.database
  const works = await listWorks(db, { limit: PAGE_ROWS, ...(before === undefined ? {} : { before }) })
  const last = works.at(-1)
  const back = await takenBackAmong(node, works)
  return page({
    title: t('works.title'),
    path: '/works',
    isExample: isExample(node),
    content: html`<p>${t('works.count', { count: await countWorks(db) })}</p>
      <p><a href="/catalog">${t('offer.list.title')}</a></p>
      <ul>
        ${works.map((work) => html`<li><a href="/works/${work.id}">${work.title}</a> <span class="soft">${mediumName(work.medium)}${back.has(work.id) ? html`, ${t('item_gone')}` : ''}</span></li>`)}
      </ul>
      ${works.length === PAGE_ROWS ? html`<p><a href="/works?before=${last!.log_index}">${t('works.older')}</a></p>` : ''}`,
  })
}

export async function workPage(node: Node, id: string): Promise<Html | undefined> {
  const { register } = node
  const { db } = register.database
  const work = await findWork(db, id)
  if (!work || work.is_sealed === 1n) return undefined
  const details = await readWorkDetails(db, id)
  const party = await findParty(db, work.party)
  const decisions = await decideAll(db, id, register.effects.now())
  const spoken = await listTermsOfWork(db, id, isoTime(register.effects.now()))
  const isHidden = (await findHiddenWorks(db, [id], isoTime(register.effects.now()))).size > 0
  const isFree = await isFreeWork(db, work, isoTime(register.effects.now()))
  const disclosures = await findDisclosures(db, id)
  const takenBackFrom = (await takenBackAmong(node, [work])).get(id)
  return page({
    title: work.title,
    path: '/work',
    isExample: isExample(node),
    content: html`${takenBackNote(takenBackFrom)}
      ${facts([
        [
          t('work.declaredBy'),
          html`<a href="/parties/${encodeURIComponent(work.party)}">${party?.name ?? work.party}</a>`,
        ],
        [t('work.role'), t(`work.role.${work.role}`)],
        work.rights_statement
          ? [
              t('work.rightsStatement'),
              html`<a href="${work.rights_statement}" rel="noreferrer">${work.rights_statement}</a>`,
            ]
          : undefined,
        [t('work.receipt'), html`<a href="/receipts/${work.log_index}">${t('log.entry')} ${work.log_index}</a>`],
      ])}
      ${labelsOf(decisions[0]!.answer.labels)}
      ${disclosures.length > 0 ? html`<h2>${t('disclosure.title')}</h2>${recordedDisclosures(disclosures)}` : ''}
      <p>
        <a href="/labels/new?work=${id}">${t('work.label')}</a> · <a href="/disclosures/new?work=${id}">${t('work.disclose')}</a>${disclosures.some(({ isByMaker }) => isByMaker) ? html` · <a href="/mark?work=${id}">${t('work.mark')}</a>` : ''}${takenBackFrom === undefined ? takeBackLink(work) : ''}
      </p>
      <h2>${t('work.decisions')}</h2>
      ${decisionFacts(decisions, spoken)}
      <p class="soft">${t('work.unset')}</p>
      ${termsInWords(spoken)}
      ${usesOf(work, isFree, takenBackFrom)}
      <p class="soft">${decisions[0]!.answer.legalNote.provision} (${decisions[0]!.answer.legalNote.reviewedBy}).</p>
      ${
        details.creators.length === 0
          ? ''
          : html`<h2>${t('work.creators')}</h2>
              <ul>
                ${details.creators.map(({ name, party: creator, role, share }) => html`<li>${name ?? creator}, ${roleName(role)}: ${Number(share) / 100} %</li>`)}
              </ul>`
      }
      ${
        details.identifiers.length === 0
          ? ''
          : html`<h2>${t('work.identifiers')}</h2>
              ${facts(details.identifiers.map(({ scheme, value }) => [scheme.toUpperCase(), value] as const))}`
      }
      <h2>${t('work.claims')}</h2>
      ${details.claims.length === 0 ? html`<p>${t('work.noClaims')}</p>` : claimList(details.claims)}
      <p><a href="/claims/new?work=${id}">${t('claim.link')}</a></p>
      <h2>${t('work.codes')}</h2>
      ${
        isHidden
          ? html`<p>${t('work.codesHidden')}</p>`
          : facts(details.fingerprints.map(({ algorithm, code: value }) => [algorithm, code(value)] as const))
      }`,
  })
}

/** Nobody has to be asked for what is in the public domain, and nobody is asked for what was taken back. */
function usesOf(
  { id, rights_statement: mark }: { id: string; rights_statement: string | null },
  isFree: boolean,
  takenBackFrom?: string,
) {
  if (takenBackFrom !== undefined) return ''
  if (isFree) return html`<p>${t('work.everybody')}</p>`
  return html`${isPublicDomain(mark) ? html`<p role="note"><strong>${t('work.disputed')}</strong></p>` : ''}${askLinks(id)}`
}

/** To whoever wants to use it, and to whoever made it. */
function askLinks(id: string): Html {
  return html`<p>
    <a href="/works/${id}/visible">${t('visible.link')}</a> · <a href="/works/${id}/chain">${t('chain.link')}</a> · <a href="/consents/new?work=${id}">${t('work.ask')}</a> · <a href="/rights/new?work=${id}">${t('work.policy')}</a> ·
    <a href="/consents/offer?work=${id}">${t('work.offer')}</a>
  </p>`
}

export async function partyPage(node: Node, id: string): Promise<Html | undefined> {
  const { db } = node.register.database
  const party = await shownParty(node, id)
  if (!party) return undefined
  const works = await listWorks(db, { party: id, limit: PAGE_ROWS })
  const back = await takenBackAmong(node, works)
  const now = isoTime(node.register.effects.now())
  const claims = (await listClaims(db, id)).filter(({ party: by }) => by !== id)
  const vouching = claims.filter(
    ({ claims: said, taken_back_from: end }) => said === 'vouches' && (end === null || now < end),
  )
  const terms = (await listTermsOfParty(db, id, isoTime(node.register.effects.now()))).filter(
    ({ target }) => target.kind === 'party',
  )
  return page({
    title: party.name,
    path: '/party',
    isExample: isExample(node),
    content: html`${facts([
      [
        t('party.identity'),
        vouching.length === 0
          ? t(party.kind === undefined ? 'party.nothing' : 'party.selfDeclared')
          : vouching
              .map(({ party_name, party: by, recorded_at }) =>
                t('party.vouched', { name: party_name ?? by, date: when(recorded_at) }),
              )
              .join('; '),
      ],
      party.kind === undefined ? undefined : [t('party.kind'), t(`party.kind.${party.kind}`)],
      ['DID', code(party.id)],
    ])}
      ${claims.length === 0 ? '' : html`<h2>${t('claim.others')}</h2>${claimList(claims)}`}
      ${party.kind === undefined ? '' : html`<p><a href="/claims/new?party=${encodeURIComponent(id)}">${t('claim.link.party')}</a></p>`}
      ${siteList(await listSites(db, { party: id }))}
      <p><a href="/parties/${id}/found">${t('found.link')}</a></p>
      ${party.kind === 'community' ? communityLinks(id) : ''}
      ${
        terms.length === 0
          ? ''
          : html`<h2>${t('party.terms')}</h2>
              ${spokenList(terms)}`
      }
      ${await consentsOf(node, id)} ${await offerLinks(node, id)}
      <h2>${t('party.works')}</h2>
      <ul>
        ${works.map((work) => html`<li><a href="/works/${work.id}">${work.title}</a>${back.has(work.id) ? html` <span class="soft">${t('item_gone')}</span>` : ''}</li>`)}
      </ul>`,
  })
}

function communityLinks(id: string): Html {
  const path = `/parties/${encodeURIComponent(id)}`
  return html`<p>
    <a href="${path}/audit">${t('party.audit')}</a> · <a href="${path}/approvers">${t('party.approvers')}</a>
  </p>`
}

export async function logPage(node: Node): Promise<Html> {
  const { register } = node
  const entries = await listStatements(register.database.db, { limit: 50 })
  return page({
    title: t('log.title'),
    path: '/log',
    isExample: isExample(node),
    content: html`<p class="lead">${t('log.lead', { size: register.log.size })}</p>
      <h2>${t('receipt.log')}</h2>
      <pre>${register.log.vkey}</pre>
      <p>${t('log.verify')}</p>
      <pre>npx colophon log verify ${node.config.publicUrl}/log --vkey "${register.log.vkey}"</pre>
      <h2>${t('log.checkpoint')}</h2>
      <pre>${formatCheckpoint(register.log.checkpoint())}</pre>
      <h2>${t('log.newest')}</h2>
      <div class="table" role="region" aria-label="${t('log.newest')}" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">${t('log.entry')}</th>
              <th scope="col">${t('log.kinds')}</th>
              <th scope="col">${t('log.when')}</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map(
              (entry) =>
                html`<tr>
                  <td><a href="/receipts/${entry.log_index}">${entry.log_index}</a></td>
                  <td>${kindsOf(entry)}</td>
                  <td>${when(entry.recorded_at)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
  })
}

function kindsOf(entry: StatementRow): string {
  if (entry.outcome !== 'accepted') return entry.outcome
  return entry.commitment ? t('log.sealed') : entry.kinds
}

export async function receiptPage(node: Node, logIndex: number): Promise<Html | undefined> {
  const row = await findStatementAt(node.register.database.db, logIndex)
  if (!row) return undefined
  const isPublic = row.outcome === 'accepted' && !row.commitment
  return page({
    title: t('receipt.title'),
    path: '/receipt',
    isExample: isExample(node),
    content: html`<p class="lead">${t('receipt.lead', { index: logIndex, date: when(row.recorded_at) })}</p>
      <p><a class="button" href="/receipts/${logIndex}.tlog-proof" download>${t('receipt.download')}</a></p>
      <h2>${t('receipt.verify')}</h2>
      <p>${t('receipt.verify.text')}</p>
      <pre>npx colophon log verify receipt-${logIndex}.tlog-proof --vkey "${node.register.log.vkey}"</pre>
      <h2>${t('receipt.log')}</h2>
      <pre id="vkey">${node.register.log.vkey}</pre>
      <h2>${t('receipt.statement')}</h2>
      ${
        isPublic
          ? html`${facts([[t('receipt.by'), html`<a href="/parties/${encodeURIComponent(row.issuer)}">${code(row.issuer)}</a>`]])}
              <pre>${JSON.stringify(JSON.parse(row.body!), null, 2)}</pre>`
          : html`<p>${kindsOf(row)}</p>`
      }`,
  })
}

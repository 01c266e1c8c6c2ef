import { html } from 'hono/html'
import { listKept, listSites, type Session } from '../../accounts/index.ts'
import type { Node } from '../../main.ts'
import { countWorksOf, findParty } from '../../register/index.ts'
import {
  REQUEST_KINDS,
  STATES,
  deadlinesOf,
  listEvents,
  listInboxes,
  sentAtOf,
  type CaseFilter,
} from '../../requests/index.ts'
import { listPartyKeys } from '../../statements/index.ts'
import { selectField, textField } from '../fields.ts'
import { code, facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { sayState, siteList } from '../sayings.ts'
import { signingForm } from '../signingForm.ts'
import { watchingSections } from './watchingSections.ts'
import { number, t } from '../text.ts'

/** Everything that somebody keeps with this node, on one page. */
export async function accountPage(node: Node, session: Session, filter: CaseFilter): Promise<Html> {
  const { db } = node.register.database
  const party = await findParty(db, session.party)
  return page({
    title: t('account.title'),
    path: '/account',
    isExample: isExample(node),
    script: 'sign',
    content: html`${facts([
      [t('account.name'), party?.name ?? t('account.name.none')],
      [t('account.key'), code(session.party)],
    ])}
      <form action="/account/out" method="post"><p><button class="second">${t('account.signOut')}</button></p></form>
      ${await keysSection(node, session)} ${await sitesSection(node, session.party)} ${await worksSection(node, session.party)} ${await casesSection(node, session.party, filter)}
      ${await watchingSections(node, session.party)} ${await inboxesSection(node, session.party)} ${dataSection()}`,
  })
}

/** The keys that speak for whoever is signed in; one that is lost is taken back with another. */
async function keysSection(node: Node, { party, didKey }: Session): Promise<Html> {
  const { db } = node.register.database
  const keys = await listPartyKeys(db, party)
  const isKnown = (await findParty(db, party)) !== undefined
  return html`<h2>${t('account.keys')}</h2>
    <p>${t('account.keys.lead')}</p>
    <ul>
      ${keys.map(
        (key) =>
          html`<li>
            ${code(key)} ${key === didKey ? t('account.keys.this') : ''}
            ${key !== didKey && keys.length > 1 ? takeBack(party, key) : ''}
          </li>`,
      )}
    </ul>
    <details>
      <summary>${t('account.keys.add')}</summary>
      <p>${t('account.keys.add.text')}</p>
      ${signingForm({
        kind: 'key',
        isKnown: true,
        hidden: { party },
        content: html`${
          isKnown
            ? ''
            : html`${textField('name', t('reserve.name'))}
                ${selectField('partyKind', t('account.keys.who'), [
                  ['person', t('account.keys.person')],
                  ['organisation', t('account.keys.organisation')],
                ])}`
        }
          <label for="other-key">${t('account.keys.other')}</label
          ><input id="other-key" name="key" type="text" required maxlength="100" autocomplete="off" />
          <p class="soft">${t('reserve.public')}</p>`,
      })}
    </details>`
}

function takeBack(party: string, key: string): Html {
  return html`<details>
    <summary>${t('account.keys.back')}</summary>
    <p>${t('account.keys.back.text')}</p>
    ${signingForm({ kind: 'keyBack', isKnown: true, hidden: { party, key }, content: html`` })}
  </details>`
}

async function sitesSection(node: Node, party: string): Promise<Html> {
  const sites = await listSites(node.register.database.db, { party })
  return html`<h2 id="sites">${t('sites.title')}</h2>
    <p>${t('sites.lead', { file: '/.well-known/colophon.txt', line: party })}</p>
    ${siteList(sites)}
    <form action="/account/sites" method="post">
      ${textField('site', t('sites.address'))}
      <p><button class="second">${t('sites.ask')}</button></p>
    </form>`
}

async function worksSection(node: Node, party: string): Promise<Html> {
  const count = await countWorksOf(node.register.database.db, party)
  const id = encodeURIComponent(party)
  return html`<h2>${t('account.works')}</h2>
    <p>${t('account.works.count', { count })}</p>
    <ul>
      ${
        count > 0
          ? html`<li><a href="/parties/${id}">${t('account.works.all')}</a></li>
              <li><a href="/parties/${id}/found">${t('account.works.found')}</a></li>`
          : ''
      }
      <li><a href="/">${t('account.works.check')}</a></li>
      <li><a href="/collection">${t('collection.title')}</a></li>
      <li><a href="/import">${t('import.title')}</a></li>
      <li><a href="/rights/new">${t('nav.rights')}</a></li>
      ${node.config.fundParty === undefined ? '' : html`<li><a href="/fund/calls">${t('support_title')}</a></li>`}
      <li><a href="/fund/statement">${t('fund.statement')}</a></li>
    </ul>`
}

async function casesSection(node: Node, party: string, filter: CaseFilter): Promise<Html> {
  const all = await listKept(node.register, party)
  const isNarrowed = Object.values(filter).some((value) => value !== undefined)
  const shown = isNarrowed ? await listKept(node.register, party, filter) : all
  const rows = await Promise.all(shown.map((found) => caseRow(node, found)))
  return html`<h2 id="cases">${t('account.cases')}</h2>
    ${all.length === 0 ? html`<p>${t('account.cases.none')}</p>` : filterForm(filter)}
    ${
      rows.length > 0
        ? html`<div class="scroll" role="region" aria-labelledby="cases" tabindex="0">
            <table>
              <thead>
                <tr>
                  ${['work', 'kind', 'state', 'next'].map((name) => html`<th scope="col">${t(`account.cases.${name}`)}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </div>`
        : isNarrowed
          ? html`<p>${t('account.cases.noneLeft')}</p>`
          : ''
    }
    <form action="/account/cases" method="post">
      ${textField('link', t('account.cases.link'), t('account.cases.link.help'))}
      <p><button class="second">${t('account.cases.add')}</button></p>
    </form>`
}

function filterForm({ state, kind }: CaseFilter): Html {
  const any = ['', t('account.cases.any')] as const
  const states = STATES.map((name) => [name, t(`case.state.${name}`)] as const)
  const kinds = REQUEST_KINDS.map((name) => [name, t(`request.${name}`)] as const)
  return html`<form action="/account#cases" method="get" class="answers">
    ${selectField('state', t('account.cases.state'), [any, ...states], state)}
    ${selectField('kind', t('account.cases.kind'), [any, ...kinds], kind)}
    <p><button class="second">${t('account.cases.show')}</button></p>
  </form>`
}

async function caseRow(node: Node, found: Awaited<ReturnType<typeof listKept>>[number]): Promise<Html> {
  const sentAt = sentAtOf(await listEvents(node.register.database.db, found.id))
  const isWaiting = found.state === 'sent' && sentAt !== undefined
  const dates = isWaiting ? deadlinesOf(found.kind, JSON.parse(found.details), Date.parse(sentAt)) : []
  const today = new Date(node.register.effects.now()).toISOString().slice(0, 10)
  const next = dates.find(({ due }) => due >= today)?.due
  return html`<tr>
    <th scope="row"><a href="/requests/${found.id}?key=${found.access_key}">${found.subject}</a></th>
    <td>${t(`request.${found.kind}`)}</td>
    <td>${sayState(found.state)}</td>
    <td>${next ?? '–'}</td>
  </tr>`
}

async function inboxesSection(node: Node, party: string): Promise<Html> {
  const inboxes = await listInboxes(node.register.database.db, { party })
  return html`<h2 id="inboxes">${t('inbox.title')}</h2>
    ${inboxes.length > 0 ? facts(inboxes.map(({ about, state }) => [about, t(`inbox.state.${state}`)] as const)) : ''}
    ${inboxes.some(({ state }) => state === 'open') ? html`<p><a class="button" href="/account/inbox">${t('inbox.open')}</a></p>` : ''}
    <details>
      <summary>${t('inbox.ask')}</summary>
      <p>${t('inbox.ask.lead')}</p>
      ${signingForm({
        kind: 'inbox',
        isKnown: true,
        isSaid: true,
        content: html`<label for="inbox-about">${t('inbox.about')}</label
          ><input id="inbox-about" name="about" type="text" required maxlength="200" />
          <label for="inbox-name">${t('inbox.name')}</label
          ><input id="inbox-name" name="name" type="text" required maxlength="200" autocomplete="organization" />`,
      })}
    </details>`
}

function dataSection(): Html {
  return html`<h2>${t('account.data')}</h2>
    <form action="/account/export" method="post">
      <p>
        <button class="second">${t('account.export')}</button><br /><span class="soft">${t('account.export.help')}</span>
      </p>
    </form>
    <p><a href="/account/delete">${t('account.delete')}</a></p>`
}

/** What a deletion takes away and what stays, in numbers, before it is signed. */
export function deletePage(
  node: Node,
  {
    plan,
    agreed,
  }: {
    plan: { erases: { sealed: unknown[]; cases: unknown[] }; stays: { statements: unknown[]; about: number } }
    agreed: string
  },
): Html {
  const { erases, stays } = plan
  return page({
    title: t('account.delete'),
    path: '/account',
    isExample: isExample(node),
    script: 'sign',
    content: html`<h2>${t('account.delete.goes')}</h2>
      <ul>
        <li>${t('account.delete.sealed', { count: erases.sealed.length })}</li>
        <li>${t('account.delete.cases', { count: erases.cases.length })}</li>
        <li>${t('account.delete.rest')}</li>
        <li>
          ${['sites.title', 'inbox.title', 'import.known', 'account.parts', 'account.webhook'].map((key) => t(key)).join(' · ')}
        </li>
      </ul>
      <h2>${t('account.delete.stays')}</h2>
      <ul>
        <li>${t('account.delete.statements', { count: number(stays.statements.length) })}</li>
        <li>${t('account.delete.about', { count: number(stays.about) })}</li>
        <li>${t('account.delete.terms')}</li>
        <li>${t('support_kept')}</li>
        <li>${t('account.delete.backups')}</li>
      </ul>
      <p><strong>${t('account.delete.final')}</strong></p>
      ${signingForm({ kind: 'deletion', isKnown: true, isSaid: true, hidden: { agreed }, content: html`` })}`,
  })
}

import { html } from 'hono/html'
import { publicUnlocated } from '../../api/index.ts'
import type { Node } from '../../main.ts'
import { findParty, readPartyNames } from '../../register/index.ts'
import { contactLink } from '../accessibilityPage.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'
import { partyLink } from './figures.ts'
import { backLink } from './planPage.ts'

const ROWS = 200

/** Whom money waits for: a name and a year, never an amount. Directive 2014/26/EU, Article 13(3). */
export async function unlocatedPage(node: Node, from: number): Promise<Html> {
  const all = await publicUnlocated(node)
  const shown = all.slice(from, from + ROWS)
  const names = await readPartyNames(
    node.register.database.db,
    shown.filter(({ name, payee }) => name === payee && payee.startsWith('did:')).map(({ payee }) => payee),
  )
  return page({
    title: t('fundPage.unlocated'),
    path: '/fund',
    isExample: isExample(node),
    content: html`<p class="lead">${t('fundPage.unlocated.lead')}</p>
      ${
        shown.length === 0
          ? html`<p>${t('fundPage.none', { what: 'unlocated' })}</p>`
          : html`<ol start="${from + 1}">
              ${shown.map(
                ({ name, payee, since }) =>
                  html`<li>
                    ${names.get(payee) ?? name.replace(/^name:/, '')},
                    <span class="soft">${t('fundPage.since', { year: since.slice(0, 4) })}</span>
                  </li>`,
              )}
            </ol>`
      }
      ${from + ROWS < all.length ? html`<p><a href="/fund/unlocated?from=${from + ROWS}">${from + ROWS + 1} …</a></p>` : ''}
      <p>${t('fundPage.unlocated.how')}</p>
      ${await addresses(node)}
      <p class="screen"><a class="button" href="/account">${t('account.signIn')}</a></p>
      ${backLink()}`,
  })
}

/** Whose fund it is, and how the node is reached. */
async function addresses({ config, register }: Node): Promise<Html | ''> {
  const { fundParty, operatorContact } = config
  if (fundParty === undefined) return ''
  const known = await findParty(register.database.db, fundParty)
  return html`<p>
    ${t('fundPage.whose')}: ${partyLink(fundParty, known?.name)}${operatorContact ? html` · ${contactLink(operatorContact)}` : ''}
  </p>`
}

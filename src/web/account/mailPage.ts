import { html } from 'hono/html'
import type { Node } from '../../main.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'

/** Whoever opens a link of a mail is asked once more: programs that look through mails open links, too. */
export function mailLinkPage(
  node: Node,
  { token, address, isStop }: { token: string; address: string; isStop: boolean },
): Html {
  return page({
    title: t('account.mail'),
    path: '/account',
    isExample: isExample(node),
    content: html`<p class="lead">${t(isStop ? 'account.mail.stop.sure' : 'account.mail.sure', { address })}</p>
      <form action="/account/mail/link?token=${encodeURIComponent(token)}${isStop ? '&stop=yes' : ''}" method="post">
        <p><button>${t(isStop ? 'account.mail.stop' : 'account.mail.yes')}</button></p>
      </form>
      ${
        isStop
          ? ''
          : html`<form action="/account/mail/link?token=${encodeURIComponent(token)}&stop=yes" method="post">
              <p><button class="second">${t('account.mail.stop')}</button></p>
            </form>`
      }`,
  })
}

/** The secret of a webhook's signatures, this once. */
export function secretPage(node: Node, secret: string): Html {
  return page({
    title: t('account.webhook'),
    path: '/account',
    isExample: isExample(node),
    content: html`<p class="lead" role="status">${t('account.webhook.secret')}</p>
      <pre>${secret}</pre>
      <p><a href="/account#webhook">${t('account.title')}</a></p>`,
  })
}

/** One sentence, and the way back. */
export function donePage(node: Node, said: string): Html {
  return page({
    title: t('account.title'),
    path: '/account',
    isExample: isExample(node),
    content: html`<p class="lead" role="status">${said}</p>
      <p><a href="/account">${t('account.title')}</a></p>`,
  })
}

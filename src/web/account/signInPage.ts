import { html } from 'hono/html'
import type { Node } from '../../main.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { keyChoice, keyField } from '../signingForm.ts'
import { t } from '../text.ts'

/**
 * Signing in: with a passkey where there is JavaScript, with a key that was made here where there is none. `why` says what
 * somebody signs in for.
 */
export function signInPage(node: Node, next = '/account', why?: Html): Html {
  return page({
    title: t('account.signIn'),
    path: '/account',
    isExample: isExample(node),
    script: 'signIn',
    content: html`${why ?? ''}
      <p class="lead">${t('account.lead')}</p>
      <form
        id="sign-in"
        data-signing="${t('reserve.signing')}"
        data-failed="${t('home.failed', { reason: '%' })}"
        data-next="${next}"
      >
        ${keyChoice('sign-in')}
        <p role="status" aria-live="polite"></p>
        <div data-script hidden>
          <p><button type="button" data-known>${t('account.signIn.passkey')}</button></p>
          <details>
            <summary>${t('account.signIn.new')}</summary>
            <p>${t('account.signIn.new.text')}</p>
            <label for="sign-in-name">${t('reserve.name')}</label
            ><input id="sign-in-name" name="name" type="text" maxlength="200" autocomplete="name" />
            <p><button type="button" class="second" data-new>${t('account.signIn.make')}</button></p>
          </details>
          <details>
            <summary>${t('account.signIn.other')}</summary>
            <p>${t('account.signIn.other.text')}</p>
            <label for="sign-in-as">${t('account.signIn.party')}</label
            ><input id="sign-in-as" name="party" type="text" maxlength="300" autocomplete="off" />
          </details>
        </div>
      </form>
      <form action="/account/session" method="post">
        <input type="hidden" name="next" value="${next}" />
        <details>
          <summary>${t('account.signIn.key')}</summary>
          ${keyField()}
          <p>
            <button class="second">${t('account.signIn')}</button><br /><span class="soft">${t('sign.given.help')}</span>
          </p>
        </details>
      </form>
      <p class="soft">${t('account.cookie')}</p>`,
  })
}

import { html, raw } from 'hono/html'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { t } from './text.ts'
import type { Node } from '../main.ts'

/**
 * A form whose fields become a signed statement: with a passkey where there is JavaScript, with a key that the server
 * makes or is given for this once where there is none. `isKnown` when the form itself says whose signature it needs.
 */
export function signingForm(options: {
  kind: string
  hidden?: Record<string, string>
  isKnown: boolean
  /** Whether it is said to the node alone, by whoever is signed in, and not put on the log. */
  isSaid?: boolean
  /** Whether a passkey may be the key that is needed. */
  hasPasskey?: boolean
  /** What somebody who signs for the first time is asked to be called. */
  nameLabel?: string
  /** What whoever signs for the first time confirms. */
  entitled?: string
  content: Html
}): Html {
  const {
    kind,
    hidden = {},
    isKnown,
    isSaid = false,
    hasPasskey = true,
    nameLabel = t('reserve.name'),
    entitled,
    content,
  } = options
  return html`<form
    data-sign
    ${isKnown ? html`data-known` : ''}
    ${isSaid ? html`data-said` : ''}
    action="${isSaid ? '/account/said' : '/sign'}"
    method="post"
    data-signing="${t('reserve.signing')}"
    data-failed="${t('home.failed', { reason: '%' })}"
  >
    <input type="hidden" name="kind" value="${kind}" />${hiddenFields(hidden)} ${content}
    ${isKnown ? '' : whoSigns(kind, nameLabel, entitled ?? t(`sign.entitled.${kind}`))}
    ${
      hasPasskey
        ? html`<p role="status" aria-live="polite"></p>
            <p data-script hidden>
            <button type="button" data-passkey>${t('reserve.passkey')}</button><br /><span class="soft"
              >${t(isKnown ? 'sign.passkey.known' : 'reserve.passkey.help')}</span
            >
          </p>`
        : ''
    }
    ${isKnown ? withGivenKey(kind, !hasPasskey) : withMadeKey()}
  </form>`
}

export function hiddenFields(values: Record<string, string>): Html[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
}

function whoSigns(kind: string, nameLabel: string, entitled: string): Html {
  return html`<fieldset>
    <legend>${t('sign.who')}</legend>
    ${keyChoice(kind)}
    <label for="${kind}-name">${nameLabel}</label
    ><input
      id="${kind}-name"
      name="name"
      type="text"
      maxlength="200"
      autocomplete="name"
      aria-describedby="${kind}-name-help"
    />
    <p id="${kind}-name-help" class="soft">${t('sign.name.help')}</p>
    <label class="choice"
      ><input type="checkbox" name="isEntitled" value="yes" required /> ${entitled}</label
    >
    <p class="soft">${t('reserve.public')}</p>
  </fieldset>`
}

/** Shown by the script when the device has signed here before. */
export function keyChoice(id: string): Html {
  return html`<div data-keys hidden>
    <label for="${id}-party">${t('sign.party')}</label
    ><select id="${id}-party" data-party>
      <option value="">${t('sign.party.new')}</option>
    </select>
  </div>`
}

function withMadeKey(): Html {
  return html`<details>
      <summary>${t('sign.before')}</summary>
      <p>${t('sign.before.text')}</p>
      ${keyField()}
    </details>
    <p>
      <button class="second">${t('sign.key')}</button><br /><span class="soft">${t('sign.key.help')}</span>
    </p>`
}

/** Open where it is the only way to sign. */
function withGivenKey(kind: string, isOpen: boolean): Html {
  return html`<details ${isOpen ? raw('open') : ''}>
    <summary>${t('sign.given')}</summary>
    ${keyField()}
    <p>
      <button class="second">${t('sign.given.button')}</button><br /><span class="soft">${t('sign.given.help')}</span>
    </p>
    ${kind === 'answer' ? html`<p class="soft">${t('sign.given.cli')}</p>` : ''}
  </details>`
}

/** A key that was made here, pasted for this once. */
export function keyField(): Html {
  return html`<label
    >${t('sign.pem')}
    <textarea name="pem" rows="4" maxlength="1000" autocomplete="off" spellcheck="false"></textarea>
  </label>`
}

/** After a key was made: it is shown this once. */
export function signedPage(node: Node, next: string, privateKeyPem: string): Html {
  return page({
    title: t('signed.title'),
    path: '/signed',
    isExample: isExample(node),
    content: html`<p><a class="button" href="${next}">${t('signed.next')}</a></p>
      <h2>${t('reserved.key')}</h2>
      <p>${t('signed.key.text')}</p>
      <pre>${privateKeyPem}</pre>`,
  })
}

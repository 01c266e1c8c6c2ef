import { html } from 'hono/html'
import { findMail } from '../../accounts/index.ts'
import type { Node } from '../../main.ts'
import { countKept, listSubscriptions } from '../../watching/index.ts'
import type { Html } from '../layout.ts'
import { t } from '../text.ts'

/** What is looked for of a party's works, and where the news goes. */
export async function watchingSections(node: Node, party: string): Promise<Html> {
  return html`${await partsSection(node, party)} ${await mailSection(node, party)} ${await webhookSection(node, party)}`
}

/** Codes of parts are kept for whoever wants more looked for than whole works. */
async function partsSection(node: Node, party: string): Promise<Html> {
  const count = await countKept(node.register.database.db, party)
  return html`<h2 id="parts">${t('account.parts')}</h2>
    <p>${t('account.parts.lead')}</p>
    ${
      count === 0
        ? ''
        : html`<form action="/account/parts/stop" method="post">
            <p>
              ${t('account.parts.count', { count })}<br /><button class="second">${t('account.parts.stop')}</button>
            </p>
          </form>`
    }
    <form action="/account/parts" method="post" enctype="multipart/form-data">
      <label for="parts-file">${t('account.parts.file')}</label
      ><input id="parts-file" name="file" type="file" required />
      <p><button class="second">${t('account.parts.start')}</button></p>
    </form>`
}

async function mailSection(node: Node, party: string): Promise<Html> {
  const mail = await findMail(node.register.database.db, { party })
  const known = mail && (mail.confirmed_at ? 'account.mail.on' : 'account.mail.asked')
  return html`<h2 id="mail">${t('account.mail')}</h2>
    <p>${t('account.mail.lead')} <a href="/parties/${encodeURIComponent(party)}/found.atom">${t('found.feed')}</a></p>
    ${
      !node.config.mail
        ? html`<p>${t('account.mail.none')}</p>`
        : known
          ? html`<p>${t(known, { address: mail.address })}</p>
              <form action="/account/mail/stop" method="post">
                <p><button class="second">${t('account.mail.stop')}</button></p>
              </form>`
          : html`<form action="/account/mail" method="post">
              <label for="address">${t('account.mail.address')}</label
              ><input id="address" name="address" type="email" required maxlength="320" autocomplete="email" />
              <p><button class="second">${t('account.mail.start')}</button></p>
            </form>`
    }`
}

async function webhookSection(node: Node, party: string): Promise<Html> {
  const told = await listSubscriptions(node.register.database.db, party)
  return html`<h2 id="webhook">${t('account.webhook')}</h2>
    <p>${t('account.webhook.lead')}</p>
    ${told.map(
      ({ id, url, failures }) =>
        html`<form action="/account/webhook/stop" method="post">
          <p>
            ${failures > 0n ? html`${t('account.webhook.failures', { count: Number(failures) })}. ` : ''}<input
              type="hidden"
              name="id"
              value="${id}"
            /><button class="second">${t('account.webhook.stop', { address: url })}</button>
          </p>
        </form>`,
    )}
    <form action="/account/webhook" method="post">
      <label for="webhook">${t('account.webhook.address')}</label
      ><input id="webhook" name="url" type="url" required maxlength="500" autocomplete="off" />
      <p><button class="second">${t('account.webhook.start')}</button></p>
    </form>`
}

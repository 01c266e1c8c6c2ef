import { html } from 'hono/html'
import { limits } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { reserveChoices, signButtons } from './reservePages.ts'
import { keyChoice } from './signingForm.ts'
import { t } from './text.ts'

const COMMAND = 'npx colophon declare photos/*.jpg --key my-key.pem --collection "My photographs" --terms ai-training'

/** Many works at once: one statement, one signature. */
export function collectionPage(node: Node): Html {
  return page({
    title: t('collection.title'),
    path: '/collection',
    isExample: isExample(node),
    script: 'collection',
    content: html`<p>${t('collection.lead')}</p>
      <p><a href="/import">${t('import.title')}</a></p>
      <p>${t('reserve.effect')}</p>
      <p>${t('reserve.who')}</p>
      <p>${t('reserve.exceptions')}</p>
      <form
        id="collection"
        action="/collection"
        method="post"
        enctype="multipart/form-data"
        data-most="${limits.preparedItemsMax}"
        ${words()}
      >
        ${files()} ${keyChoice('reserve')}
        <label for="name">${t('reserve.name')}</label
        ><input id="name" name="name" type="text" required maxlength="200" autocomplete="name" />
        <label for="title">${t('collection.name')}</label
        ><input id="title" name="title" type="text" required maxlength="480" />
        ${reserveChoices()}
        <label class="choice"
          ><input type="checkbox" name="isEntitled" value="yes" required /> ${t('collection.entitled')}</label
        >
        <p class="soft">${t('reserve.public')} ${t('reserve.unpublished')}</p>
        <p id="parts" class="note" hidden></p>
        <p role="status" aria-live="polite"></p>
        ${signButtons()}
      </form>`,
  })
}

/** What the script says, in the reader's language. */
function words(): Html {
  return html`data-signing="${t('reserve.signing')}" data-failed="${t('home.failed', { reason: '%' })}"
    data-progress="${t('collection.progress')}" data-none="${t('collection.none')}" data-rate="${t('collection.rate')}"
    data-left="${t('collection.left')}" data-pause="${t('collection.pause')}" data-go-on="${t('collection.goOn')}"
    data-paused="${t('collection.paused')}" data-finished="${t('collection.finished')}"
    data-forgotten="${t('collection.forgotten')}" data-counts="${t('collection.counts')}" data-new="${t('collection.new')}"
    data-same="${t('collection.same')}" data-partly="${t('collection.partly')}" data-unread="${t('collection.unread')}"
    data-parts="${t('collection.parts')}" data-part="${t('collection.part')}" data-receipts="${t('collection.receipts')}"
    data-nothing-new="${t('collection.nothingNew')}"`
}

/** Files, a folder or an archive; how far their codes are; and what came of each. */
function files(): Html {
  return html`<div class="drop">
      <label for="files">${t('collection.files')}</label
      ><input id="files" name="files" type="file" multiple required aria-describedby="files-help" />
      <div data-device hidden>
        <label for="folder">${t('collection.folder')}</label><input id="folder" name="files" type="file" webkitdirectory multiple />
      </div>
      <div id="files-help" class="soft">
        <p data-device hidden>${t('collection.drop')} ${t('collection.resume')}</p>
        <div data-plain>
          <p>${t('collection.plain')}</p>
          <pre>${COMMAND}</pre>
        </div>
      </div>
      <p data-device hidden>
        <button type="button" id="forget" class="second">${t('collection.forget')}</button>
      </p>
    </div>
    <progress hidden aria-label="${t('collection.done')}" aria-describedby="progress"></progress>
    <p id="progress" hidden></p>
    <p><button type="button" id="pause" class="second" hidden>${t('collection.pause')}</button></p>
    <div id="outcomes" hidden>
      <h2 id="outcomes-title">${t('collection.outcomes')}</h2>
      <p id="counts"></p>
      <p><button type="button" id="csv" class="second">${t('collection.csv')}</button></p>
      <div class="list" role="region" aria-labelledby="outcomes-title" tabindex="0">
        <ul id="lines"></ul>
      </div>
    </div>`
}

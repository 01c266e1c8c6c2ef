import { html } from 'hono/html'
import type { ColophonError, ErrorCode } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { language, t } from './text.ts'

/** Codes for which a visitor is told the same as for another. */
const SAME: Partial<Record<ErrorCode, ErrorCode>> = {
  usage: 'invalid_input',
  invalid_json: 'invalid_input',
  invalid_proof: 'invalid_input',
  picture_too_large: 'too_large',
  log_locked: 'log_closed',
  log_write_failed: 'log_closed',
  log_storage_full: 'log_closed',
  log_corrupt: 'internal',
  dataset_exists: 'duplicate_statement',
  model_refused: 'unsupported_media',
  confirmation_required: 'state_not_allowed',
}

/** What an error comes to and what can be done, in the language of whoever reads. */
export function sayError({ code }: Pick<ColophonError, 'code'>): string {
  return t(`error.${SAME[code] ?? code}`)
}

/**
 * A page that says what went wrong: in the reader's language, and as the program puts it, which is English and more
 * exact. What is not the visitor's to know is not told.
 */
export function errorPage(node: Node, failure: Pick<ColophonError, 'code' | 'message' | 'remedy'>): Html {
  const { message, remedy, code } = failure
  const isExact = code !== 'internal' && message !== ''
  return page({
    title: t('error.title'),
    path: '/error',
    // What is broken may be what would be asked.
    isExample: code !== 'internal' && isExample(node),
    content: html`${
      isExact && language() === 'en'
        ? html`<p class="lead" role="alert">${message}</p>
              ${remedy ? html`<p>${remedy}</p>` : ''}`
        : html`<p class="lead" role="alert">${sayError(failure)}</p>
              ${isExact ? html`<p class="soft">${t('error.exactly')} <span lang="en">${message}. ${remedy ?? ''}</span></p>` : ''}`
    }
      <p><a href="/">${t('error.back')}</a></p>`,
  })
}

import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import { t } from '../text.ts'

/** Beside a result: the way to the lesson that says what it means and how it can be wrong. */
export function meaningLink(lesson: number): Html {
  return html`<a href="/lessons/${lesson}">${t('lesson.meaning')}</a>`
}

/** A lesson by its title, for what is worth asking beside the result itself. */
export function titledLink(lesson: number): Html {
  return html`<a href="/lessons/${lesson}">${t(`lesson.${lesson}.title`)}</a>`
}

import { html } from 'hono/html'
import type { CaseState } from '../requests/index.ts'
import type { Html } from './layout.ts'
import { t, when } from './text.ts'

/** A state of a case in words. */
export function sayState(state: string): string {
  return t(`case.state.${state as CaseState}`)
}

/** What each site says of a party, and when it was asked: never more than that. */
export function siteList(sites: readonly { host: string; way: string; checked_at: string }[]): Html | '' {
  if (sites.length === 0) return ''
  return html`<ul>
    ${sites.map(({ host, way, checked_at }) => html`<li>${host}: ${t(`sites.way.${way}`, { date: when(checked_at) })}</li>`)}
  </ul>`
}

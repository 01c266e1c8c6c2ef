import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { requestStatistics } from '../requests/index.ts'
import { page, type Html } from './layout.ts'
import { isExample } from './pages.ts'
import { number, t } from './text.ts'

/** Requests in figures, for everybody. */
export async function statisticsPage(node: Node): Promise<Html> {
  const { least, byKind, byState, byMonth, medianDaysToAnswer } = await requestStatistics(node.register.database.db)
  const table = (caption: string, cells: Record<string, number | null>, name: (key: string) => string) =>
    html`<table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${caption}</th>
          <th scope="col">${t('request.statistics.count')}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(cells).map(
          ([key, value]) =>
            html`<tr>
              <th scope="row">${name(key)}</th>
              <td>${value === null ? t('request.statistics.hidden', { least }) : number(value)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
  return page({
    title: t('request.statistics'),
    path: '/statistics/requests',
    isExample: isExample(node),
    content: html`<p class="lead">${t('request.statistics.lead', { least })}</p>
      ${table(t('request.statistics.kind'), byKind, (kind) => t(`request.${kind}`))}
      ${table(t('request.statistics.state'), byState, (state) => state)}
      ${table(t('request.statistics.month'), byMonth, (month) => month)}
      ${medianDaysToAnswer === null ? '' : html`<p>${t('request.statistics.median', { days: medianDaysToAnswer })}</p>`}`,
  })
}

import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { approversPage, labelPage, newLabelPage } from './labelForms.ts'

/** Applying, approving and taking back labels: pages that read; `/sign` and the API record. */
export function addLabelRoutes(web: Api, node: Node): void {
  web.get('/labels/new', async (context) => {
    const content = await newLabelPage(node, context.req.query('work'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/parties/:id/approvers', async (context) => {
    const content = await approversPage(node, context.req.param('id'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/labels/:id', async (context) => context.html(await labelPage(node, context.req.param('id'))))
}

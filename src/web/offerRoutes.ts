import { addOfferingRoutes, type Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { readNumber } from './forms.ts'
import { catalogPage, newOfferPage, offeredPage } from './offerPages.ts'
import { textIn } from './text.ts'

/** What programs read is in one language, whoever asks. */
const ENGLISH = {
  language: 'en',
  t: (key: string, values?: Record<string, string | number>) => textIn('en', key, values),
}

/** The catalogue and its offers: pages that read; `/sign` and the API record. */
export function addOfferRoutes(web: Api, node: Node): void {
  addOfferingRoutes(web, node, ENGLISH)
  web.get('/catalog', async (context) => context.html(await catalogPage(node, readNumber(context.req.query('before')))))
  web.get('/catalog/new', async (context) => {
    const content = await newOfferPage(node, context.req.query('scope'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/catalog/:id', async (context) => context.html(await offeredPage(node, context.req.param('id'))))
}

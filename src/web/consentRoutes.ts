import type { Api } from '../api/index.ts'
import type { Node } from '../main.ts'
import { requestOfferPage } from './offerPages.ts'
import { consentPage, consentsPage, newConsentPage, offerPage } from './consentPages.ts'

/** Asking for permission, answering, and taking back: pages that read; `/sign` and the API record. */
export function addConsentRoutes(web: Api, node: Node): void {
  web.get('/consents', (context) => context.html(consentsPage(node)))
  web.get('/consents/new', async (context) => {
    const { work, reply, offer } = context.req.query()
    const content = await (offer === undefined ? newConsentPage(node, { work, reply }) : requestOfferPage(node, offer))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/consents/offer', async (context) => {
    const content = await offerPage(node, context.req.query('work'))
    return content === undefined ? context.notFound() : context.html(content)
  })
  web.get('/consents/:id', async (context) => context.html(await consentPage(node, context.req.param('id'))))
}

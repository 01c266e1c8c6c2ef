import { createMiddleware } from 'hono/factory'
import { ColophonError } from '../../foundation/index.ts'

/**
 * Forms of an account are sent from this site alone. Browsers that do not say from where (before 2023) still keep the
 * cookie from other sites. `Origin` says nothing here: pages are served with no referrer.
 */
export const fromHere = createMiddleware(async (context, next) => {
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin')
    throw new ColophonError('not_authorised', 'This was sent from another site.')
  await next()
})

/** What belongs to one person is kept by nothing between the node and the browser. */
export const noStore = createMiddleware(async (context, next) => {
  await next()
  context.header('cache-control', 'no-store')
})

import { createRoute, z } from '@hono/zod-openapi'
import type { Speak } from '../requests/index.ts'
import type { Node } from '../main.ts'
import { accountRequestReader, deleteAccount, exportAccount, planDeletion } from '../operations/index.ts'
import type { Api } from './app.ts'
import { answers, jsonBody } from './schemas.ts'

const request = {
  body: jsonBody(
    z.looseObject({}).openapi({ description: 'An AccountRequest, signed like a statement by a key of the party' }),
  ),
}

const exported = createRoute({
  method: 'post',
  path: '/api/accounts/export',
  summary: 'Everything that this node holds about a party, for whoever holds its key',
  request,
  responses: {
    ...answers(200, 'A ZIP file', z.any()),
    200: { description: 'A ZIP file', content: { 'application/zip': { schema: z.any() } } },
  },
})

const plan = createRoute({
  method: 'post',
  path: '/api/accounts/plan',
  summary: 'What a deletion of the account would erase, and what stays; read before it is signed',
  request,
  responses: answers(200, 'The plan, and its SHA-256', z.object({ plan: z.looseObject({}), agreed: z.string() })),
})

const erase = createRoute({
  method: 'post',
  path: '/api/accounts/delete',
  summary: 'Erase what can be erased of an account; the signed request names the plan that was read',
  request,
  responses: answers(200, 'A receipt that the node signs: what is gone, and what stays', z.looseObject({})),
})

/** One's own account: nothing of it is told to anybody but whoever signs for it. */
export function addAccountRoutes(api: Api, node: Node, speak: Speak): void {
  const readRequest = accountRequestReader(node.register)
  api.openapi(exported, async (context) => {
    const asked = await readRequest(context.req.valid('json'), 'export')
    return context.body(Uint8Array.from(await exportAccount(node, asked, speak)), 200, {
      'content-type': 'application/zip',
      'cache-control': 'no-store',
    }) as never
  })
  api.openapi(plan, async (context) => {
    const planned = await planDeletion(node, await readRequest(context.req.valid('json'), 'plan'))
    context.header('cache-control', 'no-store')
    return context.json(planned as never, 200)
  })
  api.openapi(erase, async (context) => {
    const asked = await readRequest(context.req.valid('json'), 'delete')
    context.header('cache-control', 'no-store')
    return context.json((await deleteAccount(node, asked)) as never, 200)
  })
}

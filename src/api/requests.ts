import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { requestInputSchema } from '../requests/index.ts'
import type { Api } from './app.ts'
import { openRequest } from './openRequest.ts'
import { readCheckResult } from './runCheck.ts'
import { answers, jsonBody } from './schemas.ts'

const open = createRoute({
  method: 'post',
  path: '/api/requests',
  summary: 'Open a case from a place where a work was found, once a person has compared and answered',
  request: {
    body: jsonBody(requestInputSchema.extend({ result: z.string().max(64), hit: z.number().int().min(0) })),
  },
  responses: answers(
    201,
    'The case, and the only key to it',
    z.object({ id: z.string(), accessKey: z.string(), page: z.string(), letter: z.string() }),
  ),
})

export function addRequestRoutes(api: Api, node: Node): void {
  api.openapi(open, async (context) => {
    const { result: resultId, hit, ...input } = context.req.valid('json')
    const result = await readCheckResult(node, resultId)
    if (!result) throw new ColophonError('not_found', 'there is no such result', { where: 'result' })
    const { id, accessKey } = await openRequest(node, result, hit, input)
    const page = `/requests/${id}?key=${accessKey}`
    return context.json({ id, accessKey, page, letter: `/requests/${id}/letter.txt?key=${accessKey}` }, 201)
  })
}

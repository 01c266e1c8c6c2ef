import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { WORKS_MAX, moreWorkFields, requestInputSchema } from '../requests/index.ts'
import type { Api } from './app.ts'
import { openRequest } from './openRequest.ts'
import { readCheckResult } from './runCheck.ts'
import { answers, jsonBody, type CheckResult } from './schemas.ts'

const place = { result: z.string().max(64), hit: z.number().int().min(0) } as const

const open = createRoute({
  method: 'post',
  path: '/api/requests',
  summary: 'Open a case from a place where a work was found, once a person has compared and answered',
  request: {
    body: jsonBody(
      requestInputSchema.extend({
        ...place,
        more: z
          .array(z.strictObject({ ...place, ...moreWorkFields }))
          .max(WORKS_MAX - 1)
          .optional()
          .openapi({ description: 'More works found in the same data set, each with its own answers' }),
      }),
    ),
  },
  responses: answers(
    201,
    'The case, and the only key to it',
    z.object({ id: z.string(), accessKey: z.string(), page: z.string(), letter: z.string() }),
  ),
})

export function addRequestRoutes(api: Api, node: Node): void {
  api.openapi(open, async (context) => {
    const { result: resultId, hit, more = [], ...input } = context.req.valid('json')
    const result = await needResult(node, resultId)
    const others = await Promise.all(
      more.map(async (work) => ({ ...work, result: await needResult(node, work.result) })),
    )
    const { id, accessKey } = await openRequest(node, result, hit, input, others)
    const page = `/requests/${id}?key=${accessKey}`
    return context.json({ id, accessKey, page, letter: `/requests/${id}/letter.txt?key=${accessKey}` }, 201)
  })
}

async function needResult(node: Node, id: string): Promise<CheckResult> {
  const result = await readCheckResult(node, id)
  if (!result) throw new ColophonError('not_found', 'there is no such result', { where: 'result' })
  return result
}

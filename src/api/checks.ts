import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError } from '../foundation/index.ts'
import type { FileCodes } from '../fingerprints/index.ts'
import type { Node } from '../main.ts'
import type { Api } from './app.ts'
import { addDevicePassages, seedsFor } from './devicePassages.ts'
import { readCheckResult, readFeatures, readFrames, readPassages, runCheck } from './runCheck.ts'
import { answers, checkResultSchema, codesSchema, jsonBody } from './schemas.ts'

const check = createRoute({
  method: 'post',
  path: '/api/checks',
  summary: 'Look codes up in every indexed data set and in the register',
  request: { body: jsonBody(codesSchema) },
  responses: answers(201, 'What was found', checkResultSchema),
})

const read = createRoute({
  method: 'get',
  path: '/api/checks/{id}',
  summary: 'An earlier answer, by its secret id',
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: answers(200, 'What was found', checkResultSchema),
})

const list = createRoute({
  method: 'get',
  path: '/api/datasets',
  summary: 'The data sets that are indexed here',
  responses: answers(
    200,
    'Data sets',
    z.object({
      datasets: z.array(z.looseObject({ id: z.string(), name: z.string(), version: z.string(), rowCount: z.number() })),
    }),
  ),
})

const number = z
  .number()
  .int()
  .min(0)
  .max(2 ** 53 - 1)
const complete = createRoute({
  method: 'post',
  path: '/api/checks/{id}/passages',
  summary: 'Add runs of text that a device has found by the windows it was told',
  request: {
    params: z.object({ id: z.string().max(64) }),
    body: jsonBody(
      z.strictObject({
        passages: z
          .array(
            z.strictObject({
              dataset: z.string().max(200),
              row: number,
              queryOffset: number,
              rowOffset: number,
              length: z.number().int().min(1).max(100_000_000),
            }),
          )
          .min(1)
          .max(300),
      }),
    ),
  },
  responses: answers(200, 'The answer, completed', checkResultSchema),
})

export function addCheckRoutes(api: Api, node: Node): void {
  api.openapi(check, async (context) => {
    const { passages, features, items, frames, ...rest } = context.req.valid('json')
    const found = {
      ...rest,
      ...(passages ? { passages: readPassages(passages) } : {}),
      ...(features ? { features: readFeatures(features) } : {}),
      ...(items ? { items: Uint32Array.from(items) } : {}),
      ...(frames ? { frames: readFrames(frames) } : {}),
    } as FileCodes
    const [result, passageSeeds] = [await runCheck(node, found), await seedsFor(node, found)]
    return context.json({ ...result, ...(passageSeeds ? { passageSeeds } : {}) }, 201)
  })
  api.openapi(complete, async (context) => {
    const { id } = context.req.valid('param')
    return context.json(await addDevicePassages(node, id, context.req.valid('json').passages), 200)
  })
  api.openapi(read, async (context) => {
    const result = await readCheckResult(node, context.req.valid('param').id)
    if (!result) throw new ColophonError('not_found', 'there is no such result')
    return context.json(result, 200)
  })
  api.openapi(list, (context) => context.json({ datasets: node.datasets.list() } as never, 200))
}

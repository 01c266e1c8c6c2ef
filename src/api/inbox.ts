import { createRoute, z } from '@hono/zod-openapi'
import type { Node } from '../main.ts'
import {
  askForInbox,
  casesFor,
  letterOf,
  letterText,
  readAccess,
  requestStatistics,
  takeAnswer,
  type Speak,
} from '../requests/index.ts'
import { statementSchema } from '../statements/index.ts'
import type { Api } from './app.ts'
import { answers, jsonBody } from './schemas.ts'

const ask = createRoute({
  method: 'post',
  path: '/api/inbox',
  summary:
    'Ask for an inbox for requests about a data set or a model, signed; the operator opens it. Not put on the log',
  request: { body: jsonBody(statementSchema) },
  responses: answers(201, 'The inbox, waiting', z.object({ id: z.string(), state: z.string() })),
})

const answer = createRoute({
  method: 'post',
  path: '/api/inbox/answers',
  summary: 'Acknowledge or answer a case (received, valid, incomplete, removed, partial, refused, licensed), signed',
  request: { body: jsonBody(statementSchema) },
  responses: answers(201, 'Where the case stands now', z.object({ state: z.string() })),
})

const list = createRoute({
  method: 'get',
  path: '/api/inbox',
  summary: 'The cases in the inboxes of a key. Authorization: Colophon and a signed InboxRequest in Base64url',
  request: {
    headers: z.object({ authorization: z.string().optional() }),
    query: z.object({
      before: z.iso.datetime().optional().openapi({ description: 'The handedOverAt of the last case of a page.' }),
    }),
  },
  responses: answers(
    200,
    'Cases, the newest 200 first',
    z.object({
      cases: z.array(
        z.object({
          id: z.string(),
          kind: z.string(),
          state: z.string(),
          dataset: z.string(),
          evidenceHash: z.string(),
          handedOverAt: z.string(),
          letter: z.string(),
        }),
      ),
    }),
  ),
})

const nullableCounts = z.record(z.string(), z.number().nullable())
const statistics = createRoute({
  method: 'get',
  path: '/api/statistics/requests',
  summary: 'Counts of cases that are not private; small counts are null',
  responses: answers(
    200,
    'Figures',
    z.object({
      least: z.number(),
      total: z.number().nullable(),
      byKind: nullableCounts,
      byState: nullableCounts,
      byMonth: nullableCounts,
      medianDaysToAnswer: z.number().nullable(),
    }),
  ),
})

/** `speak` puts the letters of cases into words. */
export function addInboxRoutes(api: Api, node: Node, speak: Speak): void {
  const { register } = node
  api.openapi(ask, async (context) => context.json(await askForInbox(register, context.req.valid('json')), 201))
  api.openapi(answer, async (context) => context.json(await takeAnswer(register, context.req.valid('json')), 201))
  api.openapi(list, async (context) => {
    const party = await readAccess(register, context.req.valid('header').authorization, '/api/inbox')
    const cases = (await casesFor(register, party, context.req.valid('query').before)).map((found) => ({
      id: found.id,
      kind: found.kind,
      state: found.state,
      dataset: found.dataset,
      evidenceHash: found.evidence_hash,
      handedOverAt: found.handed_over_at,
      letter: letterText(letterOf(found, node.datasets.list()), speak),
    }))
    context.header('cache-control', 'no-store')
    return context.json({ cases }, 200)
  })
  api.openapi(statistics, async (context) => context.json(await requestStatistics(register.database.db), 200))
}

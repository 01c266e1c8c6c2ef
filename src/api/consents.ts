import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { listConsents, listUseReports, readThread, type Consent, type UseReport } from '../rights/index.ts'
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const consentSchema = z
  .looseObject({
    id: z.string(),
    state: z.enum(['open', 'countered', 'accepted', 'refused', 'takenBack', 'over']),
    licensor: z.string(),
    licensee: z.string(),
  })
  .openapi('Consent')

const readOne = createRoute({
  method: 'get',
  path: '/api/consents/{id}',
  summary: 'A proposal, where it stands, and every counter-proposal before and after it',
  request: { params: z.object({ id: z.string().max(120) }) },
  responses: answers(
    200,
    'The proposal, its thread, and what was reported about the use',
    z.looseObject({ consent: consentSchema, thread: z.array(consentSchema), reports: z.array(z.looseObject({})) }),
  ),
})

const readOfParty = createRoute({
  method: 'get',
  path: '/api/parties/{id}/consents',
  summary: 'What was proposed to a party and by it, the newest first',
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: answers(200, 'Proposals', z.looseObject({ consents: z.array(consentSchema) })),
})

/** Reading only: who proposes or answers sends a signed statement, like everybody who states anything. */
export function addConsentRoutes(api: Api, node: Node): void {
  api.openapi(readOne, async (context) =>
    context.json((await needThread(node, context.req.valid('param').id)) as never, 200),
  )
  api.openapi(readOfParty, async (context) =>
    context.json({ consents: await consentsOfParty(node, context.req.valid('param').id) } as never, 200),
  )
}

/** A proposal with its thread and with the reports on what was granted, oldest first. */
export async function needThread(
  node: Node,
  id: string,
): Promise<{ consent: Consent; thread: Consent[]; reports: UseReport[] }> {
  const { register } = node
  const thread = await readThread(register.database.db, id, isoTime(register.effects.now()))
  const consent = thread.find((each) => each.id === id)
  if (!consent) throw new ColophonError('not_found', 'there is no such public proposal', { where: id })
  const reports = consent.answer ? await listUseReports(register.database.db, consent.answer.id) : []
  return { consent, thread, reports }
}

export async function consentsOfParty(node: Node, party: string): Promise<Consent[]> {
  const { register } = node
  return listConsents(register.database.db, party, isoTime(register.effects.now()))
}

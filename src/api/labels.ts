import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { listLabelsOfParty, listLabelsOfWork, type LabelReading } from '../rights/index.ts'
import type { Api } from './app.ts'
import { needLabel } from './labelDrafts.ts'
import { answers } from './schemas.ts'

const labelSchema = z
  .looseObject({
    id: z.string(),
    code: z.string(),
    state: z.enum(['waiting', 'inForce', 'takenBack']),
    party: z.string(),
  })
  .openapi('Label')

const params = z.object({ id: z.string().max(300) })
const labelList = z.looseObject({ labels: z.array(labelSchema) })

const readOne = createRoute({
  method: 'get',
  path: '/api/labels/{id}',
  summary: 'A label or notice, who has approved it, and where it stands',
  request: { params },
  responses: answers(200, 'The label', labelSchema),
})

const readOfWork = createRoute({
  method: 'get',
  path: '/api/works/{id}/labels',
  summary: 'Every label on a work and on what it belongs to, the oldest first',
  request: { params },
  responses: answers(200, 'Labels', labelList),
})

const readOfParty = createRoute({
  method: 'get',
  path: '/api/parties/{id}/labels',
  summary: 'Every label that a party has applied, the oldest first',
  request: { params },
  responses: answers(200, 'Labels', labelList),
})

/** Reading only: who applies or approves sends a signed statement, like everybody who states anything. */
export function addLabelRoutes(api: Api, node: Node): void {
  api.openapi(readOne, async (context) => context.json(await needLabel(node, context.req.valid('param').id), 200))
  api.openapi(readOfWork, async (context) =>
    context.json({ labels: await labelsOfWork(node, context.req.valid('param').id) }, 200),
  )
  api.openapi(readOfParty, async (context) =>
    context.json({ labels: await labelsOfParty(node, context.req.valid('param').id) }, 200),
  )
}

export async function labelsOfWork(node: Node, id: string): Promise<LabelReading[]> {
  const { register } = node
  const labels = await listLabelsOfWork(register.database.db, id, isoTime(register.effects.now()))
  if (!labels) throw new ColophonError('not_found', 'there is no such public work', { where: id })
  return labels
}

export async function labelsOfParty(node: Node, party: string): Promise<LabelReading[]> {
  const { register } = node
  return listLabelsOfParty(register.database.db, party, isoTime(register.effects.now()))
}

import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findParty, findWithdrawn, findWork, readWorkDetails } from '../register/index.ts'
import {
  actions,
  decide,
  findHiddenWorks,
  isFreeWork,
  listAuditTrail,
  useSchema,
  type UseRequest,
} from '../rights/index.ts'
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const readWork = createRoute({
  method: 'get',
  path: '/api/works/{id}',
  summary: 'A declared work, its creators, codes and claims',
  request: { params: z.object({ id: z.string().max(120) }) },
  responses: answers(200, 'The work', z.looseObject({ id: z.string(), title: z.string() })),
})

const readParty = createRoute({
  method: 'get',
  path: '/api/parties/{id}',
  summary: 'A party, as it describes itself',
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: answers(200, 'The party', z.looseObject({ id: z.string(), name: z.string() })),
})

const readDecision = createRoute({
  method: 'get',
  path: '/api/decisions',
  summary: 'May this be done with this work, by this licensee, now? allow, deny or unset, and why',
  request: {
    query: z.object({
      work: z.string().max(120),
      action: z.enum(actions),
      licensee: z.string().max(300).optional(),
      purpose: z.string().max(200).optional().openapi({ description: 'One or several, with commas between them.' }),
      territory: z.string().max(10).optional(),
      media: z.string().max(20).optional(),
      channel: z.string().max(100).optional(),
      recipient: z.string().max(300).optional(),
      modelFlopExponent: z
        .string()
        .regex(/^\d{1,2}$/, 'a whole number')
        .transform(Number)
        .optional(),
    }),
  },
  responses: answers(200, 'The decision', z.looseObject({ decision: z.enum(['allow', 'deny', 'unset']) })),
})

const readAudit = createRoute({
  method: 'get',
  path: '/api/parties/{id}/audit',
  summary: 'Everything recorded about what a community has labelled',
  request: { params: z.object({ id: z.string().max(300) }) },
  responses: answers(200, 'Entries, the newest first', z.looseObject({ entries: z.array(z.looseObject({})) })),
})

export function addRegisterRoutes(api: Api, node: Node): void {
  const { register } = node
  api.openapi(readWork, async (context) => {
    const work = await findWork(register.database.db, context.req.valid('param').id)
    if (!work || work.is_sealed === 1n) throw new ColophonError('not_found', 'there is no such public work')
    const details = await readWorkDetails(register.database.db, work.id)
    const at = isoTime(register.effects.now())
    const isHidden = (await findHiddenWorks(register.database.db, [work.id], at)).size > 0
    const declared = { id: work.id, collection: work.collection, logIndex: work.log_index }
    const takenBackFrom = (await findWithdrawn(register.database.db, [declared], at)).get(work.id) ?? null
    const isFree = takenBackFrom === null && (await isFreeWork(register.database.db, work, at))
    const told = { ...work, ...details, takenBackFrom, isFree, ...(isHidden ? { fingerprints: [] } : {}) }
    return context.json(plain(told) as never, 200)
  })
  api.openapi(readParty, async (context) => {
    const party = await findParty(register.database.db, context.req.valid('param').id)
    if (!party || party.is_sealed === 1n) throw new ColophonError('not_found', 'there is no such public party')
    return context.json(plain({ ...party, identity: 'self-declared' }) as never, 200)
  })
  api.openapi(readAudit, async (context) => {
    const { id } = context.req.valid('param')
    const party = await findParty(register.database.db, id)
    if (party?.kind !== 'community') throw new ColophonError('not_found', 'there is no such community')
    return context.json(plain({ entries: await listAuditTrail(register.database.db, id) }) as never, 200)
  })
  api.openapi(readDecision, async (context) => {
    const { work, action, purpose, ...more } = context.req.valid('query')
    const known = await findWork(register.database.db, work)
    if (!known || known.is_sealed === 1n) throw new ColophonError('not_found', 'there is no such public work')
    const use = useSchema.safeParse({ ...more, ...(purpose === undefined ? {} : { purposes: purpose.split(',') }) })
    if (!use.success) {
      const [issue] = use.error.issues
      throw new ColophonError('invalid_input', issue!.message, { where: issue!.path.join('.') })
    }
    const request = { work, action, at: register.effects.now(), ...use.data } as UseRequest
    const answer = await decide(register.database.db, request)
    if (!answer) throw new ColophonError('not_found', 'there is no such work')
    return context.json(answer as never, 200)
  })
}

/** Integers of the database as JSON numbers: all that these rows hold are small. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? Number(member) : member)))
}

import { createRoute, z } from '@hono/zod-openapi'
import { ColophonError, isoTime } from '../foundation/index.ts'
import { buildLineage, exportLineage, findRecordedSteps, lineageFormats } from '../lineage/index.ts'
import type { Node } from '../main.ts'
import type { Api } from './app.ts'
import { answers } from './schemas.ts'

const readLineage = createRoute({
  method: 'get',
  path: '/api/lineage',
  summary: 'What is recorded of how a data set or model was made: the steps that lead to it, or a document of them',
  request: {
    query: z.object({
      entity: z.string().min(1).max(500),
      format: z.enum(lineageFormats).optional(),
      party: z.string().max(300).optional(),
    }),
  },
  responses: answers(
    200,
    'Each step with who stated it and when; with a format, the document, and what it cannot hold',
    z.looseObject({ entity: z.string(), steps: z.array(z.looseObject({ statement: z.string(), party: z.string() })) }),
  ),
})

export function addLineageRoutes(api: Api, node: Node): void {
  api.openapi(readLineage, async (context) => {
    const { entity, format, party } = context.req.valid('query')
    const all = await findRecordedSteps(node.register.database.db, entity)
    const steps = party === undefined ? all : all.filter((each) => each.party === party)
    if (steps.length === 0)
      throw new ColophonError('not_found', 'no step of a pipeline that is recorded here describes it', {
        where: entity,
      })
    const parties = new Set(steps.map((each) => each.party))
    // Anybody may say anything of a name: a document is what one party says.
    if (format && parties.size > 1)
      throw new ColophonError('usage', 'several parties have said something of it', {
        where: entity,
        remedy: `Say whose steps, with party: ${[...parties].slice(0, 20).join(', ')}`,
      })
    const document = format && writeDocument(steps, entity, format, isoTime(node.register.effects.now()))
    return context.json({ entity, steps, ...(document ? { document } : {}) } as never, 200)
  })
}

function writeDocument(
  steps: Awaited<ReturnType<typeof findRecordedSteps>>,
  entity: string,
  format: (typeof lineageFormats)[number],
  at: string,
) {
  // One party may record one step twice: the statement tells them apart.
  const named = steps.map(({ statement, step }) => ({ ...step, id: statement }))
  return exportLineage(buildLineage(named), entity, format, { at })
}

import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { ColophonError, asColophonError, limits } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { addOperatorRoutes, logDefect, observeRequests } from '../operations/index.ts'
import { addCheckRoutes } from './checks.ts'
import { addCollectionRoutes } from './collections.ts'
import { addConsentRoutes } from './consents.ts'
import { addDraftRoutes } from './prepareDraft.ts'
import { addFundRoutes } from './fund.ts'
import { addLabelRoutes } from './labels.ts'
import { addLineageRoutes } from './lineage.ts'
import { addLogRoutes } from './log.ts'
import { addSnapshotRoutes } from './snapshots.ts'
import { addMarkRoutes } from './marks.ts'
import { addRegisterRoutes } from './register.ts'
import { addRequestRoutes } from './requests.ts'
import { addStatementRoutes } from './statements.ts'
import { addWorkExportRoutes } from './workExports.ts'

export type Api = OpenAPIHono

/**
 * The API: one schema gives validation, types and the OpenAPI document. `prepare` puts before every route what has to see
 * every request.
 */
export function createApi(node: Node, prepare: (api: Api) => void = () => {}): Api {
  const api = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return
      const issue = result.error.issues[0]!
      throw new ColophonError('invalid_input', issue.message, { where: issue.path.join('.') })
    },
  })
  prepare(api)
  observeRequests(api, node)
  const onError = () => refuse(new ColophonError('too_large', 'the request body is too large'))
  const usual = bodyLimit({ maxSize: limits.jsonBodyBytesMax * 8, onError })
  const forFiles = bodyLimit({ maxSize: limits.requestBodyBytesMax, onError })
  api.use('/api/*', (context, next) =>
    (/^\/api\/(collections|verify$|mark$)/.test(context.req.path) ? forFiles : usual)(context, next),
  )
  api.onError((error) => refuse(readFailure(error)))
  addOperatorRoutes(api, node)
  addCheckRoutes(api, node)
  addStatementRoutes(api, node)
  addDraftRoutes(api, node)
  addCollectionRoutes(api, node)
  addConsentRoutes(api, node)
  addFundRoutes(api, node)
  addLabelRoutes(api, node)
  addMarkRoutes(api, node)
  addRegisterRoutes(api, node)
  addWorkExportRoutes(api, node)
  addRequestRoutes(api, node)
  addLogRoutes(api, node)
  addLineageRoutes(api, node)
  addSnapshotRoutes(api, node)
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Colophon',
      version: '0.1.0',
      description: 'Provenance, consent and remuneration of creative works in the age of AI.',
      license: { name: 'EUPL-1.2' },
    },
  })
  return api
}

/** What the HTTP layer itself refuses (a body that is no JSON, say) is the caller's to mend, like our own refusals. */
export function readFailure(error: Error): ColophonError {
  if (!(error instanceof HTTPException)) return asColophonError(error)
  return new ColophonError('invalid_json', error.message, { where: 'body', remedy: 'Send one JSON document.' })
}

/**
 * An error as JSON, with what it comes to in the caller's language where that is not English; what is not the caller's to
 * know stays in the log of the process.
 */
export function refuse(error: ColophonError, says?: string): Response {
  if (error.code === 'internal') {
    logDefect('defect', error.cause ?? error)
    return Response.json(
      { error: { code: 'internal', message: 'something went wrong here; nothing was recorded', says } },
      { status: 500 },
    )
  }
  return Response.json({ error: { ...error.toJSON().error, says } }, { status: error.status })
}

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { ColophonError, type RateClass } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { clientReader, type Client } from './client.ts'
import type { Metrics } from './metrics.ts'
import { rateClassOf, rateHeaders, rateLimiter } from './rateLimits.ts'
import { writeLog } from './writeLog.ts'

/** Puts before every route of a server what an operator needs: counting, one log line per request, limits. */
export function observeRequests(app: OpenAPIHono, node: Node): void {
  const clientOf = clientReader(node.config)
  app.use(countAndLog(node, clientOf))
  for (const handler of limitRates(node, clientOf)) app.use(handler)
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Paths hold ids that open results and cases, so a line names the route, and no query. */
function countAndLog(node: Node, clientOf: (context: Context) => Client): MiddlewareHandler {
  const { metrics } = node
  return async (context, next) => {
    const startedMs = performance.now()
    metrics.change('colophon_http_requests_in_flight', 1)
    try {
      await next()
    } finally {
      metrics.change('colophon_http_requests_in_flight', -1)
      const seconds = (performance.now() - startedMs) / 1000
      const route = routeOf(context)
      const method = METHODS.has(context.req.method) ? context.req.method : 'OTHER'
      const { status } = context.res
      metrics.count('colophon_http_requests_total', { method, route, status: String(status) })
      metrics.observe('colophon_http_request_duration_seconds', seconds, { method, route })
      countChecks(metrics, method, route, status)
      writeLog(status >= 500 ? 'error' : 'info', 'request', {
        method,
        route,
        status,
        ms: Math.round(seconds * 10_000) / 10,
        ...(node.config.logsClients ? { client: clientOf(context).name } : {}),
      })
    }
  }
}

function countChecks(metrics: Metrics, method: string, route: string, status: number): void {
  if (method === 'POST' && status < 400 && ['/check', '/api/checks'].includes(route))
    metrics.count('colophon_checks_total')
}

/** The pattern of the route that answers, so that metrics have as many lines as there are routes. */
function routeOf(context: Context): string {
  const asked = context.req.method === 'HEAD' ? 'GET' : context.req.method
  return matchedRoutes(context).find(({ method }) => method === asked)?.path ?? '(none)'
}

/**
 * The first adds the header fields to whatever comes back, the second refuses, so that a refusal is worded like every
 * other. Requests from this machine itself are not counted: whoever sits there can read the data directory.
 */
function limitRates(node: Node, clientOf: (context: Context) => Client): MiddlewareHandler[] {
  const { rateLimits } = node.config
  if (!rateLimits) return []
  const take = rateLimiter(rateLimits, () => node.register.effects.now())
  const refusals = new WeakMap<Request, ColophonError>()
  let hasWarned = false
  return [
    async (context, next) => {
      const client = clientOf(context)
      if (client.isUnnamedProxy && !hasWarned) {
        hasWarned = true
        writeLog('warn', 'unnamed_proxy', {
          message: 'requests are passed on by a proxy that TRUSTED_PROXIES does not name: no client is limited',
        })
      }
      const sort = rateClassOf(context.req.method, context.req.path)
      if (sort === undefined || client.isLocal || client.isUnnamedProxy || client.name === 'unknown') return next()
      const allowance = take(client.name, sort)
      if (!allowance.isAllowed) refusals.set(context.req.raw, tooMany(sort, allowance.retrySeconds))
      await next()
      for (const [name, value] of Object.entries(rateHeaders(sort, allowance))) context.header(name, value)
    },
    async (context, next) => {
      const refusal = refusals.get(context.req.raw)
      if (!refusal) return next()
      node.metrics.count('colophon_rate_limited_total', { sort: rateClassOf(context.req.method, context.req.path)! })
      throw refusal
    },
  ]
}

const WORDS: Record<RateClass, string> = {
  check: 'Many works were looked up, or plans compared, from your connection in a short time.',
  upload: 'Many files were sent from your connection in a short time.',
  statement: 'Many statements were sent from your connection in a short time.',
  request: 'Many cases were opened from your connection in a short time.',
  send: 'Many letters were sent from your connection today.',
  witness: 'Many checkpoints were sent from your connection in a short time.',
  account: 'An account was asked for often from your connection in a short time.',
  read: 'Many pages were asked for from your connection in a short time.',
}

function tooMany(sort: RateClass, retrySeconds: number): ColophonError {
  const wait = retrySeconds < 120 ? `${retrySeconds} seconds` : `${Math.ceil(retrySeconds / 60)} minutes`
  return new ColophonError('too_many_requests', WORDS[sort], {
    remedy: `Nothing is lost. Wait ${wait}, then send it again.`,
  })
}

import { LruMap, type Config, type RateClass, type RateLimit } from '../foundation/index.ts'

/** What a client has left of a sort of requests. */
export interface Allowance {
  isAllowed: boolean
  limit: RateLimit
  /** Requests that may follow at once. */
  remaining: number
  /** Seconds until everything is there again. */
  resetSeconds: number
  /** Seconds until the next request is answered; 0 when it is now. */
  retrySeconds: number
}

/** So many clients are remembered; whoever has been away longest is forgotten first. */
const CLIENTS_MAX = 50_000

/** What costs much, by method and path: the first that fits. */
const SORTS: readonly [RateClass, string, RegExp][] = [
  ['check', 'POST', /^\/(check|api\/checks(\/[^/]+\/passages)?)$/],
  // Two plans are computed on all works.
  ['check', 'GET', /^\/fund\/simulate$/],
  ['upload', 'POST', /^\/(verify|mark|import|account\/parts|api\/verify|api\/mark)$|^\/import\/[^/]+\/columns$/],
  // Letters that leave this machine reach people.
  ['send', 'POST', /^\/requests\/[^/]+\/send$/],
  // Whoever has sites looked at makes this node ask others.
  ['request', 'POST', /^\/(requests|api\/requests)(\/|$)|^\/works\/[^/]+\/(visible|further)$/],
  ['account', 'POST', /^\/api\/accounts\/|^\/account\/(export|mail)$/],
  ['witness', 'POST', /^\/add-checkpoint$/],
  // OAI-PMH asks by either method, and records nothing.
  ['read', 'POST', /^\/oai$/],
  ['statement', 'POST', /./],
]

/** Files that anybody may mirror, and what the operator reads, are not counted. */
const FREE = /^\/(assets|modules|ns|health|metrics)(\/|$)|^\/log\/(tile\/|checkpoint$|vkey$|witness-vkey$)/

/** The sort of a request; undefined when it is not counted. */
export function rateClassOf(method: string, path: string): RateClass | undefined {
  // Whoever asks for the head of an answer has all of it computed.
  const asked = method === 'HEAD' ? 'GET' : method
  const sort = SORTS.find(([, known, pattern]) => known === asked && pattern.test(path))
  if (sort) return sort[0]
  return FREE.test(path) ? undefined : 'read'
}

/**
 * Buckets of tokens: a client may spend a whole bucket at once, and it fills again evenly within the time of the limit.
 * Memory is bounded. `now` is in milliseconds.
 */
export function rateLimiter(
  limits: NonNullable<Config['rateLimits']>,
  now: () => number,
  clientsMax = CLIENTS_MAX,
): (client: string, sort: RateClass) => Allowance {
  const buckets = new LruMap<string, { tokens: number; at: number }>(clientsMax)
  return (client, sort) => {
    const limit = limits[sort]
    const perSecond = limit.count / limit.seconds
    const at = now()
    const known = buckets.get(`${sort} ${client}`)
    const refilled = known ? known.tokens + (Math.max(0, at - known.at) / 1000) * perSecond : limit.count
    const tokens = Math.min(limit.count, refilled)
    const isAllowed = tokens >= 1
    const left = isAllowed ? tokens - 1 : tokens
    buckets.set(`${sort} ${client}`, { tokens: left, at })
    return {
      isAllowed,
      limit,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((limit.count - left) / perSecond),
      retrySeconds: isAllowed ? 0 : Math.ceil((1 - left) / perSecond),
    }
  }
}

/** The header fields that tell a client (draft-ietf-httpapi-ratelimit-headers, and RFC 9110 section 10.2.3). */
export function rateHeaders(sort: RateClass, allowance: Allowance): Record<string, string> {
  const { limit, remaining, resetSeconds, retrySeconds, isAllowed } = allowance
  return {
    'ratelimit-policy': `"${sort}";q=${limit.count};w=${limit.seconds}`,
    ratelimit: `"${sort}";r=${remaining};t=${isAllowed ? resetSeconds : retrySeconds}`,
    ...(isAllowed ? {} : { 'retry-after': String(retrySeconds) }),
  }
}

import { createReadStream, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { retryAfter } from '../../collecting/index.ts'
import { ColophonError, safeFetch, safeFetchStream, type LruMap } from '../../foundation/index.ts'
import { hostOf, type Adapter, type AdapterBounds, type AdapterEffects } from './adapter.ts'

/** What looking further reaches for: the clock, waiting, and whom to leave alone until when. */
export interface LookEffects {
  now(): number
  sleep?: (milliseconds: number) => Promise<void>
  /** Hosts that wanted to be left alone, until when (milliseconds): the next look keeps to it as well. */
  restingUntil: LruMap<string, number>
}

export interface ReachOptions extends LookEffects {
  adapter: Adapter
  address: string | undefined
  /** The operator named the address himself, so that it may be on his own network. */
  allowPrivate: boolean
  bounds: AdapterBounds
}

export interface Reach extends AdapterEffects {
  spent(): { requests: number; bytes: number }
  secondsLeft(): number
}

const TRIES_MAX = 3
/** When a busy server does not say how long. */
const REST_SECONDS = 5
const REST_SECONDS_MAX = 86_400

/** Opens what one look of one adapter may reach, and counts it against the bounds. */
export function openReach(options: ReachOptions): Reach {
  const { address, allowPrivate, bounds, now, restingUntil } = options
  const sleep = options.sleep ?? ((milliseconds: number) => delay(milliseconds))
  const endsAt = now() + bounds.secondsMax * 1000
  const spent = { requests: 0, bytes: 0 }

  /** Counts a request, and waits until it may be made. */
  const begin = async (where: string, pauseMs: number) => {
    const restMs = Math.max((restingUntil.get(hostOf(where)) ?? 0) - now(), spent.requests > 0 ? pauseMs : 0)
    if (now() + restMs >= endsAt) throw tooBusy(where, restMs)
    if (spent.requests >= bounds.requestsMax) throw bounded(`more than ${bounds.requestsMax} requests`, where)
    spent.requests++
    if (restMs > 0) await sleep(restMs)
  }
  const timeoutMs = (secondsMax: number) => Math.max(1, Math.min(secondsMax * 1000, endsAt - now()))

  const askOnce = async (url: string, accept: string | undefined, json: object | undefined) => {
    await begin(url, bounds.pauseMs)
    const { status, headers, body } = await safeFetch(url, {
      // What was asked is for one host: it may not send the question on.
      redirectsMax: 0,
      allowPrivate,
      timeoutMs: timeoutMs(bounds.answerSecondsMax),
      bytesMax: Math.min(bounds.answerBytesMax, bounds.bytesMax - spent.bytes),
      accept: accept ?? 'application/json',
      ...(json ? { method: 'POST' as const, body: JSON.stringify(json), contentType: 'application/json' } : {}),
    })
    spent.bytes += body.length
    if (status !== 429 && status !== 503) return { status, text: new TextDecoder().decode(body), where: url }
    const seconds = Math.min(retryAfter(headers['retry-after']) ?? REST_SECONDS, REST_SECONDS_MAX)
    restingUntil.set(hostOf(url), now() + seconds * 1000)
    return undefined
  }

  return {
    address,
    async ask(path, { accept, json } = {}) {
      const url = below(address, path)
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const answer = await askOnce(url, accept, json)
        if (answer) return answer
      }
      throw tooBusy(url, (restingUntil.get(hostOf(url)) ?? 0) - now())
    },
    async *read(where) {
      for await (const piece of /^https?:/i.test(where) ? download(where) : readFile(where)) {
        spent.bytes += piece.length
        if (now() >= endsAt) throw bounded(`more than ${bounds.secondsMax} seconds`, where)
        yield piece
      }
    },
    spent: () => ({ ...spent }),
    secondsLeft: () => Math.max(0, (endsAt - now()) / 1000),
  }

  async function* download(where: string): AsyncGenerator<Uint8Array> {
    await begin(where, 0)
    const { status, headers, body } = await safeFetchStream(where, {
      allowPrivate,
      timeoutMs: timeoutMs(bounds.secondsMax),
      bytesMax: bounds.bytesMax,
    })
    if (status === 200) return yield* body
    // Whoever never begins to read leaves the connection open.
    await body[Symbol.asyncIterator]().return?.()
    if (status === 429 || status === 503)
      throw tooBusy(where, Math.min(retryAfter(headers['retry-after']) ?? REST_SECONDS, REST_SECONDS_MAX) * 1000)
    throw new ColophonError('fetch_failed', `the server answered ${status}`, { where })
  }

  async function* readFile(path: string): AsyncGenerator<Uint8Array> {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats?.isFile()) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
    if (stats.size > bounds.bytesMax) throw bounded(`larger than ${bounds.bytesMax} bytes`, path)
    try {
      yield* createReadStream(path, { highWaterMark: 256 * 1024 })
    } catch (cause) {
      throw new ColophonError('unreadable_file', 'it cannot be read', { where: path, cause })
    }
  }
}

function below(address: string | undefined, path: string): string {
  if (address === undefined) throw new ColophonError('url_refused', 'no address was named')
  return path === '' ? address : `${address.replace(/\/+$/, '')}/${path}`
}

function bounded(what: string, where: string): ColophonError {
  return new ColophonError('too_large', `${what}: a look ends there`, { where })
}

function tooBusy(where: string, restMs: number): ColophonError {
  const seconds = Math.max(1, Math.ceil(restMs / 1000))
  return new ColophonError('too_busy', `it wants to be left alone for ${seconds} seconds`, { where: hostOf(where) })
}

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveLoopback } from './loopbackServer.ts'

/** One exchange as it was recorded. Of the answer one of `json`, `lines` (JSON lines) and `text` is given. */
interface Exchange {
  request: { method?: 'GET' | 'POST'; path: string; query?: Record<string, string>; json?: unknown }
  answer: { status?: number; headers?: Record<string, string>; json?: unknown; lines?: unknown[]; text?: string }
}

/** Whole requests as they came in: method, address and body, decoded. */
export interface PlayedAnswers {
  url: string
  received: string[]
  /** Fails when something was asked that is not on record, or when something on record was never asked. */
  finish(): Promise<void>
}

/**
 * Plays a file of recorded answers (`tests/support/recorded/NAME.json`) on this machine. A request fits an exchange when
 * method, path, every parameter and the JSON of its body are the same; the same exchange may be asked for again. Anything
 * else is answered with 500 and fails the test at `finish`.
 */
export async function playRecordedAnswers(name: string): Promise<PlayedAnswers> {
  const file = new URL(`recorded/${name}.json`, import.meta.url)
  const exchanges = JSON.parse(readFileSync(file, 'utf8')) as Exchange[]
  const unknown: string[] = []
  const received: string[] = []
  const used = new Set<Exchange>()
  const server = await serveLoopback((path, response, request) => {
    void readBody(request).then((body) => {
      const asked = `${request.method} ${decodeURIComponent(path.replaceAll('+', ' '))} ${body}`.trim()
      received.push(asked)
      const exchange = exchanges.find((each) => fits(each, request.method!, path, body))
      if (exchange) used.add(exchange)
      else unknown.push(asked)
      play(exchange?.answer ?? { status: 500, json: { error: 'not on record' } }, response)
    })
  })
  return {
    url: server.url,
    received,
    async finish() {
      await server.close()
      assert.deepEqual(unknown, [], 'requests that are not on record')
      const unused = exchanges.filter((each) => !used.has(each)).map(({ request }) => request)
      assert.deepEqual(unused, [], 'recorded answers that nobody asked for')
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

function fits({ request }: Exchange, method: string, path: string, body: string): boolean {
  const { pathname, searchParams } = new URL(path, 'http://recorded.invalid')
  const isSame = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
  return (
    method === (request.method ?? 'GET') &&
    pathname === request.path &&
    isSame(Object.fromEntries(searchParams), request.query ?? {}) &&
    isSame(body === '' ? undefined : JSON.parse(body), request.json)
  )
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function play({ status = 200, headers = {}, json, lines, text }: Exchange['answer'], response: ServerResponse): void {
  const body = lines?.map((line) => `${JSON.stringify(line)}\n`).join('') ?? text ?? JSON.stringify(json)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

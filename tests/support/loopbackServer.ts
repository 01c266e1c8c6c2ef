import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Loopback {
  url: string
  host: string
  /** Paths with their queries, in the order in which they were asked for. */
  asked: string[]
  close(): Promise<void>
}

/** What a server of a test answers: a text, or whatever it does itself (nothing at all is a server that stalls). */
export type Answerer = (path: string, response: ServerResponse, request: IncomingMessage) => string | undefined | void

/** A server on this machine for sources that lie elsewhere. */
export async function serveLoopback(answer: Answerer): Promise<Loopback> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const text = answer(request.url!, response, request)
    if (text !== undefined) response.end(text)
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => {
        server.close(done)
      })
    },
  }
}

export async function listed<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

/** A reach for tests: this machine, a short time, and no waiting; what would have been waited is told. */
export function testReach(timeoutMs = 2000) {
  const waited: number[] = []
  const sleep = async (milliseconds: number) => {
    waited.push(milliseconds)
  }
  return { allowPrivate: true, timeoutMs, sleep, waited }
}

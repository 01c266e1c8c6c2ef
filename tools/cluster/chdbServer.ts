import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** ClickHouse as a library. It is large (546 MB) and only this script needs it, so it is no dependency. */
const CHDB_VERSION = '3.4.0'

interface Session {
  query(sql: string, format?: string): string
  cleanup(): void
}

/** What the last SELECT read, as the engine itself counted it. */
interface ReadStatistics {
  elapsed: number
  rows_read: number
  bytes_read: number
}

export interface ChdbServer {
  port: number
  version: string
  user: string
  password: string
  lastRead(): ReadStatistics
  /** Straight to the engine, past the interface: to set up and to look. */
  query(sql: string): string
  close(): Promise<void>
}

/** Installs chdb in a folder of its own beside the project when it is not there yet. */
function loadChdb(): { Session: new (path: string) => Session } {
  const directory = resolve('.chdb')
  const manifest = join(directory, 'node_modules/chdb/package.json')
  const isThere = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === CHDB_VERSION
  if (!isThere) {
    console.error(`Installing chdb ${CHDB_VERSION} (546 MB) into ${directory}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--no-save', '--ignore-scripts', '--prefix', directory, `chdb@${CHDB_VERSION}`]
    const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) throw new Error('chdb could not be installed')
  }
  return createRequire(join(directory, 'package.json'))('chdb')
}

/**
 * The part of ClickHouse's HTTP interface that our client uses, in front of a session of chdb, on a loopback port: the
 * statement in `query` or in the body, parameters, data of an INSERT, credentials, errors with their codes.
 */
export async function openChdbServer(): Promise<ChdbServer> {
  const { Session } = loadChdb()
  const directory = mkdtempSync(join(tmpdir(), 'colophon-cluster-'))
  const session = new Session(join(directory, 'data'))
  const [user, password] = ['tester', 'p:a/s@s wörd%']
  let statistics: ReadStatistics = { elapsed: 0, rows_read: 0, bytes_read: 0 }
  const server = createServer((request, response) => {
    answer(request, session, directory, `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`).then(
      (text) => {
        if (text.startsWith('{')) ({ statistics } = JSON.parse(text) as { statistics: ReadStatistics })
        response.end(text)
      },
      (error: unknown) => refuse(response, error),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    version: session.query('SELECT version()', 'TSV').trim(),
    user,
    password,
    lastRead: () => statistics,
    query: (sql) => session.query(sql, 'TSV'),
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      session.cleanup()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(`Code: ${code}. DB::Exception: ${message}`)
    this.code = code
  }
}

async function answer(request: IncomingMessage, session: Session, directory: string, credentials: string) {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = new Uint8Array(Buffer.concat(chunks))
  if (request.headers.authorization !== credentials) throw new Refusal(516, 'Authentication failed')
  const fields = new URL(request.url!, 'http://loopback').searchParams
  const type = request.headers['content-type'] ?? ''
  let data: Uint8Array | undefined
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    for (const [name, value] of form) fields.append(name, String(value))
  } else if (fields.has('query')) data = body
  else fields.set('query', new TextDecoder().decode(body))
  session.query(`USE ${fields.get('database') ?? 'default'}`)
  const statement = fields.get('query')!
  for (const [, name] of statement.matchAll(/\{(\w+):[^}]+\}/g)) {
    const value = fields.get(`param_${name}`)
    if (value === null) throw new Refusal(456, `Substitution ${name} is not set`)
    // A parameter that is set is read like one of the interface, with the same escapes.
    session.query(`SET param_${name} = '${value.replaceAll(/['\\]/g, '\\$&')}'`)
  }
  return session.query(data ? withFile(statement, data, join(directory, 'body')) : statement)
}

/** chdb reads no data beside a statement, so the body becomes a file, and the statement reads that. */
function withFile(statement: string, data: Uint8Array, path: string): string {
  writeFileSync(path, data)
  const format = /\nFORMAT (\w+)$/.exec(statement)![1]!
  return statement.slice(0, statement.lastIndexOf('\n')).replace('input(', `file('${path}', '${format}', `)
}

function refuse(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Refusal ? error.code : Number(/Code: (\d+)/.exec(message)?.[1] ?? 1002)
  response.writeHead(code === 516 ? 403 : 500, { 'x-clickhouse-exception-code': String(code) }).end(message)
}

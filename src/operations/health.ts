import { timingSafeEqual } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { sql } from 'kysely'
import { ColophonError, sha256 } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { clientReader } from './client.ts'
import type { Gauge } from './metrics.ts'
import { casesByState } from './store.ts'

/** With less than this a node still answers, and says that it is not well. */
const FREE_BYTES_MIN = 512 * 1024 * 1024

interface Check {
  isOk: boolean
  detail: string
}

interface Health {
  /** `ok` when every check is. */
  status: 'ok' | 'failing'
  checks: Record<'database' | 'log' | 'disk', Check>
}

/** `/health` and `/metrics`, for this machine itself or whoever has the operator's token. */
export function addOperatorRoutes(app: OpenAPIHono, node: Node): void {
  const requireOperator = operatorGuard(node)
  app.get('/health', async (context) => {
    requireOperator(context)
    context.header('cache-control', 'no-store')
    const health = await readHealth(node)
    return context.json(health, health.status === 'ok' ? 200 : 503)
  })
  app.get('/metrics', async (context) => {
    requireOperator(context)
    const body = node.metrics.text(await readGauges(node))
    return context.body(body, 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    })
  })
}

function operatorGuard(node: Node): (context: Context) => void {
  const clientOf = clientReader(node.config)
  const { operatorToken } = node.config
  const wanted = operatorToken && sha256(Buffer.from(operatorToken))
  return (context) => {
    const [, token] = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '') ?? []
    if (wanted && token !== undefined && timingSafeEqual(sha256(Buffer.from(token)), wanted)) return
    if (clientOf(context).isLocal) return
    throw new ColophonError('not_authorised', 'This is for whoever operates this node.', {
      remedy: 'Ask from the machine itself, or with “Authorization: Bearer” and the token that OPERATOR_TOKEN sets.',
    })
  }
}

/** Whether the node can do its work: its database answers, its log takes entries, its disk has room. */
async function readHealth(node: Node, freeBytesMin = FREE_BYTES_MIN): Promise<Health> {
  const checks = {
    database: await check(async () => {
      await sql`SELECT 1`.execute(node.register.database.db)
      return 'answers'
    }),
    log: await check(async () => {
      const { failure, size } = node.register.log
      if (failure) throw failure
      return `${size} entries`
    }),
    disk: await check(async () => {
      const free = await freeBytes(node.config.dataDir)
      if (free < freeBytesMin) throw new Error(`${megabytes(free)} free, ${megabytes(freeBytesMin)} are needed`)
      return `${megabytes(free)} free`
    }),
  }
  return { status: Object.values(checks).every(({ isOk }) => isOk) ? 'ok' : 'failing', checks }
}

async function check(run: () => Promise<string>): Promise<Check> {
  try {
    return { isOk: true, detail: await run() }
  } catch (error) {
    return { isOk: false, detail: (error as Error).message.slice(0, 200) }
  }
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MB`
}

/** What is read when somebody asks, because nobody counts it. */
async function readGauges(node: Node): Promise<Gauge[]> {
  const { register, datasets, config } = node
  const sets = datasets.list()
  const single = (name: string, help: string, value: number, type?: 'counter'): Gauge => ({
    name,
    help,
    ...(type ? { type } : {}),
    values: [[{}, value]],
  })
  const memory = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    single('colophon_log_entries', 'Entries on the log.', register.log.size),
    single('colophon_statements_in_flight', 'Statements on their way onto the log.', register.inFlight.size),
    single('colophon_datasets', 'Indexed data sets.', sets.length),
    single(
      'colophon_dataset_rows',
      'Rows of all indexed data sets.',
      sets.reduce((sum, { rowCount }) => sum + rowCount, 0),
    ),
    {
      name: 'colophon_cases',
      help: 'Cases by their state.',
      values: (await casesByState(register.database.db)).map(({ state, count }) => [{ state }, Number(count)]),
    },
    single('colophon_disk_free_bytes', 'Room on the disk of the data directory.', await freeBytes(config.dataDir)),
    single('process_resident_memory_bytes', 'Memory of this process.', memory.rss),
    single('nodejs_heap_size_used_bytes', 'Memory that JavaScript uses.', memory.heapUsed),
    single('process_cpu_seconds_total', 'Time that this process has computed.', (user + system) / 1e6, 'counter'),
    single('process_start_time_seconds', 'When this process started.', Date.now() / 1000 - process.uptime()),
  ]
}

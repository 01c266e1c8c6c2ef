import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { ColophonError, dataPath } from '../foundation/index.ts'
import {
  SNAPSHOT_LINES,
  SNAPSHOT_NOTE,
  diffLines,
  makeSnapshot,
  readHeader,
  readLines,
  writeLines,
  type SnapshotHeader,
} from '../gate/index.ts'
import type { Node } from '../main.ts'
import type { Api } from './app.ts'

/** One that is younger is given again, when nothing was recorded since. */
const FRESH_MS = 15 * 60_000
/** So many stay, for whoever refreshes from one of them. */
const KEPT_MAX = 10

/** Register snapshots for gates: the newest, signed; each by its digest; and what changed between two. */
export function addSnapshotRoutes(api: Api, node: Node): void {
  let making: Promise<SnapshotHeader> | undefined
  const state = { tookMs: 0 }
  const newest = () => (making ??= newestSnapshot(node, state).finally(() => (making = undefined)))
  api.get('/snapshots/latest', async (context) => {
    const { sha256 } = await newest()
    context.header('cache-control', 'no-store')
    return context.text(readFileSync(dataPath(node.config, 'snapshots', sha256, SNAPSHOT_NOTE), 'utf8'))
  })
  api.get('/snapshots/:sha256', (context) => {
    const path = storedPath(node, context.req.param('sha256'), SNAPSHOT_LINES)
    return path === undefined ? context.text('no such snapshot\n', 404) : sendFile(context, path)
  })
  api.get('/snapshots/:from/to/:to', async (context) => {
    const { from, to } = context.req.param()
    const [older, newer] = [storedPath(node, from, SNAPSHOT_LINES), storedPath(node, to, SNAPSHOT_LINES)]
    if (older === undefined || newer === undefined) return context.text('no such snapshot\n', 404)
    const path = join(newer, '..', `from-${from}.zst`)
    if (!existsSync(path)) await writeDelta(older, newer, path)
    return sendFile(context, path)
  })
}

/** What the node has or makes when it is asked for; of its time it spends a tenth at most on making them. */
async function newestSnapshot(node: Node, state: { tookMs: number }): Promise<SnapshotHeader> {
  const folder = dataPath(node.config, 'snapshots')
  mkdirSync(folder, { recursive: true })
  const [latest] = stored(node)
  const now = node.register.effects.now()
  const { size } = node.register.log.checkpoint()
  const ageMs = latest ? now - Date.parse(latest.createdAt) : Infinity
  if (latest && (ageMs < 10 * state.tookMs || (latest.size === size && ageMs < FRESH_MS))) return latest
  const making = join(folder, 'making')
  rmSync(making, { recursive: true, force: true })
  const began = performance.now()
  const header = await makeSnapshot(node.register, making, node.logSigner)
  state.tookMs = performance.now() - began
  const place = join(folder, header.sha256)
  if (existsSync(place)) renameSync(join(making, SNAPSHOT_NOTE), join(place, SNAPSHOT_NOTE))
  else renameSync(making, place)
  for (const { sha256 } of stored(node).slice(KEPT_MAX)) rmSync(join(folder, sha256), { recursive: true, force: true })
  return header
}

/** The newest first. */
function stored(node: Node): SnapshotHeader[] {
  const folder = dataPath(node.config, 'snapshots')
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, SNAPSHOT_NOTE)) && name !== 'making')
    .map((name) => readHeader(readFileSync(join(folder, name, SNAPSHOT_NOTE), 'utf8'), node.logSigner.vkey))
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
}

function storedPath(node: Node, sha256: string, file: string): string | undefined {
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const path = dataPath(node.config, 'snapshots', sha256, file)
  return existsSync(path) ? path : undefined
}

async function writeDelta(older: string, newer: string, path: string): Promise<void> {
  const lines: string[] = []
  for await (const { sign, line } of diffLines(readLines(older), readLines(newer))) {
    lines.push(sign + line)
    if (lines.length > DELTA_LINES_MAX)
      throw new ColophonError('too_large', 'more has changed than is worth telling one by one', {
        remedy: 'Get the snapshot whole.',
      })
  }
  await writeLines(path, lines)
}

const DELTA_LINES_MAX = 1_000_000

function sendFile(context: Context, path: string): Response {
  context.header('content-type', 'application/zstd')
  context.header('content-length', String(statSync(path).size))
  context.header('cache-control', 'public, max-age=31536000, immutable')
  return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream)
}

import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ColophonError, readConfig, safeFetch, writeFileDurably, type Config } from '../foundation/index.ts'
import {
  SNAPSHOT_LINES,
  SNAPSHOT_NOTE,
  applyDelta,
  makeSnapshot,
  readHeader,
  readLines,
  readSnapshotHeader,
  writeLines,
  type SnapshotHeader,
} from '../gate/index.ts'
import { needOne, print, readArgs, readVerb, servingUrl, type Command, type ExitCode, loadMain } from './command.ts'
import { readVkey } from './log.ts'

const options = { out: { type: 'string', short: 'o' }, vkey: { type: 'string' } } as const
type Values = ReturnType<typeof readArgs<typeof options>>['values']

export const snapshot: Command = {
  forms: ['snapshot make -o FOLDER', 'snapshot get URL -o FOLDER [--vkey KEY]', 'snapshot info FOLDER [--vkey KEY]'],
  does: 'What a gate needs of a register, signed and of one place in its log: makes it of this node’s register, or gets it from another node; where one is in the folder already, only what changed since.',
  async run(args) {
    const { run, values, positionals } = readVerb('snapshot', VERBS, options, args)
    return run(values, positionals)
  },
}

const VERBS: Record<string, (values: Values, positionals: string[]) => Promise<ExitCode>> = {
  async make(values) {
    const folder = needOut(values)
    const config = readConfig(process.env)
    const url = await servingUrl(config)
    return tell(
      values,
      url === undefined ? await makeHere(config, folder) : await get(url, folder, readVkey(undefined, '.')),
    )
  },
  async get(values, positionals) {
    const url = needOne(positionals, 'address').replace(/\/$/, '')
    const folder = needOut(values)
    return tell(
      values,
      await get(url, folder, values.vkey ? readVkey(values.vkey, folder) : await trustOnFirstUse(url, folder)),
    )
  },
  async info(values, positionals) {
    const folder = needOne(positionals, 'folder')
    const header = readSnapshotHeader(folder, vkeyOf(folder, values.vkey))
    if (!header) throw new ColophonError('unreadable_file', 'there is no snapshot in this folder', { where: folder })
    for await (const _ of readLines(join(folder, SNAPSHOT_LINES), header));
    return tell(values, header)
  },
}

function needOut({ out }: Values): string {
  if (!out) throw new ColophonError('usage', 'give -o, the folder of the snapshot')
  mkdirSync(out, { recursive: true })
  return out
}

function tell({ json }: Values, header: SnapshotHeader): ExitCode {
  const { origin, size, lines, createdAt, sha256 } = header
  print(json, header, [`${origin}, entry ${size}, ${createdAt}: ${lines} lines, SHA-256 ${sha256}`])
  return 0
}

async function makeHere(config: Config, folder: string): Promise<SnapshotHeader> {
  const node = await (await loadMain()).openNode(config)
  try {
    const header = await makeSnapshot(node.register, folder, node.logSigner)
    writeFileDurably(join(folder, VKEY), `${node.logSigner.vkey}\n`)
    return header
  } finally {
    await node.close()
  }
}

const VKEY = 'vkey'

/** The key that was given, or the one that lies with the snapshot since it was got for the first time. */
export function vkeyOf(folder: string, given: string | undefined): string {
  if (given) return readVkey(given, folder)
  if (existsSync(join(folder, VKEY))) return readFileSync(join(folder, VKEY), 'utf8')
  throw new ColophonError('usage', 'the key of the log is not known', { remedy: 'Give it with --vkey.' })
}

/** A node that is asked for the first time says its key itself; from then on it is held to it. */
async function trustOnFirstUse(url: string, folder: string): Promise<string> {
  if (existsSync(join(folder, VKEY))) return vkeyOf(folder, undefined)
  process.stderr.write(
    'The key of the log is taken from the node itself; give it with --vkey when you have it from elsewhere.\n',
  )
  return new TextDecoder().decode((await safeFetch(`${url}/log/vkey`, { allowPrivate: true })).body)
}

/** Gets the newest snapshot of a node: what changed, where the folder holds an earlier one, otherwise the whole. */
async function get(url: string, folder: string, vkey: string): Promise<SnapshotHeader> {
  const answer = await safeFetch(`${url}/snapshots/latest`, { allowPrivate: true, timeoutMs: SNAPSHOT_TIMEOUT_MS })
  if (answer.status !== 200)
    throw new ColophonError('fetch_failed', `the node answered ${answer.status}`, { where: url })
  const note = new TextDecoder().decode(answer.body)
  const header = readHeader(note, vkey)
  const path = join(folder, SNAPSHOT_LINES)
  const held = existsSync(path) ? readSnapshotHeader(folder, vkey) : undefined
  if (held && held.size > header.size)
    throw new ColophonError('invalid_proof', 'the node gives an older snapshot than the one that is here', {
      where: url,
      remedy: 'A log does not grow shorter. Ask whoever runs it.',
    })
  if (held?.sha256 !== header.sha256) {
    const fresh = `${path}.new`
    const isRefreshed = held !== undefined && (await refresh(url, held, header, path, fresh))
    if (!isRefreshed) await download(`${url}/snapshots/${header.sha256}`, fresh)
    for await (const _ of readLines(fresh, header));
    renameSync(fresh, path)
  }
  writeFileDurably(join(folder, SNAPSHOT_NOTE), note)
  writeFileDurably(join(folder, VKEY), `${vkey.trim()}\n`)
  return header
}

const SNAPSHOT_TIMEOUT_MS = 600_000
const SNAPSHOT_BYTES_MAX = 4 * 1024 ** 3

async function refresh(
  url: string,
  held: SnapshotHeader,
  header: SnapshotHeader,
  path: string,
  fresh: string,
): Promise<boolean> {
  const delta = `${path}.delta`
  try {
    await download(`${url}/snapshots/${held.sha256}/to/${header.sha256}`, delta)
    const lines: string[] = []
    for await (const line of applyDelta(readLines(path, held), readLines(delta))) lines.push(line)
    await writeLines(fresh, lines)
    for await (const _ of readLines(fresh, header));
    return true
  } catch (error) {
    if (error instanceof ColophonError && error.code !== 'internal') return false
    throw error
  } finally {
    rmSync(delta, { force: true })
  }
}

async function download(url: string, path: string): Promise<void> {
  const { status, body } = await safeFetch(url, {
    allowPrivate: true,
    timeoutMs: SNAPSHOT_TIMEOUT_MS,
    bytesMax: SNAPSHOT_BYTES_MAX,
  })
  if (status !== 200) throw new ColophonError('fetch_failed', `the node answered ${status}`, { where: url })
  await pipeline(Readable.from([body]), createWriteStream(path))
}

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ColophonError, fromHex, parseJson, readConfig, safeFetch } from '../foundation/index.ts'
import {
  directoryFiles,
  formatCheckpoint,
  parseCheckpoint,
  parseVkey,
  verifyLog,
  type LogSource,
} from '../log/index.ts'
import { appendStatement, makeReceipt, replayLog, verifyReceipt } from '../statements/index.ts'
import { needOne, print, readArgs, withNode, type Command, type ExitCode } from './command.ts'
import { ask, askText, withPlace } from './place.ts'

export const log: Command = {
  forms: [
    'log verify URL|DIRECTORY|RECEIPT.tlog-proof [--vkey KEY] [--earlier CHECKPOINT] [--seal SEAL.json]',
    'log prove INDEX',
    'log append STATEMENT.json',
    'log replay',
    'log checkpoint',
  ],
  does: 'Verifies a log or a receipt with no other help, proves an entry, appends a signed statement, or rebuilds every table.',
  async run(args) {
    const [action, ...rest] = args
    const actions: Record<string, (args: string[]) => Promise<ExitCode>> = { verify, prove, append, replay, checkpoint }
    const run = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!run) throw new ColophonError('usage', `log takes one of: ${Object.keys(actions).join(', ')}`)
    return run(rest)
  },
}

async function verify(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, {
    vkey: { type: 'string' },
    earlier: { type: 'string' },
    seal: { type: 'string' },
  })
  const target = needOne(positionals, 'address, directory or receipt')
  const key = parseVkey(readVkey(values.vkey, target))
  const isFile = existsSync(target) && statSync(target).isFile()
  const verdict = isFile
    ? verifyReceipt(readFileSync(target, 'utf8'), { log: key }, readSealFile(values.seal))
    : await verifyLog(sourceOf(target), {
        log: key,
        ...(values.earlier ? { earlier: parseCheckpoint(readFileSync(values.earlier, 'utf8')) } : {}),
      })
  const lines = verdict.findings.map(
    ({ code, severity, detail }) => `${severity === 'good' ? '✓' : '✗'} ${code}: ${detail}`,
  )
  print(values.json, verdict, [...lines, verdict.isSound ? 'Sound.' : 'NOT sound.'])
  return verdict.isSound ? 0 : 1
}

/** What `declare --sealed` wrote for its holder. */
function readSealFile(path: string | undefined): { salt: Uint8Array; body: string } | undefined {
  if (path === undefined) return undefined
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const { salt, body } = parseJson(readFileSync(path, 'utf8'), path) as { salt?: unknown; body?: unknown }
  if (typeof salt !== 'string' || typeof body !== 'string')
    throw new ColophonError('unreadable_file', 'this is no seal', { where: path })
  return { salt: fromHex(salt), body }
}

/** The key as given, from a file, or from the directory or node itself; the last only shows that it agrees with itself. */
export function readVkey(given: string | undefined, target: string): string {
  if (given) return existsSync(given) ? readFileSync(given, 'utf8') : given
  for (const path of [join(target, 'vkey'), join(readConfig(process.env).dataDir, 'log', 'vkey')]) {
    if (existsSync(path)) return readFileSync(path, 'utf8')
  }
  throw new ColophonError('usage', 'the key of the log is not known', {
    remedy: 'Give it with --vkey; a node shows it on its log page.',
  })
}

function sourceOf(target: string): LogSource {
  if (!/^https?:\/\//.test(target)) {
    if (!existsSync(target))
      throw new ColophonError('unreadable_file', 'there is no such file or directory', { where: target })
    const files = directoryFiles(target)
    return (path) => files.read(path)
  }
  // Whoever runs the command chose the address, so their own machine may be asked; a redirect may not lead elsewhere.
  return async (path) => {
    const { status, body } = await safeFetch(`${target.replace(/\/$/, '')}/${path}`, { allowPrivate: true })
    if (status === 404) return undefined
    if (status !== 200) throw new ColophonError('fetch_failed', `the log answered ${status}`, { where: path })
    return body
  }
}

async function prove(args: string[]): Promise<ExitCode> {
  const { positionals } = readArgs(args, {})
  const index = Number(needOne(positionals, 'index'))
  if (!Number.isSafeInteger(index) || index < 0)
    throw new ColophonError('usage', 'the index of an entry is a number', { where: positionals[0]! })
  const receipt = await withPlace(({ url, node }) =>
    node ? makeReceipt(node.register, index) : askText(url, `/receipts/${index}.tlog-proof`),
  )
  process.stdout.write(receipt)
  return 0
}

async function append(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, {})
  const path = needOne(positionals, 'statement file')
  if (!existsSync(path)) throw new ColophonError('unreadable_file', 'there is no such file', { where: path })
  const statement = parseJson(readFileSync(path, 'utf8'), path)
  const { id, logIndex } = await withPlace(async ({ url, node }) => {
    if (!node) return ask<{ id: string; logIndex: number }>(url, '/api/statements', statement as object)
    const recorded = await appendStatement(node.register, statement)
    return { id: recorded.statement.id, logIndex: recorded.logIndex }
  })
  print(values.json, { id, logIndex }, [`Recorded as entry ${logIndex}.`])
  return 0
}

async function replay(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, {})
  const size = await withNode((node) => replayLog(node.register))
  print(values.json, { size }, [`Rebuilt every table from ${size} entries.`])
  return 0
}

async function checkpoint(args: string[]): Promise<ExitCode> {
  readArgs(args, {})
  const signed = await withPlace(async ({ url, node }) =>
    node ? formatCheckpoint(node.register.log.checkpoint()) : askText(url, '/log/checkpoint'),
  )
  process.stdout.write(signed)
  return 0
}

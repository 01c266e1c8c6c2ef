import { existsSync, readFileSync } from 'node:fs'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { ColophonError, dataPath, readConfig, safeFetch, type Config } from '../foundation/index.ts'
import { readOwner } from '../log/index.ts'
import type { Node } from '../main.ts'

/** The whole node, loaded only by the commands that need it: most of a start is reading it. */
export const loadMain = () => import('../main.ts')

/** 0 = done and sound, 1 = done and something is wrong with what was examined, 2 = wrong usage or unreadable input. */
export type ExitCode = 0 | 1 | 2

export interface Command {
  /** How it is called, one line per form. */
  forms: string[]
  does: string
  run(args: string[]): Promise<ExitCode>
}

export function usage(command: Command): string {
  return `${command.does}\n\n${command.forms.map((form) => `  colophon ${form}`).join('\n')}\n\nEvery form takes --json and --help. Exit codes: 0 done and sound, 1 something is wrong with what was examined, 2 wrong usage or unreadable input.`
}

/** Parses arguments; an unknown option is a `usage` error that names it. */
export function readArgs<Options extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options: { json: { type: 'boolean' }, ...options }, allowPositionals: true })
  } catch (error) {
    throw new ColophonError('usage', (error as Error).message, { remedy: 'Add --help to see how it is called.' })
  }
}

/** The form of a command that its first argument names, with the options and arguments after it. */
export function readVerb<Options extends NonNullable<ParseArgsConfig['options']>, Run>(
  command: string,
  verbs: Record<string, Run>,
  options: Options,
  args: string[],
) {
  const [verb = '', ...rest] = args
  const read = readArgs(rest, options)
  if (!Object.hasOwn(verbs, verb))
    throw new ColophonError('usage', `${command} takes one of: ${Object.keys(verbs).join(', ')}`)
  return { run: verbs[verb]!, ...read }
}

export function needOne(values: string[], what: string): string {
  const [only, ...more] = values
  if (only === undefined || more.length > 0) throw new ColophonError('usage', `give exactly one ${what}`)
  return only
}

/** One JSON line for programs, or lines for people. */
export function print(isJson: boolean | undefined, value: object, lines: string[]): void {
  process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`)
}

/** The node of this machine's data directory, opened for one command and closed after it. */
export async function withNode<Result>(run: (node: Node) => Promise<Result>): Promise<Result> {
  const node = await (await loadMain()).openNode(readConfig(process.env))
  try {
    return await run(node)
  } finally {
    await node.close()
  }
}

/**
 * The same for a command that needs the register, and of the log no more than to append and to prove: beside the process
 * that serves it, when one does.
 */
export async function withRegister<Result>(run: (node: Node) => Promise<Result>): Promise<Result> {
  const config = readConfig(process.env)
  const url = await servingUrl(config)
  if (url === undefined) return withNode(run)
  const { holderAt } = await import('./recording.ts')
  const node = (await loadMain()).openBeside(config, holderAt(url))
  try {
    return await run(node)
  } finally {
    await node.close()
  }
}

/**
 * The address of the process that serves this data directory, when there is one: it must answer with this log's key,
 * because a process id may long belong to somebody else.
 */
export async function servingUrl(config: Config): Promise<string | undefined> {
  const url = readOwner(dataPath(config, 'log'))?.url
  const vkeyPath = dataPath(config, 'log', 'vkey')
  if (!url || !existsSync(vkeyPath)) return undefined
  try {
    const { body } = await safeFetch(`${url}/log/vkey`, { allowPrivate: true, timeoutMs: 2000 })
    return new TextDecoder().decode(body) === readFileSync(vkeyPath, 'utf8') ? url : undefined
  } catch {
    return undefined
  }
}

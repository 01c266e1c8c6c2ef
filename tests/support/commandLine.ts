import assert from 'node:assert/strict'
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'

export interface Recorded {
  statement: string
  receipt: string
}

export interface CommandRun {
  status: number | null
  output: string
  errors: string
}

/** Runs commands in a folder, one after the other in one process that begins with the first. */
export function runCommandsIn(directory: string, env: NodeJS.ProcessEnv) {
  let server: ChildProcess | undefined
  let last: Promise<unknown> = Promise.resolve()
  const ask = (args: string[]) =>
    new Promise<CommandRun>((resolve, reject) => {
      server ??= fork(resolvePath('tests/support/commandServer.ts'), {
        cwd: directory,
        env,
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      const asked = server
      asked.once('exit', reject)
      asked.once('message', (answer) => {
        asked.off('exit', reject)
        resolve(answer as CommandRun)
      })
      asked.send(args)
    })
  const run = (...args: string[]): Promise<CommandRun> => {
    const answer = last.then(() => ask(args))
    last = answer.catch(() => {})
    return answer
  }
  return { run, end: () => server?.kill() }
}

/** The command line with a data directory and a folder of its own; `serve` runs something while a node holds them. */
export function openCommandLine() {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-commands-'))
  const env = { ...process.env, DATA_DIR: join(directory, 'data'), PORT: '0', PUBLIC_URL: 'http://localhost' }
  const flags = ['--disable-warning=ExperimentalWarning', resolvePath('src/cli/colophon.ts')]

  const commands = runCommandsIn(directory, env)
  const { run } = commands

  async function json<Answer>(...args: string[]): Promise<Answer> {
    const { status, output, errors } = await run(...args, '--json')
    assert.equal(status, 0, `${args.join(' ')}\n${output}${errors}`)
    return JSON.parse(output) as Answer
  }

  const vkey = () => readFileSync(join(directory, 'data', 'log', 'vkey'), 'utf8').trim()

  /** Declares a text as a work, and tells its id. */
  async function declareText(name: string, text: string, ...more: string[]): Promise<string> {
    writeFileSync(join(directory, `${name}.txt`), text)
    return (await json<{ work: string }>('declare', `${name}.txt`, ...more)).work
  }

  async function whileServing(work: () => Promise<void>): Promise<void> {
    const server: ChildProcess = spawn(process.execPath, [...flags, 'serve', '--empty'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await new Promise((ready) => server.stdout!.on('data', (text) => String(text).includes('ready') && ready(null)))
      await work()
    } finally {
      server.kill()
      await new Promise((done) => server.once('exit', done))
    }
  }

  const close = () => {
    commands.end()
    rmSync(directory, { recursive: true, force: true })
  }
  return { directory, run, json, vkey, declareText, whileServing, close }
}

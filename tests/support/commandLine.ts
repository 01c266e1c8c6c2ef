import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Recorded {
  statement: string
  receipt: string
}

/** The command line with a data directory and a folder of its own; `serve` runs something while a node holds them. */
export function openCommandLine() {
  const directory = mkdtempSync(join(tmpdir(), 'colophon-commands-'))
  const env = { ...process.env, DATA_DIR: join(directory, 'data'), PORT: '0', PUBLIC_URL: 'http://localhost' }
  const flags = ['--disable-warning=ExperimentalWarning', resolve('src/cli/colophon.ts')]

  async function run(...args: string[]): Promise<{ status: number | null; output: string; errors: string }> {
    const child = spawn(process.execPath, [...flags, ...args], { env, cwd: directory })
    const read = { output: '', errors: '' }
    child.stdout.on('data', (text) => (read.output += text))
    child.stderr.on('data', (text) => (read.errors += text))
    const status = await new Promise<number | null>((done) => child.once('close', done))
    return { status, ...read }
  }

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

  const close = () => rmSync(directory, { recursive: true, force: true })
  return { directory, run, json, vkey, declareText, whileServing, close }
}

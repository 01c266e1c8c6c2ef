import assert from 'node:assert/strict'
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { after } from 'node:test'

const require = createRequire(import.meta.url)
// The program itself, not the wrapper: the wrapper would choose fields and change their form.
const fromWrapper = createRequire(require.resolve('exiftool-vendored'))
const EXIFTOOL = join(dirname(fromWrapper.resolve('exiftool-vendored.pl/package.json')), 'bin', 'exiftool')

/**
 * It is started once for a test, for starting is most of what it does, and is asked one thing after the other. Files that
 * share a process share this module, so that it ends with the test that has started it.
 */
let started: ChildProcessByStdio<Writable, Readable, Readable> | undefined

function start() {
  const tool = spawn('perl', [EXIFTOOL, '-stay_open', 'True', '-@', '-'], { stdio: 'pipe' })
  tool.stdout.setEncoding('utf8')
  tool.stderr.setEncoding('utf8')
  after(() => {
    tool.kill()
    started = undefined
  })
  return tool
}

async function run(args: string[]): Promise<string> {
  started ??= start()
  const tool = started
  const said = { out: '', err: '' }
  const take = (name: keyof typeof said) => (text: string) => {
    said[name] += text
  }
  const [onOut, onErr] = [take('out'), take('err')]
  await new Promise<void>((resolve, reject) => {
    const look = () => said.out.endsWith('{ready}\n') && /\{status \d+\}\n$/.test(said.err) && resolve()
    tool.stdout.on('data', onOut).on('data', look)
    tool.stderr.on('data', onErr).on('data', look)
    tool.once('error', (cause) =>
      reject(new Error('ExifTool, the independent reader of these tests, needs perl: install it.', { cause })),
    )
    tool.once('exit', () => reject(new Error(`exiftool ${args.join(' ')}: it ended. ${said.err}`)))
    tool.stdin.write([...args, '-echo4', '{status ${status}}', '-execute', ''].join('\n'))
  })
  for (const stream of [tool.stdout, tool.stderr]) stream.removeAllListeners('data')
  tool.removeAllListeners('error').removeAllListeners('exit')
  const { out, err } = said
  assert.match(err, /\{status 0\}\n$/, `exiftool ${args.join(' ')}: ${err}`)
  return out.slice(0, -'{ready}\n'.length)
}

/** What ExifTool reads of a file: values as they are written, by group and name. */
export function readByExifTool(
  bytes: Uint8Array,
  extension: string,
  form = '-struct',
): Promise<Record<string, unknown>> {
  return withFile(bytes, extension, async (file) => {
    const [read] = JSON.parse(await run(['-json', form, '-G1', '-a', '-n', '-charset', 'utf8', file]))
    return read as Record<string, unknown>
  })
}

/** The file after ExifTool wrote into it. */
export function writeByExifTool(bytes: Uint8Array, extension: string, args: string[]): Promise<Uint8Array> {
  return withFile(bytes, extension, async (file) => {
    await run(['-overwrite_original', '-charset', 'utf8', ...args, file])
    return new Uint8Array(readFileSync(file))
  })
}

async function withFile<Result>(
  bytes: Uint8Array,
  extension: string,
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-exiftool-'))
  try {
    const file = join(folder, `file.${extension}`)
    writeFileSync(file, bytes)
    return await work(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

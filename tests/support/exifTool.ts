import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
// The program itself, not the wrapper: the wrapper would choose fields and change their form.
const fromWrapper = createRequire(require.resolve('exiftool-vendored'))
const EXIFTOOL = join(dirname(fromWrapper.resolve('exiftool-vendored.pl/package.json')), 'bin', 'exiftool')

function run(args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync('perl', [EXIFTOOL, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error)
    throw new Error('ExifTool, the independent reader of these tests, needs perl: install it.', { cause: error })
  if (status !== 0) throw new Error(`exiftool ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** What ExifTool reads of a file: values as they are written, by group and name. */
export function readByExifTool(bytes: Uint8Array, extension: string, form = '-struct'): Record<string, unknown> {
  return withFile(bytes, extension, (file) => {
    const [read] = JSON.parse(run(['-json', form, '-G1', '-a', '-n', '-charset', 'utf8', file]))
    return read as Record<string, unknown>
  })
}

/** The file after ExifTool wrote into it. */
export function writeByExifTool(bytes: Uint8Array, extension: string, args: string[]): Uint8Array {
  return withFile(bytes, extension, (file) => {
    run(['-overwrite_original', '-charset', 'utf8', ...args, file])
    return new Uint8Array(readFileSync(file))
  })
}

function withFile<Result>(bytes: Uint8Array, extension: string, work: (file: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-exiftool-'))
  try {
    const file = join(folder, `file.${extension}`)
    writeFileSync(file, bytes)
    return work(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

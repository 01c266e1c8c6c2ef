import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ColophonError, type Config } from '../foundation/index.ts'
import type { ImportFile, importFiles } from './importFiles.ts'

/**
 * A source is read in a process of its own, for so long at most; so many at a time, and one of each party. What is asked
 * for page by page takes longer, does little meanwhile, and keeps nobody else from reading.
 */
const BOUNDS = { source: { minutesMax: 10, atOnceMax: 2 }, pages: { minutesMax: 60, atOnceMax: 4 } } as const
const PAGE_BY_PAGE = ['site', 'iiif', 'oai']
/** Before its time is over it ends by itself, and what it found is kept. */
const MINUTES_TO_END = 5
const OUTPUT_CHARACTERS_MAX = 4000
const COMMAND = fileURLToPath(new URL('../cli/colophon.ts', import.meta.url))

/** Imports that are being read now, by their id. */
const reading = new Map<string, { party: string; kind: keyof typeof BOUNDS }>()
const kindOf = (format: string) => (PAGE_BY_PAGE.includes(format) ? 'pages' : 'source')

export function isReading(id: string): boolean {
  return reading.has(id)
}

/** Errors: `too_busy`. Asked before anything is written. */
export function needSlot(party: string, format: string): void {
  const all = [...reading.values()]
  const isOwn = all.some((each) => each.party === party)
  const alike = all.filter(({ kind }) => kind === kindOf(format))
  if (isOwn || alike.length >= BOUNDS[kindOf(format)].atOnceMax)
    throw new ColophonError(
      'too_busy',
      isOwn ? 'another source of yours is being read' : 'other sources are being read',
      {
        remedy: 'Try again in a minute.',
      },
    )
}

/** Begins to read; what comes of it lies in the folder of the import. Errors: `too_busy`. */
export function readImport(config: Config, files: ReturnType<typeof importFiles>, id: string, file: ImportFile): void {
  needSlot(file.party, file.format)
  const kind = kindOf(file.format)
  const folder = files.folder(file.party, id)
  for (const name of ['prepared.json', 'failure.json', 'outcomes.csv', 'state', 'state.lock', 'manifests'])
    rmSync(join(folder, name), { recursive: true, force: true })
  const database = config.databaseUrl === undefined ? {} : { DATABASE_URL: config.databaseUrl }
  const args = [...process.execArgv, COMMAND, 'declare', ...argumentsOf(folder, file, files.state(file))]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATA_DIR: config.dataDir, ...database },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: BOUNDS[kind].minutesMax * 60_000,
    killSignal: 'SIGKILL',
  })
  reading.set(id, { party: file.party, kind })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said = (said + String(text)).slice(-OUTPUT_CHARACTERS_MAX)))
  const end = (failure: string | undefined) => {
    reading.delete(id)
    if (failure === undefined || !existsSync(folder)) return
    try {
      writeFileSync(join(folder, 'failure.json'), JSON.stringify({ message: failure }))
    } catch {
      // A full disk: without the file the page says that it was interrupted.
    }
  }
  child.once('error', (error) => end(error.message))
  child.once('close', (status) => end(status === 0 ? undefined : failureOf(said, status)))
}

function argumentsOf(folder: string, file: ImportFile, state: string): string[] {
  const sent = join(folder, 'source')
  const { format, address, role, creator, map, party } = file
  return [
    `--${format}=${existsSync(sent) ? sent : address}`,
    `--prepare=${folder}`,
    `--party=${party}`,
    `--role=${role}`,
    `--state=${state}`,
    ...(creator ? [`--creator=${creator}`] : []),
    ...(map ? [`--map=${map}`] : []),
    ...(kindOf(format) === 'pages' ? [`--minutes-max=${BOUNDS.pages.minutesMax - MINUTES_TO_END}`] : []),
    '--json',
  ]
}

/** The last line of the command as what people read. */
function failureOf(said: string, status: number | null): string {
  if (status === null) return 'reading it took too long'
  const line = said.trim().split('\n').at(-1) ?? ''
  return line.replace(/^colophon declare: /, '') || 'the source could not be read'
}

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from '@hono/zod-openapi'
import { sourceFormats, tableFields, type PreparedSource } from '../collecting/index.ts'
import { ColophonError, dataPath, limits, sha256Hex, uuidV7 } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findCollection } from '../register/index.ts'
import { textSchema } from '../statements/index.ts'

/** A source is read in a process of its own, for so long at most, so many at a time. */
const TIMEOUT_MS = 10 * 60_000
const AT_ONCE_MAX = 2
const WAITING_OF_PARTY_MAX = 10
/** What nobody signs is thrown away. */
const KEPT_MS = 7 * 86_400_000
const OUTPUT_CHARACTERS_MAX = 4000

/** Sources on a server, by their address alone. */
const REMOTE_FORMATS: readonly string[] = ['oai', 'sitemap', 'orcid']
/** Files alone; IIIF may be either. */
const FILE_FORMATS: readonly string[] = ['csv', 'json-records', 'xml', 'cwr']

export const importSchema = z
  .object({
    format: z.enum(sourceFormats.filter((format) => format !== 'site')),
    address: z.string().trim().max(2000).optional(),
    role: z.enum(['creator', 'rightsholder', 'custodian']),
    creator: textSchema(200).optional(),
  })
  .refine(({ format, address }) => address === undefined || isPlace(format, address), {
    path: ['address'],
    message: 'give the address of the source (https://…; for ORCID the iD)',
  })
export type ImportInput = z.infer<typeof importSchema>

/** An address on the web, never a file of this machine. */
function isPlace(format: string, address: string): boolean {
  if (format === 'orcid' && /^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/.test(address)) return true
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
}

/** What stands in `import.json` of an import. */
interface ImportFile extends ImportInput {
  party: string
  /** What people call the source: the name of a file, or an address. */
  source: string
  /** Which column is what, where somebody has said so: fields by the numbers of columns. */
  map?: string
}

export interface Import extends ImportFile {
  id: string
  state: 'reading' | 'failed' | 'ready' | 'declared'
  prepared?: PreparedSource
  failure?: { message: string; remedy?: string }
}

const running = new Set<string>()

/**
 * Begins to read a source: a file that was sent, or an address. Errors: `too_busy`, `too_many_requests`, `invalid_input`.
 */
export async function startImport(
  node: Node,
  party: string,
  input: ImportInput,
  file: { name: string; bytes: Uint8Array } | undefined,
): Promise<string> {
  clearImports(node)
  const waiting = listImports(node).filter((each) => each.party === party)
  if (waiting.length >= WAITING_OF_PARTY_MAX)
    throw new ColophonError('too_many_requests', 'too many imports wait to be signed', {
      remedy: 'Sign or throw away one of them first.',
    })
  const { format, address } = input
  const isFile = file !== undefined && !REMOTE_FORMATS.includes(format)
  if (!isFile && (FILE_FORMATS.includes(format) || address === undefined))
    throw new ColophonError('invalid_input', 'choose a file, or give the address of the source', {
      where: FILE_FORMATS.includes(format) ? 'file' : 'address',
    })
  const id = uuidV7(node.register.effects)
  const folder = folderOf(node, id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (isFile) writeFileSync(join(folder, 'source'), file.bytes, { mode: 0o600 })
  const source = isFile ? file.name.slice(0, 200) : address!
  writeFile(node, id, { ...input, party, source })
  read(node, id)
  return id
}

/** Reads the source again, with columns as somebody has said. `fields` are by the number of a column, from 1 on. */
export function mapImport(node: Node, found: Import, fields: ReadonlyMap<number, string>): void {
  const known: readonly string[] = ['none', ...tableFields]
  const map = [...fields]
    .filter(([column, field]) => Number.isInteger(column) && known.includes(field))
    .map(([column, field]) => `${field}=#${column}`)
    .join(',')
  const { id, party, source, format, role, address, creator } = found
  writeFile(node, id, {
    party,
    source,
    format,
    role,
    map,
    ...(address ? { address } : {}),
    ...(creator ? { creator } : {}),
  })
  read(node, id)
}

/** An import as it stands. Errors: `not_found` for another party's, too. */
export async function needImport(node: Node, party: string, id: string): Promise<Import> {
  const found = /^[0-9a-f-]{36}$/.test(id) ? readImport(node, id) : undefined
  if (!found || found.party !== party) throw new ColophonError('not_found', 'there is no such import here')
  if (found.state !== 'ready' || !(await isDeclared(node, found))) return found
  // What was declared now is what the next import of this source is compared with.
  const state = stateOf(node, found)
  mkdirSync(dataPath(node.config, 'imports', 'states'), { recursive: true })
  if (existsSync(join(folderOf(node, id), 'state'))) renameSync(join(folderOf(node, id), 'state'), state)
  return { ...found, state: 'declared' }
}

async function isDeclared(node: Node, { prepared }: Import): Promise<boolean> {
  const [first] = prepared!.collections
  return first !== undefined && (await findCollection(node.register.database.db, first.id)) !== undefined
}

/** What became of each record, as CSV. */
export function outcomesOf(node: Node, { id }: Import): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(folderOf(node, id), 'outcomes.csv')))
}

/** Puts the manifests where the statement that names them is judged. */
export function placeManifests(node: Node, { id, prepared }: Import): void {
  for (const { manifest } of prepared!.collections)
    node.manifests.write(new Uint8Array(readFileSync(join(folderOf(node, id), 'manifests', manifest))))
}

export function dropImport(node: Node, { id }: Import): void {
  rmSync(folderOf(node, id), { recursive: true, force: true })
}

/** The imports of a party, newest first. */
export function importsOf(node: Node, party: string): Import[] {
  return listImports(node)
    .filter((each) => each.party === party)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}

function listImports(node: Node): Import[] {
  const folder = dataPath(node.config, 'imports')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((id) => (id === 'states' ? [] : (readImport(node, id) ?? [])))
}

function readImport(node: Node, id: string): Import | undefined {
  const folder = folderOf(node, id)
  if (!existsSync(join(folder, 'import.json'))) return undefined
  const file = JSON.parse(readFileSync(join(folder, 'import.json'), 'utf8')) as ImportFile
  const about = { ...file, id }
  if (running.has(id)) return { ...about, state: 'reading' }
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as never
  if (existsSync(join(folder, 'prepared.json'))) return { ...about, state: 'ready', prepared: read('prepared.json') }
  const failure = existsSync(join(folder, 'failure.json')) ? read('failure.json') : { message: 'it was interrupted' }
  return { ...about, state: 'failed', failure }
}

/** Imports that nobody has signed for a week go. */
function clearImports(node: Node): void {
  const folder = dataPath(node.config, 'imports')
  const before = node.register.effects.now() - KEPT_MS
  for (const { id } of listImports(node))
    if (!running.has(id) && statSync(join(folder, id)).mtimeMs < before) rmSync(join(folder, id), { recursive: true })
}

function read(node: Node, id: string): void {
  if (running.size >= AT_ONCE_MAX)
    throw new ColophonError('too_busy', 'other sources are being read', { remedy: 'Try again in a minute.' })
  running.add(id)
  const folder = folderOf(node, id)
  for (const name of ['prepared.json', 'failure.json', 'outcomes.csv', 'state', 'state.lock', 'manifests'])
    rmSync(join(folder, name), { recursive: true, force: true })
  const child = spawn(process.execPath, [...process.execArgv, COMMAND, 'declare', ...argsOf(node, id)], {
    env: { ...process.env, DATA_DIR: node.config.dataDir, ...databaseOf(node) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said = (said + String(text)).slice(-OUTPUT_CHARACTERS_MAX)))
  child.once('error', () => {})
  child.once('close', (status) => {
    running.delete(id)
    if (status !== 0) writeFileSync(join(folder, 'failure.json'), JSON.stringify(failureOf(said, status)))
  })
}

const COMMAND = fileURLToPath(new URL('../cli/colophon.ts', import.meta.url))

function argsOf(node: Node, id: string): string[] {
  const found = readImport(node, id)!
  const folder = folderOf(node, id)
  const where = existsSync(join(folder, 'source')) ? join(folder, 'source') : found.address!
  const { role, creator, map, party } = found
  return [
    `--${found.format}=${where}`,
    `--prepare=${folder}`,
    `--party=${party}`,
    `--role=${role}`,
    `--state=${stateOf(node, found)}`,
    ...(creator ? [`--creator=${creator}`] : []),
    ...(map ? [`--map=${map}`] : []),
    '--json',
  ]
}

function databaseOf({ config }: Node): { DATABASE_URL?: string } {
  return config.databaseUrl === undefined ? {} : { DATABASE_URL: config.databaseUrl }
}

/** The last line of the command as what people read. */
function failureOf(said: string, status: number | null): { message: string } {
  if (status === null) return { message: 'reading it took too long' }
  const line = said.trim().split('\n').at(-1) ?? ''
  return { message: line.replace(/^colophon declare: /, '') || 'the source could not be read' }
}

function stateOf(node: Node, { party, source, format }: ImportFile): string {
  return dataPath(node.config, 'imports', 'states', sha256Hex(Buffer.from(`${party}\n${format}\n${source}`)))
}

function folderOf(node: Node, id: string): string {
  return dataPath(node.config, 'imports', id)
}

function writeFile(node: Node, id: string, file: ImportFile): void {
  writeFileSync(join(folderOf(node, id), 'import.json'), JSON.stringify(file), { mode: 0o600 })
}

/** An import by its id alone, to be signed by its party. Errors: `not_found`, `state_not_allowed` while it is not ready. */
export function importToSign(node: Node, id: string): Import {
  const found = /^[0-9a-f-]{36}$/.test(id) ? readImport(node, id) : undefined
  if (!found) throw new ColophonError('not_found', 'there is no such import here', { where: 'import' })
  if (found.state !== 'ready')
    throw new ColophonError('state_not_allowed', 'this import is not ready to be signed', { where: 'import' })
  return found
}

/** The subjects that one signature declares of an import: its collections, and what is reserved in those that may be. */
export function importSubjects(
  { prepared }: Import,
  { title, terms }: { title: string; terms: object | undefined },
): { type: string }[] {
  const subjects = prepared!.collections.flatMap(({ mayBeReserved, ...collection }, i) => [
    { type: 'Collection', title: i === 0 ? title : `${title} (${i + 1})`, ...collection },
    ...(terms && mayBeReserved ? [{ type: 'Terms', target: { kind: 'set', id: collection.id }, ...terms }] : []),
  ])
  if (JSON.stringify(subjects).length > limits.statementBytesMax - 4000)
    throw new ColophonError('too_large', 'this is more than one signature can name', {
      remedy: 'Declare it on the command line, which signs it in parts: colophon declare --csv FILE --key KEY.pem',
    })
  return subjects
}

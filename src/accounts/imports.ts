import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sourceFormats, tableFields, type PreparedSource } from '../collecting/index.ts'
import { ColophonError, limits, sha256Hex, uuidV7 } from '../foundation/index.ts'
import type { Node } from '../main.ts'
import { findCollection } from '../register/index.ts'
import { textSchema } from '../statements/index.ts'
import { hashOfFile, importFiles, type ImportFile } from './importFiles.ts'
import { isReading, needSlot, readImport } from './importReader.ts'

const OF_PARTY_MAX = 10
const BYTES_OF_PARTY_MAX = 256 * 1024 * 1024
const ALL_MAX = 500
const ALL_BYTES_MAX = 4 * 1024 * 1024 * 1024
/** What nobody signs is thrown away. */
const KEPT_MS = 7 * 86_400_000

/** Sources on a server, by their address alone. */
const REMOTE_FORMATS: readonly string[] = ['oai', 'sitemap', 'site', 'orcid']
/** Files alone; IIIF may be either. */
const FILE_FORMATS: readonly string[] = ['csv', 'json-records', 'xml', 'cwr']

export const importSchema = z
  .object({
    format: z.enum(sourceFormats),
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
  return /^https?:\/\/[^\s\p{Cc}]+$/u.test(address) && URL.canParse(address)
}

export interface Import extends ImportFile {
  id: string
  state: 'reading' | 'failed' | 'ready' | 'declared'
  failure?: { message: string }
}

/** An import that was read, with what it would declare. */
export interface ReadImport extends Import {
  prepared?: PreparedSource
  /** SHA-256 of what was read: what is signed names it, so that nothing else is. */
  preparedHash?: string
}

/**
 * Begins to read a source: a file that was sent, or an address. Errors: `too_busy`, `too_many_requests`, `invalid_input`.
 */
export async function startImport(
  node: Node,
  party: string,
  input: ImportInput,
  file: { name: string; bytes: Uint8Array } | undefined,
): Promise<string> {
  const { format, address } = input
  const isFile = file !== undefined && !REMOTE_FORMATS.includes(format)
  if (!isFile && (FILE_FORMATS.includes(format) || address === undefined))
    throw new ColophonError('invalid_input', 'choose a file, or give the address of the source', {
      where: FILE_FORMATS.includes(format) ? 'file' : 'address',
    })
  needSlot(party, format)
  clearImports(node)
  const files = importFiles(node.config)
  const own = await importsOf(node, party)
  const bytes = own.reduce((sum, each) => sum + each.bytes, isFile ? file.bytes.length : 0)
  const all = files.total()
  if (own.length >= OF_PARTY_MAX || bytes > BYTES_OF_PARTY_MAX || all.count >= ALL_MAX || all.bytes > ALL_BYTES_MAX)
    throw new ColophonError('too_many_requests', 'too many imports wait to be signed', {
      remedy: 'Sign or throw away one of them first.',
    })
  const id = uuidV7(node.register.effects)
  const source = isFile ? file.name.slice(0, 200) : address!
  const about = { ...input, party, source, base: '', bytes: isFile ? file.bytes.length : 0, isDeclared: false }
  begin(node, id, about, isFile ? file.bytes : undefined)
  return id
}

/** Reads the source again, with columns as somebody has said. `fields` are by the number of a column, from 1 on. */
export function mapImport(node: Node, found: Import, fields: ReadonlyMap<number, string>): void {
  requireAtRest(found)
  if (found.isDeclared) throw new ColophonError('state_not_allowed', 'this import is declared already')
  needSlot(found.party, found.format)
  const known: readonly string[] = ['none', ...tableFields]
  const map = [...fields]
    .filter(([column, field]) => Number.isInteger(column) && known.includes(field))
    .map(([column, field]) => `${field}=#${column}`)
    .join(',')
  begin(node, found.id, { ...plainFile(found), map })
}

/** Only what stands in `import.json`. */
function plainFile({ party, format, role, address, creator, source, map, base, bytes, isDeclared }: ImportFile) {
  const optional = Object.fromEntries(
    Object.entries({ address, creator, map }).filter(([, value]) => value !== undefined),
  )
  return { party, format, role, source, base, bytes, isDeclared, ...optional } as ImportFile
}

function begin(node: Node, id: string, about: ImportFile, sent?: Uint8Array): void {
  const files = importFiles(node.config)
  const file = { ...about, base: hashOfFile(files.state(about)) }
  files.write(id, file)
  try {
    if (sent) writeFileSync(join(files.folder(file.party, id), 'source'), sent, { mode: 0o600 })
    readImport(node.config, files, id, file)
  } catch (error) {
    files.remove(file.party, id)
    throw error
  }
}

function requireAtRest({ id }: Import): void {
  if (isReading(id))
    throw new ColophonError('state_not_allowed', 'this source is being read', { remedy: 'Wait until it is done.' })
}

/** An import as it stands. Errors: `not_found` for another party's, too. */
export async function needImport(node: Node, party: string, id: string): Promise<ReadImport> {
  await settleImports(node, party)
  const found = /^[0-9a-f-]{36}$/.test(id) ? stateOf(node, party, id) : undefined
  if (!found) throw new ColophonError('not_found', 'there is no such import here', { where: id.slice(0, 40) })
  const read = importFiles(node.config).prepared(party, id)
  if (!read || found.state === 'reading') return found
  return { ...found, prepared: read.content, preparedHash: sha256Hex(Buffer.from(read.text)) }
}

/** The imports of a party, newest first. */
export async function importsOf(node: Node, party: string): Promise<Import[]> {
  await settleImports(node, party)
  return importFiles(node.config)
    .ids(party)
    .flatMap((id) => stateOf(node, party, id) ?? [])
    .sort((a, b) => (a.id < b.id ? 1 : -1))
}

function stateOf(node: Node, party: string, id: string): Import | undefined {
  const files = importFiles(node.config)
  const file = files.read(party, id)
  if (!file || file.party !== party) return undefined
  if (isReading(id)) return { ...file, id, state: 'reading' }
  if (file.isDeclared) return { ...file, id, state: 'declared' }
  if (existsSync(join(files.folder(party, id), 'prepared.json'))) return { ...file, id, state: 'ready' }
  return { ...file, id, state: 'failed', failure: files.failure(party, id) ?? { message: 'it was interrupted' } }
}

/**
 * Looks which imports stand on the log by now, and keeps what they declared for the next import of the same source. Whoever
 * asks for imports does this first, so that it does not depend on what page was opened.
 */
async function settleImports(node: Node, party: string): Promise<void> {
  const files = importFiles(node.config)
  for (const id of files.ids(party)) {
    const found = stateOf(node, party, id)
    if (found?.state !== 'ready') continue
    const [first] = files.prepared(party, id)?.content.collections ?? []
    if (!first || !(await findCollection(node.register.database.db, first.id))) continue
    const remembered = join(files.folder(party, id), 'state')
    if (existsSync(remembered)) {
      copyFileSync(remembered, `${files.state(found)}.new`)
      renameSync(`${files.state(found)}.new`, files.state(found))
    }
    files.write(id, { ...plainFile(found), isDeclared: true })
  }
}

/** What became of each record, as CSV. Errors: `not_found` while there is none. */
export function outcomesOf(node: Node, { party, id }: Import): Uint8Array<ArrayBuffer> {
  const path = join(importFiles(node.config).folder(party, id), 'outcomes.csv')
  if (isReading(id) || !existsSync(path)) throw new ColophonError('not_found', 'nothing was read yet', { where: id })
  return Uint8Array.from(readFileSync(path))
}

export function dropImport(node: Node, found: Import): void {
  requireAtRest(found)
  importFiles(node.config).remove(found.party, found.id)
}

/** Everything that lies here of a party's imports goes. */
export function eraseImports(node: Node, party: string): void {
  importFiles(node.config).removeAll(party)
}

/** Imports that nobody has touched for a week go. */
export function clearImports(node: Node): void {
  for (const { path } of importFiles(node.config).old(node.register.effects.now() - KEPT_MS))
    if (!isReading(path.split('/').at(-1)!)) rmSync(path, { recursive: true, force: true })
}

/**
 * The subjects that one signature declares of an import: its collections, and what is reserved in those that may be; their
 * manifests are put where the statement is judged. Errors: `state_not_allowed` when it is not what was looked at, or when
 * something of the source was declared since it was read; `too_large`.
 */
export async function importSubjects(
  node: Node,
  party: string,
  id: string,
  { title, terms, hash }: { title: string; terms: object | undefined; hash: string },
): Promise<{ type: string }[]> {
  const found = await needImport(node, party, id)
  const files = importFiles(node.config)
  if (found.state !== 'ready' || found.preparedHash !== hash)
    throw new ColophonError('state_not_allowed', 'this is not what was looked at', { remedy: 'Open the import again.' })
  if (hashOfFile(files.state(found)) !== found.base)
    throw new ColophonError('state_not_allowed', 'something of this source was declared since it was read', {
      remedy: 'Import it again: then only what is new is declared.',
    })
  const subjects = found.prepared!.collections.flatMap(({ mayBeReserved, ...collection }, i) => [
    { type: 'Collection', title: i === 0 ? title : `${title} (${i + 1})`, ...collection },
    ...(terms && mayBeReserved ? [{ type: 'Terms', target: { kind: 'set', id: collection.id }, ...terms }] : []),
  ])
  if (JSON.stringify(subjects).length > limits.statementBytesMax - 4000)
    throw new ColophonError('too_large', 'this is more than one signature can name', {
      remedy: 'Declare it on the command line, which signs it in parts: colophon declare --csv FILE --key KEY.pem',
    })
  for (const { manifest } of found.prepared!.collections)
    node.manifests.write(new Uint8Array(readFileSync(join(files.folder(party, id), 'manifests', manifest))))
  return subjects
}

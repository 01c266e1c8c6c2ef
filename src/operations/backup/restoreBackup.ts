import { createHash } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { ColophonError, migrate, openDatabase, sha256Hex, syncDirectory } from '../../foundation/index.ts'
import { directoryFiles, parseVkey, verifyLog } from '../../log/index.ts'
import { MANIFEST, compareWithManifest, parseManifest, type ManifestFile, type ManifestHead } from './manifest.ts'
import { exportTables, importTables, requireEmptyTables } from './tables.ts'
import { damaged, readTar } from './tar.ts'

export interface RestoredBackup extends ManifestHead {
  dataDir: string
  files: number
  manifestSha256: string
}

const MANIFEST_BYTES_MAX = 1024 ** 3
const PATH = /^(?!\.{1,2}(\/|$))[^\p{Cc}/\\]+(\/(?!\.{1,2}(\/|$))[^\p{Cc}/\\]+)*$/u

/**
 * Puts a backup into a directory that is empty or not there, and its tables into PostgreSQL when `databaseUrl` says so.
 * Everything is verified beside it first: each file against the list, and the log from its first entry on; a failure
 * leaves nothing. Errors: `unreadable_file` and `log_corrupt`, naming the file; `state_not_allowed`.
 */
export async function restoreBackup(
  archive: string,
  target: string,
  options: { databaseUrl?: string | undefined; manifestSha256?: string | undefined } = {},
): Promise<RestoredBackup> {
  const dataDir = resolve(target)
  requireEmpty(dataDir)
  if (!existsSync(archive)) throw new ColophonError('unreadable_file', 'there is no such file', { where: archive })
  const stage = `${dataDir}.restoring`
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true, mode: 0o700 })
  try {
    const { list, found } = await unpack(archive, stage)
    const manifestSha256 = sha256Hex(list)
    if (options.manifestSha256 !== undefined && options.manifestSha256 !== manifestSha256)
      throw damaged(`this is another backup: the SHA-256 of its list is ${manifestSha256}`, MANIFEST)
    const manifest = parseManifest(list)
    compareWithManifest(manifest, found)
    await verifySavedLog(stage, manifest.head)
    await placeDatabase(stage, manifest.head, options.databaseUrl)
    if (existsSync(dataDir)) rmdirSync(dataDir)
    renameSync(stage, dataDir)
    syncDirectory(dirname(dataDir))
    return { ...manifest.head, dataDir, files: found.size, manifestSha256 }
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function requireEmpty(dataDir: string): void {
  if (!existsSync(dataDir) || readdirSync(dataDir).length === 0) return
  throw new ColophonError('state_not_allowed', 'this directory is not empty', {
    where: dataDir,
    remedy: 'Restore into a new directory; nothing is ever written over.',
  })
}

async function unpack(archive: string, stage: string): Promise<{ list: Uint8Array; found: Map<string, ManifestFile> }> {
  const found = new Map<string, ManifestFile>()
  const compressed = createReadStream(archive)
  const stream = createZstdDecompress()
  // What goes wrong in either is told by the stream that is read.
  pipeline(compressed, stream).catch(() => {})
  let last = archive
  for await (const { path, size, bytes } of readTar(stream, archive)) {
    if (path === MANIFEST) {
      if (size > MANIFEST_BYTES_MAX) throw damaged('the list of files is too long', MANIFEST)
      const parts: Uint8Array[] = []
      for await (const part of bytes) parts.push(part)
      compressed.destroy()
      return { list: Buffer.concat(parts), found }
    }
    if (!PATH.test(path) || found.has(path)) throw damaged('a file has a name that no backup gives', path)
    const sha256 = await write(join(stage, path), bytes)
    found.set(path, { path, size, sha256 })
    last = path
  }
  throw damaged('the archive ends without its list of files', last)
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  const hashed = async function* () {
    for await (const chunk of bytes) {
      hash.update(chunk)
      yield chunk
    }
  }
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })
  try {
    await pipeline(hashed, file)
  } finally {
    // A file that is still being opened when what is read fails would come into a directory that is being removed.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()))
  }
  return hash.digest('hex')
}

async function verifySavedLog(stage: string, { logOrigin, logSize }: ManifestHead): Promise<void> {
  const files = directoryFiles(join(stage, 'log'))
  const log = parseVkey(readFileSync(join(stage, 'log/vkey'), 'utf8'))
  const verdict = await verifyLog((path) => files.read(path), { log })
  const bad = verdict.findings.find(({ severity }) => severity === 'bad')
  if (bad)
    throw new ColophonError('log_corrupt', `the log of this backup is not sound: ${bad.code}`, {
      where: `log/${bad.detail}`,
    })
  if (verdict.origin !== logOrigin || verdict.size !== logSize)
    throw damaged('the log is not the one that the list names', 'log/checkpoint')
}

/** The database as it was saved goes along as a file; where tables have to move between SQLite and PostgreSQL, they do. */
async function placeDatabase(stage: string, head: ManifestHead, databaseUrl: string | undefined): Promise<void> {
  const [sqlite, tables] = [join(stage, 'register.sqlite'), join(stage, 'tables.jsonl')]
  if (head.database === 'register.sqlite' && databaseUrl === undefined) return
  if (head.database === 'register.sqlite') {
    const saved = openDatabase({ file: sqlite })
    try {
      await exportTables(saved.db, saved.dialect, head.privateTables, tables)
    } finally {
      await saved.close()
    }
    rmSync(sqlite)
  }
  const database = openDatabase({ databaseUrl, file: sqlite })
  try {
    await migrate(database)
    await requireEmptyTables(database.db)
    await database.db.transaction().execute((queries) => importTables(queries, tables))
  } finally {
    await database.close()
  }
  rmSync(tables)
}

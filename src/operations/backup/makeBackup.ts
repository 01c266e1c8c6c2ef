import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { ColophonError, dataPath, isoTime, sha256Hex, syncDirectory } from '../../foundation/index.ts'
import { checkpointFiles, directoryFiles, parseCheckpoint, type LogSource } from '../../log/index.ts'
import type { Node } from '../../main.ts'
import { auditPath, verifyAuditLog } from '../auditLog.ts'
import { configText } from './configText.ts'
import { datasetFiles, plainFiles } from './dataFiles.ts'
import { MANIFEST, formatManifest, type Manifest, type ManifestHead } from './manifest.ts'
import { snapshotDatabase, type DatabaseSnapshot } from './snapshotDatabase.ts'
import { endOfTar, tarHeader, tarPadding } from './tar.ts'

export interface BackupOptions {
  /** With the private keys of the node: whoever has the archive can then speak for it. */
  withKeys: boolean
  withDatasets: boolean
}

export interface MadeBackup extends ManifestHead {
  path: string
  files: number
  /** Of the list of files: whoever keeps it elsewhere can tell that an archive is this one. */
  manifestSha256: string
}

/**
 * Saves everything that a node needs to go on elsewhere into one archive (tar, zstd), while the node serves or beside it.
 * Errors: `usage` when there is a file already, `dataset_locked`, `log_corrupt`.
 */
export async function makeBackup(node: Node, out: string, options: BackupOptions): Promise<MadeBackup> {
  const path = resolve(out)
  if (existsSync(path)) throw new ColophonError('usage', 'there is a file of this name already', { where: path })
  if (!existsSync(dirname(path))) throw new ColophonError('usage', 'there is no such folder', { where: dirname(path) })
  const [partial, saved] = [`${path}.tmp`, `${path}.database.tmp`]
  for (const left of [partial, saved]) rmSync(left, { force: true })
  try {
    const files = directoryFiles(dataPath(node.config, 'log'))
    const read: LogSource = (file) => files.read(file)
    const database = await snapshotDatabase(node, read, saved)
    const head = await headOf(node, database, options)
    const manifest: Manifest = { head, files: [] }
    const archive = archiveBytes(contents({ node, read, database, saved, options }), manifest)
    await pipeline(archive, compress(), createWriteStream(partial, { mode: 0o600, flush: true }))
    renameSync(partial, path)
    syncDirectory(dirname(path))
    return { ...head, path, files: manifest.files.length, manifestSha256: sha256Hex(formatManifest(manifest)) }
  } finally {
    for (const left of [partial, saved]) rmSync(left, { force: true })
  }
}

function compress() {
  return createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })
}

async function headOf(node: Node, database: DatabaseSnapshot, options: BackupOptions): Promise<ManifestHead> {
  const { origin, size } = parseCheckpoint(database.checkpoint)
  return {
    format: 'colophon-backup',
    version: 1,
    createdAt: isoTime(node.register.effects.now()),
    logOrigin: origin,
    logSize: size,
    database: database.database,
    privateTables: database.privateTables,
    hasKeys: options.withKeys,
    hasDatasets: options.withDatasets,
    auditHead: (await verifyAuditLog(auditPath(node.config))).head,
  }
}

/** A file of the archive: its bytes, or where they lie. */
type Content = { path: string; bytes: Uint8Array } | { path: string; source: string }

interface Plan {
  node: Node
  read: LogSource
  database: DatabaseSnapshot
  /** Where the snapshot of the database lies. */
  saved: string
  options: BackupOptions
}

/** The log first, then what lay on the disk before its entries did: manifests of collections, for example. */
async function* contents({ node, read, database, saved, options }: Plan): AsyncGenerator<Content> {
  const { dataDir } = node.config
  yield { path: 'log/checkpoint', bytes: Buffer.from(database.checkpoint) }
  yield { path: 'log/origin', bytes: readFileSync(join(dataDir, 'log/origin')) }
  yield { path: 'log/vkey', bytes: readFileSync(join(dataDir, 'log/vkey')) }
  for await (const { path, bytes } of checkpointFiles(read, parseCheckpoint(database.checkpoint).size))
    yield { path: `log/${path}`, bytes }
  yield { path: database.database, source: saved }
  for (const path of plainFiles(dataDir, options.withKeys)) yield { path, source: join(dataDir, path) }
  if (options.withDatasets) for await (const path of datasetFiles(dataDir)) yield { path, source: join(dataDir, path) }
  yield { path: 'colophon.env', bytes: Buffer.from(configText(node.config)) }
}

/** The archive as it is written; each file is put down in the manifest, which is the last. */
async function* archiveBytes(files: AsyncIterable<Content>, manifest: Manifest): AsyncGenerator<Uint8Array> {
  const mtimeSeconds = Math.floor(Date.parse(manifest.head.createdAt) / 1000)
  for await (const file of files) {
    const size = 'bytes' in file ? file.bytes.length : statSync(file.source).size
    yield tarHeader(file.path, size, 0o600, mtimeSeconds)
    const hash = createHash('sha256')
    let written = 0
    for await (const chunk of bytesOf(file, size)) {
      hash.update(chunk)
      written += chunk.length
      yield chunk
    }
    if (written !== size)
      throw new ColophonError('unreadable_file', 'a file became shorter while it was saved', {
        where: file.path,
        remedy: 'Make the backup again.',
      })
    yield tarPadding(size)
    manifest.files.push({ path: file.path, size, sha256: hash.digest('hex') })
  }
  const list = formatManifest(manifest)
  yield tarHeader(MANIFEST, list.length, 0o600, mtimeSeconds)
  yield list
  yield tarPadding(list.length)
  yield endOfTar
}

/** What a file has grown by since its header was written is left for the next backup. */
async function* bytesOf(file: Content, size: number): AsyncGenerator<Uint8Array> {
  if ('bytes' in file) yield file.bytes
  else if (size > 0) for await (const chunk of createReadStream(file.source, { end: size - 1 })) yield chunk as Buffer
}

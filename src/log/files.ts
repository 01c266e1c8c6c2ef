import { readFileSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file that only grows, except when a failed write is taken back. */
export interface AppendFile {
  write(bytes: Uint8Array, position: number): Promise<void>
  /** Resolves when everything written before is on the disk (`fdatasync`). */
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/**
 * The few things the log asks of a disk. The real one is below; tests put one in its place that tears, reorders and
 * loses whatever was not synchronised.
 */
export interface LogFiles {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Names in a directory, sorted; none when it does not exist. */
  list(path: string): Promise<string[]>
  /** Writes files so that each is old or new, whole, after a crash; resolves when all are on the disk. */
  writeAll(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void>
  create(path: string): Promise<AppendFile>
  remove(path: string): Promise<void>
}

/** A directory of the real file system. */
export function directoryFiles(root: string): LogFiles {
  return {
    // Tiles are small: four trips to the thread pool for each would cost more than reading it.
    read: async (path) => {
      try {
        return readFileSync(join(root, path))
      } catch (error) {
        return undefinedWhenMissing(error as NodeJS.ErrnoException)
      }
    },
    list: async (path) => ((await readdir(join(root, path)).catch(undefinedWhenMissing)) ?? []).sort(),
    writeAll: (files) => writeAll(root, files),
    create: (path) => createAppendFile(join(root, path)),
    remove: (path) => rm(join(root, path), { force: true, recursive: true }),
  }
}

async function writeAll(root: string, files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
  const directories = new Set(files.map(({ path }) => dirname(join(root, path))))
  await Promise.all([...directories].map((directory) => mkdir(directory, { recursive: true })))
  await Promise.all(files.map(({ path, bytes }) => writeTemporary(join(root, path), bytes)))
  for (const { path } of files) await rename(temporaryName(join(root, path)), join(root, path))
  await Promise.all([...withParents(root, directories)].map(syncDirectory))
}

async function writeTemporary(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(temporaryName(path), 'w')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function createAppendFile(path: string): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w')
  await syncDirectory(dirname(path))
  return {
    write: (bytes, position) => writeFully(file, bytes, position),
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset, position + offset)
    offset += bytesWritten
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** A new directory's own name must survive too, so its parents are synchronised with it. */
function withParents(root: string, directories: Set<string>): Set<string> {
  const all = new Set<string>()
  for (const directory of directories) {
    for (let path = directory; path.length >= root.length; path = dirname(path)) all.add(path)
  }
  return all
}

function temporaryName(path: string): string {
  return `${path}.tmp`
}

function undefinedWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
